"""A whole shop in memory, and who goes on in it decided by a scheduler; one `judge` looks at every end."""
