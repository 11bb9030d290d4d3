"""Which brand, category and region a supplier's product belongs to, however the supplier writes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from bot.domain.aliases import Aliases, Head, Match, Phrase
from bot.domain.folding import folded_title, words_of

OTHER: Final = "other"  # the category of brands that we do not know
UNKNOWN_REGION: Final = "unknown"
_ISO_LETTERS: Final = 2
# The end of a shop's address in a title: "Amazon.de" is for Germany.
_ADDRESS: Final = re.compile(r"\w\.(?:co\.)?([a-z]{2})\b", re.IGNORECASE)
_ADDRESSES: Final = {"UK": "GB"}


@dataclass(frozen=True, slots=True)
class SupplierCategory:
    """What a supplier's category says of its products: their brand, or only their field."""

    brand: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a product stands on the shelf; keys of names.toml, brands of no name there excepted."""

    brand: str | None  # None: unknown; it stands under its supplier's category title
    category: str
    region: str  # two letters of ISO 3166 in capitals, a key of names.toml, else the supplier's own word
    in_title: bool = False  # the title names this region


class Brands:
    """The names by which products are recognised. Made once; nothing in it changes."""

    def __init__(
        self, names: Mapping[str, Any], aliases: Aliases, loose: frozenset[Phrase] = frozenset()
    ) -> None:
        """`names`: the tables of locales/content/names.toml; `loose`: phrases that name a brand
        where a customer types them, and not in a supplier's title."""
        by_place = sorted(names.get("category", {}).items(), key=lambda item: item[1]["order"])
        self.aliases: Final = aliases
        # A title names no intents, and what chooses one product of a brand would hide the brand.
        self._titles: Final = aliases.only(Head.BRAND, Head.REGION, Head.CATEGORY, loose=loose)
        self.categories: Final = tuple(key for key, _ in by_place)
        self.popular: Final = tuple(names.get("popular", ()))
        self.brands: Final = {
            brand: key for key, entry in by_place for brand in entry.get("brands", ())
        }  # category by brand, in the order of the screens
        self.names: Final[Mapping[str, str]] = names.get("brand", {})
        self._category_titles: Final = {
            folded_title(title): key
            for key, entry in by_place
            for title in (key, *(name for name in entry.values() if isinstance(name, str)))
            if folded_title(title)
        }
        self._supplier_categories: Final = {
            folded_title(title): SupplierCategory(entry.get("brand"), entry.get("category"))
            for title, entry in names.get("supplier_category", {}).items()
        }
        self._regions: Final[Mapping[str, str]] = {
            folded_title(spelling): key
            for spelling, key in names.get("supplier_region", {}).items()
        }

    @classmethod
    def read(cls, names: Mapping[str, Any], aliases: Mapping[str, Any]) -> "Brands":
        """From the tables of locales/content: names.toml and aliases.toml."""
        loose = aliases.get("loose", {}).get("words", ())
        return cls(names, Aliases.read(aliases), frozenset(map(words_of, loose)))

    def category_named(self, title: str) -> str | None:
        """The key of the category that is called so in any language of the shop."""
        return self._category_titles.get(folded_title(title))

    def brand_in(self, title: str) -> str | None:
        """The brand that a title names."""
        return _brand(self._titles.find(words_of(title)))

    # The shelf is filled anew with each change of the catalogue, and asks this of every product.
    @lru_cache(maxsize=1 << 16)  # noqa: B019 - a shop has one Brands, for its whole life
    def place(self, category_title: str, title: str, region: str) -> Placing:
        """Where a product stands that a supplier offers by these words."""
        known = self._supplier_categories.get(folded_title(category_title))
        matches = self._titles.find(words_of(title))
        brand = (known and known.brand) or _brand(matches) or self.brand_in(category_title)
        category = self.brands.get(brand) if brand else None
        category = category or (known and known.category) or self._field(category_title) or OTHER
        key = self._region(region, title, matches)
        in_title = any(key in match.keys(Head.REGION) for match in matches)
        return Placing(brand, category, key, in_title)

    def _field(self, category_title: str) -> str | None:
        for match in self._titles.find(words_of(category_title)):
            for key in match.keys(Head.CATEGORY):
                return key
        return None

    def _region(self, written: str, title: str, matches: list[Match]) -> str:
        """The region that the supplier names; where it names none, the one of the title."""
        if folded_title(written):
            return self.region_key(written)
        for match in matches:
            for key in match.keys(Head.REGION):
                return key
        address = _ADDRESS.search(title)
        if address is None:
            return UNKNOWN_REGION
        code = address[1].upper()
        return _ADDRESSES.get(code, code)

    def region_key(self, written: str) -> str:
        """One key for all spellings of a region; what nobody knows stays as it is written."""
        known = self._regions.get(folded_title(written))
        if known is not None:
            return known
        plain = " ".join(written.split())
        is_code = len(plain) == _ISO_LETTERS and plain.isascii() and plain.isalpha()
        return plain.upper() if is_code else plain


def _brand(matches: list[Match]) -> str | None:
    """The brand of the longest phrase that names one; the first of equally long ones."""
    named = [match for match in matches if match.keys(Head.BRAND)]
    longest = max(named, key=lambda match: match.end - match.start, default=None)
    return longest.keys(Head.BRAND)[0] if longest else None


NO_BRANDS: Final = Brands({}, Aliases({}))
