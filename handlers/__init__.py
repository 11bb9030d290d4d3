"""The Telegram side: a handler parses an update, calls one service and shows one screen."""

import os

# Waiting times of Telegram's answers as timedelta, as the library's next version gives them; without
# this it warns at each 429.
os.environ.setdefault("PTB_TIMEDELTA", "1")
