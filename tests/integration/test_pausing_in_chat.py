"""/pause and /resume in the chat: an operator is asked step by step, and customers read the reason."""

import pytest
from sqlalchemy import insert

from bot.domain.pauses import PauseScope, PauseState
from bot.domain.records import PauseReason
from bot.domain.roles import Role
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.selling.pauses import read_closed
from locales import words
from storage.tables import pauses
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import OPERATOR, books_agree

MANAGER, SUPPORT = 901, 902


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    made.offer()
    await made.hire(MANAGER, Role.MANAGER, cap_minor=100_000_000)
    await made.hire(SUPPORT, Role.SUPPORT)
    for user_id, locale in ((LINA, "fr"), (MANAGER, "en"), (SUPPORT, "en")):
        await made.person(user_id, locale).say("/start")
    await made.pump()
    await made.credit(LINA, 50_000)
    yield made
    await books_agree(made)
    await made.close()


async def say(shop: BotHarness, text: str, who: int = OPERATOR) -> str:
    await shop.person(who).say(text)
    await shop.pump()
    return newest(shop, who)


def newest(shop: BotHarness, who: int = OPERATOR) -> str:
    return bare(text_of(shop.person(who).inbox[-1]))


async def press(shop: BotHarness, start: str, who: int = OPERATOR) -> str:
    """The newest button whose data begins like this."""
    assert await shop.press_newest(shop.person(who), start), start
    return newest(shop, who)


async def test_a_product_is_paused_in_own_words_and_customers_read_them(shop: BotHarness):
    product = shop.shop.shelf.denomination(await shop.denomination()).product_id
    await shop.person(LINA).say(f"/start p_{product}")
    await shop.pump()
    await press(shop, "den:", LINA)
    await press(shop, "qty:.*:1$", LINA)  # the quote is there, the button to buy too

    await say(shop, "/pause")
    await press(shop, "pzfind")
    assert "Nothing found" in await say(shop, "no such thing at all")
    await say(shop, "PlayStation USA")
    assert "what will customers read" in await press(shop, f"pz:product:{product}$")
    await press(shop, "pzr:.*:words")
    await say(shop, "x" * 101)
    await say(shop, "fr: de retour après l’Aïd.\nar: نعود بعد العيد")
    await press(shop, "pzu:.*:tomorrow")
    told = await press(shop, "pzp:.*:0")
    assert "de retour après l’Aïd" in told
    assert "22 Nov 2026" in told
    assert "Paused" in await press(shop, "pzgo:.*:1")

    lina = shop.person(LINA)
    query = await lina.forge(shown(shop, LINA, "buy:"), lina.inbox[-1])
    await shop.pump()
    assert query.answer is not None
    assert "de retour après l’Aïd. Rien n’a été débité" in bare(query.answer["text"])
    assert await shop.balance(LINA) == 5_000_000
    page = await say(shop, f"/start p_{product}", LINA)
    assert "de retour après l’Aïd." in page
    assert "22\u00a0nov. 2026" in page
    assert words("fr").plain("product-pause-safe") in page
    assert await press(shop, "watch:", LINA)

    attention = await say(shop, "/attention")
    assert "PlayStation USA: de retour après l’Aïd" in attention
    assert "PlayStation USA" in await say(shop, "/resume")
    assert "Nothing is paused" in await press(shop, "unpz:")
    assert "paused p" in await say(shop, "/actions")


def shown(shop: BotHarness, who: int, start: str) -> str:
    return next(
        str(b["callback_data"])
        for m in reversed(shop.person(who).inbox)
        for b in buttons(m)
        if b.get("callback_data", "").startswith(start)
    )


@pytest.mark.parametrize("typed", ["starship", "p999999", "nobody"])
async def test_what_the_shop_has_not_is_named(shop: BotHarness, typed):
    assert typed in await say(shop, f"/pause {typed}")


async def test_a_supplier_is_named_with_the_command(shop: BotHarness):
    assert "oneclickdz" in await say(shop, "/pause OneClickDz")
    await press(shop, "pzr:.*:supplier")
    await press(shop, "pzu:.*:hour")
    assert "Paid orders wait too" in await press(shop, "pzp:.*:1")
    assert "Nothing" in await press(shop, "pzgo:.*:0")
    assert not (await read_closed(shop.shop)).pauses
    product = shop.shop.shelf.denomination(await shop.denomination()).product_id
    assert "PlayStation USA" in await say(shop, f"/pause p{product}")


@pytest.mark.parametrize("who", [LINA, SUPPORT])
@pytest.mark.parametrize("data", ["pz:shop:0", "pzr:1:soon", "pzu:1:hour", "pzp:1:1", "pzgo:1:1"])
async def test_forged_presses_pause_nothing(shop: BotHarness, who, data):
    await say(shop, "/pause")
    await press(shop, "pz:shop:0")

    await shop.press(shop.person(who), data)

    assert not (await read_closed(shop.shop)).pauses


async def test_a_manager_lifts_no_pause_of_the_audit(shop: BotHarness):
    from bot.services.selling.pauses import pause_selling

    await shop.store.write(pause_selling, shop.shop, PauseReason.AUDIT)
    told = await say(shop, "/resume", MANAGER)
    assert "contradict" in told
    assert buttons(shop.person(MANAGER).inbox[-1]) == []

    for forged in ("unpz:1", "resume"):
        await shop.press(shop.person(MANAGER), forged)
    assert (await read_closed(shop.shop)).pauses

    await say(shop, "/resume")
    await press(shop, "unpz:1")
    assert not (await read_closed(shop.shop)).pauses


@pytest.mark.parametrize("data", ["pz:planet:0", "pz:product:x1", "pzr:1:audit", "pzu:1:never"])
async def test_forged_arguments_pause_nothing(shop: BotHarness, data):
    await say(shop, "/pause")
    await press(shop, "pz:shop:0")

    await shop.press(shop.person(OPERATOR), data)

    assert not (await read_closed(shop.shop)).pauses


async def test_more_pauses_than_a_message_holds_stand_on_pages(shop: BotHarness):
    row = {
        "state": PauseState.OPEN,
        "scope": PauseScope.PRODUCT,
        "reason": PauseReason.PRICES,
        "since": shop.clock.now(),
        "operator_id": OPERATOR,
    }
    rows = [{**row, "target": str(product)} for product in range(1, 13)]
    async with shop.store._writer.begin() as db:  # each has four questions in the chat
        await db.execute(insert(pauses), rows)

    assert "and 9 more pauses: /resume" in await say(shop, "/attention")
    assert "Page 1 of 2" in await say(shop, "/resume")
    assert "Page 2 of 2" in await press(shop, "pzall:1")
    assert len(buttons(shop.person(OPERATOR).inbox[-1])) == 3
    await press(shop, "unpz:")
    assert len((await read_closed(shop.shop)).pauses) == 11
    assert "Page 2 of 2" in await press(shop, "pzall:1")
