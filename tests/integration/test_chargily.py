"""Chargily Pay: webhook messages, odd answers, fees, mixed keys, the nightly comparison, clocks."""

import asyncio
import json
from datetime import timedelta
from functools import partial

import httpx
import pytest

from bot import errors, refusals
from bot.domain.ledger import fees, paid_in
from bot.domain.payments import Limits, Method, PaymentRing, PaymentState
from bot.domain.periods import Span
from bot.domain.supplier import Environment
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.items import Items
from bot.services.operations.nightly import audit_now
from bot.services.operations.reports import report_fee, report_stats
from bot.services.payments.decisions import accept_payment
from bot.services.payments.environments import find_mixed_method, say_mixed
from bot.services.payments.provider_checks import check_due_payments, check_payment
from bot.services.payments.rings import take_ring
from bot.services.selling.access import forget_access
from bot.services.wallet.methods import methods_on
from bot.webhooks import Webhooks
from handlers.screens.operator import stats
from locales import words
from storage.tables import payments
from tests.database import overwrite
from tests.harness import ShopHarness, books_agree
from tests.integration.payment_steps import Payments, unpaid_order

S = PaymentState
CARD = Method.CHARGILY
HOUR, DAY = 3600, timedelta(days=1)


@pytest.fixture
def hook(paying_harness: ShopHarness) -> httpx.AsyncClient:
    rings = {CARD: paying_harness.shop.payment_methods[CARD].rings}
    app = Webhooks(paying_harness.shop, {}, rings).app  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop")


async def ring_at(hook: httpx.AsyncClient, ring, **headers):
    sent = {**ring.headers, **headers}
    return await hook.post("/webhooks/pay/chargily", content=ring.body, headers=sent)


async def slowly(harness: ShopHarness, pay: Payments):
    """A payment that the shop asks about only in twenty minutes."""
    payment = await pay.begin(CARD)
    harness.clock.pass_time(HOUR)
    await harness.run(1)
    return payment


async def until_nobody_asks(harness: ShopHarness) -> None:
    """A day and longer after a payment was begun."""
    await harness.run(60)
    harness.clock.pass_time(26 * HOUR)
    await harness.run(1)


# Webhook messages.


async def test_a_ring_has_the_provider_asked_at_once_and_is_answered_with_200(
    pay: Payments, paying_harness: ShopHarness, hook
):
    payment = await slowly(paying_harness, pay)
    answer = await ring_at(hook, paying_harness.chargily.pay(payment.external_id))
    await paying_harness.run(1)

    assert (answer.status_code, answer.content) == (200, b"")
    assert await paying_harness.balance() == 200_000


async def test_a_genuine_ring_alone_credits_nothing(
    pay: Payments, paying_harness: ShopHarness, hook
):
    payment = await slowly(paying_harness, pay)
    ring = paying_harness.chargily.pay(payment.external_id)
    paying_harness.chargily.checkouts[payment.external_id].status = "pending"  # as if it lied

    assert (await ring_at(hook, ring)).status_code == 200
    await paying_harness.run(60)

    assert await paying_harness.balance() == 0
    assert (await pay.now(payment)).state is S.EXPIRED


@pytest.mark.parametrize(
    "forge",
    [
        lambda ring: {"signature": ""},
        lambda ring: {"signature": ring.signature[:-1] + "0" * (ring.signature[-1] != "0") + "1"},
        lambda ring: {"signature": "é".encode()},
        lambda ring: {"signature": f"sha256={ring.signature}"},
        lambda ring: {"x-signature": ring.signature, "signature": "0" * 64},
    ],
)
async def test_a_forged_ring_is_refused_and_changes_nothing(
    pay: Payments, paying_harness: ShopHarness, hook, forge
):
    payment = await slowly(paying_harness, pay)
    ring = paying_harness.chargily.ring(paying_harness.chargily.checkouts[payment.external_id])
    before = await pay.now(payment)
    calls = len(paying_harness.chargily.calls)

    answer = await ring_at(hook, ring, **forge(ring))
    await paying_harness.run(1)

    assert (answer.status_code, answer.content) == (401, b"")
    assert await pay.now(payment) == before
    assert len(paying_harness.chargily.calls) == calls


async def test_another_body_or_key_under_a_signature_is_forged(paying_harness: ShopHarness, hook):
    sign = paying_harness.chargily.sign
    body = json.dumps({"id": "e", "data": {"id": "01x"}}).encode()
    for content, signed in ((body + b" ", sign(body, live=True)), (body, sign(body, live=False))):
        answer = await hook.post(
            "/webhooks/pay/chargily", content=content, headers={"signature": signed}
        )
        assert answer.status_code == 401
    for path in ("/webhooks/pay/ocpay", "/webhooks/pay/nobody", "/webhooks/chargily"):
        assert (await hook.post(path, content=body)).status_code == 404
    assert (await hook.get("/webhooks/pay/chargily")).status_code == 405


async def test_a_ring_that_is_too_large_is_not_read(paying_harness: ShopHarness, hook):
    body = b'{"id": "' + b"x" * 70_000 + b'"}'
    signed = {"signature": paying_harness.chargily.sign(body, live=True)}
    answer = await hook.post("/webhooks/pay/chargily", content=body, headers=signed)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"id": 7, "data": null}',
        b'{"id": "e", "data": {"id": 7}}',
        b'{"id": "e", "data": ["x"]}',
        b'{"data": {"id": "01nobody", "amount": "\\ud800"}}',
    ],
)
async def test_a_genuine_ring_about_nothing_we_know_is_taken_and_forgotten(
    paying_harness: ShopHarness, hook, body
):
    signed = {"signature": paying_harness.chargily.sign(body, live=True)}
    answer = await hook.post("/webhooks/pay/chargily", content=body, headers=signed)
    assert answer.status_code == 200
    broken = b"{" + body
    signed = {"signature": paying_harness.chargily.sign(broken, live=True)}
    answer = await hook.post("/webhooks/pay/chargily", content=broken, headers=signed)
    assert answer.status_code == 401


async def test_a_ring_that_comes_twice_is_looked_at_once(
    pay: Payments, paying_harness: ShopHarness
):
    payment = await slowly(paying_harness, pay)
    ring = PaymentRing("event", payment.external_id)

    assert await take_ring(paying_harness.shop, CARD, ring)
    assert not await take_ring(paying_harness.shop, CARD, ring)
    assert await take_ring(paying_harness.shop, CARD, PaymentRing("next", payment.external_id))


async def test_rings_in_any_order_and_after_the_end_credit_once(
    pay: Payments, paying_harness: ShopHarness, hook
):
    payment = await slowly(paying_harness, pay)
    book = paying_harness.chargily
    rings = [book.fail(payment.external_id), book.end(payment.external_id)]
    rings = [book.pay(payment.external_id), *rings]
    for ring in [*rings, *reversed(rings)]:
        assert (await ring_at(hook, ring)).status_code == 200
        await paying_harness.run(5)
    await paying_harness.run(2 * 24 * HOUR)
    assert not await take_ring(
        paying_harness.shop, CARD, PaymentRing("years later", payment.external_id)
    )

    assert await paying_harness.balance() == 200_000
    assert paying_harness.sender.payments(1) == ["expired", "credited"]
    await books_agree(paying_harness)


async def test_a_ring_finds_what_is_paid_after_the_shop_has_stopped_asking(
    pay: Payments, paying_harness: ShopHarness, hook
):
    payment = await pay.begin(CARD)
    await until_nobody_asks(paying_harness)
    assert (await pay.now(payment)).due_at is None

    await ring_at(hook, paying_harness.chargily.pay(payment.external_id))
    await paying_harness.run(1)

    assert await paying_harness.balance() == 200_000


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


# Keys of two kinds.


@pytest.mark.parametrize("live", [True, False])
async def test_keys_of_two_kinds_are_found_and_offer_nothing(store, live):
    harness = await ShopHarness(store, key_kind="SANDBOX" if live else "PRODUCTION").open()
    harness.offer(CARD, Method.TRANSFER)
    mode = "" if live else "/test"
    adapter = harness.chargily_adapter(
        base_url=f"http://chargily{mode}/api/v2", secret_key=harness.chargily.keys[live]
    )
    harness.shop.payment_methods[CARD] = adapter
    environment = Environment.PRODUCTION if live else Environment.SANDBOX

    assert await find_mixed_method(harness.shop) == (CARD, environment)
    assert "use keys of one kind" in say_mixed(CARD, environment)
    with pytest.raises(refusals.MethodOff):
        await Payments(harness).begin(CARD)
    assert await methods_on(harness.shop) == (Method.TRANSFER,)
    await harness.close()


@pytest.mark.parametrize("live", [True, False])
async def test_keys_of_one_kind_are_no_mix_and_test_shops_take_test_money(store, live):
    harness = await ShopHarness(store, key_kind="PRODUCTION" if live else "SANDBOX").open()
    harness.offer(CARD)
    mode = "" if live else "/test"
    harness.shop.payment_methods[CARD] = harness.chargily_adapter(
        base_url=f"http://chargily{mode}/api/v2", secret_key=harness.chargily.keys[live]
    )
    payment = await Payments(harness).begin(CARD)
    harness.chargily.pay(payment.external_id)
    await harness.run(60)

    assert await find_mixed_method(harness.shop) is None
    assert await harness.balance() == 200_000
    await harness.close()


async def test_a_link_is_shown_before_the_suppliers_have_said_of_what_kind_they_are(
    pay, paying_harness
):
    await forget_access(paying_harness.shop)

    assert (await pay.begin(CARD)).url
    assert await find_mixed_method(paying_harness.shop) is None


async def test_a_provider_that_does_not_answer_is_no_mix(paying_harness: ShopHarness):
    paying_harness.chargily.script(Fault(FaultKind.HTML, "balance", status=502))
    assert await find_mixed_method(paying_harness.shop) is None
    edit = {"livemode": "maybe"}
    fault = Fault(FaultKind.EDITED, "balance", edit=lambda body: {**body, **edit})
    paying_harness.chargily.script(fault)
    assert await find_mixed_method(paying_harness.shop) is None


# The nightly comparison.


def _with(body, **changes):
    return {**body, **changes}


async def differences(harness: ShopHarness) -> list[str]:
    found, _ = await audit_now(harness.shop)
    (audited,) = [audited for audited in found if audited.check == "provider"]
    return [str(difference) for difference in audited.differences]


async def test_what_the_list_has_and_the_shop_missed_is_credited_by_its_own_answer(
    pay, paying_harness
):
    payment = await pay.begin(CARD)
    await until_nobody_asks(paying_harness)
    paying_harness.chargily.pay(payment.external_id)

    assert await differences(paying_harness) == []
    assert await paying_harness.balance() == 200_000
    assert await differences(paying_harness) == []


async def test_what_the_list_alone_says_is_held(pay, paying_harness):
    payment = await pay.begin(CARD)
    await until_nobody_asks(paying_harness)
    paying_harness.chargily.pay(payment.external_id)
    answer = Fault(FaultKind.STATUS, f"checkouts/{payment.external_id}", times=9, status=503)
    paying_harness.chargily.script(answer)

    (said,) = await differences(paying_harness)

    assert "held" in said
    now = await pay.now(payment)
    assert (now.state, now.reason, now.paid_minor) == (S.HELD, "listed", 200_000)
    assert await paying_harness.balance() == 0
    assert await differences(paying_harness) == []


async def test_a_checkout_whose_answer_was_lost_is_found_by_its_reference(pay, paying_harness):
    paying_harness.chargily.script(Fault(FaultKind.GARBAGE, "checkouts"))
    with pytest.raises(errors.PaymentFailure):
        await pay.begin(CARD)
    (checkout,) = paying_harness.chargily.checkouts.values()
    paying_harness.chargily.pay(checkout.id)
    await paying_harness.run(HOUR)

    (said,) = await differences(paying_harness)

    assert "HN1" in said
    async with paying_harness.store.reading() as tx:
        now = await tx.payments.locked(1)
    assert (now.state, now.external_id) == (S.HELD, checkout.id)


@pytest.mark.parametrize(
    "reported",
    [{}, {"metadata": {"payment": "HN²"}}, {"metadata": {"payment": "HN99"}}, {"amount": None}],
    ids=str,
)
async def test_what_nobody_knows_is_named_to_the_operators(pay, paying_harness, reported):
    book = paying_harness.chargily
    known = await pay.begin(CARD)
    wish = {"amount": 900, "currency": "dzd", "success_url": "https://x"}
    wish["metadata"] = {"payment": known.reference}  # of a payment that has an id of its own
    other = book.create(wish, live=True)
    book.pay(other.id, **reported)
    young = book.create(wish, live=True)
    paying_harness.clock.pass_time(HOUR)
    await paying_harness.run(1)
    young.created_at = paying_harness.clock.true()
    book.pay(young.id)

    (said,) = await differences(paying_harness)

    assert other.id in said
    assert (await pay.now(known)).external_id == known.external_id
    (told,) = paying_harness.sender.alerts("audit_differs") or [{}]
    assert told == {} or other.id in told["about"]


async def test_test_money_in_the_list_of_a_real_shop_is_none(paying_harness: ShopHarness):
    book = paying_harness.chargily
    wish = {"amount": 900, "currency": "dzd", "success_url": "https://x"}
    book.pay(book.create(wish, live=True).id, livemode=False)
    paying_harness.clock.pass_time(HOUR)

    assert await differences(paying_harness) == []


async def test_what_is_booked_and_not_listed_or_listed_otherwise_is_named(pay, paying_harness):
    gone, other = await pay.begin(CARD), await pay.begin(CARD, 300_000)
    for payment in (gone, other):
        paying_harness.chargily.pay(payment.external_id)
    await paying_harness.run(HOUR)
    paying_harness.chargily.checkouts.pop(gone.external_id)
    paying_harness.chargily.checkouts[other.external_id].reported["amount"] = 2999

    said = await differences(paying_harness)

    assert any("not in the list" in text and gone.reference in text for text in said)
    assert any("booked" in text and other.reference in text for text in said)
    assert len(said) == 2


async def test_a_list_that_cannot_be_read_names_its_provider_and_ends_no_audit(
    pay, paying_harness, monkeypatch
):
    for data, expected in (({}, ["chargily"]), ([None, {"id": 7}], [])):
        edit = partial(_with, data=data, last_page="many")
        paying_harness.chargily.script(Fault(FaultKind.EDITED, "checkouts", edit=edit))
        _, silent = await audit_now(paying_harness.shop)
        assert silent == expected
    payment = await pay.begin(CARD)
    page = paying_harness.chargily.show(paying_harness.chargily.checkouts[payment.external_id], "")
    endless = partial(_with, data=[page], last_page=None, next_page_url="http://x")
    fault = Fault(FaultKind.EDITED, "checkouts", times=999, edit=endless)
    paying_harness.chargily.script(fault)
    _, silent = await audit_now(paying_harness.shop)
    assert silent == ["chargily"]
    fault.times = 0

    async def breaks(_since):
        raise KeyError

    monkeypatch.setattr(paying_harness.shop.payment_methods[CARD], "listed", breaks)
    found, silent = await audit_now(paying_harness.shop)
    assert silent == ["chargily"]
    assert found


# Providers beside each other, and clocks.


async def test_a_provider_that_hangs_holds_up_no_other(pay, paying_harness, monkeypatch):
    cards = [await pay.begin(CARD, 100_000 + n * 100, user=n) for n in range(1, 4)]
    other = await pay.begin(Method.OCPAY)
    for card in cards:
        paying_harness.chargily.pay(card.external_id)
    paying_harness.book.cards.pay(other.external_id)
    hanging, heals = asyncio.Event(), asyncio.Event()
    provider = paying_harness.shop.payment_methods[CARD]
    check = provider.check

    async def hangs(payment):
        hanging.set()
        await heals.wait()
        return await check(payment)

    monkeypatch.setattr(provider, "check", hangs)
    paying_harness.shop.items = Items()  # with its usual places
    paying_harness.clock.pass_time(60)
    round_of_all = asyncio.create_task(check_due_payments(paying_harness.shop))
    await asyncio.wait_for(hanging.wait(), 5)
    async with asyncio.timeout(5):
        while (await pay.now(other)).state is not S.CREDITED:
            await asyncio.sleep(0.01)
    assert all([(await pay.now(card)).state is S.OPEN for card in cards])

    heals.set()
    await asyncio.wait_for(round_of_all, 5)
    await paying_harness.run(60)
    assert all([(await pay.now(card)).state is S.CREDITED for card in cards])


@pytest.mark.parametrize("step", [-DAY.total_seconds(), -HOUR, HOUR, 3 * DAY.total_seconds()])
async def test_a_wall_clock_that_is_set_loses_no_payment(pay, paying_harness, step):
    payment = await pay.begin(CARD)
    await paying_harness.set_clock(step)
    await paying_harness.run(60)
    paying_harness.chargily.pay(payment.external_id)
    await paying_harness.run(2 * HOUR)

    assert await paying_harness.balance() == 200_000


async def test_what_is_processed_for_longer_than_half_an_hour_is_waited_for(pay, paying_harness):
    payment = await pay.begin(CARD)
    paying_harness.chargily.process(payment.external_id)
    await paying_harness.run(20 * HOUR)
    paying_harness.chargily.pay(payment.external_id)
    await paying_harness.run(HOUR)

    assert await paying_harness.balance() == 200_000


async def test_a_row_of_a_method_that_is_gone_waits(pay, paying_harness):
    payment = await pay.begin(CARD)
    paying_harness.chargily.pay(payment.external_id)
    paying_harness.offer(Method.TRANSFER)
    await paying_harness.run(HOUR)
    assert (await pay.now(payment)).state is S.OPEN

    paying_harness.offer()
    due = paying_harness.clock.now()
    await paying_harness.store.write(lambda tx: overwrite(tx, payments, payment.id, due_at=due))
    await paying_harness.run(2 * HOUR)
    assert await paying_harness.balance() == 200_000
