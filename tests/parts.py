"""Runs a part of `make test` or `make prove`, and prints how long each part took.

python tests/parts.py NAME COMMAND [ARGUMENT ...]   runs the command; exits with its status
python tests/parts.py                               prints the parts since it was last called so
"""

import subprocess
import sys
import time
from pathlib import Path

_RECORD = Path(sys.prefix) / "parts.txt"  # in the virtual environment, which is ignored by git


def run(name: str, command: list[str]) -> int:
    began = time.monotonic()
    status = subprocess.run(command, check=False).returncode
    seconds = time.monotonic() - began
    line = f"{seconds:6.0f} s  {name}" + (f"  (failed, status {status})" if status else "")
    print(f"\n{line.strip()}\n", flush=True)
    with _RECORD.open("a") as record:
        record.write(f"{began} {began + seconds} {line}\n")
    return status


def report() -> None:
    """Parts that ran at the same time count once in the sum: from the first beginning to the last end."""
    recorded = _RECORD.read_text().splitlines() if _RECORD.exists() else []
    _RECORD.unlink(missing_ok=True)
    parts = [line.split(" ", 2) for line in recorded]
    total = max(float(end) for _, end, _ in parts) - min(float(began) for began, _, _ in parts)
    print("\n".join([*(line for _, _, line in parts), f"{total:6.0f} s  in all"]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(run(sys.argv[1], sys.argv[2:]))
    report()
