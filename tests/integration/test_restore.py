"""After a restore nothing is bought, and nothing is repeated, until somebody has looked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from bot.domain.news import NewsState
from bot.domain.numbering import last_number_after_restore
from bot.domain.orders import Attention, Order, OrderState
from bot.domain.payments import Method
from bot.domain.records import Customer, InboxRow, Locale, Sealed
from bot.domain.roles import Right, Role
from bot.refusals import NotFound
from bot.services.catalogue.refresh import refresh_catalogue
from bot.services.messaging.support import take_question
from bot.services.news.sending import send_news
from bot.services.operations.restored import (
    Restored,
    move_numbers_ahead,
    quarantine_restored,
)
from bot.services.operations.staffing import Appointment, accept_role, appoint
from bot.services.payments.top_up import TopUpRequest, begin_payment
from bot.services.standing import may, rights_of
from storage.tables import news_sent, orders
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness
from tests.integration.news_steps import begin, news_of, readers, settle, write


async def test_orders_that_may_have_been_bought_need_an_operator_and_the_others_stay(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=900_000)
    states = [
        OrderState.PAID,
        OrderState.PLACING,
        OrderState.UNCONFIRMED,
        OrderState.HANDLING,
        OrderState.FULFILLED,
    ]
    made = []
    for state in states:
        order = await harness.buy(1)
        sent_at = None if state is OrderState.PAID else harness.clock.now()
        async with harness.store._writer.begin() as db:
            await db.execute(
                update(orders)
                .where(orders.c.id == order.id)
                .values(state=state, sent_at=sent_at, due_at=harness.clock.now())
            )
        made.append(await harness.order(order.id))
    await harness.store.write(_keep_updates)

    assert await quarantine_restored(harness.store, harness.clock) == Restored(3, 2)

    def doubtful(order: Order) -> Order:
        return replace(
            order,
            state=OrderState.UNCONFIRMED,
            sent_at=None,
            due_at=None,
            attention=Attention.NOT_FOUND,
        )

    assert [await harness.order(order.id) for order in made] == [
        *(doubtful(order) for order in made[:3]),
        *made[3:],
    ]
    async with harness.store.reading() as tx:
        assert await tx.inbox.unhandled() == []
        assert await tx.inbox.count_quarantined() == 2


async def test_a_second_restore_changes_nothing_more(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(1)
    assert await quarantine_restored(harness.store, harness.clock) == Restored(1, 0)
    assert await quarantine_restored(harness.store, harness.clock) == Restored(0, 0)


async def test_whoever_works_here_in_the_backup_may_nothing_until_an_owner_appoints_them_anew(
    harness: ShopHarness,
):
    await harness.hire(901, Role.MANAGER, 500_000)
    await harness.customer(902)
    wanted = Appointment("before", OPERATOR, 902, Role.SUPPORT, 0)
    old = (await appoint(harness.shop, wanted)).invitation

    assert await quarantine_restored(harness.store, harness.clock) == Restored(0, 0, staff=2)

    assert [await rights_of(harness.shop, user_id) for user_id in (901, 902)] == [frozenset()] * 2
    for invitation in (old, 0):
        with pytest.raises(NotFound):
            await accept_role(harness.shop, 902, invitation, key=f"late:{invitation}")
    anew = (await appoint(harness.shop, replace(wanted, key="anew", user_id=901))).invitation
    assert (await accept_role(harness.shop, 901, anew, key="a")).role is Role.SUPPORT
    assert await may(harness.shop, 901, Right.CASES)


async def test_news_that_may_have_been_sent_since_the_backup_are_sent_to_nobody(
    harness: ShopHarness,
):
    await settle(harness, 30)
    running = await begin(harness)
    await send_news(harness.shop)
    draft = await write(harness)
    async with harness.store._writer.begin() as db:  # the backup knows none of those who got it
        await db.execute(delete(news_sent))
    got_it = readers(harness)

    assert await quarantine_restored(harness.store, harness.clock) == Restored(0, 0, news=2)
    assert await quarantine_restored(harness.store, harness.clock) == Restored(0, 0)

    harness.restart()
    await harness.run(60)
    assert readers(harness) == got_it
    assert (await news_of(harness, running.id)).state is NewsState.STOPPED
    assert (await news_of(harness, draft.id)).state is NewsState.DROPPED


async def _keep_updates(tx) -> None:
    rows = [InboxRow(0, number, 5, Sealed("k1", b"x")) for number in (11, 12)]
    await tx.inbox.add(rows, START)


def jumped(last: int, given: int, lost_days: float) -> int:
    week = timedelta(days=7)
    return last_number_after_restore(last, given=given, over=week, lost=timedelta(days=lost_days))


@pytest.mark.parametrize(
    ("last", "given", "lost_days", "above"),
    [
        (0, 0, 0, 1_000),
        (1, 1, 0, 2_000),
        (12, 12, 1, 2_000),
        (1_000, 0, 400, 2_000),
        (5_040, 70, 7, 7_000),  # 70 in the last week: 210 may have been given out since
        (50_000, 7_000, 7, 80_000),  # 21,000
        (50_000, 7_000, -3, 51_000),  # a clock that was set back
    ],
)
def test_numbers_jump_by_the_pace_and_the_time_that_is_lost(last, given, lost_days, above):
    assert jumped(last, given, lost_days) == above


async def test_new_orders_payments_and_cases_begin_above_all_that_were_lost(harness: ShopHarness):
    await harness.customer(1)
    harness.offer(Method.TRANSFER)
    before = await harness.buy(1)
    harness.clock.pass_time(timedelta(days=30).total_seconds())

    above = await move_numbers_ahead(harness.store, harness.clock, {"cases": 3_500})

    assert (above["orders"], above["payments"], above["cases"]) == (2_000, 1_000, 5_000)
    assert before.id == 1
    await harness.reload()
    harness.let_prices_age()
    for name in harness.shop.suppliers:
        await refresh_catalogue(harness.shop, name)
    order = await harness.buy(1)
    assert (order.id, order.quote_id) == (2_001, 2_001)
    wish = TopUpRequest(Method.TRANSFER, 50_000, None, "p", 7)
    payment = await begin_payment(harness.shop, Customer(1, Locale.EN), wish)
    assert payment.reference == "HN1001"
    case, _ = await take_question(harness.shop, 1, [10])
    assert case.id == 5_001


async def test_the_numbers_of_an_empty_shop_begin_at_a_thousand(harness: ShopHarness):
    above = await move_numbers_ahead(harness.store, harness.clock, {})

    assert above["orders"] == 1_000
    async with harness.store.reading() as tx:
        assert (await tx.counters.last_numbers())["orders"] == 1_000
