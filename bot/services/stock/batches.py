"""What operators do with batches: look at them, put them on sale, throw them away, withdraw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.actions import ActionKind
from bot.domain.stock import (
    Batch,
    BatchCounts,
    BatchState,
    OnOffer,
    OwnProduct,
    OwnValue,
)
from bot.errors import VaultFailure
from bot.ports import Clock, Vault
from bot.refusals import AlreadyDecided
from bot.services.codes.own_sealing import open_own
from bot.services.codes.reveal import mask
from storage.store import Store
from storage.transaction import Transaction

_LISTED = (BatchState.DRAFT, BatchState.ON_SALE)


@dataclass(frozen=True, slots=True)
class BatchView:
    batch: Batch
    product: OwnProduct
    value: OwnValue
    counts: BatchCounts
    hints: tuple[str, ...] = ()  # the ends of its first and its last free code, the rest covered

    @property
    def total_minor(self) -> int:
        """What its codes cost together."""
        return self.batch.cost_minor * self.counts.loaded


@dataclass(frozen=True, slots=True)
class ValueView:
    product: OwnProduct
    value: OwnValue
    on_offer: OnOffer
    batches: int  # drafts, and those on sale of which something is left
    is_unused: bool = False  # nothing was ever loaded for it, so it may be removed


@dataclass(frozen=True, slots=True)
class Decision:
    """`key` makes a repeated press the same decision; `operator_id` 0: by a command of the shell."""

    key: str
    operator_id: int
    batch_id: int


async def view_batch(store: Store, vault: Vault, batch_id: int) -> BatchView:
    """Raises NotFound."""
    async with store.reading() as tx:
        view = await _view(tx, await tx.stock.batch(batch_id))
        ends = await tx.own_codes.ends(batch_id)
    hints = []
    for code in ends:
        try:
            hints.append(mask(open_own(vault, code).leading_text))
        except VaultFailure:
            hints.append("?")
    return BatchView(view.batch, view.product, view.value, view.counts, tuple(hints))


async def _view(tx: Transaction, batch: Batch) -> BatchView:
    value = await tx.stock.value(batch.value_id)
    product = await tx.stock.product(value.product_id)
    counts = (await tx.stock.counts([batch.id])).get(batch.id, BatchCounts())
    return BatchView(batch, product, value, counts)


async def list_values(store: Store, clock: Clock, least_life: timedelta) -> Sequence[ValueView]:
    """All values of the stock, with what is left of them."""
    async with store.reading() as tx:
        products = {one.id: one for one in await tx.stock.products()}
        on_offer = await tx.stock.on_offer(clock.now() + least_life)
        batches = await tx.stock.batches(_LISTED)
        counts = await tx.stock.counts([one.id for one in batches])
        values = await tx.stock.values()
        used = await tx.stock.used_values()
    left = [one.value_id for one in batches if counts.get(one.id, BatchCounts()).left]
    views = [
        ValueView(
            products[one.product_id],
            one,
            on_offer.get(one.id, OnOffer(one.id)),
            left.count(one.id),
            one.id not in used,
        )
        for one in values
    ]
    return sorted(views, key=lambda view: (view.product.title, view.value.id))


async def list_batches(store: Store, value_id: int) -> tuple[OwnProduct, OwnValue, list[BatchView]]:
    """A value and its batches: drafts, and those on sale of which something is left. Raises NotFound."""
    async with store.reading() as tx:
        value = await tx.stock.value(value_id)
        product = await tx.stock.product(value.product_id)
        batches = await tx.stock.batches(_LISTED, value_id)
        counts = await tx.stock.counts([one.id for one in batches])
    views = [BatchView(one, product, value, counts.get(one.id, BatchCounts())) for one in batches]
    return product, value, [view for view in views if view.counts.left]


async def put_on_sale(store: Store, clock: Clock, decision: Decision) -> BatchView:
    """Sell the codes of a draft from now on. A second call changes nothing.

    Raises NotFound; AlreadyDecided for one that was discarded or withdrawn.
    """
    return await store.write(
        _decide, clock, decision, BatchState.DRAFT, BatchState.ON_SALE, "on sale"
    )


async def discard(store: Store, clock: Clock, decision: Decision) -> BatchView:
    """Throw a draft away: its codes are erased, and may be loaded again.

    Not those of a held one: they may have been sold after the backup. Raises as `put_on_sale` does.
    """
    return await store.write(
        _decide, clock, decision, BatchState.DRAFT, BatchState.DISCARDED, "discarded"
    )


async def withdraw(store: Store, clock: Clock, decision: Decision) -> BatchView:
    """Take a batch off sale and erase its unsold codes; what orders have stays theirs.

    Raises as `put_on_sale` does.
    """
    return await store.write(
        _decide, clock, decision, BatchState.ON_SALE, BatchState.WITHDRAWN, "withdrawn"
    )


async def _decide(
    tx: Transaction,
    clock: Clock,
    decision: Decision,
    source: BatchState,
    target: BatchState,
    note: str,
) -> BatchView:
    batch = await tx.stock.batch(decision.batch_id)
    await tx.stock.lock_value(batch.value_id)  # before the batch: so do purchases
    moved = await tx.stock.move_batch(batch.id, source, target)
    if not moved:
        batch = await tx.stock.batch(batch.id)
        if batch.state is not target:
            raise AlreadyDecided
        return await _view(tx, batch)
    now = clock.now()
    erased = 0
    batch = await tx.stock.batch(batch.id)
    if target is not BatchState.ON_SALE:
        erased = await tx.own_codes.withdraw(batch.id, now, known=batch.held_at is not None)
        await tx.alerts.close(ending_alert_key(batch.id), now)
    view = await _view(tx, batch)
    await tx.operators.add_action(
        key=decision.key,
        operator_id=decision.operator_id,
        kind=ActionKind.STOCK,
        target=f"batch {batch.id}",
        amount_minor=batch.cost_minor * (erased or view.counts.left),
        note=f"{note}: {erased or view.counts.left} of {view.counts.loaded}",
        now=now,
    )
    return view


def ending_alert_key(batch_id: int) -> str:
    """The key of the alert about codes of a batch that end too soon to be sold."""
    return f"stock_ending:{batch_id}"
