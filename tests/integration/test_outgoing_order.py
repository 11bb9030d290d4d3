"""What handlers and the outbox send: the classes of their calls, 429, previews, protection, limits."""

import logging
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.world import Person, buttons, spoilers, text_of
from handlers.menus import CUSTOMER_COMMANDS, OPERATOR_COMMANDS
from handlers.middleware.limits import MAX_WAITING
from handlers.outgoing_queue import OutgoingQueue
from handlers.priorities import Priority
from handlers.sender import TelegramSender
from locales import LOCALES, words
from storage.store import Store
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR

MOST_PRESSES = 60


@pytest.fixture
async def shop(sqlite_store: Store) -> AsyncIterator[BotHarness]:
    made = await BotHarness(sqlite_store).open()
    made.offer()
    yield made
    await made.close()


async def has_met(
    shop: BotHarness, user_id: int = LINA, dinars: int = 50_000, locale: str = "en"
) -> Person:
    """A customer whose news has all been read."""
    who = shop.person(user_id, locale)
    await who.say("/start")
    await shop.pump()
    if dinars:
        await shop.credit(user_id, dinars)
    await shop.live(2)
    return who


def flood_wait(seconds: int, method: str = "sendMessage", times: int = 1) -> Fault:
    said = f"Too Many Requests: retry after {seconds}"
    return Fault(FaultKind.STATUS, method, status=429, code=said, retry_after=seconds, times=times)


async def press_everything(shop: BotHarness, who: Person) -> None:
    """Every button of every kind that the commands lead to, once each."""
    pressed: set[str] = set()
    for _ in range(MOST_PRESSES):
        fresh = [
            (message, button["callback_data"])
            for message in who.inbox
            for button in buttons(message)
            if button.get("callback_data", "").partition(":")[0] not in pressed
            and "callback_data" in button
        ]
        if not fresh:
            break
        message, data = fresh[0]
        pressed.add(data.partition(":")[0])
        await shop.press(who, data, message)
        await shop.live(1)


@pytest.mark.later
@pytest.mark.filterwarnings("ignore:Tasks created via")  # prices are asked in the background
async def test_no_message_and_no_edit_of_a_tour_has_a_link_preview(shop: BotHarness):
    lina = await has_met(shop)
    await shop.press_to_buy(lina)
    await shop.live(20)
    assert any(spoilers(m) for m in lina.inbox)
    for user_id, commands in ((LINA, CUSTOMER_COMMANDS), (OPERATOR, OPERATOR_COMMANDS)):
        for command in commands:
            await shop.person(user_id).say(f"/{command}")
            await shop.pump()
            await press_everything(shop, shop.person(user_id))

    texts = [
        (name, values)
        for _, name, values in shop.world.calls
        if name in ("sendMessage", "editMessageText")
    ]

    assert {name for name, _ in texts} == {"sendMessage", "editMessageText"}
    assert len(texts) > 60
    bare = [v for _, v in texts if v.get("link_preview_options", {}).get("is_disabled") is not True]
    assert bare == []


@pytest.fixture
def classes(shop: BotHarness, monkeypatch) -> list[tuple[Priority, int, int]]:
    """The class, the person and the chat of each message that asked for a turn."""
    seen: list[tuple[Priority, int, int]] = []
    wait = OutgoingQueue.wait

    async def noted(self, priority: Priority, person: int, chat: int) -> None:
        seen.append((priority, person, chat))
        await wait(self, priority, person, chat)

    monkeypatch.setattr(OutgoingQueue, "wait", noted)
    return seen


async def test_codes_are_deliveries_and_what_is_shown_again_answers_a_press(
    shop: BotHarness, classes
):
    lina = await has_met(shop)
    classes.clear()

    await shop.press_to_buy(lina)
    await shop.live(20)

    of_lina = [priority for priority, _, chat in classes if chat == LINA]
    assert of_lina == [Priority.TEXT, Priority.DELIVERY]  # /start, and the codes
    classes.clear()
    await shop.press(lina, "show:1")
    assert classes == [(Priority.PRESS, LINA, LINA)]


async def test_a_question_to_support_is_answered_first_and_news_to_operators(
    shop: BotHarness, classes
):
    await has_met(shop)
    classes.clear()

    await shop.person(LINA).say("/paysupport the code does not work")
    await shop.pump()
    await shop.live(2)

    news = (Priority.NEWS, OPERATOR, OPERATOR)
    assert classes == [(Priority.TEXT, LINA, LINA), news, news]


async def test_alerts_are_news(shop: BotHarness, classes):
    shop.book.balance = Decimal(0)
    await shop.live(700, step=60)

    assert {priority for priority, _, chat in classes if chat == OPERATOR} == {Priority.NEWS}


async def test_a_text_whose_answer_met_a_429_is_handled_once_and_answered_once(shop: BotHarness):
    lina = shop.person(LINA)
    await lina.say("/start")
    await shop.pump()
    before = len(lina.inbox)
    shop.telegram.faults = [flood_wait(1)]

    await lina.say("/wallet")
    await shop.pump()

    assert len(lina.inbox) == before + 1
    assert "👛" in text_of(lina.inbox[-1])
    assert shop.telegram.struck == 1
    await nothing_is_quarantined(shop)


async def test_four_texts_under_a_long_429_make_one_call_and_no_alert(shop: BotHarness, caplog):
    lina = shop.person(LINA)
    await lina.say("/start")
    await shop.pump()
    shop.telegram.faults = [flood_wait(90, times=100)]
    caplog.set_level(logging.WARNING)

    for _ in range(4):
        await lina.say("/wallet")
        await shop.pump()

    assert shop.telegram.struck == 1  # it closes the chat, and the others are given up unasked
    await nothing_is_quarantined(shop)
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]


async def nothing_is_quarantined(shop: BotHarness) -> None:
    async with shop.store.reading() as tx:
        left = {kind: count for kind, count, _ in await tx.audit.backlog()}
    assert left["quarantined updates"] == 0
    assert left["updates"] == 0


async def test_codes_met_by_a_429_come_when_their_chat_opens_and_others_do_not_wait(
    shop: BotHarness,
):
    people = [await has_met(shop, user_id) for user_id in (LINA, 6)]
    for who in people:
        await shop.press_to_buy(who, 1)
    shop.telegram.faults = [flood_wait(30)]

    await shop.live(10)
    refused, other = sorted(people, key=lambda who: len(delivered(who)))
    assert (len(delivered(refused)), len(delivered(other))) == (0, 1)

    await shop.live(40)

    assert [len(delivered(who)) for who in people] == [1, 1]


def delivered(who: Person) -> list:
    return [m for m in who.inbox if spoilers(m)]


@pytest.mark.parametrize("protects", [True, False])
@pytest.mark.parametrize("quantity", [1, 45])
async def test_codes_are_protected_as_the_setting_says_each_time_they_are_shown(
    shop: BotHarness, protects, quantity
):
    sender = shop.shop.sender
    assert isinstance(sender, TelegramSender)
    sender._protect = protects
    shop.set_policy(max_quantity=60)
    shop.kind().quantity = 200
    lina = await has_met(shop, dinars=500_000)
    await shop.type_to_buy(lina, quantity)
    await shop.live(20)
    await shop.press(lina, "hide:1")
    await shop.press(lina, "show:1")

    method = "sendMessage" if quantity == 1 else "sendDocument"
    shown = [
        values
        for _, name, values in shop.world.calls
        if name == method
        and values["chat_id"] == LINA
        and (name == "sendDocument" or "spoiler" in str(values.get("entities")))
    ]
    assert [v.get("protect_content", False) for v in shown] == [protects, protects]


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_flood_of_texts_is_refused_with_one_answer_in_the_stored_language(
    shop: BotHarness, locale
):
    lina = await has_met(shop, dinars=0, locale=locale)
    lina.language_code = "en"  # of the app; the shop has stored another
    met = len(lina.inbox)
    for _ in range(MAX_WAITING * 3):
        await lina.say("netflix")
    await shop.pump()

    refusal = words(locale).plain("refused-fast")
    told = [text_of(m) for m in lina.inbox[met:]]
    assert told.count(refusal) == 1
    assert len(told) - 1 == 1 + MAX_WAITING  # the first, which found nobody waiting, and the newest
    (notice,) = [m for m in lina.inbox[met:] if text_of(m) == refusal]
    assert [b["callback_data"] for b in buttons(notice)] == ["home"]


async def test_presses_and_texts_count_alike(shop: BotHarness):
    lina = await has_met(shop)
    home = lina.inbox[0]
    await lina.say("netflix")  # this one finds nobody waiting
    queries = [shop.world.ask(lina.user, home, "home") for _ in range(5)]
    for _ in range(MAX_WAITING + 10):
        await lina.say("netflix")
    await shop.pump()

    assert all("Too fast" in (q.answer or {"text": ""})["text"] for q in queries)


async def test_a_payment_is_taken_in_the_middle_of_a_flood(shop: BotHarness):
    lina = await has_met(shop, dinars=0)
    await shop.press(lina, "top:stars:1500")
    bill = next(m for m in lina.inbox if "invoice" in m)
    await lina.say("netflix")  # this one finds nobody waiting
    query = await shop.world.stars.send_pre_checkout_query(lina, bill)
    for _ in range(MAX_WAITING + 20):
        await lina.say("netflix")
    await shop.pump()
    assert query.ok
    await lina.say("netflix")
    await shop.world.stars.charge_for(lina, bill)
    for _ in range(MAX_WAITING + 20):
        await lina.say("netflix")

    await shop.pump()

    assert await shop.balance(LINA) >= 150_000
