"""Pauses of selling: they add up, each is lifted by itself, and nothing covered by one is sold."""

import pytest

from bot import refusals
from bot.domain.actions import ActionKind
from bot.domain.orders import OrderState
from bot.domain.pauses import Ending, PauseScope
from bot.domain.records import PauseReason
from bot.domain.roles import Role
from bot.services.catalogue.browse import State, view_product
from bot.services.operations.reports import report_attention
from bot.services.operations.watches import Watching, watch_value
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from bot.services.selling.hand_pauses import (
    confirm_pause,
    draft_pause,
    drop_draft,
    list_pauses,
    say_paid,
    say_until,
    say_why,
)
from bot.services.selling.held_orders import let_wait
from bot.services.selling.pauses import end_due_pauses, pause_selling, read_closed, resume_selling
from storage.repositories.orders import OrderRepository
from storage.tables import operator_actions, pauses
from tests import pausing
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.readings import rows
from tests.sweeps import AT_INTERVALS


async def begin(harness: ShopHarness, scope: PauseScope, target: str, reason: PauseReason) -> None:
    await harness.store.write(
        lambda tx: tx.pauses.begin(scope, target, reason, harness.clock.now())
    )


async def test_resuming_is_recorded_with_the_reason_of_the_pause(harness: ShopHarness):
    await harness.store.write(pause_selling, harness.shop, PauseReason.AUDIT)
    assert not await harness.store.write(pause_selling, harness.shop, PauseReason.AUDIT)

    assert await resume_selling(harness.shop, key="a", operator_id=OPERATOR)
    assert not await resume_selling(harness.shop, key="b", operator_id=OPERATOR)

    (action,) = await rows(harness, operator_actions)
    assert (action.kind, action.target, action.note) == (ActionKind.RESUME, "shop", "audit")
    assert (action.before, action.after, action.done) == ("paused", "open", True)
    (kept,) = await rows(harness, pauses)
    assert (kept.state, kept.lifted_by) == ("lifted", OPERATOR)


async def test_the_audits_pause_and_one_by_hand_are_lifted_one_by_one(harness: ShopHarness):
    await harness.customer(1)
    value = await harness.denomination()
    await harness.store.write(pause_selling, harness.shop, PauseReason.AUDIT)
    await begin(harness, PauseScope.SHOP, "", PauseReason.HOLIDAY)

    assert await resume_selling(harness.shop, key="a", operator_id=OPERATOR)

    with pytest.raises(refusals.SellingPaused) as refused:
        await make_quote(harness.shop, 1, value, 1)
    assert refused.value.reason == PauseReason.HOLIDAY
    assert [p.reason for p in (await read_closed(harness.shop)).pauses] == [PauseReason.HOLIDAY]


async def paused(
    harness: ShopHarness, scope: PauseScope = PauseScope.SHOP, target: str = "", **how
) -> int:
    """A pause by hand; returns its id."""
    pause_id = await pausing.draft(harness.shop, scope, target, **how)
    await pausing.confirm(harness.shop, pause_id)
    return pause_id


async def resumed(harness: ShopHarness, pause_id: int, operator_id: int = OPERATOR) -> bool:
    return await pausing.lift(harness.shop, pause_id, operator_id)


def product_of(harness: ShopHarness, denomination_id: int) -> str:
    return str(harness.shop.shelf.denomination(denomination_id).product_id)


async def test_what_a_pause_covers_is_neither_quoted_nor_bought_and_all_else_is(
    harness: ShopHarness,
):
    await harness.customer(1)
    usa, other = await harness.denomination(), await harness.denomination("Xbox USA")
    quote = (await make_quote(harness.shop, 1, usa, 1)).quote
    pause_id = await paused(harness, PauseScope.PRODUCT, product_of(harness, usa))

    for attempt in (
        lambda: make_quote(harness.shop, 1, usa, 1),
        lambda: buy(harness.shop, 1, quote.id, None),  # paused between the two
    ):
        with pytest.raises(refusals.SellingPaused) as refused:
            await attempt()
        assert refused.value.reason == PauseReason.PRICES
    view = view_product(
        harness.shop, int(product_of(harness, usa)), await read_closed(harness.shop)
    )
    assert view.state is State.PAUSED
    assert view.pause is not None
    assert (await make_quote(harness.shop, 1, other, 1)).quote.id

    assert await resumed(harness, pause_id)
    assert not await resumed(harness, pause_id)
    order, is_new = await buy(harness.shop, 1, quote.id, None)
    assert is_new
    await harness.run(20)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_paid_orders_go_on_unless_the_pause_says_otherwise(harness: ShopHarness):
    await harness.customer(1)
    on, held = await harness.buy(), await harness.buy()
    await paused(harness, PauseScope.SUPPLIER, "oneclickdz")
    await harness.run(20)
    assert (await harness.order(on.id)).state is OrderState.FULFILLED
    assert (await harness.order(held.id)).state is OrderState.FULFILLED


async def test_a_pause_can_let_paid_orders_wait_and_lifting_it_lets_them_go_on_at_once(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy()
    pause_id = await paused(harness, waits=True)
    await harness.run(300)
    assert (await harness.order(order.id)).state is OrderState.PAID
    assert harness.book.orders == {}

    await resumed(harness, pause_id)
    await harness.run(20)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_a_pause_that_comes_right_before_the_call_stops_the_purchase(
    harness: ShopHarness, before_next_write
):
    await harness.customer(1)
    order = await harness.buy()

    async def pause() -> None:
        await paused(harness, waits=True)

    before_next_write(pause)  # after the order was looked at, before the intent is committed
    await harness.place()

    assert (await harness.order(order.id)).state is OrderState.PAID
    assert harness.book.orders == {}


async def test_a_paid_order_that_waits_too_long_is_refunded(harness: ShopHarness):
    harness.leave_out(*AT_INTERVALS)
    await harness.customer(1)
    before = await harness.balance(1)
    order = await harness.buy()
    await paused(harness, waits=True)

    await harness.run(harness.shop.policy.return_unbought_after.total_seconds() + 120)

    assert (await harness.order(order.id)).state is OrderState.REFUNDED
    assert await harness.balance(1) == before
    await books_agree(harness)


async def test_an_order_that_waits_for_money_keeps_its_price_and_gains_the_time(
    paying_harness: ShopHarness,
):
    harness = paying_harness
    window = harness.shop.policy.payment_window.total_seconds()
    await harness.customer(1, dinars=0)
    order = await harness.buy()
    harness.clock.pass_time(window / 2)
    pause_id = await paused(harness)
    await harness.credit(1, 90_000)
    await harness.run(window)
    waiting = await harness.order(order.id)
    assert waiting.state is OrderState.AWAITING_PAYMENT  # neither bought nor expired
    assert waiting.unit_price_minor == order.unit_price_minor

    await resumed(harness, pause_id)
    due = (await harness.order(order.id)).due_at
    assert due is not None
    assert (due - harness.clock.now()).total_seconds() == pytest.approx(window / 2, abs=5)
    await harness.run(30)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_a_pause_of_days_keeps_an_unpaid_order_a_day_longer_and_no_more(
    paying_harness: ShopHarness,
):
    harness = paying_harness
    window = harness.shop.policy.payment_window.total_seconds()
    await harness.customer(1, dinars=0)
    order = await harness.buy()
    await paused(harness)

    await harness.run(window + 86_400 - 600)
    assert (await harness.order(order.id)).state is OrderState.AWAITING_PAYMENT
    await harness.run(1200)

    assert (await harness.order(order.id)).state is OrderState.EXPIRED


async def test_a_pause_ends_at_its_time_also_after_a_restart(harness: ShopHarness):
    await harness.customer(1)
    pause_id = await paused(harness, ending=Ending.HOUR)
    harness.restart()
    await harness.run(3590)
    assert (await read_closed(harness.shop)).pauses
    await harness.run(20)

    assert not (await read_closed(harness.shop)).pauses
    made = [a for a in await rows(harness, operator_actions) if a.kind == ActionKind.RESUME]
    assert [(a.operator_id, a.key) for a in made] == [(0, f"pause-end:{pause_id}")]
    assert await end_due_pauses(harness.shop) == 0


async def test_resuming_a_hand_pause_leaves_the_audits_and_needs_no_right_for_it(
    harness: ShopHarness,
):
    manager = 901
    await harness.hire(manager, Role.MANAGER)
    await harness.store.write(pause_selling, harness.shop, PauseReason.AUDIT)
    by_hand = await paused(harness)
    (audit,) = [p for p in (await read_closed(harness.shop)).pauses if p.id != by_hand]

    with pytest.raises(refusals.NotFound):
        await resumed(harness, audit.id, manager)
    assert await resumed(harness, by_hand, manager)

    assert [p.reason for p in (await read_closed(harness.shop)).pauses] == [PauseReason.AUDIT]
    assert await resumed(harness, audit.id)


async def test_a_pause_is_confirmed_once_by_whoever_was_asked_within_an_hour(harness: ShopHarness):
    shop = harness.shop
    first = (await draft_pause(shop, PauseScope.SHOP, "0", OPERATOR)).pause.id
    with pytest.raises(refusals.NotFound):
        await confirm_pause(shop, first, OPERATOR + 1, key="a")
    with pytest.raises(refusals.NotFound):  # a draft is nothing to lift
        await resumed(harness, first)
    await confirm_pause(shop, first, OPERATOR, key="a")
    with pytest.raises(refusals.AlreadyDecided):
        await confirm_pause(shop, first, OPERATOR, key="b")
    second = (await draft_pause(shop, PauseScope.SHOP, "0", OPERATOR)).pause.id
    with pytest.raises(refusals.AlreadyDecided):  # for the same reason
        await confirm_pause(shop, second, OPERATOR, key="c")

    await say_why(shop, second, OPERATOR, PauseReason.HOLIDAY)
    harness.clock.pass_time(3601)
    with pytest.raises(refusals.AskedTooLongAgo):
        await confirm_pause(shop, second, OPERATOR, key="d")

    await drop_draft(shop, second, OPERATOR + 1)
    await drop_draft(shop, second, OPERATOR)
    await drop_draft(shop, second, OPERATOR)
    assert len(await rows(harness, pauses)) == 1
    (action,) = await rows(harness, operator_actions)
    assert (action.kind, action.target, action.before, action.after) == (
        *("pause", "shop"),
        *("open", "soon"),
    )


async def test_a_pause_whose_end_has_come_is_not_begun(harness: ShopHarness):
    draft = (await draft_pause(harness.shop, PauseScope.SHOP, "0", OPERATOR)).pause.id
    await say_until(harness.shop, draft, OPERATOR, Ending.HOUR)
    harness.clock.pass_time(3600)

    with pytest.raises(refusals.AskedTooLongAgo):
        await confirm_pause(harness.shop, draft, OPERATOR, key="a")


async def test_only_what_the_shop_has_can_be_paused(harness: ShopHarness):
    for scope, target in ((PauseScope.SUPPLIER, "nobody"), (PauseScope.PRODUCT, "999999")):
        with pytest.raises(refusals.NotFound):
            await draft_pause(harness.shop, scope, target, OPERATOR)


async def test_a_confirmation_says_what_stands_still(paying_harness: ShopHarness):
    harness = paying_harness
    await harness.customer(1, dinars=0)
    await harness.buy()
    await harness.customer(2)
    paid = await harness.buy(2)
    draft = (await draft_pause(harness.shop, PauseScope.SUPPLIER, "oneclickdz", OPERATOR)).pause.id

    on = await say_paid(harness.shop, draft, OPERATOR, waits=False)
    assert (on.name, on.unpaid, on.paid, on.refunded_from) == ("oneclickdz", 1, 1, None)
    waits = await say_paid(harness.shop, draft, OPERATOR, waits=True)

    assert paid.paid_at is not None
    assert waits.refunded_from == paid.paid_at + harness.shop.policy.return_unbought_after


async def test_a_paused_product_that_has_left_the_shelf_holds_its_orders_still(
    paying_harness: ShopHarness,
):
    harness = paying_harness
    await harness.customer(1, dinars=0)
    order = await harness.buy()
    await paused(harness, PauseScope.PRODUCT, str(order.product_id))
    harness.shop.shelf.known.clear()
    harness.shop.shelf.products.clear()
    harness.shop.shelf._denominations.clear()

    await harness.credit(1, 90_000)

    assert (await harness.order(order.id)).state is OrderState.AWAITING_PAYMENT
    (view,) = await list_pauses(harness.shop)
    assert view.name == f"p{order.product_id}"


async def test_a_paused_value_can_be_waited_for(harness: ShopHarness):
    await harness.customer(1)
    value = await harness.denomination()
    assert await watch_value(harness.shop, 1, value) is Watching.AVAILABLE
    await paused(harness, PauseScope.PRODUCT, product_of(harness, value))

    assert await watch_value(harness.shop, 1, value) is Watching.ON


async def test_attention_says_what_is_closed(harness: ShopHarness):
    assert not (await report_attention(harness.shop)).pauses
    await paused(harness, PauseScope.SUPPLIER, "oneclickdz")

    report = await report_attention(harness.shop)

    assert report.is_needed
    assert [(view.name, view.pause.reason) for view in report.pauses] == [
        ("oneclickdz", PauseReason.PRICES)
    ]
    assert not report.paused  # that is of the audit


async def test_lifting_a_pause_touches_no_other_order(harness: ShopHarness):
    await harness.customer(1)
    held, on = await harness.buy(), await harness.buy(title="Xbox USA")
    shop = harness.shop
    covering = await paused(harness, PauseScope.PRODUCT, str(held.product_id), waits=True)
    mild = await paused(harness, PauseScope.SUPPLIER, "oneclickdz")
    before = await harness.order(held.id), await harness.order(on.id)

    assert await resumed(harness, mild)
    assert (await harness.order(held.id), await harness.order(on.id)) == before
    assert await resumed(harness, covering)

    assert (await harness.order(on.id)) == before[1]
    await harness.run(20)
    assert (await harness.order(held.id)).state is OrderState.FULFILLED
    await shop.store.write(let_wait, shop, held.id)  # a run that comes late
    assert (await harness.order(held.id)).due_at is None


async def test_an_order_that_moved_on_meanwhile_is_left_alone(harness: ShopHarness, monkeypatch):
    await harness.customer(1)
    order = await harness.buy()
    pause_id = await paused(harness)
    await harness.run(20)

    async def as_it_was(*_args):
        return [order]

    monkeypatch.setattr(OrderRepository, "in_state", as_it_was)

    assert await resumed(harness, pause_id)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert (await harness.order(order.id)).due_at is None
