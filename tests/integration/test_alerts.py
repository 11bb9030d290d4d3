"""Operators are told of each thing once, and of like things together."""

from datetime import timedelta
from typing import Any

from bot.domain.alerts import AlertKind
from bot.services.messaging.alert_messages import alerts_due, tell_alerts
from bot.services.messaging.alerts import (
    down_alert_key,
    raise_alert,
    resolve_alert,
    supplier_is_silent,
)
from bot.services.messaging.customers import ensure_customer
from bot.services.messaging.inbox import end_other_poller, tell_other_poller
from bot.services.messaging.webhook import end_webhook_failing, tell_webhook_failing
from storage.transaction import Transaction
from tests.harness import OPERATOR, ShopHarness, send_due_messages

MOMENT = timedelta(microseconds=1)


async def raised(
    harness: ShopHarness, number: int, kind: AlertKind = AlertKind.ORDER_NOT_FOUND
) -> None:
    async def open_alert(tx: Transaction) -> None:
        key = f"{kind}:{number}"
        await raise_alert(tx, harness.shop, key, kind, order=number, supplier="oneclickdz")

    await harness.store.write(open_alert)


async def test_many_of_a_kind_are_one_message_and_the_first_is_not_kept_waiting(
    harness: ShopHarness,
):
    await raised(harness, 1)
    await harness.round()
    for number in range(2, 30):
        await raised(harness, number)
    await harness.run(590)
    assert len(harness.sender.alerts()) == 1

    await harness.run(20)

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


async def test_an_alert_that_was_resolved_before_it_was_told_is_never_told(harness: ShopHarness):
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


async def test_effects_of_a_silence_are_told_ten_minutes_after_its_end(harness: ShopHarness):
    async def supplier_is_down(tx: Transaction) -> None:
        await raise_alert(tx, harness.shop, down_alert_key("oneclickdz"), AlertKind.SUPPLIER_DOWN)

    await harness.store.write(supplier_is_down)
    await raised(harness, 1, AlertKind.OUTCOME_UNKNOWN)

    await tell_alerts(harness.shop)

    async with harness.store.reading() as tx:
        waiting = await tx.alerts.untold()
        assert await alerts_due(tx, harness.shop) is None  # the end of the silence wakes the job
    assert [alert.kind for alert in waiting] == [AlertKind.OUTCOME_UNKNOWN]

    await harness.store.write(resolve_alert, harness.shop, down_alert_key("oneclickdz"))
    over = harness.clock.now() + timedelta(minutes=10)
    async with harness.store.reading() as tx:
        assert await alerts_due(tx, harness.shop) == over
    harness.clock.moment = over
    assert await tell_alerts(harness.shop) == 1


async def test_alerts_wait_for_an_operator_who_has_not_written_yet(harness: ShopHarness):
    harness.set_policy(admin_ids=frozenset({OPERATOR, 901}))
    await harness.store.write(
        lambda t: raise_alert(t, harness.shop, "k", AlertKind.CATALOGUE_STALE)
    )
    await harness.round()
    assert [s.user_id for s in harness.sender.sent] == [OPERATOR]

    await ensure_customer(harness.shop, 901, "en")
    await harness.round()

    assert [s.user_id for s in harness.sender.sent] == [OPERATOR, 901]


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


async def test_alerts_in_one_message_name_the_orders_they_have(harness: ShopHarness):
    facts: dict[str, dict[str, Any]] = {
        "a": {"order": 3},
        "b": {"order": 0},
        "c": {},
        "d": {"order": 7},
    }

    async def raised(tx):
        for key, data in facts.items():
            await raise_alert(tx, harness.shop, key, AlertKind.MESSAGE_DEAD, user=1, **data)

    await harness.store.write(raised)
    await tell_alerts(harness.shop)
    await send_due_messages(harness.shop)
    (told,) = harness.sender.alerts(AlertKind.MESSAGE_DEAD)
    assert (told["order"], told["others"], told["named"]) == ("3", "3", "#7")


async def test_alerts_of_a_frequent_kind_are_told_every_ten_minutes(harness: ShopHarness):
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


async def test_a_supplier_counts_as_silent_until_ten_minutes_after_its_alert(
    harness: ShopHarness,
):
    async def ended(tx):
        await raise_alert(tx, harness.shop, down_alert_key("oneclickdz"), AlertKind.SUPPLIER_DOWN)
        assert await supplier_is_silent(tx, "oneclickdz", harness.clock.now())
        await resolve_alert(tx, harness.shop, down_alert_key("oneclickdz"))

    await harness.store.write(ended)
    over = harness.clock.now() + timedelta(minutes=10)
    async with harness.store.reading() as tx:
        assert await supplier_is_silent(tx, "oneclickdz", over - MOMENT)
        assert not await supplier_is_silent(tx, "oneclickdz", over)
        assert not await supplier_is_silent(tx, "starship", over)


async def test_an_alert_is_quiet_until_its_time_is_over(harness: ShopHarness):
    async def raised(tx):
        made = await raise_alert(
            tx,
            harness.shop,
            "k",
            AlertKind.PRICE_DRIFT,
            quiet_for=timedelta(minutes=10),
            order=1,
        )
        await tx.alerts.close("k", harness.clock.now())
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


async def test_another_program_that_polls_is_told_at_most_once_an_hour(harness: ShopHarness):
    for _ in range(2):
        await tell_other_poller(harness.shop)
        await harness.round()
    assert len(harness.sender.alerts("other_poller")) == 1

    await end_other_poller(harness.shop)
    await tell_other_poller(harness.shop)
    await harness.round()
    assert len(harness.sender.alerts("other_poller")) == 1

    harness.clock.pass_time(3600)
    await tell_other_poller(harness.shop)
    await harness.round()
    assert len(harness.sender.alerts("other_poller")) == 2


async def test_a_webhook_that_fails_is_told_once_until_it_works_again(harness: ShopHarness):
    for _ in range(2):
        await tell_webhook_failing(harness.shop, "Connection refused", 7)
        await harness.round()
    (told,) = harness.sender.alerts("webhook_failing")
    assert (told["reason"], told["count"]) == ("Connection refused", "7")

    await end_webhook_failing(harness.shop)
    await tell_webhook_failing(harness.shop, "Connection refused", 8)
    await harness.round()
    assert len(harness.sender.alerts("webhook_failing")) == 2
