"""Guards of own stock, bans and pauses, removed one by one: the explorer finds what each keeps away."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, update

from bot.domain.stock import Reservation
from bot.services.orders import checkout, place, settle
from bot.services.stock.book import StockBook
from storage.repositories import own_codes as own_code_rows
from storage.repositories.own_codes import OwnCodeRepository
from storage.repositories.stock import IS_FREE
from storage.tables import own_codes, own_reservations
from tests.explore.search import first_problems


async def _no(*_asked):
    return False


@pytest.mark.prove
def test_it_finds_a_code_that_two_orders_get(monkeypatch):
    """What is free is read in one transaction, and reserved in another that does not look again."""

    async def in_two_steps(book, reference, order_id, value_id, quantity):
        async with book._store.reading() as tx:
            value = await tx.stock.value(value_id)
            existing = await tx.own_codes.reservation_of(order_id)
            found = await tx.own_codes.next_on_offer(
                value_id, order_id, book._earliest_end(), quantity
            )
        if existing is not None or len(found) < quantity:
            return existing
        cost, now = sum(cost for _, cost in found), book._clock.now()
        made = Reservation(reference, order_id, value_id, value.product_id, quantity, cost, now)
        await book._store.write(take, made, [(code.batch_id, code.position) for code, _ in found])
        return made

    async def take(tx, made, places):
        await tx.own_codes._db.execute(
            insert(own_reservations).values(
                reference=made.reference,
                order_id=made.order_id,
                value_id=made.value_id,
                quantity=made.quantity,
                cost_minor=made.cost_minor,
                at=made.at,
            )
        )
        for batch_id, position in places:
            await tx.own_codes._db.execute(
                update(own_codes)
                .where(own_codes.c.batch_id == batch_id, own_codes.c.position == position)
                .values(reservation=made.reference)
            )

    monkeypatch.setattr(StockBook, "reserve", in_two_steps)

    problems = first_problems("own, the last code", ("place", "place'"), 1, most=40)

    assert "a code went from one order to another" in problems


def test_it_finds_a_code_of_a_batch_that_went_off_sale_after_the_price_was_asked(monkeypatch):
    monkeypatch.setattr(own_code_rows, "is_on_offer", lambda earliest_end: IS_FREE)

    problems = first_problems("own, enough", ("place", "hold"), 1, most=40)

    assert "a code of a batch that is not on sale was reserved" in problems


@pytest.mark.prove
def test_it_finds_a_code_that_came_too_near_its_end_after_the_price_was_asked(monkeypatch):
    next_on_offer = OwnCodeRepository.next_on_offer

    async def whenever_it_ends(repository, value_id, order_id, earliest_end, limit):
        ever = datetime(2020, 1, 1, tzinfo=UTC)
        return await next_on_offer(repository, value_id, order_id, ever, limit)

    monkeypatch.setattr(OwnCodeRepository, "next_on_offer", whenever_it_ends)

    problems = first_problems("own, the last code ends", ("place", "codes end"), 1, most=40)

    assert [p for p in problems if "got a code that was too near its end" in p]


@pytest.mark.prove
def test_it_finds_own_codes_that_are_on_sale_and_stored_for_nobody(monkeypatch):
    """A report that was read before a refund is acted on after the stock has taken its codes back."""
    monkeypatch.setattr(settle, "_is_released", _no)

    problems = first_problems("own, reserved", ("poll own", "refund", "an hour later"), 1, most=60)

    assert "1 own codes that an order holds are on sale" in problems


def test_it_finds_an_order_that_somebody_makes_after_they_were_banned(monkeypatch):
    monkeypatch.setattr(checkout, "check_served", _no)

    problems = first_problems("own, enough", ("buy", "ban buyer"), 1, most=20)

    assert "a banned person made an order" in problems


def test_it_finds_an_order_that_is_sent_though_a_pause_has_begun(monkeypatch):
    """Whether selling is paused is asked before the price, and not in the transaction that decides."""
    commit_intent = place._commit_intent

    async def without_asking(tx, shop, order_id, request):
        with monkeypatch.context() as patch:
            patch.setattr(place, "is_stopped", _no)
            return await commit_intent(tx, shop, order_id, request)

    monkeypatch.setattr(place, "_commit_intent", without_asking)

    problems = first_problems("paid", ("place", "pause"), 1, most=40)

    assert "an order was sent under a pause that stops what is paid" in problems
