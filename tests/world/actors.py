"""Who acts: sweeps, presses, operators, a crash, a step of the clock. A prime says: in the second process."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from bot.domain.jobs import Job
from bot.domain.payments import Method, PaymentRing, Rejection
from bot.domain.records import Customer, Locale
from bot.domain.supplier import SupplierEvent
from bot.services.codes.reveal import hide_codes, hide_due_messages, show_again
from bot.services.messaging.alert_messages import tell_alerts
from bot.services.orders.checkout import buy
from bot.services.orders.place import find_orders_to_place, place_order, recover_interrupted
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.orders.supplier_events import take_event
from bot.services.payments.decisions import Decision, accept_payment, reject_payment
from bot.services.payments.provider_checks import check_due_payments, check_my_payment
from bot.services.payments.provider_reconciliation import reconcile_provider
from bot.services.payments.receipts import send_receipt
from bot.services.payments.refunds import (
    ask_payment_refund,
    confirm_payment_refund,
    record_chargeback,
)
from bot.services.payments.rings import take_ring
from bot.services.payments.stars import take_stars
from bot.services.payments.top_up import TopUpRequest, begin_payment
from bot.services.wallet.credit import Credit, credit_wallet
from bot.services.wallet.unpaid_orders import (
    cancel_order,
    end_unpaid_orders,
    pay_affordable_orders,
)
from tests.harness import OPERATOR, send_due_messages
from tests.world.own_situations import LINA
from tests.world.scene import Actor, Scene
from tests.world.selling_actors import SELLING_ACTORS
from tests.world.shop import INTERRUPTED_AFTER
from tests.world.situations import receipt

ACTORS: Final[dict[str, Actor]] = dict(SELLING_ACTORS)
_LINA: Final = Customer(LINA, Locale.EN)


def _actor(name: str) -> Callable[[Actor], Actor]:
    def register(actor: Actor) -> Actor:
        ACTORS[name] = actor
        return actor

    return register


def find_actor(name: str) -> Actor:
    """The actor of this name, with or without its prime."""
    return ACTORS[name.removesuffix("'")]


def _reconcile(supplier: str) -> Actor:
    return lambda scene, name: reconcile_lost_orders(scene.shop(name), supplier)


def _poll(supplier: str) -> Actor:
    return lambda scene, name: poll_due_orders(scene.shop(name), supplier)


for _supplier in ("oneclickdz", "starship", "own"):
    ACTORS[f"reconcile {_supplier}"] = _reconcile(_supplier)
    ACTORS[f"poll {_supplier}"] = _poll(_supplier)


@_actor("place")
async def place(scene: Scene, name: str) -> None:
    shop = scene.shop(name)
    for order in await find_orders_to_place(shop):
        await place_order(shop, order)


@_actor("sweeps")
async def sweeps(scene: Scene, name: str) -> None:
    """The sweeps as the shop runs them: what a commit woke, and nothing else."""
    for _ in range(3):
        await scene.scheduler.point("looks what is due")
        await scene.world.run_due()


@_actor("send")
async def send(scene: Scene, name: str) -> None:
    await tell_alerts(scene.shop(name))
    while await send_due_messages(scene.shop(name)):
        pass


@_actor("hide")
async def hide(scene: Scene, name: str) -> None:
    await hide_due_messages(scene.shop(name))


@_actor("press hide")
async def press_hide(scene: Scene, name: str) -> None:
    facts = scene.facts
    await hide_codes(scene.shop(name), _LINA, facts.order, facts.named.get("message"))


@_actor("show")
async def show(scene: Scene, name: str) -> None:
    await show_again(scene.shop(name), _LINA, scene.facts.order)


@_actor("buy")
async def press_buy(scene: Scene, name: str) -> None:
    await buy(scene.shop(name), scene.facts.named["buyer"], scene.facts.named["quote"], 7)


@_actor("cancel")
async def cancel(scene: Scene, name: str) -> None:
    await cancel_order(scene.shop(name), LINA, scene.facts.order)


@_actor("expire")
async def expire(scene: Scene, name: str) -> None:
    """The unpaid sweep, when an order's time is over."""
    scene.world.clock.pass_time(10)
    await pay_affordable_orders(scene.shop(name))
    await end_unpaid_orders(scene.shop(name))


@_actor("refund")
async def refund(scene: Scene, name: str) -> None:
    shop = scene.shop(name)
    scene.disturbed.add("refund")
    _, _, action = await ask_refund(
        shop, key="r", operator_id=OPERATOR, order_id=scene.facts.order, reason="?"
    )
    if action is not None:
        await confirm_refund(shop, OPERATOR, action)


@_actor("event")
async def event(scene: Scene, name: str) -> None:
    newest = list(scene.world.vouchers.orders)[-1]
    await take_event(scene.shop(name), "starship", SupplierEvent("e1", str(newest)))


@_actor("stand still")
async def stand_still(scene: Scene, name: str) -> None:
    """The machine stands still for five minutes; then what seems interrupted is looked for."""
    scene.world.clock.pass_time(300)
    await recover_interrupted(scene.shop(name), older_than=INTERRUPTED_AFTER)


def _set_clock(seconds: float) -> Actor:
    async def act(scene: Scene, name: str) -> None:
        """Somebody sets the wall clock; a moment later the shop notices it."""
        await scene.scheduler.point("the wall clock is set")
        scene.disturbed.add("clock")
        scene.world.clock.step(seconds)
        await scene.scheduler.point("the shop looks at its clock")
        await scene.world.look_at_clocks()
        await _live_on(scene)

    return act


async def _live_on(scene: Scene) -> None:
    """What is due by the clock as it stands now, before anybody else acts.

    Messages wait: a process has one sender, and that is an actor of its own.
    """
    with scene.scheduler.undisturbed():
        await scene.world.run_due(but={Job.OUTBOX, Job.ALERTS})


for _name, _seconds in (
    ("set back", -3600.0),
    ("set back a day", -86_400.0),
    ("set ahead", 3600.0),
    ("set ahead a day", 90_000.0),
):
    ACTORS[f"clock {_name}"] = _set_clock(_seconds)


@_actor("clock ahead for a moment")
async def clock_ahead_for_a_moment(scene: Scene, name: str) -> None:
    await _set_clock(90_000.0)(scene, name)
    await _set_clock(-90_000.0)(scene, name)


@_actor("restart a day ahead")
async def restart_a_day_ahead(scene: Scene, name: str) -> None:
    """The clock is set ahead, and the shop restarted before anybody has put it right."""
    world = scene.world
    await scene.scheduler.point("the wall clock is set")
    scene.disturbed.add("clock")
    world.clock.step(90_000.0)
    await world.look_at_clocks()
    await scene.scheduler.point("kill -9")
    world.clock.pass_time(1)
    await scene.crash(name)
    await world.supplier.balance()
    await world.clock_watch.check()
    await _live_on(scene)


@_actor("crash")
async def crash(scene: Scene, name: str) -> None:
    await scene.scheduler.point("kill -9")
    await scene.crash(name)


@_actor("payments")
async def payments(scene: Scene, name: str) -> None:
    await check_due_payments(scene.shop(name))


@_actor("check")
async def check(scene: Scene, name: str) -> None:
    await check_my_payment(scene.shop(name), LINA, scene.facts.named["card"])


@_actor("ring")
async def ring(scene: Scene, name: str) -> None:
    shop, named = scene.shop(name), scene.facts.named
    await take_ring(shop, Method.CHARGILY, PaymentRing("event", named["checkout"]))
    await check_due_payments(shop)


@_actor("list")
async def list_paid(scene: Scene, name: str) -> None:
    """The nightly comparison, some time later."""
    scene.world.clock.pass_time(15 * 60)
    await reconcile_provider(scene.shop(name), Method.CHARGILY, timedelta(days=2))


@_actor("pay")
async def pay(scene: Scene, name: str) -> None:
    wish = TopUpRequest(Method.OCPAY, 3_000_00, None, "another", None)
    await begin_payment(scene.shop(name), _LINA, wish)


@_actor("stars")
async def stars(scene: Scene, name: str) -> None:
    await take_stars(scene.shop(name), scene.facts.named["charge"])


@_actor("charge back")
async def charge_back(scene: Scene, name: str) -> None:
    charge = scene.facts.named["charge"].charge_id
    await record_chargeback(scene.shop(name), Method.STARS, charge)


@_actor("refund payment")
async def refund_payment(scene: Scene, name: str) -> None:
    shop = scene.shop(name)
    _, action = await ask_payment_refund(
        shop, key="p", operator_id=OPERATOR, payment_id=scene.facts.named["stars"]
    )
    await confirm_payment_refund(shop, OPERATOR, action)


@_actor("receipt")
async def another_receipt(scene: Scene, name: str) -> None:
    await send_receipt(scene.shop(name), LINA, receipt("second", scene.facts.named["reference"]))


@_actor("accept")
async def accept(scene: Scene, name: str) -> None:
    decision = Decision(f"accept {name}", OPERATOR, scene.facts.named["transfer"])
    await accept_payment(scene.shop(name), decision)


@_actor("reject")
async def reject(scene: Scene, name: str) -> None:
    decision = Decision(f"reject {name}", OPERATOR, scene.facts.named["transfer"])
    await reject_payment(scene.shop(name), decision, Rejection.USED)


@_actor("credit")
async def credit(scene: Scene, name: str) -> None:
    await credit_wallet(scene.shop(name), Credit("c", OPERATOR, LINA, 9_000_00, ""))


@_actor("debit")
async def debit(scene: Scene, name: str) -> None:
    await credit_wallet(scene.shop(name), Credit("d", OPERATOR, LINA, -9_000_00, ""))


@_actor("debit all")
async def debit_all(scene: Scene, name: str) -> None:
    balance = await scene.world.balance(LINA)
    if balance:  # an operator who sees an empty wallet takes nothing out of it
        await credit_wallet(scene.shop(name), Credit("d", OPERATOR, LINA, -balance, ""))
