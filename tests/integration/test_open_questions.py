"""Questions that wait for typed text end by a command and after an hour: nothing later answers them."""

import pytest

from handlers.routes import COMMANDS, OPERATOR_COMMANDS
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR, books_agree
from tests.integration.test_customer_pages import press, read, say

CAME = "50 codes of PSN came in today"
TOO_OLD = "more than an hour old"


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    made.offer()
    await made.person(LINA).say("/start")
    await made.pump()
    await made.credit(LINA, 50_000)
    yield made
    await books_agree(made)
    await made.close()


async def _ask(shop: BotHarness, verb: str) -> None:
    await say(shop, f"/user {LINA}")
    await press(shop, f"{verb}:{LINA}")


@pytest.mark.parametrize("verb", ["ucred", "unote", "umsg"])
async def test_no_question_is_answered_after_an_hour(shop: BotHarness, verb: str):
    await _ask(shop, verb)
    told = len(shop.person(LINA).inbox)
    shop.clock.pass_time(3601)

    assert TOO_OLD in await say(shop, CAME)

    assert await shop.balance(LINA) == 5_000_000
    await shop.run(5)
    await shop.pump()
    assert len(shop.person(LINA).inbox) == told
    assert TOO_OLD not in await say(shop, CAME)  # and is over


async def test_a_question_is_answered_within_the_hour(shop: BotHarness):
    await _ask(shop, "ucred")
    shop.clock.pass_time(3000)
    await say(shop, "no amount")  # asked again: the hour begins anew
    shop.clock.pass_time(3000)

    await say(shop, "700 merci")

    assert await shop.balance(LINA) == 5_070_000


async def test_an_answer_written_within_the_hour_is_taken_however_late_it_is_handled(
    shop: BotHarness,
):
    await _ask(shop, "ucred")
    await shop.person(OPERATOR).say("700 merci")
    shop.clock.pass_time(3660)

    await shop.pump()

    assert await shop.balance(LINA) == 5_070_000


@pytest.mark.parametrize("command", sorted(OPERATOR_COMMANDS | COMMANDS))
async def test_any_command_leaves_a_question_even_one_that_is_refused(
    shop: BotHarness, command: str
):
    await _ask(shop, "ucred")

    await say(shop, f"/{command} ?")
    await say(shop, CAME)

    assert await shop.balance(LINA) == 5_000_000


async def test_what_is_written_after_a_command_goes_to_no_customer(shop: BotHarness):
    await _ask(shop, "umsg")
    told = len(shop.person(LINA).inbox)

    await say(shop, "/stats")
    await say(shop, "netflix")

    await shop.run(5)
    await shop.pump()
    assert len(shop.person(LINA).inbox) == told


async def test_a_question_of_an_earlier_version_has_no_time_and_is_over(shop: BotHarness):
    await _ask(shop, "ucred")
    del shop.application.user_data[OPERATOR]["asked_at"]

    assert TOO_OLD in await say(shop, CAME)

    assert await shop.balance(LINA) == 5_000_000


async def test_an_amount_that_a_customer_types_a_day_later_begins_no_payment(shop: BotHarness):
    lina = shop.person(LINA)
    await say(shop, "/wallet", LINA)
    await press(shop, "type:ocpay", LINA)
    shop.clock.pass_time(86_400)

    await lina.say("2000")

    assert TOO_OLD in await read(shop, LINA)


@pytest.mark.parametrize("command", ["/user", "/team"])
async def test_a_person_who_is_chosen_after_the_question_is_told_to_be_too_late(
    shop: BotHarness, command: str
):
    await say(shop, command)
    if command == "/team":
        await press(shop, "tadd")
    request = shop.application.user_data[OPERATOR]["request"]
    await say(shop, "/attention")

    await shop.person(OPERATOR).share(LINA, request)

    assert "it’s too late" in await read(shop)
