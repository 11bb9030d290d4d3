"""Whoever is banned buys and pays nothing more, and loses neither money nor codes."""

import asyncio

import pytest

from bot import refusals
from bot.domain.orders import OrderState
from bot.domain.payments import Method
from bot.domain.people import BanReason
from bot.domain.records import Locale
from bot.services.codes.reveal import show_again
from bot.services.customers.bans import ask_ban, ask_unban, confirm_ban
from bot.services.messaging.customers import choose_language, ensure_customer
from bot.services.operations.reports import report_attention
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from bot.services.payments.decisions import Decision, accept_payment
from storage.tables import operator_actions, users
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.payment_steps import Payments
from tests.integration.readings import rows

LINA = 1


async def ban(harness: ShopHarness, user_id: int = LINA, key: str = "ban") -> None:
    question = await ask_ban(harness.shop, user_id, BanReason.FRAUD, key=key, operator_id=OPERATOR)
    await confirm_ban(harness.shop, OPERATOR, question.action_id)


async def unban(harness: ShopHarness) -> None:
    question = await ask_unban(harness.shop, LINA, key="unban", operator_id=OPERATOR)
    await confirm_ban(harness.shop, OPERATOR, question.action_id)


# How an order gets into a state, from a wallet that pays for it or not; and how it ends after a ban.
async def waits(harness: ShopHarness):
    return await harness.buy(LINA)


async def paid(harness: ShopHarness):
    await harness.credit(LINA, 50_000)
    return await harness.buy(LINA, 2)


async def placed(harness: ShopHarness):
    order = await paid(harness)
    await harness.place()
    return order


async def partly(harness: ShopHarness):
    harness.book.next_outcomes = [1]
    return await placed(harness)


async def refunded(harness: ShopHarness):
    harness.book.next_outcomes = [0]
    return await placed(harness)


async def delivered(harness: ShopHarness):
    order = await placed(harness)
    await harness.run(20)
    return order


@pytest.mark.parametrize(
    ("begin", "state", "codes"),
    [
        (waits, OrderState.CANCELLED, 0),
        (paid, OrderState.FULFILLED, 2),
        (placed, OrderState.FULFILLED, 2),
        (partly, OrderState.PARTIAL, 1),
        (refunded, OrderState.REFUNDED, 0),
        (delivered, OrderState.FULFILLED, 2),
    ],
)
async def test_at_every_state_money_adds_up_and_every_code_stays_readable(
    paying_harness: ShopHarness, begin, state, codes
):
    harness = paying_harness
    lina = await harness.customer(LINA, dinars=0)
    order = await begin(harness)
    before = await harness.balance(LINA)

    await ban(harness)
    await harness.run(30)

    ended = await harness.order(order.id)
    assert ended.state is state
    assert await harness.balance(LINA) == before + ended.returned_minor
    if codes:
        harness.sender.sent.clear()
        await show_again(harness.shop, lina, order.id)
        await harness.run(5)
        assert len(harness.sender.codes_of(LINA)) == codes
    await books_agree(harness)


async def test_nothing_is_begun_by_the_banned_and_nothing_they_hold_is_lost(
    pay: Payments, paying_harness: ShopHarness
):
    harness = paying_harness
    await harness.customer(LINA)
    value, before = await harness.denomination(), await harness.balance(LINA)
    quote = (await make_quote(harness.shop, LINA, value, 1)).quote
    await ban(harness)

    for attempt in (
        lambda: make_quote(harness.shop, LINA, value, 1),
        lambda: buy(harness.shop, LINA, quote.id, None),
        lambda: pay.begin(Method.TRANSFER),
        lambda: pay.begin(Method.STARS),
        lambda: pay.receipt("picture"),
    ):
        with pytest.raises(refusals.Banned):
            await attempt()

    assert await harness.balance(LINA) == before
    await unban(harness)
    assert (await buy(harness.shop, LINA, quote.id, None))[1]


async def test_money_that_comes_anyway_is_theirs_and_operators_are_asked(
    pay: Payments, paying_harness: ShopHarness
):
    harness = paying_harness
    await harness.customer(LINA, dinars=0)
    order = await harness.buy(LINA)
    payment = await pay.begin(Method.TRANSFER)
    await pay.receipt("picture")
    await ban(harness)
    assert (await report_attention(harness.shop)).count_banned == 0
    harness.clock.pass_time(5)

    await accept_payment(harness.shop, Decision("a", OPERATOR, payment.id, None))

    report = await report_attention(harness.shop)
    assert report.is_needed
    assert (report.count_banned, list(report.paid_though_banned)) == (1, [(payment.id, LINA)])
    assert await harness.balance(LINA) == payment.asked_minor
    assert (await harness.order(order.id)).state is OrderState.CANCELLED
    await unban(harness)
    assert (await report_attention(harness.shop)).count_banned == 0


async def test_a_ban_is_one_action_however_often_it_is_pressed(harness: ShopHarness):
    await harness.customer(LINA)
    question = await ask_ban(harness.shop, LINA, "words", key="k", operator_id=OPERATOR)
    with pytest.raises(refusals.AlreadyDecided):  # the press is replayed
        await ask_ban(harness.shop, LINA, "words", key="k", operator_id=OPERATOR)
    with pytest.raises(refusals.NotFound):  # another operator's question
        await confirm_ban(harness.shop, OPERATOR + 1, question.action_id)

    done = await asyncio.gather(
        *(confirm_ban(harness.shop, OPERATOR, question.action_id) for _ in range(3)),
        return_exceptions=True,
    )

    assert sum(isinstance(one, refusals.AlreadyDecided) for one in done) == 2
    (action,) = [a for a in await rows(harness, operator_actions) if a.kind != "credit"]
    assert (action.kind, action.target, action.note) == ("ban", str(LINA), "words")
    assert (action.before, action.after, action.done) == ("served", "banned", True)
    (lina,) = [u for u in await rows(harness, users) if u.id == LINA]
    assert (lina.banned_by, lina.ban_reason) == (OPERATOR, "words")
    with pytest.raises(refusals.AlreadyDecided):
        await ask_ban(harness.shop, LINA, "again", key="k2", operator_id=OPERATOR)


async def test_an_order_and_a_ban_at_the_same_moment_leave_no_order_that_waits(
    paying_harness: ShopHarness,
):
    harness = paying_harness
    value = await harness.denomination()
    for user_id in range(1, 6):
        await harness.customer(user_id, dinars=0)
        quote = (await make_quote(harness.shop, user_id, value, 1)).quote
        question = await ask_ban(
            harness.shop, user_id, "fraud", key=f"k{user_id}", operator_id=OPERATOR
        )

        bought, banned = await asyncio.gather(
            buy(harness.shop, user_id, quote.id, None),
            confirm_ban(harness.shop, OPERATOR, question.action_id),
            return_exceptions=True,
        )

        assert not isinstance(banned, BaseException)
        if not isinstance(bought, refusals.Banned):
            assert isinstance(bought, tuple)
            assert (await harness.order(bought[0].id)).state is OrderState.CANCELLED


async def test_a_question_of_an_hour_ago_bans_nobody(harness: ShopHarness):
    await harness.customer(LINA)
    question = await ask_ban(harness.shop, LINA, "fraud", key="k", operator_id=OPERATOR)
    harness.clock.pass_time(3601)

    with pytest.raises(refusals.AskedTooLongAgo):
        await confirm_ban(harness.shop, OPERATOR, question.action_id)


async def test_what_is_no_ban_is_not_confirmed_as_one(harness: ShopHarness):
    from bot.services.wallet.credit import Credit, credit_wallet

    await harness.customer(LINA)
    harness.set_policy(confirm_above_minor=0)
    asked = await credit_wallet(harness.shop, Credit("c", OPERATOR, LINA, 5, ""))

    with pytest.raises(refusals.NotFound):
        await confirm_ban(harness.shop, OPERATOR, asked.action_id or 0)


async def test_no_operator_is_banned_and_nobody_who_is_no_customer(harness: ShopHarness):
    with pytest.raises(refusals.NotBannable):
        await ask_ban(harness.shop, OPERATOR, "x", key="k", operator_id=OPERATOR)
    with pytest.raises(refusals.UnknownCustomer):
        await ask_ban(harness.shop, 4_000_000, "x", key="k", operator_id=OPERATOR)
    await harness.customer(LINA)
    with pytest.raises(refusals.AlreadyDecided):
        await ask_unban(harness.shop, LINA, key="k", operator_id=OPERATOR)


async def test_a_ban_outlives_a_restart_and_a_change_of_language(harness: ShopHarness):
    await harness.customer(LINA)
    await ban(harness)
    assert (await ensure_customer(harness.shop, LINA, "en")).banned

    assert (await choose_language(harness.shop, LINA, Locale.AR)).banned
    harness.shop.customers.clear()
    await unban(harness)
    assert not (await ensure_customer(harness.shop, LINA, "en")).banned
    await ban(harness, key="again")

    assert (await ensure_customer(harness.shop, LINA, "en")).banned
