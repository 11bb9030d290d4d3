"""Views of the shelf, the in-memory catalogue.

Nothing here calls a supplier, so nobody waits for one.
"""

from dataclasses import dataclass

from bot.domain.catalogue import Category, Denomination, Product, offered_quantities
from bot.errors import NotFound, SoldOut
from bot.services.catalogue.refresh import is_stale
from bot.services.shop import Shop

PAGE = 8  # products on one page


@dataclass(frozen=True, slots=True)
class Page:
    category: Category
    products: tuple[Product, ...]
    number: int  # from 0
    pages: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A denomination as a customer may see it: our price, not our cost."""

    denomination_id: int
    label: str
    price_minor: int
    stock: int
    is_range: bool = False  # the customer types a value within it; only that value has a price

    @property
    def sold_out(self) -> bool:
        return self.stock <= 0 and not self.is_range


@dataclass(frozen=True, slots=True)
class ProductView:
    """`stale`: the prices are too old; `offers` None: the prices were never fetched."""

    category: Category
    product: Product
    offers: tuple[Offer, ...] | None
    stale: bool


@dataclass(frozen=True, slots=True)
class RangeView:
    """The values that a customer can type, in hundredths of `currency`."""

    product: Product
    lowest_minor: int
    highest_minor: int
    step_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class QuantityView:
    category: Category
    product: Product
    offer: Offer
    quantities: tuple[int, ...]  # those that get a button
    maximum: int


def list_categories(shop: Shop) -> list[Category]:
    return list(shop.shelf.categories.values())


def list_products(shop: Shop, category_id: int, page: int = 0) -> Page:
    """A page of a category; a number beyond the last page gives the last page. Raises NotFound."""
    category = shop.shelf.category(category_id)
    products = shop.shelf.of_category(category_id)
    pages = max(1, -(-len(products) // PAGE))
    number = min(max(page, 0), pages - 1)
    return Page(category, tuple(products[number * PAGE : (number + 1) * PAGE]), number, pages)


def search_products(shop: Shop, words: str) -> list[Product]:
    return shop.shelf.search(words, PAGE)


def price_of(shop: Shop, denomination: Denomination) -> int:
    """The price of one code in minor units.

    Uses the primary's markup rule and this denomination's own cost.
    """
    rule = shop.shelf.markup(shop.shelf.primary(denomination))
    return shop.policy.pricing.selling_price(denomination.cost_minor, rule)


def stock_of(shop: Shop, denomination: Denomination) -> int:
    """How many codes may be sold: the supplier's stock less STOCK_RESERVE."""
    return max(0, denomination.stock - shop.policy.stock_reserve) if denomination.sellable else 0


def offer_of(shop: Shop, denomination: Denomination) -> Offer:
    """A denomination and those linked to it as one: the cheapest price, the largest stock."""
    linked = shop.shelf.twins(denomination.id)
    stock = max(stock_of(shop, each) for each in linked)
    shown = shop.shelf.primary(denomination)
    return Offer(shown.id, shown.label, price_of(shop, linked[0]), stock, shown.is_range)


def view_range(shop: Shop, denomination_id: int) -> RangeView | None:
    """None where the denomination has one fixed value. Raises NotFound."""
    denomination = shop.shelf.denomination(denomination_id)
    low, high = denomination.lowest_minor, denomination.highest_minor
    step = denomination.step_minor
    if low is None or high is None or step is None:
        return None
    product = shop.shelf.product(denomination.product_id)
    return RangeView(product, low, high, step, denomination.currency)


def view_product(shop: Shop, product_id: int) -> ProductView:
    """Raises NotFound."""
    product = shop.shelf.product(product_id)
    offers = None
    if product.priced_at is not None:
        offers = tuple(offer_of(shop, item) for item in shop.shelf.of_product(product_id))
    category = shop.shelf.category(product.category_id)
    return ProductView(category, product, offers, is_stale(shop, product))


def view_quantities(shop: Shop, denomination_id: int) -> QuantityView:
    """Raises NotFound, and SoldOut also for a range: its value has to be typed first."""
    denomination = shop.shelf.denomination(denomination_id)
    product = shop.shelf.product(shop.shelf.primary(denomination).product_id)
    offer = offer_of(shop, denomination)
    if offer.sold_out or offer.is_range:
        raise SoldOut
    maximum = min(offer.stock, shop.policy.max_quantity)
    return QuantityView(
        shop.shelf.category(product.category_id),
        product,
        offer,
        offered_quantities(offer.stock, shop.policy.max_quantity),
        maximum,
    )


def exists(shop: Shop, *, product_id: int | None = None, category_id: int | None = None) -> bool:
    """Whether the shelf has every id that is given."""
    try:
        if product_id is not None:
            shop.shelf.product(product_id)
        if category_id is not None:
            shop.shelf.category(category_id)
    except NotFound:
        return False
    return True
