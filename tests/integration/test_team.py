"""/team: owners ask people to work here, who accept themselves; roles and caps change, and end at once."""

import json
from datetime import timedelta

import pytest

from bot import refusals
from bot.domain.alerts import AlertKind
from bot.domain.people import Obstacles, pseudonym
from bot.domain.roles import RIGHTS, MemberState, Right, Role
from bot.sandbox.telegram.menus import commands_for
from bot.services.customers.bans import ask_ban, confirm_ban
from bot.services.messaging.alert_messages import tell_alerts
from bot.services.messaging.alerts import raise_alert
from bot.services.operations import staffing
from bot.services.operations.forgetting import find_obstacles, forget_customer
from bot.services.operations.staffing import Appointment, accept_role, appoint, confirm_removal
from bot.services.standing import may, rights_of
from handlers.menus import set_menus
from handlers.routes import NEEDED
from locales import words
from storage.tables import operator_actions, operators, outbox
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR, ShopHarness
from tests.integration.readings import rows
from tests.integration.test_customer_pages import asked, press, read, say
from tests.integration.test_refused_calls import refused

KARIM = 77
STRANGER = words("en").plain("refused-not-found")


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    for user_id in (LINA, KARIM):
        await made.person(user_id).say("/start")
    await made.pump()
    yield made
    await made.close()


async def invite(shop: ShopHarness, user_id: int, role: Role, cap: int = 0, key: str = "i") -> int:
    """The number of the invitation."""
    wanted = Appointment(key, OPERATOR, user_id, role, cap)
    return (await appoint(shop.shop, wanted)).invitation


async def open_alert(shop: ShopHarness, kind: AlertKind) -> None:
    await shop.store.write(lambda tx: raise_alert(tx, shop.shop, str(kind), kind))


async def asked_in_chat(shop: BotHarness, cap: str = "5000") -> str:
    """An owner asks Karim to be support, by Telegram's list; returns what the owner reads."""
    await say(shop, "/team")
    await press(shop, "tadd")
    await shop.person(OPERATOR).share(KARIM, asked(shop))
    await read(shop)
    await press(shop, f"trole:{KARIM}:support")
    return await say(shop, cap)


def menu_of(shop: BotHarness, who: int) -> list[str]:
    return [one["command"] for one in commands_for(shop.world, shop.person(who))]


async def test_somebody_is_asked_accepts_and_is_removed(shop: BotHarness):
    assert "Invitation sent to 77 (role: support)" in await asked_in_chat(shop)
    assert not await may(shop.shop, KARIM, Right.CASES)

    invitation = " ".join((await read(shop, KARIM)).split())
    assert "invited to join" in invitation and "receipts: 5,000 DA" in invitation
    await shop.person(KARIM).press("Accept")

    assert "Your role here: support" in await read(shop, KARIM)
    assert f"{KARIM} has accepted. Role: support" in await read(shop)
    assert {"refund", "attention"} < set(menu_of(shop, KARIM))
    assert not {"stats", "team", "credit"} & set(menu_of(shop, KARIM))
    assert f"{KARIM} · support since" in await say(shop, "/team")

    await press(shop, f"tmem:{KARIM}")
    await press(shop, f"tout:{KARIM}")
    await shop.person(OPERATOR).press("Yes, remove")
    assert "doesn’t work here any more" in await read(shop)

    assert "don’t work here any more" in await read(shop, KARIM)
    assert await rights_of(shop.shop, KARIM) == frozenset()
    assert "attention" not in menu_of(shop, KARIM)
    told = " ".join((await say(shop, "/actions")).split())
    assert f"team, {KARIM}: not in the team → support, limit 5,000 DA, not accepted yet" in told
    assert f"team, {KARIM}: support, limit 5,000 DA → not in the team" in told


async def test_a_role_and_a_cap_are_changed_at_once(shop: BotHarness):
    await shop.hire(KARIM, Role.SUPPORT, 500_000)
    await say(shop, "/team")
    await press(shop, f"trole:{KARIM}:manager")
    assert "Daily limit for balance changes" in await say(shop, "20000")
    assert "Your role here: manager" in await read(shop, KARIM)
    assert await may(shop.shop, KARIM, Right.CREDIT)
    assert "credit" in menu_of(shop, KARIM)

    await press(shop, f"tcap:{KARIM}")
    assert "the limit is 0" in await say(shop, "0")
    assert not await may(shop.shop, KARIM, Right.CREDIT)
    assert "credit" not in menu_of(shop, KARIM)


async def set_at_start(shop: BotHarness) -> None:
    found = (await staffing.list_menus(shop.shop)).items()
    await set_menus(shop.bot, {who: (its, NEEDED.commands_for(may)) for who, (its, may) in found})


async def test_a_menu_that_telegram_did_not_take_is_set_by_the_next_start(shop: BotHarness):
    await shop.hire(KARIM, Role.SUPPORT)
    await set_at_start(shop)
    await say(shop, "/team")
    await press(shop, f"tout:{KARIM}")
    shop.telegram.faults.append(refused("setMyCommands", "Bad Request: try again"))
    await shop.person(OPERATOR).press("Yes, remove")
    await read(shop)
    assert "attention" in menu_of(shop, KARIM)

    await set_at_start(shop)

    assert "attention" not in menu_of(shop, KARIM)
    assert {"start", "orders"} < set(menu_of(shop, KARIM))
    assert {"stats", "team"} < set(menu_of(shop, OPERATOR))


async def test_menus_are_looked_at_of_whoever_works_here_or_did_lately(shop: BotHarness):
    """Not of somebody who is no customer any more, nor of who was removed long ago."""
    shop.set_policy(admin_ids=frozenset({OPERATOR, 4_000_000}))  # the second has not come yet
    await invite(shop, KARIM, Role.SUPPORT)
    await invite(shop, LINA, Role.SUPPORT, key="l")
    assert await find_obstacles(shop.shop, LINA) == Obstacles()
    await forget_customer(shop.shop, LINA, pseudonym(5), shop.clock.now())

    menus = await staffing.list_menus(shop.shop)

    assert menus.keys() == {OPERATOR, 4_000_000, KARIM}
    assert menus[KARIM] == ("en", frozenset())
    assert menus[4_000_000] == ("en", RIGHTS[Role.OWNER])
    await shop.dismiss(KARIM)
    shop.clock.pass_time(timedelta(days=31).total_seconds())
    assert (await staffing.list_menus(shop.shop)).keys() == {OPERATOR, 4_000_000}


async def test_the_answer_to_the_cap_is_an_amount(shop: BotHarness):
    await say(shop, "/team")
    await press(shop, f"trole:{KARIM}:support")

    for typed in ("much", "-5"):
        assert "not an amount" in await say(shop, typed)
    assert "dinars" in await say(shop, "20 EUR")
    assert await rows(shop, operators) == []


@pytest.mark.parametrize(
    ("user_id", "why"),
    [(OPERATOR, "owner"), (4_000_000, "press Start"), (LINA, "banned"), (KARIM, "press Start")],
)
async def test_who_cannot_work_here_is_said_with_what_to_do(shop: BotHarness, user_id, why):
    await say(shop, "/team")
    await press(shop, "tadd")
    question = await ask_ban(shop.shop, LINA, "fraud", key="b", operator_id=OPERATOR)
    await confirm_ban(shop.shop, OPERATOR, question.action_id)
    await shop.store.write(lambda tx: tx.customers.set_reachable(KARIM, reachable=False))

    assert why in await say(shop, str(user_id))
    assert await rows(shop, operators) == []


async def test_words_leave_the_question_who_it_is(shop: BotHarness):
    await say(shop, "/team")
    await press(shop, "tadd")

    told = await say(shop, "playstation")

    assert "Who do you want to add" not in told
    assert "Which role" not in await say(shop, str(KARIM))


async def test_a_person_chosen_for_an_older_question_is_not_taken(shop: BotHarness):
    await say(shop, "/team")
    await press(shop, "tadd")
    first = asked(shop)
    await press(shop, "tadd")

    await shop.person(OPERATOR).share(KARIM, first)

    assert "Who do you want to add" in await read(shop)


@pytest.mark.parametrize("role", ["owner", "boss"])
async def test_no_other_role_can_be_given_in_a_chat(shop: BotHarness, role):
    await say(shop, "/team")

    await press(shop, f"trole:{KARIM}:{role}")

    assert await rows(shop, operators) == []
    with pytest.raises(refusals.NotFound):
        await invite(shop, KARIM, Role.OWNER)


async def test_an_answer_without_its_question_makes_nobody_anything(shop: BotHarness):
    await say(shop, "/team")
    await press(shop, f"trole:{KARIM}:support")
    shop.application.user_data[OPERATOR].clear()

    await say(shop, "5000")

    assert await rows(shop, operators) == []


async def test_a_team_is_asked_about_and_left_as_it_is(shop: BotHarness):
    await shop.hire(KARIM, Role.SUPPORT)
    await say(shop, "/team")
    await press(shop, f"tout:{KARIM}")

    await shop.person(OPERATOR).press("No, don’t")
    await read(shop)

    assert await may(shop.shop, KARIM, Right.CASES)


async def test_an_invitation_is_accepted_by_its_person_alone_and_once(shop: BotHarness):
    invitation = await invite(shop, KARIM, Role.MANAGER)
    await read(shop, KARIM)

    await press(shop, f"tyes:{invitation}", LINA)
    assert await rights_of(shop.shop, LINA) == frozenset()
    for _ in range(2):
        assert "Your role here: manager" in await press(shop, f"tyes:{invitation}", KARIM)
    with pytest.raises(refusals.AlreadyDecided):
        await accept_role(shop.shop, KARIM, invitation, key="again")

    accepted = [a for a in await rows(shop, operator_actions) if a.operator_id == KARIM]
    assert len(accepted) == 1


async def test_an_invitation_that_was_replaced_withdrawn_or_is_forged_is_void(harness: ShopHarness):
    await harness.customer(KARIM, dinars=0)
    first = await invite(harness, KARIM, Role.MANAGER)
    second = await invite(harness, KARIM, Role.SUPPORT, key="j")
    with pytest.raises(refusals.AlreadyDecided):
        await invite(harness, KARIM, Role.SUPPORT, key="j")

    for void in (first, second + 1):
        with pytest.raises(refusals.NotFound):
            await accept_role(harness.shop, KARIM, void, key=f"a{void}")

    member, action_id = await staffing.ask_removal(
        harness.shop, KARIM, key="r", operator_id=OPERATOR
    )
    assert member.state is MemberState.INVITED
    await confirm_removal(harness.shop, OPERATOR, action_id)
    with pytest.raises(refusals.NotFound):
        await accept_role(harness.shop, KARIM, second, key="b")
    # Whoever had not accepted is not told that they work here no more.
    told = [json.loads(row.data)["what"] for row in await rows(harness, outbox)]
    assert told == ["invited", "invited"]


async def test_what_was_asked_by_an_owner_of_before_is_void(harness: ShopHarness):
    await harness.customer(KARIM, dinars=0)
    invitation = await invite(harness, KARIM, Role.MANAGER)
    harness.set_policy(admin_ids=frozenset({LINA}))

    with pytest.raises(refusals.NotFound):
        await accept_role(harness.shop, KARIM, invitation, key="a")


async def test_a_removal_is_confirmed_once_by_who_asked(harness: ShopHarness):
    harness.set_policy(admin_ids=frozenset({OPERATOR, LINA}))
    await harness.hire(KARIM, Role.SUPPORT)
    _, action_id = await staffing.ask_removal(harness.shop, KARIM, key="r", operator_id=OPERATOR)
    with pytest.raises(refusals.AlreadyDecided):
        await staffing.ask_removal(harness.shop, KARIM, key="r", operator_id=OPERATOR)
    _, other = await staffing.ask_removal(harness.shop, KARIM, key="s", operator_id=OPERATOR)
    ban = await ask_ban(
        harness.shop, (await harness.customer(6)).id, "", key="b", operator_id=OPERATOR
    )

    for operator_id, wrong in ((LINA, action_id), (OPERATOR, ban.action_id)):
        with pytest.raises(refusals.NotFound):
            await confirm_removal(harness.shop, operator_id, wrong)
    await confirm_removal(harness.shop, OPERATOR, action_id)
    for again in (action_id, other):
        with pytest.raises(refusals.AlreadyDecided):
            await confirm_removal(harness.shop, OPERATOR, again)
    with pytest.raises(refusals.NotFound):
        await staffing.ask_removal(harness.shop, KARIM, key="t", operator_id=OPERATOR)


async def test_an_owner_who_is_none_any_more_changes_nobody(harness: ShopHarness):
    await harness.hire(KARIM, Role.SUPPORT)
    _, action_id = await staffing.ask_removal(harness.shop, KARIM, key="r", operator_id=OPERATOR)
    harness.set_policy(admin_ids=frozenset({LINA}))

    with pytest.raises(refusals.NotFound):
        await confirm_removal(harness.shop, OPERATOR, action_id)
    with pytest.raises(refusals.NotFound):
        await invite(harness, KARIM, Role.MANAGER)
    await harness.hire(OPERATOR, Role.MANAGER, 1)
    with pytest.raises(refusals.NotFound):
        await confirm_removal(harness.shop, OPERATOR, action_id)
    with pytest.raises(refusals.NotFound):
        await invite(harness, KARIM, Role.SUPPORT)


async def test_staff_is_not_banned_and_the_banned_do_not_become_staff(harness: ShopHarness):
    await harness.hire(KARIM, Role.SUPPORT)
    with pytest.raises(refusals.NotBannable):
        await ask_ban(harness.shop, KARIM, "fraud", key="b", operator_id=OPERATOR)

    await harness.customer(LINA, dinars=0)
    invitation = await invite(harness, LINA, Role.SUPPORT)
    question = await ask_ban(harness.shop, LINA, "fraud", key="c", operator_id=OPERATOR)
    await confirm_ban(harness.shop, OPERATOR, question.action_id)
    with pytest.raises(refusals.Banned):
        await accept_role(harness.shop, LINA, invitation, key="a")
    with pytest.raises(refusals.NotHireable) as refused:
        await invite(harness, LINA, Role.SUPPORT, key="again")
    assert refused.value.why == "banned"


async def test_who_works_here_can_be_lowered_though_they_stopped_the_bot(harness: ShopHarness):
    await harness.hire(KARIM, Role.MANAGER, 500_000)
    await harness.store.write(lambda tx: tx.customers.set_reachable(KARIM, reachable=False))

    await invite(harness, KARIM, Role.SUPPORT)

    assert not await may(harness.shop, KARIM, Right.REFUND)
    assert await may(harness.shop, KARIM, Right.CASES)


async def test_a_team_has_as_many_as_one_message_can_list(harness: ShopHarness):
    for number in range(staffing.MOST_MEMBERS):
        await harness.hire(1000 + number, Role.SUPPORT)
    await harness.customer(KARIM, dinars=0)

    with pytest.raises(refusals.NotHireable) as refused:
        await invite(harness, KARIM, Role.SUPPORT)
    assert refused.value.why == "full"


async def test_an_alert_goes_to_who_may_act_on_it_and_to_owners(harness: ShopHarness):
    await harness.hire(KARIM, Role.MANAGER)
    await harness.hire(LINA, Role.SUPPORT)
    for kind in (AlertKind.COST_FELL, AlertKind.AUDIT_DIFFERS, AlertKind.UPDATE_QUARANTINED):
        await open_alert(harness, kind)

    await tell_alerts(harness.shop)

    told = {(row.user_id, json.loads(row.data)["alert"]) for row in await rows(harness, outbox)}
    assert told == {
        (OPERATOR, "cost_fell"),
        (OPERATOR, "audit_differs"),
        (OPERATOR, "update_quarantined"),
        (KARIM, "cost_fell"),
        (KARIM, "update_quarantined"),
        (LINA, "update_quarantined"),
    }


async def test_what_waits_for_somebody_who_lost_the_right_is_not_sent(harness: ShopHarness):
    await harness.hire(KARIM, Role.MANAGER)
    await open_alert(harness, AlertKind.COST_FELL)
    await tell_alerts(harness.shop)
    await harness.hire(KARIM, Role.SUPPORT)

    await harness.send()

    assert [one.user_id for one in harness.sender.sent if one.kind == "alert"] == [OPERATOR]


async def test_that_somebody_accepted_is_told_to_owners_only(harness: ShopHarness):
    await harness.customer(KARIM, dinars=0)
    await accept_role(harness.shop, KARIM, await invite(harness, KARIM, Role.SUPPORT), key="a")
    harness.set_policy(admin_ids=frozenset({LINA}))

    await harness.send()

    assert [one.user_id for one in harness.sender.sent if one.kind == "team"] == [KARIM]


async def test_owners_cannot_be_forgotten_and_others_can(harness: ShopHarness):
    await harness.hire(KARIM, Role.SUPPORT)

    assert (await find_obstacles(harness.shop, OPERATOR)).is_owner
    assert not (await find_obstacles(harness.shop, KARIM)).any
