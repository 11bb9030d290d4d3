"""Logging: removes known secrets, and anything that looks like a code, from every record."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.log_fields import present_fields

_HIDDEN = "[hidden]"
_SECRET_PATTERNS = re.compile(
    r"\d{5,}:[A-Za-z0-9_-]{30,}"  # a bot token
    r"|\b[A-Z0-9]{4,}(?:-[A-Z0-9]{4,}){2,}\b"  # a code in groups of letters and digits
    r"|\bSANDBOX-(?:CARD-)?\w+"
)
_MIN_SECRET_LENGTH = 6


class Redactor:
    """Replaces the given secrets, and whatever looks like a token or a code, by `[hidden]`."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted(
            (s for s in secrets if len(s) >= _MIN_SECRET_LENGTH), key=len, reverse=True
        )

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _SECRET_PATTERNS.sub(_HIDDEN, text)


class RedactedFormatter(logging.Formatter):
    """Formats a whole record with its traceback, as text or as one JSON object, and redacts it.

    Both name the update, order and supplier that the present task is about (`bot.log_fields`).
    """

    def __init__(self, redact: Redactor, *, as_json: bool) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s%(fields)s")
        self._redact = redact
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        fields = present_fields()
        if not self._as_json:
            shown = " ".join(f"{name}={value}" for name, value in fields.items())
            record.fields = f" [{shown}]" if shown else ""
            return self._redact(super().format(record))
        line: dict[str, str | int] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redact(record.getMessage()),
        }
        for name, value in fields.items():
            line[name] = self._redact(value) if isinstance(value, str) else value
        if record.exc_info:
            line["traceback"] = self._redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def keep_pattern_only(record: logging.LogRecord) -> bool:
    """Of records of the Telegram library, keep only the message pattern and the type of the error.

    That library logs whole responses that it cannot parse, and those may contain codes.
    """
    if record.name.partition(".")[0] == "telegram":
        error = record.exc_info[0] if record.exc_info else None
        record.msg = f"{record.msg} ({error.__name__})" if error else str(record.msg)
        record.args, record.exc_info = (), None
    return True


def set_up_logging(level: str, *, as_json: bool, secrets: Iterable[str]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactedFormatter(Redactor(secrets), as_json=as_json))
    handler.addFilter(keep_pattern_only)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # httpx logs whole URLs, and those of the Bot API contain the bot token.
    for name in ("httpx", "httpcore", "apscheduler", "telegram", "aiosqlite", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
