"""Screens for operators who say what is on the shelf, in which order, and by which names."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.catalogue import Product
from bot.domain.curation import (
    LONGEST_GUIDE,
    LONGEST_NAME,
    CuratedText,
    CurationScope,
    Marks,
    OwnText,
    Subject,
)
from bot.domain.paging import count_pages
from bot.domain.records import Locale
from bot.services.catalogue.curated import (
    CuratedCategory,
    CuratedValue,
    EntryPage,
    ProductCard,
)
from handlers.callback_data import pack
from handlers.screen import Button, Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens.values import category_title, own_text, value_label
from locales import Words

_VALUES_PAGE: Final = 6
_LONGEST: Final = 60  # letters of a name or a query in a line
_ENTRIES: Final = {  # by whether it is hidden, and featured
    (False, False): "button-curate-product",
    (False, True): "button-curate-product-first",
    (True, False): "button-curate-product-hidden",
    (True, True): "button-curate-product-hidden-first",
}
_OFFERED: Final = (1, 2, 3, 5, 10)


def _args(subject: Subject) -> tuple[str, str]:
    return ("c" if subject.scope is CurationScope.CATEGORY else "p"), subject.target


def categories(words: Words, found: Sequence[CuratedCategory], arrived: int) -> Screen:
    """All categories. `arrived`: new products that came hidden."""
    screen = ScreenBuilder(words)
    screen.line("curate-categories" if found else "curate-empty")
    buttons = [
        screen.make_button(
            "button-curate-hidden" if one.marks.hidden else "button-curate-open",
            pack("cshelf", one.key, 0),
            name=_title(words, one),
        )
        for one in found
    ]
    screen.grid(buttons)
    if arrived:
        screen.button("button-curate-new", pack("cnew", 0), count=arrived)
    return screen.done()


def _title(words: Words, view: CuratedCategory) -> str:
    return category_title(words.locale, view.key, view.names)


def category(words: Words, view: CuratedCategory, page: EntryPage, waiting: int) -> Screen:
    """One category, with a page of its products. `waiting`: its orders that wait for money."""
    screen = ScreenBuilder(words)
    screen.line("curate-category", category=_title(words, view), count=view.products)
    if view.hidden:
        screen.line("curate-some-hidden", count=view.hidden)
    screen.line("curate-hidden-category" if view.marks.hidden else "curate-shown")
    screen.page_number(page.number, page.pages)
    _entries(screen, page)
    screen.pages(page.number, page.pages, lambda number: pack("cshelf", view.key, number))
    _hide_button(screen, view.subject, view.marks)
    _move_buttons(screen, view.subject)
    screen.button("button-curate-name", pack("cname", *_args(view.subject)))
    _cancel_button(screen, view.subject, waiting)
    screen.back(pack("ccat"))
    return screen.done()


def _entries(screen: ScreenBuilder, page: EntryPage) -> None:
    for entry in page.entries:
        shown = entry.product
        key = _ENTRIES[entry.hidden, entry.featured]
        name = shown.name_in(screen.words.locale)[:_LONGEST]
        screen.button(key, pack("cprod", shown.id), product=name, id=f"p{shown.id}")


def _hide_button(screen: ScreenBuilder, subject: Subject, marks: Marks) -> None:
    key = "button-curate-show" if marks.hidden else "button-curate-hide"
    screen.button(key, pack("chide", *_args(subject), 0 if marks.hidden else 1))


def _move_buttons(screen: ScreenBuilder, subject: Subject) -> None:
    screen.fixed_row(
        Button("↑", pack("cmove", *_args(subject), 1)),
        Button("↓", pack("cmove", *_args(subject), 0)),
    )


def _cancel_button(screen: ScreenBuilder, subject: Subject, waiting: int) -> None:
    if waiting:
        data = pack("ccancel", *_args(subject))
        screen.button("button-curate-cancel", data, style=Style.DESTROY, count=waiting)


def arrivals(words: Words, page: EntryPage) -> Screen:
    """New products that are hidden until an operator shows them."""
    screen = ScreenBuilder(words)
    screen.line("curate-new" if page.entries else "curate-new-none")
    screen.page_number(page.number, page.pages)
    _entries(screen, page)
    screen.pages(page.number, page.pages, lambda number: pack("cnew", number))
    screen.back(pack("ccat"))
    return screen.done()


def found(words: Words, query: str, page: EntryPage) -> Screen:
    """What an operator's words named."""
    screen = ScreenBuilder(words)
    screen.line("curate-found" if page.entries else "curate-found-none", query=query[:_LONGEST])
    _entries(screen, page)
    screen.back(pack("ccat"))
    return screen.done()


def product(words: Words, card: ProductCard, waiting: int) -> Screen:
    """One product: what its supplier says of it, what operators say, and a button for each of that."""
    screen = ScreenBuilder(words)
    shown, subject = card.product, card.subject
    screen.line(
        "curate-product",
        product=shown.name_in(words.locale)[:_LONGEST],
        id=f"p{shown.id}",
        supplier=shown.supplier,
    )
    if shown.name_in(words.locale) != shown.title:
        screen.line("curate-title", title=shown.title[:_LONGEST])
    _count_line(screen, shown, card.values)
    if card.cheapest_minor is not None:
        screen.add("curate-cheapest", price=words.money(card.cheapest_minor))
    screen.line("curate-sold", count=card.sold)
    _state_lines(screen, card)
    feature = "button-curate-unfeature" if card.marks.featured else "button-curate-feature"
    marks = card.marks
    _hide_button(screen, subject, marks)
    screen.button(feature, pack("cfeat", shown.id, 0 if marks.featured else 1))
    _move_buttons(screen, subject)
    prices = [screen.make_button("button-curate-prices", pack("cprice", shown.id))]
    screen.grid(
        [
            screen.make_button("button-curate-name", pack("cname", *_args(subject))),
            screen.make_button("button-curate-how", pack("chow", shown.id)),
            screen.make_button("button-curate-picture", pack("cpic", *_args(subject))),
            screen.make_button("button-curate-most", pack("cmax", shown.id)),
            screen.make_button("button-curate-values", pack("cval", shown.id, 0)),
            *(() if card.follows else prices),
        ]
    )
    _cancel_button(screen, subject, waiting)
    screen.back(pack("cshelf", card.category.key, 0))
    return screen.done()


def _count_line(screen: ScreenBuilder, shown: Product, count: int) -> None:
    """How many values a product has, or that nobody has asked for them yet."""
    if not count and shown.priced_at is None:
        screen.line("curate-unpriced")
    else:
        screen.line("curate-values", count=count)


def _state_lines(screen: ScreenBuilder, card: ProductCard) -> None:
    """Whether customers see it and where, and how many codes of it they buy at once."""
    if card.marks.hidden:
        screen.line("curate-hidden")
    elif card.category.marks.hidden:
        screen.line("curate-hidden-with", category=_title(screen.words, card.category))
    elif card.follows:
        screen.line("curate-follows")
    else:
        screen.line("curate-shown")
    if card.marks.featured:
        screen.line("curate-featured")
    screen.line("curate-place", place=card.place, places=card.places)
    screen.line("curate-most", count=card.most)


def texts(
    words: Words, subject: Subject, title: str, kind: CuratedText, known: Mapping[Locale, OwnText]
) -> Screen:
    """What operators wrote in each language. `title`: of a product, by its supplier."""
    screen = ScreenBuilder(words)
    screen.line(f"curate-{kind}")
    if title:
        screen.line("curate-title", title=title[:_LONGEST])
    args = (*_args(subject), kind[0])
    for locale, text in known.items():
        key, language = (
            "button-curate-has" if text.text else "button-curate-none",
            f"curate-{locale}",
        )
        row = [
            screen.make_button(key, pack("ctext", *args, locale), language=words.plain(language))
        ]
        if text.before != text.text:
            undo = pack("cback", *args, locale, text.fingerprint)
            row.append(screen.make_button("button-curate-undo", undo))
        screen.row(*row)
        if text.text:
            own_text(screen, text.text)
    back = "cshelf" if subject.scope is CurationScope.CATEGORY else "cprod"
    target = (subject.target, 0) if back == "cshelf" else (subject.target,)
    screen.back(pack(back, *target))
    return screen.done()


def ask_text(words: Words, kind: CuratedText, locale: Locale) -> Screen:
    screen = ScreenBuilder(words)
    longest = LONGEST_NAME if kind is CuratedText.NAME else LONGEST_GUIDE
    screen.line(f"curate-ask-{kind}", language=words.plain(f"curate-{locale}"), longest=longest)
    screen.line("curate-ask-dash")
    screen.button("button-stop", pack("stop"))
    return screen.done()


def ask_most(words: Words, card: ProductCard, most: int) -> Screen:
    """How many codes of it one order may take; `most`: as the shop's settings say."""
    screen = ScreenBuilder(words)
    name = card.product.name_in(words.locale)[:_LONGEST]
    screen.line("curate-ask-most", product=name, most=most)
    data = card.product.id
    screen.row(*(Button(str(n), pack("cmost", data, n)) for n in _OFFERED if n <= most))
    if card.marks.max_quantity is not None:
        screen.button("button-curate-no-most", pack("cmost", data, 0), most=most)
    screen.back(pack("cprod", data))
    return screen.done()


def values(words: Words, shown: Product, found: Sequence[CuratedValue], page: int) -> Screen:
    """A page of a product's values, by the numbers that /markup takes."""
    screen = ScreenBuilder(words)
    pages = count_pages(len(found), _VALUES_PAGE)
    number = min(max(page, 0), pages - 1)
    screen.line("curate-values-of", product=shown.name_in(words.locale)[:_LONGEST])
    screen.page_number(number, pages)
    if not found:
        _count_line(screen, shown, 0)
    for one in found[number * _VALUES_PAGE : (number + 1) * _VALUES_PAGE]:
        value = one.denomination
        key = "curate-value" if value.sellable or value.is_range else "curate-value-sold-out"
        screen.line(
            key,
            id=f"d{value.id}",
            value=value_label(words, value.label)[:_LONGEST],
            price=words.money(one.price_minor),
            stock=value.stock,
        )
    screen.pages(number, pages, lambda other: pack("cval", shown.id, other))
    screen.back(pack("cprod", shown.id))
    return screen.done()
