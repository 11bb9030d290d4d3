"""Code that the type checker has to refuse, or to accept; never run."""
