"""Good answers of both suppliers, and what each of their fields decides.

An effect is a set of attributes of one row; ROW where the row cannot be read and is left out, and
ANSWER where nothing can be said and the call is an outage.
"""

import copy
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx

from bot.domain.supplier import Purchase, Rate
from bot.suppliers.oneclickdz import OneClickDz
from bot.suppliers.starship import Starship
from tests.fakes import START, HarnessClock

ROW, ANSWER = "row left out", "no answer"
MISSING = "<missing>"
WRONG: list[Any] = [MISSING, None, [], {}, [[None]], {"a": None}, True]
ODD: list[Any] = [
    *("", " ", "words", "x" * 10_000, "a\x00b", "\ud83d", "\u202e"),
    *(-1, 0, 1.5, 10**40),
    "1 pc",
    "732,50",
    "1 732.50",
    "25/11/2026 22:03",
    "9999-12-31T23:59:59Z",
    "0000-00-00",
    1_764_108_180,
    1_764_108_180_000,
    "false",
    "NEW_STATE",
]
PURCHASE = Purchase("7", "t1", 2)
VALUE = Purchase("7", "25.00", 2)
Supplier = OneClickDz | Starship


def oneclickdz(answer: Callable[[httpx.Request], httpx.Response]) -> OneClickDz:
    return OneClickDz(
        base_url="http://s/v3",
        api_key="k",
        clock=HarnessClock(),
        calls_per_minute=10**6,
        transport=httpx.MockTransport(answer),
    )


def starship(answer: Callable[[httpx.Request], httpx.Response]) -> Starship:
    return Starship(
        base_url="http://s",
        api_key="sk_live_x",
        api_secret="s",
        clock=HarnessClock(),
        rate=Rate("USD", Decimal(200), date(2026, 11, 1)),
        calls_per_ten_seconds=10**6,
        transport=httpx.MockTransport(answer),
    )


@dataclass(frozen=True)
class Case:
    """`sent`: the good answer. `place`: where the changed object is in it. `effects` by field."""

    make: Callable[[Callable[[httpx.Request], httpx.Response]], Supplier]
    path: str
    sent: Any
    place: tuple[str | int, ...]
    ask: Callable[[Any], Awaitable[Any]]
    effects: Mapping[str, set[str]]
    others: Mapping[str, Any] | None = None  # answers of other paths

    async def answer(self, sent: Any) -> Any:
        def respond(request: httpx.Request) -> httpx.Response:
            path = request.url.path
            answers = {**(self.others or {}), self.path: sent}
            last = max(answers, key=path.rfind)
            return httpx.Response(200, content=json.dumps(answers[last] if last in path else []))

        supplier = self.make(respond)
        try:
            return await self.ask(supplier)
        finally:
            await supplier.close()

    def changed(self, field: str, value: Any) -> Any:
        sent = copy.deepcopy(self.sent)
        row = sent
        for step in self.place:
            row = row[step]
        if value is MISSING:
            del row[field]
        else:
            row[field] = value
        return sent


def enveloped(data: Any) -> dict[str, Any]:
    return {"success": True, "data": data, "meta": {"timestamp": "2026-11-21T09:00:00Z"}}


def order(number: str) -> dict[str, Any]:
    return {
        "_id": number,
        "status": "PARTIALLY_FILLED",
        "quantity": 2,
        "product": "7",
        "type": "t1",
        "time": "2026-11-21T09:00:00Z",
        "fulfilled_quantity": 1,
        "fulfilled_amount": 1465,
        "price_per_card": 1465,
        "cards": [{"value": f"CODE-{number}", "serial": "S-1"}],
    }


def kind(number: str) -> dict[str, Any]:
    return {"id": number, "name": "10 USD", "price": 1465, "quantity": 25, "available": True}


def voucher(number: str) -> dict[str, Any]:
    return {
        "card_number": f"CODE-{number}",
        "pin_code": "1234",
        "claim_url": "https://claim.example/1",
        "voucher_reference_number": "R-1",
        "expires_at": "2027-11-21T09:00:00Z",
    }


def bought(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "reference_code": "HN-1-aa",
        "product_id": 7,
        "denomination": "25.00",
        "quantity": 2,
        "status": "DELIVERED",
        "placed_at": "2026-11-21T09:00:00Z",
        "vouchers": [voucher("1"), voucher("2")],
    }


def product(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"Product {number}",
        "category": "Games",
        "country_id": 3,
        "currency_id": 4,
        "currency_code": "USD",
        "delivery_type": "code",
        "available_denominations": [
            {"min_value": 25, "max_value": 25},
            {"min_value": 50, "max_value": 90, "step": 5},
        ],
    }


async def listed(supplier: Supplier) -> Any:
    return await supplier.orders(START - timedelta(days=1), START + timedelta(days=1))


async def shelf(supplier: Supplier) -> Any:
    return [p for c in await supplier.catalogue() for p in c.products]


async def offers(supplier: Supplier) -> Any:
    return (await supplier.product("7")).denominations


ORDER_EFFECTS = {
    "quantity": {"quantity", "purchase"},
    "product": {"purchase"},
    "type": {"purchase"},
    "time": {"ordered_at"},
    "fulfilled_quantity": {"fulfilled_quantity", "unreadable", "final"},
    "fulfilled_amount": {"charged_minor"},
    "price_per_card": {"unit_cost_minor"},
    "cards": {"cards", "unreadable_cards", "final"},
}
STATUS = {"status", "final", "cards", "fulfilled_quantity"}
NAMES = {"label", "lowest_minor", "highest_minor", "currency"}
CHARGES = {"total_payable": 50, "max_quantity": 9}
CASES = {
    "checkOrder": Case(
        oneclickdz,
        "checkOrder",
        enveloped(order("1")),
        ("data",),
        lambda s: s.order("1", PURCHASE),
        {**ORDER_EFFECTS, "_id": {ANSWER}, "status": {ANSWER, *STATUS}},
    ),
    "list": Case(
        oneclickdz,
        "list",
        enveloped({"items": [order("1"), order("2")]}),
        ("data", "items", 0),
        listed,
        {**ORDER_EFFECTS, "_id": {ROW, "supplier_order_id"}, "status": {ROW, *STATUS}},
    ),
    "types": Case(
        oneclickdz,
        "checkProduct",
        enveloped({"types": [kind("t1"), kind("t2")]}),
        ("data", "types", 0),
        offers,
        {
            "id": {ROW, "supplier_type_id"},
            "name": NAMES,
            "price": {ROW, "cost_minor"},
            "quantity": {"stock"},
            "available": {"stock"},
        },
    ),
    "checkProduct": Case(
        oneclickdz,
        "checkProduct",
        enveloped({"productId": "7", "productTitle": "X", "types": [kind("t1")]}),
        ("data",),
        offers,
        {"productId": set(), "productTitle": set(), "types": {ANSWER, ROW}},  # an empty list: none,
    ),
    "catalogue": Case(
        oneclickdz,
        "catalog",
        enveloped(
            {
                "categories": [
                    {
                        "title": "A",
                        "products": [
                            {"id": "1", "title": "X", "enabled": True, "region": "dz"},
                            {"id": "2", "title": "Y", "enabled": True, "region": "dz"},
                        ],
                    }
                ]
            }
        ),
        ("data", "categories", 0, "products", 0),
        shelf,
        {
            "id": {ROW, "supplier_product_id"},
            "title": {ROW, "title"},
            "enabled": {"enabled"},
            "region": {"region"},
        },
    ),
    "validate": Case(
        oneclickdz,
        "validate",
        enveloped(
            {
                "username": "+213",
                "apiKey": {
                    "key": "k",
                    "isEnabled": True,
                    "type": "PRODUCTION",
                    "allowedips": [],
                    "scope": "READ-WRITE",
                },
            }
        ),
        ("data", "apiKey"),
        lambda s: s.validate(),
        {
            "key": set(),
            "allowedips": set(),
            "isEnabled": {"enabled"},
            "type": {ANSWER, "environment"},
            "scope": {"may_buy"},
        },
    ),
    "transactions": Case(
        oneclickdz,
        "transactions",
        enveloped(
            {
                "items": [
                    {"_id": "1", "type": "ORDER", "amount": 5, "objid": "9", "time": "x"},
                    {"_id": "2", "type": "ORDER", "amount": 5, "objid": "8", "time": "x"},
                ]
            }
        ),
        ("data", "items", 0),
        lambda s: s.movements(START, START),
        {
            "_id": set(),
            "type": {ROW},
            "amount": {ROW, "amount_minor"},
            "objid": {ROW, "supplier_order_id"},
            "time": set(),
        },
    ),
    "orders/1": Case(
        starship,
        "orders/1",
        bought(1),
        (),
        lambda s: s.order("1", VALUE),
        {
            "id": {ANSWER},
            "reference_code": {"reference"},
            "product_id": {"purchase"},
            "denomination": {"purchase"},
            "quantity": {"quantity", "purchase"},
            "status": {ANSWER, "status", "final", "unreadable_cards"},
            "placed_at": {"ordered_at"},
            "vouchers": {"cards", "unreadable_cards", "final"},
        },
    ),
    "orders": Case(
        starship,
        "orders",
        [bought(1), bought(2)],
        (0,),
        listed,
        {
            "id": {ROW, "supplier_order_id"},
            "reference_code": {"reference"},
            "product_id": set(),
            "denomination": set(),
            "quantity": {"quantity"},
            "status": {ROW, "status"},
            "placed_at": {"ordered_at", ROW},  # one of another time is not asked for
            "vouchers": set(),
        },
    ),
    "products": Case(
        starship,
        "products",
        [product(1), product(2)],
        (0,),
        shelf,
        {
            "id": {ROW, "supplier_product_id"},
            "name": {ROW, "title"},
            "category": set(),
            "country_id": {"region"},
            "currency_id": set(),
            "currency_code": set(),
            "delivery_type": {ROW},  # of unknown delivery: hidden
            "available_denominations": set(),
        },
        {"countries": [{"id": 3, "code": "DZ"}]},
    ),
    "products/7": Case(
        starship,
        "products/7",
        product(7),
        (),
        offers,
        {
            "id": {ANSWER},
            "name": set(),
            "category": set(),
            "country_id": set(),
            "currency_id": set(),
            "currency_code": {"label", "currency"},
            "delivery_type": {"supplier_type_id"},
            "available_denominations": {ANSWER, ROW},  # an empty list: none
        },
        {"charges": CHARGES, "currencies": [{"id": 4, "code": "USD"}]},
    ),
    "denominations": Case(
        starship,
        "products/7",
        product(7),
        ("available_denominations", 1),
        offers,
        {
            "min_value": {ROW, "supplier_type_id", "label", "lowest_minor"},
            "max_value": {ROW, "supplier_type_id", "label", "highest_minor"},
            "step": {"step_minor"},
        },
        {"charges": CHARGES},
    ),
    "charges": Case(
        starship,
        "charges",
        CHARGES,
        (),
        lambda s: s.product("7", purchase=VALUE),
        {"total_payable": {ANSWER, "denominations"}, "max_quantity": {"denominations"}},
        {"products/7": product(7)},
    ),
    "wallets": Case(
        starship,
        "wallets",
        [{"id": 1, "currency_id": 4, "currency_code": "USD", "amount": 100}],
        (0,),
        lambda s: s.balance(),
        {"id": {ANSWER}, "amount": {ANSWER, "value"}, "currency_id": set(), "currency_code": set()},
    ),
}
