"""Whatever Telegram sends, by the specification or against it: the next customer is served, and nothing is lost unsaid.

20,000 updates in four parts; `python -m tests.outsiders` plays as many as one likes, with any seed.
"""

import asyncio
import json
import logging

import pytest
from telegram import Update

from bot.refusals import required
from handlers.inbox import Inbox
from tests.outsiders.campaign import Campaign, Outcome, ScriptedShop
from tests.outsiders.generator import GROUPS, PEOPLE, Generator
from tests.outsiders.specification import check_update, types

# PTB warns of tasks that are made while nothing runs the application: here the test does.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Tasks created via"),
    pytest.mark.filterwarnings("ignore:Deprecated since version"),
]
_WHOLE = 20_000
_PART = _WHOLE // 4


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
async def shop(sqlite_store):
    made = await ScriptedShop(sqlite_store).open()
    yield made
    await made.close()


def reachable() -> set[str]:
    """The names of all types that an update can hold."""
    found: set[str] = set()
    todo = ["Update"]
    while todo:
        name = todo.pop().rpartition("Array of ")[2]
        if name in types() and name not in found:
            found.add(name)
            described = types()[name]
            todo += described.get("one_of", [])
            todo += [n for field in described.get("fields", {}).values() for n in field["type"]]
    return found


def test_what_is_generated_is_valid():
    generator = Generator(1)

    problems = [p for number in range(2_000) for p in check_update(generator.update(number))]

    assert problems == []


def test_every_field_of_every_type_is_there_and_is_left_out():
    generator = Generator(1)
    for number in range(_WHOLE):
        generator.update(number)

    fields = [
        (name, field, bool(described.get("required")))
        for name in reachable() - {"Update"}
        for field, described in types()[name].get("fields", {}).items()
    ]
    assert len(fields) > 1_000
    assert [f"{n}.{f}" for n, f, _ in fields if not generator.covered[n, f, True]] == []
    assert [
        f"{n}.{f}" for n, f, must in fields if not must and not generator.covered[n, f, False]
    ] == []
    kinds = types()["Update"]["fields"].keys() - {"update_id"}
    assert [kind for kind in kinds if not generator.covered["Update", kind, True]] == []


def test_messages_that_are_accessible_and_that_are_not_stand_wherever_they_may():
    places: set[tuple[str, bool]] = set()

    def look(value: object, where: str) -> None:
        if isinstance(value, dict):
            if "message_id" in value and "chat" in value and "date" in value:
                places.add((where, value["date"] == 0))
            for key, inner in value.items():
                look(inner, key)

    generator = Generator(1)
    for number in range(_PART):
        look(generator.update(number), "")

    may = {
        field
        for name in reachable()
        for field, described in types()[name].get("fields", {}).items()
        if described["type"] == ["MaybeInaccessibleMessage"] and name != "CallbackQuery"
    } | {"message"}
    assert len(may) > 6
    assert {(field, gone) for field in may for gone in (True, False)} - places == set()


def unharmed(outcome: Outcome) -> bool:
    print(outcome.told())
    assert outcome.deaf == []
    assert outcome.harm == []
    return True


@pytest.mark.parametrize("part", range(4))
async def test_no_update_stops_the_next_customer_and_none_is_lost_unsaid(shop, part):
    outcome = await Campaign(shop, seed=part).run(_PART)

    assert unharmed(outcome)
    assert outcome.fed == _PART
    assert outcome.witness == _PART // 50
    assert outcome.handled > _PART * 3 // 4
    assert 100 < sum(outcome.quarantined.values()) < outcome.spoilt


async def test_updates_that_are_as_specified_are_all_handled(shop):
    outcome = await Campaign(shop, seed=11, spoilt_share=0).run(1_000)

    assert unharmed(outcome)
    assert outcome.quarantined == {}


async def test_chats_that_take_nothing_hold_up_no_other_and_lose_no_update(shop):
    """Groups, and a tenth of all people, are told to wait (429) for each message."""
    campaign = Campaign(shop, seed=12, spoilt_share=0)
    closed = (*GROUPS, *PEOPLE[::10])
    shop.scripted.waits = dict.fromkeys(closed, 3600)

    outcome = await asyncio.wait_for(campaign.run(600), 120)

    assert unharmed(outcome)
    assert outcome.quarantined == {}
    assert len(shop.scripted.refused) > 2
    # Once each, and once more by whatever was on its way then: nobody is asked again before the time.
    assert max(shop.scripted.refused.values()) <= 2


def pinned(number: int) -> bytes:
    """A service message about a message that the bot can see no longer: {message_id, chat, date 0}."""
    chat = {"id": 10_001, "type": "private", "first_name": "L"}
    message = {
        "message_id": 1,
        "date": 1_795_600_000,
        "chat": chat,
        "from": {"id": 10_001, "is_bot": False, "first_name": "L"},
        "pinned_message": {"message_id": 1, "chat": chat, "date": 0},
    }
    return json.dumps({"update_id": number, "message": message}).encode()


async def test_a_pinned_message_that_is_gone_is_handled(shop):
    campaign = Campaign(shop, seed=0)
    campaign.feed(pinned)

    await campaign.press()
    outcome = await campaign.look()

    assert unharmed(outcome)
    assert outcome.handled == 2  # with the witness's press


@pytest.mark.parametrize("of", ["chat", "from"])
@pytest.mark.parametrize("number", [None, True, "7", 1.5, [], {}, 2**63, -(2**63)], ids=repr)
async def test_an_update_whose_chat_or_sender_has_no_possible_id_is_quarantined(shop, of, number):
    """It was neither handled nor quarantined, and came back at every start."""

    def strange(update_id: int) -> bytes:
        update = json.loads(pinned(update_id))
        update["message"][of]["id"] = number
        return json.dumps(update).encode()

    campaign = Campaign(shop, seed=0)
    campaign.feed(strange)

    await campaign.press()
    outcome = await campaign.look()

    assert unharmed(outcome)
    assert outcome.quarantined == {"unreadable message": 1}


async def test_an_update_that_breaks_the_middleware_is_quarantined(shop):
    """The library reads a message without a chat; it was left, and came back at every start."""

    def without_a_chat(number: int) -> bytes:
        update = json.loads(pinned(number))
        del update["message"]["chat"]
        return json.dumps(update).encode()

    campaign = Campaign(shop, seed=0)
    campaign.feed(without_a_chat)

    await campaign.press()
    outcome = await campaign.look()

    assert unharmed(outcome)
    assert outcome.quarantined == {"unreadable AttributeError": 1}


def pressed_under_a_payment(number: int) -> bytes:
    chat = {"id": 10_001, "type": "private", "first_name": "L"}
    user = {"id": 10_001, "is_bot": False, "first_name": "L"}
    paid = {
        "currency": "XTR",
        "total_amount": 1,
        "invoice_payload": "payment:1",
        "telegram_payment_charge_id": "x",
        "provider_payment_charge_id": "",
    }
    under = {"message_id": 1, "date": 1_795_600_000, "chat": chat, "successful_payment": paid}
    press = {"id": "1", "from": user, "chat_instance": "1", "data": "order:1", "message": under}
    return json.dumps({"update_id": number, "callback_query": press}).encode()


async def test_a_press_under_a_payment_is_no_payment(shop):
    """It was quarantined with an alert when what it asked for was not there."""
    campaign = Campaign(shop, seed=0)
    campaign.feed(pressed_under_a_payment)

    await campaign.press()
    outcome = await campaign.look()

    assert unharmed(outcome)
    assert outcome.quarantined == {}


async def test_a_shop_that_stores_what_its_library_made_of_an_update_would_be_seen_as_deaf(
    shop, monkeypatch
):
    """The twin: the library cannot write every message that it reads, and the poll raises."""
    receive = Inbox.receive

    async def through_the_library(self, updates):
        for update in updates:
            json.dumps(required(Update.de_json(update, None)).to_dict())
        return await receive(self, updates)

    monkeypatch.setattr(Inbox, "receive", through_the_library)
    campaign = Campaign(shop, seed=0)
    campaign.feed(pinned)

    await campaign.press()
    outcome = await campaign.look()

    assert len(outcome.deaf) == 1
    assert "datetime is not JSON serializable" in outcome.deaf[0]


async def test_a_witness_without_an_answer_and_an_update_without_an_end_would_be_seen(
    shop, monkeypatch
):
    """The twin: a shop that drops what it was handed."""

    campaign = Campaign(shop, seed=0)
    campaign.feed(pinned)

    async def nothing():
        return

    monkeypatch.setattr(campaign, "_work", nothing)

    await campaign.press()
    outcome = await campaign.look()

    assert [line.partition(" ")[2] for line in outcome.harm] == [
        "700000002: 0 answers and 0 screens instead of one each",
        "is neither handled nor quarantined",
        "is neither handled nor quarantined",
    ]
