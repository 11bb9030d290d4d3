"""What search looks up: the products by brand, category, region and word, and their face values."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from bot.domain.aliases import Aliases, Head, Phrase
from bot.domain.brands import NO_BRANDS, Brands, Placing
from bot.domain.catalogue import Denomination, Names, Product
from bot.domain.folding import words_of
from bot.domain.money import to_hundredths

_LONGEST_NUMBER: Final = 12  # digits; longer ones are no face values
_THOUSANDS: Final = 3
_PHRASE_BOOKS: Final = 4  # a shop has one; what only depends on it is counted once


@dataclass(frozen=True, slots=True)
class Good:
    """A product as it is found: `words` are those of its title, its own names and its supplier's category."""

    product: Product
    placing: Placing
    title: tuple[str, ...]  # the folded words of its supplier's title
    words: frozenset[str]
    place: int  # on the shelf, from 0


@dataclass(frozen=True, slots=True)
class Face:
    """A face value, or a range of them, in hundredths; `currency` is a key of aliases.toml or a
    code of three letters, "" where it is unknown."""

    denomination_id: int
    lowest_minor: int
    highest_minor: int
    step_minor: int | None
    currency: str

    def holds(self, minor: int, currency: str | None) -> bool:
        """Whether a code of this value can be bought here; None: whatever the currency."""
        if currency is not None and currency != self.currency:
            return False
        step = self.step_minor or 1
        return (
            self.lowest_minor <= minor <= self.highest_minor
            and not (minor - self.lowest_minor) % step
        )


@dataclass(frozen=True, slots=True)
class Values:
    """What a product sells; `sold_out`: its prices are known, and nothing of it can be bought."""

    faces: tuple[Face, ...] = ()
    sold_out: bool = False


NO_VALUES: Final = Values()


class SearchIndex:
    """Built with the catalogue. New prices of a product change `values` alone."""

    def __init__(self, brands: Brands = NO_BRANDS) -> None:
        self.brands: Final = brands
        self.goods: dict[int, Good] = {}
        self.by_brand: dict[str, set[int]] = {}
        self.by_category: dict[str, set[int]] = {}
        self.by_region: dict[str, set[int]] = {}
        self.by_word: dict[str, set[int]] = {}
        # Products by the whole name that an operator gave to them, or to their category.
        self.by_name: dict[Phrase, set[int]] = {}
        self.values: dict[int, Values] = {}
        self.spellings: dict[str, str] = {}  # brands on the shelf, by each way to write them
        # Words that only name pages of the shop, and the words that choose a product of aliases.toml.
        self.page_words: Final = _words_of_pages(brands.aliases)
        self.own_words: Final[Mapping[str, frozenset[str]]] = _own_words(brands.aliases)
        # The words that a typing error is compared with, by their first letter.
        self.vocabulary: dict[str, tuple[str, ...]] = {}

    def fill(
        self,
        goods: Iterable[tuple[Product, Placing, str]],
        categories: Mapping[str, Names] | None = None,
    ) -> None:
        """Replace all products; the third is the title of the supplier's category.

        `categories`: the operators' names of those of names.toml, by their keys.
        """
        self.goods, self.values, self.by_name = {}, {}, {}
        self.by_brand, self.by_category, self.by_region, self.by_word = {}, {}, {}, {}
        for place, (product, placing, category_title) in enumerate(goods):
            title = _title_words(product.title)
            own = [_title_words(name) for _, name in product.names]
            words = frozenset((*title, *_title_words(category_title), *(w for n in own for w in n)))
            self.goods[product.id] = Good(product, placing, title, words, place)
            if placing.brand is not None:
                self.by_brand.setdefault(placing.brand, set()).add(product.id)
            self.by_category.setdefault(placing.category, set()).add(product.id)
            self.by_region.setdefault(placing.region, set()).add(product.id)
            for word in words:
                self.by_word.setdefault(word, set()).add(product.id)
            for name in filter(None, own):
                self.by_name.setdefault(name, set()).add(product.id)
        for key, names in (categories or {}).items():
            for _, called in names:
                if key in self.by_category and (phrase := _title_words(called)):
                    self.by_name.setdefault(phrase, set()).update(self.by_category[key])
        self.vocabulary = _vocabulary(self.brands.aliases, self.by_word)
        self.spellings = {
            " ".join(phrase): meaning.key
            for phrase, meanings in self.brands.aliases.phrases.items()
            for meaning in meanings
            if meaning.head is Head.BRAND and meaning.key in self.by_brand
        }

    def set_values(self, product: Product, denominations: Sequence[Denomination]) -> None:
        """What a product sells from now on; typed values are in no list, so they are not found."""
        listed = [d for d in denominations if not d.typed]
        aliases = self.brands.aliases
        faces = tuple(face for d in listed if (face := _face(d, aliases)) is not None)
        known = product.priced_at is not None
        sold_out = known and not any(d.sellable or d.is_range for d in listed)
        self.values[product.id] = Values(faces, sold_out)
        self.goods[product.id] = replace(self.goods[product.id], product=product)


@lru_cache(maxsize=1 << 16)
def _title_words(title: str) -> tuple[str, ...]:
    return words_of(title)


@lru_cache(maxsize=_PHRASE_BOOKS)
def _words_of_pages(aliases: Aliases) -> frozenset[str]:
    pages: set[str] = set()
    others: set[str] = set()
    for phrase, meanings in aliases.phrases.items():
        is_page = all(meaning.head is Head.INTENT for meaning in meanings)
        (pages if is_page else others).update(phrase)
    return frozenset(pages - others)


@lru_cache(maxsize=_PHRASE_BOOKS)
def _own_words(aliases: Aliases) -> Mapping[str, frozenset[str]]:
    """The words of each product's title that is named in the tables, without its region's."""
    regions = aliases.only(Head.REGION)
    titles = {
        meaning.key
        for meanings in aliases.phrases.values()
        for meaning in meanings
        if meaning.head is Head.PRODUCT
    }
    own = {}
    for title in titles:
        words = list(words_of(title))
        for match in reversed(regions.find(words)):
            del words[match.start : match.end]
        own[title] = frozenset(words)
    return own


def _vocabulary(aliases: Aliases, titles: Collection[str]) -> dict[str, tuple[str, ...]]:
    known, by_letter = _words_of_phrases(aliases)
    others = _by_letter(set(titles) - known)
    both = {letter: sorted((*by_letter.get(letter, ()), *new)) for letter, new in others.items()}
    return {**by_letter, **{letter: tuple(words) for letter, words in both.items()}}


@lru_cache(maxsize=_PHRASE_BOOKS)
def _words_of_phrases(aliases: Aliases) -> tuple[frozenset[str], Mapping[str, tuple[str, ...]]]:
    words = frozenset(word for phrase in aliases.phrases for word in phrase)
    return words, _by_letter(words)


def _by_letter(words: Collection[str]) -> dict[str, tuple[str, ...]]:
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words):
        if not word[0].isdecimal():
            by_letter.setdefault(word[0], []).append(word)
    return {letter: tuple(group) for letter, group in by_letter.items()}


def _face(denomination: Denomination, aliases: Aliases) -> Face | None:
    low, high = denomination.lowest_minor, denomination.highest_minor
    if low is not None and high is not None:
        currency = currency_key(denomination.currency, aliases)
        return Face(denomination.id, low, high, denomination.step_minor, currency)
    amount = _labelled(denomination.label, aliases)
    return amount and Face(denomination.id, amount[0], amount[0], None, amount[1])


@lru_cache(maxsize=4096)
def _labelled(label: str, aliases: Aliases) -> tuple[int, str] | None:
    """The amount that a label names, in hundredths, and its currency's key."""
    words = words_of(label)
    numbers = [minor for word in words if (minor := number_of(word)) is not None]
    if len(numbers) != 1:
        return None
    keys = [key for match in aliases.find(words) for key in match.keys(Head.CURRENCY)]
    others = [word.upper() for word in words if word.isalpha() and word.isascii()]
    return numbers[0], (keys or others or [""])[0]


@lru_cache(maxsize=256)
def currency_key(written: str, aliases: Aliases) -> str:
    """The key of a currency's code: `da` and `DZD` are one."""
    keys = [key for match in aliases.find(words_of(written)) for key in match.keys(Head.CURRENCY)]
    return keys[0] if keys else written


def number_of(word: str) -> int | None:
    """A folded word that is a number, in hundredths; None for any other, and for a huge one."""
    if not word[0].isdecimal() or len(word) > _LONGEST_NUMBER:
        return None
    whole, mark, decimals = word.replace(",", ".").rpartition(".")
    if not mark or len(decimals) == _THOUSANDS:
        return int(word.replace(",", "").replace(".", "")) * 100
    return to_hundredths(Decimal(f"{whole.replace('.', '')}.{decimals}"))
