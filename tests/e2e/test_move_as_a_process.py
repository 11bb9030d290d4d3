"""A shop that sells is moved to PostgreSQL, sells there, and is moved back, by the commands of the shell."""

import pytest
import pytest_asyncio

from bot.vault import new_key
from tests.e2e.shop import ShopProcess, run_command
from tests.postgres import POSTGRES, new_database

needs_postgres = pytest.mark.skipif(
    not POSTGRES, reason="TEST_POSTGRES_URL is not set: no PostgreSQL to test on"
)


@pytest_asyncio.fixture(loop_scope="session")
async def postgresql():
    async with new_database() as url:
        yield url


async def try_to_run(shop: ShopProcess, url: str) -> tuple[int, str]:
    return await run_command(shop, "run", DATABASE_URL=url)


@needs_postgres
@pytest.mark.measured
async def test_a_shop_is_moved_while_customers_have_orders(open_shop, shopper, postgresql):
    shop = await open_shop()
    sqlite = shop.settings["DATABASE_URL"]
    lina = await shopper()
    await lina.buy(2)
    await lina.me.until(lambda me: len(me.codes()) == 4)
    running, said = await run_command(shop, "move", sqlite, "env:NEW_URL", NEW_URL=postgresql)
    assert (running, "is in use. Close the shop" in said) == (1, True), said
    assert await shop.stop() == 0

    status, said = await run_command(shop, "move", sqlite, "env:NEW_URL", NEW_URL=postgresql)

    assert status == 0, said
    assert "orders: 1 of 1 rows" in said
    assert "The audits of both sides agree" in said
    refused, why = await try_to_run(shop, sqlite)
    assert refused == 1
    assert f"This shop has moved to {postgresql}" in why
    shop.settings["DATABASE_URL"] = postgresql
    await shop.start()
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.ever_saw()) == 6)
    orders = await lina.me.ask_and_read("/orders", "Your orders")
    assert "#2" in str(orders["reply_markup"])
    assert (await run_command(shop, "audit"))[0] == 0
    assert await shop.stop() == 0

    status, said = await run_command(shop, "move", "env:NEW_URL", sqlite, NEW_URL=postgresql)

    assert status == 0, said
    assert "is now" in said  # the former file
    assert (await try_to_run(shop, postgresql))[0] == 1
    shop.settings["DATABASE_URL"] = sqlite
    await shop.start()
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.ever_saw()) == 8)
    orders = await lina.me.ask_and_read("/orders", "Your orders")
    assert "#3" in str(orders["reply_markup"])
    assert (await run_command(shop, "audit"))[0] == 0


async def test_a_shop_whose_key_is_lost_opens_and_sells_again(open_shop, shopper, operator):
    shop = await open_shop()
    lina = await shopper()
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    assert await shop.stop() == 0
    lost = shop.settings["HANOUT_KEYS"].partition(":")[0]
    shop.settings["HANOUT_KEYS"] = new_key("k2")
    status, said = await run_command(shop, "run")
    assert (status, "HANOUT_KEYS do not fit this database" in said) == (1, True)

    status, said = await run_command(shop, "keys", "abandon", lost, "--yes")

    assert status == 0, said
    assert "1 codes of 1 orders" in said
    await shop.start()
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.ever_saw()) == 4)
    orders = await lina.me.ask_and_read("/orders", "Your orders")
    order = await lina.me.press_and_read("#1", "", orders, then="Show again")
    query = await lina.me.press(lina.words.plain("button-show"), order)
    await lina.me.until(lambda _: query.answer is not None)
    assert query.answer["text"] == lina.words.plain("refused-codes-lost")
    await operator.reads(f"Key {lost} was abandoned.")
    status, said = await run_command(shop, "audit")
    assert status == 0, said
    assert "1 codes cannot be shown any more: their key was given up" in said
