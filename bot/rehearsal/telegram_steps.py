"""Steps in the operator's chat: what Telegram and its apps do with the shop's messages."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

from pydantic import SecretStr
from telegram.error import TelegramError

from bot.connections import witnessed
from bot.domain.records import Locale
from bot.errors import SendFailure
from bot.factories import build_bot
from bot.rehearsal.playing import NotPossible, Rehearsal, in_seconds
from bot.rehearsal.steps import Need, Question, Seen, Step
from bot.services.messaging.customers import choose_language
from handlers.edge import Do, read, words_of
from handlers.request import NoSuchMethod, TokenRefused
from handlers.screen import Screen
from handlers.screens import rehearsal as screens

_VISIBLE: Final = timedelta(seconds=60)
_HIDDEN_SECONDS: Final = 60.0  # beyond that: the sweep, and Telegram's answer
_ACTION_SECONDS: Final = 240.0  # for something that the operator does in the chat
_QUIET_SECONDS: Final = 4.0
_PRESS_SECONDS: Final = 30.0
_OLD: Final = timedelta(hours=49)
_MANY: Final = 5
_LEAST_ITEMS: Final = 2


async def show(r: Rehearsal, screen: Screen) -> int:
    """Send a screen of the rehearsal's own to the operator; returns the message id. Raises NotPossible."""
    try:
        message = await r.telegram.bot.send_message(
            r.operator.id,
            screen.text,
            entities=screen.entities,
            reply_markup=screen.keyboard(),
        )
    except TelegramError as error:
        raise NotPossible(f"Telegram refuses the message: {words_of(error)}") from None
    return message.message_id


async def _codes(r: Rehearsal) -> Seen:
    order = await r.bought()
    return Seen({"codes": str(order.delivered_quantity)})


async def _many_codes(r: Rehearsal) -> Seen:
    order = await r.bought(_MANY)
    return Seen({"codes": str(order.delivered_quantity)})


async def _protected(r: Rehearsal) -> Seen:
    with r.set_otherwise(protect_content=True):
        return await _codes(r)


async def _arabic(r: Rehearsal) -> Seen:
    before = r.operator.locale
    r.operator = await choose_language(r.shop, r.operator.id, Locale.AR)
    try:
        return await _codes(r)
    finally:
        r.operator = await choose_language(r.shop, r.operator.id, before)


async def _hidden(r: Rehearsal) -> Seen:
    with r.set_otherwise(codes_visible_for=_VISIBLE):
        order = await r.bought()
        began = monotonic()

        async def look() -> bool | None:
            async with r.shop.store.reading() as tx:
                return not await tx.codes.visible_messages(order.id, order.user_id) or None

        hidden = await r.until(look, _VISIBLE.total_seconds() + _HIDDEN_SECONDS)
    facts = {"hidden after": in_seconds(monotonic() - began) if hidden else "not hidden"}
    return Seen(facts, as_expected=bool(hidden))


async def _link(r: Rehearsal) -> Seen:
    await show(r, screens.link(r.words))
    return Seen()


async def _colours(r: Rehearsal) -> Seen:
    await show(r, screens.colours(r.words))
    return Seen()


async def _nested(r: Rehearsal) -> Seen:
    await show(r, screens.nested(r.words))
    return Seen()


async def _press(r: Rehearsal) -> Seen:
    """Answer a press so late that Telegram may not take the answer any more."""
    r.updates.hold_presses(held=True)
    try:
        await show(r, screens.press(r.words))

        async def pressed() -> str | None:
            return next((str(press["id"]) for press in r.updates.presses()), None)

        query = await r.until(pressed, _ACTION_SECONDS)
        if query is None:
            raise NotPossible("nobody pressed the button")
        await asyncio.sleep(_PRESS_SECONDS)
    finally:
        r.updates.hold_presses(held=False)
    when = f"answered {in_seconds(_PRESS_SECONDS)} after it came"
    try:
        await r.telegram.bot.answer_callback_query(query)
    except TelegramError as error:
        return Seen({when: words_of(error)}, as_expected=read(error).send is Do.DONE)
    return Seen({when: "accepted"})


async def _pin(r: Rehearsal) -> Seen:
    async def pinned() -> bool | None:
        return any("pinned_message" in message for message in r.updates.messages()) or None

    sent = r.witness.sent
    if not await r.until(pinned, _ACTION_SECONDS):
        raise NotPossible("no pin came")
    await asyncio.sleep(_QUIET_SECONDS)
    answers = r.witness.sent - sent
    return Seen({"answers of the shop": str(answers)}, as_expected=not answers)


async def _album(r: Rehearsal) -> Seen:
    came: dict[int, float] = {}
    groups: set[str] = set()

    async def gathered() -> bool | None:
        """Whether an album came, and no item of it for some seconds."""
        for message in r.updates.messages():
            if message.get("media_group_id"):
                groups.add(str(message["media_group_id"]))
                came.setdefault(int(message["message_id"]), monotonic())
        is_quiet = bool(came) and monotonic() - max(came.values()) > _QUIET_SECONDS
        return (is_quiet and len(came) >= _LEAST_ITEMS) or None

    sent = r.witness.sent
    if not await r.until(gathered, _ACTION_SECONDS):
        raise NotPossible("no album came")
    answers = r.witness.sent - sent
    facts = {
        "items": str(len(came)),
        "albums": str(len(groups)),
        "from the first to the last": in_seconds(max(came.values()) - min(came.values())),
        "answers of the shop": str(answers),
    }
    return Seen(facts, as_expected=len(groups) == 1 and answers <= 1)


async def _gone(r: Rehearsal) -> Seen:
    """Copy a message that is gone, as support does where a customer has deleted their words."""
    message_id = await show(r, screens.gone(r.words))
    await r.telegram.bot.delete_message(r.operator.id, message_id)
    try:
        copies = await r.shop.sender.copy_messages(r.operator, r.operator.id, [message_id])
    except SendFailure as failure:
        return Seen({"the copy": f"refused in other words ({failure})"}, as_expected=False)
    return Seen({"the copy": "its receiver is told that it is gone"}, as_expected=len(copies) == 1)


async def _token(r: Rehearsal) -> Seen:
    """What Telegram says of a token that is not shaped like one; no other call is made with it."""
    with witnessed(r.witness):
        bot = build_bot(r.settings.model_copy(update={"telegram_token": SecretStr("1:x")}))
    with contextlib.suppress(TelegramError):
        await bot.initialize()  # without it no connection would be closed
    try:
        await bot.get_me()
    except (TokenRefused, NoSuchMethod) as error:
        return Seen({"answer": "401" if isinstance(error, TokenRefused) else "404"})
    except TelegramError as error:
        return Seen({"answer": words_of(error)}, as_expected=False)
    finally:
        await bot.shutdown()
    return Seen({"answer": "accepted"}, as_expected=False)


async def _old_message(r: Rehearsal) -> Seen:
    """In a first rehearsal a message is sent; in one two days later it is edited."""
    memory = r.kept.get("old-message", {})
    message_id, sent = memory.get("message"), memory.get("sent")
    if not isinstance(message_id, int) or not isinstance(sent, str):
        now = datetime.now(UTC)
        made = await show(r, screens.old(r.words))
        return Seen(memory={"message": made, "sent": now.isoformat()}, later_at=now + _OLD)
    at = datetime.fromisoformat(sent)
    age = datetime.now(UTC) - at
    if age < _OLD:
        return Seen(memory=memory, later_at=at + _OLD)
    facts = {"age": f"{age.total_seconds() / 3600:.0f} hours"}
    screen = screens.old_edited(r.words)
    try:
        await r.telegram.bot.edit_message_text(
            screen.text, chat_id=r.operator.id, message_id=message_id, entities=screen.entities
        )
    except TelegramError as error:
        return Seen({**facts, "the edit": words_of(error)}, as_expected=False)
    return Seen({**facts, "the edit": "accepted"})


STEPS: Final[Sequence[Step]] = (
    Step(
        "copy",
        Need.CODES,
        "Does the copy button copy the code, and nothing else?",
        "exactly the code",
        _codes,
        (Question("copy"), Question("preview"), Question("covered")),
    ),
    Step(
        "hide",
        Need.CODES,
        "Is a message of codes turned into a receipt everywhere, also in chat lists?",
        "after a minute no app shows the code",
        _hidden,
        (Question("hide"),),
        seconds=300.0,
    ),
    Step(
        "protected",
        Need.CODES,
        "Does the copy button work in a message with PROTECT_CONTENT?",
        "nobody knows; the setting is off",
        _protected,
        (Question("protected", None),),
    ),
    Step(
        "many-codes",
        Need.CODES,
        "How many copy buttons can one message have before it becomes awkward?",
        "five can be used",
        _many_codes,
        (Question("many-codes"),),
    ),
    Step(
        "arabic",
        Need.CODES,
        "How are Latin names and codes shown in Arabic messages (U+2068, U+2069, U+061C)?",
        "whole, in their own order, and lines run from the right",
        _arabic,
        (Question("arabic"),),
    ),
    Step(
        "link",
        Need.TELEGRAM,
        "Is no preview fetched of a link in a message?",
        "no preview",
        _link,
        (Question("link"),),
    ),
    Step(
        "colours",
        Need.TELEGRAM,
        "How do apps show green and red buttons?",
        "any way; the words of a button say what it does",
        _colours,
        (Question("colours", None),),
    ),
    Step(
        "nested",
        Need.TELEGRAM,
        "Does a spoiler around a text in fixed width keep both?",
        "not known; the shop uses the spoiler alone",
        _nested,
        (Question("nested", None),),
    ),
    Step(
        "press",
        Need.TELEGRAM,
        "When is a press too old to be answered?",
        "accepted, or refused as too old: the shop passes over that",
        _press,
        seconds=360.0,
    ),
    Step(
        "pin",
        Need.TELEGRAM,
        "What comes when a person pins a message?",
        "a message about it, to which the shop says nothing",
        _pin,
        seconds=300.0,
    ),
    Step(
        "album",
        Need.TELEGRAM,
        "How do the items of an album come?",
        "with one media_group_id, within seconds; the shop answers once at most",
        _album,
        seconds=300.0,
    ),
    Step(
        "gone",
        Need.TELEGRAM,
        "How does Telegram refuse to copy a message that is gone?",
        "in words that the shop knows: the receiver is told",
        _gone,
    ),
    Step(
        "token",
        Need.TELEGRAM,
        "Is a malformed token answered with 401 or 404?",
        "one of the two",
        _token,
    ),
    Step(
        "old-message",
        Need.TELEGRAM,
        "Can a bot edit its own message after 48 hours?",
        "yes: codes are hidden by edits",
        _old_message,
    ),
)
