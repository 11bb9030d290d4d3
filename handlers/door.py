"""The door: who may come in, how fast, and in which language they are served."""

from telegram import Chat, Update
from telegram.ext import ApplicationHandlerStop

from bot.errors import TooFast
from bot.services.customers import welcome
from handlers.refusals import explain
from handlers.retries import is_payment
from handlers.visit import Visit
from locales import words

# Presses that may wait in one chat's lane. Who waits for each answer, however quick, never gets
# there; of a flood the newest presses are served and the older ones answered with a word.
MOST_WAITING = 30

_COMMAND_IN_GROUP = ("/start", "/shop", "/help")


async def enter(update: Update, visit: Visit) -> None:
    """Runs before every handler: private chats of real people only."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or user.is_bot:
        raise ApplicationHandlerStop
    if update.pre_checkout_query is not None or is_payment(update):
        # Money stands above manners: it is heard wherever it was paid.
        visit.customer = await welcome(visit.shop, user.id, user.language_code)
        return
    if chat is None:
        raise ApplicationHandlerStop
    if chat.type != Chat.PRIVATE:
        await _point_to_private_chat(update, visit)
        raise ApplicationHandlerStop
    if update.callback_query and visit.desk.lanes.waiting(chat.id) > MOST_WAITING:
        await visit.answer(update, explain(words(user.language_code or "en"), TooFast()))
        raise ApplicationHandlerStop
    if update.my_chat_member is not None:
        raise ApplicationHandlerStop
    visit.customer = await welcome(visit.shop, user.id, user.language_code)


async def _point_to_private_chat(update: Update, visit: Visit) -> None:
    """Groups get silence, or one line; never a code, a price or a wallet."""
    await visit.answer(update)
    message = update.message
    if message is None or not (message.text or "").startswith(_COMMAND_IN_GROUP):
        return
    user = update.effective_user
    locale = (user.language_code if user else None) or "en"
    text = words(locale[:2]).plain("group", link=f"https://t.me/{visit.bot.username}")
    await visit.bot.send_message(message.chat.id, text)
