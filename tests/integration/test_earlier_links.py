"""A second link for an order: the customer has it before the provider is asked to end the first."""

from bot.domain.payments import Method
from bot.sandbox.telegram.world import buttons
from tests.bot_harness import LINA, BotHarness


def links(shop: BotHarness) -> list[str]:
    return [b["url"] for m in shop.person(LINA).inbox for b in buttons(m) if "url" in b]


async def test_the_new_link_is_there_before_the_earlier_one_is_ended(
    chat_shop: BotHarness, monkeypatch
):
    lina = chat_shop.person(LINA)
    await chat_shop.refresh()
    await chat_shop.press_to_buy(lina, 1)
    await chat_shop.press_newest(lina, "pay:.*:chargily")
    (first,) = links(chat_shop)
    chat_shop.clock.pass_time(21 * 60)
    provider = chat_shop.shop.payment_methods[Method.CHARGILY]
    withdraw, ended = provider.withdraw, []

    async def look(payment):
        ended.append((payment.url, links(chat_shop)))
        await withdraw(payment)

    monkeypatch.setattr(provider, "withdraw", look)
    await chat_shop.press(lina, "pay:1:chargily")

    ((withdrawn, seen),) = ended
    assert withdrawn == first
    assert seen == links(chat_shop) != [first]
