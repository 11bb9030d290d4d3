"""Screens about the shop's own stock, for operators. None of them holds a code."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.paging import count_pages
from bot.domain.stock import BatchState, OwnProduct, OwnValue
from bot.domain.stock_files import FileFault
from bot.refusals import BadCodes
from bot.services.stock.batches import BatchView, ValueView
from handlers.callback_data import pack
from handlers.screen import Screen, Style
from handlers.screen_builder import ScreenBuilder
from locales import Words

_VALUES_PAGE: Final = 20
_BATCHES_PAGE: Final = 6
_LONGEST_NAME: Final = 30
_SELL, _SELL_HELD = 1, 2  # what a press of "Put on sale" answers; a held batch is shown first
_EXAMPLE: Final = ("Streaming", "Netflix TR", "200 TRY")
_COLUMNS: Final = "code, serial, pin, link, expires"


def values(words: Words, views: Sequence[ValueView], page: int = 0, *, is_sold: bool) -> Screen:
    """A page of the values, each as a button; `is_sold`: SUPPLIERS has the own stock."""
    screen = ScreenBuilder(words)
    pages = count_pages(len(views), _VALUES_PAGE)
    page = min(page, pages - 1)
    screen.line("stock-title")
    screen.page_number(page, pages)
    if not is_sold:
        screen.line("stock-off")
    if not views:
        screen.line("stock-empty")
    for view in views[page * _VALUES_PAGE : (page + 1) * _VALUES_PAGE]:
        names = _names(view.product, view.value)
        screen.button(
            "button-stock-value",
            pack("sval", view.value.id),
            product=names["product"],
            value=names["value"],
            left=view.on_offer.left,
        )
    screen.pages(page, pages, lambda other: pack("spage", other))
    screen.button("button-stock-add", pack("sadd"))
    return screen.done()


def _names(product: OwnProduct, value: OwnValue) -> dict[str, str]:
    return {"product": product.title[:_LONGEST_NAME], "value": value.label[:_LONGEST_NAME]}


def value(
    words: Words,
    view: ValueView,
    batches: Sequence[BatchView],
    zone: ZoneInfo,
    page: int = 0,
    *,
    sees_cost: bool = True,
) -> Screen:
    """One value with a page of its batches, which may be put on sale, thrown away or withdrawn.

    Whoever only sees counts is given no batches.
    """
    screen = ScreenBuilder(words)
    offer = view.on_offer
    screen.line("stock-value", **_names(view.product, view.value), left=offer.left)
    if offer.left and sees_cost:
        screen.line("stock-value-cost", cost=words.money(offer.cost_minor))
    if offer.first_end is not None:
        screen.date_line("stock-value-end", offer.first_end, zone)
    pages = count_pages(len(batches), _BATCHES_PAGE)
    page = min(page, pages - 1)
    screen.page_number(page, pages)
    for one in batches[page * _BATCHES_PAGE : (page + 1) * _BATCHES_PAGE]:
        cost, number = words.money(one.batch.cost_minor), str(one.batch.id)
        if one.batch.state is BatchState.DRAFT:
            line = "stock-batch-held" if one.batch.is_held else "stock-batch-draft"
            screen.line(line, id=number, count=one.counts.left, cost=cost)
            _decisions(screen, one, _SELL)
        else:
            left, count = one.counts.left, one.counts.loaded
            screen.line("stock-batch", id=number, left=left, count=count, cost=cost)
            screen.button("button-stock-withdraw", pack("sask", one.batch.id), id=number)
    screen.pages(page, pages, lambda other: pack("sbats", view.value.id, other))
    screen.button("button-stock-load", pack("sload", view.value.id))
    if view.is_unused and sees_cost:
        screen.button("button-stock-remove", pack("sdrop", view.value.id))
    screen.back(pack("stock"))
    return screen.done()


def _decisions(screen: ScreenBuilder, view: BatchView, answer: int) -> None:
    sell = screen.make_button("button-stock-sell", pack("sgo", view.batch.id, answer))
    discard = screen.make_button("button-stock-discard", pack("sgo", view.batch.id, 0))
    screen.row(sell, discard)


def ask_names(words: Words, *, again: bool = False, is_list: bool = False) -> Screen:
    """`is_list`: codes came where names were asked for."""
    screen = ScreenBuilder(words)
    if is_list:
        screen.line("stock-names-codes")
    screen.line("stock-names-wrong" if again and not is_list else "stock-ask-names")
    for line in _EXAMPLE:
        screen.line("stock-example", text=line)
    screen.back(pack("stock"))
    return screen.done()


def ask_cost(words: Words, view: ValueView, *, again: bool = False) -> Screen:
    screen = ScreenBuilder(words)
    if again:
        screen.line("stock-cost-wrong")
    screen.line("stock-ask-cost", **_names(view.product, view.value))
    screen.back(pack("sval", view.value.id))
    return screen.done()


def ask_codes(words: Words, value_id: int) -> Screen:
    screen = ScreenBuilder(words)
    screen.line("stock-ask-codes")
    screen.line("stock-example", text=_COLUMNS)
    screen.line("stock-ask-codes-deleted")
    screen.back(pack("sval", value_id))
    return screen.done()


def refuse_codes(words: Words, value_id: int, refused: BadCodes, *, deleted: bool) -> Screen:
    """Nothing of what was sent is stored, and the question stays."""
    screen = ScreenBuilder(words)
    _say_deleted(screen, deleted=deleted)
    screen.line(f"stock-fault-{refused.fault}", line=refused.line)
    if refused.fault == FileFault.NO_HEADER:
        screen.line("stock-example", text=_COLUMNS)
    screen.line("stock-nothing-stored")
    screen.back(pack("sval", value_id))
    return screen.done()


def _say_deleted(screen: ScreenBuilder, *, deleted: bool) -> None:
    if not deleted:
        screen.line("stock-delete-yourself")


def batch(words: Words, view: BatchView, zone: ZoneInfo, *, deleted: bool = True) -> Screen:
    """What a loading has found, or a backup has brought, to be confirmed before anything of it is sold."""
    screen = ScreenBuilder(words)
    counts, refusals = view.counts, view.batch.refusals
    _say_deleted(screen, deleted=deleted)
    screen.line("stock-loaded", id=str(view.batch.id), **_names(view.product, view.value))
    screen.line("stock-good" if counts.loaded else "stock-nothing", count=counts.left)
    screen.line(
        "stock-refusals",
        known=refusals.known,
        twice=refusals.twice,
        unreadable=refusals.unreadable,
        expired=refusals.expired,
    )
    if refusals.line:
        screen.line("stock-line", line=refusals.line)
    if counts.left:
        cost, total = words.money(view.batch.cost_minor), words.money(view.total_minor)
        screen.line("stock-cost", cost=cost, total=total)
        if counts.first_end is not None and counts.last_end is not None:
            first, last = (words.date(end, zone) for end in (counts.first_end, counts.last_end))
            screen.line("stock-ends", first=first, last=last)
        screen.line("stock-hints", hints=" · ".join(view.hints))
    if view.batch.state is BatchState.DRAFT:
        is_held = view.batch.is_held
        screen.line("stock-held" if is_held else "stock-draft")
        _decisions(screen, view, _SELL_HELD if is_held else _SELL)
    screen.back(pack("sval", view.value.id))
    return screen.done()


def decided(words: Words, view: BatchView) -> Screen:
    """A batch was put on sale, thrown away or withdrawn."""
    screen = ScreenBuilder(words)
    number, counts = str(view.batch.id), view.counts
    if view.batch.state is BatchState.ON_SALE:
        screen.line("stock-on-sale", id=number)
        screen.line("stock-good", count=counts.left)
    elif view.batch.state is BatchState.DISCARDED:
        screen.line("stock-discarded", id=number)
        if view.batch.held_at is not None:
            screen.line("stock-discarded-held")
    else:
        screen.line("stock-withdrawn", id=number, left=counts.set_aside, sold=counts.taken)
    screen.back(pack("sval", view.value.id))
    return screen.done()


def ask_withdraw(words: Words, view: BatchView) -> Screen:
    screen = ScreenBuilder(words)
    screen.line(
        "stock-withdraw-ask",
        id=str(view.batch.id),
        **_names(view.product, view.value),
        left=view.counts.left,
        count=view.counts.loaded,
    )
    screen.button("button-stock-withdraw-yes", pack("sout", view.batch.id), style=Style.DESTROY)
    screen.back(pack("sval", view.value.id))
    return screen.done()


def open_first(words: Words, *, deleted: bool, by_shape: bool = False) -> Screen:
    """Codes came where nobody had asked for them. `by_shape`: or a text that only looks like codes."""
    screen = ScreenBuilder(words)
    if by_shape:
        screen.line("stock-looked-like-codes")
    screen.line("stock-open-first" if deleted else "stock-open-first-kept")
    _say_deleted(screen, deleted=deleted)
    return screen.done()


def delete_yourself(words: Words) -> Screen:
    """Codes came, nothing else can be said of them, and they are still in the chat."""
    screen = ScreenBuilder(words)
    _say_deleted(screen, deleted=False)
    return screen.done()
