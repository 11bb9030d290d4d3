"""Every spelling that the fact sheet lists is read; nonsense is refused, and nothing secret is shown."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from bot.domain.supplier import Environment, Purchase, SupplierStatus
from bot.suppliers.oneclickdz_models import (
    Balance,
    Catalogue,
    Pagination,
    Placed,
    ProductDetails,
    ProductType,
    SentOrder,
    Validated,
)
from bot.suppliers.reading import read_rows


def read(model, text):
    return model.model_validate(json.loads(text, parse_float=Decimal))


def types_of(text):
    return read_rows(ProductType, read(ProductDetails, text).types, "checkProduct")


@pytest.mark.parametrize("title", ["title", "name"])
@pytest.mark.parametrize("identity", ["id", "_id", "productId"])
def test_a_catalogue_in_each_spelling(title, identity):
    text = f'{{"categories": [{{"{title}": " PSN ", "products": [{{"{identity}": "a", "title": "P", "region": "dz"}}, {{"{identity}": 7, "{title}": "Q", "enabled": false, "new": 1}}]}}, {{"{title}": "Empty", "products": null}}]}}'

    psn, empty = read(Catalogue, text).to_domain()

    assert (psn.title, empty.products) == ("PSN", ())
    assert [(p.supplier_product_id, p.region, p.enabled) for p in psn.products] == [
        ("a", "dz", True),
        ("7", "", False),
    ]


@pytest.mark.parametrize("identity", ["id", "_id"])
@pytest.mark.parametrize(
    ("stock", "expected"),
    [
        ('"quantity": 25', 25),
        ('"available": true', 1),
        ('"available": false', 0),
        ('"quantity": 9, "available": false', 0),
    ],
)
def test_a_type_in_each_spelling(identity, stock, expected):
    text = f'{{"types": [{{"{identity}": "t", "name": "10 USD", "price": 1450.129, {stock}}}]}}'

    (kind,) = (t.to_domain() for t in types_of(text).found)

    assert (kind.stock, kind.cost_minor, kind.label) == (expected, 145_013, "10 USD")


@pytest.mark.parametrize("price", ["-1", "1e30", '"NaN"', "[]", "{}"])
def test_a_price_that_makes_no_sense_hides_its_value_and_no_other(price):
    bad, good = (
        f'{{"id": "{n}", "price": {p}, "quantity": 1}}' for n, p in (("t", price), ("u", 5))
    )

    types = types_of(f'{{"types": [{bad}, {good}, 7, null]}}')

    assert [kind.id for kind in types.found] == ["u"]
    assert types.unreadable == 3


def test_titles_are_one_line_without_what_cannot_be_seen():
    text = '{"categories": [{"title": "A\\u202e\\u0000 B\\nC", "products": [{"id": "1", "title": "%s"}, {"id": "%s", "title": "x"}]}]}'

    (category,) = read(Catalogue, text % ("x" * 5000, "i" * 5000)).to_domain()

    assert category.title == "A B C"
    assert [len(p.title) for p in category.products] == [80]


@pytest.mark.parametrize("name", ["orderId", "_id", "orderRef"])
def test_a_placed_order_in_each_spelling(name):
    assert read(Placed, f'{{"{name}": "abc"}}').order_id == "abc"


def test_a_null_does_not_hide_the_other_spelling():
    assert read(Placed, '{"orderId": null, "_id": "abc"}').order_id == "abc"


def test_a_key_is_real_only_where_it_says_so():
    def key(**fields):
        return Validated.model_validate({"apiKey": fields}).to_domain()

    assert key(type="PRODUCTION").environment is Environment.PRODUCTION
    assert key(type="SANDBOX").environment is Environment.SANDBOX
    assert key(type="TRIAL").environment is Environment.SANDBOX
    assert not key(type="PRODUCTION", scope="READ-ONLY").may_buy
    assert not key(type="PRODUCTION", isEnabled=False).enabled
    with pytest.raises(ValidationError):  # an answer without its type says nothing
        key(isEnabled=True)


def test_orders_as_the_pages_show_them():
    done = read(
        SentOrder,
        '{"_id": "6901", "status": "PARTIALLY_FILLED", "quantity": 5, "fulfilled_quantity": 1, "fulfilled_amount": 490.5, "price_per_card": 490, "cards": [{"value": "A", "serial": null}], "time": "2025-10-29T01:00:00.000Z"}',
    ).to_domain()
    waiting = read(
        SentOrder,
        '{"status": "HANDLING", "quantity": 2, "product": "p", "type": "t", "time": "2025-10-29T01:00:00"}',
    ).to_domain("known")
    strange = read(
        SentOrder, '{"_id": "1", "status": "ON-HOLD", "quantity": 2, "cards": [{"value": "EARLY"}]}'
    ).to_domain()

    assert (done.status, done.final, done.charged_minor, done.unit_cost_minor) == (
        SupplierStatus.PARTIALLY_FILLED,
        True,
        49_050,
        49_000,
    )
    assert [c.value for c in done.cards] == ["A"]
    assert done.purchase is None
    assert (waiting.supplier_order_id, waiting.final, waiting.ordered_at) == (
        "known",
        False,
        datetime(2025, 10, 29, 1, tzinfo=UTC),
    )
    assert waiting.purchase is not None
    assert waiting.purchase.quantity == 2
    assert (strange.status, strange.final) == (SupplierStatus.UNKNOWN, False)
    assert [c.value for c in strange.cards] == ["EARLY"]


@pytest.mark.parametrize("name", ["_id", "id", "$oid"])
def test_an_order_that_holds_its_product_and_value_whole_names_them(name):
    """A lost purchase is found by them."""
    order = read(
        SentOrder,
        f'{{"_id": {{"{name}": "6901"}}, "status": "HANDLING", "quantity": 2, "product": {{"{name}": "p", "title": "PSN"}}, "type": {{"{name}": 7}}}}',
    ).to_domain()

    assert order.supplier_order_id == "6901"
    assert order.purchase == Purchase("p", "7", 2)


@pytest.mark.parametrize("sent", ['{"title": "PSN"}', "{}", '{"id": {"id": "p"}}', '["p"]'])
def test_an_object_without_an_id_is_none(sent):
    order = read(
        SentOrder, f'{{"_id": "1", "status": "HANDLING", "product": {sent}, "type": "t"}}'
    ).to_domain()

    assert order.purchase == Purchase("", "t", 0)


def test_both_paginations_and_decimal_balances():
    assert read(Pagination, '{"page": 1, "totalPages": 3}').total_pages == 3
    assert read(Pagination, "{}").total_pages is None
    assert read(Balance, '{"balance": 1326.13, "currency": "DZD"}').balance == Decimal("1326.13")


def test_codes_stand_in_no_repr_and_no_error():
    order = read(
        SentOrder,
        '{"_id": "1", "status": "FULFILLED", "quantity": 1, "cards": [{"value": "SECRET-CODE", "serial": "SECRET-SERIAL"}]}',
    )

    assert "SECRET" not in repr(order)
    assert "SECRET" not in repr(order.to_domain())
    with pytest.raises(ValidationError) as failed:
        read(SentOrder, '{"status": {"SECRET": 1}, "cards": [{"value": ["SECRET"]}]}')
    assert "SECRET" not in str(failed.value)
