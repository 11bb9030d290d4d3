"""Operators hear of each thing once, of like things together, and of a silent supplier in one message."""

from bot.domain.orders import Attention, OrderState
from bot.domain.records import AlertKind
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.messaging.alerts import down_alert, raise_alert, resolve_alert, tell_alerts
from bot.services.orders.poll import poll_due_orders
from tests.harness import OPERATOR, ShopHarness


async def raised(
    harness: ShopHarness, number: int, kind: AlertKind = AlertKind.ORDER_NOT_FOUND
) -> None:
    await harness.store.write(
        raise_alert, harness.shop, f"{kind}:{number}", kind, order=number, supplier="oneclickdz"
    )


async def test_many_of_a_kind_are_one_message_and_the_first_is_not_kept_waiting(
    harness: ShopHarness,
):
    await raised(harness, 1)
    await harness.round()
    for number in range(2, 30):
        await raised(harness, number)
    await harness.run(590, step=10)
    assert len(harness.sender.alerts()) == 1

    await harness.run(20, step=10)

    first, together = harness.sender.alerts()
    assert first == {
        "alert": "order_not_found",
        "order": "1",
        "supplier": "oneclickdz",
    }
    assert (together["order"], together["others"]) == ("10", "27")
    assert together["named"] == " ".join(f"#{n}" for n in range(2, 13) if n != 10)


async def test_other_kinds_do_not_wait_for_each_other(harness: ShopHarness):
    await raised(harness, 1)
    await raised(harness, 1, AlertKind.MESSAGE_DEAD)
    await raised(harness, 1, AlertKind.CATALOGUE_STALE)
    await raised(harness, 2, AlertKind.CATALOGUE_STALE)

    await harness.round()

    assert [a["alert"] for a in harness.sender.alerts()] == [
        "catalogue_stale",
        "catalogue_stale",
        "message_dead",
        "order_not_found",
    ]
    assert await tell_alerts(harness.shop) == 0


async def test_what_was_over_before_it_was_told_is_never_told(harness: ShopHarness):
    await raised(harness, 1, AlertKind.OUTCOME_UNKNOWN)
    await harness.round()
    await raised(harness, 2, AlertKind.OUTCOME_UNKNOWN)
    await harness.round()
    await harness.store.write(resolve_alert, harness.shop, "outcome_unknown:2")
    harness.clock.pass_time(3600)

    await harness.round()

    assert [a["order"] for a in harness.sender.alerts()] == ["1"]


async def test_every_operator_is_told(harness: ShopHarness):
    harness.set_policy(admin_ids=frozenset({OPERATOR, 901}))
    await harness.customer(901, dinars=0)
    await raised(harness, 1)

    await harness.round()

    told = [s.user_id for s in harness.sender.sent if s.kind == "alert"]
    assert sorted(told) == [OPERATOR, 901]


async def test_after_the_supplier_is_back_what_is_still_stuck_is_told(harness: ShopHarness):
    harness.book.handling_seconds = 10**6
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(5)
    harness.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    await harness.run(1200, step=10)
    assert [a["alert"] for a in harness.sender.alerts()] == ["supplier_down"]
    harness.book.faults.clear()

    await harness.run(1300, step=10)

    assert [a["alert"] for a in harness.sender.alerts()] == ["supplier_down", "orders_stuck"]


async def test_an_order_that_cannot_be_asked_for_holds_up_no_other(harness: ShopHarness):
    await harness.customer(1)
    await harness.customer(2)
    bad = await harness.buy(1)
    await harness.place()
    supplier_id = (await harness.order(bad.id)).supplier_order_id
    for path in (f"checkOrder/{supplier_id}", "list"):
        harness.book.script(Fault(FaultKind.STATUS, path, times=10**9))
    good = await harness.buy(2)

    await harness.run(30)

    assert (await harness.order(good.id)).state is OrderState.FULFILLED
    assert (await harness.order(bad.id)).state is OrderState.HANDLING


async def test_a_list_that_does_not_work_holds_up_no_order(harness: ShopHarness):
    for user in range(1, 6):
        await harness.customer(user)
    orders = [await harness.buy(user) for user in range(1, 6)]
    harness.book.script(Fault(FaultKind.STATUS, "list", times=10**9))

    await harness.run(40)

    states = [(await harness.order(order.id)).state for order in orders]
    assert set(states) == {OrderState.FULFILLED}


async def test_an_id_that_the_supplier_does_not_know_comes_before_an_operator(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.book.script(
        Fault(FaultKind.STATUS, "checkOrder", times=10**9, status=404, code="NOT_FOUND")
    )
    await harness.run(800, step=20)
    assert (await harness.order(order.id)).attention is None

    await harness.run(300, step=20)

    assert (await harness.order(order.id)).attention is Attention.NOT_FOUND
    assert len(harness.sender.alerts("not_found")) == 1
    harness.book.faults.clear()
    await harness.run(200, step=20)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert (await harness.order(order.id)).attention is None


async def test_what_a_silence_brings_along_is_not_told_while_it_lasts(harness: ShopHarness):
    await harness.store.write(
        raise_alert, harness.shop, down_alert("oneclickdz"), AlertKind.SUPPLIER_DOWN
    )
    await raised(harness, 1, AlertKind.OUTCOME_UNKNOWN)

    await tell_alerts(harness.shop)

    async with harness.store.reading() as tx:
        waiting = await tx.alerts.untold()
    assert [alert.kind for alert in waiting] == [AlertKind.OUTCOME_UNKNOWN]


async def test_a_supplier_that_fails_three_times_is_left_alone_for_a_while(harness: ShopHarness):
    for user in range(1, 7):
        await harness.customer(user)
        await harness.buy(user)
    await harness.place()
    harness.clock.pass_time(2)
    harness.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    calls = len(harness.book.calls)

    await poll_due_orders(harness.shop, "oneclickdz")

    assert len(harness.book.calls) - calls == 4  # the list, and three orders


async def test_a_key_that_is_refused_while_listing_stops_all_calls(harness: ShopHarness):
    for user in (1, 2):
        await harness.customer(user)
        await harness.buy(user)
    await harness.place()
    harness.clock.pass_time(2)
    harness.book.script(Fault(FaultKind.STATUS, "list", status=401, code="INVALID_ACCESS_TOKEN"))
    calls = len(harness.book.calls)

    assert await poll_due_orders(harness.shop, "oneclickdz") == 0
    await harness.run(30)

    assert len(harness.book.calls) - calls == 1
    assert [a["alert"] for a in harness.sender.alerts()] == ["circuit_open"]


async def test_orders_of_one_product_share_the_failure_of_its_price_question(harness: ShopHarness):
    for user in (1, 2, 3):
        await harness.customer(user)
        await harness.buy(user)
    harness.book.script(Fault(FaultKind.STATUS, "checkProduct", times=10**9, status=503))
    calls = harness.book.count("checkProduct")

    await harness.place()

    assert harness.book.count("checkProduct") - calls == 1
    assert {(await harness.order(n)).attempts for n in (1, 2, 3)} == {1}
