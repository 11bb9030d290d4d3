"""One adapter for each supplier API; each translates its supplier's words into the domain's."""
