"""Checks before opening: each line says in plain words what is right, or what to do."""

from collections.abc import Awaitable, Callable

from telegram.error import InvalidToken, TelegramError

from bot.app import build_bot, build_supplier
from bot.domain.supplier import Environment
from bot.errors import AccessRefused, StorageFailure, SupplierFailure, VaultFailure
from bot.services.custody import check_keys
from bot.settings import Settings, SettingsError, load_settings
from bot.vault import AesVault
from storage.engine import SqlStore
from storage.migrate import migrate

Say = Callable[[str], object]
_OK, _BAD = "ok   ", "FAIL "


async def examine(say: Say) -> bool:
    """Print one line for each check; True where all are well."""
    try:
        settings = load_settings()
        settings.keys()
    except SettingsError as error:
        for line in str(error).splitlines():
            say(f"{_BAD}settings: {line}")
        return False
    say(f"{_OK}settings: all present and readable")
    checks: tuple[Callable[[Settings], Awaitable[tuple[bool, str]]], ...] = (
        _database,
        _supplier,
        _telegram,
    )
    well = True
    for check in checks:
        good, line = await check(settings)
        say(f"{_OK if good else _BAD}{line}")
        well = well and good
    return well


async def _database(settings: Settings) -> tuple[bool, str]:
    store = SqlStore(settings.database_url)
    try:
        await migrate(store)
        await check_keys(store, AesVault(settings.keys()))
    except StorageFailure as error:
        return False, f"database: {error}"
    except VaultFailure as error:
        return False, f"keys: {error}"
    finally:
        await store.close()
    return (
        True,
        f"database and keys: {store.url.get_backend_name()}, up to date, opened by the keys",
    )


async def _supplier(settings: Settings) -> tuple[bool, str]:
    supplier = build_supplier(settings)
    where = settings.oneclickdz_base_url
    try:
        key = await supplier.validate()
    except AccessRefused as refusal:
        code = refusal.code or refusal.status
        return (
            False,
            f"supplier: {where} refuses the key ({code}); check the key and its address list",
        )
    except SupplierFailure as failure:
        return (
            False,
            f"supplier: {where} does not answer as it should ({failure.code or failure.status})",
        )
    finally:
        await supplier.close()
    if not key.enabled:
        return False, "supplier: the key is disabled; enable it in the dashboard"
    if not key.may_buy:
        return False, "supplier: the key is READ-ONLY; the shop needs READ-WRITE to buy"
    kind = (
        "a sandbox key: no real codes"
        if key.environment is Environment.SANDBOX
        else "a production key"
    )
    return True, f"supplier: {where} accepts the key, READ-WRITE, {kind}"


async def _telegram(settings: Settings) -> tuple[bool, str]:
    bot = build_bot(settings)
    try:
        await bot.initialize()
        hook = await bot.get_webhook_info()
        name = bot.username
    except InvalidToken:
        return False, "telegram: the token is not accepted; ask BotFather for the right one"
    except TelegramError as error:
        return (
            False,
            f"telegram: {settings.telegram_api_url} does not answer ({type(error).__name__})",
        )
    finally:
        await bot.shutdown()
    note = "; a webhook is set and will be removed by `hanout run`" if hook.url else ""
    return True, f"telegram: the token belongs to @{name}{note}"
