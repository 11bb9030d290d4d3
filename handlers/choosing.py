"""Asks an operator for a person, by a keyboard that opens Telegram's own list of people."""

import secrets
from typing import Final

from telegram import KeyboardButton, KeyboardButtonRequestUsers, ReplyKeyboardMarkup, Update

from bot.domain.amounts import LARGEST_TELEGRAM_ID
from handlers.context import ShopContext
from handlers.screen import Screen

_LARGEST_REQUEST: Final = 2**31 - 1


async def ask_person(update: Update, context: ShopContext, screen: Screen) -> None:
    """Ask with this screen. The list gives the shop no name and no picture.

    The number of the question comes back with the person: an older one is not answered any more.
    """
    request = secrets.randbelow(_LARGEST_REQUEST) + 1
    if context.user_data is not None:
        context.user_data["request"] = request
    ask = KeyboardButtonRequestUsers(request, user_is_bot=False, max_quantity=1)
    button = KeyboardButton(context.words.label("button-choose-person"), request_users=ask)
    keyboard = ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
    if update.effective_chat is not None:
        await context.bot_state.threads.send(
            update.effective_chat.id,
            context.bot.send_message,
            screen.text,
            entities=screen.entities,
            reply_markup=keyboard,
        )


def shared_person(update: Update, context: ShopContext) -> int | None:
    """Who was chosen in Telegram's list; None where that answers an older question, or nobody's."""
    message = update.effective_message
    shared = message.users_shared if message else None
    asked = (context.user_data or {}).get("request")
    if shared is None or shared.request_id != asked or len(shared.users) != 1:
        return None
    person = shared.users[0].user_id
    return person if 0 < person <= LARGEST_TELEGRAM_ID else None
