"""The Telegram side: a handler parses an update, calls one service and shows one screen."""
