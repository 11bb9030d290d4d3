"""Operators hear of each thing once, of like things together, and of a silent supplier in one message."""

from bot.domain.records import AlertKind
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.messaging.alerts import down_alert, raise_alert, resolve_alert, tell_alerts
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


async def test_what_a_silence_brings_along_is_not_told_while_it_lasts(harness: ShopHarness):
    await harness.store.write(
        raise_alert, harness.shop, down_alert("oneclickdz"), AlertKind.SUPPLIER_DOWN
    )
    await raised(harness, 1, AlertKind.OUTCOME_UNKNOWN)

    await tell_alerts(harness.shop)

    async with harness.store.reading() as tx:
        waiting = await tx.operators.untold_alerts()
    assert [alert.kind for alert in waiting] == [AlertKind.OUTCOME_UNKNOWN]
