"""Owners ask people to work here, change what they are, and end it; the people accept themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from zlib import crc32

from bot.domain.actions import ActionKind
from bot.domain.outbox import OutboxKind
from bot.domain.people import is_pseudonym
from bot.domain.roles import Member, MemberState, Right, Role
from bot.refusals import AlreadyDecided, Banned, MemberChanged, NotFound, NotHireable, required
from bot.services.shop import Shop
from bot.services.standing import standing_of
from bot.services.wallet.limits import check_fresh
from storage.transaction import Transaction

MOST_MEMBERS: Final = 20  # one message lists them all
_FORMER: Final = timedelta(days=30)  # for so long the menu of whoever was removed is looked at


@dataclass(frozen=True, slots=True)
class Appointment:
    """What somebody is to be; `key` names the owner's message. `cap_minor`: minor units a day.

    `instead_of`: the mark (`mark_of`) of what they were when that was asked; None: whatever they are.
    """

    key: str
    operator_id: int
    user_id: int
    role: Role
    cap_minor: int
    instead_of: int | None = None


def mark_of(member: Member | None) -> int:
    """A short number for what somebody is, or is not, for a question about them to keep."""
    return crc32(_stored(member).encode())


async def list_members(shop: Shop) -> Sequence[Member]:
    """Everybody but the owners, also who has not accepted yet."""
    async with shop.store.reading() as tx:
        return await tx.team.members()


async def find_member(shop: Shop, user_id: int) -> Member | None:
    async with shop.store.reading() as tx:
        return await tx.team.member(user_id)


async def list_menus(shop: Shop) -> Mapping[int, tuple[str, frozenset[Right]]]:
    """Whose menu may have to be another than it is, by their ids: their languages, and what they may.

    Everybody who works here, and whoever did in the last month: a menu that Telegram did not take
    when they were removed still has commands of operators.
    """
    found = {}
    since = shop.clock.now() - _FORMER
    async with shop.store.reading() as tx:
        lately = {int(one) for one in await tx.operators.targets_since(ActionKind.TEAM, since)}
        staff = shop.policy.admin_ids | {one.user_id for one in await tx.team.members()}
        for user_id in sorted(staff | lately):
            standing = await standing_of(tx, shop, user_id)
            known = await tx.customers.get(user_id)
            if standing is not None or (known is not None and not is_pseudonym(user_id)):
                locale = known.locale if known else shop.policy.default_locale
                found[user_id] = str(locale), standing.rights if standing else frozenset[Right]()
    return found


async def check_hireable(shop: Shop, user_id: int) -> None:
    """Raises NotHireable for whoever cannot be asked to work here, before more is asked about them."""
    async with shop.store.reading() as tx:
        member = await tx.team.member(user_id)
        if member is None or member.standing is None:
            await _check_hireable(tx, shop, user_id)


async def _check_hireable(tx: Transaction, shop: Shop, user_id: int) -> None:
    if user_id in shop.policy.admin_ids:
        raise NotHireable("owner")
    customer = await tx.customers.get(user_id)
    if customer is None or not customer.reachable:
        raise NotHireable("unknown")
    if customer.banned:
        raise NotHireable("banned")
    others = [one for one in await tx.team.members() if one.user_id != user_id]
    if len(others) >= MOST_MEMBERS:
        raise NotHireable("full")


async def appoint(shop: Shop, appointment: Appointment) -> Member:
    """Ask somebody to work here, or change the role and the cap of whoever does, and tell them.

    Whoever is asked may nothing before they have accepted; a later call asks anew, and the button of
    the former question is void. A second call with the same key raises AlreadyDecided. Raises
    NotHireable, MemberChanged where they are not any more what `instead_of` marks, and NotFound for an
    operator who may not give this role.
    """
    return await shop.store.write(_appoint, shop, appointment)


async def _appoint(tx: Transaction, shop: Shop, appointment: Appointment) -> Member:
    granter = required(await standing_of(tx, shop, appointment.operator_id))
    if not granter.may_grant(appointment.role):
        raise NotFound
    user_id, now = appointment.user_id, shop.clock.now()
    await tx.customers.lock_ban(user_id)
    known = await tx.team.locked(user_id)
    if appointment.instead_of is not None and appointment.instead_of != mark_of(known):
        raise MemberChanged
    works_here = known is not None and known.standing is not None
    if not works_here:
        await _check_hireable(tx, shop, user_id)
    member = Member(
        user_id,
        appointment.role,
        appointment.cap_minor,
        MemberState.ACTIVE if works_here else MemberState.INVITED,
        known.added_by if known and works_here else appointment.operator_id,
        known.at if known and works_here else now,
        0,
    )
    action_id = await tx.operators.add_action(
        key=appointment.key,
        operator_id=appointment.operator_id,
        kind=ActionKind.TEAM,
        target=str(user_id),
        now=now,
        before=_stored(known),
        after=_stored(member),
    )
    if action_id is None:
        raise AlreadyDecided
    member = replace(member, invitation=action_id)
    await tx.team.put(member)
    await _tell(tx, shop, "changed" if works_here else "invited", member, user_id, action_id)
    return member


def _stored(member: Member | None) -> str:
    """What somebody was or is, as an action keeps it: role, cap in minor units, and whether asked only."""
    if member is None:
        return ""
    return f"{member.role} {member.cap_minor} {member.state}"


async def _tell(
    tx: Transaction, shop: Shop, what: str, member: Member, to: int, action_id: int
) -> None:
    data = {
        "what": what,
        "user": str(member.user_id),
        "role": str(member.role),
        "cap": str(member.cap_minor),
        "action": str(action_id),
    }
    key = f"team:{what}:{action_id}"
    await tx.outbox.add(key, to, OutboxKind.TEAM, shop.clock.now(), data=data)


async def accept_role(shop: Shop, user_id: int, invitation: int, *, key: str) -> Member:
    """Begin to work here, as the invitation says, which has to be the newest of this person.

    A second call raises AlreadyDecided. Raises Banned, and NotFound for an invitation of somebody
    else, one that was withdrawn or replaced, or whose owner is none any more.
    """
    return await shop.store.write(_accept, shop, user_id, invitation, key)


async def _accept(tx: Transaction, shop: Shop, user_id: int, invitation: int, key: str) -> Member:
    if await tx.customers.lock_ban(user_id) is not None:
        raise Banned
    member = required(await tx.team.locked(user_id))
    if member.invitation != invitation:
        raise NotFound
    if member.state is MemberState.ACTIVE:
        raise AlreadyDecided
    granter = await standing_of(tx, shop, member.added_by)
    if granter is None or not granter.may_grant(member.role) or user_id in shop.policy.admin_ids:
        raise NotFound
    accepted = replace(member, state=MemberState.ACTIVE, at=shop.clock.now())
    action_id = await tx.operators.add_action(
        key=key,
        operator_id=user_id,
        kind=ActionKind.TEAM,
        target=str(user_id),
        now=shop.clock.now(),
        before=_stored(member),
        after=_stored(accepted),
    )
    await tx.team.put(accepted)
    await _tell(tx, shop, "accepted", accepted, member.added_by, required(action_id))
    return accepted


async def ask_removal(
    shop: Shop, user_id: int, *, key: str, operator_id: int
) -> tuple[Member, int]:
    """Ask whether somebody is to work here no more: who, and the action to confirm.

    A second call with this key raises AlreadyDecided. Raises NotFound for whoever is in no row.
    """
    return await shop.store.write(_ask_removal, shop, user_id, key, operator_id)


async def _ask_removal(
    tx: Transaction, shop: Shop, user_id: int, key: str, operator_id: int
) -> tuple[Member, int]:
    member = required(await tx.team.member(user_id))
    action_id = await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.TEAM,
        target=str(user_id),
        now=shop.clock.now(),
        done=False,
    )
    if action_id is None:
        raise AlreadyDecided
    return member, action_id


async def confirm_removal(shop: Shop, operator_id: int, action_id: int) -> Member:
    """End what was asked about, at once; returns what they were. A second call raises AlreadyDecided.

    Raises NotFound, AskedTooLongAgo.
    """
    return await shop.store.write(_confirm_removal, shop, operator_id, action_id)


async def _confirm_removal(tx: Transaction, shop: Shop, operator_id: int, action_id: int) -> Member:
    action = required(await tx.operators.action(action_id, operator_id))
    standing = required(await standing_of(tx, shop, operator_id))
    if action.kind is not ActionKind.TEAM or Right.TEAM not in standing.rights:
        raise NotFound
    check_fresh(shop, action)
    user_id = int(action.target)
    await tx.customers.lock_ban(user_id)
    member = await tx.team.locked(user_id)
    if member is None:
        raise AlreadyDecided
    await tx.team.remove(user_id)
    await tx.operators.decide(action_id, shop.clock.now(), _stored(member), "")
    if member.standing is not None:
        await _tell(tx, shop, "removed", member, user_id, action_id)
    return member
