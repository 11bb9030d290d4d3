"""Paying in, as a process between both simulators: each way, and all that goes wrong."""

import asyncio
import re

import httpx
import pytest

from bot.sandbox.simulation import chargily_settings
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import buttons, labels, text_of
from locales import words
from tests.e2e.payer import checkout_of, ocpay_of, reference_in
from tests.e2e.shop import MARKS, ShopProcess, run_command

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89"
)


@pytest.mark.measured
async def test_each_way_fills_a_wallet(simulation, pay_shop, payer, operator):
    """One after the other, each by a person of its own: accepted, rejected, by card, in Stars.

    tests/integration/test_payments_in_three_languages.py does the same in each language.
    """
    await pay_shop()
    await _transfer(await payer(5, "fr"), operator)
    await _rejected(await payer(6, "fr"), operator)
    await _card(simulation, await payer(7, "fr"))
    await _stars(simulation, await payer(8, "fr"), operator)


async def _transfer(lina, operator):

    shown = await lina.choose("transfer", 5000)
    assert "00 1234567890" in text_of(shown)
    assert {"copy_text": {"text": "001234567890"}, "text": "📋 00 1234567890"} in [
        {**button, "text": button["text"].translate(MARKS)} for button in buttons(shown)
    ]
    reference = reference_in(shown)
    assert reference in str(shown["reply_markup"])
    await lina.me.attach(PNG, "receipt.png", photo=True)
    await lina.me.reads("🧾")
    receipt = await operator.reads(reference)
    assert receipt["photo"]
    assert "5,000" in text_of(receipt)
    await operator.press("Approve", receipt)
    await operator.reads("✓")
    await lina.me.reads("✅")
    assert await lina.wallet() == lina.amount(5000)
    # The first decision stands, whoever presses what afterwards.
    await operator.forge(f"accept:{reference[2:]}", receipt)
    await operator.reads("was already decided")
    assert await lina.wallet() == lina.amount(5000)
    assert "approved" in text_of(await operator.ask_and_read("/actions", "📒"))


@pytest.mark.measured
async def test_a_receipt_of_another_amount_is_accepted_with_what_came(pay_shop, payer, operator):
    await pay_shop()
    lina = await payer()
    reference = reference_in(await lina.choose("transfer", 5000))
    await lina.me.attach(b"%PDF-1.4", "receipt.pdf", photo=False)
    receipt = await operator.reads(reference)
    await operator.press_and_read("Other amount", "How much was received", receipt)
    refusal = words("en").plain("other-refused", reference=reference, example=lina.amount(5000))
    await operator.ask_and_read("0", refusal)
    await operator.ask_and_read("4500", "4,500")
    await lina.me.reads("✅")
    assert await lina.wallet() == lina.amount(4500)


async def _rejected(lina, operator):
    reference = reference_in(await lina.choose("transfer", 1000))
    await lina.me.attach(PNG + b"blurred", "receipt.png", photo=True)
    receipt = await operator.reads(reference)
    why = await operator.press_and_read("Reject", "Why are you rejecting", receipt)
    await operator.press_and_read("can’t be read", "was rejected", why)
    await lina.me.reads(lina.line("rejected-unreadable"))
    assert await lina.wallet() == lina.amount(0)
    seen = sum("photo" in m for m in operator.inbox)
    await lina.me.attach(PNG + b"again", "receipt.png", photo=True)
    await operator.until(lambda me: sum("photo" in m for m in me.inbox) > seen)
    again = [m for m in operator.inbox if "photo" in m][-1]
    await operator.press("Approve", again)
    await lina.me.reads("✅")
    assert await lina.wallet() == lina.amount(1000)


async def test_the_same_receipt_of_two_people_is_flagged(pay_shop, payer, operator):
    await pay_shop()
    first, second = await payer(5), await payer(6)
    one = reference_in(await first.choose("transfer", 1000))
    await first.me.attach(PNG, "receipt.png", photo=True)
    await operator.reads(one)
    two = reference_in(await second.choose("transfer", 1000))
    await second.me.attach(PNG, "receipt.png", photo=True)
    flagged = await operator.reads("The same receipt")
    assert one in text_of(flagged)
    assert two in text_of(flagged)


async def _card(simulation, lina):
    shown = await lina.choose("ocpay", 2000)
    (link,) = [b["url"] for b in buttons(shown) if "url" in b]
    payment = ocpay_of(simulation)
    assert link.endswith(payment.ref)
    query = await lina.me.press(lina.say("button-paid"))
    await lina.me.until(lambda _: query.answer is not None)
    assert query.answer["text"] == lina.words.plain("toast-not-yet")
    simulation.book.cards.pay(payment.ref)
    await asyncio.sleep(5.1)  # a customer may ask every five seconds
    query = await lina.me.press(lina.say("button-paid"), shown)
    await lina.me.until(lambda _: query.answer is not None)
    assert query.answer["text"] == lina.words.plain("toast-paid")
    await lina.me.reads("✅")
    assert await lina.wallet() == lina.amount(2000)


async def _stars(simulation, lina, operator):
    await lina.choose("stars", 1000)
    await lina.me.until(lambda me: any("invoice" in m for m in me.inbox))
    bill = lina.me.invoice
    assert bill["invoice"]["total_amount"] == 500
    charge = await lina.me.pay()
    await lina.me.reads("✅")
    payload = simulation.world.stars.payloads[lina.me.id, bill["message_id"]]
    await simulation.world.stars.send_payment_message(lina.me, 500, payload, charge)  # once more
    with pytest.raises(ApiError, match=re.escape(lina.words.plain("refused-bill"))):
        await lina.me.pay(bill)  # the bill was paid: a second time is refused before Stars move
    assert await lina.wallet() == lina.amount(1000)

    listed = await operator.ask_and_read("/payments", "🧾")
    payment = await operator.press_and_read(
        "added to the wallet", "", listed, then="Refund the Stars"
    )
    asked = await operator.press_and_read("Refund the Stars", "deduct 1,000", payment)
    await operator.press_and_read("Refund ⭐ 500", "were refunded", asked)
    await lina.me.reads("↩️")
    assert simulation.world.stars.refunded == {charge}
    assert await lina.wallet() == lina.amount(0)


@pytest.mark.parametrize(
    ("locale", "method"),
    [
        ("en", "stars"),
        ("fr", "ocpay"),
        ("en", "chargily"),
        ("fr", "chargily"),
        ("ar", "chargily"),
        pytest.param("ar", "transfer", marks=[pytest.mark.everyday, pytest.mark.measured]),
    ],
)
async def test_an_order_waits_for_its_money_and_goes_on_by_itself(
    simulation, pay_shop, payer, operator, locale, method
):
    await pay_shop()
    lina = await payer(5, locale)
    await lina.me.press(lina.say(f"button-pay-{method}"), await lina.order_and_pay(2))
    if method == "stars":
        await lina.me.until(lambda me: any("invoice" in m for m in me.inbox))
        await lina.me.pay()
    elif method == "ocpay":
        await lina.me.until(lambda _: bool(simulation.book.cards.payments))
        simulation.book.cards.pay(ocpay_of(simulation).ref)
    elif method == "chargily":
        await lina.me.until(lambda _: bool(simulation.chargily.checkouts))
        checkout = checkout_of(simulation)
        assert checkout.asked["locale"] == locale
        async with httpx.AsyncClient(base_url=simulation.chargily_url) as browser:
            await browser.post(f"/checkouts/{checkout.id}/pay", data={"do": "pay"})
        await lina.me.say(f"/start {checkout.asked['success_url'].partition('start=')[2]}")
    else:
        await lina.me.reads("HN")
        await lina.me.attach(PNG, "receipt.png", photo=True)
        receipt = await operator.reads("HN")
        await operator.press("Approve", receipt)
    await lina.me.reads(lina.line("money-came", amount="", way="")[:6])
    await lina.me.until(lambda me: len(me.codes()) == 4)
    assert len(simulation.book.orders) == 1


async def test_a_short_payment_says_what_still_lacks_and_a_second_one_completes(
    simulation, pay_shop, payer, operator
):
    await pay_shop()
    lina = await payer()
    await lina.order_and_pay()
    moment = lina.me.moment()
    await operator.ask_and_read(f"/credit {lina.me.id} 500 cash", "✓")
    await lina.me.reads_since(moment, "👛")
    await lina.to_order(1, "wallet: 500")
    await operator.ask_and_read(f"/credit {lina.me.id} 5000 cash", "✓")
    await lina.me.until(lambda me: len(me.codes()) == 2)


async def test_what_is_paid_twice_and_too_much_stays_in_the_wallet(
    simulation, pay_shop, payer, operator
):
    await pay_shop()
    lina = await payer()
    await lina.me.press(lina.say("button-pay-transfer"), await lina.order_and_pay())
    reference = reference_in(await lina.me.reads("HN"))
    unpaid = await lina.to_order(1, lina.line("status-awaiting_payment"))
    await lina.me.press(lina.say("button-pay-ocpay"), unpaid)
    await lina.me.until(lambda _: bool(simulation.book.cards.payments))
    simulation.book.cards.pay(ocpay_of(simulation).ref)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    await lina.me.attach(PNG, "receipt.png", photo=True)
    receipt = await operator.reads(reference)
    await operator.press_and_read("Other amount", "How much was received", receipt)
    await operator.ask_and_read("9000", "9,000")
    both = lambda me: sum("Received" in text_of(m) for m in me.inbox) == 2  # noqa: E731
    await lina.me.until(both)
    assert await lina.wallet() == lina.amount(9000)
    assert len(simulation.book.orders) == 1


async def test_money_that_comes_after_the_order_has_ended_stays_in_the_wallet(
    simulation, pay_shop, payer
):
    await pay_shop(PAYMENT_WINDOW="10s")  # the payment has to begin within it
    lina = await payer()
    await lina.me.press(lina.say("button-pay-ocpay"), await lina.order_and_pay())
    await lina.me.until(lambda _: bool(simulation.book.cards.payments))
    await lina.me.reads("wasn’t paid in time")
    simulation.book.cards.pay(ocpay_of(simulation).ref)
    late = await lina.me.reads("was no longer open")
    assert "Order again" in labels(late)
    assert simulation.book.orders == {}


@pytest.mark.measured
async def test_money_that_does_not_fit_is_held_for_an_operator(
    simulation, pay_shop, payer, operator
):
    await pay_shop()
    lina = await payer()
    await lina.choose("ocpay", 2000)
    simulation.book.cards.pay(ocpay_of(simulation).ref, amount=1500)
    alert = await operator.reads("reported")
    assert "1,500" in text_of(alert)
    await lina.me.reads("is being reviewed by support")
    assert await lina.wallet() == lina.amount(0)
    held = await operator.press_and_read("Review", "", alert, then="1,500")
    await operator.press_and_read("Approve", "was added to customer", held)
    await lina.me.reads("✅")
    assert await lina.wallet() == lina.amount(1500)


@pytest.mark.measured
async def test_a_merchant_that_is_not_validated_loses_the_method_and_nothing_else(
    simulation, pay_shop, payer, operator
):
    await pay_shop()
    lina = await payer()
    simulation.book.cards.merchant_validated = False
    query = await lina.me.press("2,000", await lina.to_amounts("ocpay", 2000))
    await lina.me.until(lambda _: query.answer is not None)
    assert "isn’t available" in query.answer["text"]
    alert = await operator.reads("refuses payments for this shop")
    assert "Bank card" not in str(labels(await lina.to_ways()))
    balance = await operator.ask_and_read("/balance", "🏦 oneclickdz: ")
    assert "paused" not in text_of(balance), "the key is good for all else"
    simulation.book.cards.merchant_validated = True
    await operator.press("Offer it again", alert)
    await operator.reads("offered again")
    await lina.choose("ocpay", 2000)


@pytest.mark.measured
async def test_a_case_goes_to_the_operator_and_the_answer_comes_back(pay_shop, payer, operator):
    await pay_shop()
    lina = await payer(5, "fr")
    await lina.me.ask_and_read("/paysupport", "🆘")
    await lina.me.say("Mon code ne marche pas <b>du tout</b>")
    await lina.me.reads("✓")
    asked = await operator.reads("Mon code ne marche pas <b>du tout</b>")
    await operator.reads("customer 5")
    await operator.say("Which one, please?", reply_to=asked)
    await operator.reads("Sent to 5")
    answer = await lina.me.reads("Which one, please?")
    assert "Assistance" in text_of(answer)
    await lina.me.press("Répondre", answer)
    await lina.me.reads("Votre prochain message")
    await lina.me.attach(PNG, "code.png", "celui-ci", photo=True)
    shown = await operator.reads("celui-ci")
    assert shown["photo"]
    heading = [m for m in operator.inbox if "customer 5" in text_of(m)][-1]
    query = await operator.press("Close the case", heading)
    await operator.until(lambda _: query.answer is not None)


@pytest.mark.measured
async def test_large_credits_are_confirmed_and_a_day_has_its_cap(pay_shop, payer, operator):
    await pay_shop(CONFIRM_ABOVE="1000", OPERATOR_DAILY_CAP="6000")
    lina = await payer()
    asked = await operator.ask_and_read("/credit 5 5000 CCP", "five thousand dinars")
    assert await lina.wallet() == lina.amount(0)
    moment = lina.me.moment()
    await operator.press_and_read("5,000", "Wallet of 5: +", asked)
    await lina.me.reads_since(moment, "👛")
    await operator.ask_and_read("/credit 5 1500", "exceed your limit")
    await operator.ask_and_read("/credit 5 900", "Wallet of 5: +")
    assert await lina.wallet() == lina.amount(5900)


async def test_nothing_is_offered_in_a_shop_without_ways_to_pay(open_shop, payer):
    await open_shop()
    lina = await payer()
    shown = await lina.me.ask_and_read("/wallet", "👛")
    assert "Top up" not in str(labels(shown))
    for data in ("topup", "ways:ocpay", "top:stars:500", "pay:1:transfer", "paid:1"):
        query = await lina.me.forge(data)
        await lina.me.until(lambda _, q=query: q.answer is not None)
    assert await lina.wallet() == lina.amount(0)


async def test_a_shop_with_payment_keys_of_another_kind_does_not_start(simulation, tmp_path):
    shop = ShopProcess(simulation, tmp_path, PAYMENT_METHODS="chargily")
    shop.settings |= chargily_settings(simulation, live=False)
    shop.start_forked()
    assert shop.process is not None
    assert await asyncio.wait_for(shop.process.wait(), 60) == 1
    assert "chargily has a test key and the suppliers' keys buy for real" in shop.log
    assert "Traceback" not in shop.log


@pytest.mark.measured
async def test_the_doctor_says_which_way_falls_under_which_rule(simulation, pay_shop):
    shop = await pay_shop()
    status, said = await run_command(shop, "doctor")
    assert status == 0, said
    for found in (
        "transfer",
        "ocpay; the supplier takes cards",
        "stars",
        "chargily; a live key of Chargily",
    ):
        assert f"ok   payments: {found}" in said
        assert f"note {found.partition(';')[0]}: " in said
    simulation.book.cards.merchant_validated = False
    status, said = await run_command(shop, "doctor")
    assert status == 1
    assert "FAIL payments: ocpay is refused (403); validate the merchant profile" in said
    shop.settings["PAYMENT_METHODS"] = "chargily"
    simulation.chargily.approved = False
    shop.settings["CHARGILY_SECRET_KEY"] = "of nobody"
    status, said = await run_command(shop, "doctor")
    assert "FAIL payments: chargily is refused (401); check CHARGILY_SECRET_KEY" in said
    shop.settings |= chargily_settings(simulation, live=False)
    status, said = await run_command(shop, "doctor")
    assert (status, "chargily has a test key" in said) == (1, True), said
    shop.settings["PAYMENT_METHODS"] = "stars,paypal"
    status, said = await run_command(shop, "doctor")
    assert "FAIL settings: PAYMENT_METHODS: must be some of transfer, ocpay, stars" in said
    shop.settings |= {"PAYMENT_METHODS": "transfer", "TRANSFER_INSTRUCTIONS_FR": ""}
    status, said = await run_command(shop, "doctor")
    assert "TRANSFER_INSTRUCTIONS_FR (or _AR, _EN): is missing" in said
    shop.settings |= {"PAYMENT_METHODS": "stars", "STARS_DINARS": "0"}
    status, said = await run_command(shop, "doctor")
    assert (status, "STARS_DINARS: is missing" in said) == (1, True)
