"""Tries every order in which actors can take turns in a scene, within a bound, and many more at random."""
