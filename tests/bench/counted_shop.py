"""`hanout run` as a process that counts its own database statements: SIGUSR1 has it print them and its CPU time."""

import json
import os
import signal
import sys
from typing import Any

import sqlalchemy as sa

from bot.cli import main

_statements = 0


def _count(*_event: Any) -> None:
    global _statements  # noqa: PLW0603 - one counter of one process
    _statements += 1


def _report(*_signal: Any) -> None:
    used = os.times()
    print(json.dumps({"statements": _statements, "cpu": used.user + used.system}), flush=True)


if __name__ == "__main__":
    sa.event.listen(sa.Engine, "before_cursor_execute", _count)
    signal.signal(signal.SIGUSR1, _report)
    sys.argv = ["hanout", "run"]
    main()
