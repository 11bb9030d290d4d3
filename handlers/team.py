"""/team: owners see who works here, ask people to, and end it; whoever is asked accepts by a button."""

from typing import Final

from telegram import Update

from bot.domain.actions import ActionKind
from bot.domain.amounts import DINARS, read_amount, read_telegram_id
from bot.domain.records import Locale
from bot.domain.roles import Member, MemberState, Role
from bot.refusals import AlreadyDecided, MemberChanged, NotFound, required
from bot.services.operations import staffing
from bot.services.operations.staffing import Appointment
from bot.services.standing import rights_of
from handlers.account import END
from handlers.choosing import ask_person, shared_person
from handlers.context import ShopContext, press_of, typed
from handlers.menus import set_chat_menu
from handlers.operator_payments import leave_alone
from handlers.questions import WORDS
from handlers.screens import team as screens
from locales import words

WHOM: Final = "team_whom"
CAP: Final = "team_cap"
_ROLES: Final = (Role.MANAGER, Role.SUPPORT)  # a question keeps the place of its role


async def team(update: Update, context: ShopContext) -> int:
    members = await staffing.list_members(context.shop)
    owners = sorted(context.shop.policy.admin_ids)
    screen = screens.team(context.words, owners, members, context.bot_state.zone)
    await context.show(update, screen)
    return END


async def one_member(update: Update, context: ShopContext) -> int:
    member = required(await staffing.find_member(context.shop, press_of(update).number()))
    await context.show(update, screens.member(context.words, member, context.bot_state.zone))
    return END


async def ask_whom(update: Update, context: ShopContext) -> str:
    await context.answer(update)
    await ask_person(update, context, screens.ask_whom(context.words))
    return WHOM


async def take_shared(update: Update, context: ShopContext) -> int | str:
    """The person who was chosen in Telegram's list, for the newest question only."""
    person = shared_person(update, context)
    if person is None:
        return await ask_whom(update, context)
    return await _ask_role(update, context, person)


async def typed_whom(update: Update, context: ShopContext) -> int | str:
    """A Telegram id, as an answer to `ask_whom`; words leave the question."""
    person = read_telegram_id(typed(update))
    return WORDS if person is None else await _ask_role(update, context, person)


async def _ask_role(update: Update, context: ShopContext, user_id: int) -> int:
    await staffing.check_hireable(context.shop, user_id)
    await context.show(update, screens.choose_role(context.words, user_id))
    return END


async def choose_role(update: Update, context: ShopContext) -> str:
    """Ask for the cap, for somebody new or in place of another role."""
    press = press_of(update)
    if press.args[1] not in _ROLES:
        raise NotFound
    return await _ask_cap(update, context, press.number(), Role(press.args[1]))


async def ask_cap(update: Update, context: ShopContext) -> str:
    member = required(await staffing.find_member(context.shop, press_of(update).number()))
    return await _ask_cap(update, context, member.user_id, member.role)


async def _ask_cap(update: Update, context: ShopContext, user_id: int, role: Role) -> str:
    await staffing.check_hireable(context.shop, user_id)
    known = await staffing.find_member(context.shop, user_id)
    context.remember(member=user_id, role=_ROLES.index(role), known=staffing.mark_of(known))
    await context.show(update, screens.ask_cap(context.words, user_id, role))
    return CAP


async def typed_cap(update: Update, context: ShopContext) -> int | str:
    """The cap in dinars: with it the person is asked, or is something else from now on.

    Nothing is saved where they have become something else since the question, by a colleague perhaps.
    """
    user_id, place = context.remembered("member"), context.remembered("role")
    role, amount = _ROLES[place], read_amount(typed(update))
    if amount is None or amount.minor < 0:
        await context.send(update, screens.ask_cap(context.words, user_id, role, again=True))
        return CAP
    cap_minor, known = amount.within(DINARS), context.remembered("known")
    key, owner = context.key_of(update), context.customer.id
    wanted = Appointment(key, owner, user_id, role, cap_minor, known)
    try:
        member = await staffing.appoint(context.shop, wanted)
    except MemberChanged:
        await context.show(update, screens.changed_meanwhile(context.words))
        return END
    await context.show(update, screens.appointed(context.words, member))
    if member.state is MemberState.ACTIVE:
        await _renew_menu(context, member)
    return END


async def ask_removal(update: Update, context: ShopContext) -> int:
    member, action_id = await staffing.ask_removal(
        context.shop,
        press_of(update).number(),
        key=context.key_of(update),
        operator_id=context.customer.id,
    )
    await context.show(update, screens.ask_removal(context.words, member, action_id))
    return END


async def decide_removal(update: Update, context: ShopContext) -> int:
    """The answer to the question of `ask_removal`."""
    press = press_of(update)
    if press.args[1] != "1":
        await leave_alone(update, context, ActionKind.TEAM)
        return END
    member = await staffing.confirm_removal(context.shop, context.customer.id, press.number())
    await context.show(update, screens.removed(context.words, member))
    await _renew_menu(context, member)
    return END


async def accept(update: Update, context: ShopContext) -> int:
    """The button of whoever was asked to work here. It is sent to their private chat only."""
    user_id, invitation = context.customer.id, press_of(update).number()
    try:
        member = await staffing.accept_role(
            context.shop, user_id, invitation, key=context.key_of(update)
        )
    except AlreadyDecided:
        member = required(await staffing.find_member(context.shop, user_id))
    await context.show(update, screens.accepted(context.words, member))
    await _renew_menu(context, member)
    return END


async def _renew_menu(context: ShopContext, member: Member) -> None:
    """Show a person the commands that exist for them now, in their language."""
    async with context.shop.store.reading() as tx:
        known = await tx.customers.get(member.user_id)
    locale = known.locale if known else Locale.EN
    rights = await rights_of(context.shop, member.user_id)
    own = context.bot_state.needed.commands_for(rights)
    await set_chat_menu(context.bot, member.user_id, words(locale), own)
