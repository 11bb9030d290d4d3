"""Words of operators to many people: writing them, sending them, and who wants none."""
