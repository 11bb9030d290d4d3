"""/user: operators find a customer, and see, note, write, credit and ban from that customer's page."""

from collections.abc import Awaitable, Callable
from typing import Final

from telegram import (
    Message,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
)

from bot.domain.actions import ActionKind
from bot.domain.amounts import DINARS, take_amount
from bot.domain.people import BanReason
from bot.refusals import AlreadyDecided, NotFound
from bot.services.customers.bans import ask_ban, ask_unban, confirm_ban
from bot.services.customers.finding import find_people, looks_like_one
from bot.services.customers.notes import add_note, read_notes
from bot.services.customers.pages import (
    list_movements,
    list_orders,
    list_payments,
    view_customer,
)
from bot.services.messaging.support import begin_case
from bot.services.wallet.limits import leave_undone
from handlers.account import END
from handlers.choosing import ask_person, shared_person
from handlers.context import ShopContext, arguments, press_of, typed
from handlers.operator_payments import give_credit
from handlers.questions import WORDS
from handlers.screen import Screen
from handlers.screens import customers as screens
from handlers.support import answer_case

WHOM: Final = "customer"
CREDIT: Final = "customer-credit"
NOTE: Final = "customer-note"
WRITE: Final = "customer-write"
BAN: Final = "customer-ban"
_LONGEST_REASON: Final = 300


async def user(update: Update, context: ShopContext) -> int | str:
    """`/user #1042`, `HN12`, `K7`, a Telegram id; nothing or @name: choose the person in Telegram."""
    words = arguments(update)
    if not words or words.startswith("@"):
        return await _ask_whom(update, context, by_name=bool(words))
    await _find(update, context, words)
    return END


async def _ask_whom(update: Update, context: ShopContext, *, by_name: bool = False) -> str:
    await ask_person(update, context, screens.ask_whom(context.words, by_name=by_name))
    return WHOM


async def _find(update: Update, context: ShopContext, words: str) -> None:
    found = await find_people(context.shop, words)
    if len({match.user_id for match in found}) == 1:
        await _show(update, context, found[0].user_id)
    else:
        await context.show(update, screens.choose(context.words, found))


async def typed_whom(update: Update, context: ShopContext) -> int | str:
    """The answer to `_ask_whom`: a number, an @name, or one of the customer's messages, forwarded."""
    message = update.effective_message
    if message is not None and message.forward_origin is not None:
        return await _take_forwarded(update, context, message)
    words = typed(update).strip()
    if words.startswith("@"):
        return await _ask_whom(update, context, by_name=True)
    if not looks_like_one(words):
        return WORDS
    await _find(update, context, words)
    return END


async def _take_forwarded(update: Update, context: ShopContext, message: Message) -> int | str:
    origin = message.forward_origin
    if isinstance(origin, MessageOriginUser):
        await _show(update, context, origin.sender_user.id)
        return END
    is_hidden = isinstance(origin, MessageOriginHiddenUser)
    await context.send(update, screens.not_a_person(context.words, is_hidden=is_hidden))
    return WHOM


async def take_shared(update: Update, context: ShopContext) -> int | str:
    """The person who was chosen in Telegram's list, for the newest question only."""
    person = shared_person(update, context)
    if person is None:
        return await _ask_whom(update, context)
    await _show(update, context, person)
    return END


async def page(update: Update, context: ShopContext) -> int:
    await _show(update, context, press_of(update).number())
    return END


async def _show(update: Update, context: ShopContext, user_id: int, toast: str = "") -> None:
    view = await view_customer(context.shop, user_id)
    screen = screens.customer(context.words, view, context.bot_state.zone, await context.rights())
    await context.show(update, screen, toast=toast)


async def orders(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    part = await list_orders(context.shop, press.number(0), press.number(1))
    await context.show(update, screens.orders(context.words, part))
    return END


async def money(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    part = await list_movements(context.shop, press.number(0), press.number(1))
    await context.show(update, screens.money(context.words, part, context.bot_state.zone))
    return END


async def payments(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    part = await list_payments(context.shop, press.number(0), press.number(1))
    await context.show(update, screens.payments(context.words, part))
    return END


async def _ask(update: Update, context: ShopContext, state: str, screen: Screen) -> str:
    context.remember(customer=press_of(update).number())
    await context.answer(update)
    await context.send(update, screen)
    return state


async def ask_credit(update: Update, context: ShopContext) -> str:
    user_id = press_of(update).number()
    await view_customer(context.shop, user_id)
    return await _ask(update, context, CREDIT, screens.ask_credit(context.words, user_id))


async def typed_credit(update: Update, context: ShopContext) -> int | str:
    user_id, taken = context.remembered("customer"), take_amount(typed(update))
    if taken is None or not taken[0].minor:
        await context.send(update, screens.ask_credit(context.words, user_id, again=True))
        return CREDIT
    await give_credit(update, context, user_id, taken[0].within(DINARS), taken[1])
    return END


async def ask_note(update: Update, context: ShopContext) -> str:
    """The notes about a customer, and the question for another one."""
    user_id = press_of(update).number()
    notes = await read_notes(context.shop, user_id)
    screen = screens.notes(context.words, user_id, notes, context.bot_state.zone)
    return await _ask(update, context, NOTE, screen)


async def typed_note(update: Update, context: ShopContext) -> int:
    user_id = context.remembered("customer")
    key, operator_id = context.key_of(update), context.customer.id
    await add_note(context.shop, user_id, typed(update), key=key, operator_id=operator_id)
    await _show(update, context, user_id)
    return END


async def ask_words(update: Update, context: ShopContext) -> str:
    """What to write to a customer; it is passed on, and not kept."""
    user_id = press_of(update).number()
    await view_customer(context.shop, user_id)
    return await _ask(update, context, WRITE, screens.ask_words(context.words, user_id))


async def send_words(update: Update, context: ShopContext) -> int:
    user_id = context.remembered("customer")
    key, operator_id = context.key_of(update), context.customer.id
    case = await begin_case(context.shop, user_id, key=key, operator_id=operator_id)
    await answer_case(update, context, case)
    return END


async def press_ban(update: Update, context: ShopContext) -> int:
    """Ask why somebody is to be banned; of somebody who is, whether to serve them again."""
    user_id = press_of(update).number()
    view = await view_customer(context.shop, user_id)
    if view.ban is None:
        await context.show(update, screens.ban_reasons(context.words, user_id))
        return END
    key, operator_id = context.key_of(update), context.customer.id
    question = await ask_unban(context.shop, user_id, key=key, operator_id=operator_id)
    await context.show(update, screens.ask_ban(context.words, question))
    return END


async def choose_reason(update: Update, context: ShopContext) -> int | str:
    press = press_of(update)
    user_id, reason = press.number(0), press.args[1]
    if reason not in set(BanReason):
        raise NotFound
    if reason == BanReason.OTHER:
        return await _ask(update, context, BAN, screens.ask_ban_words(context.words, user_id))
    await _ask_ban(update, context, user_id, reason)
    return END


async def typed_reason(update: Update, context: ShopContext) -> int | str:
    user_id, words = context.remembered("customer"), " ".join(typed(update).split())
    if not 1 <= len(words) <= _LONGEST_REASON:
        await context.send(update, screens.ask_ban_words(context.words, user_id))
        return BAN
    await _ask_ban(update, context, user_id, words)
    return END


async def _ask_ban(update: Update, context: ShopContext, user_id: int, reason: str) -> None:
    key, operator_id = context.key_of(update), context.customer.id

    async def ask() -> Screen:
        made = await ask_ban(context.shop, user_id, reason, key=key, operator_id=operator_id)
        return screens.ask_ban(context.words, made)

    await _unless_decided(update, context, user_id, ask)


async def _unless_decided(
    update: Update, context: ShopContext, user_id: int, ask: Callable[[], Awaitable[Screen]]
) -> None:
    """The screen of a question; the customer's page where it was decided already."""
    try:
        screen = await ask()
    except AlreadyDecided:
        await _show(update, context, user_id, context.words.plain("refused-decided"))
    else:
        await context.show(update, screen)


async def decide_ban(update: Update, context: ShopContext) -> int:
    """The answer to the question whether to ban somebody, or to serve them again."""
    press = press_of(update)
    if press.args[1] != "1":
        kinds = (ActionKind.BAN, ActionKind.UNBAN)
        await leave_undone(context.shop, context.customer.id, press.number(), *kinds)
        await context.show(update, screens.left_alone(context.words))
        return END
    action = await confirm_ban(context.shop, context.customer.id, press.number())
    await _show(update, context, int(action.target))
    return END
