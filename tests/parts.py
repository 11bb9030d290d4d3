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
        record.write(f"{line}\n")
    return status


def report() -> None:
    lines = _RECORD.read_text().splitlines() if _RECORD.exists() else []
    _RECORD.unlink(missing_ok=True)
    total = sum(int(line.split()[0]) for line in lines)
    print("\n".join([*lines, f"{total:6} s  in all"]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(run(sys.argv[1], sys.argv[2:]))
    report()
