"""Who decides what is sold, and to whom: batches of the own stock, bans, pauses."""

from collections.abc import Callable
from typing import Final

from bot.domain.pauses import PauseScope
from bot.domain.people import BanReason
from bot.domain.supplier import OWN
from bot.services.codes.abandon import abandon_key
from bot.services.codes.rotate import rotate_keys
from bot.services.customers.bans import ask_ban, confirm_ban
from bot.services.orders.quote import make_quote
from bot.services.stock.batches import Decision, put_on_sale, withdraw
from bot.services.stock.watch import StockWatch, renew_shelf, tidy
from tests import pausing
from tests.harness import OPERATOR
from tests.own_stock import codes_of
from tests.world.own_situations import LINA
from tests.world.scene import Actor, Scene

SELLING_ACTORS: Final[dict[str, Actor]] = {}


def _actor(name: str) -> Callable[[Actor], Actor]:
    def register(actor: Actor) -> Actor:
        SELLING_ACTORS[name] = actor
        return actor

    return register


@_actor("withdraw")
async def withdraw_batch(scene: Scene, name: str) -> None:
    scene.disturbed.add("stock")
    shop = scene.shop(name)
    decision = Decision("withdraw", OPERATOR, scene.facts.named["batch"])
    await withdraw(shop.store, shop.clock, decision)
    await renew_shelf(shop)


@_actor("put on sale")
async def sell_draft(scene: Scene, name: str) -> None:
    shop = scene.shop(name)
    await put_on_sale(shop.store, shop.clock, Decision("sell", 0, scene.facts.named["draft"]))
    await renew_shelf(shop)


@_actor("load")
async def load(scene: Scene, name: str) -> None:
    """One code that is here already, and a new one."""
    await scene.world.load(codes_of(1) + codes_of(1, first=50))


@_actor("codes end")
async def codes_end(scene: Scene, name: str) -> None:
    """The first code comes too near its end, and the sweep sees it."""
    scene.disturbed.add("stock")
    scene.world.clock.pass_time(60)
    await StockWatch(scene.shop(name)).check()


@_actor("hold")
async def hold(scene: Scene, name: str) -> None:
    """Every batch goes off sale, and nothing of it is erased: a restore does that, beside no shop that runs."""
    scene.disturbed.add("stock")
    shop = scene.shop(name)

    async def hold_all(tx: object) -> None:
        await tx.stock.hold_all(shop.clock.now())  # type: ignore[attr-defined]

    await shop.store.write(hold_all)


@_actor("rotate")
async def rotate(scene: Scene, name: str) -> None:
    """`hanout keys rotate` beside the shop, which has both keys."""
    await rotate_keys(scene.shop(name).store, scene.facts.named["newer"], lambda done: None)


@_actor("abandon")
async def abandon(scene: Scene, name: str) -> None:
    shop = scene.shop(name)
    await abandon_key(shop.store, shop.vault, shop.clock, scene.facts.named["lost key"])


@_actor("an hour later")
async def an_hour_later(scene: Scene, name: str) -> None:
    scene.world.clock.pass_time(3700)
    await tidy(scene.shop(name))


@_actor("quote")
async def quote(scene: Scene, name: str) -> None:
    await make_quote(scene.shop(name), scene.facts.named["buyer"], scene.facts.named["wanted"], 1)


async def _ban(scene: Scene, name: str, user_id: int) -> None:
    shop = scene.shop(name)
    scene.banned.add(user_id)
    asked = await ask_ban(shop, user_id, BanReason.FRAUD, key=f"b{user_id}", operator_id=OPERATOR)
    await confirm_ban(shop, OPERATOR, asked.action_id)


@_actor("ban")
async def ban(scene: Scene, name: str) -> None:
    await _ban(scene, name, LINA)


@_actor("ban buyer")
async def ban_buyer(scene: Scene, name: str) -> None:
    await _ban(scene, name, scene.facts.named["buyer"])


async def _pause(scene: Scene, name: str, scope: PauseScope, target: str = "") -> None:
    """An operator stops what is paid too, until somebody lifts it: the judge does, minutes later."""
    shop = scene.shop(name)
    with scene.scheduler.undisturbed():  # a draft stops nothing
        pause_id = await pausing.draft(shop, scope, target, waits=True)
    await pausing.confirm(shop, pause_id)


@_actor("pause")
async def pause(scene: Scene, name: str) -> None:
    await _pause(scene, name, PauseScope.SHOP)


@_actor("pause own")
async def pause_own(scene: Scene, name: str) -> None:
    await _pause(scene, name, PauseScope.SUPPLIER, OWN)
