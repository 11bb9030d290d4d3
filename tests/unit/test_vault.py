"""Sealing and opening, key rings, and how bad keys are refused."""

import base64

import pytest

from bot.errors import VaultFailure
from bot.vault import AesVault, new_key, parse_keys

KEY = "k1:" + base64.b64encode(bytes(range(32))).decode()


def test_a_sealed_text_opens_with_its_associated_data_only():
    vault = AesVault(parse_keys(new_key("k1")))
    sealed = vault.seal("CODE", "codes|1|0|value")

    assert vault.open(sealed, "codes|1|0|value") == "CODE"
    for associated_data in ("codes|1|1|value", "codes|2|0|value", "codes|1|0|serial"):
        with pytest.raises(VaultFailure):
            vault.open(sealed, associated_data)
    assert b"CODE" not in sealed.blob
    assert "CODE" not in repr(sealed)
    assert vault.seal("CODE", "x").blob != vault.seal("CODE", "x").blob


def test_an_older_key_still_opens_and_a_foreign_one_does_not():
    old, new = new_key("old"), new_key("new")
    sealed = AesVault(parse_keys(old)).seal("CODE", "x")
    ring = AesVault(parse_keys(f"{new},{old}"))

    assert ring.newest == "new"
    assert ring.open(sealed, "x") == "CODE"
    assert len(ring.fingerprints("CODE")) == 2
    with pytest.raises(VaultFailure, match="old"):
        AesVault(parse_keys(new)).open(sealed, "x")
    with pytest.raises(VaultFailure):
        AesVault(parse_keys(new_key("old"))).open(sealed, "x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k1",
        "k1:short",
        "k1:é",
        ":" + "A" * 44,
        "a" * 17 + ":" + "A" * 43 + "=",
        f"{KEY},{KEY}",
        "k1:" + base64.b64encode(b"x" * 16).decode(),
    ],
)
def test_bad_keys_are_explained_without_being_shown(text):
    with pytest.raises(ValueError, match="key") as refused:
        parse_keys(text)
    assert not text or text not in str(refused.value)
