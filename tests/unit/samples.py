"""A product, its orders, its payments and their codes, in every state that a screen shows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product as every
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Category, Product
from bot.domain.orders import Attention, Order, OrderState
from bot.domain.payments import PAID_STATES, Method, Payment, PaymentState
from bot.domain.supplier import Card, Environment, Rate
from bot.refusals import OtherCurrency
from tests.fakes import START

ZONE = ZoneInfo("Africa/Algiers")
CATEGORY = Category(1, "PSN")
PRODUCT = Product(
    2, 1, "oneclickdz", "x", "PlayStation <USA> & friends " + "long " * 20, "us", True, START
)
ORDER = Order(
    id=1042,
    user_id=5,
    quote_id=1,
    product_id=2,
    denomination_id=3,
    product_title="PlayStation USA",
    denomination_label="25 $",
    quantity=5,
    unit_price_minor=418_000,
    unit_cost_minor=400_000,
    highest_cost_minor=410_000,
    environment=Environment.PRODUCTION,
    state=OrderState.PAID,
    supplier="oneclickdz",
    supplier_product_id="p",
    supplier_type_id="t",
    supplier_order_id=None,
    created_at=START,
    paid_at=START,
    sent_at=None,
    accepted_at=None,
    settled_at=None,
    due_at=None,
    attempts=0,
    delivered_quantity=0,
    returned_minor=0,
    cost_minor=0,
    return_reason=None,
    attention=None,
    alerted_stuck=False,
    status_message_id=7,
)
AWAITING = replace(
    ORDER, state=OrderState.AWAITING_PAYMENT, paid_at=None, due_at=START + timedelta(hours=9)
)
CURRENCIES = (None, OtherCurrency("DZD", "EUR"), OtherCurrency("DZD", "centimes"))
RATE = Rate("USD", Decimal("245.5"), START.date())
DONE = replace(ORDER, state=OrderState.FULFILLED, delivered_quantity=5, settled_at=START)
PART = replace(ORDER, state=OrderState.PARTIAL, delivered_quantity=3, returned_minor=2 * 418_000)
CARDS = [
    Card(
        f"👾CODE-{n}-ABCD-{'X' * n}", f"S{n}" if n % 2 else "", expires_at=START if n == 1 else None
    )
    for n in range(5)
] + [
    Card("4111-2222", pin="0042", reference="VR-77", expires_at=START),
    Card(link="https://claim.example/abc", reference="VR-78"),
]


def all_orders() -> Iterator[Order]:
    delivered = {
        OrderState.HANDLING: (0, 3),
        OrderState.PARTIAL: (3,),
        OrderState.FULFILLED: (5,),
    }
    for state, attention in every(OrderState, [None, *Attention]):
        for count in delivered.get(state, (0,)):
            yield replace(ORDER, state=state, attention=attention, delivered_quantity=count)
    yield PART


def all_payments() -> Iterator[Payment]:
    for method, state, order_id in every(Method, PaymentState, (None, 1042)):
        yield Payment(
            id=12,
            user_id=5,
            method=method,
            state=state,
            order_id=order_id,
            asked_minor=500_000,
            stars=3334 if method is Method.STARS else 0,
            paid_minor=500_000 if state in PAID_STATES else 0,
            external_id="OCPL-A1B2C3-D4E5",
            url="https://pay.example/1",
            created_at=START,
            expires_at=START,
            due_at=None,
            attempts=0,
            settled_at=None,
            decided_by=900 if state is PaymentState.REJECTED else None,
            reason="amount" if state is PaymentState.HELD else "",
            message_id=None,
        )
