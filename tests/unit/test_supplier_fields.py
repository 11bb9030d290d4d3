"""Every field of every answer, deleted, nulled or of a wrong kind: only that field's effect changes.

An effect is a set of attributes of one row; ROW where the row cannot be read and is left out, and
ANSWER where nothing can be said and the call is an outage. Other rows never change.
"""

import copy
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.domain.supplier import Purchase, Rate, SupplierOrder
from bot.errors import SupplierUnavailable
from bot.suppliers.oneclickdz import OneClickDz
from bot.suppliers.starship import Starship
from tests.fakes import START, HarnessClock

ROW, ANSWER = "row left out", "no answer"
MISSING = "<missing>"
WRONG: list[Any] = [MISSING, None, [], {}, [[None]], {"a": None}, True]
ODD: list[Any] = [
    "",
    " ",
    "words",
    "x" * 10_000,
    "a\x00b",
    "\ud83d",
    "\u202e",
    -1,
    0,
    1.5,
    10**40,
    "1 pc",
    "732,50",
    "1 732.50",
    "-5",
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
            "quantity": set(),
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
        {
            "id": {ANSWER},
            "currency_id": set(),
            "currency_code": set(),
            "amount": {ANSWER, "value"},
        },
    ),
}


def rows_of(found: Any) -> list[dict[str, Any]]:
    many = found if isinstance(found, Sequence) else [found]
    return [
        {"value": row}
        if isinstance(row, int)
        else {f.name: getattr(row, f.name) for f in fields(row)}
        for row in many
    ]


def differs(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


async def asked(case: Case, field: str, value: Any) -> Any:
    """None for an outage."""
    try:
        return await case.answer(case.changed(field, value))
    except SupplierUnavailable:
        return None


@pytest.mark.parametrize(
    ("case", "field"), [(case, field) for case in CASES for field in CASES[case].effects]
)
async def test_a_field_that_cannot_be_read_changes_its_own_effect_alone(case, field):
    tested, allowed = CASES[case], CASES[case].effects[field]
    before = rows_of(await tested.answer(tested.sent))
    assert before
    for value in [*WRONG, *ODD]:
        found = await asked(tested, field, value)
        if found is None:
            assert ANSWER in allowed, value
            continue
        after = rows_of(found)
        if len(after) < len(before):
            assert ROW in allowed, value
            assert after == [row for row in before if row in after], value
            continue
        changed = [differs(*pair) for pair in zip(before, after, strict=True)]
        if tested.path == "products/7" and not tested.place:
            assert set().union(*changed) <= allowed, (value, changed)
        else:
            assert sum(map(bool, changed)) <= 1, value
            assert set().union(*changed) <= allowed, (value, changed)


@pytest.mark.parametrize("case", CASES)
async def test_every_field_of_an_answer_is_tried(case):
    row = CASES[case].sent
    for step in CASES[case].place:
        row = row[step]
    assert set(row) == set(CASES[case].effects)


NEEDED = [
    ("types", "price"),
    ("types", "id"),
    ("list", "_id"),
    ("list", "status"),
    ("catalogue", "id"),
    ("catalogue", "title"),
    ("transactions", "amount"),
    ("orders", "id"),
    ("orders", "status"),
    ("products", "id"),
    ("denominations", "min_value"),
]


@pytest.mark.parametrize(("case", "field"), NEEDED)
@pytest.mark.parametrize("value", WRONG, ids=repr)
async def test_what_is_needed_and_unreadable_hides_its_row_and_no_other(case, field, value):
    before = await CASES[case].answer(CASES[case].sent)

    after = await CASES[case].answer(CASES[case].changed(field, value))

    assert len(after) == len(before) - 1


ANSWERS = [
    ("checkOrder", "status"),
    ("checkProduct", "types"),
    ("validate", "type"),
    ("orders/1", "id"),
    ("orders/1", "status"),
    ("products/7", "available_denominations"),
    ("charges", "total_payable"),
    ("wallets", "amount"),
]


@pytest.mark.parametrize(("case", "field"), ANSWERS)
@pytest.mark.parametrize("value", [MISSING, None, {}, "\x00", True], ids=repr)
async def test_an_answer_without_what_is_needed_is_an_outage(case, field, value):
    with pytest.raises(SupplierUnavailable):
        await CASES[case].answer(CASES[case].changed(field, value))


CARDS = {"checkOrder": ("data", "cards", 0), "orders/1": ("vouchers", 0)}
BAD_CARDS: list[Any] = [
    None,
    7,
    "text",
    [],
    {},
    {"value": None, "card_number": None},
    {"value": {"a": 1}, "card_number": {"a": 1}},
    {"value": "ABC\ud83d", "card_number": "ABC\ud83d"},
    {"value": "ABC", "serial": ["x"], "card_number": "ABC", "pin_code": ["x"]},
    {"claim_url": "http://no.example", "code": ""},
]


@pytest.mark.parametrize("case", CARDS)
@pytest.mark.parametrize("bad", BAD_CARDS, ids=ascii)
async def test_a_card_that_cannot_be_read_is_kept_as_it_came_and_hides_no_other(case, bad):
    tested = CASES[case]
    sent = copy.deepcopy(tested.sent)
    cards = sent["data"]["cards"] if case == "checkOrder" else sent["vouchers"]
    good = cards[-1]
    cards[:] = [bad, good]

    report: SupplierOrder = await tested.answer(sent)

    assert [card.value for card in report.cards] == [good.get("value") or good["card_number"]]
    (kept,) = report.unreadable_cards
    assert json.loads(kept.value) == {"order": "1", "sent": bad}
    assert kept.value.isascii()
    assert (report.final, report.is_readable) == (False, False)
    assert "ABC" not in repr(report)


@pytest.mark.parametrize("case", CARDS)
@pytest.mark.parametrize(
    "text", ["A" * 10_000, "a\x00b", "a\x1bb\u202e", " 00 12 ", "😀", "كود"], ids=lambda t: t[:5]
)
async def test_a_code_comes_through_as_it_is(case, text):
    tested = CASES[case]
    sent = copy.deepcopy(tested.sent)
    cards = sent["data"]["cards"] if case == "checkOrder" else sent["vouchers"]
    cards[0]["value" if case == "checkOrder" else "card_number"] = text

    report: SupplierOrder = await tested.answer(sent)

    assert report.cards[0].value == text
    assert report.final


@pytest.mark.parametrize("cards", ["text", 7, {"0": {"value": "A"}}, True])
async def test_cards_that_are_no_list_are_kept_whole(cards):
    tested = CASES["checkOrder"]

    report: SupplierOrder = await tested.answer(tested.changed("cards", cards))

    assert (report.cards, report.final) == ((), False)
    assert json.loads(report.unreadable_cards[0].value)["sent"] == cards


async def test_what_was_odd_is_logged_by_name_and_never_by_value(caplog):
    caplog.set_level("INFO", "bot.suppliers")
    tested = CASES["checkOrder"]
    sent = tested.changed("time", "25/11/2026 22:03-SECRET")
    sent["data"]["fulfilled_amount"] = "SECRET words"

    report: SupplierOrder = await tested.answer(sent)

    assert report.final
    assert "time, fulfilled_amount" in caplog.text
    assert "SECRET" not in caplog.text


async def test_the_final_answer_of_the_report_is_read_with_its_odd_side_fields():
    sent = copy.deepcopy(CASES["checkOrder"].sent)
    sent["data"] |= {
        "status": "FULFILLED",
        "time": "25/11/2026 22:03",
        "price_per_card": "732,50",
        "fulfilled_amount": -732.5,
        "quantity": "1 pc",
        "fulfilled_quantity": "1",
    }

    report: SupplierOrder = await CASES["checkOrder"].answer(sent)

    assert (report.final, len(report.cards), report.quantity) == (True, 1, 1)
    assert (report.unit_cost_minor, report.charged_minor) == (73_250, None)
    assert report.ordered_at is None


@pytest.mark.parametrize(
    ("make", "path", "sent"),
    [(oneclickdz, "checkOrder", enveloped(order("2"))), (starship, "orders", bought(2))],
)
async def test_the_codes_of_another_order_are_not_taken(make, path, sent):
    supplier = make(lambda _request: httpx.Response(200, json=sent))
    with pytest.raises(SupplierUnavailable):
        await supplier.order("1", VALUE)
    await supplier.close()


async def test_a_price_that_cannot_be_read_is_not_sold_out():
    tested = CASES["types"]
    sent = tested.changed("price", "on request")
    supplier = oneclickdz(lambda _request: httpx.Response(200, content=json.dumps(sent)))
    with pytest.raises(SupplierUnavailable):
        await supplier.product("7", urgent=True, purchase=PURCHASE)
    other = await supplier.product("7", urgent=True, purchase=Purchase("7", "t2", 1))
    assert [d.supplier_type_id for d in other.denominations] == ["t2"]
    await supplier.close()
