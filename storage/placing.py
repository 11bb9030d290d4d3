"""Puts a finished SQLite database where a shop looks for it.

A log that lies there belongs to another database. SQLite would write it into the new one.
"""

import os
from datetime import datetime
from pathlib import Path

from storage.snapshot import BESIDE, check_sqlite


def put_aside(path: Path, name: str, at: datetime) -> list[Path]:
    """Rename a database that is there, and whatever one has left beside this path; returns the new names."""
    aside = path.with_name(f"{path.name}.{name}-{at:%Y%m%d-%H%M%S}")
    moved = []
    # The file first: without its log it would be opened, and had forgotten its last commits.
    for end in ("", *BESIDE):
        part = path.with_name(path.name + end)
        if part.exists():
            moved.append(part.rename(aside.with_name(aside.name + end)))
    return moved


def put_in_place(new: Path, path: Path) -> None:
    """Rename a database that has no log of its own to `path`, where none lies. Raises StorageFailure, OSError."""
    new.rename(path)
    sync(path.parent)
    check_sqlite(path)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
