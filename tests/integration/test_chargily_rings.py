"""Chargily Pay's webhook messages: genuine, forged, senseless, twice, late."""

import json

import httpx
import pytest

from bot.domain.payments import Method, PaymentRing, PaymentState
from bot.services.payments.provider_checks import check_due_payments
from bot.services.payments.rings import take_ring
from bot.webhooks import Webhooks
from tests.harness import ShopHarness, books_agree
from tests.integration.payment_steps import Payments, until_nobody_asks

S = PaymentState
CARD = Method.CHARGILY
HOUR = 3600


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
        b'{"id": "e\\ud83d", "data": {"id": "\\ud83d"}}',
        b'{"id": "e\\u0000", "data": {"id": "01\\u0000"}}',
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


async def test_a_ring_that_came_before_its_payment_was_known_counts_when_it_comes_again(
    pay: Payments, paying_harness: ShopHarness, monkeypatch
):
    provider = paying_harness.shop.payment_methods[CARD]
    start, early = provider.start, []

    async def started_and_rung(payment, customer):
        started = await start(payment, customer)
        early.append(PaymentRing("event", started.external_id or ""))
        assert not await take_ring(paying_harness.shop, CARD, early[0])
        return started

    monkeypatch.setattr(provider, "start", started_and_rung)
    await pay.begin(CARD)

    assert await take_ring(paying_harness.shop, CARD, early[0])


async def test_what_a_ring_tells_of_is_asked_about_before_all_others_that_are_due(
    pay: Payments, paying_harness: ShopHarness, monkeypatch
):
    waiting = [await pay.begin(CARD, user=number) for number in range(2, 27)]
    rung = await pay.begin(CARD)
    provider = paying_harness.shop.payment_methods[CARD]
    check, asked = provider.check, []

    async def rings_meanwhile(payment):
        asked.append(payment.id)
        if len(asked) == 1:
            ring = PaymentRing("event", rung.external_id)
            assert await take_ring(paying_harness.shop, CARD, ring)
        return await check(payment)

    monkeypatch.setattr(provider, "check", rings_meanwhile)
    paying_harness.clock.pass_time(15)
    while rung.id not in asked:
        await check_due_payments(paying_harness.shop)

    assert asked.index(rung.id) <= 2, "behind those only that were being asked about"
    while not {payment.id for payment in waiting} <= set(asked):
        await check_due_payments(paying_harness.shop)


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
