"""All screens of the shop, by subject: functions from data to text and buttons, without I/O."""
