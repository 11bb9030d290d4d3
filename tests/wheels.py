"""`make wheels`: does every locked package have a wheel for each Python and machine that the shop names?"""

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
LOCK: Final = "requirements-postgres.lock"  # what the container installs: all that a shop can need
MACHINES: Final = {"x86-64": "x86_64", "aarch64": "aarch64"}
GLIBC: Final = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
_CLASSIFIER: Final = "Programming Language :: Python :: "


def declared() -> list[str]:
    """The versions of Python that pyproject.toml names, such as 3.11."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [it.removeprefix(_CLASSIFIER) for it in project["classifiers"] if _CLASSIFIER in it]


def locked(text: str) -> Iterator[str]:
    """Each package for Linux of a lock with its version, marker and hashes, on one line."""
    for line in re.findall(r"^[a-z0-9._-]+==.*$", text.replace("\\\n", ""), re.MULTILINE):
        if "sys_platform == 'win32'" not in line:
            yield line


def pip_options(python: str, machine: str) -> list[str]:
    """What has pip look for wheels of another Python and machine, and for nothing else."""
    platforms = [f"--platform={glibc}_{MACHINES[machine]}" for glibc in GLIBC]
    return ["--only-binary=:all:", "--no-deps", f"--python-version={python}", *platforms]


def missing(packages: list[str], are_there: Callable[[list[str]], bool]) -> list[str]:
    """The packages without a wheel; pip stops at the first, so each is asked for if all fail."""
    if are_there(packages):
        return []
    return [it.split()[0] for it in packages if not are_there([it])]


def are_at_hand(python: str, machine: str, packages: list[str]) -> bool:
    """Whether pip finds a wheel with the locked hash for each of these packages."""
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "lock.txt"
        lock.write_text("\n".join(packages))
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes"]
        command += [*pip_options(python, machine), f"--dest={folder}", f"--requirement={lock}"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main() -> int:
    packages = list(locked((ROOT / LOCK).read_text()))
    failed = False
    for python in declared():
        for machine in MACHINES:
            lacking = missing(packages, partial(are_at_hand, python, machine))
            failed |= bool(lacking)
            there = f"{len(packages) - len(lacking)} of {len(packages)}"
            print(f"Python {python}, {machine}: {there} wheels", *lacking, flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
