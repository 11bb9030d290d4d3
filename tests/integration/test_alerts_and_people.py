"""Balance, shelves and silences as operators hear of them, and what reaches whom, by the moment."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.domain.payments import Doubt, Method, PaymentState
from bot.domain.records import (
    AlertKind,
    CodesMessage,
    CodesMessageKind,
    Customer,
    Locale,
    OutboxKind,
)
from bot.domain.supplier import SupplierStatus
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.vouchers import Outcome
from bot.services import browse, reveal
from bot.services.access import is_sandbox
from bot.services.alerts import (
    down_alert,
    raise_alert,
    settle_alert,
    supplier_is_silent,
    tell_alerts,
)
from bot.services.balance import check_balance
from bot.services.catalogue import refresh_catalogue, refresh_product
from bot.services.customers import welcome
from bot.services.deliver import send_due_messages
from bot.services.incoming import check_due_payments, is_unclaimed
from bot.services.links import find_products, link_products
from bot.services.remind import remind_of_expiry
from bot.services.reveal import hide_codes, hide_due_messages, mask
from bot.services.settle import settle_order
from bot.services.watch import watch_supplier
from storage.tables import codes, orders, payments
from tests.integration.test_reports_of_orders import handled, report
from tests.stage import OPERATOR, Stage
from tests.vouchers import VoucherStage

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)
LINA = Customer(1, Locale.EN)
S = SupplierStatus


# --- balance, catalogue, suppliers ------------------------------------------------------------------


async def test_sales_go_on_once_the_balance_covers_what_waits(stage: Stage):
    stage.set_policy(balance_floor_minor=0)
    await stage.customer(1)
    stage.book.balance *= 0
    order = await stage.buy(1, quantity=2)
    await stage.place()
    needed = 2 * (await stage.order(order.id)).unit_cost_minor
    for minor, selling in ((needed - 1, False), (needed, True)):

        async def balance(minor=minor):
            return minor

        stage.supplier.balance = balance
        await check_balance(stage.shop, "oneclickdz", force=True)
        async with stage.store.reading() as tables:
            account = await tables.operators.account("oneclickdz")
        assert account.paused_for_balance is not selling


@pytest.mark.parametrize(("minor", "selling"), [(999, False), (1_000, True)])
async def test_a_balance_at_its_floor_sells(stage: Stage, minor, selling):
    stage.set_policy(balance_floor_minor=1_000)

    async def balance():
        return minor

    stage.supplier.balance = balance
    woken = []
    stage.shop.wake = woken.append
    await check_balance(stage.shop, "oneclickdz", force=True)
    async with stage.store.reading() as tables:
        account = await tables.operators.account("oneclickdz")
    assert account.paused_for_balance is not selling
    assert "place" not in woken


async def test_a_sandbox_that_ran_dry_sells_again_with_any_balance(sandbox_stage: Stage):
    stage = sandbox_stage
    stage.set_policy(balance_floor_minor=1_000, balance_alert_minor=1_000)

    async def balance():
        return 0

    async def paused(tables):
        await tables.operators.set_account("oneclickdz", paused_for_balance=True)

    stage.supplier.balance = balance
    woken = []
    stage.shop.wake = woken.append
    await check_balance(stage.shop, "oneclickdz", force=True)
    assert woken == []
    await stage.store.write(paused)
    await check_balance(stage.shop, "oneclickdz", force=True)

    assert "place" in woken
    async with stage.store.reading() as tables:
        assert not (await tables.operators.account("oneclickdz")).paused_for_balance


async def test_a_fresh_catalogue_is_left_alone_and_an_old_one_is_fetched(stage: Stage):
    life = stage.shop.policy.catalogue_lifetime
    asked = stage.book.count("catalog")
    assert not await refresh_catalogue(stage.shop, "oneclickdz")
    stage.clock.moment += life - MOMENT
    assert not await refresh_catalogue(stage.shop, "oneclickdz")
    assert stage.book.count("catalog") == asked
    stage.clock.moment += MOMENT
    assert await refresh_catalogue(stage.shop, "oneclickdz")
    assert await refresh_catalogue(stage.shop, "oneclickdz", force=True)


@pytest.mark.parametrize(("kind", "sandbox"), [("live", False), ("test", False)])
async def test_one_real_supplier_makes_a_real_shop(sqlite_store, kind, sandbox):
    stage = await VoucherStage(sqlite_store, both=True, kind=kind).open()
    async with stage.store.reading() as tables:
        kinds = [(await tables.operators.account(n)).environment for n in stage.shop.suppliers]
        assert await is_sandbox(tables, stage.shop) is sandbox
    assert len(set(kinds)) == (1 if kind == "live" else 2)
    await stage.close()


async def test_a_sandbox_alone_is_a_sandbox(sandbox_stage: Stage):
    async with sandbox_stage.store.reading() as tables:
        assert await is_sandbox(tables, sandbox_stage.shop)


async def test_while_a_supplier_is_silent_nobody_is_told_what_waits_for_it(stage: Stage):
    order = await handled(stage, 1)
    stage.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    await stage.run(900, step=20)

    async with stage.store.reading() as tables:
        assert await tables.operators.alert_is_open(down_alert("oneclickdz"))
        assert not await tables.operators.alert_is_open("orders_stuck:oneclickdz")
    assert (await stage.order(order.id)).alerted_stuck is False


async def test_how_long_what_is_stuck_has_waited_is_told_in_minutes(sqlite_store):
    stage = await VoucherStage(sqlite_store).open()
    await stage.customer(1)
    stage.next(Outcome.PENDING)
    await stage.buy(1)
    await stage.run(10)
    stage.clock.pass_time(86_400)
    await stage.round()

    assert [a["minutes"] for a in stage.sender.alerts(AlertKind.ORDERS_STUCK)] == ["1440"]
    await stage.close()


async def test_a_silence_is_told_once_and_its_end_is_noticed(stage: Stage):
    stage.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    for _ in range(3):
        await check_balance(stage.shop, "oneclickdz", force=True)
        stage.clock.pass_time(61)
    writes = []
    write = stage.shop.store.write

    async def counted(work, *args, **named):
        writes.append(work.__name__)
        return await write(work, *args, **named)

    stage.shop.store.write = counted
    for _ in range(2):
        await watch_supplier(stage.shop, "oneclickdz")
    stage.book.faults.clear()
    await check_balance(stage.shop, "oneclickdz", force=True)
    for _ in range(2):
        await watch_supplier(stage.shop, "oneclickdz")

    assert [name for name in writes if name.startswith("_tell")] == ["_tell_silent", "_tell_back"]


async def test_what_follows_is_priced_with_what_it_follows(sqlite_store):
    stage = await VoucherStage(sqlite_store, both=True).open()
    mine = browse.search_products(stage.shop, "PlayStation USA")[0]
    theirs = next(
        p
        for p in stage.shop.shelf.products.values()
        if p.supplier == "starship" and "PlayStation" in p.title
    )
    await link_products(stage.shop, mine.id, theirs.id, key="k", operator_id=OPERATOR)
    stage.clock.pass_time(60)
    await refresh_product(stage.shop, mine.id)

    assert stage.shop.shelf.product(theirs.id).priced_at == stage.clock.now()
    await stage.close()


async def test_products_are_found_by_name_as_far_as_a_list_goes(stage: Stage):
    there = len(stage.shop.shelf.products)
    assert len(find_products(stage.shop, "", 3)) == 3
    assert len(find_products(stage.shop, "")) == min(there, 20)


# --- alerts, people, messages -----------------------------------------------------------------------


async def test_as_many_alerts_are_counted_as_were_told(stage: Stage):
    async def raised(tables):
        for order in (1, 2):
            await raise_alert(
                tables, stage.shop, f"price:{order}", AlertKind.PRICE_DRIFT, order=order
            )
        await raise_alert(tables, stage.shop, "low", AlertKind.BALANCE_LOW, supplier="oneclickdz")

    assert await tell_alerts(stage.shop) == 0
    await stage.store.write(raised)
    assert await tell_alerts(stage.shop) == 3
    assert await tell_alerts(stage.shop) == 0


async def test_many_alerts_are_one_message_which_names_the_orders_there_are(stage: Stage):
    async def raised(tables):
        for key, data in (("a", {"order": 3}), ("b", {"order": 0}), ("c", {}), ("d", {"order": 7})):
            await raise_alert(tables, stage.shop, key, AlertKind.MESSAGE_DEAD, user=1, **data)

    await stage.store.write(raised)
    await tell_alerts(stage.shop)
    await send_due_messages(stage.shop)
    (told,) = stage.sender.alerts(AlertKind.MESSAGE_DEAD)
    assert (told["order"], told["others"], told["named"]) == ("3", "3", "#7")


async def test_many_of_a_kind_speak_again_after_ten_minutes(stage: Stage):
    numbers = iter(range(9))

    async def raised(tables):
        order = next(numbers)
        await raise_alert(tables, stage.shop, f"k{order}", AlertKind.PRICE_DRIFT, order=order)

    told = []
    for passed in (timedelta(0), timedelta(minutes=10) - MOMENT, MOMENT):
        stage.clock.moment += passed
        await stage.store.write(raised)
        told.append(await tell_alerts(stage.shop))
    assert told == [1, 0, 2]


async def test_what_a_silence_brings_along_is_its_own_until_ten_minutes_after_it(stage: Stage):
    async def ended(tables):
        await raise_alert(tables, stage.shop, down_alert("oneclickdz"), AlertKind.SUPPLIER_DOWN)
        assert await supplier_is_silent(tables, "oneclickdz", stage.clock.now())
        await settle_alert(tables, stage.shop, down_alert("oneclickdz"))

    await stage.store.write(ended)
    over = stage.clock.now() + timedelta(minutes=10)
    async with stage.store.reading() as tables:
        assert await supplier_is_silent(tables, "oneclickdz", over - MOMENT)
        assert not await supplier_is_silent(tables, "oneclickdz", over)
        assert not await supplier_is_silent(tables, "starship", over)


async def test_an_alert_is_quiet_until_its_time_is_over(stage: Stage):
    async def raised(tables):
        quiet = {"quiet_for": timedelta(minutes=10), "order": 1}
        made = await raise_alert(tables, stage.shop, "k", AlertKind.PRICE_DRIFT, **quiet)
        await tables.operators.close_alert("k", stage.clock.now())
        return made

    assert await stage.store.write(raised)
    stage.clock.moment += timedelta(minutes=10) - MOMENT
    assert not await stage.store.write(raised)
    stage.clock.moment += MOMENT
    assert await stage.store.write(raised)


async def test_an_alert_that_is_open_is_not_opened_again(stage: Stage):
    async def raised(tables):
        return await raise_alert(tables, stage.shop, "k", AlertKind.PRICE_DRIFT, order=1)

    assert [await stage.store.write(raised) for _ in range(2)] == [True, False]


async def test_who_comes_is_known_by_language_and_who_comes_back_is_reachable_again(stage: Stage):
    assert (await welcome(stage.shop, 5, "fr")).locale is Locale.FR
    assert (await welcome(stage.shop, 5, "ar")).locale is Locale.FR
    stage.restart()
    woken = []
    stage.shop.wake = woken.append
    assert (await welcome(stage.shop, 5, "ar")).locale is Locale.FR
    assert woken == []  # nothing was written for who was reachable all along

    async def gone(tables):
        await tables.customers.set_reachable(5, reachable=False)

    await stage.store.write(gone)
    stage.restart()
    assert (await welcome(stage.shop, 5, "ar")).reachable
    async with stage.store.reading() as tables:
        assert (await tables.customers.get(5)).reachable


async def test_who_is_remembered_needs_no_database(stage: Stage, monkeypatch):
    await welcome(stage.shop, 5, "fr")
    monkeypatch.setattr(stage.shop, "store", None)
    assert (await welcome(stage.shop, 5, "fr")).locale is Locale.FR


async def test_a_reminder_is_for_codes_that_were_not_just_bought(sqlite_store):
    stage = await VoucherStage(sqlite_store).open()
    await stage.customer(1)
    bought = [await stage.buy(1) for _ in range(3)]
    await stage.run(6)
    paid_at = (await stage.order(bought[0].id)).paid_at
    async with stage.store._writer.begin() as db:
        for order, late in zip(bought, (-1, 0, 1), strict=True):
            expires = paid_at + 30 * DAY + timedelta(seconds=late)
            row = orders.c.id == order.id
            await db.execute(update(orders).where(row).values(paid_at=paid_at))
            mine = codes.c.order_id == order.id
            await db.execute(update(codes).where(mine).values(expires_at=expires))

    async def looked(tables):
        await tables.operators.set_last_run("remind", paid_at - timedelta(minutes=5))

    await stage.store.write(looked)
    assert await remind_of_expiry(stage.shop) == 1
    stage.clock.pass_time(60)
    assert await remind_of_expiry(stage.shop) == 0
    await stage.close()


async def test_a_part_that_is_hidden_names_its_own_codes(stage: Stage, monkeypatch):
    await stage.customer(1, dinars=900_000)
    order = await handled(stage, 10)
    await settle_order(stage.shop, order, report(order, cards=["A" * 16, "B" * 16]))
    await settle_order(stage.shop, order, report(order, cards=["A" * 16, "B" * 16, "C" * 16]))
    await stage.round()
    hidden = []

    async def mask_codes(customer, order, message, masks, first):
        hidden.append((message.part, list(masks), first))

    monkeypatch.setattr(stage.sender, "mask_codes", mask_codes)
    assert await hide_codes(stage.shop, LINA, order.id, stage.sender._ids) == 2

    assert sorted(hidden) == [(0, ["••••AAAA", "••••BBBB"], 0), (1, ["••••CCCC"], 2)]


async def test_a_part_that_is_not_there_any_more_is_hidden_without_its_codes(stage, monkeypatch):
    order = await handled(stage, 1)
    await settle_order(stage.shop, order, report(order, S.FULFILLED, ["A" * 16], final=True))
    await stage.round()
    hidden = []

    async def mask_codes(customer, order, message, masks, first):
        hidden.append((message, list(masks), first))

    async def nothing(_shop, _order):
        return ()

    monkeypatch.setattr(stage.sender, "mask_codes", mask_codes)
    monkeypatch.setattr(reveal, "open_parcels", nothing)
    await hide_codes(stage.shop, LINA, order.id, stage.sender._ids)
    await hide_codes(stage.shop, LINA, order.id, 4242)

    assert [row[1:] for row in hidden] == [([], 0)] * 2
    orphan = CodesMessage(0, order.id, 1, 4242, 0, 1, CodesMessageKind.TEXT, 0)
    assert hidden[1][0] == orphan


async def test_a_code_that_expires_this_moment_is_not_reminded_of(sqlite_store):
    stage = await VoucherStage(sqlite_store).open()
    await stage.customer(1)
    await stage.buy(1)
    await stage.run(6)
    stage.clock.pass_time(336 * 86_400)
    assert await remind_of_expiry(stage.shop) == 1
    async with stage.store.reading() as tables:
        (row,) = [
            it
            for it in await tables.outbox.due(stage.clock.now(), 9)
            if it.kind is OutboxKind.EXPIRY
        ]
    stage.clock.moment = datetime.fromisoformat(row.data["expires_at"])
    await send_due_messages(stage.shop)
    assert [sent for sent in stage.sender.sent if sent.kind == "reminder"] == []
    await stage.close()


async def test_a_press_waits_no_longer_than_its_message_takes_to_be_known(stage: Stage):
    order = await handled(stage, 1)
    await settle_order(stage.shop, order, report(order, S.FULFILLED, ["A" * 16], final=True))
    await stage.round()
    before = stage.clock.now()
    await hide_codes(stage.shop, LINA, order.id, stage.sender._ids)
    assert stage.clock.now() == before
    await hide_codes(stage.shop, LINA, order.id, 4242)  # no record knows it: waited for in vain
    assert stage.clock.now() == before + timedelta(seconds=1.7)


def test_a_mask_shows_four_characters_of_twelve_and_none_of_eleven():
    assert (mask("ABCDEFGHIJKL"), mask("ABCDEFGHIJK")) == ("••••IJKL", "••••")


async def test_twenty_messages_are_hidden_in_one_look(stage: Stage):
    await stage.customer(1, dinars=900_000)
    for number in range(21):
        order = await handled(stage, 1)
        said = report(order, S.FULFILLED, [f"{number:016}"], final=True)
        await settle_order(stage.shop, order, said)
    await stage.run(5)
    stage.clock.moment += stage.shop.policy.codes_visible_for
    assert [await hide_due_messages(stage.shop) for _ in range(3)] == [20, 1, 0]


async def test_nobody_asks_about_a_payment_again_after_a_day_even_if_it_expired_before(
    pay, till: Stage
):
    card = await pay.begin()

    async def expired(tables):
        state = PaymentState.EXPIRED
        await tables.payments.change(card.id, state=state, due_at=till.clock.now())

    till.clock.pass_time(86_400)
    await till.store.write(expired)
    await check_due_payments(till.shop)
    after = await pay.now(card)
    assert (after.state, after.due_at) == (PaymentState.EXPIRED, None)


async def test_an_equal_wish_is_a_new_payment_once_the_old_one_is_too_old(pay, till: Stage):
    first = await pay.begin()
    way = till.shop.ways[Method.OCPAY]
    till.clock.moment = first.created_at + way.reusable_for - MOMENT
    assert (await pay.begin()).id == first.id
    till.clock.moment += MOMENT
    assert (await pay.begin()).id != first.id


async def test_unclaimed_is_what_is_held_for_that_reason(pay, till: Stage):
    payment = await pay.begin(Method.STARS)
    for state, reason, unclaimed in (
        (PaymentState.HELD, Doubt.UNCLAIMED, True),
        (PaymentState.HELD, Doubt.AMOUNT, False),
        (PaymentState.CREDITED, Doubt.UNCLAIMED, False),
    ):
        assert is_unclaimed(replace(payment, state=state, reason=reason)) is unclaimed


async def test_a_long_charge_id_makes_a_key_that_fits(pay, till: Stage):
    payment = await pay.begin(Method.STARS)
    for charge in ("a", "b" * 130):
        await pay.stars(payment, charge)
    async with till.store._reader.connect() as db:
        keys = (await db.execute(select(payments.c.key).order_by(payments.c.id))).scalars().all()
    assert [len(key) for key in keys][1:] == [128]


async def test_a_payment_that_nobody_can_be_asked_about_ends_at_its_hour(pay, till: Stage):
    payment = await pay.begin(Method.TRANSFER)
    till.clock.moment = payment.expires_at
    await till.round()
    after = await pay.now(payment)
    assert (after.state, after.settled_at) == (PaymentState.EXPIRED, payment.expires_at)
