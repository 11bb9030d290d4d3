"""An owner, a manager and somebody of support at work, by clicks alone, each in a language of their own."""

from dataclasses import dataclass

import pytest

from bot.domain.roles import RIGHTS, WITHIN_CAP, Right, Role
from bot.sandbox.demo import PEOPLE
from bot.sandbox.simulation import OPERATOR_ID
from bot.sandbox.telegram.world import Person
from handlers.routes import COMMANDS, NEEDED
from tests.e2e.browser.desk import ANY, Desk

LANGUAGES = {user_id: language for user_id, _, language in PEOPLE}
# The keyboard by which a person is chosen is not inline, which the simulator notes and takes.
NOT_INLINE = "sendMessage: Bad Request: a keyboard that is not inline"
CREDITED = 150  # dinars
CAP = 5_000


@dataclass
class Team:
    owner: Desk
    manager: Desk
    support: Desk
    customer: Person

    def all(self) -> tuple[Desk, Desk, Desk]:
        return self.owner, self.manager, self.support


# The owner's language, and by it who is manager, support and customer: each role in each language.
CASES = [
    pytest.param("en", 2002, 2003, 2001, id="owner-en-manager-fr-support-ar"),
    pytest.param("fr", 2003, 2001, 2002, id="owner-fr-manager-ar-support-en"),
    pytest.param("ar", 2001, 2002, 2003, id="owner-ar-manager-en-support-fr"),
]


async def gather(simulation, messenger, language: str, manager: int, support: int, customer: int):
    """The people of a case, with the page on the owner's phone; nobody is hired yet."""
    made = Team(
        Desk(simulation, messenger, OPERATOR_ID, language),
        Desk(simulation, messenger, manager, LANGUAGES[manager]),
        Desk(simulation, messenger, support, LANGUAGES[support]),
        simulation.world.people[customer],
    )
    await made.owner.sit_down()
    return made


async def choose_language(desk: Desk) -> None:
    if desk.language == desk.person.language_code:
        return
    shown = await desk.ask("/language", "🌐")
    label = desk.words.label(f"button-language-{desk.language}")
    await desk.press(shown, label, desk.text("home", 1))


def may(role: Role, *, cap: bool) -> frozenset[Right]:
    return RIGHTS[role] | (WITHIN_CAP[role] if cap else frozenset())


async def invite(owner: Desk, user_id: int, role: Role, cap: int) -> None:
    name = owner.words.plain(f"role-{role}")
    team = await owner.ask("/team", owner.text("team"))
    await owner.press(team, owner.text("button-team-add"), owner.text("team-whom")[:20])
    owner.simulation.world.refused.remove(NOT_INLINE)
    asked = await owner.ask(str(user_id), owner.text("team-which-role", id=str(user_id)))
    question = owner.text(f"team-ask-cap-{role}", id=str(user_id), role=name, example="")
    await owner.press(asked, owner.text("button-team-role", role=name), question)
    await owner.ask(str(cap), owner.text("team-asked", id=str(user_id), role=name))


async def accept(desk: Desk, role: Role) -> None:
    await desk.sit_down()
    name = desk.words.plain(f"role-{role}")
    invitation = await desk.see(desk.text("team-invitation", role=name))
    assert await desk.labels(invitation) == {desk.text("button-team-accept")}
    done = desk.text("team-menu")
    await desk.press(invitation, desk.text("button-team-accept"), done)


async def hire(team: Team) -> None:
    """The owner asks both; each accepts by the button, and only then works here."""
    for desk, role, cap in (
        (team.manager, Role.MANAGER, CAP),
        (team.support, Role.SUPPORT, 0),
    ):
        await team.owner.sit_down()
        await invite(team.owner, desk.id, role, cap)
        await desk.sit_down()
        await desk.must_not_type("user 1")
        await accept(desk, role)
    await team.owner.sit_down()
    for desk, role in ((team.manager, Role.MANAGER), (team.support, Role.SUPPORT)):
        name = team.owner.words.plain(f"role-{role}")
        await team.owner.see(team.owner.text("team-has-accepted", id=str(desk.id), role=name))


@pytest.mark.parametrize(("language", "manager", "support", "customer"), CASES)
async def test_whoever_is_hired_does_what_their_role_allows(
    simulation, messenger, language, manager, support, customer
):
    team = await gather(simulation, messenger, language, manager, support, customer)
    await choose_language(team.owner)
    await hire(team)
    await _looks_at_the_team(team)

    await _keeps_a_customer(team.owner, team.customer, may(Role.OWNER, cap=True))
    await team.manager.sit_down()
    assert await team.manager.commands() == _commands(may(Role.MANAGER, cap=True))
    await _keeps_a_customer(team.manager, team.customer, may(Role.MANAGER, cap=True))
    await team.manager.must_not_type("export", "team", "audit")
    await team.manager.must_not("exp:202610:1", "tadd", f"tout:{support}", "resume")

    await team.support.sit_down()
    assert await team.support.commands() == _commands(may(Role.SUPPORT, cap=False))
    await _answers_a_case(team)
    await _keeps_a_customer(team.support, team.customer, may(Role.SUPPORT, cap=False))
    await _looks_at_what_waits(team)
    await _reaches_no_money(team)

    await _removes(team, team.manager, Role.MANAGER)


def _commands(rights: frozenset[Right]) -> set[str]:
    return set(COMMANDS) | NEEDED.commands_for(rights)


async def _looks_at_the_team(team: Team) -> None:
    owner, words = team.owner, team.owner.words
    listed = await owner.ask("/team", owner.text("team-cap-manager", cap=owner.money(CAP)))
    support = owner.text("button-member", role=words.plain("role-support"), id=str(team.support.id))
    member = await owner.press(listed, support, owner.text("role-may-support"))
    await owner.see(owner.text("team-cap-support-none", cap=""), member - 1)
    await owner.press(member, owner.text("button-team"), owner.text("team"))


async def _keeps_a_customer(desk: Desk, customer: Person, rights: frozenset[Right]) -> None:
    """The page of a customer: its parts, and each thing that this role may do there and no other."""
    language = desk.words.language(LANGUAGES[customer.id])
    top = desk.text("user", id=str(customer.id), language=language, date=ANY)
    page = await desk.ask(f"/user {customer.id}", top)
    deeds = {
        "button-user-credit": Right.CREDIT,
        "button-user-note": Right.NOTES,
        "button-user-write": Right.CASES,
        "button-ban": Right.BAN,
    }
    parts = ("button-user-orders", "button-user-money", "button-user-payments")
    allowed = {desk.text(key) for key, right in deeds.items() if right in rights}
    assert await desk.labels(page) == allowed | {desk.text(key) for key in parts}
    for part in ("orders", "money", "payments"):
        title = desk.text(f"user-{part}-of", id=str(customer.id))
        page = await desk.press(page, desk.text(f"button-user-{part}"), title)
        page = await desk.press(page, desk.text("button-customer"), top)
    if Right.CREDIT in rights:
        page = await _credits(desk, customer, page, top)
    page = await _notes(desk, customer, page)
    await _writes(desk, customer, page)
    if Right.BAN in rights:
        page = await desk.ask(f"/user {customer.id}", top)
        await _bans_and_serves_again(desk, customer, page, top)


async def _credits(desk: Desk, customer: Person, page: int, top: str) -> int:
    question = desk.text("user-credit", id=str(customer.id), note=ANY)
    asked = await desk.press(page, desk.text("button-user-credit"), question)
    amount = bare_amount(desk, CREDITED)
    done = desk.text("credit-done", id=str(customer.id), amount=amount, balance=ANY)
    await desk.ask(f"{CREDITED} CCP", done)
    return await desk.press(asked, desk.text("button-customer"), top)


def bare_amount(desk: Desk, dinars: int) -> str:
    return desk.words.signed_money(dinars * 100)


async def _notes(desk: Desk, customer: Person, page: int) -> int:
    note = f"asked for an invoice, says {desk.id}"
    await desk.press(page, desk.text("button-user-note"), desk.text("user-note-ask"))
    return await desk.ask(note, note)


async def _writes(desk: Desk, customer: Person, page: int) -> None:
    words = f"Your invoice is ready, says {desk.id}"
    question = desk.text("user-write", id=str(customer.id))
    await desk.press(page, desk.text("button-user-write"), question)
    await desk.ask(words, desk.text("case-sent", id=str(customer.id), number=ANY))
    await customer.reads(words)


async def _bans_and_serves_again(desk: Desk, customer: Person, page: int, top: str) -> None:
    number = str(customer.id)
    reasons = await desk.press(page, desk.text("button-ban"), desk.text("ban-why", id=number))
    why = desk.text("ban-fraud")
    ask = desk.text("ban-ask", id=number, why=why)
    asked = await desk.press(reasons, desk.text("button-ban-fraud"), ask)
    banned = desk.text("user-banned", date=ANY, why=why)
    page = await desk.press(asked, desk.text("button-ban-yes"), banned)
    refused = desk.simulation.world.people[customer.id]
    await refused.ask_and_read("/shop", "/paysupport")
    ask = desk.text("unban-ask", id=number)
    asked = await desk.press(page, desk.text("button-unban"), ask)
    page = await desk.press(asked, desk.text("button-unban-yes"), top)
    assert desk.text("button-ban") in await desk.labels(page)


async def _answers_a_case(team: Team) -> None:
    """A customer's question stands below /attention, and is answered by a reply."""
    support, customer = team.support, team.customer
    await customer.ask_and_read("/paysupport", "🆘")
    await customer.say("Where are my codes?")
    asked = await support.see("Where are my codes?")
    await support.message(asked).locator("button.reply").click()
    answer = support.text("case-sent", id=str(customer.id), number=ANY)
    await support.ask("In /orders, as always.", answer)
    await customer.reads("In /orders, as always.")


async def _looks_at_what_waits(team: Team) -> None:
    await team.customer.ask_and_read("/paysupport", "🆘")
    await team.customer.say("Are you there?")
    for desk in (team.support, team.manager, team.owner):
        await desk.sit_down()
        await desk.see("Are you there?")
        await desk.ask("/attention", desk.text("attention-cases", count="1"))


async def _reaches_no_money(team: Team) -> None:
    support, customer = team.support, team.customer
    await support.sit_down()
    await support.must_not_type("stats", "pause", "prices", "catalogue", "news", "credit 5 5")
    await support.must_not(
        f"ucred:{customer.id}",
        f"uban:{customer.id}",
        f"ubanw:{customer.id}:fraud",
        "uban2:1:1",
        "credit:1:1",
        "accept:1",
        "return:1",
        "refund:1:1",
        "tadd",
    )


async def _removes(team: Team, desk: Desk, role: Role) -> None:
    """From the next press on, whoever is removed is a customer."""
    owner, number = team.owner, str(desk.id)
    await owner.sit_down()
    name = owner.words.plain(f"role-{role}")
    listed = await owner.ask("/team", owner.text("team-cap-manager", cap=owner.money(CAP)))
    member = await owner.press(
        listed, owner.text("button-member", role=name, id=number), owner.text(f"role-may-{role}")
    )
    ask = owner.text("team-remove-ask", id=number, role=name)
    asked = await owner.press(member, owner.text("button-team-remove"), ask)
    removed = owner.text("team-removed", id=number)
    await owner.press(asked, owner.text("button-team-remove-yes"), removed)
    await desk.sit_down()
    await desk.see(desk.text("team-you-were", role=desk.words.plain(f"role-{role}")))
    await desk.must_not_type(f"user {team.customer.id}")
    await desk.must_not(f"user:{team.customer.id}", f"uban:{team.customer.id}")
    assert await desk.commands() == set(COMMANDS)
