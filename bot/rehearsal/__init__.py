"""`hanout rehearse`: plays with a test shop what only live services can tell, and reports what it saw."""
