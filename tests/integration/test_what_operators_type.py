"""What operators type as answers and in commands, in three languages: through handlers and Telegram's API."""

import pytest

from bot.domain.payments import PaymentState
from bot.sandbox.telegram.world import buttons, text_of
from locales import words
from tests.bot_harness import LINA, PNG, VoucherBotHarness, bare
from tests.harness import OPERATOR
from tests.integration.typed_steps import ask_amount, bot_harness, labels, newest

__all__ = ["bot_harness"]  # a fixture


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


async def test_the_largest_id_that_telegram_gives_can_be_credited_and_found(
    bot_harness: VoucherBotHarness,
):
    """It has sixteen digits."""
    largest, operator = 2**52 - 1, bot_harness.person(OPERATOR)
    await bot_harness.say("/start", bot_harness.person(largest))
    await bot_harness.say(f"/credit {largest} 500", operator)

    assert await bot_harness.balance(largest) == 50_000
    await bot_harness.say(f"/user {largest}", operator)
    assert str(largest) in newest(bot_harness, OPERATOR)
    await bot_harness.say(f"/credit {largest + 1} 500", operator)
    assert "/credit 123456789" in newest(bot_harness, OPERATOR)


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
    assert "up to 300 characters" in newest(bot_harness, OPERATOR)
    await operator.attach(PNG, "no.png", photo=True)
    await bot_harness.pump()
    assert "up to 300 characters" in newest(bot_harness, OPERATOR)
    assert "Cancel" in str(labels(bot_harness, OPERATOR))
    await bot_harness.say("wrong account", operator)
    await bot_harness.live(2)

    assert "wrong account" in bot_harness.told()


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("1,00,0", "groups"),
        ("1e3", "more"),
        ("5k", "more"),
        ("12 34 CCP", "more"),
        ("1500.0000", "decimals"),
        ("0.005", "decimals"),
        ("0", "zero"),
        ("-0", "zero"),
        ("CCP", "no-number"),
        ("½", "no-number"),
    ],
)
async def test_a_credit_says_what_is_wrong_with_its_amount(
    bot_harness: VoucherBotHarness, typed, fault
):
    operator = bot_harness.person(OPERATOR)
    await bot_harness.say(f"/credit {LINA} {typed}", operator)

    assert words("en").plain(f"amount-fault-{fault}") in newest(bot_harness, OPERATOR)
    assert "/credit 123456789 1500" in newest(bot_harness, OPERATOR)
    assert await bot_harness.balance(LINA) == 0


@pytest.mark.parametrize(
    ("typed", "minor"), [("١٠٠٠", 100_000), ("1.005", 100_500), ("1 000", 100_000)]
)
async def test_a_credit_reads_groups_and_arabic_digits(
    bot_harness: VoucherBotHarness, typed, minor
):
    await bot_harness.say(f"/credit {LINA} {typed}", bot_harness.person(OPERATOR))

    assert await bot_harness.balance(LINA) == minor


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("5 1,00,0", "amount-fault-groups"),
        ("5 1e3", "amount-fault-more"),
        ("5 -20", "amount-fault-below-zero"),
        ("5 20 30", "amount-fault-more"),
    ],
)
async def test_a_markup_says_what_is_wrong_with_its_amount(
    bot_harness: VoucherBotHarness, typed, key
):
    operator = bot_harness.person(OPERATOR)
    await bot_harness.say(f"/markup c1 {typed}", operator)

    assert words("en").plain(key) in newest(bot_harness, OPERATOR)


@pytest.mark.parametrize("typed", ["abc", "1001", "-5"])
async def test_a_markup_says_what_is_wrong_with_its_percentage(
    bot_harness: VoucherBotHarness, typed
):
    operator = bot_harness.person(OPERATOR)
    await bot_harness.say(f"/markup c1 {typed}", operator)

    assert "isn’t a number from 0 to 1000" in newest(bot_harness, OPERATOR)
