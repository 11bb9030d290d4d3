"""/user: an operator finds a customer by what is at hand, and acts from that customer's page."""

import re

import pytest

from bot.domain.people import pseudonym
from bot.domain.roles import Role
from bot.refusals import Refused
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.customers.finding import find_people
from bot.services.messaging.support import open_case
from bot.services.operations.forgetting import forget_customer
from storage.tables import cases, operator_actions
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import OPERATOR, books_agree, send_due_messages
from tests.integration.readings import rows

SUPPORT, MANAGER = 902, 901


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    made.offer()
    await made.hire(MANAGER, Role.MANAGER, cap_minor=100_000_000)
    await made.hire(SUPPORT, Role.SUPPORT)
    for user_id in (LINA, MANAGER, SUPPORT):
        await made.person(user_id).say("/start")
    await made.pump()
    await made.credit(LINA, 50_000)
    yield made
    await books_agree(made)
    await made.close()


async def say(shop: BotHarness, text: str, who: int = OPERATOR) -> str:
    await shop.person(who).say(text)
    return await read(shop, who)


async def read(shop: BotHarness, who: int = OPERATOR) -> str:
    await shop.pump()
    while await send_due_messages(shop.shop):
        pass
    return bare(text_of(shop.person(who).inbox[-1]))


async def press(shop: BotHarness, data: str, who: int = OPERATOR) -> str:
    person = shop.person(who)
    await person.forge(data, person.inbox[-1])
    return await read(shop, who)


def labels(shop: BotHarness, who: int = OPERATOR) -> list[str]:
    return [button["callback_data"].split(":")[0] for button in buttons(shop.person(who).inbox[-1])]


def asked(shop: BotHarness, who: int = OPERATOR) -> int:
    return shop.application.user_data[who]["request"]


@pytest.mark.parametrize(
    "typed", ["#{order}", "# {order}", "{payment}", "hn1", "K{case}", "k{case}", str(LINA)]
)
async def test_a_customer_is_found_by_what_is_at_hand(shop: BotHarness, typed):
    order = await shop.buy(LINA)
    await shop.person(LINA).forge("top:transfer:1000", shop.person(LINA).inbox[-1])
    await shop.pump()
    case = await open_case(shop.shop, LINA)

    told = await say(shop, "/user " + typed.format(order=order.id, payment="HN1", case=case.id))

    assert f"👤 {LINA}" in told


async def test_arabic_digits_are_digits(shop: BotHarness):
    await shop.customer(7012345678)

    assert "👤 7012345678" in await say(shop, "/user ٧٠١٢٣٤٥٦٧٨")


async def test_a_number_of_a_customer_and_of_an_order_offers_both(shop: BotHarness):
    await shop.customer(1)
    order = await shop.buy(LINA)
    assert order.id == 1

    await say(shop, "/user 1")

    assert [b["callback_data"] for b in buttons(shop.person(OPERATOR).inbox[-1])] == [
        "user:1",
        f"user:{LINA}",
    ]
    assert f"👤 {LINA}" in await press(shop, f"user:{LINA}")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("#999", "#999"),
        ("HN999", "HN999"),
        ("K999", "K999"),
        ("123456789", "123456789"),
        ("somebody", "/user"),
    ],
)
async def test_what_names_nobody_is_said_so(shop: BotHarness, typed, told):
    said = await say(shop, f"/user {typed}")

    assert told in said
    assert "👤" not in said


async def test_telegram_gives_no_names_so_the_person_is_chosen(shop: BotHarness):
    assert "no names" in await say(shop, "/user @lina")

    await shop.person(OPERATOR).share(LINA, asked(shop))

    assert f"👤 {LINA}" in await read(shop)


async def test_an_answer_to_an_older_question_shows_nobody(shop: BotHarness):
    await say(shop, "/user")
    first = asked(shop)
    await say(shop, "/user")
    await shop.person(OPERATOR).share(LINA, first)
    assert "Who is it" in await read(shop)

    await shop.person(OPERATOR).share(4_000_000, asked(shop))
    assert "4000000" in await read(shop)  # never wrote to the bot

    await shop.person(OPERATOR).share(2**63, asked(shop))
    assert "Who is it" in await read(shop)  # nobody's id

    await shop.person(OPERATOR).share(LINA, asked(shop))
    assert f"👤 {LINA}" in await read(shop)


async def test_a_person_chosen_by_a_stranger_is_shown_to_nobody(shop: BotHarness):
    await say(shop, "/user")
    lina = shop.person(LINA)
    await lina.share(OPERATOR, asked(shop))

    assert "👤" not in await read(shop, LINA)


async def test_a_forwarded_message_names_its_writer_unless_they_hide(shop: BotHarness):
    await say(shop, "/user")
    await shop.person(OPERATOR).forward("where is my code", hidden_name="L.")
    assert "hides who they are" in await read(shop)

    await shop.person(OPERATOR).forward("where is my code", shop.person(LINA))
    assert f"👤 {LINA}" in await read(shop)


async def test_words_that_name_nobody_leave_the_question(shop: BotHarness):
    await say(shop, "/user")

    assert "🔎" in await say(shop, "steam")
    assert "👤" not in await say(shop, str(LINA))  # the question is over


async def test_the_page_says_what_was_ordered_paid_and_noted(shop: BotHarness):
    await shop.buy(LINA)
    await shop.run(20)

    told = await say(shop, f"/user {LINA}")

    assert "1 order · spent" in told
    assert re.search(r"profit \d+\u00a0DA", told)
    assert "✅ 1" in told
    assert "English" in told
    assert labels(shop) == ["uord", "umon", "upay", "ucred", "unote", "umsg", "uban"]
    assert "#1" in await press(shop, f"uord:{LINA}:0")
    assert "+50,000\u00a0DA" in await press(shop, f"umon:{LINA}:0")
    assert "No payments" in await press(shop, f"upay:{LINA}:0")


async def test_support_sees_no_profit_and_can_neither_pay_nor_ban(shop: BotHarness):
    await shop.buy(LINA)
    await shop.run(20)

    told = await say(shop, f"/user {LINA}", SUPPORT)

    assert "spent" in told
    assert "profit" not in told
    assert labels(shop, SUPPORT) == ["uord", "umon", "upay", "unote", "umsg"]


async def test_a_balance_is_changed_from_the_page_as_by_the_command(shop: BotHarness):
    await say(shop, f"/user {LINA}")
    await press(shop, f"ucred:{LINA}")
    assert "not an amount" in await say(shop, "nothing")
    await say(shop, "١٥٠٠ CCP 21/11")
    assert await shop.balance(LINA) == 5_150_000

    await press(shop, f"ucred:{LINA}")
    await say(shop, "-60000 mistake")  # more than is there

    assert await shop.balance(LINA) == 5_150_000
    made = [a for a in await rows(shop, operator_actions) if a.kind == "credit"][-1]
    assert (made.before, made.after, made.note) == ("5000000", "5150000", "CCP 21/11")
    assert "CCP 21/11" in await say(shop, "/actions")


async def test_actions_say_whether_money_was_added_to_a_wallet_or_deducted(shop: BotHarness):
    for amount in ("1500", "-400"):
        await say(shop, f"/credit {LINA} {amount} at the counter")

    told = await say(shop, "/actions")

    assert f"added 1,500\u00a0DA to the wallet of {LINA}" in told
    assert f"deducted 400\u00a0DA from the wallet of {LINA}" in told


async def test_an_operator_writes_first_and_the_answer_comes_back(shop: BotHarness):
    await say(shop, f"/user {LINA}")
    await press(shop, f"umsg:{LINA}")
    await say(shop, "Your card is ready")
    assert "Your card is ready" in text_of(shop.person(LINA).inbox[-1])

    await say(shop, "thank you", LINA)

    assert len(await rows(shop, cases)) == 1
    assert any("thank you" in str(m.get("text")) for m in shop.person(OPERATOR).inbox)
    assert [a.kind for a in await rows(shop, operator_actions)].count("write") == 1


async def test_support_messages_orders_and_payments_lead_to_the_page(shop: BotHarness):
    order = await shop.buy(LINA)
    await shop.person(LINA).forge("top:transfer:1000", shop.person(LINA).inbox[-1])
    await say(shop, "/paysupport my code is bad", LINA)
    await read(shop)
    assert any(
        b.get("callback_data") == f"user:{LINA}"
        for m in shop.person(OPERATOR).inbox
        for b in buttons(m)
    )
    for command in (f"/order {order.id}", "/payments HN1"):
        await say(shop, command)
        assert f"user:{LINA}" in {
            b.get("callback_data") for b in buttons(shop.person(OPERATOR).inbox[-1])
        }


async def test_nobody_is_found_who_was_forgotten(shop: BotHarness):
    order = await shop.buy(LINA)
    await shop.run(20)
    await say(shop, f"/credit {LINA} -{await shop.balance(LINA) // 100}")
    now = shop.clock.now()
    assert not (await forget_customer(shop.shop, LINA, pseudonym(7), now)).any

    for typed in (f"#{order.id}", str(LINA), str(pseudonym(7))):
        with pytest.raises(Refused):
            await find_people(shop.shop, typed)
    assert "👤" not in await say(shop, f"/order {order.id}")
    assert "user" not in labels(shop)
