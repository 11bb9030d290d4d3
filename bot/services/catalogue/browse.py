"""Views of the shelf, the in-memory catalogue.

Nothing here calls a supplier, so nobody waits for one.
"""

from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from bot.domain.catalogue import Category, Denomination, Names, Product, offered_quantities
from bot.domain.guides import Guide
from bot.domain.pauses import NOTHING_CLOSED, Closed, Pause, refusal
from bot.refusals import NotFound, SoldOut
from bot.services.catalogue.refresh import is_stale
from bot.services.shop import Shop

PAGE = 8  # products on one page
_MOST_OTHERS = 3  # products that a screen offers instead of one that cannot be bought


@dataclass(frozen=True, slots=True)
class Page:
    category: Category
    products: tuple["ProductEntry", ...]
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
    paused: bool = False  # nothing is sold from its supplier, nor from another that has it

    @property
    def sold_out(self) -> bool:
        return self.stock <= 0 and not self.is_range

    @property
    def state(self) -> "State":
        if self.paused:
            return State.PAUSED
        return State.SOLD_OUT if self.sold_out else State.OPEN


class State(IntEnum):
    """Whether something can be bought; lists show it in this order."""

    OPEN = 0
    SOLD_OUT = 1
    PAUSED = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a product stands: its brand, and how much there is beside it."""

    category: str  # a key of names.toml
    brand: str  # a key of the tree
    title: str  # the brand's
    brands: int  # of the category
    products: int  # of the brand
    category_names: Names = ()  # an operator's


@dataclass(frozen=True, slots=True)
class ProductEntry:
    """A product in a list; `from_minor`: the lowest price, None where none is known."""

    product: Product
    region: str  # a key of names.toml, two letters of ISO 3166, or the supplier's word
    in_title: bool  # the title names the region
    state: State
    from_minor: int | None


@dataclass(frozen=True, slots=True)
class ProductView:
    """`stale`: the prices are too old; `offers` None: the prices were never fetched.

    `others`: where nothing of it can be bought now, what can be bought of the same brand.
    """

    place: Place
    product: Product
    region: str
    offers: tuple[Offer, ...] | None
    stale: bool
    state: State = State.OPEN
    others: tuple[ProductEntry, ...] = ()
    guide: Guide | None = None  # of its brand: on which accounts its codes work
    pause: Pause | None = None  # why nothing of it is sold, where customers are told
    has_picture: bool = False


@dataclass(frozen=True, slots=True)
class RangeView:
    """The values that a customer can type, in hundredths of `currency`."""

    product: Product
    lowest_minor: int
    highest_minor: int
    step_minor: int
    currency: str

    def holds(self, minor: int) -> bool:
        """Whether this value can be typed."""
        in_steps = (minor - self.lowest_minor) % self.step_minor == 0
        return self.lowest_minor <= minor <= self.highest_minor and in_steps


@dataclass(frozen=True, slots=True)
class QuantityView:
    category: Category
    product: Product
    offer: Offer
    quantities: tuple[int, ...]  # those that get a button
    maximum: int


def list_categories(shop: Shop) -> list[Category]:
    return list(shop.shelf.categories.values())


def list_products(
    shop: Shop, category_id: int, page: int = 0, closed: Closed = NOTHING_CLOSED
) -> Page:
    """A page of a supplier's category; a number beyond the last page gives the last page.

    Raises NotFound.
    """
    category = shop.shelf.category(category_id)
    products = shop.shelf.of_category(category_id)
    pages = max(1, -(-len(products) // PAGE))
    number = min(max(page, 0), pages - 1)
    shown = products[number * PAGE : (number + 1) * PAGE]
    entries = tuple(entry_of(shop, product, closed) for product in shown)
    return Page(category, entries, number, pages)


def search_products(shop: Shop, words: str) -> list[Product]:
    """The products that these words find, the best first."""
    return [hit.product for hit in shop.shelf.search(words, PAGE).hits]


def price_of(shop: Shop, denomination: Denomination) -> int:
    """The price of one code in minor units; see `Shelf.price`."""
    return shop.shelf.price(shop.policy.pricing, denomination)


def stock_of(shop: Shop, denomination: Denomination) -> int:
    """How many codes may be sold: the supplier's stock less STOCK_RESERVE; all of the shop's own."""
    reserve = 0 if shop.shelf.is_own(denomination) else shop.policy.stock_reserve
    return max(0, denomination.stock - reserve) if denomination.sellable else 0


def offer_of(shop: Shop, denomination: Denomination, closed: Closed = NOTHING_CLOSED) -> Offer:
    """A denomination and those linked to it as one: the price of what goes first, the largest stock.

    `closed`: what sells nothing now.
    """
    linked = shop.shelf.twins(denomination.id)
    selling = [d for d in linked if not _is_closed(shop, d, closed)]
    paused = not selling
    stock = max(stock_of(shop, each) for each in selling or linked)
    shown, price = shop.shelf.primary(denomination), price_of(shop, (selling or linked)[0])
    return Offer(shown.id, shown.label, price, stock, shown.is_range, paused)


def entry_of(shop: Shop, product: Product, closed: Closed) -> ProductEntry:
    """A product as a list shows it."""
    placing = shop.shelf.placing(product)
    offers = _offers(shop, product, closed)
    prices = [o.price_minor for o in offers or () if o.state is State.OPEN and not o.is_range]
    state = _state(product, offers, closed)
    return ProductEntry(product, placing.region, placing.in_title, state, min(prices, default=None))


def state_of(shop: Shop, product: Product, closed: Closed) -> State:
    """Whether a product can be bought, without its prices: lists sort a whole brand by this."""
    if product.priced_at is None:
        return _unpriced(product, closed)
    state = State.SOLD_OUT
    for denomination in shop.shelf.of_product(product.id):
        linked = shop.shelf.linked(denomination)
        selling = [d for d in linked if not _is_closed(shop, d, closed)]
        if selling and (linked[0].is_range or any(stock_of(shop, d) > 0 for d in selling)):
            return State.OPEN
        if not selling:
            state = State.PAUSED
    return state


def _offers(shop: Shop, product: Product, closed: Closed) -> tuple[Offer, ...] | None:
    """Its values, those that can be bought first; None where its prices were never fetched."""
    if product.priced_at is None:
        return None
    offers = [offer_of(shop, item, closed) for item in shop.shelf.of_product(product.id)]
    return tuple(sorted(offers, key=lambda offer: offer.state))


def _state(product: Product, offers: tuple[Offer, ...] | None, closed: Closed) -> State:
    if offers is None:
        return _unpriced(product, closed)
    states = {offer.state for offer in offers}
    if State.OPEN in states:
        return State.OPEN
    return State.PAUSED if State.PAUSED in states else State.SOLD_OUT


def _unpriced(product: Product, closed: Closed) -> State:
    return State.PAUSED if closed.has(product.supplier, {product.id}) else State.OPEN


def _is_closed(shop: Shop, denomination: Denomination, closed: Closed) -> bool:
    supplier = shop.shelf.product(denomination.product_id).supplier
    return closed.has(supplier, shop.shelf.sold_as(denomination))


def view_range(shop: Shop, denomination_id: int) -> RangeView | None:
    """None where the denomination has one fixed value. Raises NotFound."""
    denomination = shop.shelf.denomination(denomination_id)
    low, high = denomination.lowest_minor, denomination.highest_minor
    step = denomination.step_minor
    if low is None or high is None or step is None:
        return None
    product = shop.shelf.product(denomination.product_id)
    return RangeView(product, low, high, step, denomination.currency)


def only_range(shop: Shop, product_id: int) -> int | None:
    """The denomination of a product's range, if it is sold in exactly one; None otherwise."""
    if not exists(shop, product_id=product_id):
        return None
    offers = [offer_of(shop, item) for item in shop.shelf.of_product(product_id)]
    ranges = {offer.denomination_id for offer in offers if offer.is_range}
    return ranges.pop() if len(ranges) == 1 else None


def view_product(shop: Shop, product_id: int, closed: Closed = NOTHING_CLOSED) -> ProductView:
    """Raises NotFound. `closed`: what sells nothing now."""
    product = shop.shelf.product(product_id)
    offers = _offers(shop, product, closed)
    state = _state(product, offers, closed)
    place = place_of(shop, product)
    others = () if state is State.OPEN else _others(shop, product, place, closed)
    placing = shop.shelf.placing(product)
    guide, stale = shop.guides.of(placing.brand), is_stale(shop, product)
    pause = closed.why(product.supplier, {product.id}) if state is State.PAUSED else None
    has_picture = product.id in shop.shelf.curation.pictures
    return ProductView(
        place, product, placing.region, offers, stale, state, others, guide, pause, has_picture
    )


def place_of(shop: Shop, product: Product) -> Place:
    """Where a product stands; one that is linked to another whole, where it would stand."""
    node = shop.shelf.tree.brand_of(product.id)
    if node is None:
        placing, category = shop.shelf.placing(product), shop.shelf.category_title(product)
        return Place(placing.category, "", category, 0, 0)
    brands = len(shop.shelf.brands_of(node.category))
    names = shop.shelf.category_names(node.category)
    return Place(node.category, node.key, node.title, brands, len(node.products), names)


def _others(shop: Shop, product: Product, place: Place, closed: Closed) -> tuple[ProductEntry, ...]:
    """Products of the same brand that can be bought, the same region first."""
    if not place.brand:
        return ()
    region = shop.shelf.placing(product).region
    beside = [
        shop.shelf.product(one)
        for one in shop.shelf.brand(place.brand).products
        if one != product.id
    ]
    beside.sort(key=lambda other: shop.shelf.placing(other).region != region)
    sold = (other for other in beside if state_of(shop, other, closed) is State.OPEN)
    return tuple(entry_of(shop, other, closed) for other in islice(sold, _MOST_OTHERS))


def view_quantities(
    shop: Shop, denomination_id: int, closed: Closed = NOTHING_CLOSED
) -> QuantityView:
    """Raises NotFound, and SoldOut also for a range: its value has to be typed first.

    Raises SellingPaused where nothing of it is sold now (`closed`).
    """
    denomination = shop.shelf.shown(denomination_id)
    product = shop.shelf.product(denomination.product_id)
    offer = offer_of(shop, denomination, closed)
    if offer.paused:
        raise refusal(closed.why(product.supplier, {product.id}))
    if offer.sold_out or offer.is_range:
        raise SoldOut
    most = most_per_order(shop, product)
    return QuantityView(
        shop.shelf.category(product.category_id),
        product,
        offer,
        offered_quantities(offer.stock, most),
        min(offer.stock, most),
    )


def most_per_order(shop: Shop, product: Product) -> int:
    """How many codes of a product one order takes: MAX_QUANTITY, or fewer where an operator says so."""
    own = shop.shelf.curation.of_product(product.id).max_quantity
    return shop.policy.max_quantity if own is None else min(own, shop.policy.max_quantity)


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
