"""A press whose answer Telegram does not take is answered in the end, and does nothing twice."""

import httpx
import pytest

from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.rules import bad, too_many
from bot.sandbox.telegram.world import text_of
from locales import words
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import books_agree

ANSWER, NO_ORDER = "answerCallbackQuery", "order:999"
TOO_OLD = bad("query is too old and response timeout expired or query ID is invalid")


@pytest.fixture
def shop(chat_shop: BotHarness) -> BotHarness:
    return chat_shop


def fails(kind: FaultKind, times: int, path: str = ANSWER) -> Fault:
    return Fault(kind, path, times=times)


def refuse_connections(shop: BotHarness, monkeypatch, method: str, times: int) -> None:
    """Calls of this method reach nobody: surely nothing was sent."""
    inner, left = shop.telegram.handle_async_request, iter(range(times))

    async def handle(request: httpx.Request) -> httpx.Response:
        if method in request.url.path and next(left, None) is not None:
            raise httpx.ConnectError("refused", request=request)
        return await inner(request)

    monkeypatch.setattr(shop.telegram, "handle_async_request", handle)


async def press(shop: BotHarness, data: str) -> list[str]:
    """All that she reads about a press: its toast, and messages that it brought."""
    lina = shop.person(LINA)
    before = len(lina.inbox)
    query = await lina.forge(data, lina.inbox[-1])
    await shop.pump()
    toast = [query.answer["text"]] if query.answer and query.answer.get("text") else []
    return [bare(text) for text in [*toast, *map(text_of, lina.inbox[before:])]]


def refusal() -> str:
    return bare(words("en").plain("refused-not-found"))


async def met(shop: BotHarness) -> None:
    await shop.person(LINA).say("/start")
    await shop.pump()


@pytest.mark.parametrize("kind", [FaultKind.STATUS, FaultKind.SILENCE_BEFORE, FaultKind.HTML])
@pytest.mark.parametrize("times", [1, 2, 3])
async def test_a_refusal_comes_when_telegram_is_back(shop: BotHarness, kind, times: int):
    await met(shop)
    shop.telegram.faults.append(fails(kind, times))

    told = await press(shop, NO_ORDER)

    assert [refusal() in text for text in told] == [True]
    async with shop.store.reading() as tx:
        assert await tx.inbox.count_quarantined() == 0


@pytest.mark.parametrize("said", [TOO_OLD, too_many(300)])
async def test_a_refusal_that_no_toast_can_bring_comes_as_a_message(shop: BotHarness, said):
    await met(shop)
    shop.world.script(ANSWER, said)

    told = await press(shop, NO_ORDER)

    assert [refusal() in text for text in told] == [True]


async def test_a_refusal_whose_message_fails_too_is_told_when_telegram_is_back(
    shop: BotHarness, monkeypatch
):
    await met(shop)
    shop.telegram.faults.append(fails(FaultKind.STATUS, 3))
    refuse_connections(shop, monkeypatch, "sendMessage", 1)

    told = await press(shop, NO_ORDER)

    assert refusal() in told[-1]


@pytest.mark.parametrize("kind", [FaultKind.STATUS, FaultKind.HTML, FaultKind.SILENCE_BEFORE])
async def test_a_press_too_old_after_an_answer_that_may_have_come_is_told_in_a_message(
    shop: BotHarness, kind: FaultKind
):
    await met(shop)
    shop.telegram.faults.append(fails(kind, 1))
    shop.world.script(ANSWER, TOO_OLD)

    told = await press(shop, NO_ORDER)

    assert [refusal() in text for text in told] == [True]


async def test_a_press_that_was_too_old_after_a_call_that_reached_nobody_is_told_in_a_message(
    shop: BotHarness, monkeypatch
):
    await met(shop)
    refuse_connections(shop, monkeypatch, ANSWER, 1)
    shop.world.script(ANSWER, TOO_OLD)

    told = await press(shop, NO_ORDER)

    assert [refusal() in text for text in told] == [True]


async def test_a_screen_is_shown_where_telegram_takes_no_answer_to_any_press(shop: BotHarness):
    await met(shop)
    lina = shop.person(LINA)
    shop.telegram.faults.append(fails(FaultKind.STATUS, 99))

    await press(shop, "wallet:0")

    assert "👛" in text_of(lina.inbox[-1])
    async with shop.store.reading() as tx:
        assert await tx.inbox.count_quarantined() == 0


async def test_a_purchase_whose_toast_fails_is_made_once(shop: BotHarness):
    shop.offer()
    await shop.refresh()
    await met(shop)
    await shop.credit(LINA, 100_000)
    shop.telegram.faults.append(fails(FaultKind.SILENCE_AFTER, 40))

    await shop.press_to_buy(shop.person(LINA), 1)

    async with shop.store.reading() as tx:
        _, count = await tx.orders.page(LINA, 0, 10)
    assert count == 1
    await books_agree(shop)
