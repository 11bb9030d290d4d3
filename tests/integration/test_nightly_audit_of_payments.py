"""The nightly audit finds what contradicts itself in payments, old and young."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from bot.domain.audit import Check
from bot.domain.ledger import (
    Entry,
    Posting,
    PostingKind,
    payment,
    payment_key,
    refund_key,
    wallet,
)
from bot.domain.payments import Method, Payment, PaymentState
from bot.services.operations.audit import audit_books
from storage.repositories.audit import PAYMENT_KEY
from storage.repositories.audit_marks import count_of_keys
from storage.store import Store
from storage.tables import payments
from tests.harness import ShopHarness
from tests.integration.audited_nights import NIGHT, change, is_whole, named, night
from tests.integration.payment_steps import Payments


async def _paid(pay: Payments) -> tuple[Payment, Payment, Payment]:
    """A payment in Stars that was credited, and two that nobody has paid."""
    credited = await pay.begin(Method.STARS, 300_000)
    await pay.stars(credited)
    unpaid = [await pay.begin(Method.TRANSFER, user=user) for user in (1, 2)]
    await pay.harness.send()
    return credited, *unpaid


async def _old_and_audited(pay: Payments) -> tuple[Payment, Payment, Payment]:
    """The same, of nine days ago, found right by a whole audit and by the night after it."""
    paid = await _paid(pay)
    pay.harness.clock.pass_time(8 * NIGHT)
    assert await night(pay.harness) == {}
    assert not await is_whole(pay.harness)
    return paid


def _payment(which: Payment, state: PaymentState):
    return update(payments).where(payments.c.id == which.id).values(state=state)


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (0, PaymentState.EXPIRED),
        (0, PaymentState.RETURNED),
        (1, PaymentState.CREDITED),
        (1, PaymentState.RETURNED),
    ],
)
async def test_an_old_payment_without_the_postings_of_its_state_is_found(
    audited: ShopHarness, pay: Payments, number, state
):
    old = await _old_and_audited(pay)
    await change(audited, _payment(old[number], state))

    found = await night(audited)

    assert len(found[Check.PAYMENTS]) == 1
    assert found == named(await audit_books(audited.store, audited.clock))


@pytest.fixture
async def swapped(audited: ShopHarness, pay: Payments) -> Payment:
    """Two young payments that make each other good; returns one that is begun after them."""
    credited, unpaid, third = await _paid(pay)
    assert not await is_whole(audited)
    await change(
        audited,
        _payment(credited, PaymentState.EXPIRED),
        _payment(unpaid, PaymentState.CREDITED),
    )
    return third


async def test_two_young_payments_that_make_each_other_good_are_found(
    audited: ShopHarness, swapped: Payment
):
    assert len((await night(audited))[Check.PAYMENTS]) == 2


async def test_a_payment_with_an_older_date_hides_no_payments_before_it(
    audited: ShopHarness, swapped: Payment
):
    dated = audited.clock.now() - timedelta(days=9)
    await change(
        audited, update(payments).values(created_at=dated).where(payments.c.id == swapped.id)
    )

    assert len((await night(audited))[Check.PAYMENTS]) == 2


async def test_payments_are_young_until_eight_days_have_really_passed(
    audited: ShopHarness, swapped: Payment
):
    """Whatever the wall clock says: the next whole audit is as far away as before."""
    audited.clock.step(30 * NIGHT)

    assert len((await night(audited))[Check.PAYMENTS]) == 2


async def test_an_old_payment_that_was_booked_since_is_looked_at(
    audited: ShopHarness, pay: Payments
):
    """Beside one that is said to be paid and was not booked, so that the counts agree."""
    _, unpaid, other = await _old_and_audited(pay)
    posting = payment(unpaid.id, unpaid.method, unpaid.user_id, 500)
    await audited.store.write(
        lambda tx: tx.ledger.post(posting, audited.clock.now(), "test")  # its state is left behind
    )
    await change(audited, _payment(other, PaymentState.CREDITED))

    assert len((await night(audited))[Check.PAYMENTS]) == 2


async def test_two_old_payments_that_make_each_other_good_are_found_within_a_week(
    audited: ShopHarness, pay: Payments
):
    credited, unpaid, _ = await _old_and_audited(pay)
    await change(
        audited,
        _payment(credited, PaymentState.EXPIRED),
        _payment(unpaid, PaymentState.CREDITED),
    )

    nights = [Check.PAYMENTS in await night(audited) for _ in range(6)]

    assert nights == [False] * 5 + [True]


async def _book_by_hand(harness: ShopHarness, key: str, kind: PostingKind, note: str) -> None:
    moved = (Entry("funding", -5), Entry(wallet(1), 5))
    posting = Posting(key, kind, moved, note=note)
    await harness.store.write(lambda tx: tx.ledger.post(posting, harness.clock.now(), "test"))


async def test_a_payment_that_is_credited_again_with_another_key_is_found(
    audited: ShopHarness, pay: Payments
):
    credited, _, _ = await _old_and_audited(pay)
    await _book_by_hand(audited, "again", PostingKind.PAYMENT, str(credited.id))

    assert len((await night(audited))[Check.PAYMENTS]) == 1


async def test_what_has_the_key_of_a_payment_but_is_none_is_found(
    audited: ShopHarness, pay: Payments
):
    """Its payment is said to be paid, so that the counts of keys agree."""
    _, unpaid, _ = await _old_and_audited(pay)
    await _book_by_hand(audited, payment_key(unpaid.id), PostingKind.CREDIT, "")
    await change(audited, _payment(unpaid, PaymentState.CREDITED))

    assert len((await night(audited))[Check.PAYMENTS]) == 1


async def test_a_refund_with_the_key_of_another_payment_is_found(
    audited: ShopHarness, pay: Payments
):
    credited, unpaid, _ = await _old_and_audited(pay)
    await _book_by_hand(audited, refund_key(credited.id), PostingKind.PAYBACK, str(unpaid.id))
    await change(audited, _payment(credited, PaymentState.RETURNED))

    assert len((await night(audited))[Check.PAYMENTS]) == 2


async def test_a_payment_booked_for_none_has_the_whole_audit_look_once(
    audited: ShopHarness, pay: Payments
):
    """Which finds nothing: it counts what was booked for each payment that there is."""
    await _old_and_audited(pay)
    await _book_by_hand(audited, "by hand", PostingKind.PAYMENT, "lost")

    assert [await is_whole(audited) for _ in range(2)] == [True, False]
    assert named(await audit_books(audited.store, audited.clock)) == {}


async def test_keys_are_counted_in_a_range_of_their_index(store: Store):
    async with store._writer.begin() as db:
        explain, bounds = "EXPLAIN QUERY PLAN", "(key>? AND key<?)"
        if db.dialect.name == "postgresql":
            await db.execute(text("SET LOCAL enable_seqscan = off"))  # there are few
            explain, bounds = "EXPLAIN", "Index Cond: "
        count = count_of_keys(PAYMENT_KEY).compile(
            dialect=db.dialect, compile_kwargs={"literal_binds": True}
        )
        plan = await db.execute(text(f"{explain} {count}".replace(":", r"\:")))
        lines = [str(row) for row in plan]

    assert any(bounds in line for line in lines), lines


@pytest.mark.parametrize("locale", ["en", "en-u-ka-shifted"])
async def test_a_database_that_compares_as_a_language_does_counts_the_same_keys(
    store: Store, locale
):
    """There a colon and what follows it in ASCII are no neighbours, or no part of what is compared."""
    keys = [payment_key(1), payment_key(99), "payment", "payment;", "payment-1", "payment11"]
    async with store._writer.begin() as db:
        if db.dialect.name != "postgresql":
            pytest.skip("SQLite compares bytes")
        await db.execute(
            text(f"CREATE COLLATION pg_temp.spoken (provider = icu, locale = '{locale}')")
        )
        await db.execute(text("CREATE TEMP TABLE postings (key text COLLATE pg_temp.spoken)"))
        for key in [*keys, "payments", "pay:1", "Payment:5"]:
            await db.execute(text("INSERT INTO postings VALUES (:key)"), {"key": key})
        count = (await db.execute(count_of_keys(PAYMENT_KEY))).scalar_one()

    assert count == 2
