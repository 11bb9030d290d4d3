"""Has the workbook of a month written by `python -m bot.bookkeeping` in a short process."""

import asyncio
import json
import logging
import tempfile
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.books import Month
from bot.errors import ExportFailure, NotTied
from bot.short_processes import ShortProcesses, ShortProcessFailure

SECONDS: Final = 300.0
MEBIBYTES: Final = 768  # of addresses, most of which threads only reserve
MOST_BYTES: Final = 45_000_000  # a bot may send 50 MB (core.telegram.org/bots/api#senddocument)
# How the shop reaches PostgreSQL, where DATABASE_URL does not say it: PGPASSWORD, PGPASSFILE, PGSSLMODE and others.
_OF_POSTGRESQL: Final = "PG"
_log = logging.getLogger(__name__)


class ShortExporter:
    """Implements `bot.ports.Exporter`."""

    def __init__(self, processes: ShortProcesses, database_url: str, zone: ZoneInfo) -> None:
        self._processes = processes
        self._database_url = database_url
        self._zone = zone

    async def workbook(self, month: Month) -> bytes:
        try:
            # For this user alone (0700), and gone with its file before anything is sent.
            with tempfile.TemporaryDirectory(prefix="hanout-") as folder:
                path = Path(folder) / f"hanout-{month}.xlsx"
                given = {
                    "database_url": self._database_url,
                    "month": month.number,
                    "zone": self._zone.key,
                    "path": str(path),
                }
                printed = await self._processes.run(
                    "bot.bookkeeping",
                    given,
                    seconds=SECONDS,
                    mebibytes=MEBIBYTES,
                    kept=_OF_POSTGRESQL,
                )
                if differences := json.loads(printed)["differences"]:
                    _log.error("the books of %s do not tie: %s", month, "; ".join(differences))
                    raise NotTied(tuple(differences))
                if (size := path.stat().st_size) > MOST_BYTES:
                    raise ExportFailure(f"{size} bytes are too many for Telegram")
                return await asyncio.to_thread(path.read_bytes)
        except (ShortProcessFailure, OSError) as failure:
            _log.warning("the file of %s is not made: %s", month, failure)
            raise ExportFailure(str(failure)) from None
