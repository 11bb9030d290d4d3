"""A pause beside another one: which of them still stops sales, and what the operator reads of it."""

import pytest

from bot import refusals
from bot.domain.pauses import PauseScope
from bot.domain.records import PauseReason
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.selling.hand_pauses import is_still_paused
from bot.services.selling.pauses import pause_selling
from locales import words
from tests import pausing
from tests.bot_harness import BotHarness
from tests.harness import OPERATOR, ShopHarness

SHOP, SUPPLIER, PRODUCT = PauseScope.SHOP, PauseScope.SUPPLIER, PauseScope.PRODUCT
ONE = "oneclickdz"
IN_PART, WHOLE = (words("en").plain(key) for key in ("resumed-in-part", "resumed"))


async def paused(harness: ShopHarness, scope: PauseScope, target: str, reason: str) -> int:
    pause_id = await pausing.draft(harness.shop, scope, target, reason=PauseReason(reason))
    await pausing.confirm(harness.shop, pause_id)
    return pause_id


@pytest.mark.parametrize(
    ("lifted", "other", "still"),
    [
        ((SHOP, "0"), (SHOP, "0"), True),
        ((SHOP, "0"), (SUPPLIER, ONE), False),
        ((SUPPLIER, ONE), (SHOP, "0"), True),
        ((SUPPLIER, ONE), (PRODUCT, "1"), False),
        ((PRODUCT, "1"), (SUPPLIER, ONE), True),
        ((PRODUCT, "1"), (PRODUCT, "1"), True),
        ((PRODUCT, "1"), (PRODUCT, "2"), False),
    ],
)
async def test_what_another_pause_covers_stays_paused(
    harness: ShopHarness,
    lifted: tuple[PauseScope, str],
    other: tuple[PauseScope, str],
    still: bool,
):
    pause_id = await paused(harness, *lifted, "soon")
    await paused(harness, *other, "prices")
    assert await pausing.lift(harness.shop, pause_id, OPERATOR)

    assert await is_still_paused(harness.shop, pause_id) is still


async def test_nothing_stays_paused_by_the_pause_itself_or_by_none(harness: ShopHarness):
    pause_id = await paused(harness, SHOP, "0", "soon")
    assert not await is_still_paused(harness.shop, pause_id)

    with pytest.raises(refusals.NotFound):
        await is_still_paused(harness.shop, 999)


async def test_a_second_pause_for_the_same_reason_is_refused_by_name(harness: ShopHarness):
    await paused(harness, SHOP, "0", "soon")
    second = await pausing.draft(harness.shop, SHOP, "0", reason=PauseReason.SOON)

    with pytest.raises(refusals.PausedAlready):
        await pausing.confirm(harness.shop, second)


async def press(shop: BotHarness, data: str) -> str:
    boss = shop.person(OPERATOR)
    query = await boss.forge(data, boss.inbox[-1])
    await shop.pump()
    assert query.answer is not None
    return str(query.answer["text"])


async def test_sales_continue_is_said_only_where_they_do(chat_shop: BotHarness):
    first = await paused(chat_shop, SHOP, "0", "soon")
    second = await paused(chat_shop, SHOP, "0", "prices")

    assert await press(chat_shop, f"unpz:{first}") == IN_PART
    assert await press(chat_shop, f"unpz:{second}") == WHOLE
    assert await press(chat_shop, f"unpz:{second}") == words("en").plain("resumed-not")


async def test_what_the_audit_paused_is_sold_again_only_where_nothing_else_is_paused(
    chat_shop: BotHarness,
):
    boss = chat_shop.person(OPERATOR)
    by_hand = await paused(chat_shop, SHOP, "0", "soon")
    await paused(chat_shop, SUPPLIER, ONE, "soon")
    for said in (IN_PART, WHOLE):
        await chat_shop.store.write(pause_selling, chat_shop.shop, PauseReason.AUDIT)
        await press(chat_shop, "resume")
        assert text_of(boss.inbox[-1]) == said
        await pausing.lift(chat_shop.shop, by_hand, OPERATOR)


async def test_a_pause_that_was_not_begun_says_so(chat_shop: BotHarness):
    boss = chat_shop.person(OPERATOR)
    await paused(chat_shop, SHOP, "0", "soon")
    await boss.say("/pause")
    await chat_shop.pump()
    for step in ("pz:shop", "pzr:.*:soon", "pzu:.*:open", "pzp:.*:1"):
        assert await chat_shop.press_newest(boss, step), step
    (data,) = {
        b["callback_data"] for b in buttons(boss.inbox[-1]) if b["callback_data"][-2:] == ":1"
    }

    assert await press(chat_shop, data) == words("en").plain("refused-paused-already")
