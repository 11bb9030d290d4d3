"""Situations in which a race can matter: where orders, messages and payments stand before the actors act."""

from typing import Any, Final

from bot.domain.payments import Method, ReceiptKind
from bot.errors import OutcomeUnknown
from bot.sandbox.supplier.vouchers import Outcome
from bot.services.orders.place import find_orders_to_place, place_order
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.quote import make_quote
from bot.services.payments.provider_checks import check_due_payments
from bot.services.payments.receipts import ReceiptFile, ReceiptUpload, send_receipt
from bot.services.payments.stars import take_stars
from bot.services.payments.top_up import TopUpRequest, begin_payment
from tests.world.own_situations import LINA, OWN_SITUATIONS, SAMI
from tests.world.scene import Facts, Prepare
from tests.world.shop import World

VOUCHER: Final[dict[str, Any]] = {"title": "Amazon.com", "label": "25 USD"}
_DAY: Final = 24 * 3600


async def _place(world: World) -> None:
    for order in await find_orders_to_place(world.shop):
        await place_order(world.shop, order)


async def _place_without_an_answer(world: World, supplier: Any, *, arrives: bool) -> None:
    buy = supplier.buy

    async def lost(request: Any, commit: Any) -> None:
        await (buy(request, commit) if arrives else commit())
        raise OutcomeUnknown("placeOrder", "ReadTimeout")

    supplier.buy = lost
    await _place(world)
    del supplier.buy


def _people(*extra: int) -> tuple[int, ...]:
    return LINA, SAMI, *extra


def paid(**which: Any) -> Prepare:
    """Lina's order is paid; Sami holds a quote for the same."""

    async def begin(world: World) -> Facts:
        for user in _people():
            await world.customer(user)
        value = await world.denomination(**which)
        quote = (await make_quote(world.shop, SAMI, value, 1)).quote.id
        await world.settle_down()
        order = await world.buy(LINA, **which)
        return Facts(order.id, {"quote": quote, "buyer": SAMI}, {order.id})

    return begin


def lost(*, arrives: bool, orders: int = 1, **which: Any) -> Prepare:
    """The answers to so many purchases are lost; the newest is the one that operators look at."""

    async def begin(world: World) -> Facts:
        for user in range(1, orders + 1):
            await world.customer(user)
        await world.settle_down()
        bought = [await world.buy(user, **which) for user in range(1, orders + 1)]
        supplier = world.starship if which else world.supplier
        await _place_without_an_answer(world, supplier, arrives=arrives)
        world.clock.pass_time(61)
        return Facts(bought[-1].id)

    return begin


def lost_and_equal(**which: Any) -> Prepare:
    """Lina's request never arrived; Sami's order for the same is about to be placed."""

    async def begin(world: World) -> Facts:
        for user in _people():
            await world.customer(user)
        await world.settle_down()
        first = await world.buy(LINA, **which)
        supplier = world.starship if which else world.supplier
        await _place_without_an_answer(world, supplier, arrives=False)
        world.clock.pass_time(61)
        second = await world.buy(SAMI, **which)
        return Facts(first.id, {}, {second.id})

    return begin


def handling(outcome: Outcome | None = None, quantity: int = 1, **which: Any) -> Prepare:
    """The supplier has the order and is done with it, or not yet."""

    async def begin(world: World) -> Facts:
        for user in _people():
            await world.customer(user)
        await world.settle_down()
        if outcome:
            world.next(outcome)
        order = await world.buy(LINA, quantity, **which)
        await _place(world)
        world.clock.pass_time(5)
        return Facts(order.id, {}, set() if outcome else {order.id})

    return begin


def due(*, once: bool = False) -> Prepare:
    """The codes have come, and wait in the outbox."""

    async def begin(world: World) -> Facts:
        if once:
            world.set_policy(reveals_per_order=0)
        await world.customer(LINA)
        await world.settle_down()
        order = await world.buy(LINA)
        await _place(world)
        world.clock.pass_time(5)
        await poll_due_orders(world.shop, "oneclickdz")
        return Facts(order.id, {}, {order.id}, once=once)

    return begin


def visible(*, once: bool = False) -> Prepare:
    """The codes stand in the chat, and their time is over."""

    async def begin(world: World) -> Facts:
        facts = await due(once=once)(world)
        await world.send()
        world.clock.pass_time(_DAY + 1)
        facts.named["message"] = world.sender._ids
        return facts

    return begin


def awaiting(*, at_its_end: bool = False) -> Prepare:
    """An order waits for money; a card was paid, Stars were paid, a receipt was sent."""

    async def begin(world: World) -> Facts:
        world.offer()
        lina = await world.customer(LINA, dinars=100)
        await world.settle_down()
        order = (await world.buy(LINA)).id
        card = await begin_payment(world.shop, lina, _wish(Method.OCPAY, order, "k1"))
        stars = await begin_payment(world.shop, lina, _wish(Method.STARS, order, "k2"))
        transfer = await begin_payment(world.shop, lina, _wish(Method.TRANSFER, order, "k3"))
        await send_receipt(world.shop, LINA, receipt("first", transfer.reference))
        world.book.cards.pay(card.external_id or "")
        world.clock.pass_time(_DAY - 5 if at_its_end else 15)
        charge = world.stars_gateway.pay(stars, "charge")
        named = {"card": card.id, "stars": stars.id, "transfer": transfer.id}
        return Facts(order, {**named, "charge": charge, "reference": transfer.reference})

    return begin


def card_at_chargily(*, refused: bool = False) -> Prepare:
    """An order waits for money; a card was paid on Chargily's page, perhaps after it was refused."""

    async def begin(world: World) -> Facts:
        world.offer()
        lina = await world.customer(LINA, dinars=100)
        await world.settle_down()
        order = (await world.buy(LINA)).id
        card = await begin_payment(world.shop, lina, _wish(Method.CHARGILY, order, "k1"))
        checkout = card.external_id or ""
        world.clock.pass_time(15)
        if refused:
            world.chargily.fail(checkout)
            await check_due_payments(world.shop)
            world.clock.pass_time(15)
        world.chargily.pay(checkout)
        return Facts(order, {"card": card.id, "checkout": checkout})

    return begin


def _wish(method: Method, order_id: int | None, key: str, minor: int | None = None) -> TopUpRequest:
    return TopUpRequest(method, minor, order_id, key, None)


def receipt(name: str, reference: str) -> ReceiptUpload:
    return ReceiptUpload([ReceiptFile(ReceiptKind.PHOTO, name, name)], reference)


def credited() -> Prepare:
    """Stars fill a wallet, and a quote waits to be bought from it."""

    async def begin(world: World) -> Facts:
        world.offer()
        lina = await world.customer(LINA, dinars=0)
        await world.settle_down()
        stars = await begin_payment(world.shop, lina, _wish(Method.STARS, None, "k", 10_000_00))
        charge = world.stars_gateway.pay(stars, "charge")
        await take_stars(world.shop, charge)
        value = await world.denomination()
        quote = (await make_quote(world.shop, LINA, value, 1)).quote.id
        return Facts(0, {"stars": stars.id, "charge": charge, "quote": quote, "buyer": LINA})

    return begin


_AT_STARSHIP = ("reconcile starship", "reconcile starship'", "refund", "send", "crash")

# Who acts in which situation. An actor that does nothing when it acts alone does not belong there.
_ACTORS: Final[dict[str, tuple[Prepare, tuple[str, ...]]]] = {
    "paid": (
        paid(),
        (
            *("place", "place'", "refund", "stand still", "buy", "debit", "crash", "sweeps"),
            *("ban", "ban buyer", "pause"),
        ),
    ),
    "paid, voucher": (
        paid(**VOUCHER),
        ("place", "place'", "refund", "stand still", "buy", "crash"),
    ),
    "lost": (
        lost(arrives=False),
        ("reconcile oneclickdz", "reconcile oneclickdz'", "refund", "send", "crash"),
    ),
    "lost, arrived": (
        lost(arrives=True),
        ("reconcile oneclickdz", "reconcile oneclickdz'", "refund", "send", "crash"),
    ),
    "lost voucher": (lost(arrives=False, **VOUCHER), _AT_STARSHIP),
    "lost voucher, arrived": (lost(arrives=True, **VOUCHER), _AT_STARSHIP),
    "two lost vouchers": (lost(arrives=False, orders=2, **VOUCHER), (*_AT_STARSHIP[:3], "crash")),
    "two lost, arrived": (
        lost(arrives=True, orders=2),
        ("reconcile oneclickdz", "reconcile oneclickdz'", "refund", "crash"),
    ),
    "lost and equal": (
        lost_and_equal(),
        ("reconcile oneclickdz", "reconcile oneclickdz'", "place", "place'", "refund", "crash"),
    ),
    "lost and equal voucher": (
        lost_and_equal(**VOUCHER),
        ("reconcile starship", "reconcile starship'", "place", "refund", "crash"),
    ),
    "handling": (
        handling(),
        ("poll oneclickdz", "poll oneclickdz'", "refund", "crash"),
    ),
    "handling voucher": (
        handling(**VOUCHER),
        ("poll starship", "poll starship'", "refund", "event", "crash"),
    ),
    "handling vouchers, in parts": (
        handling(Outcome.PARTIAL, 3, **VOUCHER),
        ("poll starship", "poll starship'", "refund", "crash"),
    ),
    "handling vouchers, one missing": (
        handling(Outcome.SHORT, 3, **VOUCHER),
        ("poll starship", "poll starship'", "refund", "crash"),
    ),
    "handling vouchers, cancelled in parts": (
        handling(Outcome.PARTIAL_CANCELLED, 3, **VOUCHER),
        ("poll starship", "poll starship'", "refund", "crash"),
    ),
    "due": (due(), ("send", "send'", "show", "ban", "crash")),
    "due, once": (due(once=True), ("send", "show", "show'", "crash")),
    "visible": (visible(), ("hide", "hide'", "press hide", "show", "show'", "crash")),
    "visible, once": (visible(once=True), ("hide", "press hide", "crash")),
    "awaiting": (
        awaiting(),
        (
            *("payments", "payments'", "check", "cancel", "pay", "stars", "stars'"),
            *("accept", "accept'", "reject", "receipt", "credit", "send", "ban", "pause", "crash"),
        ),
    ),
    "awaiting, at its end": (
        awaiting(at_its_end=True),
        (
            *("payments", "cancel", "stars", "accept", "credit", "expire", "expire'"),
            *("ban", "pause", "crash"),
        ),
    ),
    "awaiting, by Chargily": (
        card_at_chargily(),
        ("payments", "payments'", "check", "ring", "ring'", "list", "cancel", "credit", "crash"),
    ),
    "awaiting, refused by Chargily": (
        card_at_chargily(refused=True),
        ("payments", "check", "ring", "list", "cancel", "crash"),
    ),
    "credited": (
        credited(),
        ("refund payment", "charge back", "debit all", "buy", "ban", "pause", "send", "crash"),
    ),
    **OWN_SITUATIONS,
}

# Somebody sets the clock: in every situation, for each has an end or a wait that is judged.
CLOCK: Final = (
    *("clock set back", "clock set back a day", "clock set ahead", "clock set ahead a day"),
    *("clock ahead for a moment", "restart a day ahead"),
)
CLOCK_ACTORS: Final = frozenset(CLOCK)
SITUATIONS: Final[dict[str, tuple[Prepare, tuple[str, ...]]]] = {
    name: (begin, (*actors, *CLOCK)) for name, (begin, actors) in _ACTORS.items()
}
