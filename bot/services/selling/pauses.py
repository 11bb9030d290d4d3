"""What is closed: pauses of selling, and suppliers that cannot sell. Asked in each transaction that sells."""

from bot.domain.actions import ActionKind
from bot.domain.catalogue import Denomination
from bot.domain.curation import Subject
from bot.domain.orders import Order
from bot.domain.pauses import Closed, Pause, PauseScope, covering, refusal
from bot.domain.records import PauseReason, SupplierAccount
from bot.domain.supplier import Environment
from bot.refusals import NotSold, SellingPaused
from bot.services.selling.held_orders import go_on_after, products_of
from bot.services.shop import Shop
from storage.transaction import Transaction

_UNKNOWN = SupplierAccount("")  # of which nothing is stored
BY_ITSELF = 0  # no operator


async def check_open(tx: Transaction, shop: Shop, denomination: Denomination) -> Environment:
    """Check that this value may be sold; returns the environment of its supplier's key.

    Raises SellingPaused, and NotSold for what an operator keeps off the shelf. Orders that are paid already are bought all the same, unless a pause stops
    those too (`is_stopped`).
    """
    supplier = shop.shelf.product(denomination.product_id).supplier
    products = shop.shelf.sold_as(denomination)
    await _check_sold(tx, shop, products)
    return await _check(tx, shop, supplier, products)


async def _check_sold(tx: Transaction, shop: Shop, products: frozenset[int]) -> None:
    """Asked of the database: the shelf may be older than what an operator has hidden just now."""
    subjects = {Subject.product(one) for one in products}
    for one in products:
        subjects.add(Subject.category(shop.shelf.placing(shop.shelf.product(one)).category))
    if await tx.curation.any_hidden(subjects):
        raise NotSold


async def check_order_open(tx: Transaction, shop: Shop, order: Order) -> None:
    """Check that an order may be paid now, also of what was hidden since. Raises SellingPaused."""
    await _check(tx, shop, order.supplier, products_of(shop, order))


async def _check(
    tx: Transaction, shop: Shop, supplier: str, products: frozenset[int]
) -> Environment:
    account = await tx.suppliers.account(supplier)
    pauses = Closed(pauses=tuple(await tx.pauses.open()))
    if pauses.has(supplier, products):
        raise refusal(pauses.why(supplier, products))
    if supplier not in shop.suppliers or not account.selling or account.environment is None:
        raise SellingPaused
    return account.environment


async def is_stopped(tx: Transaction, shop: Shop, order: Order) -> bool:
    """Whether a pause is open that lets even this paid order wait."""
    pauses = covering(await tx.pauses.open(), order.supplier, products_of(shop, order))
    return any(pause.stops_paid for pause in pauses)


async def read_closed(shop: Shop) -> Closed:
    """What sells nothing new at this moment."""
    async with shop.store.reading() as tx:
        accounts = await tx.suppliers.accounts()
        pauses = tuple(await tx.pauses.open())
    suppliers = (one for one in shop.suppliers if not accounts.get(one, _UNKNOWN).selling)
    return Closed(frozenset(suppliers), pauses)


async def pause_selling(tx: Transaction, shop: Shop, reason: PauseReason) -> bool:
    """Pause the whole shop; False where it is paused for this reason already."""
    return await tx.pauses.begin(PauseScope.SHOP, "", reason, shop.clock.now())


async def resume_selling(shop: Shop, *, key: str, operator_id: int) -> bool:
    """Lift the pause that the audit made, and no other; False where there is none."""
    return await shop.store.write(_resume, shop, key, operator_id)


async def _resume(tx: Transaction, shop: Shop, key: str, operator_id: int) -> bool:
    lifted = False
    for pause in await tx.pauses.open():
        if pause.reason is PauseReason.AUDIT:
            lifted = await lift(tx, shop, pause, key=key, operator_id=operator_id) or lifted
    return lifted


async def lift(
    tx: Transaction, shop: Shop, pause: Pause, *, key: str, operator_id: int = BY_ITSELF
) -> bool:
    """Lift one pause, record that, and let its orders go on; False where it is not open."""
    now = shop.clock.now()
    if not await tx.pauses.lift(pause.id, operator_id, now):
        return False
    await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.RESUME,
        target=name_of(pause),
        note=pause.reason,
        now=now,
        before="paused",
        after="open",
    )
    await go_on_after(tx, shop, pause, now)
    return True


async def end_due_pauses(shop: Shop) -> int:
    """Lift the pauses whose end has come; returns how many. A second run finds none."""
    async with shop.store.reading() as tx:
        due = await tx.pauses.ended(shop.clock.now())
    return await shop.store.write(_end_due, shop) if due else 0


async def _end_due(tx: Transaction, shop: Shop) -> int:
    ended = await tx.pauses.ended(shop.clock.now())
    for pause in ended:
        await lift(tx, shop, pause, key=f"pause-end:{pause.id}")
    return len(ended)


def name_of(pause: Pause) -> str:
    """What a pause is of, in the list of actions."""
    if pause.scope is PauseScope.PRODUCT:
        return f"p{pause.target}"
    return pause.target or str(pause.scope)
