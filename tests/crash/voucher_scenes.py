"""Scenes of the second supplier: vouchers in parts, late, lost, of typed values."""

from bot.domain.supplier import SupplierEvent
from bot.refusals import required
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.vouchers import Outcome
from bot.services.catalogue import browse
from bot.services.catalogue.links import find_products, link_products
from bot.services.catalogue.refresh import refresh_product
from bot.services.catalogue.values import choose_value
from bot.services.codes.reminders import set_reminders
from bot.services.orders.supplier_events import take_event
from tests.crash.people import LINA
from tests.harness import OPERATOR
from tests.vouchers import VoucherHarness as ShopHarness


async def find_value(harness: ShopHarness) -> int:
    harness.book.faults, kept = [], harness.book.faults
    value = await harness.denomination()
    harness.book.faults = kept
    return value


async def buy_value(harness: ShopHarness, value: int) -> None:
    from bot.services.orders.checkout import buy
    from bot.services.orders.quote import make_quote

    view = await make_quote(harness.shop, LINA, value, 1)
    await buy(harness.shop, LINA, view.quote.id, 77)


async def vouchers_in_parts_lost_and_late(harness: ShopHarness) -> None:
    """The second supplier: a part first, an answer that is lost, one that it rings for."""
    await harness.customer(LINA, dinars=400_000)
    harness.next(Outcome.PARTIAL)
    await harness.buy(LINA, 3, title="Amazon.com", label="25 USD")
    await harness.run(10)
    harness.vouchers.release(harness.there.id)
    await harness.run(60)
    harness.vouchers.script(Fault(FaultKind.STATUS_AFTER, "/orders"))
    await harness.buy(LINA, 1, title="Amazon.com", label="25 USD")
    await harness.run(20)
    harness.next(Outcome.PENDING)
    await harness.buy(LINA, 1, title="Amazon.com", label="25 USD")
    await harness.run(60)
    order = harness.there
    harness.vouchers.release(order.id)
    await take_event(harness.shop, "starship", SupplierEvent(f"evt-{order.id}", str(order.id)))
    await harness.run(10)


async def vouchers_that_end_otherwise_and_expire(harness: ShopHarness) -> None:
    """A part and then nothing, a typed value, linked products, and a reminder."""
    await harness.customer(LINA, dinars=400_000)
    harness.next(Outcome.PARTIAL_CANCELLED)
    await harness.buy(LINA, 3, title="Amazon.com", label="25 USD")
    await harness.run(10)
    harness.vouchers.release(harness.there.id)
    await harness.run(60)
    euros = find_products(harness.shop, "Amazon.de")[0]
    await refresh_product(harness.shop, euros.id)
    (span,) = required(browse.view_product(harness.shop, euros.id).offers)
    await buy_value(harness, await choose_value(harness.shop, span.denomination_id, 3700))
    await harness.run(10)
    (mine,) = [
        p for p in find_products(harness.shop, "PlayStation") if p.title == "PlayStation USA"
    ]
    (theirs,) = find_products(harness.shop, "PlayStation Store")
    await link_products(harness.shop, mine.id, theirs.id, key="link", operator_id=OPERATOR)
    await harness.buy(LINA, 1)
    await harness.run(10)
    await set_reminders(harness.shop, LINA, wanted=True)
    harness.clock.pass_time(340 * 86_400)
    await harness.run(5)
