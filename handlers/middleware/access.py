"""Decides whose updates are handled, and in which language."""

import logging

from telegram import Chat, Update
from telegram.error import TelegramError

from bot.domain.records import Locale
from bot.services.messaging.customers import ensure_customer
from handlers.context import ShopContext
from handlers.edge import explain as explain_error
from handlers.middleware import CallNext, ShopApplication
from handlers.priorities import Priority
from locales import words

_log = logging.getLogger(__name__)
_COMMAND_IN_GROUP = ("/start", "/shop", "/help")


async def check_access(update: Update, application: ShopApplication, call_next: CallNext) -> None:
    """Middleware: handle only updates of private chats with people, and checkouts from any chat.

    Stores a new customer, and sets `context.customer`.
    """
    context = ShopContext.from_update(update, application)
    user = update.effective_user
    if user is None or user.is_bot or not await _is_admitted(update, context):
        return
    context.customer = await ensure_customer(context.shop, user.id, user.language_code)
    await call_next(update)


async def _is_admitted(update: Update, context: ShopContext) -> bool:
    """Whether to handle an update. Commands that are refused are answered here."""
    if update.pre_checkout_query is not None:
        return True
    chat = update.effective_chat
    if chat is None:  # a message that was sent by way of another chat: its button turns no longer
        await context.answer(update)
        return False
    if chat.type != Chat.PRIVATE:
        await _point_to_private_chat(update, context)
        return False
    return update.my_chat_member is None


async def _point_to_private_chat(update: Update, context: ShopContext) -> None:
    """Answer a command in a group with a link to the private chat, and nothing else at all.

    A group must never see a code, a price or a wallet. The answer is news: it makes nobody wait
    who shops, and is given up where the group takes nothing.
    """
    await context.answer(update)
    message = update.message
    if message is None or not (message.text or "").startswith(_COMMAND_IN_GROUP):
        return
    if not context.bot_state.group_answers.may_answer(message.chat.id):
        return
    user = update.effective_user
    default = context.shop.policy.default_locale
    locale = Locale.of(user.language_code if user else None, default)
    text = words(locale).plain("group", link=f"https://t.me/{context.bot.username}")
    thread_id = message.message_thread_id if message.is_topic_message else None
    try:
        await context.bot.send_message(
            message.chat.id,
            text,
            message_thread_id=thread_id,
            rate_limit_args=Priority.NEWS,
        )
    except TelegramError as error:  # such as a group in which the bot may not write
        _log.info("a command in a group is not answered: %s", explain_error(error))
