"""/stock: operators load codes of their own, put them on sale and withdraw them.

Codes that are sent here are never kept as they came: a file is read in memory, an update lies sealed in
the inbox until it is handled, and the message is deleted before it is answered.
"""

import contextlib
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import PurePath
from typing import Any, Final

from telegram import Message, Update
from telegram.error import NetworkError, TelegramError

from bot.domain.answers import read_amount_answer
from bot.domain.plain_codes import are_codes, are_pasted_codes
from bot.domain.roles import Right
from bot.domain.stock import MOST_BYTES
from bot.domain.stock_files import FileFault, ReadCodes, read_file, read_text
from bot.domain.supplier import OWN
from bot.errors import SupplierFailure
from bot.refusals import BadCodes, BadName, required
from bot.services.stock.batches import (
    BatchView,
    Decision,
    ValueView,
    discard,
    list_batches,
    list_values,
    put_on_sale,
    view_batch,
    withdraw,
)
from bot.services.stock.goods import add_value, remove_value
from bot.services.stock.load import LoadRequest, load_batch
from bot.services.stock.watch import renew_shelf
from handlers.account import END
from handlers.context import ShopContext, press_of, typed
from handlers.conversations import ConversationPersistence
from handlers.edge import UNREADABLE, Kind, read
from handlers.middleware.albums import album_of
from handlers.questions import WORDS, other_bot_wrote, takes_answers
from handlers.screens import stock as screens

NAMES: Final = "stock_names"
COST: Final = "stock_cost"
CODES: Final = "stock_codes"
LOADED: Final = "stock_loaded"  # a batch was read: what comes now is more of the same
_NO_CODES: Final = "no_codes"  # neither a text nor one file
_FORMATTED: Final = "formatted"
_LONG: Final = "long"
# Telegram's apps send a text of more than 4,096 characters as several messages.
_LONGEST_TEXT: Final = 3900
_REST_COMES_WITHIN_SECONDS: Final = 60
# Telegram's apps take the signs away that such a text was written with: ** __ ~~ ||
_FORMATS: Final = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
_LISTS: Final = frozenset({".txt", ".csv", ".tsv", ".xlsx", ".xls", ".ods"})
_NAMED_LINES: Final = 3

Handler = Callable[[Update, ShopContext], Coroutine[Any, Any, Any]]


async def stock(update: Update, context: ShopContext) -> int:
    """All values of the stock, with what is left of each."""
    return await _show_values(update, context)


async def press_page(update: Update, context: ShopContext) -> int:
    """Another page of the values."""
    return await _show_values(update, context, press_of(update).number())


async def _show_values(update: Update, context: ShopContext, page: int = 0) -> int:
    is_sold = OWN in context.shop.suppliers
    screen = screens.values(context.words, await _values(context), page, is_sold=is_sold)
    await context.show(update, screen)
    return END


async def _values(context: ShopContext) -> list[ValueView]:
    shop = context.shop
    return list(await list_values(shop.store, shop.clock, shop.policy.own_least_life))


async def _value(context: ShopContext, value_id: int) -> ValueView:
    """Raises NotFound."""
    found = await _values(context)
    return required(next((one for one in found if one.value.id == value_id), None))


async def one_value(update: Update, context: ShopContext) -> int:
    await _show_value(update, context, press_of(update).number())
    return END


async def press_batches(update: Update, context: ShopContext) -> int:
    """Another page of a value's batches."""
    press = press_of(update)
    await _show_value(update, context, press.number(0), press.number(1))
    return END


async def _show_value(update: Update, context: ShopContext, value_id: int, page: int = 0) -> None:
    view = await _value(context, value_id)
    sees_cost = await context.may(Right.STOCK)
    _, _, batches = await list_batches(context.shop.store, value_id)
    screen = screens.value(
        context.words,
        view,
        batches if sees_cost else (),
        context.bot_state.zone,
        page,
        sees_cost=sees_cost,
    )
    await context.show(update, screen)


async def ask_names(update: Update, context: ShopContext) -> str:
    await context.show(update, screens.ask_names(context.words))
    return NAMES


async def typed_names(update: Update, context: ShopContext) -> int | str:
    """Category, product and value, one a line; asked again for anything else, as codes may be it."""
    lines = _lines(update)
    try:
        if len(lines) != _NAMED_LINES or are_codes(lines):
            raise BadName(0)
        value = await add_value(context.shop.store, *lines)
    except BadName:
        if _may_be_codes(lines):
            await _remove(update, context)
        screen = screens.ask_names(context.words, again=True, is_list=are_codes(lines))
        await context.show(update, screen)
        return NAMES
    await _show_value(update, context, value.id)
    return END


async def remove(update: Update, context: ShopContext) -> int:
    """Remove a value for which nothing was ever loaded; the list shows what is left."""
    await remove_value(context.shop.store, press_of(update).number())
    return await stock(update, context)


async def ask_cost(update: Update, context: ShopContext) -> str:
    view = await _value(context, press_of(update).number())
    context.remember(value=view.value.id)
    await context.show(update, screens.ask_cost(context.words, view))
    return COST


async def typed_cost(update: Update, context: ShopContext) -> str:
    """What one code cost; asked again for a number that is no amount of dinars, and below codes."""
    is_list = _may_be_codes(_lines(update))
    if is_list:
        await _remove(update, context)
    value_id, answer = context.remembered("value"), read_amount_answer(typed(update))
    if answer.is_words and not is_list:
        return WORDS
    if is_list or answer.minor is None or answer.minor <= 0 or context.user_data is None:
        view = await _value(context, value_id)
        await context.show(update, screens.ask_cost(context.words, view, again=True))
        return COST
    context.user_data["cost"] = answer.minor
    await context.show(update, screens.ask_codes(context.words, value_id))
    return CODES


async def take_codes(update: Update, context: ShopContext) -> int | str:
    """Store the codes of a text or a file, sealed, delete the message, and only then answer.

    The batch waits for a press before it is sold. What cannot be read is asked for again, and what
    comes after a batch that was read is more of the same: `take_more` has it. After any other failure
    the message stays until the update is tried no more: a file's bytes are stored nowhere else.
    """
    waiting = context.bot_state.on_giving_up
    waiting[update.update_id] = partial(_remove_unstored, update, context)
    value_id = context.remembered("value")
    try:
        view = await _load(update, context, value_id)
    except BadCodes as refused:
        waiting.pop(update.update_id, None)
        deleted = await _delete(update, context)
        screen = screens.refuse_codes(context.words, value_id, refused, deleted=deleted)
        await context.send(update, screen)
        return CODES
    waiting.pop(update.update_id, None)
    deleted = await _delete(update, context)
    screen = screens.batch(context.words, view, context.bot_state.zone, deleted=deleted)
    await context.send(update, screen)
    return LOADED


async def take_more(update: Update, context: ShopContext) -> str:
    """Delete, unread, what is sent below a batch, until a command or a button leads away from it."""
    deleted = await _delete(update, context)
    await context.send(update, screens.open_first(context.words, deleted=deleted))
    return LOADED


async def _load(update: Update, context: ShopContext, value_id: int) -> BatchView:
    """Raises BadCodes, NotFound, TelegramError."""
    shop = context.shop
    request = LoadRequest(
        context.key_of(update),
        value_id,
        context.remembered("cost"),
        context.customer.id,
        await _read(update, context),
    )
    batch_id = await load_batch(shop.store, shop.vault, shop.clock, request)
    return await view_batch(shop.store, shop.vault, batch_id)


async def _read(update: Update, context: ShopContext) -> ReadCodes:
    earliest_end = context.shop.clock.now() + context.shop.policy.own_least_life
    messages = album_of(update).messages
    if len(messages) != 1:
        raise BadCodes(_NO_CODES, 0)
    (message,) = messages
    if any(entity.type in _FORMATS for entity in message.entities):
        raise BadCodes(_FORMATTED, 0)
    if message.text:
        _check_whole(message, context)
        return read_text(typed(update), earliest_end, context.bot_state.zone)
    if message.document is None:
        raise BadCodes(_NO_CODES, 0)
    if (message.document.file_size or 0) > MOST_BYTES:
        raise BadCodes(FileFault.TOO_LARGE, 0)
    file = await context.bot.get_file(message.document.file_id)
    data = bytes(await file.download_as_bytearray())
    if len(data) != file.file_size:  # somebody else's page, or a part
        raise NetworkError("the file did not come whole")
    return read_file(data, earliest_end, context.bot_state.zone)


def _check_whole(message: Message, context: ShopContext) -> None:
    """Raises BadCodes for a text that Telegram's app may have split, and for one that follows it soon."""
    data, at = context.user_data or {}, int(message.date.timestamp())
    if len(message.text or "") >= _LONGEST_TEXT:
        data["long_at"] = at
        raise BadCodes(_LONG, 0)
    if at - data.get("long_at", 0) <= _REST_COMES_WITHIN_SECONDS:
        raise BadCodes(_LONG, 0)


async def _delete(update: Update, context: ShopContext) -> bool:
    """Delete what the update brought from the chat; False where some of it may still be there."""
    done = [await _delete_message(context, one) for one in album_of(update).messages]
    return all(done)


async def _remove(update: Update, context: ShopContext) -> None:
    """Delete what the update brought, or ask for it."""
    if not await _delete(update, context):
        await context.send(update, screens.delete_yourself(context.words))


async def _remove_unstored(update: Update, context: ShopContext) -> None:
    """The same after a failure; but another process that leads now may handle the same update."""
    if context.shop.lease.holds:
        await _remove(update, context)


async def _delete_message(context: ShopContext, message: Message) -> bool:
    try:
        await context.bot.delete_message(message.chat.id, message.message_id)
    except TelegramError as error:
        return read(error).kind is Kind.GONE
    except UNREADABLE:
        return False
    return True


async def decide(update: Update, context: ShopContext) -> int:
    """Put a draft on sale, or throw it away.

    A held one shows first that it came from a backup: the button may be older than the restore.
    """
    shop, press = context.shop, press_of(update)
    if press.args[1] == "1":
        view = await view_batch(shop.store, shop.vault, press.number())
        if view.batch.is_held:
            await context.show(update, screens.batch(context.words, view, context.bot_state.zone))
            return END
    await _decide(update, context, discard if press.args[1] == "0" else put_on_sale)
    return END


async def ask_withdraw(update: Update, context: ShopContext) -> None:
    shop = context.shop
    view = await view_batch(shop.store, shop.vault, press_of(update).number())
    await context.show(update, screens.ask_withdraw(context.words, view))


async def confirm_withdraw(update: Update, context: ShopContext) -> None:
    await _decide(update, context, withdraw)


async def _decide(
    update: Update, context: ShopContext, act: Callable[..., Coroutine[Any, Any, BatchView]]
) -> None:
    shop, batch_id = context.shop, press_of(update).number()
    decision = Decision(context.key_of(update), context.customer.id, batch_id)
    view = await act(shop.store, shop.clock, decision)
    with contextlib.suppress(SupplierFailure):  # the sweep shows it soon
        await renew_shelf(shop)
    await context.show(update, screens.decided(context.words, view))


def unless_codes(handler: Handler) -> Handler:
    """Make a handler of files that never gets a list of codes of an operator's.

    It is no receipt and no message: it would be shown to all operators, or to a customer.
    """

    async def take(update: Update, context: ShopContext) -> Any:
        if not any(map(_is_list, album_of(update).messages)):
            return await handler(update, context)
        if not await context.may(Right.STOCK):
            return await handler(update, context)
        return await _refuse_list(update, context)

    return take


def unless_pasted_codes(handler: Handler) -> Handler:
    """Make a handler of words that never gets an operator's codes: it would search for them and show them."""

    async def take(update: Update, context: ShopContext) -> Any:
        return END if await delete_pasted(update, context) else await handler(update, context)

    return take


async def delete_pasted(
    update: Update,
    context: ShopContext,
    are_such: Callable[[Sequence[str]], bool] = are_pasted_codes,
) -> bool:
    """Whether somebody who loads codes typed what looks like codes: it is deleted, and they are told."""
    if not are_such(_lines(update)) or not await context.may(Right.STOCK):
        return False
    await _refuse_list(update, context, by_shape=True)
    return True


def unless_list_unasked(handler: Handler) -> Handler:
    """Make a handler of a question that never gets several lines, or codes, which cannot answer it.

    They are forwarded, come by another bot, below a command or too late: refused as they are, they would stay in the chat.
    """

    async def take(update: Update, context: ShopContext) -> Any:
        message = update.effective_message
        forwarded = message is not None and message.forward_origin is not None
        typed = not forwarded and not other_bot_wrote(message)
        if not _may_be_codes(_lines(update)) or (takes_answers(update, context) and typed):
            return await handler(update, context)
        if not await context.may(Right.STOCK):
            return await handler(update, context)
        return await _refuse_list(update, context)

    return take


async def _refuse_list(update: Update, context: ShopContext, *, by_shape: bool = False) -> int:
    """Delete codes that nobody asked for, and store none of them.

    `by_shape`: it was a text that only looks like codes.
    """
    deleted = await _delete(update, context)
    screen = screens.open_first(context.words, deleted=deleted, by_shape=by_shape)
    await context.send(update, screen)
    return END


def _may_be_codes(lines: list[str]) -> bool:
    return len(lines) > 1 or are_codes(lines)


def _lines(update: Update) -> list[str]:
    return [line.strip() for line in typed(update).splitlines() if line.strip()]


def waits_for_codes(context: ShopContext) -> bool:
    """Whether what this person sends now is codes, even as a reply to a message.

    It answers the question for them, or comes below a batch that was read.
    """
    kept = context.application.persistence
    if not isinstance(kept, ConversationPersistence):
        return False
    return kept.state_of(context.customer.id) in (CODES, LOADED)


def _is_list(message: Message) -> bool:
    name = message.document.file_name if message.document else None
    return PurePath(name or "").suffix.lower() in _LISTS
