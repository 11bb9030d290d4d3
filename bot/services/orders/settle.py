"""Acting on a supplier's report in one transaction: codes, money, state and message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.ledger import release_escrow, sale
from bot.domain.orders import Order, OrderEvent, OrderState, ReturnReason
from bot.domain.records import AlertKind, StoredCode
from bot.domain.schedule import ASK_LATER_SECONDS
from bot.domain.settlement import Settlement, settle
from bot.domain.supplier import Card, Environment, SupplierOrder
from bot.services.codes.custody import (
    belongs_to_another_order,
    fingerprints,
    keep_unreadable,
    open_card,
    seal_card,
)
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.notifications import notify_part, notify_result
from bot.services.shop import Shop
from bot.services.wallet.unpaid_orders import pay_waiting_orders
from storage.transaction import Transaction


async def settle_order(shop: Shop, order: Order, report: SupplierOrder) -> bool:
    """Store the codes of a report, and end the order where `settle` says so; True where it ended.

    A final report that contradicts itself keeps the order open; one that is not final ends the
    order if it has all codes. A second call with the same report changes nothing.
    """
    return await shop.store.write(_settle, shop, order.id, report)


@dataclass(frozen=True, slots=True)
class _NewCards:
    """The cards of a report that were not delivered before, compared with the stored codes."""

    report: SupplierOrder  # without the cards that were delivered before
    held: Mapping[int, StoredCode]  # stored but not delivered, by their place in the report
    repeated: frozenset[int]  # places of cards that another order has, or that the report has twice


async def _settle(tx: Transaction, shop: Shop, order_id: int, report: SupplierOrder) -> bool:
    order = await tx.orders.locked(order_id)
    if order.state is not OrderState.HANDLING:
        return False
    stored = await tx.codes.of_order(order.id, order.user_id)
    new = await _compare(tx, shop, order, report, stored)
    delivered = sum(code.deliver for code in stored)
    order = replace(order, delivered_quantity=delivered)  # the stored codes win over the counter
    wanted = order.quantity - delivered
    outcome = settle(wanted, order.environment, new.report, new.repeated, delivered)
    await _store_codes(tx, shop, order, new, outcome, stored)
    await keep_unreadable(tx, shop.vault, order, report.unreadable_cards)
    await _tell_operator(tx, shop, order, report, outcome)
    if outcome.event is None:
        await _keep_open(tx, shop, order, report, outcome)
    else:
        await _close(tx, shop, order, outcome.event, report, outcome)
    return outcome.event is not None


async def _compare(
    tx: Transaction, shop: Shop, order: Order, report: SupplierOrder, stored: Sequence[StoredCode]
) -> _NewCards:
    """Find the new cards by their texts: a supplier may list cards in another order each time."""
    known: dict[str, list[StoredCode]] = {}
    for code in stored:
        card = open_card(shop.vault, order.id, code.position, code.secrets)
        known.setdefault(card.identity, []).append(code)
    cards: list[Card] = []
    held: dict[int, StoredCode] = {}
    seen: set[bytes] = set()
    repeated = set()
    position = len(stored)
    for card in report.cards:
        same = known.get(card.identity, [])
        found = same.pop(0) if same else None
        stored_at = position if found is None else found.position
        prints = set(fingerprints(shop.vault, order.environment, order.id, stored_at, card))
        duplicates, seen = seen & prints, seen | prints
        if found is not None and found.deliver:
            continue
        if found is None:
            position += 1
        else:
            held[len(cards)] = found
        if duplicates or await belongs_to_another_order(
            tx, shop.vault, order.environment, order.id, stored_at, card
        ):
            repeated.add(len(cards))
        cards.append(card)
    return _NewCards(replace(report, cards=tuple(cards)), held, frozenset(repeated))


async def _store_codes(
    tx: Transaction,
    shop: Shop,
    order: Order,
    new: _NewCards,
    outcome: Settlement,
    stored: Sequence[StoredCode],
) -> None:
    """Seal and store the new cards. A code that is held for an operator is stored once only."""
    position = len(stored)
    batch = max((code.batch for code in stored if code.deliver), default=-1) + 1
    wanted = len(outcome.deliver)
    rows: list[StoredCode] = []
    fresh = [index for index in range(len(new.report.cards)) if index not in new.repeated]
    for count, index in enumerate(fresh):
        deliver = count < wanted
        kept = new.held.get(index)
        if kept is not None and deliver:
            await tx.codes.release(order.id, kept.position, batch)
        elif kept is None:
            card = new.report.cards[index]
            secrets = seal_card(shop.vault, order.id, position, card)
            prints = fingerprints(shop.vault, order.environment, order.id, position, card)
            row = (order.id, position, secrets, prints[0], card.expires_at, deliver, batch)
            rows.append(StoredCode(*row))
            position += 1
    await tx.codes.add(rows)


async def _keep_open(
    tx: Transaction, shop: Shop, order: Order, report: SupplierOrder, outcome: Settlement
) -> None:
    """Keep the order open; the codes that came are delivered and booked as sold at once."""
    now, received = shop.clock.now(), len(outcome.deliver)
    age = (now - (order.accepted_at or order.created_at)).total_seconds()
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
    )
    if received:
        posting = sale(order.id, received * order.unit_price_minor, order.delivered_quantity)
        await tx.ledger.post(posting, now, "shop")
        await notify_part(tx, shop, order, delivered)


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
    await notify_result(tx, shop, order)
    if returned:
        await pay_waiting_orders(tx, shop, order.user_id)


def _cost(order: Order, report: SupplierOrder, delivered: int) -> int:
    """What the delivered codes cost, in minor units.

    Without a code nothing was bought, even if the supplier still names an amount as charged.
    """
    if not delivered:
        return 0
    if report.charged_minor is not None:
        return report.charged_minor
    unit = order.unit_cost_minor if report.unit_cost_minor is None else report.unit_cost_minor
    return unit * delivered


async def _tell_operator(
    tx: Transaction, shop: Shop, order: Order, report: SupplierOrder, outcome: Settlement
) -> None:
    if outcome.attention and outcome.attention is not order.attention:
        await raise_alert(
            tx,
            shop,
            f"attention:{order.id}:{outcome.attention}",
            AlertKind.ORDER_ATTENTION,
            order=order.id,
            reason=outcome.attention,
        )
    real = order.environment is Environment.PRODUCTION
    paid = report.unit_cost_minor
    if real and outcome.deliver and paid is not None and paid > order.unit_cost_minor:
        await raise_alert(
            tx,
            shop,
            f"price_drift:{order.id}",
            AlertKind.PRICE_DRIFT,
            order=order.id,
            expected=order.unit_cost_minor,
            paid=paid,
        )
