"""Who is in the scenes."""

LINA = 1
