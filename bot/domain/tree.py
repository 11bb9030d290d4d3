"""The one tree in which all suppliers' products stand: category → brand → product."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.brands import Brands, Placing
from bot.domain.catalogue import Category, Product
from bot.domain.folding import folded_title


@dataclass(frozen=True, slots=True)
class BrandNode:
    """A brand that is sold. Products of an unknown brand stand under their supplier's category."""

    key: str  # the brand's id; for an unknown brand, c and the id of the supplier's category
    title: str  # the same in every language
    category: str  # a key of names.toml
    products: tuple[int, ...]  # ids, in the shelf's order


class Tree:
    """Built from the products that are shown; nothing in it changes."""

    def __init__(self, nodes: Mapping[str, BrandNode], order: Iterable[str]) -> None:
        """`order`: the categories, in the order of the screens."""
        self.brands: Final = nodes
        by_category: dict[str, list[BrandNode]] = {key: [] for key in order}
        for node in nodes.values():
            by_category.setdefault(node.category, []).append(node)
        self.categories: Final = {key: tuple(group) for key, group in by_category.items() if group}
        self._brand_of: Final = {one: node for node in nodes.values() for one in node.products}

    def brand_of(self, product_id: int) -> BrandNode | None:
        """The node of a product; None where the product is not shown."""
        return self._brand_of.get(product_id)


def build_tree(
    brands: Brands,
    goods: Iterable[tuple[Product, Placing, Category]],
    order: Iterable[str] | None = None,
) -> Tree:
    """The tree of these products; brands stand in the order of names.toml, unknown ones last.

    `order`: all categories, where they do not stand in that of names.toml.
    """
    products: dict[str, list[int]] = {}
    places: dict[str, tuple[str, str]] = {}  # title and category by key
    unknown: dict[str, str] = {}  # key by folded title: two suppliers may have the same category
    for product, placing, category in goods:
        key, title = placing.brand, category.title
        if key is None:
            key = unknown.setdefault(folded_title(title), f"c{category.id}")
        else:
            title = brands.names.get(key, key)
        products.setdefault(key, []).append(product.id)
        places.setdefault(key, (title, placing.category))
    ranks = {brand: place for place, brand in enumerate(brands.brands)}
    ordered = sorted(products, key=lambda key: (ranks.get(key, len(ranks)), places[key][0]))
    nodes = {key: BrandNode(key, *places[key], tuple(products[key])) for key in ordered}
    return Tree(nodes, brands.categories if order is None else order)
