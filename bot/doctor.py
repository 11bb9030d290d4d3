"""`hanout doctor`: what works, what has to be mended and how, and what the next step is. It changes nothing."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from bot.domain.supplier import OWN
from bot.factories import PaymentParts, build_bot, build_payment_methods, build_suppliers
from bot.health.data import check_backups, check_database, check_tools
from bot.health.finding import Finding, State, bad, note, well
from bot.health.machine import (
    check_clock,
    check_disk,
    check_files,
    check_pictures,
    check_ports,
    is_running,
)
from bot.health.services import (
    Asked,
    check_own_stock,
    check_payments,
    check_supplier,
    check_telegram,
    check_webhooks,
    mixed_environments,
)
from bot.setting_errors import SettingsError
from bot.settings import Settings, load_settings
from handlers.middleware.threads import Threads
from handlers.stars_gateway import TelegramStarsGateway

# Each check has so long, and they run together: all of them end within a second more.
SECONDS: Final = 25.0
FORMAT: Final = 1  # of --json; a change that programs would notice is another number
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    findings: tuple[Finding, ...]
    next_step: str

    @property
    def is_well(self) -> bool:
        return all(each.state is not State.BAD for each in self.findings)

    def lines(self) -> Iterator[str]:
        for finding in self.findings:
            yield finding.line()
        yield f"Next: {self.next_step}"

    def as_json(self) -> str:
        """For programs; docs/operating.md describes it."""
        checks = [
            {"name": each.name, "state": each.state, "cause": each.cause, "text": each.text}
            for each in self.findings
        ]
        found: dict[str, Any] = {
            "format": FORMAT,
            "version": version("hanout"),
            "well": self.is_well,
            "checks": checks,
            "next": self.next_step,
        }
        return json.dumps(found, indent=2, ensure_ascii=False)


async def examine() -> Report:
    """Look at everything that a shop needs. Raises nothing, and ends within half a minute."""
    try:
        settings = load_settings()
        settings.keys()
    except SettingsError as error:
        lines = str(error).splitlines()
        found = [bad("settings", line, "settings") for line in lines]
        found += await _guarded("files", _threaded(lambda: check_files(None)))
        return Report(tuple(found), "mend these lines of .env, then run `hanout doctor` again")
    findings = [well("settings", "all present and readable"), *await _look(settings)]
    return Report(tuple(findings), _next(settings, findings))


async def _look(settings: Settings) -> list[Finding]:
    asked = Asked()
    suppliers, bot = build_suppliers(settings), build_bot(settings)
    parts = PaymentParts(suppliers, TelegramStarsGateway(bot, Threads()), lambda: bot.link)
    methods = build_payment_methods(settings, parts)
    checks: dict[str, Awaitable[list[Finding]]] = {
        "files": _threaded(lambda: check_files(settings)),
        "disk": _threaded(lambda: check_disk(settings)),
        "ports": _threaded(lambda: check_ports(settings)),
        "database": _collected(check_database(settings)),
        "postgresql tools": _collected(check_tools(settings)),
        "backups": _threaded(lambda: check_backups(settings)),
        **{
            name: check_supplier(name, supplier, settings, asked)
            for name, supplier in suppliers.items()
        },
        "telegram": check_telegram(settings, asked),
        "payments": check_payments(methods, settings, asked),
    }
    try:
        found = await asyncio.gather(*(_guarded(name, check) for name, check in checks.items()))
    finally:
        for supplier in suppliers.values():
            await supplier.close()
        for provider in methods.values():
            await provider.close()
    # These need what the others have learned.
    found.append(await _guarded("webhooks", check_webhooks(settings, asked)))
    found.append(await _guarded("clock", _threaded(lambda: check_clock(asked.ahead))))
    findings = [each for group in found for each in group]
    if len(asked.environments) > 1:
        text = "one key is for tests and another buys for real; use keys of one kind"
        findings.append(bad("suppliers", text, "kinds"))
    if OWN in settings.suppliers:
        findings.append(check_own_stock(settings, asked))
    findings += mixed_environments(asked)
    findings.append(check_pictures())
    findings += [note(method, provider.terms) for method, provider in methods.items()]
    return findings


async def _threaded(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """What asks the system waits for disks, so it stands in no other check's way."""
    return await asyncio.to_thread(lambda: list(check()))


async def _collected(check: AsyncIterator[Finding]) -> list[Finding]:
    return [each async for each in check]


async def _guarded(name: str, check: Awaitable[list[Finding]]) -> list[Finding]:
    """A check that fails itself is one more line, never a traceback."""
    try:
        return await asyncio.wait_for(check, SECONDS)
    except TimeoutError:
        return [bad(name, f"did not answer within {SECONDS:.0f} s", "silent")]
    except Exception as error:  # noqa: BLE001 - whatever a machine may raise
        _log.debug("a check failed", exc_info=True)
        reason = (
            f"{type(error).__name__}: {error}"
            if isinstance(error, OSError)
            else type(error).__name__
        )
        return [bad(name, f"could not be looked at ({reason})", "unknown")]


def _next(settings: Settings, findings: list[Finding]) -> str:
    """One sentence: what to do now."""
    wrong = [each.name for each in findings if each.state is State.BAD]
    if wrong:
        names = ", ".join(dict.fromkeys(wrong))
        return f"mend what FAIL names ({names}), from the top, then run `hanout doctor` again"
    if is_running(settings):
        return "nothing; the shop is open. Look at /balance and /attention in the operator's chat"
    if any(each.name == "database" and each.cause == "none" for each in findings):
        return "`hanout run` opens the shop; write /start to the bot, then /balance"
    if any("a sandbox key" in each.text for each in findings):
        return "`hanout run`, buy with the sandbox key once, then put the production key into its place"
    return "`hanout run` opens the shop"
