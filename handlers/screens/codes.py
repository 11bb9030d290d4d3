"""Screens that show codes: a message with spoilers, or a document and its caption."""

from zoneinfo import ZoneInfo

from bot.domain.code_messages import COPY_BUTTON_LIMIT, CodeMessage
from bot.domain.orders import Order
from bot.domain.supplier import SECRETS, Card, Environment
from handlers.callback_data import pack
from handlers.screen import Button, Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.again import again_button
from handlers.screens.orders import (
    after_delivery,
    item_line,
    money_lines,
    number,
    reserved_minor,
)
from locales import Words

_FEW_BUTTONS = 4


def codes(
    words: Words, order: Order, code_message: CodeMessage, seconds: float, zone: ZoneInfo
) -> Screen:
    """Codes under spoilers, each on its own line, with buttons to copy them.

    `seconds`: how long the message shows them.
    """
    screen = ScreenBuilder(words)
    _head(screen, order, code_message)
    buttons: list[Button] = []
    for place, card in enumerate(code_message.cards, start=code_message.first + 1):
        _card(screen, card, place, zone)
        buttons += _card_buttons(screen, card, place)
    _foot(screen, order, code_message, seconds)
    screen.grid(buttons, 4 if len(buttons) > _FEW_BUTTONS else 2)
    _hide_button(screen, order)
    after_delivery(screen, order)
    _again_button(screen, order, code_message)
    return screen.done()


def caption(words: Words, order: Order, code_message: CodeMessage, seconds: float) -> Screen:
    """The caption of a document of codes."""
    screen = ScreenBuilder(words)
    _head(screen, order, code_message)
    screen.line("delivery-file")
    _foot(screen, order, code_message, seconds, as_file=True)
    _hide_button(screen, order)
    after_delivery(screen, order)
    _again_button(screen, order, code_message)
    return screen.done()


def document(code_message: CodeMessage) -> str:
    """The text of the document: one card a line, its secrets separated by tabs."""
    rows = [
        "\t".join(text for name in SECRETS if (text := getattr(card, name)))
        for card in code_message.cards
    ]
    return "\r\n".join(rows) + "\r\n"


def _head(screen: ScreenBuilder, order: Order, code_message: CodeMessage) -> None:
    if order.delivered_quantity < order.quantity:
        screen.line(
            "delivery-so-far" if order.is_open else "delivery-partial",
            number=number(order),
            came=order.delivered_quantity,
            count=order.quantity,
        )
    else:
        screen.line("delivery", number=number(order), count=order.quantity)
    if code_message.parts > 1:
        screen.add("delivery-part", part=code_message.part + 1, parts=code_message.parts)
    item_line(screen, order)
    if order.environment is Environment.SANDBOX:
        screen.line("delivery-sandbox")


def _card(screen: ScreenBuilder, card: Card, place: int, zone: ZoneInfo) -> None:
    screen.start_line(str(place))
    screen.gap()
    if card.value:
        screen.secret(card.value)
    elif card.link:
        screen.add("delivery-link")
    for name in ("pin", "serial", "reference"):
        if secret := getattr(card, name):
            screen.labelled_secret(f"delivery-{name}", secret)
    if card.expires_at:
        screen.date_line("delivery-expires", card.expires_at, zone)


def _card_buttons(screen: ScreenBuilder, card: Card, place: int) -> list[Button]:
    """Buttons that copy the code and the PIN, and one that opens the link to redeem the code."""
    code = card.value or ("" if card.link else card.serial)
    buttons = [
        screen.make_button(key, copy=secret, number=place)
        for key, secret in (("button-copy", code), ("button-copy-pin", card.pin))
        if 0 < len(secret) <= COPY_BUTTON_LIMIT
    ]
    if card.link:
        buttons.append(screen.make_button("button-redeem", url=card.link, number=place))
    return buttons


def _foot(
    screen: ScreenBuilder,
    order: Order,
    code_message: CodeMessage,
    seconds: float,
    *,
    as_file: bool = False,
) -> None:
    """What was refunded or is still missing, and how long the codes stay visible."""
    if order.returned_minor and code_message.part == code_message.parts - 1:
        screen.line("delivery-ran-out")
        if code_message.money is None:
            screen.line("money-refunded", returned=screen.words.money(order.returned_minor))
    if code_message.money is not None:
        money_lines(screen, order, code_message.money)
    if reserved := reserved_minor(order):
        more = "delivery-operator" if order.attention else "delivery-more"
        key = more if order.is_open else "delivery-partial-held"
        screen.line(key, held=screen.words.money(reserved))
    until = "delivery-file-until" if as_file else _until(code_message)
    if hours := round(seconds / 3600):
        screen.line(until, hours=hours)
    else:
        screen.line(f"{until}-minutes", minutes=max(1, round(seconds / 60)))


def _until(code_message: CodeMessage) -> str:
    """The key of how long the codes are shown: what has links alone has no code to tap."""
    cards = code_message.cards
    has_codes = any(card.value or card.pin or card.serial for card in cards)
    return "delivery-until" if has_codes else "delivery-link-until"


def _hide_button(screen: ScreenBuilder, order: Order) -> None:
    key = "button-hide-one" if order.delivered_quantity == 1 else "button-hide"
    screen.button(key, pack("hide", order.id))


def _again_button(screen: ScreenBuilder, order: Order, code_message: CodeMessage) -> None:
    """Under the last message of an order that has ended."""
    if code_message.part + 1 == code_message.parts and not order.is_open:
        again_button(screen, order)
