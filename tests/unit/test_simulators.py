"""The simulators refuse what the real servers refuse: a test that passes on them means something."""

import json

import httpx
import pytest

from bot.domain.supplier import Purchase
from bot.errors import (
    AccessRefused,
    CircuitOpen,
    OutcomeUnknown,
    RequestRefused,
    SupplierUnavailable,
    TryLater,
)
from bot.sandbox.supplier.api import SupplierApi
from bot.sandbox.supplier.book import Refusal, SupplierBook
from bot.sandbox.supplier.catalogue import sample_catalogue
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.panel import Panel
from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.files import picture_size
from bot.sandbox.telegram.menus import commands_for
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import World
from bot.suppliers.oneclickdz import OneClickDz
from tests.fakes import START, HarnessClock


@pytest.fixture
def world():
    made = World("1:token")
    made.person(5)
    made.chat(5)
    return made


@pytest.fixture
async def call(world):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=TelegramApi(world).app), base_url="http://t"
    ) as client:

        async def send(method, token="1:token", **values):
            form = {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
            return (await client.post(f"/bot{token}/{method}", data=form)).json()

        yield send


def keys(**button):
    return {"inline_keyboard": [[{"text": "x", **button}]]}


REFUSED = [
    ("sendMessage", {"chat_id": 5, "text": ""}, "empty"),
    ("sendMessage", {"chat_id": 5, "text": "x" * 4097}, "too long"),
    ("sendMessage", {"chat_id": 77, "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": 5, "text": "x", "parse_mode": "HTML"}, "unknown parameters"),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
        "ENTITY_BOUNDS",
    ),
    (
        "sendMessage",
        {
            "chat_id": 5,
            "text": "x" * 300,
            "entities": [{"type": "bold", "offset": n, "length": 1} for n in range(101)],
        },
        "entities",
    ),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "reply_markup": keys(callback_data="é" * 33)},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "reply_markup": keys(copy_text={"text": "c" * 257})},
        "COPY_TEXT",
    ),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": keys()}, "BUTTON_TYPE"),
    (
        "sendMessage",
        {
            "chat_id": 5,
            "text": "x",
            "reply_markup": {"inline_keyboard": [[{"text": "", "url": "x"}]]},
        },
        "BUTTON_TEXT",
    ),
    (
        "sendMessage",
        {
            "chat_id": 5,
            "text": "x",
            "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "y"}] * 9]},
        },
        "too long",
    ),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "reply_markup": {"keyboard": []}},
        "object expected",
    ),
    ("editMessageText", {"chat_id": 5, "message_id": 99, "text": "x"}, "message to edit not found"),
    ("deleteMessage", {"chat_id": 5, "message_id": 99}, "message to delete not found"),
    ("editMessageMedia", {"chat_id": 5, "message_id": 99, "media": {}}, "not found"),
    ("answerCallbackQuery", {"callback_query_id": "9"}, "query is too old"),
    ("answerCallbackQuery", {"callback_query_id": "9", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("sendDocument", {"chat_id": 5}, "no document"),
    (
        "setMyCommands",
        {"commands": [{"command": "Bad Name", "description": "x"}]},
        "BOT_COMMAND_INVALID",
    ),
    ("setMyCommands", {"commands": [{"command": "good", "description": ""}]}, "DESCRIPTION"),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 77}}, "chat not found"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "TOO_LONG"),
    ("sendDice", {"chat_id": 5}, "method not found"),
]


@pytest.mark.parametrize(("method", "values", "words"), REFUSED)
async def test_telegram_refuses(call, method, values, words):
    answer = await call(method, **values)
    assert not answer["ok"]
    assert words in answer["description"]


async def test_telegram_knows_its_messages(world, call):
    sent = (await call("sendMessage", chat_id=5, text="hello"))["result"]
    target = {"chat_id": 5, "message_id": sent["message_id"]}

    assert "not modified" in (await call("editMessageText", text="hello", **target))["description"]
    assert (await call("editMessageText", text="new", **target))["result"]["text"] == "new"
    query = world.ask(world.person(5).user, sent, "home")
    assert (await call("answerCallbackQuery", callback_query_id=query.id))["ok"]
    assert not (await call("answerCallbackQuery", callback_query_id=query.id))["ok"]
    world.blocked.add(5)
    assert (await call("sendMessage", chat_id=5, text="x"))["error_code"] == 403
    world.blocked.clear()
    said = await world.person(5).say("/start")
    mine = max(world.chat(5).messages)
    assert (
        "can't be edited"
        in (await call("editMessageText", chat_id=5, message_id=mine, text="x"))["description"]
    )
    updates = (await call("getUpdates", timeout=0))["result"]
    assert [u["update_id"] for u in updates][-1] == said
    assert (await call("getUpdates", offset=said + 1, timeout=0))["result"] == []
    assert (await call("getMe", token="2:wrong"))["error_code"] == 401
    world.now = lambda: sent["date"] + 49 * 3600.0
    assert "can't be deleted" in (await call("deleteMessage", **target))["description"]
    with pytest.raises(LookupError):
        await world.person(5).press("nothing")
    with pytest.raises(LookupError):
        assert world.person(6).screen
    with pytest.raises(TimeoutError):
        await world.person(5).until(lambda _me: False, 0.1)


def adapter(book, key, **options):
    clock = HarnessClock()
    return OneClickDz(
        base_url="http://s/v3",
        api_key=key,
        clock=clock,
        timeout_seconds=1,
        transport=httpx.ASGITransport(app=SupplierApi(book).app, raise_app_exceptions=False),
        **options,
    )


@pytest.fixture
def book():
    return SupplierBook(now=lambda: START)


async def yes():
    return True


async def no():
    return False


def test_the_catalogue_is_believable():
    catalogue = sample_catalogue()
    goods = [g for c in catalogue for g in c.products]
    kinds = [k for g in goods for k in g.denominations]
    assert (len(catalogue), 55 <= len(goods) <= 65) == (14, True)
    assert len({g.id for g in goods}) == len(goods)
    assert len({k.id for k in kinds}) == len(kinds)
    assert all(k.price > 0 for k in kinds)


async def test_the_supplier_blocks_after_five_bad_keys_and_we_stop_after_one(book):
    supplier = adapter(book, "wrong")
    for _ in range(3):
        with pytest.raises((AccessRefused, CircuitOpen)):
            await supplier.balance()
    assert book.bad_keys == 1
    assert supplier.refusal == "INVALID_ACCESS_TOKEN"
    for _ in range(4):
        with pytest.raises(AccessRefused):
            await supplier.validate()
    with pytest.raises(AccessRefused) as refused:
        await supplier.validate()
    assert refused.value.code == "IP_BLOCKED"


async def test_the_supplier_minds_addresses_ceilings_and_its_own_errors(book):
    key = book.add_key()
    supplier = adapter(book, key, calls_per_minute=100_000)
    assert await supplier.movements(START, START) == ()
    book.calls_per_minute = 3
    with pytest.raises(TryLater):  # noqa: PT012 - some call of these is over the ceiling
        for _ in range(9):
            await supplier.balance()
    book.calls_per_minute = None
    book.keys[key].allowed_ips.append("10.0.0.1")
    book.calls.clear()
    with pytest.raises(AccessRefused):
        await adapter(book, key).balance()
    with pytest.raises(AccessRefused):
        await adapter(book, "").balance()


async def test_a_purchase_says_exactly_what_came_of_it(book):
    supplier = adapter(book, book.add_key(), calls_per_minute=100_000)
    good = book.categories[0].products[0]
    kind = next(k for k in good.denominations if k.quantity > 0)
    purchase = Purchase(good.id, kind.id, 1)

    assert await supplier.buy(supplier.build_request(purchase, 1), no) is None
    assert book.orders == {}
    assert await supplier.buy(supplier.build_request(purchase, 1), yes) in book.orders
    for fault in (
        Fault(FaultKind.GARBAGE, "placeOrder"),
        Fault(FaultKind.HTML, "placeOrder", status=502),
        Fault(FaultKind.HTML, "placeOrder", status=404),
    ):
        book.script(fault)
        with pytest.raises(OutcomeUnknown):
            await supplier.buy(supplier.build_request(purchase, 1), yes)
    with pytest.raises(RequestRefused):
        await supplier.buy(supplier.build_request(Purchase("nothing", "x", 1), 1), yes)
    await supplier.validate()
    with pytest.raises(RequestRefused):
        await supplier.buy(supplier.build_request(Purchase(good.id, "TEST_REFUND", 1), 1), yes)


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

    supplier = OneClickDz(
        base_url="http://s/v3",
        api_key="k",
        clock=HarnessClock(),
        calls_per_minute=10**6,
        transport=httpx.MockTransport(answer),
    )
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

    supplier = OneClickDz(
        base_url="http://s/v3",
        api_key="k",
        clock=HarnessClock(),
        calls_per_minute=10**6,
        transport=httpx.MockTransport(fail),
    )
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

    supplier = OneClickDz(
        base_url="http://s/v3",
        api_key="k",
        clock=HarnessClock(),
        calls_per_minute=10**6,
        transport=httpx.MockTransport(answer),
    )
    orders = await supplier.orders(START, START)

    assert sorted(o.supplier_order_id for o in orders) == ["1", "2"]
    assert supplier._skew.total_seconds() == 300
    with pytest.raises(RequestRefused) as refused:
        await supplier.balance()
    assert (refused.value.code, refused.value.request_id) == ("ERR_VALIDATION", "req-9")


def menu(*names):
    return [{"command": name, "description": name} for name in names]


def test_the_menu_of_a_chat_goes_before_that_of_all_chats_and_its_language_before_any(world):
    person = world.person(7, "Karim", "fr")
    assert commands_for(world, person) == []

    for where, language in [
        ("default", ""),
        ("default", "fr"),
        ("all_private_chats", ""),
        ("all_private_chats", "fr"),
        ("chat:7", ""),
    ]:
        world.commands[where, language] = menu(f"{where}-{language}")
        assert commands_for(world, person)[0]["command"] == f"{where}-{language}"
    assert commands_for(world, world.person(6, "Lina", "en"))[0]["command"] == "all_private_chats-"


async def test_photos_documents_and_actions(world, call):
    assert (await call("sendChatAction", chat_id=5, action="dancing"))["ok"] is False
    assert (await call("sendChatAction", chat_id=5, action="typing"))["ok"]
    assert world.chat(5).action == "typing"
    assert (await call("sendMessage", chat_id=5, text="here"))["ok"]
    assert world.chat(5).action == ""
    assert "no photo" in (await call("sendPhoto", chat_id=5, caption="x"))["description"]


JPEG = bytes.fromhex("ffd8ffe000040000ffc0000b080010002001011100ffd9")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (30).to_bytes(4) + (20).to_bytes(4)


@pytest.mark.parametrize(
    ("content", "size"), [(PNG, ("image/png", 30, 20)), (JPEG, ("image/jpeg", 32, 16))]
)
def test_pictures_have_a_size(content, size):
    assert picture_size(content) == size


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"\xff\xd8", b"\xff\xd8\x00\x00\x00\x00", PNG[:16], PNG[:16] + bytes(8)],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ApiError):
        picture_size(content)


@pytest.fixture
def panel():
    return Panel(SupplierBook(), "shop")


def test_the_panel_refuses_what_it_has_no_button_for(panel):
    for what, value in [
        ("next", "explode"),
        ("stock", "nothing"),
        ("finish", "nothing"),
        ("x", ""),
    ]:
        with pytest.raises(LookupError):
            panel.act(what, value)


def test_prices_rise_once_and_fall_back_to_what_they_were(panel):
    kind = panel.book.categories[0].products[0].denominations[0]
    usual = kind.price

    panel.act("price_rise", "on")
    panel.act("price_rise", "on")
    assert kind.price == (usual * 5 / 4).quantize(usual)
    panel.act("price_rise", "off")

    assert kind.price == usual


def test_one_choice_for_the_next_order_takes_the_place_of_another(panel):
    panel.act("next", "lost_answer")
    assert dict(panel.shows())["supplier", "shop"]["next"] == "lost_answer"
    panel.act("next", "slow")

    assert dict(panel.shows())["supplier", "shop"]["next"] == "slow"
    assert panel.book.take_fault("/v3/gift-cards/placeOrder") is None
    panel.act("next", "usual")
    assert dict(panel.shows())["supplier", "shop"]["next"] == "usual"


def test_a_refused_order_leaves_the_choice_for_the_next_one(panel):
    book, kind = panel.book, panel.book.categories[0].products[0].denominations[1]
    key = book.keys[book.add_key()]
    good = book.categories[0].products[0]
    panel.act("balance", "empty")
    panel.act("next", "refund")

    with pytest.raises(Refusal):
        book.place(key, good.id, kind.id, 1)
    panel.act("balance", "top-up")

    assert book.place(key, good.id, kind.id, 1).outcome == 0
