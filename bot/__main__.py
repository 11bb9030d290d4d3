"""`python -m bot` is `hanout`."""

from bot.cli import main

main()
