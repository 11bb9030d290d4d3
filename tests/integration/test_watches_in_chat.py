"""Waiting for a value in the chat: offered on what is sold out, listed, and taken off."""

from bot.domain.outbox import OutboxKind
from bot.sandbox.telegram.world import text_of
from bot.services.catalogue.refresh import refresh_product
from bot.services.operations import watches
from bot.services.operations.watches import my_watches
from tests.bot_harness import LINA, BotHarness, bare
from tests.integration.watch_steps import LOOK, sold_out


async def test_the_press_on_a_sold_out_value_offers_it_and_the_news_leads_to_the_quantity(
    chat_shop: BotHarness,
):
    lina = chat_shop.person(LINA)
    await lina.say("/start")
    await chat_shop.pump()
    value = await sold_out(chat_shop)
    await chat_shop.press(lina, f"sold:{value}")
    assert "is sold out" in text_of(lina.inbox[-1])

    for _ in range(5):
        await chat_shop.press(lina, f"watch:{value}")
    assert "We’ll message you here when PlayStation USA · 10\u00a0$ is back" in bare(
        text_of(lina.inbox[-1])
    )
    assert len(await my_watches(chat_shop.shop, LINA, "en")) == 1
    await chat_shop.press(lina, "langs")
    assert await chat_shop.press_newest(lina, "watches")
    assert "Your stock alerts" in text_of(lina.inbox[-1])
    chat_shop.kind().quantity = 3
    await chat_shop.run(3 * LOOK)
    await chat_shop.pump()

    assert "is back in stock" in text_of(lina.inbox[-1])
    async with chat_shop.store.reading() as tx:
        assert not await tx.outbox.is_waiting(LINA, OutboxKind.BACK)
    assert await chat_shop.press_newest(lina, f"den:{value}")
    assert "How many?" in text_of(lina.inbox[-1])
    await chat_shop.press(lina, f"watch:{value}")
    assert "is back in stock" in text_of(lina.inbox[-1]), "there is nothing to wait for"


async def test_the_list_takes_values_off_and_a_sixth_is_refused(chat_shop: BotHarness, monkeypatch):
    lina = chat_shop.person(LINA)
    await lina.say("/start")
    await chat_shop.pump()
    value = await sold_out(chat_shop)
    other = await sold_out(chat_shop, label="25 $")
    monkeypatch.setattr(watches, "MOST_WATCHES", 1)
    await chat_shop.press(lina, f"watch:{value}")

    await chat_shop.press(lina, f"watch:{other}")
    assert "Remove one first" in text_of(lina.inbox[-1])
    await chat_shop.press(lina, f"unwatch:{value}")
    assert "No alerts yet" in text_of(lina.inbox[-1])
    await chat_shop.press(lina, f"unwatch:{other}")

    assert await my_watches(chat_shop.shop, LINA, "en") == ()


async def test_a_stale_button_of_a_sold_out_value_offers_to_tell(chat_shop: BotHarness):
    lina = chat_shop.person(LINA)
    await lina.say("/start")
    await chat_shop.pump()
    value = await sold_out(chat_shop)

    await chat_shop.press(lina, f"den:{value}")
    assert "is sold out" in text_of(lina.inbox[-1])
    chat_shop.kind().quantity = 4
    product = chat_shop.shop.shelf.denomination(value).product_id
    await refresh_product(chat_shop.shop, product)
    await chat_shop.press(lina, f"sold:{value}")

    assert "is back in stock" in text_of(lina.inbox[-1])
