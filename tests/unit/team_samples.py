"""Screens about who works in the shop, and of a day's closing."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product as every

from bot.domain.roles import Member, MemberState, Role
from handlers.screen import Screen
from handlers.screens import closing
from handlers.screens import team as screens
from locales import Words
from tests.fakes import START
from tests.unit.samples import ZONE

WHO = 7012345678
SUPPORT = Member(WHO, Role.SUPPORT, 500_000, MemberState.ACTIVE, 900, START, 7)
MANAGER = Member(10**15 - 1, Role.MANAGER, 50_000_000, MemberState.ACTIVE, 900, START, 7)
MEMBERS = [
    SUPPORT,
    MANAGER,
    replace(SUPPORT, cap_minor=0, state=MemberState.INVITED),
    replace(MANAGER, cap_minor=0, state=MemberState.INVITED),
]


def team_screens(w: Words) -> Iterator[Screen]:
    for members in ([], MEMBERS, MEMBERS * 5):
        yield screens.team(w, [900, 901], members, ZONE)
    yield screens.changed_meanwhile(w)
    for one in MEMBERS:
        yield screens.member(w, one, ZONE)
        yield screens.appointed(w, one)
        yield screens.ask_removal(w, one, 10**9)
        yield screens.removed(w, one)
        yield screens.accepted(w, one)
        for what in ("invited", "accepted", "changed", "removed"):
            data = {"role": str(one.role), "cap": str(one.cap_minor), "action": "77"}
            yield screens.told(w, {**data, "what": what, "user": str(one.user_id)})
    yield screens.ask_whom(w)
    yield screens.choose_role(w, WHO)
    for role, again in every((Role.MANAGER, Role.SUPPORT), (False, True)):
        yield screens.ask_cap(w, WHO, role, again=again)


def closing_screens(w: Words) -> Iterator[Screen]:
    for count in ("0", "1", "2", "3", "11", "100"):
        sold = {"date": "2026-11-26", "orders": count, "codes": count, "sales": "2510000"}
        others = {"returned": "190000", "held": "836000", "waiting": count}
        waiting = dict.fromkeys(("attention", "payments", "cases", "others"), count)
        told = sold | others | waiting
        yield closing.closing(w, told)
        earned = {"cost": "2300000", "profit": "210000", "losses": f"{count}00"}
        yield closing.closing(w, told | earned | {"days": f"oneclickdz:{count} starship:2"})
    nothing = dict.fromkeys((*sold, *others, *waiting, *earned), "0")
    yield closing.closing(w, nothing | {"date": "2026-11-26"})
