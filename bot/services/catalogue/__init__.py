"""The catalogue: keeping it fresh, browsing it, typed values, links between suppliers."""
