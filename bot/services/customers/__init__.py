"""One customer as operators see them: finding them, their page, bans and notes."""
