"""Giving a payment back to its payer: out of the wallet first, then the provider is asked, once or again.

Between the two the money lies in an account of its own, so it is never spent and returned at once.
"""

from datetime import timedelta

from bot.domain import ledger
from bot.domain.payments import (
    Method,
    Payment,
    PaymentEvent,
    PaymentState,
    next_state,
    payment_of,
)
from bot.domain.records import ActionKind, AlertKind
from bot.domain.schedule import until_next_send
from bot.errors import AlreadyDecided, GiveBackRefused, NotFound, NotGivenBack, PaymentFailure
from bot.ports import Tables
from bot.services.alerts import raise_alert, settle_alert
from bot.services.incoming import held_alert, is_unclaimed, tell_payment
from bot.services.limits import check_cap, check_fresh
from bot.services.shelf import required
from bot.services.shop import Shop


async def ask_payback(
    shop: Shop, *, key: str, operator_id: int, payment_id: int
) -> tuple[Payment, int]:
    """The question before the money goes: the payment, and the id of the action to confirm.

    Raises NotFound, AlreadyDecided, NotGivenBack.
    """
    return await shop.store.write(_ask, shop, key, operator_id, payment_id)


async def _ask(
    tables: Tables, shop: Shop, key: str, operator_id: int, payment_id: int
) -> tuple[Payment, int]:
    payment = await tables.payments.locked(payment_id)
    await _check(tables, shop, payment)
    action_id = await tables.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.PAYBACK,
        target=payment.reference,
        amount_minor=payment.paid_minor,
        done=False,
        now=shop.clock.now(),
    )
    if action_id is None:
        raise AlreadyDecided
    return payment, action_id


async def _check(tables: Tables, shop: Shop, payment: Payment) -> None:
    if payment.state is not PaymentState.CREDITED:
        raise AlreadyDecided
    way = shop.ways.get(payment.method)
    if way is None or not way.can_give_back:
        raise NotGivenBack(0)
    left = await tables.ledger.balance(ledger.wallet(payment.user_id))
    if left < payment.paid_minor:
        raise NotGivenBack(payment.paid_minor - left)


async def confirm_payback(shop: Shop, operator_id: int, action_id: int) -> Payment:
    """Take the money out of the wallet and ask the provider to return it.

    Raises NotFound, AlreadyDecided, AskedTooLongAgo, NotGivenBack, CapReached.
    """
    payment = await shop.store.write(_confirm, shop, operator_id, action_id)
    await give_back(shop, payment)
    async with shop.store.reading() as tables:
        return required(await tables.payments.for_owner(payment.id, payment.user_id))


async def _confirm(tables: Tables, shop: Shop, operator_id: int, action_id: int) -> Payment:
    action = required(await tables.operators.action(action_id, operator_id))
    if action.kind is not ActionKind.PAYBACK:
        raise NotFound
    check_fresh(shop, action)
    payment = await tables.payments.locked(int(payment_of(action.target)))
    await _check(tables, shop, payment)
    await check_cap(tables, shop, operator_id, payment.paid_minor)
    now = shop.clock.now()
    await tables.operators.decide(action_id, now)
    posting = ledger.send_back(
        payment.id, payment.user_id, payment.paid_minor, action_id, payment.order_id
    )
    await tables.ledger.post(posting, now, f"operator:{operator_id}")
    await tables.payments.change(
        payment.id,
        state=next_state(payment.state, PaymentEvent.GIVE_BACK),
        decided_by=operator_id,
        due_at=now + timedelta(seconds=60),
        attempts=0,
    )
    return await tables.payments.locked(payment.id)


async def give_back(shop: Shop, payment: Payment) -> None:
    """Ask the provider; what fails without a final word is asked again by a sweep."""
    way = shop.ways.get(payment.method)
    if way is None:
        await shop.store.write(_try_later, shop, payment.id)
        return
    try:
        await way.give_back(payment)
    except GiveBackRefused as refusal:
        await shop.store.write(_keep, shop, payment.id, refusal.code)
    except PaymentFailure:
        await shop.store.write(_try_later, shop, payment.id)
    else:
        await shop.store.write(_given_back, shop, payment.id)


async def give_back_due(shop: Shop, limit: int = 20) -> int:
    """What was interrupted, or had no answer: asking twice returns it once."""
    async with shop.store.reading() as tables:
        due = await tables.payments.due({PaymentState.RETURNING}, shop.clock.now(), limit)
    for payment in due:
        await give_back(shop, payment)
    return len(due)


async def _given_back(tables: Tables, shop: Shop, payment_id: int) -> None:
    payment = await tables.payments.locked(payment_id)
    if payment.state is not PaymentState.RETURNING:
        return
    now = shop.clock.now()
    posting = ledger.sent_back(payment.id, payment.method, payment.paid_minor)
    await tables.ledger.post(posting, now, str(payment.method))
    await tables.payments.change(
        payment.id, state=next_state(payment.state, PaymentEvent.GIVEN_BACK), due_at=None
    )
    await tell_payment(tables, shop, payment, "returned")


async def _keep(tables: Tables, shop: Shop, payment_id: int, code: str) -> None:
    payment = await tables.payments.locked(payment_id)
    if payment.state is not PaymentState.RETURNING:
        return
    attempt = await tables.payments.count_paybacks(payment.id)
    posting = ledger.not_sent_back(payment.id, payment.user_id, payment.paid_minor, attempt)
    await tables.ledger.post(posting, shop.clock.now(), str(payment.method))
    await tables.payments.change(
        payment.id, state=next_state(payment.state, PaymentEvent.KEEP), due_at=None
    )
    await raise_alert(
        tables,
        shop,
        f"payback_failed:{payment.id}:{attempt}",
        AlertKind.PAYBACK_FAILED,
        payment=payment.id,
        code=code,
        paid=payment.paid_minor,
    )


async def _try_later(tables: Tables, shop: Shop, payment_id: int) -> None:
    payment = await tables.payments.locked(payment_id)
    if payment.state is PaymentState.RETURNING:
        due = shop.clock.now() + timedelta(seconds=until_next_send(payment.attempts + 3))
        await tables.payments.change(payment_id, due_at=due, attempts=payment.attempts + 1)


async def take_back(shop: Shop, method: Method, external_id: str) -> None:
    """The provider returned a payment to its payer. What is left of it leaves the wallet; the rest is lost."""
    await shop.store.write(take_back_in, shop, method, external_id)


async def take_back_in(tables: Tables, shop: Shop, method: Method, external_id: str) -> None:
    payment = await tables.payments.by_external_id(method, external_id)
    if payment is None:
        return
    if payment.state is PaymentState.RETURNING:
        await _given_back(tables, shop, payment.id)
    elif is_unclaimed(payment):  # there is nothing left to decide
        await tables.payments.change(
            payment.id, state=next_state(payment.state, PaymentEvent.REJECT), paid_minor=0
        )
        await settle_alert(tables, shop, held_alert(payment.id))
    if payment.state is not PaymentState.CREDITED:
        return
    now = shop.clock.now()
    left = await tables.ledger.balance(ledger.wallet(payment.user_id))
    posting = ledger.taken_back(
        payment.id, payment.method, payment.user_id, payment.paid_minor, left
    )
    await tables.ledger.post(posting, now, str(method))
    await tables.payments.change(
        payment.id, state=next_state(payment.state, PaymentEvent.TAKE_BACK)
    )
    await raise_alert(
        tables,
        shop,
        f"payment_taken_back:{payment.id}",
        AlertKind.PAYMENT_TAKEN_BACK,
        payment=payment.id,
        user=payment.user_id,
        paid=payment.paid_minor,
        lost=max(0, payment.paid_minor - left),
    )
    await tell_payment(tables, shop, payment, "returned")
