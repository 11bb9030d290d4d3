"""`hanout audit`: prints one line for each comparison, and the differences below it."""

from collections.abc import Callable
from datetime import timedelta

from bot.clock import SystemClock
from bot.domain.audit import Audited, Check
from bot.errors import SupplierFailure
from bot.factories import SupplierParts, build_suppliers
from bot.services.operations.audit import audit_books, audit_supplier
from bot.settings import Settings
from storage.existing import opened
from storage.moved import look_whether_moved
from storage.store import Store

Say = Callable[[str], object]
_MAX_SHOWN = 20
_DESCRIPTIONS = {
    Check.POSTINGS: "postings, each sums to zero",
    Check.BALANCES: "balances, each is what its entries sum to, and only shop accounts are negative",
    Check.ORDERS: "orders, paid = delivered + returned + held",
    Check.HOLDS: "ended orders, none holds money",
    Check.CODES: "delivered codes, as many as their orders say",
    Check.DELIVERIES: "orders with codes, all sent or on their way",
    Check.PAYMENTS: "payments, what is marked as paid came into a wallet once",
    Check.STARS: "movements of Stars at Telegram, the same as here",
    Check.STOCK: "reservations of own codes, each has its codes, and no code two orders",
    Check.WAITING: "queues, nothing waits for long",
    Check.SUPPLIER: "orders in the supplier's list, the same as here",
    Check.MOVEMENTS: "movements of money at the supplier, what the orders here cost",
}


async def compare(settings: Settings, days: int | None, say: Say) -> bool:
    """True where nothing differs. `days`: how far to read the suppliers' lists; None: not at all.

    Raises NoShop, DatabaseMoved, StorageFailure.
    """
    clock = SystemClock()
    async with opened(settings.database_url) as store:
        async with store.reading() as tx:
            await look_whether_moved(tx, store.url)
        agrees = _print(await audit_books(store, clock), say)
        if days is not None:
            suppliers_agree = await _compare_suppliers(settings, store, timedelta(days=days), say)
            agrees = suppliers_agree and agrees
    return agrees


async def _compare_suppliers(settings: Settings, store: Store, period: timedelta, say: Say) -> bool:
    agrees = True
    for name, supplier in build_suppliers(settings, SupplierParts(store)).items():
        try:
            found = await audit_supplier(store, supplier, SystemClock(), period)
            agrees = _print(found, say) and agrees
        except SupplierFailure as failure:
            kind = type(failure).__name__
            say(f"FAIL {Check.SUPPLIER} ({name}): no answer to compare with ({kind})")
            agrees = False
        finally:
            await supplier.close()
    return agrees


def _print(found: list[Audited], say: Say) -> bool:
    for audited in found:
        check, differences = audited.check, audited.differences
        name = f"{check} ({audited.supplier})" if audited.supplier else check
        result = "ok  " if audited.is_well else "FAIL"
        say(f"{result} {name}: {audited.looked_at} {_DESCRIPTIONS[check]}")
        if audited.lost:
            say(f"     {audited.lost} codes cannot be shown any more: their key was given up")
        for difference in differences[:_MAX_SHOWN]:
            say(f"       {difference.text}")
        if len(differences) > _MAX_SHOWN:
            say(f"       and {len(differences) - _MAX_SHOWN} more")
    return all(audited.is_well for audited in found)
