"""Each command and each button of operators, sent by people of every role: only who has its right is heard."""

import pytest

from bot.domain.payments import Method
from bot.domain.roles import OWNER, Member, MemberState, Right, Role, Standing
from bot.sandbox.telegram.world import buttons, text_of
from handlers.callback_data import VERBS, pack
from handlers.routes import OPERATOR_COMMANDS, OPERATOR_PRESSES, OPERATOR_QUESTIONS
from locales import words
from storage.tables import operator_actions, operators
from tests.bot_harness import PNG, BotHarness
from tests.harness import OPERATOR
from tests.integration.readings import rows

# Everybody whom a right could be asked of; 905 was asked to be a manager and has not accepted.
PEOPLE = {
    OPERATOR: OWNER,
    901: Standing(Role.MANAGER, 500_000),
    902: Standing(Role.SUPPORT, 500_000),
    903: Standing(Role.MANAGER),
    904: Standing(Role.SUPPORT),
    905: None,
    5: None,
}
ALL = OPERATOR_PRESSES | OPERATOR_QUESTIONS
EXAMPLES = {
    r"\d{1,16}": "1",
    r"[a-z0-9]{1,12}": "today",
    r"[a-z0-9_-]{1,32}": "1",
    r"[a-z_]{1,12}": "other",
    r"[cp]": "p",
    r"[nh]": "n",
    r"[01]": "1",
}
STRANGER = words("en").plain("refused-not-found")


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    for user_id, standing in PEOPLE.items():
        await made.person(user_id).say("/start")
        if standing is not None and standing is not OWNER:
            await made.hire(user_id, standing.role, standing.cap_minor)
    await made.pump()
    now = made.clock.now()
    asked = Member(905, Role.MANAGER, 500_000, MemberState.INVITED, OPERATOR, now, 1)
    await made.store.write(lambda tx: tx.team.put(asked))
    yield made
    await made.close()


def rights_of(user_id: int) -> frozenset[Right]:
    standing = PEOPLE[user_id]
    return standing.rights if standing else frozenset()


@pytest.mark.parametrize("user_id", PEOPLE)
async def test_a_command_exists_for_those_who_have_its_right(shop: BotHarness, user_id):
    who = shop.person(user_id)
    unknown = words("en").plain("unknown-command")
    for name, (_, right) in OPERATOR_COMMANDS.items():
        await who.say(f"/{name}")
        await shop.pump()

        heard = text_of(who.inbox[-1]) != unknown
        assert heard == (right in rights_of(user_id)), name


@pytest.mark.parametrize("user_id", PEOPLE)
async def test_a_forged_press_is_refused_like_one_of_what_does_not_exist(shop: BotHarness, user_id):
    """Also when it comes a second time. Who has the right gets an answer in operators' words instead, or
    what they asked for."""
    who = shop.person(user_id)
    for verb, (_, right) in ALL.items():
        data = pack(verb, *(EXAMPLES[pattern] for pattern in VERBS[verb]))
        answers = [await who.forge(data, who.inbox[-1]) for _ in range(2)]
        await shop.pump()

        for query in answers:
            refused = query.answer is not None and query.answer["text"] == STRANGER
            assert refused == (right not in rights_of(user_id)), verb
    if not rights_of(user_id):
        assert await rows(shop, operator_actions) == []
        assert [row.state for row in await rows(shop, operators) if row.user_id == 905] == [
            "invited"
        ]


@pytest.mark.parametrize("user_id", [one for one in PEOPLE if rights_of(one)])
async def test_no_screen_has_a_button_that_its_person_may_not_press(shop: BotHarness, user_id):
    """Whatever somebody of this role reads, by all their commands and by all buttons under the answers."""
    who, rights = shop.person(user_id), rights_of(user_id)
    await shop.customer(77, dinars=500)
    for name in [*OPERATOR_COMMANDS, "user 77", f"user {user_id}"]:
        await who.say(f"/{name}")
        await shop.pump()
        for button in buttons(who.inbox[-1]):
            verb = button.get("callback_data", "").partition(":")[0]
            assert verb not in ALL or ALL[verb][1] in rights, (name, verb)


@pytest.mark.parametrize("user_id", [one for one in PEOPLE if rights_of(one)])
async def test_a_receipt_has_buttons_for_those_who_may_decide_about_it(shop: BotHarness, user_id):
    shop.offer(Method.TRANSFER)
    lina = shop.person(5)
    await shop.press(lina, "top:transfer:1000")
    await lina.attach(PNG, "receipt.png", photo=True)
    await shop.pump_through()
    who = shop.person(user_id)
    before = len(who.inbox)

    await who.say("/payments HN1")
    await shop.pump()

    _, receipt = who.inbox[before:]
    decides = {button["callback_data"] for button in buttons(receipt)} >= {"accept:1", "reject:1"}
    assert decides == (Right.RECEIPTS in rights_of(user_id))
    assert decides or buttons(receipt) == []


async def test_who_loses_a_role_loses_it_at_the_next_press(shop: BotHarness):
    manager = shop.person(901)
    await manager.say("/stats")
    await shop.pump()
    assert "📊" in text_of(manager.inbox[-1])

    await shop.dismiss(901)
    query = await manager.forge("stats:7d", manager.inbox[-1])
    await shop.pump()

    assert query.answer is not None
    assert query.answer["text"] == STRANGER


async def test_who_loses_a_role_in_a_conversation_cannot_end_it(shop: BotHarness):
    manager = shop.person(901)
    await manager.forge("ucred:5", manager.inbox[-1])
    await shop.pump()
    assert "by how much" in text_of(manager.inbox[-1])

    await shop.dismiss(901)
    await manager.say("1500 CCP")
    await shop.pump()

    assert text_of(manager.inbox[-1]) == STRANGER
    assert await shop.balance(5) == 0


async def test_a_demoted_manager_keeps_what_support_may(shop: BotHarness):
    manager = shop.person(901)
    await shop.hire(901, Role.SUPPORT)

    query = await manager.forge("uban:5", manager.inbox[-1])
    await manager.say("/attention")
    await shop.pump()

    assert query.answer is not None
    assert query.answer["text"] == STRANGER
    assert "🛠️" in text_of(manager.inbox[-1])
