"""A double tap on Show spends one of the few showings: the codes came a moment ago."""

from collections.abc import Callable

import httpx
import pytest

from bot.domain.jobs import Job
from bot.domain.orders import Order
from bot.domain.records import Customer, Locale
from bot.domain.supplier import SupplierStatus
from bot.errors import SendFailure, Undeliverable
from bot.sandbox.telegram.world import spoilers
from bot.services.codes.reveal import came_since, hide_due_messages, show_again
from bot.services.orders.settle import settle_order
from locales import LOCALES, words
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import ShopHarness
from tests.integration.order_steps import accepted_order, report
from tests.integration.test_unhidden_codes import buy, refuse

MINUTE = 60.0
ANSWER = "answerCallbackQuery"


def shown(shop: BotHarness) -> int:
    """How many messages show codes in her chat."""
    return sum(bool(spoilers(message)) for message in shop.person(LINA).inbox)


async def came_now(harness: ShopHarness, customer: Customer, order_id: int) -> bool:
    """Whether a press of this moment, or of one before, is a double tap."""
    return await came_since(harness.shop, customer, order_id, harness.clock.now())


async def used(shop: ShopHarness) -> int:
    async with shop.store.reading() as tx:
        return await tx.codes.count_reveals(1)


async def tap_twice(shop: BotHarness) -> str:
    """What she reads at the second tap."""
    lina = shop.person(LINA)
    screen = lina.inbox[0]  # not the delivery, which it would replace
    await lina.forge("show:1", screen)
    second = await lina.forge("show:1", screen)
    await shop.pump()
    assert second.answer is not None
    return bare(second.answer["text"])


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_second_press_points_to_the_codes_and_spends_nothing(
    chat_shop: BotHarness, locale: str
):
    await buy(chat_shop, locale)
    await chat_shop.live(MINUTE)

    assert await tap_twice(chat_shop) == bare(words(locale).plain("toast-on-screen"))

    assert (shown(chat_shop), await used(chat_shop)) == (2, 1)  # the first is the delivery
    lina = chat_shop.person(LINA)
    await chat_shop.live(660, step=30)  # hidden by now
    await chat_shop.press(lina, "show:1", lina.inbox[0])

    assert await used(chat_shop) == 2


async def test_who_has_seen_the_codes_can_have_them_shown_again_at_once(chat_shop: BotHarness):
    await buy(chat_shop)
    lina = chat_shop.person(LINA)
    for _ in range(2):
        await chat_shop.press(lina, "show:1", lina.inbox[0])
        chat_shop.clock.pass_time(0.5)

    assert (shown(chat_shop), await used(chat_shop)) == (3, 2)


async def test_a_double_tap_that_delivers_codes_the_first_time_spends_nothing(
    chat_shop: BotHarness,
):
    chat_shop.leave_out(Job.OUTBOX)
    await buy(chat_shop)

    assert await tap_twice(chat_shop) == bare(words("en").plain("toast-on-screen"))

    assert (shown(chat_shop), await used(chat_shop)) == (1, 0)


async def delivered_in_parts(harness: ShopHarness) -> tuple[Customer, Order]:
    """A customer, and their order whose two codes came one after the other, a minute ago."""
    order = await accepted_order(harness, 2)
    cards = ["A" * 16, "B" * 16]
    await settle_order(harness.shop, order, report(order, cards=cards[:1]))
    said = report(order, SupplierStatus.FULFILLED, cards, final=True)
    await settle_order(harness.shop, order, said)
    await harness.round()
    harness.clock.pass_time(MINUTE)
    return Customer(1, Locale.EN), order


async def test_codes_of_which_a_part_is_not_on_the_screen_are_shown(harness: ShopHarness):
    customer, order = await delivered_in_parts(harness)
    assert not await came_now(harness, customer, order.id)
    send = harness.sender.send_codes

    async def first_part_alone(customer, of, code_message, *, again):
        if code_message.part:
            raise SendFailure
        return await send(customer, of, code_message, again=again)

    harness.sender.send_codes = first_part_alone
    with pytest.raises(SendFailure):
        await show_again(harness.shop, customer, order.id)
    assert not await came_now(harness, customer, order.id)

    harness.sender.send_codes = send
    await show_again(harness.shop, customer, order.id)
    assert await came_now(harness, customer, order.id)


async def shown_again(harness: ShopHarness) -> tuple[Customer, int]:
    """A customer, and their order whose codes were shown again at this moment."""
    customer = await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(MINUTE)
    await show_again(harness.shop, customer, order.id)
    assert await came_now(harness, customer, order.id)
    return customer, order.id


async def test_codes_that_came_earlier_are_shown_again_though_they_are_not_hidden(
    harness: ShopHarness,
):
    customer, order_id = await shown_again(harness)
    harness.clock.pass_time(MINUTE)  # time enough to clear the history of the chat

    assert not await came_now(harness, customer, order_id)


async def test_codes_that_telegram_did_not_hide_are_shown_again(harness: ShopHarness, monkeypatch):
    harness.set_policy(shown_again_for=harness.shop.policy.shown_again_for / 60)  # ten seconds
    customer, order_id = await shown_again(harness)
    refuse(harness, monkeypatch, Undeliverable)
    harness.clock.pass_time(10)
    assert not await came_now(harness, customer, order_id)

    await hide_due_messages(harness.shop)

    assert not await came_now(harness, customer, order_id)


async def test_who_blocked_the_bot_and_comes_back_has_old_codes_hidden_and_can_see_them_again(
    chat_shop: BotHarness,
):
    await buy(chat_shop)
    await chat_shop.live(MINUTE)
    lina = chat_shop.person(LINA)
    await chat_shop.press(lina, "show:1", lina.inbox[0])
    chat_shop.world.blocked.add(LINA)
    await chat_shop.live(700, step=20)
    chat_shop.world.blocked.discard(LINA)
    assert shown(chat_shop) == 2  # nobody could hide what was shown again

    await lina.say("/start")
    await chat_shop.pump()
    await chat_shop.live(20)
    assert shown(chat_shop) == 1  # the delivery has its day
    await chat_shop.press(lina, "show:1", lina.inbox[0])

    assert (shown(chat_shop), await used(chat_shop)) == (2, 2)


def fail_calls(
    shop: BotHarness, monkeypatch: pytest.MonkeyPatch, *, while_: Callable[[str], bool], error: type
) -> None:
    """Let calls (their method is asked about) fail after sixteen seconds each."""
    inner = shop.telegram.handle_async_request

    async def handle(request: httpx.Request) -> httpx.Response:
        if while_(request.url.path.rpartition("/")[2]):
            shop.clock.pass_time(16)
            raise error("away", request=request)
        return await inner(request)

    monkeypatch.setattr(shop.telegram, "handle_async_request", handle)


@pytest.mark.parametrize(
    ("method", "error"),
    [
        (ANSWER, httpx.ReadTimeout),
        (ANSWER, httpx.ConnectError),
        ("editMessageText", httpx.ReadTimeout),
    ],
)
async def test_one_press_shows_codes_once_however_often_its_answer_fails(
    chat_shop: BotHarness, monkeypatch, method, error
):
    await buy(chat_shop)
    await chat_shop.live(MINUTE)
    before, lina, failing = shown(chat_shop), chat_shop.person(LINA), iter(range(3))

    def fails(called: str) -> bool:
        came = shown(chat_shop) > before
        return came and called == method and next(failing, None) is not None

    fail_calls(chat_shop, monkeypatch, while_=fails, error=error)
    await lina.forge("show:1", lina.inbox[0])
    await chat_shop.pump()

    assert (shown(chat_shop) - before, await used(chat_shop)) == (1, 1)


async def test_parts_that_came_with_a_pause_between_them_are_one_showing(harness: ShopHarness):
    customer, order = await delivered_in_parts(harness)
    send = harness.sender.send_codes

    async def slow(customer, of, code_message, *, again):
        if code_message.part:
            harness.clock.pass_time(31)  # a pause that Telegram asked for
        return await send(customer, of, code_message, again=again)

    harness.sender.send_codes = slow
    await show_again(harness.shop, customer, order.id)

    assert await came_now(harness, customer, order.id)
