"""Settings that are files in a folder, as Docker and Kubernetes mount secrets: a file for each, named after it."""

from collections.abc import Container
from pathlib import Path
from typing import Final

_MOST_BYTES: Final = 65_536  # many keys; a device such as /dev/zero never ends


def names_of_files(folder: Path) -> list[str]:
    """The names of the files in it; none where it cannot be read."""
    try:
        return [path.name for path in folder.iterdir() if path.is_file()]
    except OSError:
        return []


def read_secret(path: Path) -> str:
    """The text of a file that holds a secret, without a byte order mark and blanks around it.

    Raises OSError, and ValueError without a value (UnicodeDecodeError where it is no text).
    """
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError("the file is larger than any secret")
    return data.decode("utf-8-sig").strip()


def read_secret_files(folder: Path, names: Container[str]) -> dict[str, str]:
    """The text of each file that is called like one of these settings, in lower or upper case.

    Other files are left alone: the folder may hold secrets of other programs. Raises ValueError, without a value.
    """
    found: dict[str, str] = {}
    try:
        for path in sorted(folder.iterdir()):
            name = path.name.lower()
            if name in names and path.is_file():
                found[name] = read_secret(path)
    except OSError as error:
        place = error.filename or folder
        raise ValueError(f"SECRETS_FOLDER: {place} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"SECRETS_FOLDER: {name} is no text") from None
    except ValueError as error:
        raise ValueError(f"SECRETS_FOLDER: {name}: {error}") from None
    return found
