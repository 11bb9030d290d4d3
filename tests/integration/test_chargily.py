"""Chargily Pay: odd answers, fees, amounts, two links of one order."""

import asyncio
from functools import partial

import pytest

from bot import errors, refusals
from bot.domain.ledger import fees, paid_in
from bot.domain.payments import Limits, Method, PaymentState
from bot.domain.periods import Span
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.operations.reports import report_fee, report_stats
from bot.services.payments.decisions import accept_payment
from bot.services.payments.provider_checks import check_due_payments, check_payment
from bot.services.wallet.methods import methods_on
from handlers.screens.operator import stats
from locales import words
from tests.harness import ShopHarness, books_agree
from tests.integration.payment_steps import unpaid_order

S = PaymentState
CARD = Method.CHARGILY
HOUR = 3600


# Answers as others' simulators may give them.

PAID = [
    {"livemode": "true"},
    {"amount": "2000"},
    {"amount": 2000.0},
    {"amount": "2000.00"},
    {"currency": "DZD"},
    {"status": " PAID "},
    {"metadata": None},
    {"metadata": []},
    {"metadata": [{"payment": "HN1"}]},
    {"metadata": "HN1"},
    {"metadata": {"payment": 7}},
    {"payment_method": {"odd": True}, "further": [1, 2, {"x": None}]},
    {"fees": None, "created_at": None, "url": 7},
]
DOUBTFUL = [
    ({"amount": "2000.50"}, "amount"),
    ({"amount": True}, "details"),
    ({"amount": -2000}, "details"),
    ({"amount": 10**30}, "details"),
    ({"currency": None}, "details"),
    ({"livemode": "maybe"}, "sandbox"),
    ({"livemode": None}, "sandbox"),
    ({"metadata": {"payment": "HN999"}}, "reference"),
    ({"metadata": [{"payment": "HN999"}]}, "reference"),
    ({"id": None}, "reference"),
]
NOT_YET = [
    {"status": "refunding"},
    {"status": "processing"},
    {"status": None},
    {"status": 7},
]


@pytest.mark.parametrize("reported", PAID, ids=str)
async def test_each_spelling_of_a_paid_checkout_is_read(pay, paying_harness, reported):
    payment = await pay.begin(CARD)
    paying_harness.chargily.pay(payment.external_id, **reported)
    await paying_harness.run(60)

    assert await paying_harness.balance() == 200_000


@pytest.mark.parametrize(("reported", "reason"), DOUBTFUL, ids=str)
async def test_a_doubtful_checkout_is_held(pay, paying_harness, reported, reason):
    payment = await pay.begin(CARD)
    paying_harness.chargily.pay(payment.external_id, **reported)
    await paying_harness.run(60)

    now = await pay.now(payment)
    assert (now.state, now.reason) == (S.HELD, reason)
    assert await paying_harness.balance() == 0


@pytest.mark.parametrize("reported", NOT_YET, ids=str)
async def test_a_status_that_is_not_known_is_asked_about_again(pay, paying_harness, reported):
    payment = await pay.begin(CARD)
    paying_harness.chargily.pay(payment.external_id, **reported)
    await paying_harness.run(60)
    assert (await pay.now(payment)).state is S.OPEN

    paying_harness.chargily.checkouts[payment.external_id].reported.clear()
    await paying_harness.run(HOUR)

    assert await paying_harness.balance() == 200_000


@pytest.mark.parametrize(
    "edit",
    [
        lambda body: [],
        lambda body: None,
        lambda body: {**body, "id": None},
        lambda body: {**body, "id": "x" * 101},
        lambda body: {**body, "id": "x\ud83d"},
        lambda body: {**body, "id": "x\0"},
        lambda body: {**body, "amount": body["amount"] * 100},
        lambda body: {**body, "amount": None},
        lambda body: {**body, "currency": "usd"},
        lambda body: {**body, "checkout_url": None},
        lambda body: {**body, "checkout_url": "javascript:alert(1)"},
        lambda body: {**body, "checkout_url": "https://x y"},
        lambda body: {**body, "checkout_url": "https://[x"},
    ],
)
async def test_a_checkout_that_makes_no_sense_is_shown_to_nobody(pay, paying_harness, edit):
    paying_harness.chargily.script(Fault(FaultKind.EDITED, "checkouts", edit=edit))
    with pytest.raises(errors.PaymentFailure):
        await pay.begin(CARD)
    assert CARD in await methods_on(paying_harness.shop)


@pytest.mark.parametrize("link", ["checkout_url", "url"])
async def test_the_variants_of_the_documentation_are_read(pay, paying_harness, link):
    variants = paying_harness.chargily.variants
    variants.link, variants.livemode_as_text, variants.says_expired = link, True, False
    variants.metadata, variants.fees, variants.pass_fees = "array", "split", 0
    payment = await pay.begin(CARD)
    later = await pay.begin(CARD, 300_000)
    variants.metadata = "null"
    paying_harness.clock.pass_time(40 * 60)
    await paying_harness.run(1)
    assert (await pay.now(later)).state is S.EXPIRED

    paying_harness.chargily.pay(payment.external_id)
    await paying_harness.run(HOUR)

    assert await paying_harness.balance() == 200_000


def _with(body, **changes):
    return {**body, **changes}


async def test_chargily_itself_may_only_lead_to_its_own_pages(paying_harness: ShopHarness, pay):
    adapter = paying_harness.chargily_adapter(base_url="https://pay.chargily.net/api/v2")
    paying_harness.shop.payment_methods[CARD] = adapter
    for url, fine in (
        ("https://pay.chargily.dz/checkouts/01x/pay", True),
        ("https://evil.example/chargily.dz", False),
        ("https://evilchargily.dz/x", False),
        ("http://pay.chargily.dz/x", False),
    ):
        edit = partial(_with, checkout_url=url)
        paying_harness.chargily.script(Fault(FaultKind.EDITED, "checkouts", edit=edit))
        begun = await asyncio.gather(pay.begin(CARD, 100_000 + pay.count), return_exceptions=True)
        assert isinstance(begun[0], errors.PaymentFailure) is not fine, url
    await adapter.close()


@pytest.mark.parametrize(
    ("fault", "off"),
    [
        (Fault(FaultKind.STATUS, status=401), True),
        (Fault(FaultKind.HTML, status=401), True),
        (Fault(FaultKind.STATUS, status=403), True),
        (Fault(FaultKind.HTML, status=403), False),  # a firewall
        (Fault(FaultKind.STATUS, status=422), False),
        (Fault(FaultKind.BODY, status=422, body='{"errors": {"amount": ["no"]}}'), False),
        (Fault(FaultKind.BODY, status=301, body="{}"), False),
        (Fault(FaultKind.RESET_BEFORE), False),
    ],
)
async def test_a_refused_key_takes_the_method_off_and_nothing_else_does(
    pay, paying_harness, fault, off
):
    paying_harness.chargily.script(Fault(**{**vars(fault), "times": 1}))
    with pytest.raises(refusals.MethodOff if off else errors.PaymentFailure):
        await pay.begin(CARD)
    assert (CARD not in await methods_on(paying_harness.shop)) is off


async def test_an_unknown_checkout_is_asked_about_again(pay, paying_harness):
    payment = await pay.begin(CARD)
    checkout = paying_harness.chargily.checkouts.pop(payment.external_id)
    await paying_harness.run(60)
    now = await pay.now(payment)
    assert (now.state, now.due_at is None) == (S.OPEN, False)

    paying_harness.chargily.checkouts[payment.external_id] = checkout
    paying_harness.chargily.pay(payment.external_id)
    await paying_harness.run(60)
    assert await paying_harness.balance() == 200_000


async def test_an_unknown_checkout_is_no_silence_of_its_provider(pay, paying_harness):
    unknown = await pay.begin(CARD)
    known = await pay.begin(CARD, 300_000)
    del paying_harness.chargily.checkouts[unknown.external_id]
    paying_harness.chargily.pay(known.external_id)
    paying_harness.clock.pass_time(60)

    assert await check_due_payments(paying_harness.shop) == 2
    assert await paying_harness.balance() == 300_000


async def test_a_provider_that_limits_is_left_alone_for_as_long_as_it_says(pay, paying_harness):
    payment = await pay.begin(CARD)
    fault = Fault(FaultKind.STATUS, f"checkouts/{payment.external_id}", status=429, retry_after=120)
    paying_harness.chargily.script(fault)
    await paying_harness.run(13)
    asked = len(paying_harness.chargily.calls)
    began = paying_harness.clock.monotonic()

    paying_harness.clock.pass_time(1)
    provider = paying_harness.shop.payment_methods[CARD]
    await provider.check(await pay.now(payment))

    assert fault.times == 0
    assert len(paying_harness.chargily.calls) == asked + 1
    assert paying_harness.clock.monotonic() - began >= 119


async def test_a_rate_limit_of_our_own_that_takes_too_long_is_a_failure(
    pay, paying_harness, monkeypatch
):
    provider = paying_harness.shop.payment_methods[CARD]

    async def never(_urgency):
        raise TimeoutError

    monkeypatch.setattr(provider._client.throttle, "acquire", never)
    with pytest.raises(errors.PaymentFailure, match="BUSY"):
        await provider.examine()


# Fees.


async def test_the_fee_is_booked_and_shown_to_operators(pay, paying_harness):
    payment = await pay.begin(CARD)
    paying_harness.chargily.pay(payment.external_id, fees=60)
    await paying_harness.run(60)

    async with paying_harness.store.reading() as tx:
        assert await tx.ledger.balance(fees(CARD)) == -6_000
        assert await tx.ledger.balance(paid_in(CARD)) == -194_000
    assert await report_fee(paying_harness.shop, payment.id) == 6_000
    assert await paying_harness.balance() == 200_000
    await books_agree(paying_harness)


@pytest.mark.parametrize(("accepted", "booked"), [(None, 6_000), (9_000, 6_000), (5_000, 0)])
async def test_the_fee_of_a_held_payment_is_booked_when_it_is_accepted(
    pay, paying_harness, accepted, booked
):
    payment = await pay.begin(CARD)
    paying_harness.chargily.pay(payment.external_id, amount=90, fees=60)
    await paying_harness.run(60)
    assert (await pay.now(payment)).state is PaymentState.HELD
    async with paying_harness.store.reading() as tx:
        assert await tx.ledger.balance(fees(CARD)) == 0

    await accept_payment(paying_harness.shop, pay.decision(payment, accepted))

    assert await report_fee(paying_harness.shop, payment.id) == booked
    async with paying_harness.store.reading() as tx:
        assert await tx.ledger.balance(fees(CARD)) == -booked
    await books_agree(paying_harness)


async def test_statistics_tell_the_fees_of_their_span_beside_the_profit(pay, paying_harness):
    for minor in (200_000, 300_000):
        payment = await pay.begin(CARD, minor)
        paying_harness.chargily.pay(payment.external_id, fees=60)
        await check_payment(paying_harness.shop, payment.id)

    today = await report_stats(paying_harness.shop, Span.TODAY)
    paying_harness.clock.pass_time(2 * 86400)
    later = await report_stats(paying_harness.shop, Span.TODAY)
    whole = await report_stats(paying_harness.shop, Span.ALL)

    assert (today.fees_minor, today.profit_minor) == (12_000, 0)
    assert (later.fees_minor, whole.fees_minor) == (0, 12_000)
    assert "120\xa0DA" in stats(words("en"), Span.ALL, whole, profit=True).text
    assert "Fees kept" not in stats(words("en"), Span.TODAY, later, profit=True).text


@pytest.mark.parametrize("fee", [0, -5, 2000, 10**9, "much", None, True])
async def test_a_senseless_fee_is_not_booked(pay, paying_harness, fee):
    payment = await pay.begin(CARD)
    paying_harness.chargily.pay(payment.external_id, fees=fee)
    await paying_harness.run(60)

    assert await paying_harness.balance() == 200_000
    assert await report_fee(paying_harness.shop, payment.id) == 0


# Amounts.


async def test_an_amount_above_what_some_cards_take_is_known_before_it_is_typed():
    limits = Limits(7_500, 20_000_000, 5_000_000)
    assert limits.may_be_refused(5_000_001)
    assert not limits.may_be_refused(5_000_000)
    assert not Limits(7_500, 20_000_000).may_be_refused(20_000_000)


# One order, two links.


async def test_an_earlier_link_of_an_order_is_ended_when_a_new_one_begins(pay, paying_harness):
    order = await unpaid_order(paying_harness)
    first = await pay.begin(CARD, order=order.id)
    unrelated = await pay.begin(CARD, 300_000)
    await paying_harness.run(21 * 60)
    second = await pay.begin(CARD, order=order.id)

    book = paying_harness.chargily.checkouts
    assert [book[p.external_id].status for p in (first, unrelated, second)] == [
        "expired",
        "pending",
        "pending",
    ]


async def test_a_link_that_is_being_paid_is_left_alone_and_both_are_credited(pay, paying_harness):
    order = await unpaid_order(paying_harness)
    first = await pay.begin(CARD, order=order.id)
    paying_harness.chargily.process(first.external_id)
    await paying_harness.run(21 * 60)
    second = await pay.begin(CARD, order=order.id)
    for payment in (first, second):
        paying_harness.chargily.pay(payment.external_id)
    await paying_harness.run(HOUR)

    assert await paying_harness.balance() == 2 * first.asked_minor - order.total_minor
