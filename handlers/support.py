"""/paysupport: what a customer writes goes to every operator; their replies go back.

Words and pictures are passed on, and not kept. An update that fails is worked on again: whoever has
heard it already does not hear it twice.
"""

import time
from collections import deque
from typing import Final

from telegram import Message, Update
from telegram.error import Forbidden
from telegram.ext import ApplicationHandlerStop

from bot.domain.orders import Order
from bot.domain.payments import ReceiptKind
from bot.domain.records import Customer, Locale, SupportCase
from bot.errors import TooFast, UnknownCustomer
from bot.services.messaging.customers import find_customer
from bot.services.messaging.support import case_of, close_case, has_message, note_message, open_case
from handlers.account import END
from handlers.context import ShopContext, arguments, must_be_operator, press_of, typed
from handlers.payments import proof_of
from handlers.richtext import cut
from handlers.screen import Screen
from handlers.screens import operator as operator_screens
from handlers.screens import support as screens
from locales import words

CASE: Final = "case"
_MOST: Final = 12
_WITHIN_SECONDS: Final = 600.0
_FIRST: Final = 3500  # UTF-16 units that fit beside the heading; what is longer follows by itself
_CAPTION: Final = 800
_EXCERPT: Final = 200


async def paysupport(update: Update, context: ShopContext) -> int | str:
    """Ask what is wrong; words behind the command are the message already."""
    if arguments(update) and not update.callback_query:
        return await wrote(update, context)
    screen = screens.ask_question(context.words, context.customer.id, context.bot_state.support)
    await context.show(update, screen, "case")
    return CASE


async def wrote(update: Update, context: ShopContext) -> int:
    """Pass it on to every operator."""
    message = update.effective_message
    if message is None:
        return END
    text = arguments(update) if typed(update).startswith("/paysupport") else typed(update)
    _check_pace(context)
    case, order = await open_case(context.shop, context.customer.id)
    heard = 0
    for operator_id in sorted(context.shop.policy.admin_ids):
        heard += await _pass_on(update, context, case, order, operator_id, message, text)
    await context.send(update, screens.question_received(context.words, case, forwarded=heard > 0))
    return END


def _check_pace(context: ShopContext) -> None:
    """Raises TooFast: operators have a telephone, too."""
    now = time.monotonic()
    times = context.bot_state.support_times.setdefault(context.customer.id, deque(maxlen=_MOST))
    if len(times) == _MOST and now - times[0] < _WITHIN_SECONDS:
        raise TooFast
    times.append(now)


async def _pass_on(
    update: Update,
    context: ShopContext,
    case: SupportCase,
    order: Order | None,
    operator_id: int,
    message: Message,
    text: str,
) -> bool:
    if await has_message(context.shop, operator_id, update.update_id):
        return True
    operator = await _known(context, operator_id)
    if operator is None:
        return False
    proof = proof_of(message)
    shown, rest = cut(proof.caption, _CAPTION) if proof else cut(text, _FIRST)
    screen = screens.question(words(operator.locale), case, order, shown)
    try:
        sent = await _send(context, operator_id, screen, message)
        if rest:
            await context.bot.send_message(operator_id, rest)
    except Forbidden:
        return False
    await note_message(context.shop, case, operator_id, sent.message_id, update.update_id)
    return True


async def _known(context: ShopContext, user_id: int) -> Customer | None:
    try:
        async with context.shop.store.reading() as tx:
            return await find_customer(context.shop, tx, user_id)
    except UnknownCustomer:
        return None


async def _send(context: ShopContext, chat_id: int, screen: Screen, message: Message) -> Message:
    """The screen's text, with the picture or file that came along."""
    proof = proof_of(message)
    if proof is None:
        return await context.bot.send_message(
            chat_id, screen.text, entities=screen.entities, reply_markup=screen.keyboard()
        )
    send = context.bot.send_photo if proof.kind is ReceiptKind.PHOTO else context.bot.send_document
    return await send(
        chat_id,
        proof.file_id,
        caption=screen.text,
        caption_entities=screen.entities,
        reply_markup=screen.keyboard(),
    )


async def answered(update: Update, context: ShopContext) -> None:
    """An operator replied to something. To a message about a case: that is the customer's answer.

    To anything else: the handlers that follow take it as they take all other words.
    """
    message = update.effective_message
    replied = message.reply_to_message if message else None
    if message is None or replied is None:
        return
    if context.customer.id not in context.shop.policy.admin_ids:
        return
    case = await case_of(context.shop, context.customer.id, replied.message_id)
    if case is None:
        return
    if not await has_message(context.shop, case.user_id, update.update_id):
        await _answer(update, context, case, message)
    raise ApplicationHandlerStop


async def _answer(
    update: Update, context: ShopContext, case: SupportCase, message: Message
) -> None:
    customer = await _known(context, case.user_id) or Customer(case.user_id, Locale.EN)
    proof = proof_of(message)
    text = proof.caption if proof else typed(update)
    shown, rest = cut(text, _CAPTION if proof else _FIRST)
    screen = screens.answer(words(customer.locale), case, shown)
    try:
        sent = await _send(context, customer.id, screen, message)
        if rest:
            await context.bot.send_message(customer.id, rest)
    except Forbidden:
        await context.send(update, operator_screens.note(context.words, "case-unreachable"))
        return
    await note_message(context.shop, case, customer.id, sent.message_id, update.update_id)
    told = screens.answer_sent(context.words, case)
    await context.send(update, told)
    await _tell_others(context, case, text)


async def _tell_others(context: ShopContext, case: SupportCase, text: str) -> None:
    """The other operators see that somebody has answered, and what."""
    for operator_id in sorted(context.shop.policy.admin_ids - {context.customer.id}):
        operator = await _known(context, operator_id)
        if operator is None:
            continue
        screen = screens.answered_by_other(
            words(operator.locale), case, context.customer.id, cut(text, _EXCERPT)[0]
        )
        try:
            await context.bot.send_message(operator_id, screen.text, entities=screen.entities)
        except Forbidden:
            continue


async def settled(update: Update, context: ShopContext) -> None:
    must_be_operator(context)
    case_id = press_of(update).number()
    key, operator_id = f"update:{update.update_id}", context.customer.id
    done = await close_case(context.shop, key=key, operator_id=operator_id, case_id=case_id)
    told = context.words.plain("case-closed" if done else "case-was-closed", number=f"#{case_id}")
    await context.answer(update, told)
