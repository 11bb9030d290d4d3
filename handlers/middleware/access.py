"""Who may come in, how fast, and in which language they are served."""

from telegram import Chat, Update

from bot.errors import TooFast
from bot.services.messaging.customers import ensure_customer
from handlers.context import ShopContext
from handlers.middleware import CallNext, ShopApplication
from handlers.middleware.errors import explain
from handlers.middleware.retries import is_payment
from locales import words

# Presses of one chat that may wait. Who waits for each answer, however quick, never gets there; of a
# flood the newest presses are served and the older ones answered with a word.
MOST_WAITING = 30

_COMMAND_IN_GROUP = ("/start", "/shop", "/help")


async def check_access(update: Update, application: ShopApplication, call_next: CallNext) -> None:
    """Middleware: only private chats of real people come through, and payments from wherever they were made."""
    context = ShopContext.from_update(update, application)
    user = update.effective_user
    if user is None or user.is_bot or not await _may_enter(update, context):
        return
    context.customer = await ensure_customer(context.shop, user.id, user.language_code)
    await call_next(update)


async def _may_enter(update: Update, context: ShopContext) -> bool:
    if update.pre_checkout_query is not None or is_payment(update):
        return True
    chat = update.effective_chat
    if chat is None:
        return False
    if chat.type != Chat.PRIVATE:
        await _point_to_private_chat(update, context)
        return False
    if update.callback_query and context.bot_state.chat_order.waiting(chat.id) > MOST_WAITING:
        user = update.effective_user
        locale = (user.language_code if user else None) or "en"
        await context.answer(update, explain(words(locale), TooFast()))
        return False
    return update.my_chat_member is None


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
