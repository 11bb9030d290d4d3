"""What people type as answers and in commands, in three languages: through handlers and Telegram's API."""

import pytest

from bot.domain.records import PauseReason
from bot.errors import PaymentFailure, StorageFailure
from bot.refusals import CapReached, MethodOff, TooManyPayments
from bot.sandbox.telegram.world import buttons
from bot.services.selling.pauses import pause_selling
from handlers.screens.values import face_value
from locales.spelling import spell_dinars
from tests.bot_harness import LINA, VoucherBotHarness, bare
from tests.harness import OPERATOR
from tests.integration.typed_steps import (
    DIRECTION,
    ask_amount,
    ask_value,
    bot_harness,
    labels,
    newest,
)

__all__ = ["bot_harness"]  # a fixture


async def test_the_amount_that_the_prompt_shows_is_an_answer(bot_harness: VoucherBotHarness):
    await ask_amount(bot_harness)
    shown = bot_harness.words.money(200_000)
    await bot_harness.say(shown)

    assert shown in newest(bot_harness)
    assert "HN1" in newest(bot_harness)


async def test_what_is_no_amount_is_asked_again_with_bounds_example_and_buttons(
    bot_harness: VoucherBotHarness,
):
    await ask_amount(bot_harness)
    words = bot_harness.words
    for typed in ("1500.0000", "-500", "5", "300 000", "50 EUR", "12 34"):
        await bot_harness.say(typed)
        said = newest(bot_harness)
        assert words.money(20_000) in said, typed
        assert words.money(20_000_000) in said
        assert words.money(150_000) in said
        assert words.plain("button-home") in labels(bot_harness)
        assert words.plain("button-stop") in labels(bot_harness)
        assert ("EUR" in said) == ("EUR" in typed)
    await bot_harness.say("٥٠٠ دج")

    assert words.money(50_000) in newest(bot_harness)
    assert "HN1" in newest(bot_harness)


@pytest.mark.parametrize("meant", [True, False])
async def test_a_large_amount_is_asked_back_in_dinars_and_centimes(
    bot_harness: VoucherBotHarness, meant
):
    words = bot_harness.words
    await ask_amount(bot_harness)
    await bot_harness.say("19 999")
    assert "HN1" in newest(bot_harness), "not a large one"
    await ask_amount(bot_harness)
    await bot_harness.say("200000")
    assert "HN" not in newest(bot_harness)
    for figure in (
        words.money(20_000_000),
        spell_dinars(200_000, words.locale),
        words.number(20_000_000),
    ):
        assert figure in newest(bot_harness)
    question = bot_harness.lina.inbox[-1]
    whole, hundredth = [button["callback_data"] for button in buttons(question)[:2]]
    await bot_harness.press(bot_harness.lina, whole if meant else hundredth, question)

    asked = 20_000_000 if meant else 200_000
    assert "HN2" in newest(bot_harness)
    assert words.money(asked) in newest(bot_harness)


async def test_a_value_is_read_with_its_currency_and_refused_with_bounds(
    bot_harness: VoucherBotHarness,
):
    words = bot_harness.words
    await ask_value(bot_harness)
    for typed in ("4", "600 EUR", "37 USD", "37,50", "2000 DA", "50 dollars"):
        await bot_harness.say(typed)
        said = newest(bot_harness)
        assert face_value(words, 500, "EUR") in said, typed
        assert face_value(words, 50_000, "EUR") in said
        assert ("USD" in said or "$" in said) == (typed in ("37 USD", "50 dollars"))
        assert (words.plain("range-whole") in said) == (typed == "37,50")
        assert words.plain("button-stop") in labels(bot_harness)
        assert words.plain("button-home") in labels(bot_harness)
    await bot_harness.say(face_value(words, 3_700, "EUR"))

    assert "37" in newest(bot_harness)
    assert "3" in labels(bot_harness), "how many"


async def test_a_quantity_is_refused_with_its_bounds_and_buttons(bot_harness: VoucherBotHarness):
    await ask_value(bot_harness)
    await bot_harness.say("€37")
    asked = labels(bot_harness)
    for typed in ("0", "999", "2,5", "12 34", "3 DA"):
        await bot_harness.say(typed)
        assert newest(bot_harness) == bot_harness.words.plain(
            "quantity-refused", maximum=10, example=2
        ).translate(DIRECTION)
        assert set(labels(bot_harness)) == {*asked, bot_harness.words.plain("button-stop")}
    await bot_harness.say("٢")

    assert bot_harness.words.plain("button-buy-pay") in labels(bot_harness)


async def test_a_quantity_that_is_refused_for_a_pause_leaves_the_ways_on(
    bot_harness: VoucherBotHarness,
):
    await ask_value(bot_harness)
    await bot_harness.say("€37")
    await bot_harness.store.write(pause_selling, bot_harness.shop, PauseReason.AUDIT)
    await bot_harness.say("2")

    plain = bot_harness.words.plain
    assert newest(bot_harness) == plain("refused-paused").translate(DIRECTION)
    assert set(labels(bot_harness)) == {plain("button-stop"), plain("button-home")}
    await bot_harness.press_label(plain("button-stop"))
    await bot_harness.say(f"/start p_{10**9}")  # no such product: Home, and no question is open
    assert plain("button-stop") not in labels(bot_harness)


REFUSED_AMOUNTS = [
    MethodOff(),
    TooManyPayments(),
    CapReached(100),
    PaymentFailure("down"),
]


@pytest.mark.parametrize("error", REFUSED_AMOUNTS, ids=lambda error: type(error).__name__)
async def test_an_amount_that_is_refused_leaves_the_ways_on(
    bot_harness: VoucherBotHarness, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    async def refuses(*_: object) -> None:
        raise error

    await ask_amount(bot_harness)
    monkeypatch.setattr("handlers.payments.begin_payment", refuses)
    await bot_harness.say("2000")

    plain = bot_harness.words.plain
    assert set(labels(bot_harness)) == {plain("button-stop"), plain("button-home")}


async def test_a_command_that_is_refused_leads_home_only(
    bot_harness: VoucherBotHarness, monkeypatch: pytest.MonkeyPatch
):
    async def fails(*_: object) -> None:
        raise StorageFailure

    monkeypatch.setattr("handlers.my_orders.my_orders", fails)
    await bot_harness.say("/orders")

    assert labels(bot_harness) == [bot_harness.words.plain("button-home")]
    await bot_harness.say("/order abc", bot_harness.person(OPERATOR))
    assert not labels(bot_harness, OPERATOR), "operators type the command again"


async def ask_quantity(bot_harness: VoucherBotHarness) -> None:
    await ask_value(bot_harness)
    await bot_harness.say("37 €")


QUESTIONS = {"quantity": ask_quantity, "value": ask_value, "amount": ask_amount}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("typed", ["amazon", "zzz", "660 UC", "بلايستيشن"])
async def test_words_leave_a_question_and_are_searched_for(
    bot_harness: VoucherBotHarness, question, typed
):
    await QUESTIONS[question](bot_harness)
    before = len(bot_harness.lina.inbox)
    await bot_harness.say(typed)
    found = bare(newest(bot_harness))
    await bot_harness.say("2")

    assert found.startswith("🔎"), found
    assert typed in found
    assert bare(newest(bot_harness)).startswith("🔎"), "a later digit answers nothing any more"
    assert len(bot_harness.lina.inbox) == before + 2
    assert await bot_harness.balance(LINA) == 0


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_button_of_a_refusal_ends_its_question(bot_harness: VoucherBotHarness, question):
    await QUESTIONS[question](bot_harness)
    await bot_harness.say("12 34")
    refusal = bot_harness.lina.inbox[-1]
    assert bot_harness.words.plain("button-stop") in labels(bot_harness)
    for _ in range(5):
        await bot_harness.press(bot_harness.lina, "stop", refusal)
    await bot_harness.say("2")

    assert "/shop" in str(bot_harness.lina.inbox[-2])
    assert bare(newest(bot_harness)).startswith("🔎")


@pytest.mark.parametrize("typed", ["37", "37 €", "٣٧", "37 EUR"])
async def test_a_value_is_typed_below_a_product_without_its_button(
    bot_harness: VoucherBotHarness, typed
):
    await bot_harness.say("/search Amazon.de")
    await bot_harness.press_label("Amazon.de")
    await bot_harness.live(2)
    await bot_harness.say(typed)

    assert "37" in newest(bot_harness)
    assert "3" in labels(bot_harness), "how many"


async def test_a_value_typed_below_a_product_is_refused_or_searched_for(
    bot_harness: VoucherBotHarness,
):
    words = bot_harness.words
    await bot_harness.say("/search Amazon.de")
    await bot_harness.press_label("Amazon.de")
    await bot_harness.live(2)
    await bot_harness.say("4")

    assert face_value(words, 500, "EUR") in newest(bot_harness)
    await bot_harness.say("spotify")
    assert bare(newest(bot_harness)).startswith("🔎")
    await bot_harness.say("37")
    assert bare(newest(bot_harness)).startswith("🔎")


async def test_a_number_below_a_product_that_is_gone_is_searched_for(
    bot_harness: VoucherBotHarness, monkeypatch
):
    await bot_harness.say("/search Amazon.de")
    await bot_harness.press_label("Amazon.de")
    await bot_harness.live(2)
    with monkeypatch.context() as gone:
        gone.setattr("bot.services.catalogue.browse.exists", lambda *_, **__: False)
        await bot_harness.say("37")

    assert bare(newest(bot_harness)).startswith("🔎")


async def test_a_number_below_a_product_of_fixed_values_is_searched_for(
    bot_harness: VoucherBotHarness,
):
    await bot_harness.say("/search Amazon.com")
    await bot_harness.press_label("Amazon.com")
    await bot_harness.live(2)
    await bot_harness.say("37")

    assert bare(newest(bot_harness)).startswith("🔎")


@pytest.mark.parametrize("typed", ["200000 centimes", "2 000 000", "2 millions", "٢ مليون"])
async def test_centimes_are_shown_as_dinars_on_a_button(bot_harness: VoucherBotHarness, typed):
    words = bot_harness.words
    await ask_amount(bot_harness)
    await bot_harness.say(typed)
    dinars = 2_000 if "000 centimes" in typed else 20_000
    question = bot_harness.lina.inbox[-1]
    button = buttons(question)[0]

    assert button["callback_data"] == f"top:transfer:{dinars}"
    for figure in (words.money(dinars * 100), words.number(dinars * 100)):
        assert figure in bare(button["text"])
    assert words.money(20_000) in newest(bot_harness), "what is taken"
    for _ in range(2):
        await bot_harness.press(bot_harness.lina, button["callback_data"], question)
    assert "HN1" in newest(bot_harness)
