"""What people type as answers and in commands, in three languages: through handlers and Telegram's API."""

import pytest

from bot.domain.payments import PaymentState
from bot.domain.records import PauseReason
from bot.errors import PaymentFailure, StorageFailure
from bot.refusals import CapReached, MethodOff, TooManyPayments
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.selling.pauses import pause_selling
from handlers.screens.values import face_value
from locales import LOCALES, words
from locales.spelling import spell_dinars
from tests.bot_harness import LINA, PNG, VoucherBotHarness, bare
from tests.harness import OPERATOR, books_agree

DIRECTION = str.maketrans("", "", "\u200e\u200f\u061c\u2066\u2068\u2069")


@pytest.fixture(params=LOCALES)
async def bot_harness(sqlite_store, request):
    made = await VoucherBotHarness(sqlite_store, request.param).open()
    made.offer()
    made.set_policy(transfer_instructions=dict.fromkeys(LOCALES, "CCP 00 1234567890"))
    await made.say("/start")
    yield made
    await books_agree(made)
    await made.close()


def newest(bot_harness: VoucherBotHarness, who: int = LINA) -> str:
    return text_of(bot_harness.person(who).inbox[-1]).translate(DIRECTION)


def labels(bot_harness: VoucherBotHarness, who: int = LINA) -> list[str]:
    made = buttons(bot_harness.person(who).inbox[-1])
    return [button["text"].translate(DIRECTION) for button in made]


async def ask_amount(bot_harness: VoucherBotHarness) -> None:
    await bot_harness.say("/wallet")
    for key in ("button-topup", "button-pay-transfer", "button-amount"):
        await bot_harness.press_label(bot_harness.words.plain(key))


async def ask_value(bot_harness: VoucherBotHarness) -> None:
    await bot_harness.say("/search Amazon.de")
    await bot_harness.press_label("Amazon.de")
    await bot_harness.live(2)
    await bot_harness.press_label("EUR")


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


@pytest.mark.parametrize(
    ("typed", "minor", "note"),
    [
        ("5 000", 500_000, ""),
        ("12 000 CCP 21/11", 1_200_000, "CCP 21/11"),
        ("2 500,00", 250_000, ""),
        ("2 500 دج شكرا", 250_000, "شكرا"),
    ],
)
async def test_credits_are_read_whole(bot_harness: VoucherBotHarness, typed, minor, note):
    await bot_harness.say(f"/credit {LINA} {typed}", bot_harness.person(OPERATOR))

    assert await bot_harness.balance(LINA) == minor
    await bot_harness.live(2)
    assert bot_harness.words.money(minor) in bot_harness.told()
    assert note in bot_harness.told()


@pytest.mark.parametrize(
    "typed", ["1500.0000", "0.5000", "5 mille", "12 34 CCP", "5 000 centimes", "50 EUR", "0", ""]
)
async def test_what_is_no_amount_credits_nothing(bot_harness: VoucherBotHarness, typed):
    operator = bot_harness.person(OPERATOR)
    before = len(operator.inbox)
    await bot_harness.say(f"/credit {LINA} {typed}", operator)

    assert len(operator.inbox) == before + 1
    assert await bot_harness.balance(LINA) == 0


async def test_a_large_credit_is_asked_back_in_dinars_and_centimes(bot_harness: VoucherBotHarness):
    bot_harness.set_policy(confirm_above_minor=10_000_000)
    operator = bot_harness.person(OPERATOR)
    await bot_harness.say(f"/credit {LINA} 200000 CCP", operator)

    assert "two hundred thousand dinars" in newest(bot_harness, OPERATOR)
    assert "20,000,000 centimes" in newest(bot_harness, OPERATOR)
    assert await bot_harness.balance(LINA) == 0
    await bot_harness.press_label("Yes", operator)
    assert await bot_harness.balance(LINA) == 20_000_000


async def test_operators_read_operators_words(bot_harness: VoucherBotHarness):
    operator = bot_harness.person(OPERATOR)
    await bot_harness.say(f"/credit {LINA} 500", operator)
    for typed, said in (
        (f"/credit {LINA} -501", f"Nothing was deducted: the wallet of {LINA} has 500\u00a0DA"),
        ("/credit 999999 500", "999999"),
        ("/order 999", "Not found: #999"),
        ("/refund 999 because", "Not found: #999"),
        ("/payments HN999", "Not found: HN999"),
        ("/link p998 off", "Not found: p998"),
        ("/link p998 p999", "Not found: p998 p999"),
    ):
        await bot_harness.say(typed, operator)
        assert said in newest(bot_harness, OPERATOR)
        assert "shop" not in newest(bot_harness, OPERATOR).replace("has opened the shop", "")
    assert await bot_harness.balance(LINA) == 50_000


@pytest.mark.parametrize(
    "data", ["accept:999", "reject:999", "refund:999:1", "credit:999:1", "return:999"]
)
async def test_an_operators_press_on_what_is_gone_is_refused_in_operators_words(
    bot_harness: VoucherBotHarness, data
):
    operator = bot_harness.person(OPERATOR)
    for who, key in (
        (operator, "refused-not-found-operator"),
        (bot_harness.lina, "refused-not-found"),
    ):
        await bot_harness.say("/start", who)
        query = await who.forge(data)
        await bot_harness.pump_through()
        assert query.answer
        assert query.answer["text"] == words(who.language_code).plain(key)


async def test_what_an_operator_buys_is_refused_as_to_any_customer(bot_harness: VoucherBotHarness):
    operator = bot_harness.person(OPERATOR)
    await bot_harness.say("/start", operator)
    await bot_harness.press(operator, "accept:999")
    query = await operator.forge("order:999")
    await bot_harness.pump_through()

    assert query.answer
    assert query.answer["text"] == words(operator.language_code).plain("refused-not-found")


async def test_hiding_the_codes_of_an_order_of_somebody_else_or_of_nobody_is_refused(
    bot_harness: VoucherBotHarness,
):
    await bot_harness.customer(6)
    order = await bot_harness.buy(6)
    await bot_harness.say("/start")

    for order_id in (order.id, 999):
        query = await bot_harness.lina.forge(f"hide:{order_id}")
        await bot_harness.pump_through()
        assert query.answer
        assert query.answer["text"] == bot_harness.words.plain("refused-not-found")


async def ask_other_amount(bot_harness: VoucherBotHarness, asked: int) -> None:
    await ask_amount(bot_harness)
    await bot_harness.say(str(asked))
    await bot_harness.lina.attach(PNG, "receipt.png", photo=True)
    await bot_harness.pump()
    await bot_harness.live(2)
    await bot_harness.press_label("Other amount", bot_harness.person(OPERATOR))


@pytest.mark.parametrize(
    ("typed", "minor"), [("4 500", 450_000), ("4.500,50 DA", 450_050), ("٤٥٠٠", 450_000)]
)
async def test_another_amount_is_accepted_at_once(bot_harness: VoucherBotHarness, typed, minor):
    operator = bot_harness.person(OPERATOR)
    await ask_other_amount(bot_harness, 5000)
    for wrong in ("-4500", "4500 EUR", "12 34", "45.0000"):
        await bot_harness.say(wrong, operator)
        assert "in dinars, for example 5,000\u00a0DA" in newest(bot_harness, OPERATOR)
    await bot_harness.say(typed, operator)

    assert await bot_harness.balance(LINA) == minor


@pytest.mark.parametrize("typed", ["450000", "10 001", "50"])
@pytest.mark.parametrize("confirmed", [True, False])
async def test_another_amount_is_confirmed_if_large_or_a_hundred_times_off(
    bot_harness: VoucherBotHarness, typed, confirmed
):
    bot_harness.set_policy(confirm_above_minor=1_000_000)
    operator = bot_harness.person(OPERATOR)
    await ask_other_amount(bot_harness, 5000)
    await bot_harness.say(typed, operator)
    assert await bot_harness.balance(LINA) == 0
    assert "5,000\u00a0DA" in newest(bot_harness, OPERATOR)
    assert "centimes" in newest(bot_harness, OPERATOR)
    question = operator.inbox[-1]
    yes, no = [button["callback_data"] for button in buttons(question)]
    await bot_harness.press(operator, yes if confirmed else no, question)
    await bot_harness.press(operator, yes if confirmed else no, question)

    minor = int(typed.replace(" ", "")) * 100
    assert await bot_harness.balance(LINA) == (minor if confirmed else 0)
    async with bot_harness.shop.store.reading() as tx:
        (payment,) = await tx.payments.of_user(
            LINA, list(PaymentState), bot_harness.clock.now().replace(year=2000), 9
        )
    assert payment.state is (PaymentState.CREDITED if confirmed else PaymentState.REVIEW)


async def test_the_way_back_ends_the_question_for_an_amount(bot_harness: VoucherBotHarness):
    operator = bot_harness.person(OPERATOR)
    await ask_other_amount(bot_harness, 5000)
    await bot_harness.press_label("Back", operator)
    await bot_harness.say("4500", operator)

    assert await bot_harness.balance(LINA) == 0
    assert bare(newest(bot_harness, OPERATOR)).startswith("🔎")


async def test_an_amount_in_centimes_is_confirmed_in_dinars(bot_harness: VoucherBotHarness):
    operator = bot_harness.person(OPERATOR)
    await ask_other_amount(bot_harness, 5000)
    await bot_harness.say("450 000 centimes", operator)

    assert await bot_harness.balance(LINA) == 0
    assert "4,500\u00a0DA" in newest(bot_harness, OPERATOR)
    await bot_harness.press_label("Yes", operator)
    assert await bot_harness.balance(LINA) == 450_000


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


async def test_operators_words_leave_the_question_for_an_amount(bot_harness: VoucherBotHarness):
    operator = bot_harness.person(OPERATOR)
    await ask_other_amount(bot_harness, 5000)
    await bot_harness.say("never mind", operator)
    said = [bare(text_of(m)) for m in operator.inbox]
    await bot_harness.say("4500", operator)

    assert "Nothing was changed." in said
    assert bare(newest(bot_harness, OPERATOR)).startswith("🔎")
    assert await bot_harness.balance(LINA) == 0


@pytest.mark.parametrize("label", ["Reject", "Other amount"])
async def test_a_decided_payment_is_not_asked_about_again(bot_harness: VoucherBotHarness, label):
    operator = bot_harness.person(OPERATOR)
    await ask_other_amount(bot_harness, 5000)
    await bot_harness.say("4500", operator)
    before = len(operator.inbox)
    await bot_harness.press_label(label, operator)

    assert len(operator.inbox) == before
    assert any("was already decided" in text_of(m) for m in operator.inbox)


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


async def test_a_reason_is_words_of_a_certain_length(bot_harness: VoucherBotHarness):
    operator = bot_harness.person(OPERATOR)
    await ask_amount(bot_harness)
    await bot_harness.say("5000")
    await bot_harness.lina.attach(PNG, "receipt.png", photo=True)
    await bot_harness.pump()
    await bot_harness.live(2)
    for label in ("Reject", "In my own words"):
        await bot_harness.press_label(label, operator)
    await bot_harness.say("x" * 301, operator)
    assert "up to 300 letters" in newest(bot_harness, OPERATOR)
    await operator.attach(PNG, "no.png", photo=True)
    await bot_harness.pump()
    assert "up to 300 letters" in newest(bot_harness, OPERATOR)
    assert "Cancel" in str(labels(bot_harness, OPERATOR))
    await bot_harness.say("wrong account", operator)
    await bot_harness.live(2)

    assert "wrong account" in bot_harness.told()
