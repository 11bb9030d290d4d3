"""A load that fails midway stores nothing, so that its repetition, whenever it comes, stores all."""

import pytest
from sqlalchemy import func, select

from bot.domain.stock import BatchState
from bot.domain.stock_files import read_text
from bot.errors import StorageFailure
from bot.services.stock import load
from bot.services.stock.batches import view_batch
from bot.services.stock.watch import tidy
from storage.tables import own_batches, own_codes
from tests.harness import OPERATOR
from tests.own_stock import COST, codes_of

_CODES = 250  # more than one statement stores


def request_of(own, key, value):
    read = read_text("\n".join(codes_of(_CODES)), own.clock.now())
    return load.LoadRequest(key, value, COST, OPERATOR, read)


async def begin(own, monkeypatch, request):
    """Load, but the disk fails after the first codes."""
    real, calls = load._add, []

    async def add(*args):
        calls.append(1)
        if len(calls) == 2:
            raise StorageFailure("disk")
        return await real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(load, "_add", add)
        with pytest.raises(StorageFailure):
            await load.load_batch(own.store, own.vault, own.clock, request)


async def count(own, table):
    async with own.store._reader.connect() as db:
        return (await db.execute(select(func.count()).select_from(table))).scalar_one()


@pytest.mark.parametrize("key", ["update:7", "update:8"], ids=["replayed", "sent again"])
@pytest.mark.parametrize("seconds", [60, 3700])
async def test_a_load_that_failed_midway_is_repeated_whole(own, monkeypatch, key, seconds):
    value = await own.value()
    await begin(own, monkeypatch, request_of(own, "update:7", value))
    assert (await count(own, own_batches), await count(own, own_codes)) == (0, 0)
    own.clock.pass_time(seconds)
    await tidy(own.shop)

    batch = await load.load_batch(own.store, own.vault, own.clock, request_of(own, key, value))

    own.clock.pass_time(3700)
    await tidy(own.shop)
    view = await view_batch(own.store, own.vault, batch)
    assert view.batch.state is BatchState.DRAFT
    assert (view.counts.left, view.batch.refusals.known) == (_CODES, 0)
    assert await count(own, own_codes) == _CODES


async def test_a_load_is_one_transaction(own, monkeypatch):
    value, real, writes = await own.value(), own.store.write, []

    async def write(work, *args):
        writes.append(work)
        return await real(work, *args)

    monkeypatch.setattr(own.store, "write", write)
    await load.load_batch(own.store, own.vault, own.clock, request_of(own, "update:7", value))
    assert writes == [load._load]
