"""Files of a month for the bookkeeper: a workbook, CSV, and plain-text accounting."""
