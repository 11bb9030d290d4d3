"""The commands of the own stock: list, add, load, sell, discard and withdraw.

What `load` reads never leaves this machine; a file sent in the chat has passed Telegram's servers.
"""

import asyncio
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from bot.clock import SystemClock
from bot.commands import explained, fail, settings_or_exit
from bot.domain.amounts import read_amount
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.stock import MOST_BYTES, BatchState
from bot.key_commands import checked_store
from bot.refusals import AlreadyDecided, BadCodes, BadName, NotFound
from bot.settings import Settings
from bot.vault import AesVault

if TYPE_CHECKING:
    from bot.services.stock.batches import BatchView, Decision, ValueView
    from storage.store import Store

T = TypeVar("T")
Work = Callable[["Store", AesVault, Settings], Awaitable[T]]

stock = typer.Typer(no_args_is_help=True, help="Codes of your own, which the shop sells as `own`.")

_BY_COMMAND: Final = 0  # no operator in the chat
_FAULTS: Final = {
    "spreadsheet": "this is a spreadsheet, which shortens long numbers; save it as CSV from where the codes came from",
    "not_text": "this is no text; write it as UTF-8",
    "too_large": "it is larger than 1 MB; load it in parts",
    "too_many": "it has more than 5,000 codes; load it in parts",
    "no_header": "its first line has to name the columns: code, serial, pin, link, expires",
    "shortened": "line {line} looks as if a spreadsheet had shortened it; take the file from where the codes came from",
    "quoted": "line {line} has quotation marks that seem to be no part of the code; take them away, or name the "
    "columns in the first line if they are those of a CSV file",
    "extra": "line {line} seems to have more than a code, such as a number, a word, brackets or signs of a web page; "
    "write the codes alone, one a line",
    "foreign": "line {line} has letters, digits or signs that nobody types for a code, such as Ａ in the place of A; "
    "take the file from where the codes came from",
    "date": "the date in line {line} cannot be read; write it as 2026-12-31",
    "either_date": "the date in line {line} can be read with the day first and with the month first, as all others of "
    "the list; write them as 2026-12-31",
    "empty": "there is no code in it",
    "key_missing": "the keys were changed at this moment; try again with the new HANOUT_KEYS",
}
_STATES: Final = {
    BatchState.LOADING: "being loaded",
    BatchState.DRAFT: "not on sale yet",
    BatchState.ON_SALE: "on sale",
    BatchState.DISCARDED: "thrown away",
    BatchState.WITHDRAWN: "withdrawn",
}
_HELD: Final = "from a backup, where what was sold since looks unsold; not on sale"
_LARGEST_NUMBER: Final = 2**63 - 1  # that a database holds
BatchId = Annotated[
    int, typer.Argument(min=1, max=_LARGEST_NUMBER, help="The number of the batch.")
]


@stock.command("list")
def stock_list() -> None:
    """Show every value, what is left of it, and its batches."""
    for line in _run(_list):
        typer.echo(line)


@stock.command("add")
def stock_add(
    category: Annotated[str, typer.Argument(help="Such as 'Streaming'.")],
    title: Annotated[str, typer.Argument(help="The product, such as 'Netflix TR'.")],
    label: Annotated[str, typer.Argument(help="The value, such as '200 TRY'.")],
    region: Annotated[str, typer.Option(help="Where the codes work.")] = "",
    low: Annotated[int, typer.Option(min=0, max=5000, help="Tell when fewer are left.")] = 5,
) -> None:
    """Add a value of a product; prints its number, which `load` wants."""
    from bot.services.stock.goods import add_value

    async def add(store: "Store", _vault: AesVault, _settings: Settings) -> int:
        return (await add_value(store, category, title, label, region=region, low_at=low)).id

    typer.echo(f"Its number is {_run(add, may_create=True)}.")


@stock.command("load")
def stock_load(
    value: Annotated[
        int,
        typer.Argument(min=1, max=_LARGEST_NUMBER, help="The number of the value, of `list`."),
    ],
    cost: Annotated[str, typer.Option(help="What one code cost you, in dinars.")],
    file: Annotated[
        Path | None, typer.Argument(help="A .txt or .csv file; without one, standard input.")
    ] = None,
) -> None:
    """Read codes, one a line or as CSV, and store them sealed. Nothing is sold before `sell`."""
    amount = read_amount(cost)
    if amount is None or amount.currency or amount.minor <= 0:
        raise fail("--cost is what one code cost you in dinars, such as 1240 or 1240.50.")
    data = _read(file)
    view = _run(partial(_load, data, value, amount.minor))
    for line in _summary(view):
        typer.echo(line)
    if not view.counts.left:
        raise fail("Nothing was loaded.")
    number = view.batch.id
    typer.echo(
        f"Nothing is sold yet. If the counts are right: `hanout stock sell {number}`; else "
        f"`hanout stock discard {number}`."
    )


@stock.command("sell")
def stock_sell(
    batch: BatchId,
    yes: Annotated[bool, typer.Option("--yes", help="Also a batch from a backup.")] = False,
) -> None:
    """Put a batch on sale; a running shop shows it within a minute."""
    from bot.services.stock.batches import put_on_sale, view_batch

    view = _run(lambda store, vault, _settings: view_batch(store, vault, batch))
    if view.batch.is_held and not yes:
        raise fail(
            f"Batch {batch} comes from a backup: codes that were sold after the backup look unsold in it. If surely "
            f"none was sold since, `hanout stock sell {batch} --yes` puts it on sale; nothing was changed."
        )
    _decide(put_on_sale, batch)


@stock.command("discard")
def stock_discard(batch: BatchId) -> None:
    """Throw a batch away that is not on sale yet, and erase its codes."""
    from bot.services.stock.batches import discard

    _decide(discard, batch)


@stock.command("withdraw")
def stock_withdraw(batch: BatchId) -> None:
    """Take a batch off sale and erase its unsold codes; what was sold stays."""
    from bot.services.stock.batches import withdraw

    _decide(withdraw, batch)


def _run(work: Work[T], *, may_create: bool = False) -> T:
    """Run `work` on the shop's database, which may be in use, and explain what is wrong."""

    async def run(settings: Settings) -> T:
        async with checked_store(settings, may_create=may_create) as (store, vault):
            return await work(store, vault, settings)

    settings = settings_or_exit()
    with explained():
        try:
            return asyncio.run(run(settings))
        except NotFound:
            raise fail("There is no such value or batch; `hanout stock list` shows all.") from None
        except AlreadyDecided:
            raise fail("That batch was sold, thrown away or withdrawn already.") from None
        except BadName as error:
            text = f"A name has 1 to {error.longest} characters, which can be seen."
            raise fail(text) from None
        except BadCodes as error:
            words = _FAULTS[error.fault].format(line=error.line)
            raise fail(f"Nothing was loaded: {words}.") from None


def _read(file: Path | None) -> bytes:
    """At most one byte more than a batch may have."""
    if file is None:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with file.open("rb") as source:
            return source.read(MOST_BYTES + 1)
    except OSError as error:
        raise fail(f"{file.absolute()} cannot be read: {error.strerror}") from None


async def _load(
    data: bytes, value: int, cost_minor: int, store: "Store", vault: AesVault, settings: Settings
) -> "BatchView":
    from bot.domain.stock_files import read_file
    from bot.services.stock.batches import view_batch
    from bot.services.stock.load import LoadRequest, load_batch

    clock = SystemClock()
    zone = settings.policy().time_zone
    codes = read_file(data, clock.now() + settings.own_least_life, zone)
    key = f"shell:{uuid.uuid4().hex}"
    request = LoadRequest(key, value, cost_minor, _BY_COMMAND, codes)
    return await view_batch(store, vault, await load_batch(store, vault, clock, request))


def _decide(
    work: "Callable[[Store, SystemClock, Decision], Awaitable[BatchView]]", batch_id: int
) -> None:
    from bot.services.stock.batches import Decision

    decision = Decision(f"shell:{uuid.uuid4().hex}", _BY_COMMAND, batch_id)
    view = _run(lambda store, _vault, _settings: work(store, SystemClock(), decision))
    for line in _summary(view):
        typer.echo(line)


async def _list(store: "Store", _vault: AesVault, settings: Settings) -> list[str]:
    from bot.services.stock.batches import list_batches, list_values

    lines = []
    for view in await list_values(store, SystemClock(), settings.own_least_life):
        lines.append(_value_line(view))
        _, _, batches = await list_batches(store, view.value.id)
        lines += [f"      {_batch_line(one)}" for one in batches]
    return lines or ["There is nothing yet: `hanout stock add` adds a value."]


def _value_line(view: "ValueView") -> str:
    cost = f", {_dinars(view.on_offer.cost_minor)} dinars each" if view.on_offer.left else ""
    name = f"{view.product.title} · {view.value.label}"
    return f"{view.value.id:>4}  {name}: {view.on_offer.left} on sale{cost}"


def _batch_line(view: "BatchView") -> str:
    counts = view.counts
    ends = f", ends {counts.first_end:%Y-%m-%d}" if counts.first_end else ""
    state = _HELD if view.batch.is_held else _STATES[view.batch.state]
    return f"batch {view.batch.id}: {state}, {counts.left} of {counts.loaded} left{ends}"


def _summary(view: "BatchView") -> Iterator[str]:
    refusals, counts = view.batch.refusals, view.counts
    yield f"{view.product.title} · {view.value.label}: {_batch_line(view)}"
    yield (
        f"{refusals.known} already here, {refusals.twice} twice in this batch, {refusals.unreadable} not readable"
        + (f" (line {refusals.line})" if refusals.line else "")
        + f", {refusals.expired} too close to their end"
    )
    yield f"Cost {_dinars(view.batch.cost_minor)} dinars each = {_dinars(view.total_minor)} dinars"
    if view.hints and counts.left:
        yield f"First and last: {' '.join(view.hints)}"


def _dinars(minor: int) -> str:
    return f"{minor / MINOR_PER_UNIT:,.2f}"
