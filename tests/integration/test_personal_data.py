"""A customer's data as a file: all of it, in plain names, without codes, and theirs alone."""

import json

import pytest

from bot.domain.payments import Method
from bot.domain.roles import Role
from bot.refusals import NotFound
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.world import text_of
from bot.services.operations import personal_data
from bot.services.operations.personal_data import collect_personal_data
from tests.bot_harness import LINA, BotHarness
from tests.harness import ShopHarness
from tests.integration.forgetting_steps import NADIA, history
from tests.integration.payment_steps import Payments


@pytest.fixture
def pay(paying_harness: ShopHarness) -> Payments:
    return Payments(paying_harness)


async def test_the_file_has_all_that_is_kept_and_no_code(paying_harness: ShopHarness, pay):
    await history(paying_harness, pay)
    codes = paying_harness.sender.codes_of(NADIA)
    assert codes

    content = await collect_personal_data(paying_harness.shop, NADIA)

    data = json.loads(content)
    assert not any(code in content.decode() for code in codes)
    assert data["profile"]["Telegram id"] == NADIA
    assert data["profile"]["language"] == "en"
    assert [row["number"] for row in data["orders"]["rows"]] == [3, 2, 1]
    assert [row["codes delivered"] for row in data["orders"]["rows"]] == [0, 2, 1]
    assert data["orders"]["rows"][0]["refunded"] == "1770.00"
    assert {row["method"] for row in data["payments"]["rows"]} == {Method.TRANSFER, Method.STARS}
    assert {row["receipts"] for row in data["payments"]["rows"]} == {0, 1}
    assert data["wallet"]["balance"] == "0.00"
    moved = [row["amount"] for row in data["wallet"]["movements"]["rows"]]
    assert len(moved) == data["wallet"]["movements"]["count"]
    assert any(amount.startswith("-") for amount in moved)
    assert data["conversations with support"]["count"] == 1
    assert data["credits by support"]["rows"][0]["note"] == "paid out"
    assert [row["value"] for row in data["waiting to be back in stock"]] == ["100 $"]
    assert data["also kept, how many"]["messages that showed codes"] == 2


async def test_nobody_elses_data_is_in_it(paying_harness: ShopHarness, pay):
    await history(paying_harness, pay)
    await paying_harness.customer(2, dinars=0)

    data = json.loads(await collect_personal_data(paying_harness.shop, 2))

    assert str(NADIA) not in json.dumps(data)
    assert data["orders"] == {"count": 0, "left out": 0, "rows": []}
    with pytest.raises(NotFound):
        await collect_personal_data(paying_harness.shop, 3)


async def test_who_works_here_reads_as_what(harness: ShopHarness):
    await harness.customer(2, dinars=0)
    await harness.hire(NADIA, Role.SUPPORT, 500_000)

    theirs, other = [
        json.loads(await collect_personal_data(harness.shop, one))["your work in the shop"]
        for one in (NADIA, 2)
    ]

    assert (theirs["role"], theirs["limit a day"], theirs["state"]) == (
        "support",
        "5000.00",
        "active",
    )
    assert other is None


async def test_a_long_history_is_read_page_by_page_and_cut(harness: ShopHarness, monkeypatch):
    await harness.customer(NADIA, dinars=0)
    for _ in range(9):
        await harness.credit(NADIA, 1)
    monkeypatch.setattr(personal_data, "_PAGE", 2)
    monkeypatch.setattr(personal_data, "MOST_ROWS", 5)

    data = json.loads(await collect_personal_data(harness.shop, NADIA))

    movements = data["wallet"]["movements"]
    assert (movements["count"], movements["left out"], len(movements["rows"])) == (9, 4, 5)


async def test_the_file_comes_once_an_hour_into_the_customers_own_chat(chat_shop: BotHarness):
    lina = chat_shop.person(LINA)
    await lina.say("/start")
    await lina.say("/privacy")
    await chat_shop.pump()
    before = len(lina.inbox)

    assert await chat_shop.press_newest(lina, "mydata")
    await chat_shop.press_newest(lina, "mydata")

    files = [m for m in lina.inbox[before - 1 :] if "document" in m]
    assert len(files) == 1
    assert files[0]["document"]["file_name"] == "hanout-data.json"
    assert any("in 60 minutes" in text_of(m) for m in lina.inbox)
    chat_shop.clock.pass_time(3601)
    await chat_shop.press(lina, "mydata")
    assert len([m for m in lina.inbox if "document" in m]) == 2


async def test_a_file_that_was_not_sent_comes_with_the_next_try(chat_shop: BotHarness):
    lina = chat_shop.person(LINA)
    await lina.say("/start")
    await chat_shop.pump()
    fault = Fault(FaultKind.STATUS, "sendDocument", times=1, status=400, code="Bad Request: no")
    chat_shop.telegram.faults.append(fault)

    await chat_shop.press(lina, "mydata")

    assert chat_shop.telegram.struck == 1
    assert len([m for m in lina.inbox if "document" in m]) == 1


async def test_those_who_had_a_file_are_not_all_remembered(chat_shop: BotHarness, monkeypatch):
    monkeypatch.setattr("handlers.privacy._MOST_REMEMBERED", 1)
    for number in (LINA, 6):
        person = chat_shop.person(number)
        await person.say("/start")
        await chat_shop.pump()
        await chat_shop.press(person, "mydata")

    assert list(chat_shop.bot_state.files_sent) == [6]
