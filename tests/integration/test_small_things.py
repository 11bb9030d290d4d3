"""Small things that a customer or an operator sees, each of which nothing else would notice."""

import pytest

from bot.domain.catalogue import offered_quantities
from bot.domain.orders import OrderState
from bot.domain.payments import Method, Rejection
from bot.domain.records import AlertKind
from bot.domain.supplier import SECRETS, Card
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services import poll, search
from bot.services.balance import check_balance
from bot.services.catalogue import refresh_catalogue
from bot.services.checkout import buy
from bot.services.custody import seal_card
from bot.services.quote import make_quote
from bot.services.receipts import reject_payment
from bot.services.reveal import open_parcels
from tests.integration.test_payments import Payments
from tests.stage import Stage
from tests.vouchers import VoucherStage


@pytest.mark.parametrize(
    ("stock", "most", "offered"),
    [
        (0, 10, ()),
        (1, 10, (1,)),
        (4, 10, (1, 2, 3)),
        (99, 9, (1, 2, 3, 5)),
        (10, 99, (1, 2, 3, 5, 10)),
    ],
)
def test_quantities_are_offered_up_to_what_is_there_and_may_be_bought(stock, most, offered):
    assert offered_quantities(stock, most) == offered


@pytest.mark.parametrize(("minor", "paused"), [(500_000, None), (499_999, "no"), (99, "yes")])
async def test_a_low_balance_is_told_with_its_figures(stage: Stage, minor: int, paused: str | None):
    stage.set_policy(balance_alert_minor=500_000, balance_floor_minor=100)
    stage.supplier.balance = lambda: _later(minor)
    await check_balance(stage.shop, "oneclickdz", force=True)
    await stage.round()

    told = [dict(alert) for alert in stage.sender.alerts(AlertKind.BALANCE_LOW)]
    expected = {
        "alert": "balance_low",
        "supplier": "oneclickdz",
        "balance": str(minor),
        "paused": paused,
    }
    assert told == ([] if paused is None else [expected])
    async with stage.store.reading() as tables:
        account = await tables.operators.account("oneclickdz")
    assert account.paused_for_balance is (paused == "yes")


async def _later(value):
    return value


async def test_an_empty_catalogue_is_no_new_one(stage: Stage):
    stage.supplier.catalogue = lambda: _later(())
    assert not await refresh_catalogue(stage.shop, "oneclickdz", force=True)


async def test_a_second_press_says_that_it_made_nothing(stage: Stage):
    await stage.customer(1)
    view = await make_quote(stage.shop, 1, await stage.denomination(), 1)
    first = await buy(stage.shop, 1, view.quote.id, 77)
    second = await buy(stage.shop, 1, view.quote.id, 77)

    assert (first[1], second[1]) == (True, False)
    assert first[0].id == second[0].id


async def test_an_operators_own_words_reach_the_customer(stage: Stage):
    stage.offer()
    pay = Payments(stage)
    payment = await pay.begin(Method.TRANSFER)
    await pay.receipt()
    await reject_payment(stage.shop, pay.decision(payment), Rejection.OTHER, "too blurred")
    await stage.round()

    (note,) = [sent.note for sent in stage.sender.sent if sent.note]
    assert (note.what, note.rejection, note.words) == ("rejected", "other", "too blurred")


async def test_a_refusal_without_a_number_is_told_with_a_dash(stage: Stage):
    from bot.errors import RequestRefused

    await stage.customer(1)

    async def refuse(_request, commit_intent):
        await commit_intent()
        raise RequestRefused("placeOrder", "", 422)

    stage.supplier.buy = refuse
    await stage.buy(1)
    await stage.run(1)

    (told,) = stage.sender.alerts(AlertKind.REQUEST_REFUSED)
    assert (told["code"], told["request"]) == ("422", "-")


async def test_codes_are_opened_with_their_expiry_date(sqlite_store):
    stage = await VoucherStage(sqlite_store).open()
    await stage.customer(1, dinars=400_000)
    order = await stage.buy(1)
    await stage.run(10)
    (parcel,) = await open_parcels(stage.shop, await stage.order(order.id))

    assert [card.expires_at is not None for card in parcel.cards] == [True]
    await stage.close()


def test_a_code_without_its_first_text_is_known_by_it_all_the_same(stage: Stage):
    sealed = seal_card(stage.vault, 1, 0, Card("", "123"))
    assert sorted(sealed) == sorted(SECRETS[:2])


@pytest.mark.parametrize(
    ("state", "look"),
    [
        (OrderState.HANDLING, lambda shop, ids: (poll._postpone, shop, ids)),
        (OrderState.UNCONFIRMED, lambda shop, ids: (search._look_again, shop, ids)),
    ],
)
async def test_an_order_that_has_ended_meanwhile_leaves_the_others_their_next_look(
    stage: Stage, state: OrderState, look
):
    await stage.customer(1)
    fault = FaultKind.STATUS_AFTER
    if state is OrderState.UNCONFIRMED:
        stage.book.script(Fault(fault, "placeOrder", times=2))
    orders = [await stage.buy(1) for _ in range(2)]
    if state is OrderState.HANDLING:
        stage.book.next_outcomes += [0]
    await stage.place()
    first, second = (order.id for order in orders)
    await stage.store.write(_end, first)
    stage.clock.pass_time(3)
    work, shop, ids = look(stage.shop, [first, second])
    named = {"failed": False} if work is poll._postpone else {"seen": True}
    args = (shop, ids) if work is poll._postpone else (shop, ids, stage.clock.now())

    await stage.store.write(work, *args, **named)

    assert (await stage.order(second)).due_at > stage.clock.now()
    assert (await stage.order(first)).due_at is None


async def _end(tables, order_id):
    await tables.orders.change(order_id, state=OrderState.REFUNDED, due_at=None)
