"""Acting on a supplier's report in one transaction: codes, money, state and message."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.alerts import AlertKind
from bot.domain.ledger import release_escrow, sale
from bot.domain.orders import Attention, Order, OrderEvent, OrderState, ReturnReason, Stage
from bot.domain.schedule import ASK_LATER_SECONDS
from bot.domain.settlement import Settlement, settle
from bot.domain.supplier import OWN, Environment, SupplierOrder
from bot.services.catalogue.refresh import forget_prices, show_denomination
from bot.services.codes.custody import keep_unreadable
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.notifications import (
    look_soon,
    notify_part,
    notify_result,
    notify_stage,
)
from bot.services.orders.new_cards import compare_cards, within_limit
from bot.services.orders.orphans import tell_orphan
from bot.services.shop import Shop
from bot.services.wallet.unpaid_orders import pay_waiting_orders
from storage.transaction import Transaction

_ENDED_AFTER_PURCHASE = (OrderState.FULFILLED, OrderState.PARTIAL, OrderState.REFUNDED)


async def settle_order(shop: Shop, order: Order, report: SupplierOrder) -> bool:
    """Store the codes of a report, and end the order where `settle` says so; True where it ended.

    A final report that contradicts itself keeps the order open; one that is not final ends the
    order if it has all codes. Codes of an order that has ended are stored and given to nobody. A
    second call with the same report changes nothing.
    """
    ended, held = await shop.store.write(_settle, shop, order.id, report)
    if held:
        forget_prices(shop, order)
        await show_denomination(shop, order.denomination_id)
    return ended


async def _settle(
    tx: Transaction, shop: Shop, order_id: int, report: SupplierOrder
) -> tuple[bool, bool]:
    """Whether the order ended, and whether its value is held from now on."""
    order = await tx.lock_order(order_id)
    if order.state in _ENDED_AFTER_PURCHASE:
        await _store_for_nobody(tx, shop, order, report)
    if order.state is not OrderState.HANDLING:
        return False, False
    report, beyond = within_limit(order, report)
    stored = await tx.codes.of_order(order.id, order.user_id)
    new = await compare_cards(tx, shop, order, report, stored)
    delivered = sum(code.deliver for code in stored)
    order = replace(order, delivered_quantity=delivered)  # the stored codes win over the counter
    wanted = order.quantity - delivered
    outcome = settle(wanted, order.environment, new.report, new.repeated, delivered, order.purchase)
    batch = max((code.batch for code in stored if code.deliver), default=-1) + 1
    await new.store(tx, shop.vault, order, len(outcome.deliver), batch=batch)
    await keep_unreadable(tx, shop.vault, order, (*report.unreadable_cards, *beyond))
    await _tell_operator(tx, shop, order, outcome)
    held = await _hold_on_drift(tx, shop, order, report, outcome)
    if outcome.event is None:
        await _keep_open(tx, shop, order, report, outcome)
    else:
        await _close(tx, shop, order, outcome.event, report, outcome)
    return outcome.event is not None, held


async def _store_for_nobody(
    tx: Transaction, shop: Shop, order: Order, report: SupplierOrder
) -> None:
    """Store codes that came for an order that has ended: they are withheld, and operators told.

    Not those that our own stock has taken back since the report was read: they are for sale again.
    """
    if order.supplier == OWN and await _is_released(tx, order):
        return
    report, beyond = within_limit(order, report)
    stored = await tx.codes.of_order(order.id, order.user_id)
    new = await compare_cards(tx, shop, order, report, stored)
    added = await new.store(tx, shop.vault, order, 0, batch=0)
    added += await keep_unreadable(tx, shop.vault, order, (*report.unreadable_cards, *beyond))
    if added:
        await tx.orders.update(order, attention=order.attention or Attention.SURPLUS)
        await tell_orphan(
            tx, shop, order, order.supplier_order_id or report.supplier_order_id, codes=added
        )


async def _is_released(tx: Transaction, order: Order) -> bool:
    reservation = await tx.own_codes.reservation_of(order.id)
    return reservation is not None and reservation.released_at is not None


async def _keep_open(
    tx: Transaction, shop: Shop, order: Order, report: SupplierOrder, outcome: Settlement
) -> None:
    """Keep the order open; the codes that came are delivered and booked as sold at once."""
    now, received = shop.clock.now(), len(outcome.deliver)
    age = shop.timeline.age(order.accepted_at or order.created_at).total_seconds()
    wait = shop.suppliers[order.supplier].policy.until_next_check(age)
    if outcome.attention:
        wait = max(wait, ASK_LATER_SECONDS)
    delivered = order.delivered_quantity + received
    await tx.orders.update(
        order,
        attention=outcome.attention,
        delivered_quantity=delivered,
        cost_minor=_cost(order, report, delivered),
        due_at=now + timedelta(seconds=wait),
        **look_soon(shop, unless=not _is_cleared(order, outcome)),
    )
    if received:
        posting = sale(order.id, received * order.unit_price_minor, order.delivered_quantity)
        await tx.ledger.post(posting, now, "shop")
        await notify_part(tx, shop, order, delivered)
    elif outcome.attention and outcome.attention is not order.attention:
        await notify_stage(tx, shop, order, Stage.SUPPORT)


def _is_cleared(order: Order, outcome: Settlement) -> bool:
    """Whether the customer reads that support looks at the order, and nobody has to any more."""
    return order.stage is Stage.SUPPORT and outcome.attention is None


async def _close(
    tx: Transaction,
    shop: Shop,
    order: Order,
    event: OrderEvent,
    report: SupplierOrder,
    outcome: Settlement,
) -> None:
    now = shop.clock.now()
    received = len(outcome.deliver)
    delivered = order.delivered_quantity + received
    returned = outcome.returned_quantity * order.unit_price_minor
    if received:
        posting = sale(order.id, received * order.unit_price_minor, order.delivered_quantity)
        await tx.ledger.post(posting, now, "shop")
    if returned:
        await tx.ledger.post(release_escrow(order.id, order.user_id, returned), now, "shop")
    await tx.orders.move(
        order,
        event,
        settled_at=now,
        due_at=None,
        delivered_quantity=delivered,
        returned_minor=returned,
        cost_minor=_cost(order, report, delivered),
        return_reason=ReturnReason.NOT_AVAILABLE if returned else None,
        attention=outcome.attention,
    )
    paid = await pay_waiting_orders(tx, shop, order.user_id) if returned else ()
    await notify_result(tx, shop, order, brings_codes=received > 0, paid=paid)


def _cost(order: Order, report: SupplierOrder, delivered: int) -> int:
    """What the delivered codes cost, in minor units: nothing before the first one is delivered."""
    if not delivered:
        return 0
    if report.charged_minor is not None:
        return report.charged_minor
    unit = order.unit_cost_minor if report.unit_cost_minor is None else report.unit_cost_minor
    return unit * delivered


async def _tell_operator(tx: Transaction, shop: Shop, order: Order, outcome: Settlement) -> None:
    if outcome.attention and outcome.attention is not order.attention:
        await raise_alert(
            tx,
            shop,
            f"attention:{order.id}:{outcome.attention}",
            AlertKind.ORDER_ATTENTION,
            order=order.id,
            reason=outcome.attention,
        )


async def _hold_on_drift(
    tx: Transaction, shop: Shop, order: Order, report: SupplierOrder, outcome: Settlement
) -> bool:
    """Where more was charged than expected, tell it; True where the value is held from now on."""
    charged = _unit_charged(order, report)
    real = order.environment is Environment.PRODUCTION
    if not real or not outcome.deliver or charged is None or charged <= order.unit_cost_minor:
        return False
    await raise_alert(
        tx,
        shop,
        f"price_drift:{order.id}",
        AlertKind.PRICE_DRIFT,
        order=order.id,
        expected=order.unit_cost_minor,
        paid=charged,
        value=order.denomination_id,
    )
    return await tx.catalogue.hold_for_drift(order.denomination_id, charged)


def _unit_charged(order: Order, report: SupplierOrder) -> int | None:
    """What one code cost; None where the report does not tell.

    The sum that was charged is for all codes only where all of them came.
    """
    units = len(report.cards)
    if report.charged_minor is None or units != order.quantity:
        return report.unit_cost_minor
    return max(report.unit_cost_minor or 0, -(-report.charged_minor // units))
