"""`hanout`, which is also `python -m bot`: imports all else so that Ctrl-C in between shows no traceback."""

import os
import signal
from typing import Final

_INTERRUPTED: Final = 130  # what a shell calls a command that Ctrl-C ended


def main() -> None:
    interrupt = signal.getsignal(signal.SIGINT)
    if interrupt is signal.default_int_handler:
        # Nothing is open yet; an exception would show where in the imports it came.
        signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    from bot.cli import main as run

    signal.signal(signal.SIGINT, interrupt)
    run()


if __name__ == "__main__":
    main()
