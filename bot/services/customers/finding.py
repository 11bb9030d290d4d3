"""Finding a customer by what operators have at hand: an order, a payment, a case, or their Telegram id."""

import re
from dataclasses import dataclass
from typing import Final

from bot.domain.amounts import read_telegram_id
from bot.domain.money import western_digits
from bot.domain.people import is_pseudonym
from bot.refusals import BadCommand, UnknownCustomer, UnknownRecord
from bot.services.shop import Shop
from storage.transaction import Transaction

_NUMBERED: Final = re.compile(r"(#|HN|K)\s*(\d{1,15})", re.IGNORECASE | re.ASCII)
USAGE: Final = "/user #1042 · HN12 · K7 · 123456789"


@dataclass(frozen=True, slots=True)
class Match:
    """A customer who may be meant; `order_id`: they are the owner of this order."""

    user_id: int
    order_id: int | None = None


def looks_like_one(words: str) -> bool:
    """Whether these words may name somebody, and are no question to the shop."""
    plain = western_digits(words).strip()
    return bool(_NUMBERED.fullmatch(plain)) or read_telegram_id(plain) is not None


async def find_people(shop: Shop, words: str) -> list[Match]:
    """Who is meant by `#1042` (order), `HN12` (payment), `K7` (case) or a Telegram id.

    A bare number may be a customer's and an order's: then both are returned. Raises UnknownRecord,
    UnknownCustomer, and BadCommand for anything else.
    """
    plain = western_digits(words).strip()
    async with shop.store.reading() as tx:
        if named := _NUMBERED.fullmatch(plain):
            return [await _owner(tx, named[1].upper(), int(named[2]), plain)]
        number = read_telegram_id(plain)
        if number is None:
            raise BadCommand(USAGE)
        return await _by_number(tx, number)


async def _owner(tx: Transaction, kind: str, number: int, name: str) -> Match:
    pages = tx.customer_pages
    if kind == "#":
        owner, order_id = await pages.owner_of_order(number), number
    elif kind == "HN":
        owner, order_id = await pages.owner_of_payment(number), None
    else:
        owner, order_id = await pages.owner_of_case(number), None
    if owner is None or is_pseudonym(owner):
        raise UnknownRecord(name)
    return Match(owner, order_id)


async def _by_number(tx: Transaction, number: int) -> list[Match]:
    found = [Match(number)] if await tx.customers.get(number) else []
    owner = await tx.customer_pages.owner_of_order(number)
    if owner is not None and not is_pseudonym(owner):
        found.append(Match(owner, number))
    if not found:
        raise UnknownCustomer(number)
    return found
