"""Customers: their language, whether messages reach them, and what is kept in memory."""

from bot.domain.records import Locale
from bot.refusals import required
from bot.services.messaging import customers
from bot.services.messaging.customers import choose_language, ensure_customer
from tests.harness import ShopHarness


async def test_the_language_is_remembered(harness: ShopHarness):
    assert (await ensure_customer(harness.shop, 5, "ar-DZ")).locale is Locale.AR
    await choose_language(harness.shop, 5, Locale.FR)
    harness.restart()

    assert (await ensure_customer(harness.shop, 5, "ar")).locale is Locale.FR


async def test_a_language_that_was_chosen_is_remembered_for_that_person(harness: ShopHarness):
    await harness.customer(1)
    chosen = await choose_language(harness.shop, 1, Locale.AR)
    assert (chosen.id, chosen.locale) == (1, Locale.AR)
    assert harness.shop.customers[1] == chosen


async def test_many_customers_are_remembered_up_to_a_bound(harness: ShopHarness, monkeypatch):
    monkeypatch.setattr(customers, "_REMEMBERED", 2)
    for user in (1, 2, 3):
        await ensure_customer(harness.shop, user, "en")

    assert set(harness.shop.customers) == {2, 3}


async def test_a_customer_keeps_their_language_and_is_reachable_again_on_return(
    harness: ShopHarness,
):
    assert (await ensure_customer(harness.shop, 5, "fr")).locale is Locale.FR
    assert (await ensure_customer(harness.shop, 5, "ar")).locale is Locale.FR
    harness.restart()
    harness.woken.clear()
    assert (await ensure_customer(harness.shop, 5, "ar")).locale is Locale.FR
    assert harness.woken == []  # nothing was written for who was reachable all along

    async def gone(tx):
        await tx.customers.set_reachable(5, reachable=False)

    await harness.store.write(gone)
    harness.restart()
    assert (await ensure_customer(harness.shop, 5, "ar")).reachable
    async with harness.store.reading() as tx:
        assert required(await tx.customers.get(5)).reachable


async def test_a_customer_in_memory_needs_no_database(harness: ShopHarness, monkeypatch):
    await ensure_customer(harness.shop, 5, "fr")
    monkeypatch.setattr(harness.shop, "store", None)
    assert (await ensure_customer(harness.shop, 5, "fr")).locale is Locale.FR
