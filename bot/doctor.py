"""`hanout doctor`: checks the configuration and prints for each check the result and what to do."""

from collections.abc import Awaitable, Callable, Iterator, Mapping

from telegram import WebhookInfo
from telegram.error import TelegramError

from bot.domain.payments import Method
from bot.domain.supplier import Environment
from bot.errors import (
    AccessRefused,
    DatabaseMoved,
    RequestRefused,
    StorageFailure,
    SupplierFailure,
    UnknownAtSupplier,
    VaultFailure,
)
from bot.factories import build_bot, build_suppliers
from bot.ports import Supplier
from bot.proxy_check import check_proxy
from bot.services.codes.custody import check_keys
from bot.services.operations.watch import find_unserved_suppliers
from bot.settings import Settings, SettingsError, load_settings
from bot.suppliers.oneclickdz import OneClickDz
from bot.vault import AesVault
from handlers.edge import UNREADABLE, Do, explain, read
from storage.migrate import check_schema
from storage.moved import check_not_moved
from storage.store import Store

Say = Callable[[str], object]
_OK, _BAD = "ok   ", "FAIL "
_FORBIDDEN = 403
# Telegram's terms for bot developers, §6.2, summarised in docs/payments.md; the owner decides.
TERMS = {
    Method.STARS: "what Telegram's terms ask for when digital goods are sold inside Telegram",
    Method.OCPAY: "a provider outside Telegram: inside the terms for physical goods only; for digital "
    "goods it is your decision and your risk (docs/payments.md, Telegram's rules)",
    Method.TRANSFER: "credit for money settled elsewhere: not clearly inside the terms when it pays for "
    "digital goods; your decision (docs/payments.md, Telegram's rules)",
}


async def examine(say: Say) -> bool:
    """Print one line for each check; True where all of them pass."""
    try:
        settings = load_settings()
        settings.keys()
    except SettingsError as error:
        for line in str(error).splitlines():
            say(f"{_BAD}settings: {line}")
        return False
    say(f"{_OK}settings: all present and readable")
    suppliers = build_suppliers(settings)
    environments: set[Environment] = set()
    checks: list[Awaitable[tuple[bool, str]]] = [
        _database(settings),
        *(_supplier(name, supplier, environments) for name, supplier in suppliers.items()),
        _telegram(settings),
        _payments(settings, suppliers),
    ]
    passed = True
    try:
        for check in checks:
            is_good, line = await check
            say(f"{_OK if is_good else _BAD}{line}")
            passed = passed and is_good
    finally:
        for supplier in suppliers.values():
            await supplier.close()
    if len(environments) > 1:
        say(
            f"{_BAD}suppliers: one key is for tests and another buys for real; use keys of one kind"
        )
        passed = False
    for method in settings.payment_methods:
        say(f"note {method}: {TERMS[method]}")
    return passed


async def _payments(settings: Settings, suppliers: Mapping[str, Supplier]) -> tuple[bool, str]:
    """Check the payment methods; OCPay is asked about a link that does not exist."""
    if not settings.payment_methods:
        return True, "payments: no payment method is enabled; only /credit fills wallets"
    names = ", ".join(settings.payment_methods)
    ocpay_supplier = suppliers.get(OneClickDz.name)
    if Method.OCPAY not in settings.payment_methods or not isinstance(ocpay_supplier, OneClickDz):
        return True, f"payments: {names}"
    try:
        await ocpay_supplier.payment_call("ocpay/checkPayment/OCPL-AAAAAA-AAAA")
    except SupplierFailure as failure:
        if failure.status == _FORBIDDEN:
            return (
                False,
                "payments: ocpay is refused (403); validate the merchant profile, or take it out",
            )
        if not isinstance(failure, RequestRefused | UnknownAtSupplier):
            return False, "payments: ocpay does not answer as it should"
    return True, f"payments: {names}; the supplier takes cards for this shop"


async def _database(settings: Settings) -> tuple[bool, str]:
    try:
        store = Store(settings.database_url)
    except StorageFailure as error:
        return False, f"database: {error}"
    try:
        await check_schema(store)
        await check_not_moved(store)
        await check_keys(store, AesVault(settings.keys()))
        left_out = await find_unserved_suppliers(store, settings.suppliers)
    except (StorageFailure, DatabaseMoved) as error:
        return False, f"database: {error}"
    except VaultFailure as error:
        return False, f"keys: {error}"
    finally:
        await store.close()
    if left_out:
        names = ", ".join(left_out)
        return (
            False,
            f"orders: some wait at {names}; put it back into SUPPLIERS until they have ended",
        )
    return (
        True,
        f"database and keys: {store.url.get_backend_name()}, up to date, opened by the keys",
    )


async def _supplier(
    name: str, supplier: Supplier, environments: set[Environment]
) -> tuple[bool, str]:
    try:
        key = await supplier.validate()
    except AccessRefused as refusal:
        code = refusal.code or refusal.status
        return False, f"{name}: it refuses the key ({code}); check the key and its address list"
    except SupplierFailure as failure:
        return False, f"{name}: it does not answer as it should ({failure.code or failure.status})"
    environments.add(key.environment)
    if not key.enabled:
        return False, f"{name}: the key is disabled; enable it in the dashboard"
    if not key.may_buy:
        return False, f"{name}: the key is READ-ONLY; the shop needs READ-WRITE to buy"
    environment = (
        "a sandbox key: no real codes"
        if key.environment is Environment.SANDBOX
        else "a production key"
    )
    rate = supplier.rate
    price = f"; 1 {rate.currency} = {rate.price} dinars, set on {rate.since}" if rate else ""
    return True, f"{name}: the key is accepted, it may buy, {environment}{price}"


async def _telegram(settings: Settings) -> tuple[bool, str]:
    proxy = settings.proxy()
    if proxy is not None:
        trouble = await check_proxy(proxy, settings.telegram_api_url)
        if trouble is not None:
            return False, f"telegram: {trouble}"
    bot = build_bot(settings)
    try:
        await bot.initialize()
        hook = await bot.get_webhook_info()
        name = bot.username
    except (TelegramError, *UNREADABLE) as error:
        if read(error).start is Do.GIVE_UP:
            return False, "telegram: the token is not accepted; ask BotFather for the right one"
        return False, f"telegram: {settings.telegram_api_url} was not reached: {explain(error)}"
    finally:
        await bot.shutdown()
    notes = [f"telegram: the token belongs to @{name}"]
    if proxy is not None:
        notes.append(f"reached through the proxy {proxy.url.host}")
    if settings.telegram_api_url.startswith("http://"):
        notes.append("TELEGRAM_API_URL is http://: whoever listens on that network reads the token")
    notes += _webhook_notes(settings, hook)
    return True, "; ".join(notes)


def _webhook_notes(settings: Settings, hook: WebhookInfo) -> Iterator[str]:
    wanted = settings.telegram_webhook_url
    if not wanted and hook.url:
        yield "a webhook is set and will be removed by `hanout run`"
    elif wanted and not hook.url.startswith(f"{wanted}/telegram/"):
        yield "the webhook is not set yet; `hanout run` sets it"
    elif wanted:
        yield f"updates are sent to {wanted}, {hook.pending_update_count} wait"
        if hook.last_error_message and hook.pending_update_count:
            yield f"the last one failed: {hook.last_error_message}"
