"""Settings that are files in a folder, as Docker and Kubernetes mount secrets: a file for each, named after it."""

from collections.abc import Container
from pathlib import Path


def names_of_files(folder: Path) -> list[str]:
    """The names of the files in it; none where it cannot be read."""
    try:
        return [path.name for path in folder.iterdir() if path.is_file()]
    except OSError:
        return []


def read_secret_files(folder: Path, names: Container[str]) -> dict[str, str]:
    """The text of each file that is called like one of these settings, in lower or upper case.

    Other files are left alone: the folder may hold secrets of other programs. Raises ValueError, without a value.
    """
    found: dict[str, str] = {}
    try:
        for path in sorted(folder.iterdir()):
            name = path.name.lower()
            if name in names and path.is_file():
                found[name] = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        place = error.filename or folder
        raise ValueError(f"SECRETS_FOLDER: {place} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"SECRETS_FOLDER: {name} is no text") from None
    return found
