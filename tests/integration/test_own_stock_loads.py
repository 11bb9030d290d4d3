"""A load that fails midway stores nothing, so that its repetition, whenever it comes, stores all."""

import pytest
from sqlalchemy import func, select

from bot.domain.stock import BatchState
from bot.domain.stock_files import ReadCodes, read_text
from bot.domain.supplier import Card
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


async def loaded(own, *codes):
    """A batch as versions loaded it that took lists as they came; returns its id and what was known."""
    value = await own.value()
    read = ReadCodes(tuple(Card(value=code) for code in codes))
    request = load.LoadRequest(f"list {codes}", value, COST, OPERATOR, read)
    batch = await load.load_batch(own.store, own.vault, own.clock, request)
    view = await view_batch(own.store, own.vault, batch)
    return batch, view.batch.refusals.known


async def loaded_before(own, monkeypatch, *codes):
    """The same by such a version, which compared nothing but the text itself."""
    with monkeypatch.context() as patch:
        patch.setattr(load, "prints_of", lambda vault, card: vault.fingerprints(card.leading_text))
        return (await loaded(own, *codes))[0]


@pytest.mark.parametrize(
    "former", ['"ABCD-1234"', "'ABCD-1234'", "'ABCD-1234", "ＡＢＣＤ－１２３４"]
)
async def test_a_code_that_is_here_in_quotes_is_not_loaded_a_second_time(own, former):
    await loaded(own, former, "ZZZZ-9999")
    assert (await loaded(own, "ABCD-1234", "EFGH-5678"))[1] == 1
    assert (await loaded(own, former))[1] == 1


async def test_a_code_that_was_sold_is_not_sold_again_in_quotes(own, monkeypatch):
    await own.customer(1)
    await own.customer(2)
    await own.load(["ABCD-1234"])
    await own.buy(1, 1)
    await own.run(12)
    await own.sell(await loaded_before(own, monkeypatch, '"ABCD-1234"', "EFGH-5678"))

    await own.buy(2, 1)
    await own.run(12)

    assert own.sender.codes_of(1) == ["ABCD-1234"]
    assert own.sender.codes_of(2) == ["EFGH-5678"]


async def test_of_a_code_that_is_here_twice_the_one_in_quotes_is_set_aside(own, monkeypatch):
    await own.customer(1)
    for codes in (['"ABCD-1234"'], ["ABCD-1234", "EFGH-5678"]):
        await own.sell(await loaded_before(own, monkeypatch, *codes))

    await own.buy(1, 2)
    await own.run(12)

    assert own.sender.codes_of(1) == ["ABCD-1234", "EFGH-5678"]
