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
from bot.services.customers import find_customer
from bot.services.support import case_of, close_case, has_heard, note_message, open_case
from handlers.account import END
from handlers.paying import proof_of
from handlers.richtext import RichText, cut
from handlers.screen import Screen
from handlers.screens import operator as operator_screens
from handlers.screens import support as screens
from handlers.visit import Visit, arguments, must_be_operator, press_of, typed
from locales import words

CASE: Final = "case"
_MOST: Final = 12
_WITHIN_SECONDS: Final = 600.0
_FIRST: Final = 3500  # UTF-16 units that fit beside the heading; what is longer follows by itself
_CAPTION: Final = 800


async def paysupport(update: Update, visit: Visit) -> int | str:
    """Ask what is wrong; words behind the command are the message already."""
    if arguments(update) and not update.callback_query:
        return await wrote(update, visit)
    screen = screens.ask(visit.words, visit.customer.id, visit.desk.support)
    await visit.show(update, screen, "case")
    return CASE


async def wrote(update: Update, visit: Visit) -> int:
    """Pass it on to every operator."""
    message = update.effective_message
    if message is None:
        return END
    text = arguments(update) if typed(update).startswith("/paysupport") else typed(update)
    _check_pace(visit)
    case, order = await open_case(visit.shop, visit.customer.id)
    heard = 0
    for operator_id in sorted(visit.shop.policy.admin_ids):
        heard += await _pass_on(update, visit, case, order, operator_id, message, text)
    await visit.send(update, screens.passed_on(visit.words, case, heard=heard > 0))
    return END


def _check_pace(visit: Visit) -> None:
    """Raises TooFast: operators have a telephone, too."""
    now = time.monotonic()
    times = visit.desk.support_times.setdefault(visit.customer.id, deque(maxlen=_MOST))
    if len(times) == _MOST and now - times[0] < _WITHIN_SECONDS:
        raise TooFast
    times.append(now)


async def _pass_on(
    update: Update,
    visit: Visit,
    case: SupportCase,
    order: Order | None,
    operator_id: int,
    message: Message,
    text: str,
) -> bool:
    if await has_heard(visit.shop, operator_id, update.update_id):
        return True
    operator = await _known(visit, operator_id)
    if operator is None:
        return False
    proof = proof_of(message)
    shown, rest = cut(proof.caption, _CAPTION) if proof else cut(text, _FIRST)
    screen = screens.asked(words(operator.locale), case, order, shown)
    try:
        sent = await _send(visit, operator_id, screen, message)
        if rest:
            await visit.bot.send_message(operator_id, rest)
    except Forbidden:
        return False
    await note_message(visit.shop, case, operator_id, sent.message_id, update.update_id)
    return True


async def _known(visit: Visit, user_id: int) -> Customer | None:
    try:
        async with visit.shop.store.reading() as tables:
            return await find_customer(visit.shop, tables, user_id)
    except UnknownCustomer:
        return None


async def _send(visit: Visit, chat_id: int, screen: Screen, message: Message) -> Message:
    """The screen's text, with the picture or file that came along."""
    proof = proof_of(message)
    if proof is None:
        return await visit.bot.send_message(
            chat_id, screen.text, entities=screen.entities, reply_markup=screen.keyboard()
        )
    send = visit.bot.send_photo if proof.kind is ReceiptKind.PHOTO else visit.bot.send_document
    return await send(
        chat_id,
        proof.file_id,
        caption=screen.text,
        caption_entities=screen.entities,
        reply_markup=screen.keyboard(),
    )


async def answered(update: Update, visit: Visit) -> None:
    """An operator replied to something. To a message about a case: that is the customer's answer.

    To anything else: the handlers that follow take it as they take all other words.
    """
    message = update.effective_message
    replied = message.reply_to_message if message else None
    if message is None or replied is None:
        return
    if visit.customer.id not in visit.shop.policy.admin_ids:
        return
    case = await case_of(visit.shop, visit.customer.id, replied.message_id)
    if case is None:
        return
    if not await has_heard(visit.shop, case.user_id, update.update_id):
        await _answer(update, visit, case, message)
    raise ApplicationHandlerStop


async def _answer(update: Update, visit: Visit, case: SupportCase, message: Message) -> None:
    customer = await _known(visit, case.user_id) or Customer(case.user_id, Locale.EN)
    proof = proof_of(message)
    text = proof.caption if proof else typed(update)
    shown, rest = cut(text, _CAPTION if proof else _FIRST)
    screen = screens.answer(words(customer.locale), case, shown)
    try:
        sent = await _send(visit, customer.id, screen, message)
        if rest:
            await visit.bot.send_message(customer.id, rest)
    except Forbidden:
        await visit.send(update, operator_screens.note(visit.words, "case-unreachable"))
        return
    await note_message(visit.shop, case, customer.id, sent.message_id, update.update_id)
    told = screens.answer_sent(visit.words, case)
    await visit.send(update, told)
    await _tell_others(visit, case, text)


async def _tell_others(visit: Visit, case: SupportCase, text: str) -> None:
    """The other operators see that somebody has answered, and what."""
    for operator_id in sorted(visit.shop.policy.admin_ids - {visit.customer.id}):
        operator = await _known(visit, operator_id)
        if operator is None:
            continue
        line = words(operator.locale).text(
            "case-others", number=f"#{case.id}", who=str(visit.customer.id), words=cut(text, 200)[0]
        )
        rich = RichText().add(line)
        try:
            await visit.bot.send_message(operator_id, rich.text, entities=rich.entities)
        except Forbidden:
            continue


async def settled(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    case_id = press_of(update).number()
    key, operator_id = f"update:{update.update_id}", visit.customer.id
    done = await close_case(visit.shop, key=key, operator_id=operator_id, case_id=case_id)
    told = visit.words.plain("case-closed" if done else "case-was-closed", number=f"#{case_id}")
    await visit.answer(update, told)
