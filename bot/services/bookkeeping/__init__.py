"""The books of a month, for the bookkeeper."""
