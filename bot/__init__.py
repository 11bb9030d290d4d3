"""Hanout: a Telegram corner shop for gift-card codes."""
