"""Operators hear of each thing once, of like things together, and of a silent supplier in one message."""

from bot.domain.orders import Attention, OrderState
from bot.domain.records import AlertKind
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.alerts import down_alert, raise_alert, settle_alert, tell_alerts
from bot.services.poll import poll_due_orders
from tests.stage import OPERATOR, Stage


async def raised(stage: Stage, number: int, kind: AlertKind = AlertKind.ORDER_NOT_FOUND) -> None:
    await stage.store.write(
        raise_alert, stage.shop, f"{kind}:{number}", kind, order=number, supplier="oneclickdz"
    )


async def test_many_of_a_kind_are_one_message_and_the_first_is_not_kept_waiting(stage: Stage):
    await raised(stage, 1)
    await stage.round()
    for number in range(2, 30):
        await raised(stage, number)
    await stage.run(590, step=10)
    assert len(stage.sender.alerts()) == 1

    await stage.run(20, step=10)

    first, together = stage.sender.alerts()
    assert first == {
        "alert": "order_not_found",
        "order": "1",
        "supplier": "oneclickdz",
    }
    assert (together["order"], together["others"]) == ("10", "27")
    assert together["named"] == " ".join(f"#{n}" for n in range(2, 13) if n != 10)


async def test_other_kinds_do_not_wait_for_each_other(stage: Stage):
    await raised(stage, 1)
    await raised(stage, 1, AlertKind.MESSAGE_DEAD)
    await raised(stage, 1, AlertKind.CATALOGUE_STALE)
    await raised(stage, 2, AlertKind.CATALOGUE_STALE)

    await stage.round()

    assert [a["alert"] for a in stage.sender.alerts()] == [
        "catalogue_stale",
        "catalogue_stale",
        "message_dead",
        "order_not_found",
    ]
    assert await tell_alerts(stage.shop) == 0


async def test_what_was_over_before_it_was_told_is_never_told(stage: Stage):
    await raised(stage, 1, AlertKind.OUTCOME_UNKNOWN)
    await stage.round()
    await raised(stage, 2, AlertKind.OUTCOME_UNKNOWN)
    await stage.round()
    await stage.store.write(settle_alert, stage.shop, "outcome_unknown:2")
    stage.clock.pass_time(3600)

    await stage.round()

    assert [a["order"] for a in stage.sender.alerts()] == ["1"]


async def test_every_operator_is_told(stage: Stage):
    stage.set_policy(admin_ids=frozenset({OPERATOR, 901}))
    await stage.customer(901, dinars=0)
    await raised(stage, 1)

    await stage.round()

    told = [s.user_id for s in stage.sender.sent if s.kind == "alert"]
    assert sorted(told) == [OPERATOR, 901]


async def test_after_the_supplier_is_back_what_is_still_stuck_is_told(stage: Stage):
    stage.book.handling_seconds = 10**6
    await stage.customer(1)
    await stage.buy(1)
    await stage.run(5)
    stage.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    await stage.run(1200, step=10)
    assert [a["alert"] for a in stage.sender.alerts()] == ["supplier_down"]
    stage.book.faults.clear()

    await stage.run(1300, step=10)

    assert [a["alert"] for a in stage.sender.alerts()] == ["supplier_down", "orders_stuck"]


async def test_an_order_that_cannot_be_asked_for_holds_up_no_other(stage: Stage):
    await stage.customer(1)
    await stage.customer(2)
    bad = await stage.buy(1)
    await stage.place()
    supplier_id = (await stage.order(bad.id)).supplier_order_id
    for path in (f"checkOrder/{supplier_id}", "list"):
        stage.book.script(Fault(FaultKind.STATUS, path, times=10**9))
    good = await stage.buy(2)

    await stage.run(30)

    assert (await stage.order(good.id)).state is OrderState.FULFILLED
    assert (await stage.order(bad.id)).state is OrderState.HANDLING


async def test_a_list_that_does_not_work_holds_up_no_order(stage: Stage):
    for user in range(1, 6):
        await stage.customer(user)
    orders = [await stage.buy(user) for user in range(1, 6)]
    stage.book.script(Fault(FaultKind.STATUS, "list", times=10**9))

    await stage.run(40)

    states = [(await stage.order(order.id)).state for order in orders]
    assert set(states) == {OrderState.FULFILLED}


async def test_an_id_that_the_supplier_does_not_know_comes_before_an_operator(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.book.script(
        Fault(FaultKind.STATUS, "checkOrder", times=10**9, status=404, code="NOT_FOUND")
    )
    await stage.run(800, step=20)
    assert (await stage.order(order.id)).attention is None

    await stage.run(300, step=20)

    assert (await stage.order(order.id)).attention is Attention.NOT_FOUND
    assert len(stage.sender.alerts("not_found")) == 1
    stage.book.faults.clear()
    await stage.run(200, step=20)
    assert (await stage.order(order.id)).state is OrderState.FULFILLED
    assert (await stage.order(order.id)).attention is None


async def test_what_a_silence_brings_along_is_not_told_while_it_lasts(stage: Stage):
    await stage.store.write(
        raise_alert, stage.shop, down_alert("oneclickdz"), AlertKind.SUPPLIER_DOWN
    )
    await raised(stage, 1, AlertKind.OUTCOME_UNKNOWN)

    await tell_alerts(stage.shop)

    async with stage.store.reading() as tables:
        waiting = await tables.operators.untold_alerts()
    assert [alert.kind for alert in waiting] == [AlertKind.OUTCOME_UNKNOWN]


async def test_a_supplier_that_fails_three_times_is_left_alone_for_a_while(stage: Stage):
    for user in range(1, 7):
        await stage.customer(user)
        await stage.buy(user)
    await stage.place()
    stage.clock.pass_time(2)
    stage.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    calls = len(stage.book.calls)

    await poll_due_orders(stage.shop, "oneclickdz")

    assert len(stage.book.calls) - calls == 4  # the list, and three orders


async def test_a_key_that_is_refused_while_listing_stops_all_calls(stage: Stage):
    for user in (1, 2):
        await stage.customer(user)
        await stage.buy(user)
    await stage.place()
    stage.clock.pass_time(2)
    stage.book.script(Fault(FaultKind.STATUS, "list", status=401, code="INVALID_ACCESS_TOKEN"))
    calls = len(stage.book.calls)

    assert await poll_due_orders(stage.shop, "oneclickdz") == 0
    await stage.run(30)

    assert len(stage.book.calls) - calls == 1
    assert [a["alert"] for a in stage.sender.alerts()] == ["circuit_open"]


async def test_orders_of_one_product_share_the_failure_of_its_price_question(stage: Stage):
    for user in (1, 2, 3):
        await stage.customer(user)
        await stage.buy(user)
    stage.book.script(Fault(FaultKind.STATUS, "checkProduct", times=10**9, status=503))
    calls = stage.book.count("checkProduct")

    await stage.place()

    assert stage.book.count("checkProduct") - calls == 1
    assert {(await stage.order(n)).attempts for n in (1, 2, 3)} == {1}
