"""Situations of a shop that sells codes of its own, and of one where somebody is banned or selling is paused."""

from datetime import timedelta
from typing import Any, Final

from bot.domain.supplier import OWN
from bot.errors import StorageFailure
from bot.services.catalogue.links import link_products
from bot.services.orders.place import find_orders_to_place, place_order
from bot.services.orders.quote import make_quote
from bot.suppliers.own import OwnStock
from bot.vault import AesVault, new_key, parse_keys
from tests.harness import OPERATOR
from tests.own_stock import LABEL, TITLE, codes_of
from tests.world.scene import Facts, Prepare
from tests.world.shop import World

LINA, SAMI = 1, 2
OURS: Final[dict[str, Any]] = {"title": TITLE, "label": LABEL}
# Thirty seconds before a code that may be used until 28 November leaves the sale, seven days early.
_BEFORE_AN_END: Final = timedelta(hours=14, minutes=59, seconds=30)


def _lines(count: int, first: int = 0, expires: str = "") -> list[str]:
    """A CSV of codes that have all a code can have."""
    rows = [
        f"{code},SN{n},{1000 + n},https://redeem.example/{n},{expires}"
        for n, code in enumerate(codes_of(count, first), first)
    ]
    return ["code,serial,pin,link,expires", *rows]


async def _open(world: World, keys: str = "") -> None:
    world.vault = AesVault(parse_keys(keys)) if keys else world.vault
    await world.open_own_stock()
    for user in (LINA, SAMI):
        await world.customer(user)


async def _place(world: World) -> None:
    for order in await find_orders_to_place(world.shop):
        await place_order(world.shop, order)


def last_code(*, ends: bool = False) -> Prepare:
    """Two people have paid for the only code on sale; a second batch is loaded and not on sale."""

    async def begin(world: World) -> Facts:
        if ends:
            world.clock.moment += _BEFORE_AN_END
        await _open(world)
        batch = await world.load(_lines(1, expires="2026-11-28" if ends else ""))
        draft = await world.load(_lines(1, first=1), sell=False)
        await world.settle_down()
        first = await world.buy(LINA, **OURS)
        await world.buy(SAMI, **OURS)
        return Facts(first.id, {"batch": batch, "draft": draft})

    return begin


def enough() -> Prepare:
    """Lina's order for two of three codes is paid, and Sami holds a quote for one."""

    async def begin(world: World) -> Facts:
        first, second = new_key("k1"), new_key("k2")
        await _open(world, f"{first},{second}")
        batch = await world.load(_lines(3))
        value = await world.denomination(**OURS)
        quote = (await make_quote(world.shop, SAMI, value, 1)).quote.id
        await world.settle_down()
        order = await world.buy(LINA, 2, **OURS)
        newer = AesVault(parse_keys(f"{second},{first}"))
        named = {"batch": batch, "quote": quote, "buyer": SAMI, "newer": newer}
        return Facts(order.id, named, {order.id})

    return begin


def lost(*, arrives: bool) -> Prepare:
    """Whether codes were reserved for Lina's order is not known."""

    async def begin(world: World) -> Facts:
        await _open(world)
        batch = await world.load(_lines(2))
        await world.settle_down()
        order = await world.buy(LINA, **OURS)
        supplier = world.shop.suppliers[OWN]
        assert isinstance(supplier, OwnStock)
        reserve = supplier._stock.reserve

        async def unanswered(*asked: object) -> None:
            if arrives:
                await reserve(*asked)  # type: ignore[arg-type]
            raise StorageFailure("lost")

        supplier._stock.reserve = unanswered  # type: ignore[assignment]
        await _place(world)
        supplier._stock.reserve = reserve
        world.clock.pass_time(5)
        return Facts(order.id, {"batch": batch}, {order.id} if arrives else set())

    return begin


def reserved() -> Prepare:
    """Codes are reserved for Lina's order, and it does not have them yet."""

    async def begin(world: World) -> Facts:
        await _open(world)
        batch = await world.load(_lines(2))
        value = await world.denomination(**OURS)
        quote = (await make_quote(world.shop, SAMI, value, 1)).quote.id
        await world.settle_down()
        order = await world.buy(LINA, **OURS)
        await _place(world)
        world.clock.pass_time(5)
        return Facts(order.id, {"batch": batch, "quote": quote, "buyer": SAMI}, {order.id})

    return begin


def key_lost() -> Prepare:
    """The code that is next was sealed with a key that nobody has any more."""

    async def begin(world: World) -> Facts:
        lost, kept = new_key("k0"), new_key("k1")
        await _open(world, lost)
        batch = await world.load(_lines(1))
        world.vault = AesVault(parse_keys(f"{kept},{lost}"))
        await world.load(_lines(1, first=1))
        world.vault = AesVault(parse_keys(kept))
        world.restart()
        await world.reload()
        await world.settle_down()
        order = await world.buy(LINA, **OURS)
        return Facts(order.id, {"batch": batch, "lost key": "k0"})

    return begin


def linked() -> Prepare:
    """One code of ours, linked with what OneClickDz sells; Sami holds a quote for it, Lina has paid for it."""

    async def begin(world: World) -> Facts:
        await _open(world)
        value = await world.value("10 $", "PlayStation USA")
        batch = await world.load(_lines(1), value=value)
        shelf = world.shop.shelf
        theirs = shelf.denomination(await world.denomination())
        ours = next(p for p in shelf.products.values() if p.supplier == OWN)
        await link_products(
            world.shop, theirs.product_id, ours.id, key="link", operator_id=OPERATOR
        )
        quote = (await make_quote(world.shop, SAMI, theirs.id, 1)).quote.id
        await world.settle_down()
        order = await world.buy(LINA)
        return Facts(order.id, {"batch": batch, "quote": quote, "buyer": SAMI, "wanted": theirs.id})

    return begin


OWN_SITUATIONS: Final[dict[str, tuple[Prepare, tuple[str, ...]]]] = {
    "own, the last code": (
        last_code(),
        (
            *("place", "place'", "withdraw", "put on sale", "load", "refund", "ban", "pause"),
            "crash",
        ),
    ),
    "own, the last code ends": (
        last_code(ends=True),
        ("place", "place'", "codes end", "put on sale", "crash"),
    ),
    "own, enough": (
        enough(),
        (
            *("place", "place'", "buy", "withdraw", "rotate", "hold", "refund", "ban buyer"),
            *("pause", "crash"),
        ),
    ),
    "own, lost": (
        lost(arrives=False),
        ("reconcile own", "reconcile own'", "withdraw", "refund", "ban", "pause", "crash"),
    ),
    "own, lost, arrived": (
        lost(arrives=True),
        ("reconcile own", "reconcile own'", "withdraw", "refund", "pause", "crash"),
    ),
    "own, reserved": (
        reserved(),
        ("poll own", "poll own'", "withdraw", "refund", "an hour later", "buy", "ban", "crash"),
    ),
    "own, a lost key": (
        key_lost(),
        ("place", "place'", "abandon", "refund", "crash"),
    ),
    "own, linked": (
        linked(),
        ("place", "place'", "buy", "quote", "withdraw", "pause own", "ban buyer", "crash"),
    ),
}
