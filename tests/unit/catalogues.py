"""Shelves with the simulated suppliers' goods, and large ones made of them."""

from decimal import Decimal
from itertools import count

from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.price_rules import PriceRules
from bot.domain.shelf import Shelf
from bot.sandbox.supplier.catalogue import sample_catalogue
from bot.sandbox.supplier.vouchers import VoucherProduct, sample_products
from tests.fakes import START
from tests.harness import BRANDS

COUNTRIES = "US FR DE GB AE SA TR ES IT NL BE PL CA BR MX JP KR IN MA TN EG JO".split()  # noqa: SIM905


def whole_shelf(copies: int = 1) -> Shelf:
    """The goods of both suppliers; each further copy is of another country."""
    made = Shelf(BRANDS)
    categories: dict[str, Category] = {}
    products: list[Product] = []
    values: list[Denomination] = []
    numbers = count(1)

    def category(title: str) -> int:
        return categories.setdefault(title, Category(len(categories) + 1, title)).id

    def product(category_title: str, supplier: str, title: str, region: str) -> int:
        number = len(products) + 1
        of, key = category(category_title), f"p{number}"
        products.append(Product(number, of, supplier, key, title, region, True, START))
        return number

    for copy in range(copies):
        suffix = f" {COUNTRIES[copy % len(COUNTRIES)]} {copy}" if copy else ""
        region = COUNTRIES[copy % len(COUNTRIES)].lower() if copy else ""
        for offered in sample_catalogue():
            for good in offered.products:
                title = good.title + suffix
                at = product(offered.title, "first", title, region or good.region)
                for d in good.denominations:
                    made_value = Denomination(next(numbers), at, d.id, d.name, 100, d.quantity)
                    values.append(made_value)
        for voucher in sample_products():
            title = voucher.name + suffix
            at = product(voucher.category, "second", title, region or voucher.country.lower())
            values += vouchers(voucher, at, numbers)
    made.fill(
        [*categories.values()], products, values, {}, PriceRules(), frozenset(), ("first", "second")
    )
    return made


def vouchers(voucher: VoucherProduct, product_id: int, numbers) -> list[Denomination]:
    spans: list[tuple[str, str, int | None]] = [(value, value, None) for value in voucher.values]
    spans += [(*voucher.value_range, 100)] if voucher.value_range else []
    return [
        Denomination(
            next(numbers),
            product_id,
            f"{low}-{high}",
            f"{low} {voucher.currency}",
            100,
            9,
            lowest_minor=int(Decimal(low) * 100),
            highest_minor=int(Decimal(high) * 100),
            step_minor=step,
            currency=voucher.currency,
        )
        for low, high, step in spans
    ]
