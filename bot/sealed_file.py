"""Encrypted files: AES-256-GCM in chunks of 1 MiB, so no file is in memory as a whole.

Layout: magic bytes, a line of JSON (key id, salt, kind), then the chunks: each a length of four
bytes and the ciphertext. The associated data of a chunk are the header, its index and whether it is
the last one, so a chunk that was altered, moved, removed or appended is detected.
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
_CHUNK_BYTES: Final = 1024 * 1024
_TAG_BYTES: Final = 16
_MAX_HEADER_BYTES: Final = 1000


@dataclass(frozen=True, slots=True)
class Header:
    """The part of a sealed file that is not encrypted; `kind`: the kind of database in it."""

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


def _associated_data(header: Header, index: int, *, last: bool) -> bytes:
    return header.line() + f"{index}|{int(last)}".encode()


def seal_file(source: Path, target: Path, keys: Mapping[str, bytes], kind: str) -> None:
    """Write `source` encrypted with the first key into the new file `target`. Raises OSError."""
    key_id = next(iter(keys))
    header = Header(key_id, os.urandom(16).hex(), kind)
    cipher = _cipher(keys[key_id], header)
    with source.open("rb") as clear, _new_file(target) as sealed:
        sealed.write(_MAGIC + header.line())
        index, chunk = 0, clear.read(_CHUNK_BYTES)
        while True:
            following = clear.read(_CHUNK_BYTES)
            associated_data = _associated_data(header, index, last=not following)
            # The salt gives every file a key of its own, so the index is a unique nonce.
            text = cipher.encrypt(index.to_bytes(12, "big"), chunk, associated_data)
            sealed.write(len(text).to_bytes(4, "big") + text)
            if not following:
                break
            index, chunk = index + 1, following
        sealed.flush()
        os.fsync(sealed.fileno())


def _new_file(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def open_file(source: Path, target: Path, keys: Mapping[str, bytes]) -> Header:
    """Decrypt into the new file `target`, which a failure leaves incomplete.

    Raises ArchiveFailure, OSError.
    """
    with source.open("rb") as sealed, _new_file(target) as clear:
        header = _read_header(sealed)
        for chunk in _chunks(sealed, header, keys):
            clear.write(chunk)
        clear.flush()
        os.fsync(clear.fileno())
    return header


def check_file(path: Path, keys: Mapping[str, bytes]) -> int:
    """Decrypt the whole file and return the size of its content. Raises ArchiveFailure, OSError."""
    with path.open("rb") as sealed:
        return sum(len(chunk) for chunk in _chunks(sealed, _read_header(sealed), keys))


def read_kind(path: Path) -> str:
    """The kind of database in it, as its first lines say. Raises ArchiveFailure, OSError."""
    with path.open("rb") as sealed:
        return _read_header(sealed).kind


def _read_header(sealed: IO[bytes]) -> Header:
    if sealed.read(len(_MAGIC)) != _MAGIC:
        raise ArchiveFailure("this file is no backup of Hanout")
    try:
        data = json.loads(sealed.readline(_MAX_HEADER_BYTES))
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
    index, text = 0, _next_chunk(sealed)
    while True:
        following = _next_chunk(sealed)
        associated_data = _associated_data(header, index, last=not following)
        try:
            yield cipher.decrypt(index.to_bytes(12, "big"), text, associated_data)
        except InvalidTag:
            raise ArchiveFailure(
                "the backup does not open: it is cut short or altered, or the key is another one"
            ) from None
        if not following:
            return
        index, text = index + 1, following


def _next_chunk(sealed: IO[bytes]) -> bytes:
    length = int.from_bytes(sealed.read(4), "big")
    return sealed.read(min(length, _CHUNK_BYTES + _TAG_BYTES))
