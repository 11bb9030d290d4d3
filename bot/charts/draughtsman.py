"""Has charts drawn by `python -m bot.charts` in a short process."""

import importlib.util
import logging
from typing import Final

from bot.domain.charts import Chart, to_plain
from bot.errors import NoPicture
from bot.short_processes import ShortProcesses, ShortProcessFailure

SECONDS: Final = 10.0
MEBIBYTES: Final = 256
EXTRA: Final = "charts"  # of pyproject.toml: pip install 'hanout[charts]'
_RENDERER: Final = "resvg_py"
_log = logging.getLogger(__name__)


def is_installed() -> bool:
    """Whether the extra `charts` is."""
    return importlib.util.find_spec(_RENDERER) is not None


class ShortDraughtsman:
    """Implements `bot.ports.Draughtsman`."""

    def __init__(self, processes: ShortProcesses) -> None:
        self._processes = processes

    @property
    def is_there(self) -> bool:
        return is_installed()

    async def draw(self, chart: Chart) -> bytes:
        if not self.is_there:
            raise NoPicture(f"the extra {EXTRA} is not installed")
        try:
            return await self._processes.run(
                "bot.charts", to_plain(chart), seconds=SECONDS, mebibytes=MEBIBYTES
            )
        except ShortProcessFailure as failure:
            _log.warning("no picture is drawn: %s", failure)
            raise NoPicture(str(failure)) from None
