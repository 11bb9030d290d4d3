"""Money that comes in: once, in full, whoever tells of it; and orders that wait for it."""

from bot.domain.audit import Check
from bot.domain.payments import Method
from bot.services.operations.audit import audit_books
from bot.services.operations.reports import (
    my_wallet,
)
from tests.harness import ShopHarness
from tests.integration.payment_steps import (
    PRICE,
)

# --- which ways there are ---------------------------------------------------------------------------


# --- cards ------------------------------------------------------------------------------------------


# --- Stars ------------------------------------------------------------------------------------------


# --- orders that wait -------------------------------------------------------------------------------


# --- receipts ---------------------------------------------------------------------------------------


# --- giving back ------------------------------------------------------------------------------------


# --- every night ------------------------------------------------------------------------------------


async def test_the_audit_sees_a_payment_whose_postings_are_not_there(
    pay, paying_harness: ShopHarness
):
    from sqlalchemy import text

    payment = await pay.begin()
    async with paying_harness.store._writer.begin() as db:
        await db.execute(text("UPDATE payments SET state = 'credited'"))
    found = await audit_books(paying_harness.store, paying_harness.clock)
    (check,) = [it for it in found if it.check is Check.PAYMENTS]

    assert [d.subject for d in check.differences] == [payment.reference]
    assert "credited" in str(check.differences[0])


# --- operators --------------------------------------------------------------------------------------


async def test_the_wallet_shows_holds_and_a_statement_page_by_page(
    pay, paying_harness: ShopHarness
):
    await paying_harness.customer(1, dinars=20_000)
    for number in range(9):
        await paying_harness.credit(1, 10 + number)
    await paying_harness.buy(1)
    first, second = (
        await my_wallet(paying_harness.shop, 1, 0),
        await my_wallet(paying_harness.shop, 1, 1),
    )

    assert (first.pages, len(first.lines), len(second.lines)) == (2, 6, 5)
    assert first.held_minor == PRICE
    assert first.lines[0].kind == "hold"
    assert first.methods == tuple(Method)
    assert (await my_wallet(paying_harness.shop, 1, -3)).page == 0


# --- support ----------------------------------------------------------------------------------------
