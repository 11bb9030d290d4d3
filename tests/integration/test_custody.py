"""Codes lie sealed in their own rows, and nothing starts with a wrong key."""

import pytest
from sqlalchemy import select, update

from bot.domain.records import Customer, Locale
from bot.domain.supplier import SECRETS, Card
from bot.errors import VaultFailure
from bot.services.codes.custody import check_keys, seal_card
from bot.services.codes.reveal import show_again
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
