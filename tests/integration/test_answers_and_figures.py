"""What a service answers its caller, and the figures in its refusals."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import errors as e
from bot.domain import ledger
from bot.domain.payments import Method
from bot.domain.records import AlertKind, InboxRow
from bot.services.catalogue.refresh import refresh_catalogue
from bot.services.codes.custody import update_associated_data
from bot.services.codes.rotate import rotate_keys
from bot.services.operations.outbox import send_due_messages
from bot.services.payments.crediting import check_due_payments, notify_payment
from bot.services.wallet.credit import Credit, credit_wallet
from bot.services.wallet.methods import switch_off
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import methods_off
from tests.harness import OPERATOR, START, ShopHarness
from tests.integration.payment_steps import PRICE, unpaid_order

# --- figures in what is refused or told -------------------------------------------------------------


async def test_an_operators_day_begins_at_the_shops_own_midnight(harness: ShopHarness):
    harness.set_policy(daily_cap_minor=100_000, time_zone=ZoneInfo("Africa/Algiers"))
    await harness.customer(1, dinars=0)
    harness.clock.moment = datetime.fromisoformat("2026-12-01T22:59:59Z")  # 23:59:59 in Algiers
    await credit_wallet(harness.shop, Credit("a", OPERATOR, 1, 100_000, ""))
    with pytest.raises(e.CapReached) as refused:
        await credit_wallet(harness.shop, Credit("b", OPERATOR, 1, 1, ""))
    assert refused.value.left_minor == 0

    harness.clock.pass_time(1)
    await credit_wallet(harness.shop, Credit("c", OPERATOR, 1, 60_000, ""))
    harness.clock.pass_time(3600 + 1)  # midnight in Greenwich is nobody's here
    with pytest.raises(e.CapReached) as refused:
        await credit_wallet(harness.shop, Credit("d", OPERATOR, 1, 40_001, ""))
    assert refused.value.left_minor == 40_000


async def test_a_cap_that_was_lowered_below_what_was_moved_leaves_nothing(harness: ShopHarness):
    await harness.customer(1, dinars=1_000)
    harness.set_policy(daily_cap_minor=50_000)
    with pytest.raises(e.CapReached) as refused:
        await credit_wallet(harness.shop, Credit("a", OPERATOR, 1, 1, ""))
    assert refused.value.left_minor == 0


async def test_one_centime_that_lacks_is_something_to_pay(pay, paying_harness: ShopHarness):
    order = await unpaid_order(paying_harness)
    await credit_wallet(paying_harness.shop, Credit("most", OPERATOR, 1, PRICE - 1, ""))
    payment = await pay.begin(Method.TRANSFER, order=order.id)
    assert payment.asked_minor == 20_000  # the least that a transfer takes


async def test_an_order_whose_price_is_there_meanwhile_lacks_nothing(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.TRANSFER, order=order.id)

    async def fill(tx):  # as if the order had not gone on by itself yet
        await tx.ledger.post(ledger.credit("in", 1, 2 * PRICE, ""), START, "test")
        await notify_payment(tx, paying_harness.shop, payment, "expired")

    await paying_harness.store.write(fill)
    await send_due_messages(paying_harness.shop)

    assert [sent.note.missing_minor for sent in paying_harness.sender.sent if sent.note] == [0]


async def test_a_providers_long_code_is_kept_as_far_as_there_is_room(paying_harness: ShopHarness):
    await switch_off(paying_harness.shop, Method.OCPAY, "X" * 65)
    async with paying_harness.store._reader.connect() as db:
        assert (await db.execute(select(methods_off.c.code))).scalar_one() == "X" * 64


async def test_an_old_catalogue_is_told_after_twice_its_life(harness: ShopHarness):
    await refresh_catalogue(harness.shop, "oneclickdz", force=True)
    life = harness.shop.policy.catalogue_lifetime

    async def fail():
        raise e.SupplierUnavailable("catalog", "")

    harness.supplier.catalogue = fail
    for passed, told in ((2 * life, 0), (timedelta(microseconds=1), 1)):
        harness.clock.moment += passed
        with pytest.raises(e.SupplierFailure):
            await refresh_catalogue(harness.shop, "oneclickdz")
        await harness.round()
        assert len(harness.sender.alerts(AlertKind.CATALOGUE_STALE)) == told


# --- one after the other ----------------------------------------------------------------------------


async def test_a_payment_whose_way_is_gone_holds_up_no_other(pay, paying_harness: ShopHarness):
    """Nobody is there to be asked; a provider that does not answer is another thing."""
    gone, card = await pay.begin(Method.STARS), await pay.begin()
    paying_harness.book.cards.pay(card.external_id)
    paying_harness.clock.pass_time(24 * 3600)
    del paying_harness.shop.payment_methods[Method.STARS]

    async def due(tx):
        now = gone.created_at
        await tx.payments.change(gone.id, external_id="charge", due_at=now)

    await paying_harness.store.write(due)
    await check_due_payments(paying_harness.shop)

    assert await paying_harness.balance() == card.asked_minor


async def test_a_merchant_that_is_refused_is_asked_once_for_all(pay, paying_harness: ShopHarness):
    for number in range(3):
        await pay.begin(minor=100_000 + 100 * number)
    paying_harness.book.cards.merchant_validated = False
    paying_harness.clock.pass_time(30)
    before = paying_harness.book.count("checkPayment")

    await check_due_payments(paying_harness.shop)

    assert paying_harness.book.count("checkPayment") == before + 1


async def test_an_update_under_the_newest_key_holds_up_no_other(harness: ShopHarness):
    old, new = new_key("k1"), new_key("k2")
    both = AesVault(parse_keys(f"{new},{old}"))
    for number, key in ((1, new), (2, old)):
        place = update_associated_data(number)
        row = InboxRow(number, 1, AesVault(parse_keys(key)).seal("{}", place))

        async def receive(tx, row=row):
            await tx.inbox.add([row], harness.clock.now())

        await harness.store.write(receive)

    done = await rotate_keys(harness.store, both, lambda _: None)

    assert (done.sealed, done.still_used) == (1, set())


# --- what a caller is told --------------------------------------------------------------------------
