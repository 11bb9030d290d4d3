"""Checks of answers by asking those who know: Telegram, the suppliers, the providers of payments.

Nothing is bought, made or changed. Each ends within some seconds.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from pydantic import ValidationError

from bot.domain.payments import Method
from bot.errors import MerchantRefused, PaymentFailure, SupplierFailure
from bot.factories import PaymentParts, build_bot, build_payment_methods, build_suppliers
from bot.health.causes import probe
from bot.health.finding import Finding, State
from bot.health.services import Asked, check_supplier, check_telegram
from bot.payment_ports import Examined
from bot.settings import Settings
from bot.setup.draft import Draft, default_of
from bot.setup.places import has_shop
from bot.setup.verdicts import FINE, Facts, Stands, Verdict
from bot.supplier_ports import Supplier
from handlers.middleware.threads import Threads
from handlers.stars_gateway import TelegramStarsGateway
from locales import Words

Check = Callable[[Draft, Facts, Words], Verdict]
SECONDS: Final = 9.0
BRANDS: Final = {"oneclickdz": "OneClickDz", "starship": "Starship", "chargily": "Chargily Pay"}
# Why a server was not reached, as texts tell it.
CAUSES: Final = frozenset(
    (
        "name",
        "refused",
        "silent",
        "certificate",
        "clock",
        "proxy",
        "network",
        "page",
        "flood",
        "server",
    )
)
_REFUSED: Final = frozenset(("token", "key", "disabled", "scope"))


def checked(check: Check, draft: Draft, facts: Facts, words: Words) -> Verdict:
    """The check's verdict; also where a setting that is not asked for, such as a proxy, is wrong."""
    try:
        return check(draft, facts, words)
    except ValidationError as error:
        names = {str(each["loc"][0]).upper() for each in error.errors() if each["loc"]}
        return Verdict(Stands.UNKNOWN, "setup-others-wrong", {"names": ", ".join(sorted(names))})


def check_bot(draft: Draft, facts: Facts, words: Words) -> Verdict:
    """Ask Telegram whose token it is."""
    asked = Asked()
    facts.bot_name = ""
    (found,) = asyncio.run(check_telegram(draft.settings("TELEGRAM_"), asked))
    if found.state is State.BAD:
        return _not_well(found, words.plain("setup-telegram"))
    facts.bot_name = asked.bot_name
    former = draft.former("TELEGRAM_TOKEN").partition(":")[0]
    if former and former != draft.get("TELEGRAM_TOKEN").partition(":")[0] and has_shop(draft):
        values = {"name": f"@{asked.bot_name}", "command": "hanout adopt"}
        return Verdict(Stands.UNKNOWN, "setup-bot-other", values)
    return Verdict(Stands.YES, "setup-bot-is", {"name": f"@{asked.bot_name}"})


def check_oneclickdz(draft: Draft, facts: Facts, words: Words) -> Verdict:
    return _check_supplier("oneclickdz", draft, facts, words)


def check_starship(draft: Draft, facts: Facts, words: Words) -> Verdict:
    return _check_supplier("starship", draft, facts, words, again="STARSHIP_API_KEY")


def _check_supplier(
    name: str, draft: Draft, facts: Facts, words: Words, again: str = ""
) -> Verdict:
    """Ask the supplier what the key may do, and for the balance."""
    asked = Asked()
    facts.environments.pop(name, None)
    settings = draft.settings(name.upper(), suppliers=name)
    found, balance = asyncio.run(_ask_supplier(name, settings, asked))
    if found.state is State.BAD:
        return _not_well(found, BRANDS[name], again)
    facts.environments |= dict.fromkeys([name], next(iter(asked.environments)))
    if other := facts.mixed_with(name):
        values = {"server": BRANDS[name], "other": BRANDS[other]}
        return Verdict(Stands.NO, "setup-kinds-mixed", values, again)
    kind = words.plain(f"setup-kind-{facts.environments[name]}")
    values = {"server": BRANDS[name], "kind": kind}
    if balance is None:
        return Verdict(Stands.YES, "setup-key-is", values)
    # What the balance is in dinars depends on a rate that is asked later.
    values["balance"] = words.money(balance)
    is_in_dinars = name != "starship" or bool(draft.get("STARSHIP_DINARS"))
    return Verdict(Stands.YES, "setup-key-balance" if is_in_dinars else "setup-key-is", values)


async def _ask_supplier(name: str, settings: Settings, asked: Asked) -> tuple[Finding, int | None]:
    supplier = build_suppliers(settings)[name]
    try:
        found, *_ = await check_supplier(name, supplier, settings, asked)
        return found, await _balance(supplier) if found.state is State.WELL else None
    finally:
        await supplier.close()


async def _balance(supplier: Supplier) -> int | None:
    try:
        return await asyncio.wait_for(supplier.balance(), SECONDS)
    except (SupplierFailure, TimeoutError):
        return None


def _not_well(found: Finding, server: str, again: str = "") -> Verdict:
    if found.cause in _REFUSED:
        return Verdict(Stands.NO, f"setup-refused-{found.cause}", {"server": server}, again)
    return _unreached(found.cause, server)


def _unreached(cause: str, server: str) -> Verdict:
    key = f"setup-cause-{cause if cause in CAUSES else 'other'}"
    return Verdict(Stands.UNKNOWN, key, {"server": server})


def check_ocpay(draft: Draft, facts: Facts, words: Words) -> Verdict:
    """OCPay, where it is among the methods: it belongs to the OneClickDz key."""
    if Method.OCPAY not in draft.get("PAYMENT_METHODS"):
        return FINE
    if "oneclickdz" not in (draft.get("SUPPLIERS") or default_of("SUPPLIERS")):
        return Verdict(Stands.NO, "setup-ocpay-alone")
    settings = draft.settings("ONECLICKDZ_", suppliers="oneclickdz", payment_methods="ocpay")
    verdict, _ = asyncio.run(_ask_method(Method.OCPAY, settings, "OneClickDz"))
    return verdict


def check_chargily(draft: Draft, facts: Facts, words: Words) -> Verdict:
    """Ask Chargily what kind of key it is."""
    facts.environments.pop("chargily", None)
    settings = draft.settings("CHARGILY_", payment_methods="chargily")
    verdict, found = asyncio.run(_ask_method(Method.CHARGILY, settings, BRANDS["chargily"]))
    if verdict.stands is not Stands.YES or found.environment is None:
        return verdict
    facts.environments["chargily"] = found.environment
    if other := facts.mixed_with("chargily"):
        facts.environments.pop("chargily")
        values = {"server": BRANDS["chargily"], "other": BRANDS[other]}
        return Verdict(Stands.NO, "setup-kinds-mixed", values)
    kind = words.plain(f"setup-kind-{found.environment}")
    return Verdict(Stands.YES, "setup-key-is", {"server": BRANDS["chargily"], "kind": kind})


async def _ask_method(method: Method, settings: Settings, server: str) -> tuple[Verdict, Examined]:
    suppliers = build_suppliers(settings)
    stars = TelegramStarsGateway(
        build_bot(settings), Threads()
    )  # as a part; no method here asks it
    parts = PaymentParts(suppliers, stars, lambda: "")
    (provider,) = build_payment_methods(settings, parts).values()
    try:
        examined = await asyncio.wait_for(provider.examine(), SECONDS)
    except MerchantRefused:
        return Verdict(Stands.NO, f"setup-refused-{method}", {"server": server}), Examined()
    except (PaymentFailure, TimeoutError):
        return await _why_unreached(method, settings, server), Examined()
    finally:
        for supplier in suppliers.values():
            await supplier.close()
        await provider.close()
    return FINE, examined


async def _why_unreached(method: Method, settings: Settings, server: str) -> Verdict:
    address = getattr(settings, f"{method}_base_url", settings.oneclickdz_base_url)
    return _unreached((await probe(address)).cause, server)
