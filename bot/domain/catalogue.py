"""The shelf: categories, products, denominations, and when one can be sold."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Category:
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Product:
    id: int
    category_id: int
    supplier: str
    supplier_product_id: str
    title: str
    region: str
    enabled: bool
    priced_at: datetime | None  # when prices and stock were last asked; None: never


@dataclass(frozen=True, slots=True)
class Denomination:
    """`cost_minor` is the wholesale price: it never reaches a customer."""

    id: int
    product_id: int
    supplier_type_id: str
    label: str
    cost_minor: int
    stock: int

    @property
    def sellable(self) -> bool:
        return self.stock > 0 and self.cost_minor > 0


def offered_quantities(stock: int, maximum: int) -> tuple[int, ...]:
    """The quantities that get a button."""
    return tuple(n for n in (1, 2, 3, 5, 10) if n <= min(stock, maximum))
