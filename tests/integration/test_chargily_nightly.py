"""Chargily Pay at night, beside other providers, under wrong clocks, and with keys of two kinds."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from bot import errors, refusals
from bot.domain.payments import Method, PaymentState
from bot.domain.supplier import Environment
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.services.items import Items
from bot.services.operations.nightly import audit_now
from bot.services.payments.environments import find_mixed_method, say_mixed
from bot.services.payments.provider_checks import check_due_payments
from bot.services.selling.access import forget_access
from bot.services.wallet.methods import methods_on
from storage.tables import payments
from tests.database import overwrite
from tests.harness import ShopHarness
from tests.integration.payment_steps import Payments, until_nobody_asks

S = PaymentState
CARD = Method.CHARGILY
HOUR, DAY = 3600, timedelta(days=1)


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


@pytest.mark.parametrize("oldest_first", [True, False])
@pytest.mark.parametrize("says_last_page", [True, False])
@pytest.mark.parametrize(("old", "new"), [(0, 3), (1, 1), (120, 3), (120, 120), (0, 120), (3, 0)])
async def test_the_list_is_read_from_whichever_end_is_new(
    pay, paying_harness, oldest_first, says_last_page, old, new
):
    book = paying_harness.chargily
    book.variants.oldest_first, book.variants.says_last_page = oldest_first, says_last_page
    wish = {"amount": 900, "currency": "dzd", "success_url": "https://x"}

    def paid(count):
        made = []
        for _ in range(count):
            made.append(book.create(wish, live=True).id)
            book.pay(made[-1])
            paying_harness.clock.pass_time(1)
        return set(made)

    paid(old)
    paying_harness.clock.pass_time(10 * 24 * HOUR)
    since = paying_harness.clock.now() - DAY
    recent = paid(new)
    book.calls.clear()

    listed = await paying_harness.shop.payment_methods[CARD].listed(since)

    assert {row.external_id for row in listed} == recent
    assert len(listed) == new
    assert len(book.calls) <= 1 + (old + new + 49) // 50


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
    await asyncio.wait_for(hanging.wait(), PATIENCE_SECONDS)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await pay.now(other)).state is not S.CREDITED:
            await asyncio.sleep(0.01)
    assert all([(await pay.now(card)).state is S.OPEN for card in cards])

    heals.set()
    await asyncio.wait_for(round_of_all, PATIENCE_SECONDS)
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
