"""What breaks a handler, in the running shop: the chat goes on, the operator brings it back."""

import pytest

from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import text_of


@pytest.mark.measured
async def test_a_message_whose_answer_always_fails_is_set_aside_and_brought_back(
    simulation, open_shop, shopper, operator
):
    await open_shop()
    lina = await shopper()
    for _ in range(10):  # five tries, each with its answer
        refusal = ApiError(400, "Bad Request: SOMETHING_NEW")
        simulation.world.refusals.append(("sendMessage", refusal))

    await lina.me.say("/wallet")
    await lina.me.say("/help")
    simulation.world.refusals[:] = simulation.world.refusals[:5]
    alert = await operator.reads("was set aside")
    await lina.me.reads("How it works")

    assert "BadRequest" in text_of(alert)
    attention = await operator.ask_and_read("/attention", "set aside")
    assert "1" in text_of(attention)
    await operator.press("Retry the messages", attention)
    await lina.me.reads("👛 Wallet")
    await operator.ask_and_read("/attention", "Nothing needs your attention")


async def test_an_update_that_cannot_be_read_does_not_stop_the_polling(
    simulation, open_shop, shopper, operator
):
    shop = await open_shop()
    lina = await shopper()
    simulation.world.push(
        "message", {"message_id": "no number", "from": {"id": 5}, "text": "SECRET"}
    )

    await lina.me.ask_and_read("/help", "How it works")

    await operator.reads("was set aside")
    assert "SECRET" not in shop.log


async def test_the_books_are_told_in_the_operators_language(
    simulation, open_shop, shopper, operator
):
    """test_pictures.py asks for them in each language."""
    await open_shop()
    lina = await shopper(dinars=50_000)
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    await operator.press("العربية", await operator.ask_and_read("/language", "language"))

    audited = await operator.ask_and_read("/audit", "كل شيء متطابق")

    assert text_of(audited).count("✓") == 11
