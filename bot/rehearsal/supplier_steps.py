"""Steps at the suppliers: purchases with test keys, and how soon the list shows them."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Final

from bot.domain.orders import Order, OrderState
from bot.domain.supplier import Environment, Purchase
from bot.errors import NothingBought, OutOfStock, SupplierFailure
from bot.rehearsal.playing import NotPossible, Rehearsal, describe, in_seconds
from bot.rehearsal.steps import Need, Question, Seen, Step
from bot.services.operations.audit import audit_books

_ORDER_SECONDS: Final = 150.0
_LIST_SECONDS: Final = 150.0
_LIST_PAUSE_SECONDS: Final = 3.0
_UNSURE_KEY: Final = "the supplier has not confirmed that its key is for tests"
_MARGIN: Final = timedelta(minutes=10)


async def _purchase(
    supplier: str,
    quantity: int,
    type_id: str,
    expected: tuple[OrderState, int] | None,
    r: Rehearsal,
) -> Seen:
    """Buy, and compare with the expected end; None: any end will do whose money adds up."""
    began = monotonic()
    order = await r.buy(supplier, quantity, type_id)
    ended = await r.end_of(order, _ORDER_SECONDS)
    if ended is None:
        return Seen({"end": f"none within {in_seconds(_ORDER_SECONDS)}"}, as_expected=None)
    facts = {
        "end": str(ended.state),
        "codes": f"{ended.delivered_quantity} of {ended.quantity}",
        "time": in_seconds(monotonic() - began),
    }
    adds_up = ended.returned_minor == _undelivered_minor(ended)
    if not adds_up:
        facts["money"] = "what came back is not the price of the codes that did not come"
    is_end = expected in (None, (ended.state, ended.delivered_quantity))
    return Seen(facts, as_expected=adds_up and is_end)


def _undelivered_minor(order: Order) -> int:
    return order.unit_price_minor * (order.quantity - order.delivered_quantity)


async def _listed(supplier: str, r: Rehearsal) -> Seen:
    """How long after its acceptance an order stands in the supplier's list."""
    order = await r.buy(supplier)
    began = monotonic()
    there = r.shop.suppliers[supplier]

    async def bound() -> str | None:
        async with r.shop.store.reading() as tx:
            now = await tx.orders.for_owner(order.id, order.user_id)
        return now.supplier_order_id if now else None

    number = await r.until(bound, _ORDER_SECONDS)
    if number is None:
        raise NotPossible("the supplier gave the order no id")
    accepted = monotonic()

    async def look() -> bool | None:
        now = r.shop.clock.now()
        found = await there.orders(now - _MARGIN, now + _MARGIN)
        if any(each.supplier_order_id == number for each in found):
            return True
        await asyncio.sleep(_LIST_PAUSE_SECONDS)
        return None

    try:
        is_there = await r.until(look, _LIST_SECONDS)
    except SupplierFailure as failure:
        raise NotPossible(f"the list: {describe(failure)}") from None
    facts = {
        "accepted after": in_seconds(accepted - began),
        "in the list": f"{in_seconds(monotonic() - accepted)} later" if is_there else "not seen",
    }
    await r.end_of(order, _ORDER_SECONDS)
    return Seen(facts, as_expected=True if is_there else None)


async def _beyond_stock(r: Rehearsal) -> Seen:
    """Ask for one code more than there are, by the adapter alone: with a test key nothing is at stake."""
    value = await r.value_of("oneclickdz", 1)
    product = r.shop.shelf.product(value.product_id)
    purchase = Purchase(product.supplier_product_id, value.supplier_type_id, value.stock + 1)
    supplier = r.shop.suppliers["oneclickdz"]
    try:
        number = await supplier.buy(
            supplier.build_request(purchase, 0), partial(_is_test_key, r, supplier.name)
        )
    except OutOfStock as refusal:
        return Seen({"answer": describe(refusal)})
    except NothingBought as refusal:
        return Seen({"answer": describe(refusal)}, as_expected=False)
    if number is None:
        raise NotPossible(_UNSURE_KEY)
    return Seen({"answer": "accepted: the sandbox does not look at the stock"}, as_expected=None)


async def _is_test_key(r: Rehearsal, supplier: str) -> bool:
    """Asked right before a call that buys: where the key is not surely for tests, nothing is sent."""
    async with r.shop.store.reading() as tx:
        account = await tx.suppliers.account(supplier)
    return account.environment is Environment.SANDBOX


async def _repeated(r: Rehearsal) -> Seen:
    """Send one request twice, as after a lost answer: the shop counts on its being bought once."""
    value = await r.value_of("starship", 1)
    product = r.shop.shelf.product(value.product_id)
    supplier = r.shop.suppliers["starship"]
    purchase = Purchase(product.supplier_product_id, value.supplier_type_id, 1)
    request = supplier.build_request(purchase, 0)
    is_test_key = partial(_is_test_key, r, supplier.name)
    first = await supplier.buy(request, is_test_key)
    second = await supplier.repeat(request, is_test_key)
    if None in (first, second):
        raise NotPossible(_UNSURE_KEY)
    is_same = first == second
    return Seen(
        {"the second answer": "the first order" if is_same else "another order"},
        as_expected=is_same,
    )


async def _books(r: Rehearsal) -> Seen:
    found = await audit_books(r.shop.store, r.shop.clock)
    wrong = [str(audited.check) for audited in found if not audited.is_well]
    facts = {"checks": str(len(found)), "different": ", ".join(wrong) or "none"}
    return Seen(facts, as_expected=not wrong)


STEPS: Final[Sequence[Step]] = (
    Step(
        "oneclickdz-purchase",
        Need.ONECLICKDZ,
        "Does a purchase with a sandbox key go as documented? Which HTTP status has its success?",
        "all codes of the order, within two minutes; any 2xx with an id",
        partial(_purchase, "oneclickdz", 1, "", (OrderState.FULFILLED, 1)),
        (Question("purchase"),),
    ),
    Step(
        "oneclickdz-partial",
        Need.ONECLICKDZ,
        "TEST_PARTIAL with four codes",
        "two codes come, the price of two comes back",
        partial(_purchase, "oneclickdz", 4, "TEST_PARTIAL", (OrderState.PARTIAL, 2)),
        (Question("partial"),),
    ),
    Step(
        "oneclickdz-partial-of-one",
        Need.ONECLICKDZ,
        "TEST_PARTIAL with one code: not stated anywhere",
        "any end whose money adds up",
        partial(_purchase, "oneclickdz", 1, "TEST_PARTIAL", None),
    ),
    Step(
        "oneclickdz-refund",
        Need.ONECLICKDZ,
        "TEST_REFUND",
        "no code comes, the whole price comes back",
        partial(_purchase, "oneclickdz", 2, "TEST_REFUND", (OrderState.REFUNDED, 0)),
        (Question("refund"),),
    ),
    Step(
        "oneclickdz-stock",
        Need.ONECLICKDZ,
        "Which HTTP status and which error has an order that is larger than the stock?",
        "ERR_STOCK, with any 4xx",
        _beyond_stock,
    ),
    Step(
        "oneclickdz-list",
        Need.ONECLICKDZ,
        "How soon does a new order show in the list? (lost answers are found there)",
        "within two minutes; the shop looks for 15",
        partial(_listed, "oneclickdz"),
        seconds=420.0,
    ),
    Step(
        "starship-purchase",
        Need.STARSHIP,
        "Does an order with a test key end at once, or wait? Are denominations taken as numbers?",
        "all codes of the order, within two minutes",
        partial(_purchase, "starship", 1, "", (OrderState.FULFILLED, 1)),
        (Question("purchase-starship"),),
    ),
    Step(
        "starship-repeat",
        Need.STARSHIP,
        "Is a request that is sent twice, byte for byte, bought once? (a lost answer is repeated so)",
        "the second answer names the first order",
        _repeated,
    ),
    Step(
        "starship-list",
        Need.STARSHIP,
        "How soon does a new order show in the list?",
        "within two minutes",
        partial(_listed, "starship"),
        seconds=420.0,
    ),
)

LAST_STEP: Final = Step(
    "books",
    Need.CODES,
    "Do the books of the rehearsal add up after all that?",
    "every check of `hanout audit` that needs no supplier is well",
    _books,
    is_repeated=True,
)
