"""A product with more values than a message takes buttons: they are shown page by page."""

from dataclasses import replace

import pytest

from bot.sandbox.telegram.world import buttons
from bot.services.catalogue.refresh import save_offer
from tests.bot_harness import LINA, BotHarness

COUNT = 120


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    made.offer()
    await made.refresh()
    await made.person(LINA).say("/start")
    await made.pump()
    yield made
    await made.close()


async def test_every_value_of_a_long_list_can_be_chosen(shop: BotHarness):
    value = shop.shop.shelf.denomination(await shop.denomination())
    product = shop.shop.shelf.product(value.product_id)
    offer = await shop.supplier.product(product.supplier_product_id)
    first = offer.denominations[0]
    many = [replace(first, supplier_type_id=f"t{n}", label=f"{n + 1} USD") for n in range(COUNT)]
    await save_offer(shop.shop, product.id, replace(offer, denominations=tuple(many)))
    lina = shop.person(LINA)
    found: list[str] = []
    for data in (f"prod:{product.id}", *(f"vals:{product.id}:{page}" for page in (1, 2, 9))):
        await lina.forge(data, lina.screen)
        await shop.pump()
        pressed = [b["callback_data"] for b in buttons(lina.screen) if "callback_data" in b]
        found += [one for one in pressed if one.startswith("den:")]

    assert len(set(found)) == COUNT
    assert len(found) == COUNT + 40  # a page beyond the last is the last
    await lina.forge(found[-1], lina.screen)
    await shop.pump()
    assert any(b.get("callback_data", "").startswith("qty:") for b in buttons(lina.screen))
