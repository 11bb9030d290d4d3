"""Walking the shelf. Reads memory only: no customer waits here for a supplier."""

from dataclasses import dataclass

from bot.domain.catalogue import Category, Denomination, Product, offered_quantities
from bot.errors import NotFound, SoldOut
from bot.services.catalogue import is_stale
from bot.services.shop import Shop

PAGE = 8


@dataclass(frozen=True, slots=True)
class Page:
    category: Category
    products: tuple[Product, ...]
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A denomination as a customer may see it: our price, not our cost."""

    denomination_id: int
    label: str
    price_minor: int
    stock: int

    @property
    def sold_out(self) -> bool:
        return self.stock <= 0


@dataclass(frozen=True, slots=True)
class ProductView:
    """`stale`: prices are to be asked again; `offers` None: they were never asked."""

    category: Category
    product: Product
    offers: tuple[Offer, ...] | None
    stale: bool


@dataclass(frozen=True, slots=True)
class QuantityView:
    category: Category
    product: Product
    offer: Offer
    quantities: tuple[int, ...]
    maximum: int


def list_categories(shop: Shop) -> list[Category]:
    return list(shop.shelf.categories.values())


def list_products(shop: Shop, category_id: int, page: int = 0) -> Page:
    """A page of a category; a number beyond the last page gives the last."""
    category = shop.shelf.category(category_id)
    products = shop.shelf.of_category(category_id)
    pages = max(1, -(-len(products) // PAGE))
    number = min(max(page, 0), pages - 1)
    return Page(category, tuple(products[number * PAGE : (number + 1) * PAGE]), number, pages)


def search_products(shop: Shop, words: str) -> list[Product]:
    return shop.shelf.search(words, PAGE)


def offer_of(shop: Shop, denomination: Denomination) -> Offer:
    price = shop.policy.pricing.selling_price(
        denomination.cost_minor, shop.shelf.markup(denomination)
    )
    stock = max(0, denomination.stock - shop.policy.stock_reserve) if denomination.sellable else 0
    return Offer(denomination.id, denomination.label, price, stock)


def view_product(shop: Shop, product_id: int) -> ProductView:
    product = shop.shelf.product(product_id)
    offers = None
    if product.priced_at is not None:
        offers = tuple(offer_of(shop, item) for item in shop.shelf.of_product(product_id))
    category = shop.shelf.category(product.category_id)
    return ProductView(category, product, offers, is_stale(shop, product))


def view_quantities(shop: Shop, denomination_id: int) -> QuantityView:
    """Raises SoldOut where there is nothing to choose from."""
    denomination = shop.shelf.denomination(denomination_id)
    product = shop.shelf.product(denomination.product_id)
    offer = offer_of(shop, denomination)
    if offer.sold_out:
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
    try:
        if product_id is not None:
            shop.shelf.product(product_id)
        if category_id is not None:
            shop.shelf.category(category_id)
    except NotFound:
        return False
    return True
