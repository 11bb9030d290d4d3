"""What a service answers its caller, and the figures in its refusals."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import errors as e
from bot.domain import ledger
from bot.domain.orders import OrderState
from bot.domain.payments import Method
from bot.domain.records import AlertKind, InboxRow
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services import place
from bot.services.catalogue import refresh_catalogue
from bot.services.credit import Credit, credit_wallet
from bot.services.custody import place_of_update
from bot.services.deliver import send_due_messages
from bot.services.incoming import check_due_payments, tell_payment
from bot.services.payback import ask_payback
from bot.services.poll import poll_due_orders
from bot.services.quote import make_quote
from bot.services.rotate import rotate_keys
from bot.services.search import search_lost_orders
from bot.services.topup import switch_off
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import methods_off, orders, purchase_requests
from tests.integration.test_payments import PRICE, waiting_order
from tests.stage import OPERATOR, START, Stage
from tests.vouchers import VoucherStage

# --- figures in what is refused or told -------------------------------------------------------------


async def test_a_quantity_out_of_range_is_refused_with_the_range(stage: Stage):
    await stage.customer(1)
    with pytest.raises(e.QuantityOutOfRange) as refused:
        await make_quote(stage.shop, 1, await stage.denomination(), 11)
    assert (refused.value.minimum, refused.value.maximum) == (1, 10)


async def test_an_operators_day_begins_at_the_shops_own_midnight(stage: Stage):
    stage.set_policy(daily_cap_minor=100_000, time_zone=ZoneInfo("Africa/Algiers"))
    await stage.customer(1, dinars=0)
    stage.clock.moment = datetime.fromisoformat("2026-12-01T22:59:59Z")  # 23:59:59 in Algiers
    await credit_wallet(stage.shop, Credit("a", OPERATOR, 1, 100_000, ""))
    with pytest.raises(e.CapReached) as refused:
        await credit_wallet(stage.shop, Credit("b", OPERATOR, 1, 1, ""))
    assert refused.value.left_minor == 0

    stage.clock.pass_time(1)
    await credit_wallet(stage.shop, Credit("c", OPERATOR, 1, 60_000, ""))
    stage.clock.pass_time(3600 + 1)  # midnight in Greenwich is nobody's here
    with pytest.raises(e.CapReached) as refused:
        await credit_wallet(stage.shop, Credit("d", OPERATOR, 1, 40_001, ""))
    assert refused.value.left_minor == 40_000


async def test_a_cap_that_was_lowered_below_what_was_moved_leaves_nothing(stage: Stage):
    await stage.customer(1, dinars=1_000)
    stage.set_policy(daily_cap_minor=50_000)
    with pytest.raises(e.CapReached) as refused:
        await credit_wallet(stage.shop, Credit("a", OPERATOR, 1, 1, ""))
    assert refused.value.left_minor == 0


async def test_what_nobody_can_give_back_lacks_nothing(pay, till: Stage):
    payment = await pay.begin(Method.STARS)
    await pay.stars(payment)
    till.offer(Method.TRANSFER)
    with pytest.raises(e.NotGivenBack) as refused:
        await ask_payback(till.shop, key="k", operator_id=OPERATOR, payment_id=payment.id)
    assert refused.value.missing_minor == 0


async def test_one_centime_that_lacks_is_something_to_pay(pay, till: Stage):
    order = await waiting_order(till)
    await credit_wallet(till.shop, Credit("most", OPERATOR, 1, PRICE - 1, ""))
    payment = await pay.begin(Method.TRANSFER, order=order.id)
    assert payment.asked_minor == 20_000  # the least that a transfer takes


async def test_an_order_whose_price_is_there_meanwhile_lacks_nothing(pay, till: Stage):
    order = await waiting_order(till)
    payment = await pay.begin(Method.TRANSFER, order=order.id)

    async def fill(tables):  # as if the order had not gone on by itself yet
        await tables.ledger.post(ledger.credit("in", 1, 2 * PRICE, ""), START, "test")
        await tell_payment(tables, till.shop, payment, "expired")

    await till.store.write(fill)
    await send_due_messages(till.shop)

    assert [sent.note.missing_minor for sent in till.sender.sent if sent.note] == [0]


async def test_a_providers_long_code_is_kept_as_far_as_there_is_room(till: Stage):
    await switch_off(till.shop, Method.OCPAY, "X" * 65)
    async with till.store._reader.connect() as db:
        assert (await db.execute(select(methods_off.c.code))).scalar_one() == "X" * 64


async def test_an_old_catalogue_is_told_after_twice_its_life(stage: Stage):
    await refresh_catalogue(stage.shop, "oneclickdz", force=True)
    life = stage.shop.policy.catalogue_lifetime

    async def fail():
        raise e.SupplierUnavailable("catalog", "")

    stage.supplier.catalogue = fail
    for passed, told in ((2 * life, 0), (timedelta(microseconds=1), 1)):
        stage.clock.moment += passed
        with pytest.raises(e.SupplierFailure):
            await refresh_catalogue(stage.shop, "oneclickdz")
        await stage.round()
        assert len(stage.sender.alerts(AlertKind.CATALOGUE_STALE)) == told


# --- one after the other ----------------------------------------------------------------------------


async def test_a_payment_whose_way_is_gone_holds_up_no_other(pay, till: Stage):
    """Nobody is there to be asked; a provider that does not answer is another thing."""
    gone, card = await pay.begin(Method.STARS), await pay.begin()
    till.book.cards.pay(card.external_id)
    till.clock.pass_time(24 * 3600)
    del till.shop.ways[Method.STARS]

    async def due(tables):
        now = gone.created_at
        await tables.payments.change(gone.id, external_id="charge", due_at=now)

    await till.store.write(due)
    await check_due_payments(till.shop)

    assert await till.balance() == card.asked_minor


async def test_a_merchant_that_is_refused_is_asked_once_for_all(pay, till: Stage):
    for number in range(3):
        await pay.begin(minor=100_000 + 100 * number)
    till.book.cards.merchant_validated = False
    till.clock.pass_time(30)
    before = till.book.count("checkPayment")

    await check_due_payments(till.shop)

    assert till.book.count("checkPayment") == before + 1


async def test_a_lost_order_without_its_request_holds_up_no_other(sqlite_store):
    stage = await VoucherStage(sqlite_store).open()
    for user in (1, 2):
        await stage.customer(user)
        stage.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
        await stage.buy(user)
        await stage.place()
    async with stage.store._writer.begin() as db:
        await db.execute(purchase_requests.delete().where(purchase_requests.c.order_id == 1))
    stage.clock.pass_time(2)
    asked = stage.vouchers.count("POST /api/v1/orders")

    assert await search_lost_orders(stage.shop, "starship") >= 1
    assert stage.vouchers.count("POST /api/v1/orders") == asked + 1
    assert (await stage.order(2)).state is OrderState.HANDLING
    await stage.close()


async def test_an_update_under_the_newest_key_holds_up_no_other(stage: Stage):
    old, new = new_key("k1"), new_key("k2")
    both = AesVault(parse_keys(f"{new},{old}"))
    for number, key in ((1, new), (2, old)):
        place = place_of_update(number)
        row = InboxRow(number, 1, AesVault(parse_keys(key)).seal("{}", place))

        async def receive(tables, row=row):
            await tables.inbox.add([row], stage.clock.now())

        await stage.store.write(receive)

    done = await rotate_keys(stage.store, both, lambda _: None)

    assert (done.sealed, done.still_used) == (1, set())


# --- what a caller is told --------------------------------------------------------------------------


async def test_orders_beyond_those_that_are_asked_for_one_by_one_wait_longer(stage: Stage):
    """Where the list fails, the rest counts it as an attempt of its own."""
    await stage.customer(1, dinars=900_000)
    for _ in range(22):
        await stage.buy(1)
    await stage.place()
    stage.clock.pass_time(2)
    stage.book.script(Fault(FaultKind.STATUS, "list", times=9, status=500))
    async with stage.store.reading() as tables:
        before = await tables.orders.due(OrderState.HANDLING, stage.clock.now(), 99, "oneclickdz")
    last = before[-1]
    await poll_due_orders(stage.shop, "oneclickdz")

    assert len(before) == 22
    assert (await stage.order(last.id)).attempts == last.attempts + 1


async def test_an_id_that_is_taken_binds_nothing(stage: Stage):
    await stage.customer(1)
    first = await stage.buy(1)
    await stage.place()
    taken = (await stage.order(first.id)).supplier_order_id
    second = await stage.buy(1)

    async def accept(tables, order_id, supplier_order_id):
        order = await tables.orders.locked(order_id)
        return await place.accept_order(tables, stage.shop, order, supplier_order_id)

    async with stage.store._writer.begin() as db:
        await db.execute(orders.update().where(orders.c.id == second.id).values(state="placing"))

    assert not await stage.store.write(accept, second.id, taken)
    async with stage.store._writer.begin() as db:
        await db.execute(orders.update().where(orders.c.id == second.id).values(state="placing"))
    assert await stage.store.write(accept, second.id, "another")


async def test_a_test_type_is_bought_in_the_sandbox(sandbox_stage: Stage):
    await sandbox_stage.customer(1)
    order = await sandbox_stage.buy(1)
    async with sandbox_stage.store._writer.begin() as db:
        await db.execute(orders.update().values(supplier_type_id="TEST_REFUND"))
    await sandbox_stage.place()

    assert (await sandbox_stage.order(order.id)).state is OrderState.HANDLING
    assert sandbox_stage.book.count("placeOrder") == 1
