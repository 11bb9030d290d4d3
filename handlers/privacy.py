"""/privacy: what is kept of a customer, their data as a file, and being forgotten."""

import secrets
from datetime import UTC, datetime
from math import ceil
from typing import Final

from telegram import InputFile, Update
from telegram.ext import ConversationHandler

from bot.domain.people import PSEUDONYMS, pseudonym
from bot.services.operations.forgetting import find_obstacles, forget_customer
from bot.services.operations.personal_data import collect_personal_data
from handlers.context import ShopContext, press_of
from handlers.screens import privacy as screens

END = ConversationHandler.END
_FILE_EVERY_SECONDS: Final = 3600.0
_MOST_REMEMBERED: Final = 1_000
# An erasure reads all alerts and messages there are. Those after the first are for what a press leaves.
_ERASURES_AT_MOST: Final = 3
_ERASURES_WITHIN_SECONDS: Final = 3600.0
_SEND_SECONDS: Final = 20.0
_NAME: Final = "hanout-data.json"


async def privacy(update: Update, context: ShopContext) -> int:
    await context.show(update, screens.privacy(context.words, context.customer.id), "privacy")
    return END


async def my_data(update: Update, context: ShopContext) -> int:
    """Send the customer a file of what is kept of them, into their own chat, once an hour."""
    user_id = context.customer.id
    wait = _claim_file(context, user_id)
    if wait > 0:
        screen = screens.data_later(context.words, ceil(wait / 60))
        await context.show(update, screen, "privacy")
        return END
    await context.answer(update, context.words.plain("toast-my-data"))
    screen = screens.caption(context.words)
    try:
        content = await collect_personal_data(context.shop, user_id)
        await context.bot_state.threads.send(
            user_id,
            context.bot.send_document,
            InputFile(content, filename=_NAME),
            caption=screen.text,
            caption_entities=screen.entities,
            reply_markup=screen.keyboard(),
            read_timeout=_SEND_SECONDS,
        )
    except BaseException:
        context.bot_state.files_sent.pop(user_id, None)  # they got none
        raise
    return END


def _claim_file(context: ShopContext, user_id: int) -> float:
    """The seconds until the customer can have another file; 0 where they can now, which is noted."""
    sent, now = context.bot_state.files_sent, context.shop.clock.monotonic()
    last = sent.get(user_id)
    if last is not None and now - last < _FILE_EVERY_SECONDS:
        return _FILE_EVERY_SECONDS - (now - last)
    if len(sent) >= _MOST_REMEMBERED:
        del sent[next(iter(sent))]
    sent.pop(user_id, None)
    sent[user_id] = now
    return 0.0


async def forget(update: Update, context: ShopContext) -> int:
    """Say what goes and what stays, and ask; or say what has to end first."""
    obstacles = await find_obstacles(context.shop, context.customer.id)
    if obstacles.any:
        screen = screens.not_yet(context.words, obstacles)
    else:
        asked_at = int(context.shop.clock.now().timestamp())
        screen = screens.forget(context.words, asked_at, context.shop.policy.backups_kept)
    await context.show(update, screen, "privacy")
    return END


async def erase(update: Update, context: ShopContext) -> int:
    """Forget the customer. A second press forgets what it has itself made the shop note again."""
    asked_at = datetime.fromtimestamp(min(press_of(update).number(), 2**33), UTC)
    user_id = context.customer.id
    wait = _until_erasure(context, user_id)
    if wait > 0:
        screen = screens.erased_already(context.words, ceil(wait / 60))
        await context.show(update, screen, "privacy")
        return END
    new_id = pseudonym(secrets.randbelow(PSEUDONYMS))
    obstacles = await forget_customer(context.shop, user_id, new_id, asked_at)
    if obstacles.any:
        await context.show(update, screens.not_yet(context.words, obstacles), "privacy")
        return END
    _note_erasure(context, user_id)
    _forget_in_memory(context, user_id)
    await context.show(update, screens.forgotten(context.words))
    _forget_in_memory(context, user_id)
    return END


def _until_erasure(context: ShopContext, user_id: int) -> float:
    """The seconds until what is kept of a customer may be erased once more; 0 where it may now."""
    times, now = context.bot_state.erasures.get(user_id, ()), context.shop.clock.monotonic()
    recent = [at for at in times if now - at < _ERASURES_WITHIN_SECONDS]
    if len(recent) < _ERASURES_AT_MOST:
        return 0.0
    return _ERASURES_WITHIN_SECONDS - (now - recent[0])


def _note_erasure(context: ShopContext, user_id: int) -> None:
    """In memory alone, for the hour; nothing else remembers that they were forgotten."""
    erasures = context.bot_state.erasures
    times = erasures.pop(user_id, ())
    if len(erasures) >= _MOST_REMEMBERED:
        del erasures[next(iter(erasures))]
    erasures[user_id] = (*times, context.shop.clock.monotonic())[-_ERASURES_AT_MOST:]


def _forget_in_memory(context: ShopContext, user_id: int) -> None:
    state = context.bot_state
    state.support_times.pop(user_id, None)
    state.files_sent.pop(user_id, None)
    for place in [place for place in state.shown if place[0] == user_id]:
        del state.shown[place]
    if context.user_data is not None:
        context.user_data.clear()
