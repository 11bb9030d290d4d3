"""Balance, shelves and silences as operators hear of them, and what reaches whom, by the moment."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.domain.records import (
    AlertKind,
    CodeMessageKind,
    Customer,
    Locale,
    OutboxKind,
    SentCodeMessage,
)
from bot.domain.supplier import SupplierStatus
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue import browse
from bot.services.catalogue.links import find_products, link_products
from bot.services.catalogue.refresh import refresh_catalogue, refresh_product
from bot.services.codes import reveal
from bot.services.codes.reminders import remind_of_expiry
from bot.services.codes.reveal import hide_codes, hide_due_messages
from bot.services.messaging.alerts import (
    down_alert,
    raise_alert,
    resolve_alert,
    supplier_is_silent,
    tell_alerts,
)
from bot.services.messaging.customers import welcome
from bot.services.operations.outbox import send_due_messages
from bot.services.operations.watch import watch_supplier
from bot.services.orders.settle import settle_order
from bot.services.selling.access import is_sandbox
from bot.services.selling.balance import check_balance
from storage.tables import codes, orders
from tests.harness import OPERATOR, ShopHarness
from tests.integration.order_steps import accepted_order, report
from tests.vouchers import VoucherHarness

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)
LINA = Customer(1, Locale.EN)
S = SupplierStatus


# --- balance, catalogue, suppliers ------------------------------------------------------------------


async def test_sales_go_on_once_the_balance_covers_what_waits(harness: ShopHarness):
    harness.set_policy(balance_floor_minor=0)
    await harness.customer(1)
    harness.book.balance *= 0
    order = await harness.buy(1, quantity=2)
    await harness.place()
    needed = 2 * (await harness.order(order.id)).unit_cost_minor
    for minor, selling in ((needed - 1, False), (needed, True)):

        async def balance(minor=minor):
            return minor

        harness.supplier.balance = balance
        await check_balance(harness.shop, "oneclickdz", force=True)
        async with harness.store.reading() as tx:
            account = await tx.operators.account("oneclickdz")
        assert account.paused_for_balance is not selling


@pytest.mark.parametrize(("minor", "selling"), [(999, False), (1_000, True)])
async def test_a_balance_at_its_floor_sells(harness: ShopHarness, minor, selling):
    harness.set_policy(balance_floor_minor=1_000)

    async def balance():
        return minor

    harness.supplier.balance = balance
    woken = []
    harness.shop.wake = woken.append
    await check_balance(harness.shop, "oneclickdz", force=True)
    async with harness.store.reading() as tx:
        account = await tx.operators.account("oneclickdz")
    assert account.paused_for_balance is not selling
    assert "place" not in woken


async def test_a_sandbox_that_ran_dry_sells_again_with_any_balance(sandbox_harness: ShopHarness):
    harness = sandbox_harness
    harness.set_policy(balance_floor_minor=1_000, balance_alert_minor=1_000)

    async def balance():
        return 0

    async def paused(tx):
        await tx.operators.set_account("oneclickdz", paused_for_balance=True)

    harness.supplier.balance = balance
    woken = []
    harness.shop.wake = woken.append
    await check_balance(harness.shop, "oneclickdz", force=True)
    assert woken == []
    await harness.store.write(paused)
    await check_balance(harness.shop, "oneclickdz", force=True)

    assert "place" in woken
    async with harness.store.reading() as tx:
        assert not (await tx.operators.account("oneclickdz")).paused_for_balance


async def test_a_fresh_catalogue_is_left_alone_and_an_old_one_is_fetched(harness: ShopHarness):
    life = harness.shop.policy.catalogue_lifetime
    asked = harness.book.count("catalog")
    assert not await refresh_catalogue(harness.shop, "oneclickdz")
    harness.clock.moment += life - MOMENT
    assert not await refresh_catalogue(harness.shop, "oneclickdz")
    assert harness.book.count("catalog") == asked
    harness.clock.moment += MOMENT
    assert await refresh_catalogue(harness.shop, "oneclickdz")
    assert await refresh_catalogue(harness.shop, "oneclickdz", force=True)


async def test_one_real_supplier_makes_a_real_shop(sqlite_store):
    harness = await VoucherHarness(sqlite_store, both=True, kind="test").open()
    async with harness.store.reading() as tx:
        kinds = [(await tx.operators.account(n)).environment for n in harness.shop.suppliers]
        assert not await is_sandbox(tx, harness.shop)
    assert len(set(kinds)) == 2
    await harness.close()


async def test_a_sandbox_alone_is_a_sandbox(sandbox_harness: ShopHarness):
    async with sandbox_harness.store.reading() as tx:
        assert await is_sandbox(tx, sandbox_harness.shop)


async def test_while_a_supplier_is_silent_nobody_is_told_what_waits_for_it(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    harness.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    await harness.run(900, step=20)

    async with harness.store.reading() as tx:
        assert await tx.operators.alert_is_open(down_alert("oneclickdz"))
        assert not await tx.operators.alert_is_open("orders_stuck:oneclickdz")
    assert (await harness.order(order.id)).alerted_stuck is False


async def test_a_silence_is_told_once_and_its_end_is_noticed(harness: ShopHarness):
    harness.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    for _ in range(3):
        await check_balance(harness.shop, "oneclickdz", force=True)
        harness.clock.pass_time(61)
    writes = []
    write = harness.shop.store.write

    async def counted(work, *args, **named):
        writes.append(work.__name__)
        return await write(work, *args, **named)

    harness.shop.store.write = counted
    for _ in range(2):
        await watch_supplier(harness.shop, "oneclickdz")
    harness.book.faults.clear()
    await check_balance(harness.shop, "oneclickdz", force=True)
    for _ in range(2):
        await watch_supplier(harness.shop, "oneclickdz")

    assert [name for name in writes if name.startswith("_tell")] == ["_tell_silent", "_tell_back"]


async def test_what_follows_is_priced_with_what_it_follows(sqlite_store):
    harness = await VoucherHarness(sqlite_store, both=True).open()
    mine = browse.search_products(harness.shop, "PlayStation USA")[0]
    theirs = next(
        p
        for p in harness.shop.shelf.products.values()
        if p.supplier == "starship" and "PlayStation" in p.title
    )
    await link_products(harness.shop, mine.id, theirs.id, key="k", operator_id=OPERATOR)
    harness.clock.pass_time(60)
    await refresh_product(harness.shop, mine.id)

    assert harness.shop.shelf.product(theirs.id).priced_at == harness.clock.now()
    await harness.close()


async def test_products_are_found_by_name_as_far_as_a_list_goes(harness: ShopHarness):
    there = len(harness.shop.shelf.products)
    assert len(find_products(harness.shop, "", 3)) == 3
    assert len(find_products(harness.shop, "")) == min(there, 20)


# --- alerts, people, messages -----------------------------------------------------------------------


async def test_as_many_alerts_are_counted_as_were_told(harness: ShopHarness):
    async def raised(tx):
        for order in (1, 2):
            await raise_alert(
                tx, harness.shop, f"price:{order}", AlertKind.PRICE_DRIFT, order=order
            )
        await raise_alert(tx, harness.shop, "low", AlertKind.BALANCE_LOW, supplier="oneclickdz")

    assert await tell_alerts(harness.shop) == 0
    await harness.store.write(raised)
    assert await tell_alerts(harness.shop) == 3
    assert await tell_alerts(harness.shop) == 0


async def test_many_alerts_are_one_message_which_names_the_orders_there_are(harness: ShopHarness):
    async def raised(tx):
        for key, data in (("a", {"order": 3}), ("b", {"order": 0}), ("c", {}), ("d", {"order": 7})):
            await raise_alert(tx, harness.shop, key, AlertKind.MESSAGE_DEAD, user=1, **data)

    await harness.store.write(raised)
    await tell_alerts(harness.shop)
    await send_due_messages(harness.shop)
    (told,) = harness.sender.alerts(AlertKind.MESSAGE_DEAD)
    assert (told["order"], told["others"], told["named"]) == ("3", "3", "#7")


async def test_many_of_a_kind_speak_again_after_ten_minutes(harness: ShopHarness):
    numbers = iter(range(9))

    async def raised(tx):
        order = next(numbers)
        await raise_alert(tx, harness.shop, f"k{order}", AlertKind.PRICE_DRIFT, order=order)

    told = []
    for passed in (timedelta(0), timedelta(minutes=10) - MOMENT, MOMENT):
        harness.clock.moment += passed
        await harness.store.write(raised)
        told.append(await tell_alerts(harness.shop))
    assert told == [1, 0, 2]


async def test_what_a_silence_brings_along_is_its_own_until_ten_minutes_after_it(
    harness: ShopHarness,
):
    async def ended(tx):
        await raise_alert(tx, harness.shop, down_alert("oneclickdz"), AlertKind.SUPPLIER_DOWN)
        assert await supplier_is_silent(tx, "oneclickdz", harness.clock.now())
        await resolve_alert(tx, harness.shop, down_alert("oneclickdz"))

    await harness.store.write(ended)
    over = harness.clock.now() + timedelta(minutes=10)
    async with harness.store.reading() as tx:
        assert await supplier_is_silent(tx, "oneclickdz", over - MOMENT)
        assert not await supplier_is_silent(tx, "oneclickdz", over)
        assert not await supplier_is_silent(tx, "starship", over)


async def test_an_alert_is_quiet_until_its_time_is_over(harness: ShopHarness):
    async def raised(tx):
        quiet = {"quiet_for": timedelta(minutes=10), "order": 1}
        made = await raise_alert(tx, harness.shop, "k", AlertKind.PRICE_DRIFT, **quiet)
        await tx.operators.close_alert("k", harness.clock.now())
        return made

    assert await harness.store.write(raised)
    harness.clock.moment += timedelta(minutes=10) - MOMENT
    assert not await harness.store.write(raised)
    harness.clock.moment += MOMENT
    assert await harness.store.write(raised)


async def test_an_alert_that_is_open_is_not_opened_again(harness: ShopHarness):
    async def raised(tx):
        return await raise_alert(tx, harness.shop, "k", AlertKind.PRICE_DRIFT, order=1)

    assert [await harness.store.write(raised) for _ in range(2)] == [True, False]


async def test_who_comes_is_known_by_language_and_who_comes_back_is_reachable_again(
    harness: ShopHarness,
):
    assert (await welcome(harness.shop, 5, "fr")).locale is Locale.FR
    assert (await welcome(harness.shop, 5, "ar")).locale is Locale.FR
    harness.restart()
    woken = []
    harness.shop.wake = woken.append
    assert (await welcome(harness.shop, 5, "ar")).locale is Locale.FR
    assert woken == []  # nothing was written for who was reachable all along

    async def gone(tx):
        await tx.customers.set_reachable(5, reachable=False)

    await harness.store.write(gone)
    harness.restart()
    assert (await welcome(harness.shop, 5, "ar")).reachable
    async with harness.store.reading() as tx:
        assert (await tx.customers.get(5)).reachable


async def test_who_is_remembered_needs_no_database(harness: ShopHarness, monkeypatch):
    await welcome(harness.shop, 5, "fr")
    monkeypatch.setattr(harness.shop, "store", None)
    assert (await welcome(harness.shop, 5, "fr")).locale is Locale.FR


async def test_a_reminder_is_for_codes_that_were_not_just_bought(sqlite_store):
    harness = await VoucherHarness(sqlite_store).open()
    await harness.customer(1)
    bought = [await harness.buy(1) for _ in range(3)]
    await harness.run(6)
    paid_at = (await harness.order(bought[0].id)).paid_at
    async with harness.store._writer.begin() as db:
        for order, late in zip(bought, (-1, 0, 1), strict=True):
            expires = paid_at + 30 * DAY + timedelta(seconds=late)
            row = orders.c.id == order.id
            await db.execute(update(orders).where(row).values(paid_at=paid_at))
            mine = codes.c.order_id == order.id
            await db.execute(update(codes).where(mine).values(expires_at=expires))

    async def looked(tx):
        await tx.operators.set_last_run("remind", paid_at - timedelta(minutes=5))

    await harness.store.write(looked)
    assert await remind_of_expiry(harness.shop) == 1
    harness.clock.pass_time(60)
    assert await remind_of_expiry(harness.shop) == 0
    await harness.close()


async def test_a_part_that_is_hidden_names_its_own_codes(harness: ShopHarness, monkeypatch):
    await harness.customer(1, dinars=900_000)
    order = await accepted_order(harness, 10)
    await settle_order(harness.shop, order, report(order, cards=["A" * 16, "B" * 16]))
    await settle_order(harness.shop, order, report(order, cards=["A" * 16, "B" * 16, "C" * 16]))
    await harness.round()
    hidden = []

    async def mask_codes(customer, order, message, masks, first):
        hidden.append((message.part, list(masks), first))

    monkeypatch.setattr(harness.sender, "mask_codes", mask_codes)
    assert await hide_codes(harness.shop, LINA, order.id, harness.sender._ids) == 2

    assert sorted(hidden) == [(0, ["••••AAAA", "••••BBBB"], 0), (1, ["••••CCCC"], 2)]


async def test_a_part_that_is_not_there_any_more_is_hidden_without_its_codes(harness, monkeypatch):
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, report(order, S.FULFILLED, ["A" * 16], final=True))
    await harness.round()
    hidden = []

    async def mask_codes(customer, order, message, masks, first):
        hidden.append((message, list(masks), first))

    async def nothing(_shop, _order):
        return ()

    monkeypatch.setattr(harness.sender, "mask_codes", mask_codes)
    monkeypatch.setattr(reveal, "open_code_messages", nothing)
    await hide_codes(harness.shop, LINA, order.id, harness.sender._ids)
    await hide_codes(harness.shop, LINA, order.id, 4242)

    assert [row[1:] for row in hidden] == [([], 0)] * 2
    orphan = SentCodeMessage(0, order.id, 1, 4242, 0, 1, CodeMessageKind.TEXT, 0)
    assert hidden[1][0] == orphan


async def test_a_code_that_expires_this_moment_is_not_reminded_of(sqlite_store):
    harness = await VoucherHarness(sqlite_store).open()
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(6)
    harness.clock.pass_time(336 * 86_400)
    assert await remind_of_expiry(harness.shop) == 1
    async with harness.store.reading() as tx:
        (row,) = [
            it for it in await tx.outbox.due(harness.clock.now(), 9) if it.kind is OutboxKind.EXPIRY
        ]
    harness.clock.moment = datetime.fromisoformat(row.data["expires_at"])
    await send_due_messages(harness.shop)
    assert [sent for sent in harness.sender.sent if sent.kind == "reminder"] == []
    await harness.close()


async def test_a_press_waits_no_longer_than_its_message_takes_to_be_known(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, report(order, S.FULFILLED, ["A" * 16], final=True))
    await harness.round()
    before = harness.clock.now()
    await hide_codes(harness.shop, LINA, order.id, harness.sender._ids)
    assert harness.clock.now() == before
    await hide_codes(harness.shop, LINA, order.id, 4242)  # no record knows it: waited for in vain
    assert harness.clock.now() == before + timedelta(seconds=1.7)


async def test_twenty_messages_are_hidden_in_one_look(harness: ShopHarness):
    await harness.customer(1, dinars=900_000)
    for number in range(21):
        order = await accepted_order(harness, 1)
        said = report(order, S.FULFILLED, [f"{number:016}"], final=True)
        await settle_order(harness.shop, order, said)
    await harness.run(5)
    harness.clock.moment += harness.shop.policy.codes_visible_for
    assert [await hide_due_messages(harness.shop) for _ in range(3)] == [20, 1, 0]
