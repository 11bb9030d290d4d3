"""Screens about who works in the shop: for owners, and for whoever is asked to."""

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.roles import Member, MemberState, Role
from handlers.callback_data import pack
from handlers.screen import Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens.customers import customer_row
from locales import Words

_GRANTED: Final = (Role.MANAGER, Role.SUPPORT)
_CAP_EXAMPLE_MINOR: Final = 500_000


def role_name(words: Words, role: Role) -> str:
    return words.plain(f"role-{role}")


def rule(words: Words, stored: str) -> str:
    """What somebody was or is, as an action keeps it (`staffing`); nobody's is a dash."""
    if not stored:
        return words.plain("team-rule-none")
    role, cap_minor, state = stored.split()
    key = "team-rule" if state == MemberState.ACTIVE else "team-rule-invited"
    return words.plain(key, role=role_name(words, Role(role)), cap=words.money(int(cap_minor)))


def team(words: Words, owners: Sequence[int], members: Sequence[Member], zone: ZoneInfo) -> Screen:
    """Everybody who works here, with a button for each who can be changed in a chat."""
    screen = ScreenBuilder(words)
    screen.line("team")
    for owner_id in owners:
        screen.line("team-owner", id=str(owner_id))
    for one in members:
        _member_line(screen, one, zone)
        screen.button(
            "button-member",
            pack("tmem", one.user_id),
            role=role_name(words, one.role),
            id=str(one.user_id),
        )
    screen.button("button-team-add", pack("tadd"))
    return screen.done()


def _member_line(screen: ScreenBuilder, one: Member, zone: ZoneInfo) -> None:
    words = screen.words
    screen.line(
        "team-member" if one.state is MemberState.ACTIVE else "team-invited",
        id=str(one.user_id),
        role=role_name(words, one.role),
        date=words.whole_date(one.at.astimezone(zone).date()),
        by=str(one.added_by),
    )
    _cap_line(screen, one.role, one.cap_minor)


def _cap_line(screen: ScreenBuilder, role: Role, cap_minor: int) -> None:
    """What the cap allows in that role, or that it allows nothing."""
    key = f"team-cap-{role}" if cap_minor else f"team-cap-{role}-none"
    screen.line(key, cap=screen.words.money(cap_minor))


def member(words: Words, one: Member, zone: ZoneInfo) -> Screen:
    screen = ScreenBuilder(words)
    _member_line(screen, one, zone)
    screen.line(f"role-may-{one.role}")
    for role in _GRANTED:
        if role is not one.role:
            data, name = pack("trole", one.user_id, role), role_name(words, role)
            screen.button("button-team-role", data, role=name)
    screen.button("button-team-cap", pack("tcap", one.user_id))
    screen.button("button-team-remove", pack("tout", one.user_id))
    customer_row(screen, one.user_id)
    screen.button("button-team", pack("team"))
    return screen.done()


def ask_whom(words: Words) -> Screen:
    """Below it stands a keyboard with Telegram's own list of people."""
    screen = ScreenBuilder(words)
    screen.line("team-whom")
    return screen.done()


def choose_role(words: Words, user_id: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("team-which-role", id=str(user_id))
    for role in _GRANTED:
        screen.line(f"role-may-{role}")
        data, name = pack("trole", user_id, role), role_name(words, role)
        screen.button("button-team-role", data, role=name)
    screen.button("button-team", pack("team"))
    return screen.done()


def ask_cap(words: Words, user_id: int, role: Role, *, again: bool = False) -> Screen:
    screen = ScreenBuilder(words)
    if again:
        screen.line("user-credit-again")
    name, example = role_name(words, role), words.money(_CAP_EXAMPLE_MINOR)
    screen.line(f"team-ask-cap-{role}", id=str(user_id), role=name, example=example)
    screen.button("button-team", pack("team"))
    return screen.done()


def appointed(words: Words, one: Member) -> Screen:
    """What an owner reads after a choice of role and cap."""
    screen = ScreenBuilder(words)
    key = "team-changed" if one.state is MemberState.ACTIVE else "team-asked"
    screen.line(key, id=str(one.user_id), role=role_name(words, one.role))
    _cap_line(screen, one.role, one.cap_minor)
    screen.button("button-team", pack("team"))
    return screen.done()


def changed_meanwhile(words: Words) -> Screen:
    """What an owner reads whose answer about somebody was not saved."""
    screen = ScreenBuilder(words)
    screen.line("refused-member-changed")
    screen.button("button-team", pack("team"))
    return screen.done()


def ask_removal(words: Words, one: Member, action_id: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("team-remove-ask", id=str(one.user_id), role=role_name(words, one.role))
    screen.button("button-team-remove-yes", pack("tgo", action_id, 1), style=Style.DESTROY)
    screen.button("button-leave", pack("tgo", action_id, 0))
    return screen.done()


def removed(words: Words, one: Member) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("team-removed", id=str(one.user_id))
    screen.button("button-team", pack("team"))
    return screen.done()


def accepted(words: Words, one: Member) -> Screen:
    """What somebody reads who has accepted."""
    screen = ScreenBuilder(words)
    _of_yours(screen, "team-you-are", one.role, one.cap_minor)
    screen.line("team-menu")
    return screen.done()


def told(words: Words, data: Mapping[str, str]) -> Screen:
    """A message about a role, by `data["what"]`: to its person, and of its acceptance to the owner."""
    screen, what = ScreenBuilder(words), data["what"]
    role, cap_minor = Role(data["role"]), int(data["cap"])
    if what == "accepted":
        screen.line("team-has-accepted", id=data["user"], role=role_name(words, role))
        screen.button("button-team", pack("team"))
    elif what == "removed":
        screen.line("team-you-were", role=role_name(words, role))
    elif what == "changed":
        _of_yours(screen, "team-you-are", role, cap_minor)
    else:
        _of_yours(screen, "team-invitation", role, cap_minor)
        screen.button("button-team-accept", pack("tyes", data["action"]))
    return screen.done()


def _of_yours(screen: ScreenBuilder, key: str, role: Role, cap_minor: int) -> None:
    screen.line(key, role=role_name(screen.words, role))
    screen.line(f"role-may-{role}")
    _cap_line(screen, role, cap_minor)
