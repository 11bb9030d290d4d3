"""Which processes of the shop are measured by coverage: those that tests marked `measured` start.

SQLAlchemy's asynchronous layer switches greenlets, and coverage that follows them takes as much CPU time again. So only
those tests are measured that reach what no other test reaches: the start and the end of the process, the commands,
the sweeps on the scheduler, the polling.
"""

import os
from functools import cache
from pathlib import Path

import coverage

_SETTINGS = Path(__file__).parents[2] / "pyproject.toml"
_DATA_FILE = "MEASURED_PROCESSES"  # where their data go, set by the Makefile; without it, nothing is measured


def measuring(*, wanted: bool) -> dict[str, str]:
    """What the environment of a process needs so that coverage measures it, or leaves it alone."""
    data_file = os.environ.get(_DATA_FILE, "")
    return {"COVERAGE_PROCESS_CONFIG": _configured(data_file) if wanted and data_file else ""}


@cache
def _configured(data_file: str) -> str:
    return coverage.Coverage(config_file=str(_SETTINGS), data_file=data_file).config.serialize()
