"""Every screen about the own stock, with sample values."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.stock import (
    Batch,
    BatchCounts,
    BatchState,
    OnOffer,
    OwnProduct,
    OwnValue,
    Refusals,
)
from bot.domain.stock_files import FileFault
from bot.refusals import BadCodes
from bot.services.stock.batches import BatchView, ValueView
from handlers.screen import Screen
from handlers.screens import stock
from locales import Words

_NONE = Refusals()
_ZONE = ZoneInfo("Africa/Algiers")
_NOW = datetime(2026, 11, 21, 22, 5, tzinfo=UTC)
_END = datetime(2027, 6, 30, 22, 59, 59, tzinfo=UTC)
_PRODUCT = OwnProduct(3, "Streaming", "Netflix TR", "Turkey")
_VALUE = OwnValue(7, 3, "200 TRY", 20_000, "TRY", 5)
_LOADED = BatchCounts(187, 187, 0, 0, _NOW, _END)


def _batch(
    state: BatchState,
    counts: BatchCounts = _LOADED,
    refusals: Refusals = _NONE,
    held_at: datetime | None = None,
) -> BatchView:
    batch = Batch(14, 7, 124_000, state, 900, _NOW, refusals, held_at)
    return BatchView(batch, _PRODUCT, _VALUE, counts, ("••••07K2", "••••09QX"))


def stock_screens(w: Words) -> Iterator[Screen]:
    views = [
        ValueView(_PRODUCT, _VALUE, OnOffer(7, 187, 124_000, _END), 2),
        ValueView(_PRODUCT, _VALUE, OnOffer(7), 0, is_unused=True),
    ]
    yield stock.values(w, views, is_sold=True)
    yield stock.values(w, [], is_sold=False)
    batches = [_batch(BatchState.DRAFT), _batch(BatchState.ON_SALE, BatchCounts(187, 140, 47))]
    for view in views:
        yield stock.value(w, view, batches, _ZONE)
    for again in (False, True):
        yield stock.ask_names(w, again=again)
        yield stock.ask_names(w, again=True, is_list=again)
        yield stock.ask_cost(w, views[0], again=again)
    yield stock.ask_codes(w, 7)
    for fault in (*FileFault, "no_codes", "formatted", "long"):
        yield stock.refuse_codes(w, 7, BadCodes(fault, 5), deleted=fault != "empty")
    yield stock.batch(w, _batch(BatchState.DRAFT), _ZONE)
    some = Refusals(9, 3, 1, 2, 88)
    yield stock.batch(w, _batch(BatchState.DRAFT, refusals=some), _ZONE, deleted=False)
    yield stock.batch(w, _batch(BatchState.DRAFT, BatchCounts(1, 1)), _ZONE)
    yield stock.batch(w, _batch(BatchState.DISCARDED, BatchCounts(), some), _ZONE)
    held = _batch(BatchState.DRAFT, held_at=_NOW)
    yield stock.value(w, views[1], [held], _ZONE)
    yield stock.batch(w, held, _ZONE)
    yield stock.decided(w, _batch(BatchState.DISCARDED, BatchCounts(187, 0, 0, 187), held_at=_NOW))
    for state in (BatchState.ON_SALE, BatchState.DISCARDED, BatchState.WITHDRAWN):
        yield stock.decided(w, _batch(state, BatchCounts(187, 140, 47)))
    for left in (0, 1, 2, 140):
        yield stock.ask_withdraw(w, _batch(BatchState.ON_SALE, BatchCounts(187, left, 47)))
    for deleted in (False, True):
        yield stock.open_first(w, deleted=deleted)
        yield stock.open_first(w, deleted=deleted, by_shape=True)
    yield stock.delete_yourself(w)
