"""The commands of keys: new, check, rotate and abandon."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import explained, fail, settings_or_exit
from bot.errors import ArchiveFailure, VaultFailure
from bot.settings import Settings
from bot.vault import AesVault, is_key_id, new_key

if TYPE_CHECKING:
    from bot.services.codes.abandon import SealedByKey
    from bot.services.codes.rotate import Rotation
    from storage.store import Store

keys = typer.Typer(no_args_is_help=True, help="The keys that codes are encrypted with.")


@keys.command("new")
def keys_new(
    key_id: Annotated[str, typer.Argument(help="Letters and digits, such as k2.")] = "k1",
) -> None:
    """Print a fresh key for HANOUT_KEYS. Put it first to make it the one that seals."""
    if not is_key_id(key_id):
        raise fail("A key's id is up to 16 letters or digits, such as k2.")
    typer.echo(new_key(key_id))


@keys.command("check")
def keys_check() -> None:
    """Tell whether HANOUT_KEYS open what the database holds."""
    settings = settings_or_exit()
    with explained():
        asyncio.run(_check_keys(settings))
    typer.echo("The keys open what the database holds.")


@keys.command("rotate")
def keys_rotate() -> None:
    """Encrypt everything again with the first of HANOUT_KEYS, while the shop may run.

    Repeat the command if it was interrupted.
    """
    settings = settings_or_exit()
    with explained():
        done = asyncio.run(_rotate_keys(settings))
    newest = next(iter(settings.keys()))
    typer.echo(f"{done.sealed} secrets are sealed anew with {newest}.")
    for trouble in done.failed:
        typer.echo(f"Left as it was: {trouble}", err=True)
    if done.still_used:
        raise fail(f"Still needed: {', '.join(sorted(done.still_used))}. Keep it in HANOUT_KEYS.")
    if len(settings.keys()) > 1:
        typer.echo(
            f"A shop that was not restarted since {newest} came first still seals with an older key: then restart it, "
            "and run this again."
        )
    typer.echo("No other key is needed any more: take the older ones out of HANOUT_KEYS.")


@keys.command("abandon")
def keys_abandon(
    key_id: Annotated[str, typer.Argument(help="The id of the key that is lost.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, for scripts.")] = False,
) -> None:
    """Give up a lost key, and the codes that only it opens, so that the shop opens with the others."""
    settings = settings_or_exit()
    with explained():
        try:
            asyncio.run(_abandon(settings, key_id, ask=not yes))
        except VaultFailure as error:
            raise fail(f"No key was given up: {error}.") from None


async def _abandon(settings: Settings, key_id: str, *, ask: bool) -> None:
    from bot.clock import SystemClock
    from bot.services.codes.abandon import abandon_key, find_sealed

    async with migrated_store(settings) as store:
        vault = AesVault(settings.keys())
        found = await find_sealed(store, vault, key_id)
        if found.abandoned_at is not None:
            typer.echo(f"{key_id} was given up on {found.abandoned_at:%Y-%m-%d}; nothing changes.")
            return
        for line in _what_is_lost(key_id, found):
            typer.echo(line)
        if ask and _ask(f"Write {key_id} to give it up") != key_id:
            raise VaultFailure("it was not confirmed")
        await abandon_key(store, vault, SystemClock(), key_id)
    typer.echo(f"{key_id} is given up. `hanout run` opens the shop with the other keys.")


def _ask(question: str) -> str:
    answer: str = typer.prompt(question, default="", show_default=False)
    return answer.strip()


def _what_is_lost(key_id: str, found: "SealedByKey") -> Iterator[str]:
    yield f"Without the key {key_id} nobody can ever open what it sealed:"
    yield f"  {found.codes} codes of {found.orders} orders; whoever asks for them is sent to support"
    yield f"  {found.unsent} of these orders have codes that their customers never got"
    if found.own:
        yield f"  {found.own} codes of your own stock, which are not sold any more"
    yield f"  {found.updates} updates of Telegram that wait, which will count as handled"
    if found.notes:
        yield f"  {found.notes} notes of operators about customers"
    yield "  every backup that was made while it was the first key"
    yield "Codes that a supplier hands out a second time are not noticed where only this key knew them."
    yield "Wallets, orders and conversations are in clear: they lose nothing."
    yield "If you find the key later, put it into HANOUT_KEYS again: then the codes open again."


@contextlib.asynccontextmanager
async def checked_store(
    settings: Settings, *, may_create: bool = False
) -> AsyncIterator["tuple[Store, AesVault]"]:
    """The shop's database and the checked keys. Raises VaultFailure, and as `migrated_store`."""
    from bot.services.codes.custody import check_keys

    vault = AesVault(settings.keys())
    async with migrated_store(settings, may_create=may_create) as store:
        await check_keys(store, vault)
        yield store, vault


@contextlib.asynccontextmanager
async def migrated_store(settings: Settings, *, may_create: bool = False) -> AsyncIterator["Store"]:
    """The shop's database; `may_create`: also a new one. Raises NoShop, DatabaseMoved, StorageFailure."""
    from storage.existing import opened
    from storage.moved import check_not_moved

    async with opened(settings.database_url, may_create=may_create) as store:
        await check_not_moved(store)
        yield store


async def compare_with(settings: Settings) -> None:
    """That HANOUT_KEYS open what the database holds, for a backup of it: nothing is written.

    Raises ArchiveFailure, StorageFailure.
    """
    from bot.services.codes.custody import compare_keys
    from storage.migrate import revision_of
    from storage.migrations import HEAD
    from storage.store import Store

    store = Store(settings.database_url)
    try:
        if await store.read_sync(revision_of) == HEAD:  # an earlier schema is copied as it is
            async with store.reading() as tx:
                await compare_keys(tx, AesVault(settings.keys()))
    except VaultFailure as failure:
        raise ArchiveFailure(
            f"HANOUT_KEYS do not fit this database: {failure}. With these keys, --to FILE makes one"
        ) from None
    finally:
        await store.close()


async def _check_keys(settings: Settings) -> None:
    async with checked_store(settings):
        pass


async def _rotate_keys(settings: Settings) -> "Rotation":
    from bot.services.codes.rotate import rotate_keys

    async with checked_store(settings) as (store, vault):
        return await rotate_keys(store, vault, lambda done: typer.echo(f"{done} sealed anew…"))
