"""Pauses by hand: an operator is asked step by step, confirms, and lifts each pause by itself.

A pause that is being asked about is a row in the state of a draft, so it outlives a restart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.orders import Order, OrderState
from bot.domain.pauses import Ending, Pause, PauseScope, PauseState, end_of
from bot.domain.records import PauseReason
from bot.domain.roles import Right
from bot.refusals import AlreadyDecided, AskedTooLongAgo, NotFound, PausedAlready, required
from bot.services.selling.held_orders import products_of
from bot.services.selling.pauses import lift, name_of
from bot.services.shop import Shop
from bot.services.standing import standing_of
from storage.transaction import Transaction

_ANSWERED_WITHIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PauseView:
    """A pause, what it is called (empty: the whole shop), and the orders that it holds up now.

    `refunded_from`: when the first paid order of those would be refunded; None: it holds up none.
    """

    pause: Pause
    name: str
    unpaid: int = 0
    paid: int = 0
    refunded_from: datetime | None = None


def title_of(shop: Shop, pause: Pause) -> str:
    """What a pause is of, in words; empty for the whole shop."""
    if pause.scope is not PauseScope.PRODUCT:
        return pause.target
    product = shop.shelf.known.get(int(pause.target))
    return product.title if product else name_of(pause)


async def draft_pause(shop: Shop, scope: PauseScope, target: str, operator_id: int) -> PauseView:
    """Begin to ask about a pause; takes the place of any other draft of this operator.

    Raises NotFound for a supplier or a product that the shop has not.
    """
    if scope is PauseScope.SUPPLIER and target not in shop.suppliers:
        raise NotFound
    if scope is PauseScope.PRODUCT:
        product = required(shop.shelf.goods.get(int(target)))  # also one that is kept off the shelf
        listed = shop.shelf.of_product(product.id)  # of what is sold under another name: that one
        target = str(listed[0].product_id if listed else product.id)
    named = "" if scope is PauseScope.SHOP else target
    return await shop.store.write(_draft, shop, scope, named, operator_id)


async def _draft(
    tx: Transaction, shop: Shop, scope: PauseScope, target: str, operator_id: int
) -> PauseView:
    draft_id = await tx.pauses.draft(scope, target, operator_id, shop.clock.now())
    return await _view(tx, shop, required(await tx.pauses.get(draft_id)))


async def _view(tx: Transaction, shop: Shop, pause: Pause) -> PauseView:
    held = {
        state: [
            order
            for order in await tx.orders.in_state(state)
            if pause.covers(order.supplier, products_of(shop, order))
        ]
        for state in (OrderState.AWAITING_PAYMENT, OrderState.PAID)
    }
    paid = held[OrderState.PAID]
    return PauseView(
        pause,
        title_of(shop, pause),
        len(held[OrderState.AWAITING_PAYMENT]),
        len(paid),
        _refunded_from(shop, paid) if pause.stops_paid else None,
    )


def _refunded_from(shop: Shop, paid: Sequence[Order]) -> datetime:
    since = [order.paid_at for order in paid if order.paid_at is not None]
    return min(since, default=shop.clock.now()) + shop.policy.return_unbought_after


async def say_why(
    shop: Shop,
    draft_id: int,
    operator_id: int,
    reason: PauseReason,
    texts: Mapping[str, str] | None = None,
) -> PauseView:
    """What customers read. Raises as `_change` does."""
    return await _change(shop, draft_id, operator_id, {"reason": reason, "texts": texts or {}})


async def say_until(shop: Shop, draft_id: int, operator_id: int, ending: Ending) -> PauseView:
    """When the pause ends by itself. Raises as `_change` does."""
    until = end_of(ending, shop.clock.now(), shop.policy.time_zone)
    return await _change(shop, draft_id, operator_id, {"until": until})


async def say_paid(shop: Shop, draft_id: int, operator_id: int, *, waits: bool) -> PauseView:
    """Whether what is paid already waits too. Raises as `_change` does."""
    return await _change(shop, draft_id, operator_id, {"stops_paid": waits})


async def _change(
    shop: Shop, draft_id: int, operator_id: int, changes: Mapping[str, object]
) -> PauseView:
    """Raises NotFound for a draft that there is not any more, or that is another operator's;
    AskedTooLongAgo, AlreadyDecided."""
    return await shop.store.write(_change_draft, shop, draft_id, operator_id, changes)


async def _change_draft(
    tx: Transaction, shop: Shop, draft_id: int, operator_id: int, changes: Mapping[str, object]
) -> PauseView:
    pause = await _draft_of(tx, shop, draft_id, operator_id)
    changed = replace(pause, **changes)  # type: ignore[arg-type]
    await tx.pauses.change_draft(changed)
    return await _view(tx, shop, changed)


async def _draft_of(tx: Transaction, shop: Shop, draft_id: int, operator_id: int) -> Pause:
    pause = required(await tx.pauses.get(draft_id))
    if pause.operator_id != operator_id:
        raise NotFound
    if pause.state is not PauseState.DRAFT:
        raise AlreadyDecided
    if shop.clock.now() - pause.since > _ANSWERED_WITHIN:
        raise AskedTooLongAgo
    return pause


async def confirm_pause(shop: Shop, draft_id: int, operator_id: int, *, key: str) -> PauseView:
    """Open the pause that was asked about, and record it; a second call raises AlreadyDecided.

    Raises PausedAlready for what is paused for the same reason, NotFound, AskedTooLongAgo.
    """
    return await shop.store.write(_confirm, shop, draft_id, operator_id, key)


async def _confirm(
    tx: Transaction, shop: Shop, draft_id: int, operator_id: int, key: str
) -> PauseView:
    pause = await _draft_of(tx, shop, draft_id, operator_id)
    now = shop.clock.now()
    if pause.until is not None and pause.until <= now:
        raise AskedTooLongAgo
    if not await tx.pauses.confirm(pause, now):
        raise PausedAlready
    await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.PAUSE,
        target=name_of(pause),
        note=next(iter(pause.texts.values()), ""),
        now=now,
        before="open",
        after=pause.reason,
    )
    return await _view(tx, shop, replace(pause, state=PauseState.OPEN, since=now))


async def drop_draft(shop: Shop, draft_id: int, operator_id: int) -> None:
    """Forget a pause that was asked about. A second call changes nothing; one for a pause that was opened meanwhile
    raises AlreadyDecided, so that nobody reads that nothing is paused."""
    await shop.store.write(_drop, draft_id, operator_id)


async def _drop(tx: Transaction, draft_id: int, operator_id: int) -> None:
    pause = await tx.pauses.get(draft_id)
    if pause is not None and pause.operator_id == operator_id:
        if pause.state is not PauseState.DRAFT:
            raise AlreadyDecided
        await tx.pauses.drop(draft_id)


async def lift_pause(shop: Shop, pause_id: int, operator_id: int, *, key: str) -> bool:
    """Lift one pause and no other; False where it is not open any more.

    Raises NotFound for the audit's pause, for anybody who may not decide about the books.
    """
    return await shop.store.write(_lift, shop, pause_id, operator_id, key)


async def _lift(tx: Transaction, shop: Shop, pause_id: int, operator_id: int, key: str) -> bool:
    pause = required(await tx.pauses.get(pause_id))
    if pause.state is PauseState.DRAFT:
        raise NotFound
    if pause.reason is PauseReason.AUDIT and not await _may_lift_audit(tx, shop, operator_id):
        raise NotFound
    return await lift(tx, shop, pause, key=key, operator_id=operator_id)


async def _may_lift_audit(tx: Transaction, shop: Shop, operator_id: int) -> bool:
    standing = await standing_of(tx, shop, operator_id)
    return standing is not None and Right.BOOKS in standing.rights


async def is_still_paused(shop: Shop, pause_id: int) -> bool:
    """Whether other open pauses go on stopping what this one, lifted by now, has stopped. Raises NotFound."""
    async with shop.store.reading() as tx:
        lifted = required(await tx.pauses.get(pause_id))
        others = await tx.pauses.open()
    return any(_stops_too(shop, other, lifted) for other in others if other.id != pause_id)


def _stops_too(shop: Shop, other: Pause, lifted: Pause) -> bool:
    if other.scope is PauseScope.SHOP:
        return True
    if other.scope is PauseScope.SUPPLIER and lifted.scope is PauseScope.PRODUCT:
        product = shop.shelf.goods.get(int(lifted.target))
        return product is not None and product.supplier == other.target
    return (other.scope, other.target) == (lifted.scope, lifted.target)


async def list_pauses(shop: Shop) -> list[PauseView]:
    """All pauses that are open, the oldest first."""
    async with shop.store.reading() as tx:
        return [PauseView(pause, title_of(shop, pause)) for pause in await tx.pauses.open()]
