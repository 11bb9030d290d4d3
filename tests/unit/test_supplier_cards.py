"""Cards and side fields of an order that cannot be read: the codes go out, nothing is lost or shown."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.domain.supplier import SupplierOrder
from bot.errors import SupplierUnavailable
from tests.unit.supplier_answers import (
    CASES,
    PURCHASE,
    VALUE,
    bought,
    enveloped,
    oneclickdz,
    order,
    starship,
)

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
    {"value": "", "serial": "S-1", "card_number": " "},  # a serial redeems nothing
    {"value": "   ", "serial": "S-1"},
    {"claim_url": "https://s.example/\ud83d", "value": []},
    {"value": "ABC", "serial": "A\ud83d", "card_number": "ABC", "pin_code": "A\ud83d"},
    {"value": "****-****-1234", "card_number": "****-****-1234"},  # the rest is hidden
    {"value": "\u2022\u2022\u2022\u20221234", "card_number": "\u25cf\u25cf\u25cf\u25cf 1234"},
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


SIDE_FIELDS = [
    ("orders/1", {"voucher_reference_number": "\ud83d"}, ""),
    ("orders/1", {"voucher_reference_number": ["x"]}, ""),
    ("orders/1", {"claim_url": []}, ""),
    ("orders/1", {"claim_url": {"a": 1}}, ""),
    ("orders/1", {"claim_url": "https://s.example/\ud83d"}, ""),
    ("orders/1", {"claim_url": "https://s.example/x"}, "https://s.example/x"),
    ("orders/1", {"pin_code": {}}, ""),
    ("checkOrder", {"serial": []}, ""),
    ("checkOrder", {"serial": {}}, ""),
]


@pytest.mark.parametrize(("case", "odd", "link"), SIDE_FIELDS, ids=ascii)
async def test_an_odd_field_beside_a_good_code_is_missing_and_the_order_is_final(case, odd, link):
    tested = CASES[case]
    sent = copy.deepcopy(tested.sent)
    cards = sent["vouchers"] if "vouchers" in sent else sent["data"]["cards"]
    name = "card_number" if "vouchers" in sent else "value"
    code = cards[0][name]
    cards[0] = {name: code, **odd}

    report: SupplierOrder = await tested.answer(sent)

    assert (report.cards[0].value, report.cards[0].link) == (code, link)
    assert (report.cards[0].reference, report.cards[0].serial) == ("", "")
    assert (report.final, report.unreadable_cards) == (True, ())


@pytest.mark.parametrize("case", CARDS)
@pytest.mark.parametrize(
    "text",
    ["A" * 10_000, "a\x00b", "a\x1bb\u202e", " 00 12 ", "😀", "كود", "XXXX-XXXX-1234", "A**B"],
    ids=lambda t: t[:5],
)
async def test_a_code_comes_through_as_it_is(case, text):
    tested = CASES[case]
    sent = copy.deepcopy(tested.sent)
    cards = sent["data"]["cards"] if case == "checkOrder" else sent["vouchers"]
    cards[0]["value" if case == "checkOrder" else "card_number"] = text

    report: SupplierOrder = await tested.answer(sent)

    assert report.cards[0].value == text
    assert report.final


async def test_what_redeems_a_code_besides_its_value_goes_with_it():
    tested = CASES["checkOrder"]
    extra = {"pinCode": 1234, "url": "https://s.example/x", "expiryDate": "2027-01-31T00:00:00Z"}
    card = {"value": "ABCD", "serialNumber": "S-1", **extra}

    report: SupplierOrder = await tested.answer(tested.changed("cards", [card]))

    (read,) = report.cards
    assert read.texts == ("ABCD", "S-1", "1234", "https://s.example/x", "")
    assert read.expires_at == datetime(2027, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "extra", [{"pin": " ABCD "}, {"pin": ""}, {"link": "http://s.example/x"}, {"expiry": "never"}]
)
async def test_what_adds_nothing_to_a_code_is_left_out(extra):
    tested = CASES["checkOrder"]

    report: SupplierOrder = await tested.answer(
        tested.changed("cards", [{"value": "ABCD", "serial": "", **extra}])
    )

    (read,) = report.cards
    assert (read.texts, read.expires_at) == (("ABCD", "", "", "", ""), None)


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


async def test_an_answer_without_a_price_that_cannot_be_read_is_not_complete():
    tested = CASES["types"]
    sent = tested.changed("price", "on request")
    supplier = oneclickdz(lambda _request: httpx.Response(200, content=json.dumps(sent)))
    offer = await supplier.product("7", urgent=True, purchase=PURCHASE)
    assert [d.supplier_type_id for d in offer.denominations] == ["t2"]
    assert not offer.complete
    await supplier.close()
