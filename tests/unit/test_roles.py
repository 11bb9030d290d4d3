"""Who may do what: the tables of rights, and that every operator's command and button declares one."""

from itertools import product

import pytest

from bot.domain.actions import MONEY_ACTIONS, ActionKind
from bot.domain.alerts import AlertKind
from bot.domain.roles import (
    ALERT_RIGHTS,
    CAPPED_ACTIONS,
    OWNER,
    RIGHT_TO_MOVE,
    RIGHTS,
    WITHIN_CAP,
    Member,
    MemberState,
    Right,
    Role,
    Standing,
)
from handlers.menus import OPERATOR_COMMANDS as MENU
from handlers.rights import RightsNeeded
from handlers.routes import (
    COMMANDS,
    NEEDED,
    OPERATOR_COMMANDS,
    OPERATOR_PRESSES,
    OPERATOR_QUESTIONS,
    PRESSES,
)
from handlers.screen import Button, Screen
from handlers.screens import alerts
from locales import words
from tests.fakes import START
from tests.unit.alert_samples import DATA

# What only an owner may, and what support may; a manager may all that is left.
OWNERS = {Right.MUCH_NEWS, Right.EXPORT, Right.KEYS, Right.BOOKS, Right.TEAM}
SUPPORTS = {
    Right.CUSTOMERS,
    Right.ATTENTION,
    Right.CASES,
    Right.NOTES,
    Right.STOCK_COUNTS,
}


@pytest.mark.parametrize("right", Right)
def test_each_role_has_the_rights_of_the_table(right):
    assert right in OWNER.rights
    assert (right in Standing(Role.MANAGER, 1).rights) == (right not in OWNERS)
    capped = {Right.REFUND, Right.RECEIPTS}
    assert (right in Standing(Role.SUPPORT, 1).rights) == (right in SUPPORTS | capped)


@pytest.mark.parametrize("right", Right)
def test_a_cap_of_nothing_takes_what_is_only_within_it(right):
    in_hand = {Right.CREDIT, Right.STARS}
    assert (right in Standing(Role.MANAGER).rights) == (right not in OWNERS | in_hand)
    assert (right in Standing(Role.SUPPORT).rights) == (right in SUPPORTS)


def test_a_higher_role_may_what_a_lower_one_may():
    assert RIGHTS[Role.SUPPORT] < RIGHTS[Role.MANAGER] < RIGHTS[Role.OWNER]
    support = Standing(Role.SUPPORT, 1).rights
    assert support < Standing(Role.MANAGER, 1).rights < OWNER.rights


def test_nobody_grants_what_they_lack():
    """A manager holds all that support does, but not the right to make anybody something."""
    assert OWNER.may_grant(Role.MANAGER) and OWNER.may_grant(Role.SUPPORT)
    assert not OWNER.may_grant(Role.OWNER)
    for role in Role:
        assert not Standing(Role.MANAGER, 1).may_grant(role)
        assert not Standing(Role.SUPPORT, 1).may_grant(role)


def test_every_action_that_moves_money_needs_a_right_and_counts_where_that_is_capped():
    assert set(RIGHT_TO_MOVE) == set(MONEY_ACTIONS) - {ActionKind.REJECT}  # moves nothing
    for role in Role:
        for kind, right in RIGHT_TO_MOVE.items():
            if right in WITHIN_CAP[role]:
                assert kind in CAPPED_ACTIONS[role], (role, kind)


def test_who_has_not_accepted_may_nothing():
    asked = Member(5, Role.MANAGER, 1, MemberState.INVITED, 900, START, 7)

    assert asked.standing is None


@pytest.mark.parametrize("table", [OPERATOR_COMMANDS, OPERATOR_PRESSES, OPERATOR_QUESTIONS])
def test_every_operator_verb_and_command_declares_a_right(table):
    for name, (handler, right) in table.items():
        assert callable(handler), name
        assert isinstance(right, Right), name


def test_what_customers_may_send_is_no_operators():
    """What declares no right stands in the tables of customers, and nowhere else."""
    assert not set(PRESSES) & {*OPERATOR_PRESSES, *OPERATOR_QUESTIONS}
    assert not set(COMMANDS) & set(OPERATOR_COMMANDS)
    assert set(MENU) == set(OPERATOR_COMMANDS)


def test_every_alert_goes_to_whoever_may_press_its_buttons():
    """Else somebody would get a button that refuses them, or nobody but owners what is theirs to decide."""
    assert set(ALERT_RIGHTS) == set(AlertKind)
    roles = [Standing(role, cap) for role in Role for cap in (0, 1)]
    for kind, paused, standing in product(AlertKind, ("yes", "no"), roles):
        data = {**DATA, "alert": str(kind), "paused": paused, "reason": "surplus", "more": "0"}
        screen = alerts.alert(words("en"), data)
        if ALERT_RIGHTS[kind] in standing.rights:
            assert NEEDED.leave_off(screen, standing.rights) == screen, (kind, standing)


def test_a_screen_has_only_the_buttons_that_a_person_may_press():
    needed = RightsNeeded({"stats": Right.STATS}, {"stats": Right.STATS, "resume": Right.BOOKS})
    home, stats = Button("Home", "home"), Button("7 days", "stats:7d")
    link, resume = Button("Open", url="https://example.org"), Button("Resume", "resume")
    screen = Screen("x", (), ((home, stats), (resume,), (link,)))

    assert needed.any_of(screen)
    assert not needed.any_of(Screen("x", (), ((home, link),)))
    assert needed.leave_off(screen, set()).rows == ((home,), (link,))
    assert needed.leave_off(screen, {Right.STATS}).rows == ((home, stats), (link,))
    assert needed.commands_for({Right.STATS}) == {"stats"}
    assert needed.commands_for(set()) == set()
