"""Runs pytest, and what failed once more, alone: python -m tests.again ARGUMENT ... (decision 107).

A test that waits for processes on a busy machine can fail by its own impatience. Few failures, and none of a campaign,
are tried a second time, one after the other; what passes then is named at the end. All else fails as with pytest.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Final

# More is no accident.
_MOST: Final = 3
# They look for what happens rarely: one failure of a thousand is their finding.
_CAMPAIGNS: Final = ("crash", "explore", "failover", "fuzz", "outsiders", "soak")
_SOME_FAILED: Final = 1  # of pytest: tests were run, and some failed


def may_be_tried_again(failed: Collection[str]) -> bool:
    """`failed`: node ids."""
    found = any(name.startswith(tuple(f"tests/{each}/" for each in _CAMPAIGNS)) for name in failed)
    return 0 < len(failed) <= _MOST and not found


def run(arguments: list[str]) -> int:
    """Returns pytest's exit status, of the second try where there was one."""
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "pytest", *arguments, "-o", f"cache_dir={cache}"]
        status = subprocess.run(command, check=False).returncode
        failed = _failed_in(cache)
        if status != _SOME_FAILED or not may_be_tried_again(failed):
            return status
        once_more = ["-n", "0", "--last-failed", "--last-failed-no-failures", "none"]
        status = subprocess.run([*command, *once_more], check=False).returncode
        twice = _failed_in(cache)
    for name in sorted(failed):
        said = "failed twice" if name in twice else "passed only when it was run again, alone"
        print(f"{said}: {name}", flush=True)
    return status


def _failed_in(cache: str) -> set[str]:
    """The node ids that failed when they last ran."""
    record = Path(cache, "v", "cache", "lastfailed")
    return set(json.loads(record.read_text())) if record.exists() else set()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
