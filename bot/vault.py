"""Encryption of secrets in the database: AES-256-GCM with the row as associated data.

A sealed secret opens only with its own key and its own associated data (table, row, field), so a
ciphertext that was altered or moved to another row is detected. The configured keys are master
keys: the keys for encryption and for fingerprints are derived from them (HKDF-SHA256).
"""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.records import Sealed
from bot.errors import KeyMissing, VaultFailure

_FORMAT: Final = b"\x01"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_MAX_ID_LENGTH: Final = 16


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"hanout " + purpose).derive(
        master
    )


def _to_bytes(secret: str) -> bytes:
    """UTF-8, also of halves of surrogate pairs: a secret is kept as it came."""
    return secret.encode("utf-8", "surrogatepass")


def is_key_id(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) <= _MAX_ID_LENGTH


def new_key(key_id: str) -> str:
    """A new random key in the format of HANOUT_KEYS."""
    return f"{key_id}:{base64.b64encode(os.urandom(_KEY_BYTES)).decode()}"


def parse_keys(text: str) -> dict[str, bytes]:
    """Keys by id from `id:base64,id:base64`, newest first. Raises ValueError without key text."""
    keys: dict[str, bytes] = {}
    if re.search(r"['\"`\u2018-\u201f]", text):
        raise ValueError("the keys must stand without quotes")
    for part in filter(None, (piece.strip() for piece in text.replace("\n", ",").split(","))):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded.encode(), validate=True)
        except (binascii.Error, UnicodeEncodeError):
            raise ValueError(
                "a key is not base64, or was cut off; make one with `hanout keys new`"
            ) from None
        if not is_key_id(key_id):
            raise ValueError(
                "a key needs an id of up to 16 letters or digits and a colon before it, such as k1:"
            )
        if len(key) != _KEY_BYTES:
            raise ValueError("a key must be 32 bytes long; make one with `hanout keys new`")
        if key_id in keys:
            raise ValueError("two keys share an id; give the newer one another, such as k2")
        if key in keys.values():
            raise ValueError("one key stands there twice, with two ids; leave one of them")
        keys[key_id] = key
    if not keys:
        raise ValueError("at least one key is needed; make one with `hanout keys new`")
    return keys


class AesVault:
    """Implements the Vault port with several keys; the first one seals."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._newest = next(iter(keys))
        self._ciphers = {key_id: AESGCM(_derive(key, b"codes v1")) for key_id, key in keys.items()}
        self._fingerprint_keys = tuple(_derive(key, b"fingerprints v1") for key in keys.values())

    @property
    def newest(self) -> str:
        return self._newest

    def holds(self, key_id: str) -> bool:
        return key_id in self._ciphers

    def seal(self, secret: str, associated_data: str) -> Sealed:
        nonce = os.urandom(_NONCE_BYTES)
        text = self._ciphers[self._newest].encrypt(
            nonce, _to_bytes(secret), self._associated_data(associated_data)
        )
        return Sealed(self._newest, _FORMAT + nonce + text)

    def open(self, sealed: Sealed, associated_data: str) -> str:
        cipher = self._ciphers.get(sealed.key_id)
        if cipher is None:
            raise KeyMissing(f"no key with the id {sealed.key_id!r} in HANOUT_KEYS")
        nonce, text = sealed.blob[1 : 1 + _NONCE_BYTES], sealed.blob[1 + _NONCE_BYTES :]
        try:
            secret = cipher.decrypt(nonce, text, self._associated_data(associated_data))
            return secret.decode("utf-8", "surrogatepass")
        except (InvalidTag, ValueError):
            raise VaultFailure(f"cannot decrypt {associated_data}: wrong key, or altered") from None

    def fingerprints(self, secret: str) -> tuple[bytes, ...]:
        return tuple(
            hmac.digest(key, _to_bytes(secret), "sha256") for key in self._fingerprint_keys
        )

    @staticmethod
    def _associated_data(associated_data: str) -> bytes:
        return f"hanout|v1|{associated_data}".encode()
