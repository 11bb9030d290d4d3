"""A double tap on Show spends one of the few showings: the codes are still on the screen."""

import pytest

from bot.domain.records import Customer, Locale
from bot.domain.supplier import SupplierStatus
from bot.errors import SendFailure
from bot.sandbox.telegram.world import spoilers
from bot.services.codes.reveal import is_on_screen, show_again
from bot.services.orders.settle import settle_order
from locales import LOCALES, words
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import ShopHarness
from tests.integration.order_steps import accepted_order, report


def shown(shop: BotHarness) -> int:
    """How many messages show codes in her chat."""
    return sum(bool(spoilers(message)) for message in shop.person(LINA).inbox)


async def used(shop: ShopHarness) -> int:
    async with shop.store.reading() as tx:
        return await tx.codes.count_reveals(1)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_second_press_points_to_the_codes_and_spends_nothing(
    chat_shop: BotHarness, locale: str
):
    lina = chat_shop.person(LINA, locale)
    await chat_shop.refresh()
    await lina.say("/start")
    await chat_shop.pump()
    await chat_shop.credit(LINA, 100_000)
    await chat_shop.press_to_buy(lina, 1)
    await chat_shop.live(20)

    screen = lina.inbox[0]  # not the delivery, which it would replace
    await lina.forge("show:1", screen)
    second = await lina.forge("show:1", screen)
    await chat_shop.pump()

    assert (shown(chat_shop), await used(chat_shop)) == (2, 1)  # the first is the delivery
    said = bare(words(locale).plain("toast-on-screen"))
    assert second.answer is not None
    assert bare(second.answer["text"]) == said

    await chat_shop.live(660, step=30)  # hidden by now
    await chat_shop.press(lina, "show:1", screen)

    assert await used(chat_shop) == 2


async def test_codes_of_which_a_part_is_not_on_the_screen_are_shown(harness: ShopHarness):
    customer = Customer(1, Locale.EN)
    order = await accepted_order(harness, 2)
    cards = ["A" * 16, "B" * 16]
    await settle_order(harness.shop, order, report(order, cards=cards[:1]))
    said = report(order, SupplierStatus.FULFILLED, cards, final=True)
    await settle_order(harness.shop, order, said)
    await harness.round()
    assert not await is_on_screen(harness.shop, customer, order.id)
    send = harness.sender.send_codes

    async def first_part_alone(customer, of, code_message, *, again):
        if code_message.part:
            raise SendFailure
        return await send(customer, of, code_message, again=again)

    harness.sender.send_codes = first_part_alone
    with pytest.raises(SendFailure):
        await show_again(harness.shop, customer, order.id)
    assert not await is_on_screen(harness.shop, customer, order.id)

    harness.sender.send_codes = send
    await show_again(harness.shop, customer, order.id)
    assert await is_on_screen(harness.shop, customer, order.id)
