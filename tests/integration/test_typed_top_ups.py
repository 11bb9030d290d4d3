"""Amounts that are typed below those on offer, and amounts with centimes, in three languages."""

import pytest

from bot.sandbox.telegram.world import buttons, text_of
from tests.bot_harness import VoucherBotHarness, bare
from tests.integration.typed_steps import DIRECTION, ask_amount, bot_harness, labels, newest

__all__ = ["bot_harness"]  # a fixture


async def offer_amounts(bot_harness: VoucherBotHarness, method: str = "transfer") -> None:
    await bot_harness.say("/wallet")
    for key in ("button-topup", f"button-pay-{method}"):
        await bot_harness.press_label(bot_harness.words.plain(key))


def rounded(bot_harness: VoucherBotHarness, typed: int, amount: int) -> str:
    money = bot_harness.words.money
    said = bot_harness.words.plain("topup-rounded", typed=money(typed), amount=money(amount))
    return said.translate(DIRECTION)


@pytest.mark.parametrize("typed", ["3000", "3 000 DA", "٣٠٠٠", "3 mille"])
async def test_an_amount_is_typed_below_those_on_offer(bot_harness: VoucherBotHarness, typed):
    await offer_amounts(bot_harness)
    await bot_harness.say(typed)

    assert "HN1" in newest(bot_harness)
    assert bot_harness.words.money(300_000) in newest(bot_harness)


async def test_where_there_is_one_method_an_amount_is_typed_below_top_up(
    bot_harness: VoucherBotHarness, monkeypatch
):
    ways = bot_harness.shop.payment_methods
    for method in [one for one in ways if one != "transfer"]:
        monkeypatch.delitem(ways, method)
    await bot_harness.say("/wallet")
    await bot_harness.press_label(bot_harness.words.plain("button-topup"))
    await bot_harness.say("3000")

    assert "HN1" in newest(bot_harness)


async def test_what_is_no_amount_is_refused_below_those_on_offer(bot_harness: VoucherBotHarness):
    words = bot_harness.words
    await offer_amounts(bot_harness)
    for typed in ("5", "-500", "12 34", "½", "1.0005"):
        await bot_harness.say(typed)
        assert words.money(20_000) in newest(bot_harness), typed
        assert words.plain("button-stop") in labels(bot_harness)
    await bot_harness.say("2000")

    assert "HN1" in newest(bot_harness)


@pytest.mark.parametrize("leave", ["words", "a button", "an hour"])
async def test_a_number_that_comes_later_is_searched_for(bot_harness: VoucherBotHarness, leave):
    await offer_amounts(bot_harness)
    if leave == "words":
        await bot_harness.say("zzz")
    if leave == "a button":
        await bot_harness.press(bot_harness.lina, "home", bot_harness.lina.inbox[-1])
    if leave == "an hour":
        bot_harness.clock.pass_time(3601)
    await bot_harness.say("3000")

    assert bare(newest(bot_harness)).startswith("🔎")


@pytest.mark.parametrize("typed", ["1500.50", "1 500,5 DA"])
async def test_centimes_of_a_transfer_are_rounded_up_and_that_is_said(
    bot_harness: VoucherBotHarness, typed
):
    await ask_amount(bot_harness)
    await bot_harness.say(typed)

    assert "HN1" in newest(bot_harness)
    assert rounded(bot_harness, 150_050, 150_100) in newest(bot_harness)


async def test_whole_dinars_are_taken_as_they_are(bot_harness: VoucherBotHarness):
    await ask_amount(bot_harness)
    await bot_harness.say("1500,00")

    assert "HN1" in newest(bot_harness)
    assert rounded(bot_harness, 150_000, 150_000) not in newest(bot_harness)
    assert len(text_of(bot_harness.lina.inbox[-1]).splitlines()) == 4


async def test_what_whole_stars_are_worth_is_said(bot_harness: VoucherBotHarness):
    await offer_amounts(bot_harness, "stars")
    await bot_harness.say("1000")
    await bot_harness.live(2)

    told = "\n".join(text_of(one) for one in bot_harness.lina.inbox).translate(DIRECTION)
    assert rounded(bot_harness, 100_000, 100_050) in told


@pytest.mark.parametrize(
    ("typed", "exact", "whole"),
    [
        ("150050 centimes", 150_050, 150_100),
        ("2 000 050", 2_000_050, 2_000_100),
        ("50 000,50", 5_000_050, 5_000_100),
        ("50 050", 50_050, 50_100),
    ],
)
async def test_a_button_with_another_amount_than_was_typed_is_explained(
    bot_harness: VoucherBotHarness, typed, exact, whole
):
    await ask_amount(bot_harness)
    await bot_harness.say(typed)

    assert bot_harness.words.money(exact) in newest(bot_harness)
    assert rounded(bot_harness, exact, whole) in newest(bot_harness)
    made = [button["callback_data"] for button in buttons(bot_harness.lina.inbox[-1])]
    assert f"top:transfer:{whole // 100}" in made
