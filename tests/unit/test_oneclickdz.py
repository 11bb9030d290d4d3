"""The adapter of OneClickDz on answers that the supplier's simulator never gives."""

from datetime import timedelta

import httpx
import pytest

from bot.domain.supplier import Purchase
from bot.errors import OutcomeUnknown, RequestRefused, SupplierUnavailable, TryLater
from bot.suppliers.oneclickdz import OneClickDz
from tests.fakes import START, HarnessClock


def adapter(answer) -> OneClickDz:
    return OneClickDz(
        base_url="http://s/v3",
        api_key="k",
        clock=HarnessClock(),
        calls_per_minute=10**6,
        transport=httpx.MockTransport(answer),
    )


async def yes():
    return True


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b'{"success": true}',
        b'{"success": true, "data": {"items": 5}}',
        b'{"success": true, "data": {"balance": "x", "items": [{"quantity": -1}], "categories": 1, "types": [{}]}}',
        b"\xff\xfe",
        b"[" * 5000,
        b"x" * (9 * 1024 * 1024),
    ],
    ids=lambda b: b[:20].decode("latin-1"),
)
async def test_nonsense_of_any_kind_is_a_failed_reading_and_an_unknown_purchase(body):
    def answer(_request):
        return httpx.Response(200, content=body)

    supplier = adapter(answer)
    for ask in (
        supplier.balance(),
        supplier.catalogue(),
        supplier.orders(START, START),
        supplier.validate(),
    ):
        with pytest.raises(SupplierUnavailable):
            await ask
    with pytest.raises(OutcomeUnknown):
        await supplier.buy(supplier.build_request(Purchase("a", "b", 1), 1), yes)


@pytest.mark.parametrize(
    "extra",
    [
        {"data": {"orderId": "6901616fe9e88196b4eb64b3"}},
        {"data": {"orderRef": 690161}},
        {"details": {"field": "quantity", "orderId": "6901616fe9e88196b4eb64b3"}},
    ],
)
async def test_an_error_that_names_an_order_leaves_open_whether_it_was_bought(extra):
    error = {"code": "ERR_VALIDATION", "message": "", "details": extra.get("details")}
    body = {"success": False, "error": error, "data": extra.get("data")}
    supplier = adapter(lambda _request: httpx.Response(400, json=body))

    with pytest.raises(OutcomeUnknown):
        await supplier.buy(supplier.build_request(Purchase("a", "b", 1), 1), yes)


@pytest.mark.parametrize("data", [None, {}, {"orderId": None}, {"orderId": "undefined"}])
async def test_an_error_without_the_id_of_an_order_is_a_refusal(data):
    body = {"success": False, "error": {"code": "ERR_VALIDATION"}, "data": data}
    supplier = adapter(lambda _request: httpx.Response(400, json=body))

    with pytest.raises(RequestRefused):
        await supplier.buy(supplier.build_request(Purchase("a", "b", 1), 1), yes)


@pytest.mark.parametrize("hidden", ["value", "serial"])
async def test_a_code_that_the_list_shows_in_part_is_left_to_the_answer_about_the_order(hidden):
    card = {"value": "AB12-CD34", "serial": "9"} | {hidden: "****-34"}
    row = {"_id": "1", "status": "FULFILLED", "quantity": 1, "cards": [card]}
    body = {"success": True, "data": {"items": [row]}}
    supplier = adapter(lambda _request: httpx.Response(200, json=body))

    (listed,) = await supplier.orders(START, START)

    assert (listed.cards, listed.unreadable_cards) == ((), ())


@pytest.mark.parametrize("written", ["undefined", "null", " None", "NaN", "[object Object]", ""])
async def test_an_accepted_purchase_whose_id_is_none_is_searched_for(written):
    """The status of an order `undefined` could be asked for ever."""
    body = {"success": True, "data": {"orderId": written}}
    supplier = adapter(lambda _request: httpx.Response(200, json=body))

    with pytest.raises(OutcomeUnknown):
        await supplier.buy(supplier.build_request(Purchase("a", "b", 1), 1), yes)


@pytest.mark.parametrize(
    ("second", "stays", "logged"),
    [
        ({"title": "Steam Turkey", "region": "us"}, False, "1 products have several names each"),
        ({"title": "STEAM  usa", "region": "us"}, True, "1 products are listed more than once"),
        ({"title": "Steam USA", "region": "eu"}, False, "1 products have several names each"),
    ],
)
async def test_two_rows_of_one_product_are_told_and_not_used_where_they_differ(
    caplog, second, stays, logged
):
    first = {"id": "5", "title": "Steam USA", "region": "us"}
    other = {"id": "6", "title": "Netflix", "region": "us"}
    shelves = [
        {"title": "Games", "products": [first, other]},
        {"title": "More", "products": [{"id": 5, **second}]},
    ]

    def answer(_request):
        return httpx.Response(200, json={"success": True, "data": {"categories": shelves}})

    caplog.set_level("INFO", logger="bot.suppliers")
    offered = await adapter(answer).catalogue()

    ids = {product.supplier_product_id for shelf in offered for product in shelf.products}
    assert ids == ({"5", "6"} if stays else {"6"})
    assert [one.getMessage() for one in caplog.records if logged in one.getMessage()]
    assert "Steam" not in caplog.text


@pytest.mark.parametrize(
    ("error", "buying", "reading"),
    [
        (httpx.ConnectError, TryLater, TryLater),
        (httpx.ConnectTimeout, TryLater, TryLater),
        (httpx.PoolTimeout, TryLater, TryLater),
        (httpx.ReadTimeout, OutcomeUnknown, SupplierUnavailable),
        (httpx.WriteError, OutcomeUnknown, SupplierUnavailable),
        (httpx.RemoteProtocolError, OutcomeUnknown, SupplierUnavailable),
    ],
)
async def test_a_broken_line_is_read_by_whether_the_request_had_left(error, buying, reading):
    def fail(_request):
        raise error("broken")

    supplier = adapter(fail)
    with pytest.raises(buying):
        await supplier.buy(supplier.build_request(Purchase("a", "b", 1), 1), yes)
    with pytest.raises(reading):
        await supplier.balance()


async def test_other_paginations_request_ids_and_clocks_are_understood():
    pages = iter(
        [
            {
                "success": True,
                "data": {
                    "items": [
                        {
                            "_id": "1",
                            "status": "HANDLING",
                            "quantity": 1,
                            "time": "2026-11-21T09:10:00Z",
                        }
                    ]
                },
                "meta": {
                    "pagination": {"page": 1, "totalPages": 2},
                    "timestamp": "2026-11-21T09:05:00.000Z",
                },
            },
            {
                "success": True,
                "data": {
                    "items": [
                        {"_id": "1", "status": "HANDLING", "quantity": 1},
                        {"_id": "2", "status": "HANDLING", "quantity": 1},
                    ]
                },
                "meta": {
                    "pagination": {"page": 2, "totalPages": 2},
                    "timestamp": "2001-01-01T00:00:00.000Z",
                },
            },
        ]
    )

    def answer(request):
        if "balance" in str(request.url):
            return httpx.Response(
                400,
                json={
                    "success": False,
                    "error": {"code": "err-validation"},
                    "meta": {"requestId": "req-9"},
                },
            )
        return httpx.Response(200, json=next(pages))

    supplier = adapter(answer)
    orders = await supplier.orders(START, START)

    assert sorted(o.supplier_order_id for o in orders) == ["1", "2"]
    told = supplier.server_time
    assert told is not None
    assert told.time - START == timedelta(minutes=5), "not that of 2001"
    with pytest.raises(RequestRefused) as refused:
        await supplier.balance()
    assert (refused.value.code, refused.value.request_id) == ("ERR_VALIDATION", "req-9")


async def test_values_of_one_id_that_differ_are_not_sold_and_the_others_are(caplog):
    """Bought by that id, a customer might get the other one."""

    def answer(_request):
        types = [
            {"id": "a", "name": "10 USD", "price": 1500, "quantity": 5},
            {"id": "b", "name": "20 USD", "price": 3000, "quantity": 5},
            {"id": "a", "name": "100 USD", "price": 15000, "quantity": 5},
            {"id": "b", "name": "20 USD", "price": 3000, "quantity": 5},
            {"id": "c", "name": "9" * 20 + " USD", "price": "1,000", "quantity": "1,000"},
            {"id": "d", "name": "5 USD", "price": 700, "quantity": 2**64},
            {"id": "e", "name": "6 USD", "price": 2**64, "quantity": 1},
        ]
        return httpx.Response(200, json={"success": True, "data": {"types": types}})

    offer = await adapter(answer).product("p")

    sold = [(each.supplier_type_id, each.cost_minor, each.stock) for each in offer.denominations]
    assert sold == [("b", 300_000, 5), ("c", 100_000, 1000)]
    assert not offer.complete
    assert "checkProduct: 2 rows have the id of another one" in caplog.text
    assert "checkProduct: 2 of 7 rows cannot be read" in caplog.text


async def test_values_of_one_id_that_differ_in_their_stock_alone_are_sold_by_the_lowest():
    """What is bought and what it costs is sure."""

    def answer(_request):
        value = {"id": "a", "name": "10 USD", "price": 1500}
        types = [{**value, "quantity": 5}, {**value, "quantity": 4}, {**value, "available": True}]
        others = [{**value, "id": "b", "quantity": stock} for stock in (5, 4, 6)]
        return httpx.Response(200, json={"success": True, "data": {"types": types + others}})

    offer = await adapter(answer).product("p")

    assert [(each.supplier_type_id, each.stock) for each in offer.denominations] == [
        ("a", 1),
        ("b", 4),
    ]
    assert offer.complete
