"""More of what happens in a shop, for its journals: what operators do, what fails, and what does not add up."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import errors as e
from bot.domain.orders import Attention
from bot.domain.payments import Method
from bot.domain.records import PauseReason
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.access import check_access, close_for_access, renew_access
from bot.services.catalogue import refresh_catalogue
from bot.services.credit import Credit, confirm_credit, credit_wallet
from bot.services.customers import welcome
from bot.services.inbox import tell_polling_stopped
from bot.services.incoming import StarCharge, take_stars
from bot.services.nightly import audit_now, work_nightly
from bot.services.pauses import pause_selling, resume_selling
from bot.services.payback import ask_payback, confirm_payback
from bot.services.place import recover_interrupted
from bot.services.refund import ask_refund, confirm_refund
from bot.services.support import close_case, open_case
from bot.services.topup import Wish, begin_payment
from storage.tables import orders
from tests.crash.scenes import LINA, Scene
from tests.stage import OPERATOR
from tests.vouchers import VoucherStage as Stage

HOUR, DAY = timedelta(hours=1).total_seconds(), timedelta(days=1).total_seconds()


async def _bill(stage: Stage, key: str, minor: int | None = None, order: int | None = None):
    wish = Wish(Method.STARS, minor, order, key, 7)
    return await begin_payment(stage.shop, await welcome(stage.shop, LINA, "en"), wish)


async def stars_pay_for_an_order_twice_and_too_many(stage: Stage) -> None:
    await stage.customer(LINA, dinars=1_000)
    order = await stage.buy(LINA, 1)
    bill = await _bill(stage, "b", order=order.id)
    paid = stage.till.pay(bill, "first")
    more = StarCharge(LINA, paid.payload, paid.stars + 10, "second")
    await take_stars(stage.shop, StarCharge(LINA, paid.payload, paid.stars + 1, "first"))
    for charge in (paid, more, more):  # told again, paid again, told again
        await take_stars(stage.shop, charge)
    await stage.run(10)
    stage.till.failures += [e.PaymentFailure("x"), e.GiveBackRefused("NO")]
    for key in ("k1", "k2"):
        _, action = await ask_payback(
            stage.shop, key=key, operator_id=OPERATOR, payment_id=bill.id + 1
        )
        await confirm_payback(stage.shop, OPERATOR, action)
        await stage.run(20, step=5)


async def stars_that_no_message_told_of(stage: Stage) -> None:
    await stage.customer(LINA, dinars=0)
    stage.till.list("late", LINA, 100)
    stage.till.list("stranger", 77, 5)
    for waited in (600, 1, HOUR):  # ten minutes are no reason yet, a moment more is
        stage.clock.pass_time(waited)
        await audit_now(stage.shop)
        await stage.run(1)
    for _ in range(2):
        await take_stars(stage.shop, StarCharge(LINA, "x", 100, "late"))
    booked = await _bill(stage, "b", 100_000)
    await take_stars(stage.shop, StarCharge(LINA, f"payment:{booked.id}", booked.stars, "unlisted"))
    for waited in (600, 1, 2 * DAY):
        stage.clock.pass_time(waited)
        await audit_now(stage.shop)
    await stage.run(1)


async def a_supplier_falls_silent_and_comes_back(stage: Stage) -> None:
    await stage.customer(LINA)
    await stage.buy(LINA, 1)
    stage.book.faults = [Fault(FaultKind.HTML, "", times=10**6, status=503)]
    await stage.run(200, step=20)
    await stage.buy(LINA, 1)
    stage.clock.pass_time(2 * DAY)
    for _ in range(2):
        with pytest.raises(e.SupplierFailure):
            await refresh_catalogue(stage.shop, "oneclickdz")
        stage.clock.pass_time(HOUR)
    await stage.run(40, step=20)
    stage.book.faults = []
    assert await refresh_catalogue(stage.shop, "oneclickdz")
    await stage.run(60, step=20)


async def messages_that_nobody_can_get(stage: Stage) -> None:
    await stage.customer(LINA)
    stage.recording.failures.append(e.Undeliverable())
    await stage.run(1)
    await stage.buy(LINA, 1)
    await stage.run(6)
    stage.recording.failures.append(e.Undeliverable())
    await stage.run(6)


async def an_operator_changes_their_mind(stage: Stage) -> None:
    await stage.customer(LINA, dinars=10_000)
    stage.set_policy(confirm_above_minor=100_000, daily_cap_minor=5_000_000)
    for number, minor in enumerate((100_000, 100_001, -100_001)):
        wish = Credit(f"c{number}", OPERATOR, LINA, minor, "because")
        asked = await credit_wallet(stage.shop, wish)
        if asked.action_id is not None:
            stage.clock.pass_time(HOUR)
            await confirm_credit(stage.shop, OPERATOR, asked.action_id)
    late = await credit_wallet(stage.shop, Credit("late", OPERATOR, LINA, 200_000, ""))
    stage.clock.pass_time(HOUR + 1)
    with pytest.raises(e.AskedTooLongAgo):
        await confirm_credit(stage.shop, OPERATOR, late.action_id)
    with pytest.raises(e.CapReached):
        await credit_wallet(stage.shop, Credit("cap", OPERATOR, LINA, 4_700_000, ""))
    await stage.shop.store.write(pause_selling, stage.shop, PauseReason.AUDIT)
    for key in ("r1", "r2"):
        await resume_selling(stage.shop, key=key, operator_id=OPERATOR)
    case, _ = await open_case(stage.shop, LINA)
    for key in ("s1", "s2"):
        await close_case(stage.shop, key=key, operator_id=OPERATOR, case_id=case.id)
    await stage.run(1)


async def what_is_being_handled_is_given_back(stage: Stage) -> None:
    await stage.customer(LINA)
    stage.book.handling_seconds = 10**6
    order = await stage.buy(LINA, 2)
    await stage.run(10)
    _, _, action = await ask_refund(
        stage.shop, key="r", operator_id=OPERATOR, order_id=order.id, reason="too slow"
    )
    await confirm_refund(stage.shop, OPERATOR, action)
    await stage.run(1)


async def a_key_is_refused_and_an_address_is_blocked(stage: Stage) -> None:
    await stage.customer(LINA)
    for code, status in (("INVALID_ACCESS_TOKEN", 401), ("IP_BLOCKED", 403)):
        stage.book.script(Fault(FaultKind.STATUS, "placeOrder", status=status, code=code))
        await stage.buy(LINA, 1)
        await stage.run(2)
        stage.clock.pass_time(958)  # with the two seconds: a whole block of an address
        await renew_access(stage.shop, "oneclickdz")
        if code == "INVALID_ACCESS_TOKEN":
            await check_access(stage.shop, "oneclickdz")
        await stage.run(70, step=5)
    await close_for_access(stage.shop, "starship", e.AccessRefused("x", "", 403))
    await stage.run(1)


async def codes_that_make_no_sense(stage: Stage) -> None:
    await stage.customer(LINA, dinars=100_000)
    for change in (_nothing_came, _twice_the_same, _too_many, _dearer, _one_of_a_test):
        order = await stage.buy(LINA, 2)
        await stage.run(1)
        stage.clock.pass_time(4)
        stage.book.finish_due()
        change(list(stage.book.orders.values())[-1])
        await stage.run(10)
        if (await stage.order(order.id)).attention not in (None, Attention.SURPLUS):
            _, _, action = await ask_refund(
                stage.shop, key=f"r{order.id}", operator_id=OPERATOR, order_id=order.id, reason="?"
            )
            if action is not None:
                await confirm_refund(stage.shop, OPERATOR, action)
    await stage.run(601, step=200)


def _nothing_came(there) -> None:
    there.cards = []


def _twice_the_same(there) -> None:
    there.cards[1] = dict(there.cards[0])


def _too_many(there) -> None:
    there.cards.append({"value": "ONE-TOO-MANY", "serial": "7"})


def _dearer(there) -> None:
    there.price += 10


def _one_of_a_test(there) -> None:
    there.cards[0]["value"] = "SANDBOX-CARD-1"


async def a_night_in_which_the_books_differ(stage: Stage) -> None:
    assert not await work_nightly(stage.shop)
    await stage.customer(LINA)
    await stage.buy(LINA, 2)
    await stage.run(10)
    async with stage.store._writer.begin() as db:
        await db.execute(update(orders).values(delivered_quantity=1))
    stage.clock.pass_time(DAY)
    for _ in range(2):
        await work_nightly(stage.shop)
        await audit_now(stage.shop)
        await tell_polling_stopped(stage.shop, 60)
        await stage.run(1)


async def a_process_that_ends_while_it_buys(stage: Stage) -> None:
    await stage.customer(LINA)
    order = await stage.buy(LINA, 1)
    async with stage.store._writer.begin() as db:
        await db.execute(
            update(orders).values(state="placing", sent_at=stage.clock.now(), due_at=None)
        )
    assert await recover_interrupted(stage.shop, older_than=timedelta(seconds=1)) == 0
    stage.clock.pass_time(1)
    assert await recover_interrupted(stage.shop, older_than=timedelta(seconds=1)) == 1
    await stage.run(2)
    assert (await stage.order(order.id)).state == "unconfirmed"


async def an_answer_that_never_came(stage: Stage) -> None:
    await stage.customer(LINA)

    async def silence(_request, commit_intent):
        await commit_intent()
        raise e.OutcomeUnknown("placeOrder", "ReadTimeout")

    stage.supplier.buy = silence
    await stage.buy(LINA, 1)
    await stage.run(10)


STORIES: tuple[Scene, ...] = (
    an_answer_that_never_came,
    stars_pay_for_an_order_twice_and_too_many,
    stars_that_no_message_told_of,
    a_supplier_falls_silent_and_comes_back,
    messages_that_nobody_can_get,
    an_operator_changes_their_mind,
    what_is_being_handled_is_given_back,
    a_key_is_refused_and_an_address_is_blocked,
    codes_that_make_no_sense,
    a_night_in_which_the_books_differ,
    a_process_that_ends_while_it_buys,
)
