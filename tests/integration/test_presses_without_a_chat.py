"""A press below a message that was sent by way of another chat has no chat: it is answered, and does nothing."""

from tests.bot_harness import LINA, BotHarness


async def test_a_press_below_an_inline_message_is_answered(sqlite_store):
    shop = await BotHarness(sqlite_store).open()
    shop.offer()
    lina = shop.person(LINA)
    await lina.say("/start")
    await shop.pump()
    said = len(shop.world.calls)

    await lina.forge("topup", inline_message_id="inline-7")
    await shop.pump()

    made = [name for _, name, _ in shop.world.calls[said:] if name != "getUpdates"]
    assert made == ["answerCallbackQuery"]
    await shop.close()
