"""Hanout: a Telegram corner shop for gift-card codes."""

import sys

# httpx loads the program of its command line where click is installed, and with it rich and pygments: 6 MiB that nobody
# here uses. It allows for its absence, so it is told that there is none.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
