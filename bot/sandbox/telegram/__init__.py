"""Simulator of Telegram's Bot API: users, chats, updates, and the errors of the real server."""
