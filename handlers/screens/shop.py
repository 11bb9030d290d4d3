"""The walk's screens: shelf, category, product, quantity, confirm, search."""

from collections.abc import Sequence

from bot.domain.catalogue import Category, Product
from bot.domain.money import MINOR_PER_UNIT
from bot.services.catalogue.browse import Page, ProductView, QuantityView, RangeView
from bot.services.orders.quote import QuoteView
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, back_arrow, grid, mirrored, next_arrow, screen
from locales import Words

_LABEL = 60  # longer names are cut on buttons only


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


def home_button(words: Words) -> Button:
    return Button(words.label("button-home"), pack("home"))


def way_back(words: Words, data: str, key: str = "button-back") -> list[Button]:
    back = Button(words.label(key, arrow=back_arrow(words)), data)
    return mirrored(words, [back, home_button(words)])


def home(words: Words, categories: Sequence[Category]) -> Screen:
    doors = [
        Button(words.label("button-orders"), pack("orders", 0)),
        Button(words.label("button-wallet"), pack("wallet", 0)),
        Button(words.label("button-language"), pack("langs")),
    ]
    shelf = [Button(_short(category.title), pack("cat", category.id, 0)) for category in categories]
    text = RichText().add(words.text("home" if categories else "home-empty"))
    return screen(text, *grid(shelf, 2, words), *grid(doors, 2, words))


def products(words: Words, page: Page) -> Screen:
    text = RichText().add(words.text("products", category=page.category.title))
    if page.pages > 1:
        text.line(words.text("products-page", page=page.number + 1, pages=page.pages))
    return screen(
        text,
        *([_product_button(words, product)] for product in page.products),
        _turning(words, page),
        way_back(words, pack("home")),
    )


def _product_button(words: Words, product: Product) -> Button:
    key = "button-product-region" if product.region else "button-product"
    label = words.label(key, product=_short(product.title), region=region(product))
    return Button(label, pack("prod", product.id))


def region(product: Product) -> str:
    """A country code in capitals, anything longer as the supplier writes it."""
    return product.region.upper() if len(product.region) <= 3 else product.region  # noqa: PLR2004


def _turning(words: Words, page: Page) -> list[Button]:
    row = []
    if page.number > 0:
        label = words.label("button-back", arrow=back_arrow(words))
        row.append(Button(f"{label} {page.number}", pack("cat", page.category.id, page.number - 1)))
    if page.number + 1 < page.pages:
        row.append(
            Button(
                words.label("button-next", arrow=next_arrow(words)),
                pack("cat", page.category.id, page.number + 1),
            )
        )
    return mirrored(words, row)


def product(words: Words, view: ProductView, *, no_answer: bool = False) -> Screen:
    path = {"category": view.category.title, "product": view.product.title}
    back = way_back(words, pack("cat", view.category.id, 0))
    if view.offers is None:
        again = (
            [Button(words.label("button-again"), pack("prod", view.product.id))]
            if no_answer
            else []
        )
        key = "product-no-answer" if no_answer else "product-loading"
        return screen(RichText().add(words.text(key, **path)), again, back)
    if not view.offers:
        return screen(RichText().add(words.text("product-nothing", **path)), back)
    text = RichText().add(words.text("product", **path))
    if view.product.region:
        text.line(words.text("product-region", region=region(view.product)))
    values = [
        Button(
            words.label("button-value-sold-out", value=_short(o.label)),
            pack("sold", o.denomination_id),
        )
        if o.sold_out
        else Button(
            words.label("button-range", value=_short(o.label)), pack("den", o.denomination_id)
        )
        if o.is_range
        else Button(
            words.label("button-value", value=_short(o.label), price=words.money(o.price_minor)),
            pack("den", o.denomination_id),
        )
        for o in view.offers
    ]
    columns = 2 if all(len(button.label) <= 24 for button in values) else 1  # noqa: PLR2004
    return screen(text, *grid(values, columns, words), back)


def ask_value(words: Words, view: RangeView) -> Screen:
    """For products sold between two bounds: the customer types what it shall be worth."""
    least, most = (
        words.value(minor, view.currency) for minor in (view.lowest_minor, view.highest_minor)
    )
    text = RichText().add(
        words.text("range-ask", product=view.product.title, least=least, most=most)
    )
    if view.step_minor != MINOR_PER_UNIT:
        step = words.value(view.step_minor, view.currency)
        text.line(words.text("range-step", step=step))
    return screen(text, way_back(words, pack("prod", view.product.id)))


def quantity(words: Words, view: QuantityView) -> Screen:
    text = RichText().add(
        words.text(
            "quantity",
            product=view.product.title,
            value=view.offer.label,
            price=words.money(view.offer.price_minor),
            maximum=view.maximum,
        )
    )
    numbers = [Button(str(n), pack("qty", view.offer.denomination_id, n)) for n in view.quantities]
    return screen(text, mirrored(words, numbers), way_back(words, pack("prod", view.product.id)))


def confirm(words: Words, view: QuoteView, minutes: int) -> Screen:
    quote = view.quote
    text = RichText().add(
        words.text(
            "confirm",
            product=view.product.title,
            value=view.label,
            count=str(quote.quantity),
            price=words.money(quote.unit_price_minor),
            total=words.money(quote.total_minor),
        )
    )
    if view.product.region:
        text.line(words.text("confirm-region", region=region(view.product)))
    if view.sandbox:
        text.line(words.text("confirm-sandbox"))
    change = way_back(words, pack("den", quote.denomination_id), "button-change")
    balance = words.money(view.wallet_minor)
    if view.missing_minor and view.can_pay:
        missing = words.money(view.missing_minor)
        text.line(words.text("confirm-pay", wallet=balance, missing=missing))
        text.line(words.text("confirm-until", minutes=minutes))
        return screen(text, [Button(words.label("button-buy-pay"), pack("buy", quote.id))], change)
    if view.missing_minor:
        missing = words.money(view.missing_minor)
        text.line(
            words.text("confirm-short", wallet=balance, missing=missing, id=str(quote.user_id))
        )
        again = Button(
            words.label("button-again"), pack("qty", quote.denomination_id, quote.quantity)
        )
        return screen(text, [again], change)
    after = words.money(view.wallet_minor - quote.total_minor)
    text.line(words.text("confirm-wallet", wallet=balance, after=after))
    text.line(words.text("confirm-until", minutes=minutes))
    return screen(text, [Button(words.label("button-buy"), pack("buy", quote.id))], change)


def found(words: Words, query: str, hits: Sequence[Product]) -> Screen:
    shown = query[:_LABEL]
    if not hits:
        return screen(RichText().add(words.text("search-none", query=shown)), [home_button(words)])
    text = RichText().add(words.text("search-found", query=shown))
    return screen(text, *([_product_button(words, hit)] for hit in hits), [home_button(words)])


def ask_search(words: Words) -> Screen:
    return screen(RichText().add(words.text("search-ask")), [home_button(words)])
