"""The queries, in one repository for each kind of rows."""
