"""What people type as answers and in commands, in three languages: through handlers and Telegram's API."""

import pytest

from bot.domain.payments import PaymentState
from bot.sandbox.telegram.world import buttons, text_of
from locales import LOCALES
from locales.spelling import spell_dinars
from tests.bot_harness import LINA, PNG, VoucherBotHarness, bare
from tests.harness import OPERATOR, books_agree

DIRECTION = str.maketrans("", "", "\u200e\u200f\u061c\u2068\u2069")


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
    for typed in ("beaucoup", "1500.0000", "-500", "5", "300 000", "50 EUR"):
        await bot_harness.say(typed)
        said = newest(bot_harness)
        assert words.money(20_000) in said, typed
        assert words.money(20_000_000) in said
        assert words.money(150_000) in said
        assert words.plain("button-home") in labels(bot_harness)
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
    for typed in ("beaucoup", "4", "600 EUR", "37 USD", "37,50", "2000 DA"):
        await bot_harness.say(typed)
        said = newest(bot_harness)
        assert words.value(500, "EUR") in said, typed
        assert words.value(50_000, "EUR") in said
        assert ("USD" in said) == ("USD" in typed)
        assert words.plain("button-home") in labels(bot_harness)
    await bot_harness.say(words.value(3_700, "EUR"))

    assert "37" in newest(bot_harness)
    assert "3" in labels(bot_harness), "how many"


async def test_a_quantity_is_refused_with_its_bounds_and_buttons(bot_harness: VoucherBotHarness):
    await ask_value(bot_harness)
    await bot_harness.say("€37")
    asked = labels(bot_harness)
    for typed in ("beaucoup", "0", "999", "2,5", "12 34", "3 DA"):
        await bot_harness.say(typed)
        assert newest(bot_harness) == bot_harness.words.plain(
            "quantity-refused", maximum=10, example=2
        ).translate(DIRECTION)
        assert labels(bot_harness) == asked
    await bot_harness.say("٢")

    assert bot_harness.words.plain("button-buy-pay") in labels(bot_harness)


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
        (f"/credit {LINA} -501", f"The wallet of {LINA} has 500\u00a0DA"),
        ("/credit 999999 500", "999999"),
        ("/order 999", "#999 does not exist"),
        ("/refund 999 because", "#999 does not exist"),
        ("/payments HN999", "HN999 does not exist"),
    ):
        await bot_harness.say(typed, operator)
        assert said in newest(bot_harness, OPERATOR)
        assert "shop" not in newest(bot_harness, OPERATOR).replace("ever opened the shop", "")
    assert await bot_harness.balance(LINA) == 50_000


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
    for wrong in ("lots", "-4500", "4500 EUR", "4500 centimes"):
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
