"""Whether anything may be sold from a supplier: its key, its balance, and pauses."""
