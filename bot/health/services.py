"""Telegram, the suppliers, the payment providers and the webhook: asked as the shop asks them, and nothing is bought."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import Final

from telegram import WebhookInfo
from telegram.error import TelegramError

from bot.connections import ProxyTransport
from bot.domain.payments import Method
from bot.domain.supplier import OWN, Environment, Rate
from bot.errors import AccessRefused, MerchantRefused, PaymentFailure, SupplierFailure
from bot.factories import build_bot
from bot.health.causes import Probe, of_status, probe
from bot.health.finding import Finding, bad, note, well
from bot.payment_ports import PaymentMethod
from bot.proxy_check import check_proxy
from bot.services.payments.environments import say_mixed
from bot.settings import Settings
from bot.supplier_ports import Supplier
from handlers.edge import UNREADABLE, Do, explain, read

_FORBIDDEN: Final = 403
_SERVER_ERROR: Final = 500
_ANSWER_SECONDS: Final = 9.0
_OLD_RATE: Final = timedelta(days=30)
_UNKNOWN_CAUSE: Final = "answer"


class Asked:
    """What the checks of one run learn for each other."""

    def __init__(self) -> None:
        self.environments: set[Environment] = set()
        self.payments: dict[Method, Environment] = {}
        self.ahead: dict[str, timedelta] = {}  # this machine's clock less the server's
        self.hook: WebhookInfo | None = None
        self.bot_name = ""


async def check_telegram(settings: Settings, asked: Asked) -> list[Finding]:
    """The way to Telegram, then the token."""
    proxy = settings.proxy()
    if proxy is not None:
        trouble = await check_proxy(proxy, settings.telegram_api_url)
        if trouble is not None:
            return [bad("telegram", trouble, "proxy")]
    transport = ProxyTransport(proxy, 1) if proxy is not None else None
    found = await probe(settings.telegram_api_url, transport)
    if found.ahead is not None:
        asked.ahead["telegram"] = found.ahead
    if found.cause:
        return [_unreached(settings, found.words, found.cause)]
    bot = build_bot(settings)
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await bot.initialize()
            asked.hook = await bot.get_webhook_info()
        asked.bot_name = bot.username
    except (TelegramError, TimeoutError, *UNREADABLE) as error:
        row = read(error)
        if row.start is Do.GIVE_UP:
            text = "the token is not accepted; ask BotFather for the right one, and put it into TELEGRAM_TOKEN"
            return [bad("telegram", text, "token")]
        return [_unreached(settings, explain(error), row.kind)]
    finally:
        await bot.shutdown()
    notes = [f"the token belongs to @{asked.bot_name}"]
    if proxy is not None:
        notes.append(f"reached through the proxy {proxy.url.host}")
    if settings.telegram_api_url.startswith("http://"):
        notes.append("TELEGRAM_API_URL is http://: whoever listens on that network reads the token")
    notes += _hook_notes(settings, asked.hook)
    return [well("telegram", "; ".join(notes))]


def _unreached(settings: Settings, words: str, cause: str) -> Finding:
    return bad("telegram", f"{settings.telegram_api_url} was not reached: {words}", cause)


def _hook_notes(settings: Settings, hook: WebhookInfo) -> Iterator[str]:
    wanted = settings.telegram_webhook_url
    if not wanted and hook.url:
        yield "a webhook is set and will be removed by `hanout run`"
    elif wanted and not hook.url.startswith(f"{wanted}/telegram/"):
        yield "the webhook is not set yet; `hanout run` sets it"
    elif wanted:
        yield f"updates are sent to {wanted}, {hook.pending_update_count} wait"
        if hook.last_error_message and hook.pending_update_count:
            yield f"the last one failed: {hook.last_error_message}"


async def check_webhooks(settings: Settings, asked: Asked) -> list[Finding]:
    """Whether the public addresses lead to a server that speaks TLS; Telegram's own word counts more."""
    findings = []
    for name, address in (
        ("TELEGRAM_WEBHOOK_URL", settings.telegram_webhook_url),
        ("PUBLIC_URL", settings.public_url),
    ):
        if address:
            findings.append(await _webhook(name, address, asked.hook))
    return findings


async def _webhook(name: str, address: str, hook: WebhookInfo | None) -> Finding:
    if hook is not None and hook.url.startswith(f"{address}/") and not hook.last_error_message:
        return well("webhooks", f"{name}: Telegram reaches it")
    found = await probe(address)
    if found.cause in ("name", "certificate", "clock"):
        return bad("webhooks", f"{name}: {address}: {found.words}", found.cause)
    if found.cause:
        text = f"{name}: from here {address} is not reached: {found.words}; others may reach it"
        return note("webhooks", text, found.cause)
    if found.status >= _SERVER_ERROR:
        text = (
            f"{name}: a web server answers, and not the shop behind it (HTTP {found.status}); that is so while the "
            "shop is closed, else let it pass requests on to WEBHOOK_LISTEN"
        )
        return note("webhooks", text, "server")
    return well("webhooks", f"{name}: a web server with a good certificate answers")


async def check_supplier(
    name: str, supplier: Supplier, settings: Settings, asked: Asked
) -> list[Finding]:
    """The way to the supplier, then the key and what it may do."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            key = await supplier.validate()
    except AccessRefused as refusal:
        code = refusal.code or refusal.status
        text = f"it refuses the key ({code}); check the key and its address list"
        return [bad(name, text, "key")]
    except SupplierFailure as failure:
        return [await _failed(name, failure, settings)]
    except TimeoutError:
        text = f"it is silent: no answer within {_ANSWER_SECONDS:.0f} s"
        return [bad(name, text, "silent")]
    finally:
        if supplier.server_time is not None:
            passed = timedelta(seconds=monotonic() - supplier.server_time.at)
            asked.ahead[name] = datetime.now(UTC) - supplier.server_time.time - passed
    asked.environments.add(key.environment)
    if not key.enabled:
        return [bad(name, "the key is disabled; enable it in the dashboard", "disabled")]
    if not key.may_buy:
        text = "the key is READ-ONLY; the shop needs READ-WRITE to buy"
        return [bad(name, text, "scope")]
    is_sandbox = key.environment is Environment.SANDBOX
    kind = "a sandbox key: no real codes" if is_sandbox else "a production key"
    rate = supplier.rate
    price = f"; 1 {rate.currency} = {rate.price} dinars, set on {rate.since}" if rate else ""
    findings = [well(name, f"the key is accepted, it may buy, {kind}{price}")]
    return findings + ([_old_rate(name, rate)] if rate and _is_odd(rate.since) else [])


def check_own_stock(settings: Settings, asked: Asked) -> Finding:
    """It needs no key. Asked when all suppliers have answered: where it is alone, it sells for real."""
    if settings.suppliers == (OWN,):
        asked.environments.add(Environment.PRODUCTION)
    if asked.environments == {Environment.SANDBOX}:
        text = "the keys are for tests, so its codes are sold for test money: load none that are worth anything"
        return note(OWN, text, "kinds")
    return well(OWN, "codes of your own, which need no key; /stock shows them")


def _is_odd(since: date) -> bool:
    age = datetime.now(UTC).date() - since
    return age > _OLD_RATE or age < timedelta(days=-1)


def _old_rate(name: str, rate: Rate) -> Finding:
    text = f"the rate is dated {rate.since}: see whether it still holds, prices are made of it"
    return note(name, text, "rate")


async def _failed(name: str, failure: SupplierFailure, settings: Settings) -> Finding:
    setting = f"{name}_base_url"
    if failure.status:
        found = of_status(failure.status, failure.code, setting.upper())
    else:
        found = await probe(getattr(settings, setting))
        if not found.cause:
            words = f"it does not answer as it should ({failure.code})"
            found = Probe(_UNKNOWN_CAUSE, words, found.status)
    return bad(name, found.words, found.cause)


async def check_payments(
    methods: Mapping[Method, PaymentMethod], settings: Settings, asked: Asked
) -> list[Finding]:
    """Each provider is asked whether it takes payments for this shop."""
    if not methods:
        return [well("payments", "no payment method is enabled; only /credit fills wallets")]
    checks = (_check_method(provider, settings, asked) for provider in methods.values())
    return list(await asyncio.gather(*checks))


async def _check_method(provider: PaymentMethod, settings: Settings, asked: Asked) -> Finding:
    method = provider.method
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            examined = await provider.examine()
    except MerchantRefused as refusal:
        text = f"{method} is refused ({refusal.code}); {provider.when_refused}"
        return bad("payments", text, "refused")
    except (PaymentFailure, TimeoutError) as failure:
        return await _unpaid(method, settings, failure)
    if examined.environment is not None:
        asked.payments[method] = examined.environment
    return well("payments", "; ".join(filter(None, [str(method), examined.note])))


async def _unpaid(method: Method, settings: Settings, failure: Exception) -> Finding:
    """A provider with an address of its own is asked for that; OCPay is its supplier's."""
    address = getattr(settings, f"{method}_base_url", "")
    found = await probe(address) if address else Probe()
    if found.cause:
        return bad("payments", f"{method}: {found.words}", found.cause)
    if isinstance(failure, TimeoutError):
        text = f"{method}: it is silent: no answer within {_ANSWER_SECONDS:.0f} s"
        return bad("payments", text, "silent")
    return bad("payments", f"{method}: it does not answer as it should", _UNKNOWN_CAUSE)


def mixed_environments(asked: Asked) -> list[Finding]:
    """Payments of one kind for suppliers of the other; asked when all of them have answered."""
    return [
        bad("payments", say_mixed(method, environment), "kinds")
        for method, environment in asked.payments.items()
        if asked.environments and environment not in asked.environments
    ]
