"""`make bench`: figures of one run, as ratios where two things are compared."""
