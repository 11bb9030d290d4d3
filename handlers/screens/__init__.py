"""Every screen of the shop, by family: functions from data to text and keyboard."""
