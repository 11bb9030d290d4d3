"""`hanout run` as a process that counts its own database statements; it prints them and its CPU time at the end."""

import json
import os
import sys
from typing import Any

import sqlalchemy as sa

from bot.cli import main

_statements = 0


def _count(*_event: Any) -> None:
    global _statements  # noqa: PLW0603 - one counter of one process
    _statements += 1


if __name__ == "__main__":
    sa.event.listen(sa.Engine, "before_cursor_execute", _count)
    sys.argv = ["hanout", "run"]
    try:
        main()
    finally:
        used = os.times()
        print(json.dumps({"statements": _statements, "cpu": used.user + used.system}), flush=True)
