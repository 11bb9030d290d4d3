"""The files and pictures in messages."""

import hashlib
import mimetypes
import re
import struct
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.rules import bad

_MAX_WIDTH_AND_HEIGHT = 10_000  # the sum of both, for a photo
_ID = re.compile(r"file-\d+-\d+")


@dataclass
class StoredFile:
    content: bytes = field(repr=False)
    name: str = ""
    media_type: str = "application/octet-stream"
    is_photo: bool = False


class FileStore(dict[str, StoredFile]):
    """Files of one bot by id; storing one returns the JSON that a message contains about it."""

    def __init__(self, bot: int = 0) -> None:
        super().__init__()
        self._bot = bot

    def sent_by_id(self, file_id: str) -> StoredFile:
        """Raises ApiError for an id of another bot, and for what is no id at all (server sheet 1.5, 14.4)."""
        known = self.get(file_id)
        if known is not None:
            return known
        if _ID.fullmatch(file_id):
            raise bad("wrong file identifier/HTTP URL specified")
        raise bad("wrong remote file identifier specified: Wrong string length")

    def document(self, content: bytes, name: str) -> dict[str, Any]:
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        stored = self._store(StoredFile(content, name, media_type))
        return {**stored, "file_name": name, "mime_type": media_type}

    def photo(self, content: bytes) -> list[dict[str, Any]]:
        """Store a picture in its original size. Raises ApiError for any other content."""
        media_type, width, height = picture_size(content)
        stored = self._store(StoredFile(content, "", media_type, is_photo=True))
        return [{**stored, "width": width, "height": height}]

    def _store(self, file: StoredFile) -> dict[str, Any]:
        file_id = f"file-{len(self) + 1}-{self._bot}"
        self[file_id] = file
        return {
            "file_id": file_id,
            "file_unique_id": hashlib.blake2b(file.content, digest_size=8).hexdigest(),
            "file_size": len(file.content),
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
    if not (size[1] and size[2] and size[1] + size[2] <= _MAX_WIDTH_AND_HEIGHT):
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
