"""A stand-in for Telegram's Bot API: users, chats, updates, and the refusals of the real server."""
