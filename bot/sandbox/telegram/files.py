"""Files and pictures that messages carry."""

import hashlib
import mimetypes
import struct
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.rules import bad

_SIDES = 10_000  # width and height of a photo, together


@dataclass
class StoredFile:
    content: bytes = field(repr=False)
    name: str = ""
    media_type: str = "application/octet-stream"


class FileStore(dict[str, StoredFile]):
    """Files by their id; what a message says of one is returned when it is kept."""

    def document(self, content: bytes, name: str) -> dict[str, Any]:
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        kept = self._keep(StoredFile(content, name, media_type))
        return {**kept, "file_name": name, "mime_type": media_type}

    def photo(self, content: bytes) -> list[dict[str, Any]]:
        """The picture in its one size. Raises ApiError for what is no picture."""
        media_type, width, height = picture_size(content)
        kept = self._keep(StoredFile(content, "", media_type))
        return [{**kept, "width": width, "height": height}]

    def _keep(self, stored: StoredFile) -> dict[str, Any]:
        file_id = f"file-{len(self) + 1}"
        self[file_id] = stored
        return {
            "file_id": file_id,
            "file_unique_id": hashlib.blake2b(stored.content, digest_size=8).hexdigest(),
            "file_size": len(stored.content),
        }


def picture_size(content: bytes) -> tuple[str, int, int]:
    """Media type, width and height of a PNG or JPEG. Raises ApiError for anything else."""
    size = None
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        size = ("image/png", *struct.unpack(">II", content[16:24].ljust(8, b"\0")))
    elif content.startswith(b"\xff\xd8"):
        size = _jpeg_size(content)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    if not (size[1] and size[2] and size[1] + size[2] <= _SIDES):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return size


def _jpeg_size(content: bytes) -> tuple[str, int, int] | None:
    """From the start-of-frame segment (ITU T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker in range(0xC0, 0xD0) and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return "image/jpeg", width, height
        at += 2 + length
    return None
