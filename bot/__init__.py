"""Hanout: a Telegram corner shop for gift-card codes."""

__version__ = "0.1.0"
