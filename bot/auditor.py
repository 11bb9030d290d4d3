"""`hanout audit`: every comparison as a line, and what did not agree below it."""

from collections.abc import Callable
from datetime import timedelta

from bot.clock import SystemClock
from bot.domain.audit import Audited, Check
from bot.errors import SupplierFailure
from bot.factories import build_suppliers
from bot.services.operations.audit import audit_books, audit_supplier
from bot.settings import Settings
from storage.migrate import migrate
from storage.store import Store

Say = Callable[[str], object]
_SHOWN = 20
_ABOUT = {
    Check.POSTINGS: "postings, each sums to zero",
    Check.BALANCES: "balances, each is what its entries sum to, and none is negative that must not be",
    Check.ORDERS: "orders, paid = delivered + returned + held",
    Check.HOLDS: "ended orders, none holds money",
    Check.CODES: "delivered codes, as many as their orders say",
    Check.DELIVERIES: "orders with codes, all sent or on their way",
    Check.PAYMENTS: "payments, what is marked as paid came into a wallet once",
    Check.STARS: "movements of Stars at Telegram, the same as here",
    Check.WAITING: "queues, nothing waits for long",
    Check.SUPPLIER: "orders in the supplier's list, the same as here",
    Check.MOVEMENTS: "movements of money at the supplier, what the orders here cost",
}


async def compare(settings: Settings, days: int | None, say: Say) -> bool:
    """True where everything agrees. `days`: how far back the supplier's list is read; None: not at all."""
    clock, store = SystemClock(), Store(settings.database_url)
    try:
        await migrate(store)
        found = await audit_books(store, clock)
        well = _tell(found, say)
        if days is not None:
            well = await _compare_supplier(settings, store, timedelta(days=days), say) and well
    finally:
        await store.close()
    return well


async def _compare_supplier(settings: Settings, store: Store, span: timedelta, say: Say) -> bool:
    well = True
    for name, supplier in build_suppliers(settings).items():
        try:
            well = _tell(await audit_supplier(store, supplier, SystemClock(), span), say) and well
        except SupplierFailure as failure:
            kind = type(failure).__name__
            say(f"FAIL {Check.SUPPLIER} ({name}): no answer to compare with ({kind})")
            well = False
        finally:
            await supplier.close()
    return well


def _tell(found: list[Audited], say: Say) -> bool:
    for it in found:
        named = f"{it.check} ({it.supplier})" if it.supplier else it.check
        say(f"{'ok  ' if it.is_well else 'FAIL'} {named}: {it.looked_at} {_ABOUT[it.check]}")
        for difference in it.differences[:_SHOWN]:
            say(f"       {difference.text}")
        if len(it.differences) > _SHOWN:
            say(f"       and {len(it.differences) - _SHOWN} more")
    return all(it.is_well for it in found)
