"""An order's screens: its status, its codes, its receipt, and the list of all."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.code_messages import COPY_BUTTON_LIMIT, CodeMessage
from bot.domain.orders import Order, OrderState
from bot.domain.supplier import SECRETS, Card, Environment
from bot.services.operations.reports import MyOrder
from bot.services.wallet.unpaid_orders import UnpaidOrderView
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, back_arrow, grid, mirrored, screen, turning
from handlers.screens.shop import home_button
from locales import Words

ICONS = {
    OrderState.AWAITING_PAYMENT: "💳",
    OrderState.PAID: "⏳",
    OrderState.PLACING: "⏳",
    OrderState.UNCONFIRMED: "⏳",
    OrderState.HANDLING: "⏳",
    OrderState.FULFILLED: "✅",
    OrderState.PARTIAL: "⚠️",
    OrderState.REFUNDED: "↩️",
    OrderState.CANCELLED: "✖️",
    OrderState.EXPIRED: "✖️",
}


def icon(order: Order) -> str:
    return "🛠️" if order.attention and order.is_open else ICONS[order.state]


def number(order: Order) -> str:
    return f"#{order.id}"


def _names(order: Order) -> dict[str, str]:
    return {"product": order.product_title, "value": order.denomination_label}


def _held_minor(order: Order) -> int:
    """What stays reserved after the end, where the supplier's figures did not agree."""
    return (
        order.total_minor - order.delivered_quantity * order.unit_price_minor - order.returned_minor
    )


def _headline(words: Words, order: Order) -> RichText:
    text = RichText().add(words.text("order-line", icon=icon(order), number=number(order)))
    return text.line(words.text("order-what", **_names(order), count=str(order.quantity)))


def _state_line(words: Words, order: Order, step: str) -> str:
    if order.is_open and order.delivered_quantity and not order.attention:
        came, count = str(order.delivered_quantity), str(order.quantity)
        return words.text("status-so-far", came=came, count=count)
    if order.is_open and order.state is not OrderState.AWAITING_PAYMENT:
        return words.text("status-operator" if order.attention else f"status-{step or 'waiting'}")
    if order.state is OrderState.PARTIAL:
        key = "status-partial-held" if _held_minor(order) else "status-partial"
        came, count = str(order.delivered_quantity), str(order.quantity)
        return words.text(key, came=came, count=count, returned=words.money(order.returned_minor))
    return words.text(f"status-{order.state}", returned=words.money(order.returned_minor))


def status(words: Words, order: Order, step: str = "") -> Screen:
    """The one message that follows an order; edited as it moves."""
    text = _headline(words, order).line(
        _state_line(words, order, step or ("slow" if order.told_slow else ""))
    )
    doors = mirrored(
        words, [Button(words.label("button-orders"), pack("orders", 0)), home_button(words)]
    )
    if order.state is OrderState.REFUNDED:
        another = Button(words.label("button-another"), pack("prod", order.product_id))
        return screen(text, [another], doors)
    return screen(text, doors)


def awaiting(words: Words, view: UnpaidOrderView, zone: ZoneInfo) -> Screen:
    """An order that waits for money: what it lacks, until when, and the ways to pay that."""
    order = view.order
    text = _headline(words, order).line(words.text("status-awaiting_payment"))
    text.line(
        words.text(
            "awaiting-money",
            total=words.money(order.total_minor),
            wallet=words.money(view.wallet_minor),
        )
    )
    if view.missing_minor:
        text.line(words.text("awaiting-missing", missing=words.money(view.missing_minor)))
    else:  # the money is there; the shop sells nothing for the moment
        text.line(words.text("awaiting-soon"))
    if order.due_at is not None:
        text.line(words.text("awaiting-until", date=words.date(order.due_at, zone)))
    ways = [
        [Button(words.label(f"button-pay-{method}"), pack("pay", order.id, method))]
        for method in view.methods
        if view.missing_minor
    ]
    cancel = Button(words.label("button-cancel"), pack("cancel", order.id))
    doors = [Button(words.label("button-orders"), pack("orders", 0)), home_button(words)]
    return screen(text, *ways, [cancel], mirrored(words, doors))


def ended(words: Words, order: Order, wallet_minor: int) -> Screen:
    """An order that was not paid in time."""
    text = RichText().add(words.text("ended", number=number(order)))
    text.line(words.text("order-what", **_names(order), count=str(order.quantity)))
    text.line(words.text("returned-wallet", wallet=words.money(wallet_minor)))
    again = Button(words.label("button-order-again"), pack("prod", order.product_id))
    return screen(text, [again], [home_button(words)])


def _codes_head(words: Words, order: Order, code_message: CodeMessage) -> RichText:
    text = RichText()
    if order.delivered_quantity < order.quantity:
        came = order.delivered_quantity
        key = "delivery-so-far" if order.is_open else "delivery-partial"
        text.add(words.text(key, number=number(order), came=came, count=order.quantity))
    else:
        text.add(words.text("delivery", number=number(order), count=order.quantity))
    if code_message.parts > 1:
        text.add("  ").add(
            words.text("delivery-part", part=code_message.part + 1, parts=code_message.parts)
        )
    text.line(words.text("order-what", **_names(order), count=str(order.quantity)))
    if order.environment is Environment.SANDBOX:
        text.line(words.text("delivery-sandbox"))
    return text


def _codes_foot(words: Words, order: Order, text: RichText, seconds: float) -> RichText:
    if order.returned_minor:
        text.line(words.text("delivery-partial-why", returned=words.money(order.returned_minor)))
    if held := _held_minor(order):
        key = "delivery-more" if order.is_open else "delivery-partial-held"
        text.line(words.text(key, held=words.money(held)))
    hours, minutes = round(seconds / 3600), max(1, round(seconds / 60))
    if hours:
        return text.line(words.text("delivery-until", hours=hours))
    return text.line(words.text("delivery-until-minutes", minutes=minutes))


def codes(
    words: Words, order: Order, code_message: CodeMessage, seconds: float, zone: ZoneInfo
) -> Screen:
    """Codes under spoilers, each on its own line; its clean text is on its copy button."""
    text = _codes_head(words, order, code_message)
    copies = []
    for place, card in enumerate(code_message.cards, start=code_message.first + 1):
        text.line(f"{place}  ")
        if card.value:
            text.secret(card.value)
        elif card.link:
            text.add(words.text("delivery-link"))
        for name in ("pin", "serial", "reference"):
            if secret := getattr(card, name):
                _labelled(words, text, f"delivery-{name}").secret(secret)
        if card.expires_at:
            text.line(words.text("delivery-expires", date=words.date(card.expires_at, zone)))
        copies += _card_buttons(words, card, place)
    _codes_foot(words, order, text, seconds)
    columns = 4 if len(copies) > 4 else 2  # noqa: PLR2004
    return screen(text, *grid(copies, columns, words), [hide_button(words, order)])


def _card_buttons(words: Words, card: Card, place: int) -> list[Button]:
    """What one press copies, code and PIN apart, and where the code is claimed."""
    copied = (
        ("button-copy", card.value or ("" if card.link else card.serial)),
        ("button-copy-pin", card.pin),
    )
    buttons = [
        Button(words.label(key, number=place), copy=secret)
        for key, secret in copied
        if 0 < len(secret) <= COPY_BUTTON_LIMIT
    ]
    if card.link:
        buttons.append(Button(words.label("button-redeem", number=place), url=card.link))
    return buttons


def _labelled(words: Words, text: RichText, key: str) -> RichText:
    """The label of what belongs to a code. In a right-to-left line 1234-ABCD would be shown as ABCD-1234,
    and marks against that would be copied with it: there it stands on a line of its own."""
    text.line(words.text(key))
    return text.line("") if words.right_to_left else text.add("  ")


def codes_caption(words: Words, order: Order, code_message: CodeMessage, seconds: float) -> Screen:
    """What stands under a document of codes."""
    text = _codes_head(words, order, code_message).line(words.text("delivery-file"))
    return screen(_codes_foot(words, order, text, seconds), [hide_button(words, order)])


def codes_document(code_message: CodeMessage) -> str:
    """The document itself: one code a line, with what belongs to it behind tabs."""
    rows = [
        "\t".join(text for name in SECRETS if (text := getattr(card, name)))
        for card in code_message.cards
    ]
    return "\r\n".join(rows) + "\r\n"


def hide_button(words: Words, order: Order) -> Button:
    key = "button-hide-one" if order.delivered_quantity == 1 else "button-hide"
    return Button(words.label(key), pack("hide", order.id))


def receipt(words: Words, order: Order, masks: Sequence[str], first: int, *, once: bool) -> Screen:
    text = RichText().add(words.text("receipt", number=number(order)))
    text.line(words.text("order-what", **_names(order), count=str(order.quantity)))
    for place, masked in enumerate(masks, start=first):
        text.line(words.directed(f"{place}  {words.isolated(masked)}"))
    text.line(words.text("receipt-once" if once else "receipt-kept"))
    return screen(
        text, [Button(words.label("button-orders"), pack("orders", 0)), home_button(words)]
    )


def returned(words: Words, order: Order, wallet_minor: int) -> Screen:
    text = RichText().add(
        words.text("returned", number=number(order), returned=words.money(order.returned_minor))
    )
    text.line(words.text(f"returned-{order.return_reason}", **_names(order)))
    text.line(words.text("returned-wallet", wallet=words.money(wallet_minor)))
    another = Button(words.label("button-another"), pack("prod", order.product_id))
    return screen(text, [another], [home_button(words)])


def order_list(words: Words, page_of_orders: Sequence[Order], page: int, pages: int) -> Screen:
    if not page_of_orders and page == 0:
        return screen(RichText().add(words.text("orders-none")), [home_button(words)])
    text = RichText().add(words.text("orders"))
    if pages > 1:
        text.line(words.text("products-page", page=page + 1, pages=pages))
    rows = [
        [
            Button(
                words.label("orders-button", icon=icon(o), number=number(o), **_names(o)),
                pack("order", o.id),
            )
        ]
        for o in page_of_orders
    ]
    pages_row = turning(words, page, pages, lambda other: pack("orders", other))
    return screen(text, *rows, pages_row, [home_button(words)])


def one_order(words: Words, view: MyOrder, zone: ZoneInfo) -> Screen:
    order, left = view.order, view.shows_left
    text = _headline(words, order)
    key = "order-paid" if order.paid_at else "order-asked"
    when = words.date(order.paid_at or order.created_at, zone)
    text.line(words.text(key, total=words.money(order.total_minor), date=when))
    show: list[Button] = []
    if order.delivered_quantity:
        text.line(words.text("order-left", left=left))
        if left:
            show = [Button(words.label("button-show"), pack("show", order.id))]
    remind: list[Button] = []
    if view.expires_at is not None:
        text.line(words.text("order-expires", date=words.date(view.expires_at, zone)))
        remind = [_reminder_button(words, wanted=not view.reminders)]
    if not order.delivered_quantity or order.state is OrderState.PARTIAL or order.is_open:
        text.line(_state_line(words, order, "slow" if order.told_slow else ""))
    back = Button(words.label("button-all-orders", arrow=back_arrow(words)), pack("orders", 0))
    return screen(text, show, remind, mirrored(words, [back, home_button(words)]))


def _reminder_button(words: Words, *, wanted: bool) -> Button:
    key = "button-remind-on" if wanted else "button-remind-off"
    return Button(words.label(key), pack("remind", int(wanted)))


def reminder(words: Words, order: Order, expires_at: datetime, days: int, zone: ZoneInfo) -> Screen:
    """Codes that expire soon; whether they were used only their owner knows."""
    date = words.date(expires_at, zone)
    text = RichText().add(words.text("reminder", number=number(order), days=days, date=date))
    text.line(words.text("order-what", **_names(order), count=str(order.quantity)))
    text.line(words.text("reminder-used"))
    see = Button(words.label("button-see-order"), pack("order", order.id))
    return screen(text, [see], [_reminder_button(words, wanted=False)])


def reminders(words: Words, *, wanted: bool) -> Screen:
    text = RichText().add(words.text("reminders-on" if wanted else "reminders-off"))
    doors = [Button(words.label("button-orders"), pack("orders", 0)), home_button(words)]
    return screen(text, [_reminder_button(words, wanted=not wanted)], mirrored(words, doors))
