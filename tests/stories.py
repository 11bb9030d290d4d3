"""More of what happens in a shop, for its journals: what operators do, what fails, and what does not add up."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import errors, refusals
from bot.domain.orders import Attention
from bot.domain.payments import Method
from bot.domain.records import PauseReason
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue.refresh import refresh_catalogue, release_value
from bot.services.messaging.customers import ensure_customer
from bot.services.messaging.inbox import tell_polling_stopped
from bot.services.messaging.support import close_case, take_question
from bot.services.operations.nightly import audit_now, run_nightly
from bot.services.orders.place import recover_interrupted
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.payments.refunds import ask_payment_refund, confirm_payment_refund
from bot.services.payments.stars import StarCharge, take_stars
from bot.services.payments.top_up import TopUpRequest, begin_payment
from bot.services.selling.access import check_access, pause_for_access, renew_access
from bot.services.selling.pauses import pause_selling, resume_selling
from bot.services.wallet.credit import Credit, confirm_credit, credit_wallet
from storage.tables import orders
from tests.crash.people import LINA
from tests.crash.scenes import Scene
from tests.harness import OPERATOR
from tests.vouchers import VoucherHarness as ShopHarness

HOUR, DAY = timedelta(hours=1).total_seconds(), timedelta(days=1).total_seconds()


async def _bill(harness: ShopHarness, key: str, minor: int | None = None, order: int | None = None):
    wish = TopUpRequest(Method.STARS, minor, order, key, 7)
    return await begin_payment(harness.shop, await ensure_customer(harness.shop, LINA, "en"), wish)


async def stars_pay_for_an_order_twice_and_too_many(harness: ShopHarness) -> None:
    await harness.customer(LINA, dinars=1_000)
    order = await harness.buy(LINA, 1)
    bill = await _bill(harness, "b", order=order.id)
    paid = harness.stars_gateway.pay(bill, "first")
    more = StarCharge(LINA, paid.payload, paid.stars + 10, "second")
    await take_stars(harness.shop, StarCharge(LINA, paid.payload, paid.stars + 1, "first"))
    for charge in (paid, more, more):  # told again, paid again, told again
        await take_stars(harness.shop, charge)
    await harness.run(10)
    harness.stars_gateway.failures += [errors.PaymentFailure("x"), errors.RefundRefused("NO")]
    for key in ("k1", "k2"):
        _, action = await ask_payment_refund(
            harness.shop, key=key, operator_id=OPERATOR, payment_id=bill.id + 1
        )
        await confirm_payment_refund(harness.shop, OPERATOR, action)
        await harness.run(20)


async def stars_that_no_message_told_of(harness: ShopHarness) -> None:
    await harness.customer(LINA, dinars=0)
    harness.stars_gateway.list("late", LINA, 100)
    harness.stars_gateway.list("stranger", 77, 5)
    for waited in (600, 1, HOUR):  # ten minutes are no reason yet, a moment more is
        harness.clock.pass_time(waited)
        await audit_now(harness.shop)
        await harness.run(1)
    for _ in range(2):
        await take_stars(harness.shop, StarCharge(LINA, "x", 100, "late"))
    booked = await _bill(harness, "b", 100_000)
    await take_stars(
        harness.shop, StarCharge(LINA, f"payment:{booked.id}", booked.stars, "unlisted")
    )
    for waited in (600, 1, 2 * DAY):
        harness.clock.pass_time(waited)
        await audit_now(harness.shop)
    await harness.run(1)


async def a_supplier_falls_silent_and_comes_back(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    await harness.buy(LINA, 1)
    harness.book.faults = [Fault(FaultKind.HTML, "", times=10**6, status=503)]
    await harness.run(200)
    await harness.buy(LINA, 1)
    harness.clock.pass_time(2 * DAY)
    for _ in range(2):
        with pytest.raises(errors.SupplierFailure):
            await refresh_catalogue(harness.shop, "oneclickdz")
        harness.clock.pass_time(HOUR)
    await harness.run(40)
    harness.book.faults = []
    assert await refresh_catalogue(harness.shop, "oneclickdz")
    await harness.run(60)


async def messages_that_nobody_can_get(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    harness.sender.failures.append(errors.Undeliverable())
    await harness.run(1)
    await harness.buy(LINA, 1)
    await harness.run(6)
    harness.sender.failures.append(errors.Undeliverable())
    await harness.run(6)


async def an_operator_changes_their_mind(harness: ShopHarness) -> None:
    await harness.customer(LINA, dinars=10_000)
    harness.set_policy(confirm_above_minor=100_000, daily_cap_minor=5_000_000)
    for number, minor in enumerate((100_000, 100_001, -100_001)):
        wish = Credit(f"c{number}", OPERATOR, LINA, minor, "because")
        asked = await credit_wallet(harness.shop, wish)
        if asked.action_id is not None:
            harness.clock.pass_time(HOUR)
            await confirm_credit(harness.shop, OPERATOR, asked.action_id)
    late = await credit_wallet(harness.shop, Credit("late", OPERATOR, LINA, 200_000, ""))
    harness.clock.pass_time(HOUR + 1)
    with pytest.raises(refusals.AskedTooLongAgo):
        await confirm_credit(harness.shop, OPERATOR, refusals.required(late.action_id))
    with pytest.raises(refusals.CapReached):
        await credit_wallet(harness.shop, Credit("cap", OPERATOR, LINA, 4_700_000, ""))
    await harness.shop.store.write(pause_selling, harness.shop, PauseReason.AUDIT)
    for key in ("r1", "r2"):
        await resume_selling(harness.shop, key=key, operator_id=OPERATOR)
    case, _ = await take_question(harness.shop, LINA, [10])
    for key in ("s1", "s2"):
        await close_case(harness.shop, key=key, operator_id=OPERATOR, case_id=case.id)
    await harness.run(1)


async def what_is_being_handled_is_given_back(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    harness.book.handling_seconds = 10**6
    order = await harness.buy(LINA, 2)
    await harness.run(10)
    _, _, action = await ask_refund(
        harness.shop, key="r", operator_id=OPERATOR, order_id=order.id, reason="too slow"
    )
    await confirm_refund(harness.shop, OPERATOR, refusals.required(action))
    await harness.run(1)


async def a_key_is_refused_and_an_address_is_blocked(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    for code, status in (("INVALID_ACCESS_TOKEN", 401), ("IP_BLOCKED", 403)):
        harness.book.script(Fault(FaultKind.STATUS, "placeOrder", status=status, code=code))
        await harness.buy(LINA, 1)
        await harness.run(2)
        harness.clock.pass_time(958)  # with the two seconds: a whole block of an address
        await renew_access(harness.shop, "oneclickdz")
        if code == "INVALID_ACCESS_TOKEN":
            await check_access(harness.shop, "oneclickdz")
        await harness.run(70)
    await pause_for_access(harness.shop, "starship", errors.AccessRefused("x", "", 403))
    await harness.run(1)


async def codes_that_make_no_sense(harness: ShopHarness) -> None:
    await harness.customer(LINA, dinars=100_000)
    for change in (_nothing_came, _twice_the_same, _too_many, _dearer, _one_of_a_test):
        order = await harness.buy(LINA, 2)
        await harness.run(1)
        harness.clock.pass_time(4)
        harness.book.finish_due()
        change(list(harness.book.orders.values())[-1])
        await harness.run(10)
        if (await harness.order(order.id)).attention not in (None, Attention.SURPLUS):
            _, _, action = await ask_refund(
                harness.shop,
                key=f"r{order.id}",
                operator_id=OPERATOR,
                order_id=order.id,
                reason="?",
            )
            if action is not None:
                await confirm_refund(harness.shop, OPERATOR, action)
        # After more was charged than expected, the value is held.
        await release_value(
            harness.shop, order.denomination_id, key=f"v{order.id}", operator_id=OPERATOR
        )
    await harness.run(601)


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


async def a_night_in_which_the_books_differ(harness: ShopHarness) -> None:
    assert not await run_nightly(harness.shop)
    await harness.customer(LINA)
    await harness.buy(LINA, 2)
    await harness.run(10)
    async with harness.store._writer.begin() as db:
        await db.execute(update(orders).values(delivered_quantity=1))
    harness.clock.pass_time(DAY)
    for _ in range(2):
        await run_nightly(harness.shop)
        await audit_now(harness.shop)
        await tell_polling_stopped(harness.shop, 60)
        await harness.run(1)


async def a_process_that_ends_while_it_buys(harness: ShopHarness) -> None:
    await harness.customer(LINA)
    order = await harness.buy(LINA, 1)
    async with harness.store._writer.begin() as db:
        await db.execute(
            update(orders).values(state="placing", sent_at=harness.clock.now(), due_at=None)
        )
    assert await recover_interrupted(harness.shop, older_than=timedelta(seconds=1)) == 0
    harness.clock.pass_time(1)
    assert await recover_interrupted(harness.shop, older_than=timedelta(seconds=1)) == 1
    await harness.run(2)
    assert (await harness.order(order.id)).state == "unconfirmed"


async def an_answer_that_never_came(harness: ShopHarness) -> None:
    await harness.customer(LINA)

    async def silence(_request, commit_intent):
        await commit_intent()
        raise errors.OutcomeUnknown("placeOrder", "ReadTimeout")

    harness.supplier.buy = silence
    await harness.buy(LINA, 1)
    await harness.run(10)


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
