"""Logging without secrets: whatever is written is searched for tokens, keys and codes first."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

_HIDDEN = "[hidden]"
_SHAPES = re.compile(
    r"\d{5,}:[A-Za-z0-9_-]{30,}"  # a bot token
    r"|\b[A-Z0-9]{4,}(?:-[A-Z0-9]{4,}){2,}\b"  # a code in groups
    r"|\bSANDBOX-(?:CARD-)?\w+"
)
_SHORTEST_SECRET = 6


class Redactor:
    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted(
            (s for s in secrets if len(s) >= _SHORTEST_SECRET), key=len, reverse=True
        )

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _SHAPES.sub(_HIDDEN, text)


class RedactedFormatter(logging.Formatter):
    """Formats a whole record, traceback included, and hides what must not be read."""

    def __init__(self, redact: Redactor, *, as_json: bool) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._redact = redact
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        if not self._as_json:
            return self._redact(super().format(record))
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redact(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = self._redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def discreet(record: logging.LogRecord) -> bool:
    """The Telegram library logs whole answers that it cannot read, and codes may stand in those.

    Of its words only the pattern is kept, and the kind of error.
    """
    if record.name.partition(".")[0] == "telegram":
        error = record.exc_info[0] if record.exc_info else None
        record.msg = f"{record.msg} ({error.__name__})" if error else str(record.msg)
        record.args, record.exc_info = (), None
    return True


def set_up_logging(level: str, *, as_json: bool, secrets: Iterable[str]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactedFormatter(Redactor(secrets), as_json=as_json))
    handler.addFilter(discreet)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # httpx logs whole URLs, and Telegram's hold the bot token.
    for name in ("httpx", "httpcore", "apscheduler", "telegram", "aiosqlite", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
