"""Codes lie sealed in their own rows, and nothing starts with a wrong key."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.domain.orders import OrderState
from bot.domain.records import CodeMessageKind, Customer, Locale
from bot.domain.supplier import SECRETS, Card, Environment
from bot.errors import VaultFailure
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.codes.custody import (
    belongs_to_another_order,
    check_keys,
    fingerprints,
    open_card,
    seal_card,
)
from bot.services.codes.reveal import open_code_messages, show_again
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import codes
from tests.harness import ShopHarness

LINA = Customer(1, Locale.EN)


async def _bought(harness: ShopHarness, quantity: int = 2):
    await harness.customer(1)
    order = await harness.buy(1, quantity)
    await harness.run(20)
    return await harness.order(order.id)


async def test_codes_lie_encrypted_and_only_in_their_own_row(harness: ShopHarness):
    order = await _bought(harness)
    clear = harness.book.codes()

    async with harness.store._writer.begin() as db:
        rows = (await db.execute(select(codes).order_by(codes.c.position))).all()
        stored = b"".join(r.value + (r.serial or b"") + r.fingerprint for r in rows)
        assert clear
        assert not [code for code in clear if code.encode() in stored]
        for row, other in ((0, 1), (1, 0)):
            await db.execute(
                update(codes).where(codes.c.position == row).values(value=rows[other].value)
            )

    with pytest.raises(VaultFailure):
        await show_again(harness.shop, LINA, order.id)


async def test_a_wrong_or_missing_key_is_noticed_before_anything_starts(harness: ShopHarness):
    await check_keys(harness.store, harness.vault)
    await check_keys(harness.store, harness.vault)
    await _bought(harness)

    with pytest.raises(VaultFailure):
        await check_keys(harness.store, AesVault(parse_keys(new_key("k1"))))
    with pytest.raises(VaultFailure):
        await check_keys(harness.store, AesVault(parse_keys(new_key("k2"))))


async def test_codes_without_a_check_of_their_key_do_not_start(harness: ShopHarness):
    await _bought(harness)

    with pytest.raises(VaultFailure, match="left no check"):
        await check_keys(harness.store, harness.vault)


def test_a_card_with_an_empty_value_is_sealed_with_it(harness: ShopHarness):
    sealed = seal_card(harness.vault, 1, 0, Card("", "123"))
    assert sorted(sealed) == sorted(SECRETS[:2])


@pytest.mark.parametrize("text", ["\ud83d", "a\x00b", "x" * 10_000, "😀", "كود"], ids=ascii)
def test_any_text_is_sealed_and_opened_as_it_came(harness: ShopHarness, text: str):
    card = Card(text, text, text, text, text)

    opened = open_card(harness.vault, 1, 0, seal_card(harness.vault, 1, 0, card))

    assert opened == card
    assert fingerprints(harness.vault, None, 1, 0, card)


@pytest.mark.parametrize(
    "other",
    [
        Card("other", "B", "C", "https://d.example"),
        Card("A", "other", "C", "https://d.example"),
        Card("A", "B", "other", "https://d.example"),
        Card("A", "B", "C", "https://other.example"),
        Card("A", "B", "C"),
        Card("A", "C", "B", "https://d.example"),
    ],
)
def test_cards_that_differ_in_any_text_are_different_codes(harness: ShopHarness, other: Card):
    card = Card("A", "B", "C", "https://d.example")

    assert card.identity != other.identity
    assert set(_prints(harness, card)).isdisjoint(_prints(harness, other))
    assert _prints(harness, card) == _prints(harness, replace(card, reference="R"))


@pytest.mark.parametrize("card", [Card("A"), Card("", "A"), Card(" A "), Card(link="A")])
def test_a_code_of_one_text_is_identified_by_it_alone(card: Card):
    assert card.identity == "A"


def _prints(harness: ShopHarness, card: Card) -> tuple[bytes, ...]:
    return fingerprints(harness.vault, Environment.PRODUCTION, 1, 0, card)


async def _belongs_to_another(harness: ShopHarness, card: Card) -> bool:
    async with harness.store.reading() as tx:
        return await belongs_to_another_order(tx, harness.vault, None, 99, 0, card)


async def test_a_code_of_another_order_is_recognised_by_all_its_texts(harness: ShopHarness):
    order = await _bought(harness, 1)
    card = await _stored_card(harness, order.id)

    assert await _belongs_to_another(harness, card)
    assert not await _belongs_to_another(harness, replace(card, serial="other"))


async def test_a_code_that_was_stored_by_version_1_is_recognised(harness: ShopHarness):
    order = await _bought(harness, 1)
    card = await _stored_card(harness, order.id)
    assert card.serial
    async with harness.store._writer.begin() as db:
        (former, *_) = harness.vault.fingerprints(card.value)
        await db.execute(update(codes).values(fingerprint=former))

    assert await _belongs_to_another(harness, card)
    assert not await _belongs_to_another(harness, replace(card, serial="other"))
    async with harness.store._writer.begin() as db:
        await db.execute(update(codes).values(serial=b"\x01 spoilt"))
    assert not await _belongs_to_another(harness, card), "what does not open is not taken for it"


async def _stored_card(harness: ShopHarness, order_id: int) -> Card:
    async with harness.store.reading() as tx:
        (code,) = await tx.codes.of_order(order_id, 1)
    return open_card(harness.vault, order_id, code.position, code.secrets)


def _spoil(change):
    def edit(sent):
        if "cards" in sent["data"]:
            change(sent["data"]["cards"])
        return sent

    return Fault(FaultKind.EDITED, "checkOrder", times=99, edit=edit)


async def test_half_a_character_stops_its_own_order_and_no_other(harness: ShopHarness):
    """What came is kept sealed, withheld, and stands before an operator once."""
    await harness.customer(1)
    harness.book.script(_spoil(lambda cards: cards[0].update(value="ABC\ud83d")))
    spoilt = await harness.buy(1)
    await harness.run(60)
    harness.book.faults.clear()
    fine = await harness.buy(1)
    await harness.run(60)

    assert (await harness.order(fine.id)).state is OrderState.FULFILLED
    now = await harness.order(spoilt.id)
    assert (now.state, now.returned_minor) != (OrderState.REFUNDED, 0)
    async with harness.store.reading() as tx:
        kept = [c for c in await tx.codes.of_order(spoilt.id, 1) if not c.deliver]
    (raw,) = (open_card(harness.vault, spoilt.id, c.position, c.secrets).value for c in kept)
    assert json.loads(raw)["sent"]["value"] == "ABC\ud83d"
    assert len(harness.sender.alerts("order_attention")) == 1


async def test_a_code_with_control_characters_reaches_its_owner_in_a_file(harness: ShopHarness):
    await harness.customer(1)
    harness.book.script(_spoil(lambda cards: cards[0].update(value="A\x00B\x1bC")))
    order = await harness.buy(1)
    await harness.run(60)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    (part,) = await open_code_messages(harness.shop, await harness.order(order.id))
    assert (part.kind, part.cards[0].value) == (CodeMessageKind.DOCUMENT, "A\x00B\x1bC")


async def test_one_value_with_a_serial_of_its_own_on_each_card_is_delivered(harness: ShopHarness):
    await harness.customer(1)

    def number(cards):
        for place, card in enumerate(cards):
            card.update(value="SAME", serial=f"S{place}")

    harness.book.script(_spoil(number))
    order = await harness.buy(1, 3)
    await harness.run(60)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    async with harness.store.reading() as tx:
        stored = await tx.codes.of_order(order.id, 1)
    assert [code.deliver for code in stored] == [True] * 3
