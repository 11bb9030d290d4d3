"""The end of an order: codes sealed, money moved, state and message, in one transaction."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.ledger import give_back, sale
from bot.domain.orders import Order, OrderEvent, OrderState, ReturnReason, next_state
from bot.domain.records import AlertKind, StoredCode
from bot.domain.schedule import until_next_poll
from bot.domain.settlement import Settlement, settle
from bot.domain.supplier import Card, Environment, SupplierOrder
from bot.ports import Tables, Vault
from bot.services.alerts import raise_alert
from bot.services.awaiting import go_on
from bot.services.custody import fingerprints, place_of
from bot.services.returns import return_all
from bot.services.shop import Shop
from bot.services.telling import tell_result


async def settle_order(shop: Shop, order: Order, report: SupplierOrder) -> bool:
    """Close an order by a final report. A second call, or a doubled report, changes nothing."""
    ended = await shop.store.write(_settle, shop, order.id, report)
    shop.wake("send")
    return ended


async def _settle(tables: Tables, shop: Shop, order_id: int, report: SupplierOrder) -> bool:
    order = await tables.orders.locked(order_id)
    if order.state is not OrderState.HANDLING:
        return False
    prints = [
        fingerprints(shop.vault, order.environment, order.id, at, card)
        for at, card in enumerate(report.cards)
    ]
    repeated = await _repeated(tables, order, prints)
    outcome = settle(order.quantity, order.environment, report, repeated)
    await _store_codes(tables, shop, order, report, outcome, prints, repeated)
    await _tell_operator(tables, shop, order, report, outcome)
    if outcome.event is None:
        wait = timedelta(seconds=until_next_poll(3600))
        await tables.orders.change(
            order.id, attention=outcome.attention, due_at=shop.clock.now() + wait
        )
        return False
    if not outcome.deliver:
        await return_all(tables, shop, order, outcome.event, ReturnReason.NOT_AVAILABLE)
    else:
        await _close(tables, shop, order, outcome.event, report, outcome)
    return True


async def _repeated(
    tables: Tables, order: Order, prints: Sequence[tuple[bytes, ...]]
) -> frozenset[int]:
    """Positions of codes that another order holds, or that stand twice in this report."""
    known = await tables.codes.known([p for each in prints for p in each], order.id)
    seen: set[bytes] = set()
    repeated = set()
    for at, each in enumerate(prints):
        if seen.intersection(each) or known.intersection(each):
            repeated.add(at)
        seen.update(each)
    return frozenset(repeated)


async def _store_codes(
    tables: Tables,
    shop: Shop,
    order: Order,
    report: SupplierOrder,
    outcome: Settlement,
    prints: Sequence[tuple[bytes, ...]],
    repeated: frozenset[int],
) -> None:
    """Seal what came. A code held in front of an operator may be reported again: kept once."""
    have = {code.fingerprint for code in await tables.codes.of_order(order.id, order.user_id)}
    position = len(have)
    wanted = len(outcome.deliver)
    rows = []
    for nth, at in enumerate(at for at in range(len(report.cards)) if at not in repeated):
        kept = have.intersection(prints[at])
        if kept and nth < wanted:
            await tables.codes.release(order.id, kept)
        elif not kept:
            card = report.cards[at]
            rows.append(
                _seal(shop.vault, order, position, card, prints[at][0], deliver=nth < wanted)
            )
            position += 1
    await tables.codes.add(rows)


def _seal(
    vault: Vault, order: Order, position: int, card: Card, fingerprint: bytes, *, deliver: bool
) -> StoredCode:
    return StoredCode(
        order.id,
        position,
        vault.seal(card.value, place_of(order.id, position, "value")),
        vault.seal(card.serial, place_of(order.id, position, "serial")) if card.serial else None,
        fingerprint,
        card.expires_at,
        deliver,
    )


async def _close(
    tables: Tables,
    shop: Shop,
    order: Order,
    event: OrderEvent,
    report: SupplierOrder,
    outcome: Settlement,
) -> None:
    now = shop.clock.now()
    delivered = len(outcome.deliver)
    returned = outcome.returned_quantity * order.unit_price_minor
    await tables.ledger.post(sale(order.id, delivered * order.unit_price_minor), now, "shop")
    if returned:
        await tables.ledger.post(give_back(order.id, order.user_id, returned), now, "shop")
    await tables.orders.change(
        order.id,
        state=next_state(order.state, event),
        settled_at=now,
        due_at=None,
        delivered_quantity=delivered,
        returned_minor=returned,
        cost_minor=_cost(order, report, delivered),
        return_reason=ReturnReason.NOT_AVAILABLE if returned else None,
        attention=outcome.attention,
    )
    await tell_result(tables, shop, order)
    if returned:
        await go_on(tables, shop, order.user_id)


def _cost(order: Order, report: SupplierOrder, delivered: int) -> int:
    if report.charged_minor is not None:
        return report.charged_minor
    unit = order.unit_cost_minor if report.unit_cost_minor is None else report.unit_cost_minor
    return unit * delivered


async def _tell_operator(
    tables: Tables, shop: Shop, order: Order, report: SupplierOrder, outcome: Settlement
) -> None:
    if outcome.attention and outcome.attention is not order.attention:
        await raise_alert(
            tables,
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
            tables,
            shop,
            f"price_drift:{order.id}",
            AlertKind.PRICE_DRIFT,
            order=order.id,
            expected=order.unit_cost_minor,
            paid=paid,
        )
