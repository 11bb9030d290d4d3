"""Showing codes to their owner and hiding them again. Every repeated showing is recorded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.domain.code_messages import CodeMessage, is_showable, pack
from bot.domain.orders import Order
from bot.domain.records import (
    CodeMessageKind,
    Customer,
    SentCodeMessage,
    SentCodes,
    Showing,
    StoredCode,
)
from bot.domain.schedule import SENDS_BEFORE_ALERT, is_recent, until_next_send
from bot.domain.supplier import Card
from bot.errors import SendFailure, TriedLater, Undeliverable, Unreachable, VaultFailure
from bot.refusals import CodesLost, NothingToShow, RevealsUsedUp, TooManyReveals, required
from bot.services.codes.custody import open_card
from bot.services.codes.sent import hide_when_recorded, unrecorded_messages, visible_for
from bot.services.codes.showing import (
    claim_showing,
    is_being_shown,
    only_if_committed,
    show_messages,
)
from bot.services.items import Item, ItemKind
from bot.services.messaging.alerts import resolve_alert
from bot.services.messaging.customers import find_customer, mark_unreachable
from bot.services.messaging.item_runs import run_items, tell_failing
from bot.services.shop import Shop
from storage.transaction import Transaction

_DUE_AT_ONCE = 20
_HOUR = timedelta(hours=1)
_UNREACHABLE_RESTS = timedelta(days=1)  # until a message is tried again that nobody can read
_SHOWING = timedelta(minutes=5)  # its messages may be sent with pauses between them
_RECORD_WAITS = (0.0, 0.2, 0.5, 1.0)  # seconds before each read of the records
_MASK = "••••"
_TAIL = 4


def mask(code: str) -> str:
    """Four dots, plus the last four characters if the code has at least twelve.

    Characters that no message can show are left out.
    """
    tail = code[-_TAIL:] if len(code) >= 3 * _TAIL else ""
    return _MASK + "".join(c for c in tail if is_showable(c))


async def open_code_messages(shop: Shop, order: Order) -> tuple[CodeMessage, ...]:
    """The delivered codes of an order, decrypted: only for messages to its owner.

    Where the key of some of them was given up, dots stand for those. Raises CodesLost where all are
    lost, VaultFailure.
    """
    async with shop.store.reading() as tx:
        stored = await tx.codes.of_order(order.id, order.user_id)
        lost = {position for _, position in await tx.keys.lost_codes(order.id)}
    if lost and lost >= {code.position for code in stored if code.deliver}:
        raise CodesLost
    batches: dict[int, list[Card]] = {}
    for code in stored:
        if code.deliver:
            card = Card(_MASK) if code.position in lost else _open(shop, code)
            batches.setdefault(code.batch, []).append(card)
    return pack(*(batches[batch] for batch in sorted(batches)))


def _open(shop: Shop, code: StoredCode) -> Card:
    return open_card(shop.vault, code.order_id, code.position, code.secrets, code.expires_at)


async def show_again(shop: Shop, customer: Customer, order_id: int) -> int:
    """Send an order's codes to its owner again; returns how many times they can still be shown.

    Codes that never reached the customer are delivered instead, which is not counted; nor is a
    showing of which Telegram surely sent nothing. Raises NotFound, NothingToShow, CodesLost,
    BeingShown, RevealsUsedUp, TooManyReveals, SendFailure.
    """
    async with shop.store.reading() as tx:
        order = required(await tx.orders.for_owner(order_id, customer.id))
    if not order.delivered_quantity:
        raise NothingToShow
    messages = await open_code_messages(shop, order)
    unrecorded = shop.unrecorded.parts(order.id)
    claimed: list[int] = []
    with only_if_committed(shop, claimed):
        showing, sent, left = await shop.store.write(_claim, shop, order.id, unrecorded, claimed)
    await show_messages(shop, customer, order, showing, [(m, m.part in sent) for m in messages])
    return left


async def is_double_tap(shop: Shop, customer: Customer, order_id: int, update_id: int) -> bool:
    """Whether a press on Show was made before all codes came, by an earlier press or by an attempt of its own.

    Another showing would spend one of the few, and show nothing new. Raises as `show_again` does.
    """
    async with shop.store.reading() as tx:
        pressed_at = await tx.inbox.received_at(shop.bot_id, update_id)
    return pressed_at is not None and await came_since(shop, customer, order_id, pressed_at)


async def came_since(shop: Shop, customer: Customer, order_id: int, moment: datetime) -> bool:
    """Whether all codes of an order came at once, the last of them since that moment, and none is hidden.

    What came earlier says nothing of the screen: its chat may be deleted.
    """
    unrecorded = shop.unrecorded.of_order(order_id)
    async with shop.store.reading() as tx:
        order = required(await tx.orders.for_owner(order_id, customer.id))
        recorded = await tx.codes.messages_before_hiding(order.id)
    on_screen = [s for s in (*unrecorded, *recorded) if _is_of_now(shop, s)]
    newest = {s.again for s in on_screen if _came_at(shop, s) >= moment}
    shown = {s.part for s in on_screen if s.again in newest}
    return bool(shown) and shown >= {m.part for m in await open_code_messages(shop, order)}


def _came_at(shop: Shop, sent: SentCodes) -> datetime:
    return sent.hide_at - visible_for(shop, again=sent.again)


def _is_of_now(shop: Shop, sent: SentCodes) -> bool:
    now = shop.clock.now()
    return is_recent(_came_at(shop, sent), now, _SHOWING) and sent.hide_at > now


async def _claim(
    tx: Transaction, shop: Shop, order_id: int, unrecorded: set[int], claimed: list[int]
) -> tuple[Showing, set[int], int]:
    """The claim of the showing, which parts were sent before, and how many showings are left then."""
    order = await tx.orders.locked(order_id)
    sent = unrecorded | await tx.codes.delivered_parts(order.id)
    showing = await claim_showing(tx, shop, order, counts=bool(sent))
    claimed.append(showing.id)
    limit = shop.policy.reveals_per_order
    return showing, sent, await _check_limits(tx, shop, order, limit) if sent else limit


async def _check_limits(tx: Transaction, shop: Shop, order: Order, limit: int) -> int:
    """How many showings are left after this one. Raises RevealsUsedUp, TooManyReveals."""
    now = shop.clock.now()
    used = await tx.codes.count_reveals(order.id)
    if used >= limit:
        raise RevealsUsedUp(limit)
    lately = await tx.codes.count_reveals_between(order.user_id, now - _HOUR, now)
    if lately >= shop.policy.reveals_per_hour:
        raise TooManyReveals
    return limit - used - 1


async def hide_codes(shop: Shop, customer: Customer, order_id: int, pressed_id: int | None) -> int:
    """Turn every message that shows the codes of an order into a receipt; returns how many.

    The owner may press before the delivery is recorded, so the record of the pressed message is
    waited for, and so is the end of a showing that is under way. A message without a record (the
    process ended between sending and recording) is hidden too. Raises NotFound; SendFailure where a
    message still shows codes, which is tried again; VaultFailure.
    """
    async with shop.store.reading() as tx:
        order = required(await tx.orders.for_owner(order_id, customer.id))
    messages = await _visible_with(shop, order, pressed_id)
    failures = [f for m in messages if (f := await _try_to_hide(shop, customer, order, m))]
    if pressed_id is not None and pressed_id not in {m.message_id for m in messages}:
        unrecorded = SentCodeMessage(
            0, order.id, customer.id, pressed_id, 0, 1, CodeMessageKind.TEXT, 0
        )
        await shop.sender.mask_codes(customer, order, unrecorded, (), 0)
    if failures:
        raise failures[0]
    return len(messages)


async def _try_to_hide(
    shop: Shop, customer: Customer, order: Order, message: SentCodeMessage
) -> Exception | None:
    try:
        await _hide(shop, customer, order, message)
    except Exception as failure:  # the other messages are hidden first
        return failure
    return None


async def _visible_with(
    shop: Shop, order: Order, pressed_id: int | None
) -> Sequence[SentCodeMessage]:
    messages: Sequence[SentCodeMessage] = ()
    for wait in _RECORD_WAITS:
        await shop.clock.sleep(wait)
        async with shop.store.reading() as tx:
            messages = await tx.codes.visible_messages(order.id, order.user_id)
            more_come = await is_being_shown(tx, shop, order.id)
        if more_come:
            continue
        if pressed_id is None or pressed_id in {m.message_id for m in messages}:
            break
    recorded = {message.message_id for message in messages}
    unrecorded = unrecorded_messages(shop, order.id)
    return [*messages, *(m for m in unrecorded if m.message_id not in recorded)]


def longest_visible(shop: Shop) -> timedelta:
    """No message of codes is to be hidden later than that."""
    return max(shop.policy.codes_visible_for, shop.policy.shown_again_for, _UNREACHABLE_RESTS)


async def hide_due_messages(shop: Shop) -> int:
    """Hide messages whose time is over: CODES_VISIBLE_FOR, or CODES_SHOWN_AGAIN_FOR.

    Returns how many were due. A message that cannot be changed now is tried again later.
    """
    held = shop.items.held(ItemKind.HIDE, shop.clock.monotonic())
    async with shop.store.reading() as tx:
        hide = tx.codes.messages_to_hide
        due = await hide(shop.timeline.surely(longest_visible(shop)), _DUE_AT_ONCE + held)
    ids = [message.id for message in due]
    await run_items(shop, ItemKind.HIDE, ids, partial(hide_message, shop), postpone=_postpone_row)
    return len(due)


async def hide_message(shop: Shop, row_id: int) -> bool:
    """Hide one message, due or not; False where it is hidden already. Then no alert about it is open.

    Codes that do not open are hidden all the same, without their masks; then raises VaultFailure.
    Raises TriedLater where its codes can still be read.
    """
    found = await _find_visible(shop, row_id)
    if found is None:
        await shop.store.write(resolve_alert, shop, _alert_key(row_id))
        return False
    try:
        await _hide(shop, *found)
    except SendFailure as failure:
        raise TriedLater from failure
    return True


async def hide_for_good(shop: Shop, row_id: int) -> None:
    """Hide one message, due or not, of somebody whose codes are about to be deleted.

    It promises no further showing. Nothing is stored where that fails.

    Raises SendFailure; VaultFailure where it is hidden, without masks.
    """
    found = await _find_visible(shop, row_id)
    if found is None:
        return
    await _mask(shop, *found, for_good=True)
    await shop.store.write(_record_hidden, shop, found[-1])


async def _find_visible(shop: Shop, row_id: int) -> tuple[Customer, Order, SentCodeMessage] | None:
    async with shop.store.reading() as tx:
        message = await tx.codes.visible_message(row_id)
        if message is None:
            return None
        order = required(await tx.orders.for_owner(message.order_id, message.user_id))
        customer = await find_customer(shop, tx, message.user_id)
    return customer, order, message


async def _hide(shop: Shop, customer: Customer, order: Order, message: SentCodeMessage) -> None:
    """Raises SendFailure where the codes can still be read; when it is tried again is stored then."""
    if not message.id:  # there is no row to postpone: the new one is due at once
        hide_when_recorded(shop, message)
    try:
        await _mask(shop, customer, order, message)
    except Unreachable:
        await shop.store.write(_record_unreachable, shop, message)
        raise
    except SendFailure as failure:
        await shop.store.write(_postpone, shop, message, failure)
        raise
    if message.id:
        await shop.store.write(_record_hidden, shop, message)


async def _mask(
    shop: Shop,
    customer: Customer,
    order: Order,
    message: SentCodeMessage,
    *,
    for_good: bool = False,
) -> None:
    """Raises SendFailure; VaultFailure where the codes are hidden without their masks."""
    mask_codes = shop.sender.mask_codes
    if for_good:
        mask_codes = partial(mask_codes, for_good=True)
    try:
        code_messages = await open_code_messages(shop, order)
    except CodesLost:
        code_messages = ()
    except VaultFailure:
        await mask_codes(customer, order, message, (), 0)
        raise
    part = next((p for p in code_messages if p.part == message.part), None)
    masks = [mask(card.leading_text) for card in part.cards] if part else []
    await mask_codes(customer, order, message, masks, part.first if part else 0)


async def _record_hidden(tx: Transaction, shop: Shop, message: SentCodeMessage) -> None:
    await tx.codes.set_hidden(message, shop.clock.now())
    await resolve_alert(tx, shop, _alert_key(message.id))


def _alert_key(row_id: int) -> str:
    return Item(ItemKind.HIDE, row_id).alert_key


async def _record_unreachable(tx: Transaction, shop: Shop, message: SentCodeMessage) -> None:
    """The customer blocked the bot, so nobody reads the chat: try again every day."""
    await mark_unreachable(tx, shop, message.user_id)
    await tx.codes.postpone_hiding(message.id, shop.clock.now() + _UNREACHABLE_RESTS)


async def _postpone(
    tx: Transaction, shop: Shop, message: SentCodeMessage, failure: SendFailure
) -> None:
    """Try again later, and tell the operators that the codes can still be read.

    At once if Telegram neither edits nor deletes the message, else when no outage lasts so long.
    """
    due = shop.clock.now() + timedelta(seconds=until_next_send(message.attempts))
    if not await tx.codes.postpone_hiding(message.id, due):
        return  # another attempt has hidden it meanwhile, and closed its alert
    failures, is_final = message.attempts + 1, isinstance(failure, Undeliverable)
    if is_final or failures >= SENDS_BEFORE_ALERT:
        item, error = Item(ItemKind.HIDE, message.id), type(failure).__name__
        await tell_failing(tx, shop, item, error, failures, message.order_id)


async def _postpone_row(tx: Transaction, shop: Shop, row_id: int, seconds: float) -> None:
    await tx.codes.postpone_hiding(row_id, shop.clock.now() + timedelta(seconds=seconds))
