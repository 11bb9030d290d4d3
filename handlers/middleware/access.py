"""The door: who may come in, how fast, and in which language they are served."""

from telegram import Chat, Update
from telegram.ext import ApplicationHandlerStop

from bot.errors import TooFast
from bot.services.messaging.customers import welcome
from handlers.context import ShopContext
from handlers.middleware.errors import explain
from handlers.middleware.retries import is_payment
from locales import words

# Presses that may wait in one chat's lane. Who waits for each answer, however quick, never gets
# there; of a flood the newest presses are served and the older ones answered with a word.
MOST_WAITING = 30

_COMMAND_IN_GROUP = ("/start", "/shop", "/help")


async def enter(update: Update, context: ShopContext) -> None:
    """Runs before every handler: private chats of real people only."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or user.is_bot:
        raise ApplicationHandlerStop
    if update.pre_checkout_query is not None or is_payment(update):
        # Money stands above policy: it is heard wherever it was paid.
        context.customer = await welcome(context.shop, user.id, user.language_code)
        return
    if chat is None:
        raise ApplicationHandlerStop
    if chat.type != Chat.PRIVATE:
        await _point_to_private_chat(update, context)
        raise ApplicationHandlerStop
    if update.callback_query and context.bot_state.chat_processor.waiting(chat.id) > MOST_WAITING:
        await context.answer(update, explain(words(user.language_code or "en"), TooFast()))
        raise ApplicationHandlerStop
    if update.my_chat_member is not None:
        raise ApplicationHandlerStop
    context.customer = await welcome(context.shop, user.id, user.language_code)


async def _point_to_private_chat(update: Update, context: ShopContext) -> None:
    """Groups get silence, or one line; never a code, a price or a wallet."""
    await context.answer(update)
    message = update.message
    if message is None or not (message.text or "").startswith(_COMMAND_IN_GROUP):
        return
    user = update.effective_user
    locale = (user.language_code if user else None) or "en"
    text = words(locale[:2]).plain("group", link=f"https://t.me/{context.bot.username}")
    await context.bot.send_message(message.chat.id, text)
