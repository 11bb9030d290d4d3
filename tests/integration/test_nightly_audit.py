"""The nightly audit looks at what has changed, and finds what the whole one finds."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update

from bot.domain.audit import Check
from bot.domain.ledger import SALES, Entry, Posting, PostingKind, escrow, wallet
from bot.domain.orders import OrderState
from bot.services.operations.audit import audit_books
from bot.services.operations.day_sums import close_days
from bot.services.operations.nightly import AUDIT_DIFFERS, audit_now
from storage.repositories import audit_marks as repository
from storage.tables import (
    accounts,
    audit_marks,
    closed_days,
    codes,
    entries,
    orders,
    postings,
)
from tests.harness import ShopHarness
from tests.integration.audited_nights import NIGHT, change, is_whole, named, night


def _balance(account: str, by: int):
    return (
        update(accounts)
        .where(accounts.c.name == account)
        .values(balance_minor=accounts.c.balance_minor + by)
    )


def _order(**values: object):
    return update(orders).where(orders.c.id == 1).values(**values)


_first = select(entries.c.posting_id).order_by(entries.c.posting_id).limit(1).scalar_subquery()
DAMAGES = {
    "an order that says it returned money": (Check.ORDERS, [_order(quantity=4, returned_minor=1)]),
    "an order with another quantity": (Check.ORDERS, [_order(quantity=3)]),
    "an order in another state": (Check.ORDERS, [_order(state=OrderState.CANCELLED)]),
    "an order with fewer codes": (Check.CODES, [_order(delivered_quantity=1)]),
    "a code that is withheld": (
        Check.CODES,
        [update(codes).where(codes.c.order_id == 1).values(deliver=False)],
    ),
    "a code that is gone": (Check.CODES, [delete(codes).where(codes.c.order_id == 1)]),
    "a code of another order": (
        Check.CODES,
        [
            update(codes)
            .where(codes.c.order_id == 1, codes.c.position == 0)
            .values(order_id=2, position=9)
        ],
    ),
    "a wallet with more": (Check.BALANCES, [_balance(wallet(1), 5)]),
    "an escrow with more": (Check.BALANCES, [_balance(escrow(1), 5)]),
    "sales with less": (Check.BALANCES, [_balance(SALES, -5)]),
    "a wallet below nothing": (
        Check.BALANCES,
        [
            update(accounts)
            .where(accounts.c.name == wallet(1))
            .values(balance_minor=-5, may_be_negative=True),
            _balance(SALES, 5),
        ],
    ),
    "an account of the shop's that passes for another": (
        Check.BALANCES,
        [
            update(accounts)
            .where(accounts.c.name == SALES)
            .values(balance_minor=accounts.c.balance_minor + 5, may_be_negative=False),
            _balance("funding", -5),
        ],
    ),
    "an entry added to an old posting": (
        Check.POSTINGS,
        [insert(entries).values(posting_id=_first, account=SALES, amount_minor=5, currency="DZD")],
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_what_is_written_by_hand_is_found_in_the_next_night(audited: ShopHarness, damage):
    check, statements = DAMAGES[damage]
    await change(audited, *statements)

    found = await night(audited)

    assert check in found
    assert found == named(await audit_books(audited.store, audited.clock))


async def test_a_posting_without_entries_is_found(audited: ShopHarness):
    now = audited.clock.now()
    half = insert(postings).values(key="half", kind="credit", actor="x", note="", at=now)
    await change(audited, half)

    assert (await night(audited))[Check.POSTINGS] == ("posting half sums to 0",)


async def test_money_booked_into_an_old_order_is_found(audited: ShopHarness):
    async def post(tx) -> None:
        moved = (Entry(wallet(1), -700), Entry(escrow(1), 700))
        await tx.ledger.post(
            Posting("left", PostingKind.HOLD, moved, order_id=1), audited.clock.now(), "test"
        )

    await audited.store.write(post)

    assert Check.HOLDS in await night(audited)


async def test_a_wallet_that_is_not_what_was_booked_since_is_found(audited: ShopHarness):
    """Beside a change of the other sign in a wallet that nothing was booked to, so that all sum to zero."""
    await audited.credit(1, 100)
    await change(audited, _balance(wallet(1), 5), _balance(wallet(2), -5))

    assert len((await night(audited))[Check.BALANCES]) == 2


async def test_two_balances_that_make_each_other_good_are_found_within_a_week(
    audited: ShopHarness,
):
    await change(audited, _balance(wallet(1), 5), _balance(wallet(2), -5))

    nights = [Check.BALANCES in await night(audited) for _ in range(7)]

    assert nights == [False] * 6 + [True]


async def test_what_an_operators_audit_finds_stays_told_until_it_is_right(audited: ShopHarness):
    """A night that trusted its marks would find nothing, and end the alert."""

    async def is_told() -> bool:
        async with audited.store.reading() as tx:
            return await tx.alerts.is_open(AUDIT_DIFFERS)

    await change(audited, _balance(wallet(1), 5), _balance(wallet(2), -5))
    told = []
    for whole in (True, False, False):
        found, _ = await audit_now(audited.shop, whole=whole)
        told.append((Check.BALANCES in named(found), await is_told()))
        audited.clock.pass_time(NIGHT)
    await change(audited, _balance(wallet(1), -5), _balance(wallet(2), 5))
    await audit_now(audited.shop, whole=False)

    assert told == [(True, True)] * 3
    assert not await is_told()


async def test_a_shop_that_goes_on_is_audited_by_its_changes_and_each_week_whole(
    audited: ShopHarness,
):
    nights = []
    for _ in range(14):
        await audited.buy(1)
        await audited.run(20)
        nights.append(await is_whole(audited))

    assert nights == ([False] * 6 + [True]) * 2


async def test_while_anything_differs_each_night_is_whole(audited: ShopHarness):
    await change(audited, _order(quantity=3))
    nights = [await is_whole(audited) for _ in range(2)]
    await change(audited, _order(quantity=2))
    nights += [await is_whole(audited) for _ in range(2)]

    assert nights == [True, True, True, False]


async def test_a_note_from_a_clock_that_was_years_ahead_delays_no_whole_audit(
    audited: ShopHarness,
):
    async def note(tx) -> None:
        await tx.runs.set_last("whole audit", audited.clock.now() + timedelta(days=900))

    await audited.store.write(note)

    assert [await is_whole(audited) for _ in range(2)] == [True, False]


async def test_with_many_days_open_the_night_is_whole(audited: ShopHarness, monkeypatch):
    monkeypatch.setattr(repository, "_MOST_RANGES", 1)

    assert await is_whole(audited)


async def test_a_day_that_changes_while_it_is_audited_is_not_noted(audited: ShopHarness):
    now = audited.clock.now()
    await change(audited, update(closed_days).values(audited=False))
    async with audited.store.reading(long=True) as tx:
        right = await tx.audit_marks.next(now, now)
    await change(audited, _order(quantity=3))

    async def keep(tx) -> None:
        await tx.audit_marks.keep(right)

    await audited.store.write(keep)
    await close_days(audited.shop)

    assert Check.ORDERS in await night(audited)


async def test_a_day_whose_codes_may_be_on_their_way_is_not_noted(audited: ShopHarness):
    now = audited.clock.now()
    await change(audited, _order(settled_at=now), text("UPDATE closed_days SET audited = false"))
    await close_days(audited.shop)

    async with audited.store.reading(long=True) as tx:
        young = await tx.audit_marks.next(now, now - timedelta(minutes=20))
        older = await tx.audit_marks.next(now, now + timedelta(minutes=20))

    assert len(older.days) == len(young.days) + 1


async def test_a_shop_without_money_has_nothing_to_note(harness: ShopHarness):
    assert await night(harness) == {}
    async with harness.store.reading() as tx:
        assert (await tx.audit_marks._db.execute(select(audit_marks))).all() == []
        assert await tx.audit_marks.last() is None
