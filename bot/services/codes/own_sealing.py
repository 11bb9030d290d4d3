"""Encryption of the stock's codes: each is sealed at its place in its batch, and opens nowhere else."""

from dataclasses import replace

from bot.domain.plain_codes import forms_of, plain_form
from bot.domain.stock import OwnCode
from bot.domain.supplier import Card
from bot.ports import Vault

_FIELDS = ("value", "serial", "pin", "link")


def _associated_data(batch_id: int, position: int, field: str) -> str:
    return f"own_codes|{batch_id}|{position}|{field}"


def seal_own(vault: Vault, batch_id: int, position: int, card: Card) -> OwnCode:
    """A code of the stock. Empty texts are left out, except the first field.

    Its fingerprint is of the text that stands for it, so the same code with another serial number or
    PIN is the same code here.
    """
    secrets = {
        name: vault.seal(getattr(card, name), _associated_data(batch_id, position, name))
        for name in _FIELDS
        if getattr(card, name) or name == _FIELDS[0]
    }
    fingerprint = vault.fingerprints(card.leading_text)[0]
    return OwnCode(batch_id, position, secrets, fingerprint, card.expires_at)


def open_own(vault: Vault, code: OwnCode) -> Card:
    """Raises VaultFailure."""
    texts = {
        name: vault.open(sealed, _associated_data(code.batch_id, code.position, name))
        for name, sealed in code.secrets.items()
    }
    return Card(**texts, expires_at=code.expires_at)


def prints_of(vault: Vault, card: Card) -> tuple[bytes, ...]:
    """The fingerprints that the same code may have, of every key: here, and among those of orders.

    Also where it was loaded with quotation marks, which lists could once have.
    """
    texts = dict.fromkeys((*forms_of(card.leading_text), card.identity))
    return tuple(one for text in texts for one in vault.fingerprints(text))


def plain_prints_of(vault: Vault, card: Card) -> tuple[bytes, ...]:
    """Those of the same code without the quotation marks that it has; none where it has none."""
    plain = plain_form(card.leading_text)
    return () if plain == card.leading_text else vault.fingerprints(plain)


def resealed(vault: Vault, code: OwnCode) -> OwnCode:
    """The same code, sealed with the newest key. Raises VaultFailure.

    The fingerprint of a code that may be loaded again stays away.
    """
    fresh = seal_own(vault, code.batch_id, code.position, open_own(vault, code))
    return fresh if code.fingerprint else replace(fresh, fingerprint=b"")
