"""A customer is forgotten by buttons, and what is pressed and answered afterwards."""

from bot.domain.outbox import OutboxKind
from bot.sandbox.telegram.world import buttons, spoilers, text_of
from bot.services.operations.watches import watch_value
from tests.bot_harness import BotHarness
from tests.harness import OPERATOR
from tests.integration.forgetting_steps import NADIA, empty_wallet, everything, forget
from tests.integration.watch_steps import sold_out


async def chatting(shop: BotHarness):
    nadia = shop.person(NADIA)
    await nadia.say("/start")
    await shop.pump()
    await shop.credit(NADIA, 9_000)
    await shop.press_to_buy(nadia, 1)
    await shop.live(30)
    assert any(spoilers(m) for m in nadia.inbox)
    return nadia


async def test_a_customer_is_asked_and_forgotten_by_buttons(chat_shop: BotHarness):
    nadia = await chatting(chat_shop)
    await nadia.say("/privacy")
    await chat_shop.pump()
    assert await chat_shop.press_newest(nadia, "forget")
    assert "Your balance is" in text_of(nadia.inbox[-1])
    await empty_wallet(chat_shop)
    await chat_shop.live(5)
    await nadia.say("/privacy")
    await chat_shop.pump()
    await chat_shop.press_newest(nadia, "forget")
    question = nadia.inbox[-1]
    assert "can’t be undone" in text_of(question)
    (data,) = [
        b["callback_data"] for b in buttons(question) if "erase" in b.get("callback_data", "")
    ]

    await chat_shop.press(nadia, data, question)
    assert "Your data has been deleted" in text_of(nadia.inbox[-1])
    await chat_shop.press(nadia, data, question)
    assert "Your data has been deleted" in text_of(nadia.inbox[-1])

    assert not any(spoilers(m) for m in nadia.inbox), "the chat shows no codes any more"
    (hidden,) = [m for m in nadia.inbox if "codes hidden" in text_of(m)]
    assert "you asked us to delete your data" in text_of(hidden)
    assert "/orders" not in text_of(hidden)
    assert not any("rebuy:" in b.get("callback_data", "") for b in buttons(hidden))
    left = {n for n, rows in (await everything(chat_shop)).items() if str(NADIA) in rows}
    assert left == set()
    await nadia.say("/orders")
    await chat_shop.pump()
    assert "No orders yet" in text_of(nadia.inbox[-1])
    operator = chat_shop.person(OPERATOR)
    await operator.say("/actions")
    await chat_shop.pump()
    assert "deleted at their request" in text_of(operator.inbox[-1])


async def test_one_person_is_forgotten_three_times_an_hour_at_most(chat_shop: BotHarness):
    nadia = chat_shop.person(NADIA)

    async def ask_and_press() -> str:
        await nadia.say("/privacy")
        await chat_shop.pump()
        await chat_shop.press_newest(nadia, "forget")
        await chat_shop.press_newest(nadia, "erase")
        return text_of(nadia.inbox[-1])

    async def has_row() -> bool:
        async with chat_shop.store.reading() as tx:
            return await tx.customers.get(NADIA) is not None

    for _ in range(3):
        assert "Your data has been deleted" in await ask_and_press()
        assert not await has_row()
    assert "again in 60 minutes" in await ask_and_press()
    assert await has_row()
    chat_shop.clock.pass_time(3600)

    assert "Your data has been deleted" in await ask_and_press()


async def test_an_operators_reply_to_somebody_forgotten_reaches_nobody(chat_shop: BotHarness):
    nadia = chat_shop.person(NADIA)
    await nadia.say("/start")
    await chat_shop.pump()
    await nadia.say("/paysupport where is it?")
    await chat_shop.pump()
    await chat_shop.send()
    operator = chat_shop.person(OPERATOR)
    heading = next(m for m in operator.inbox if "settled:" in str(buttons(m)))
    await forget(chat_shop)

    await operator.say("here", reply_to=heading)
    await chat_shop.pump()

    assert "Not sent" in text_of(operator.inbox[-1])


async def test_a_stale_confirmation_is_refused_in_words(chat_shop: BotHarness):
    nadia = chat_shop.person(NADIA)
    await nadia.say("/start")
    await chat_shop.pump()

    for forged in ("erase:1", "erase:999999999999999"):
        await chat_shop.press(nadia, forged)

    async with chat_shop.store.reading() as tx:
        assert await tx.customers.get(NADIA) is not None


async def test_the_news_of_a_value_is_not_sent_to_somebody_forgotten(chat_shop: BotHarness):
    nadia = chat_shop.person(NADIA)
    await nadia.say("/start")
    await chat_shop.pump()
    value = await sold_out(chat_shop)
    await watch_value(chat_shop.shop, NADIA, value)

    async def queue(tx):
        now = chat_shop.clock.now()
        data = {"value": str(value), "since": now.isoformat()}
        await tx.outbox.add(f"back:{value}:{NADIA}:1", NADIA, OutboxKind.BACK, now, data=data)

    await chat_shop.store.write(queue)
    await forget(chat_shop)

    assert [n for n, rows in (await everything(chat_shop)).items() if str(NADIA) in rows] == []
