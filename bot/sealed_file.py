"""Files that only the keys open: AES-256-GCM in chunks, so that a large one never lies in memory whole.

Layout: magic, a line of JSON (key id, salt, kind), then chunks, each its length in four bytes and its
ciphertext. Each chunk is bound to the header, to its place and to whether it is the last: none can be altered,
moved, dropped or appended unnoticed.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import ArchiveFailure

_MAGIC: Final = b"HANOUT BACKUP 1\n"
_CHUNK: Final = 1024 * 1024
_TAG: Final = 16
_LONGEST_HEADER: Final = 1000


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a sealed file before it is opened; `kind`: the database it is of."""

    key_id: str
    salt: str
    kind: str

    def line(self) -> bytes:
        return (
            json.dumps({"key": self.key_id, "salt": self.salt, "kind": self.kind}).encode() + b"\n"
        )


def _cipher(master: bytes, header: Header) -> AESGCM:
    salt = bytes.fromhex(header.salt)
    return AESGCM(
        HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"hanout backup v1").derive(master)
    )


def _bound(header: Header, place: int, *, last: bool) -> bytes:
    return header.line() + f"{place}|{int(last)}".encode()


def seal_file(source: Path, target: Path, keys: Mapping[str, bytes], kind: str) -> None:
    """Write `source` encrypted with the first key into the new file `target`. Raises OSError."""
    key_id = next(iter(keys))
    header = Header(key_id, os.urandom(16).hex(), kind)
    cipher = _cipher(keys[key_id], header)
    with source.open("rb") as clear, _new_file(target) as sealed:
        sealed.write(_MAGIC + header.line())
        place, chunk = 0, clear.read(_CHUNK)
        while True:
            following = clear.read(_CHUNK)
            bound = _bound(header, place, last=not following)
            # The key is this file's alone, so counting is nonce enough.
            text = cipher.encrypt(place.to_bytes(12, "big"), chunk, bound)
            sealed.write(len(text).to_bytes(4, "big") + text)
            if not following:
                break
            place, chunk = place + 1, following
        sealed.flush()
        os.fsync(sealed.fileno())


def _new_file(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def open_file(source: Path, target: Path, keys: Mapping[str, bytes]) -> Header:
    """Decrypt into the new file `target`. Raises ArchiveFailure, OSError; `target` may then be half there."""
    with source.open("rb") as sealed, _new_file(target) as clear:
        header = _read_header(sealed)
        for chunk in _chunks(sealed, header, keys):
            clear.write(chunk)
        clear.flush()
        os.fsync(clear.fileno())
    return header


def check_file(path: Path, keys: Mapping[str, bytes]) -> int:
    """Read it to its end; returns the size of what it holds. Raises ArchiveFailure, OSError."""
    with path.open("rb") as sealed:
        return sum(len(chunk) for chunk in _chunks(sealed, _read_header(sealed), keys))


def _read_header(sealed: IO[bytes]) -> Header:
    if sealed.read(len(_MAGIC)) != _MAGIC:
        raise ArchiveFailure("this file is no backup of Hanout")
    try:
        data = json.loads(sealed.readline(_LONGEST_HEADER))
        header = Header(str(data["key"]), str(data["salt"]), str(data["kind"]))
        bytes.fromhex(header.salt)
    except (ValueError, KeyError, TypeError):
        raise ArchiveFailure("the backup is damaged: its first lines make no sense") from None
    return header


def _chunks(sealed: IO[bytes], header: Header, keys: Mapping[str, bytes]) -> Iterator[bytes]:
    if header.key_id not in keys:
        raise ArchiveFailure(
            f"the backup was made with the key {header.key_id!r}, which is not in HANOUT_KEYS"
        )
    cipher = _cipher(keys[header.key_id], header)
    place, text = 0, _next(sealed)
    while True:
        following = _next(sealed)
        bound = _bound(header, place, last=not following)
        try:
            yield cipher.decrypt(place.to_bytes(12, "big"), text, bound)
        except InvalidTag:
            raise ArchiveFailure(
                "the backup does not open: it is cut short or altered, or the key is another one"
            ) from None
        if not following:
            return
        place, text = place + 1, following


def _next(sealed: IO[bytes]) -> bytes:
    length = int.from_bytes(sealed.read(4), "big")
    return sealed.read(min(length, _CHUNK + _TAG))
