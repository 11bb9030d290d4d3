"""Search: what a customer's words mean, and which products they find. Pure, and made to be quick."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Final

from bot.domain.aliases import FRONTS, Head, Match
from bot.domain.catalogue import Product
from bot.domain.folding import words_of
from bot.domain.search_index import NO_VALUES, Good, SearchIndex, number_of

_MOST_WORDS: Final = 24
_FORGIVE_ONE_FROM: Final = 5  # letters
_FORGIVE_TWO_FROM: Final = 8
_LEAST_BEGINNING: Final = 4  # letters that stand for a word which begins with them
_MOST_RANKED: Final = 1_500  # products; a query that fits more is too wide to be ranked well
_MOST_NEAR: Final = 3
_LEAST_LIKENESS: Final = 70.0  # percent, of a near miss
_THOUSAND_DIGITS: Final = 3
_EUROZONE: Final = frozenset(
    "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split()  # noqa: SIM905 - shorter
)


class Intent(StrEnum):
    """A page that is meant where no product is."""

    HOME = "home"
    HELP = "help"
    ORDERS = "orders"
    WALLET = "wallet"
    REFUND = "refund"
    LANGUAGE = "language"


# Of several intents in one text, the one that wants most of the shop.
_URGENCY: Final = (
    Intent.REFUND,
    Intent.ORDERS,
    Intent.WALLET,
    Intent.LANGUAGE,
    Intent.HOME,
    Intent.HELP,
)


@dataclass(frozen=True, slots=True)
class Meant:
    """A query, understood. `amounts` are in hundredths."""

    words: tuple[str, ...] = ()  # folded, as they were understood
    intent: Intent | None = None
    brands: tuple[str, ...] = ()
    implied_brands: tuple[str, ...] = ()  # of a game's currency: "660 uc"
    products: tuple[str, ...] = ()  # titles of aliases.toml that are named by their own words
    categories: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    amounts: tuple[int, ...] = ()
    called: frozenset[int] = frozenset()  # products whose own name, or their category's, was typed
    titles: tuple[str, ...] = ()  # words that stand in titles and in no table
    unknown: tuple[str, ...] = ()
    ignored: bool = False  # there were words that mean nothing here

    @property
    def names_goods(self) -> bool:
        return bool(
            self.brands or self.implied_brands or self.products or self.categories or self.called
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """`values`: ids of the product's denominations that have the value which was named, a range's
    id where it holds that value."""

    product: Product
    values: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query. Without hits: `intent` names a page, `asks_brand` a bare value, and
    `near` brands that may have been meant. `amounts` are in hundredths, as they were typed."""

    hits: tuple[Hit, ...] = ()
    intent: Intent | None = None
    asks_brand: bool = False
    near: tuple[str, ...] = ()
    amounts: tuple[int, ...] = ()
    meant: Meant = field(default_factory=Meant)


def search(
    index: SearchIndex, query: str, limit: int, is_shown: Callable[[Product], bool]
) -> Found:
    """At most `limit` products for what a customer typed, the best first."""
    meant = understand(index, query)
    if meant.intent is not None and not meant.names_goods:
        return Found(intent=meant.intent, meant=meant)
    if meant.names_goods or (not meant.unknown and (meant.titles or meant.regions)):
        hits = tuple(islice(_hits(index, meant, is_shown), limit))
        if hits:
            return Found(hits, amounts=meant.amounts, meant=meant)
    if not meant.unknown and not meant.names_goods:
        if meant.amounts or meant.currencies:
            return Found(asks_brand=True, amounts=meant.amounts, meant=meant)
        if meant.ignored:
            return Found(intent=Intent.HOME, meant=meant)
    return Found(near=_near(index, query, meant), amounts=meant.amounts, meant=meant)


def understand(index: SearchIndex, query: str) -> Meant:
    """What the words of a query mean, typing errors forgiven where nothing else fits."""
    words = words_of(query)[:_MOST_WORDS]
    meant = _read(index, words)
    if meant.unknown:
        words = tuple(_forgiven(index, word) if word in meant.unknown else word for word in words)
        meant = _read(index, words)
    if meant.unknown:
        meant = _read_beginnings(index, meant)
    return meant


def _read(index: SearchIndex, words: Sequence[str]) -> Meant:
    matches = index.brands.aliases.find(words)
    taken = {at for match in matches for at in range(match.start, match.end)}
    rest = [word for at, word in enumerate(words) if at not in taken]
    letters = [word for word in rest if number_of(word) is None and not word[0].isdecimal()]
    products = _keys(matches, Head.PRODUCT)
    own_brands = [b for title in products if (b := index.brands.brand_in(title)) is not None]
    named, implied = _brands(matches)
    meant = Meant(
        words=tuple(words),
        brands=tuple(dict.fromkeys((*own_brands, *named))),
        implied_brands=() if named or own_brands else implied,
        products=products,
        categories=_keys(matches, Head.CATEGORY),
        regions=_keys(matches, Head.REGION),
        currencies=_keys(matches, Head.CURRENCY),
        amounts=_amounts(words, taken),
        called=_called(index, words, matches),
        titles=tuple(word for word in letters if word in index.by_word),
        unknown=tuple(word for word in letters if word not in index.by_word),
        ignored=any(match.keys(Head.IGNORE) for match in matches),
    )
    return replace(meant, intent=_intent(matches, meant))


_BESIDE_NAMES: Final = frozenset({Head.IGNORE, Head.CURRENCY, Head.REGION})


def _called(index: SearchIndex, words: Sequence[str], matches: Sequence[Match]) -> frozenset[int]:
    """The products whose whole own name was typed, with nothing beside it but a value or a region.

    Such a name is what the operator wants it to be: it may hold words that mean something else.
    """
    if not index.by_name:
        return frozenset()
    beside = {
        at
        for match in matches
        if any(match.keys(head) for head in _BESIDE_NAMES)
        for at in range(match.start, match.end)
    }
    beside |= {at for at, word in enumerate(words) if number_of(word) is not None}
    for start in range(len(words)):
        if not beside.issuperset(range(start)):
            break
        for end in range(len(words), start, -1):
            if not beside.issuperset(range(end, len(words))):
                break
            if found := index.by_name.get(tuple(words[start:end])):
                return frozenset(found)
    return frozenset()


def _keys(matches: Sequence[Match], head: Head) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for match in matches for key in match.keys(head)))


def _brands(matches: Sequence[Match]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The brands that are named, and those whose own currency is."""
    money = [match for match in matches if match.keys(Head.CURRENCY)]
    plain = [match for match in matches if not match.keys(Head.CURRENCY)]
    return _keys(plain, Head.BRAND), _keys(money, Head.BRAND)


def _intent(matches: Sequence[Match], meant: Meant) -> Intent | None:
    """The page that is meant; only where every word belongs to it, or is ignored.

    A phrase that also names a region ("français") means a page where it stands alone.
    """
    intents = _keys(matches, Head.INTENT)
    other = [
        match for match in matches if not match.keys(Head.INTENT) and not match.keys(Head.IGNORE)
    ]
    greeting = meant.unknown and set(intents) <= {Intent.HELP, Intent.HOME, Intent.LANGUAGE}
    if not intents or other or meant.titles or greeting:
        return None
    return next(intent for intent in _URGENCY if intent in intents)


def _amounts(words: Sequence[str], taken: set[int]) -> tuple[int, ...]:
    """The numbers that no phrase took; two that may be one, as in "1 500", also together."""
    found: list[int] = []
    before = ""
    for at, word in enumerate(words):
        minor = None if at in taken else number_of(word)
        if minor is not None:
            if before and len(word) == _THOUSAND_DIGITS and word.isdecimal():
                joined = number_of(before + word)  # as the shop writes amounts: it comes first
                found[-1:] = [n for n in (joined, *found[-1:]) if n is not None]
            found.append(minor)
        before = (
            word if minor is not None and word.isdecimal() and len(word) <= _THOUSAND_DIGITS else ""
        )
    return tuple(dict.fromkeys(found))


def _forgiven(index: SearchIndex, word: str) -> str:
    """The nearest known word: one error from five letters on, two from eight on; else the word.

    Two errors are too many for a word that names a page: "couscous" is no greeting.
    """
    # Imported here and below, since only words that are in no table need it: four megabytes.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    for front in ("", *FRONTS):
        bare = word.removeprefix(front)
        if (front and bare == word) or len(bare) < _FORGIVE_ONE_FROM:
            continue
        errors = 2 if len(bare) >= _FORGIVE_TWO_FROM else 1
        known = index.vocabulary.get(bare[0], ())
        near = process.extractOne(bare, known, scorer=OSA.distance, score_cutoff=errors)
        if near is not None and not (near[1] > 1 and near[0] in index.page_words):
            return str(near[0])
    return word


def _read_beginnings(index: SearchIndex, meant: Meant) -> Meant:
    """Words of which only the beginning was typed: "amaz" is amazon."""
    brands, titles, unknown = list(meant.brands), list(meant.titles), []
    for word in meant.unknown:
        longer = [
            each
            for each in index.vocabulary.get(word[0], ())
            if len(word) >= _LEAST_BEGINNING and each.startswith(word)
        ]
        named = [b for each in longer for b in _brands_called(index, each)]
        shown = [each for each in longer if each in index.by_word]
        if not named and not shown:
            unknown.append(word)
        elif named:
            brands += named
        else:
            titles += shown[:1]
    return replace(
        meant,
        brands=tuple(dict.fromkeys(brands)),
        titles=tuple(dict.fromkeys(titles)),
        unknown=tuple(unknown),
    )


def _brands_called(index: SearchIndex, word: str) -> list[str]:
    meanings = index.brands.aliases.phrases.get((word,), ())
    return [each.key for each in meanings if each.head is Head.BRAND and each.key in index.by_brand]


def _candidates(index: SearchIndex, meant: Meant) -> set[int]:
    found = set(meant.called)
    for brand in (*meant.brands, *meant.implied_brands):
        found |= index.by_brand.get(brand, set())
        found |= _titled(index, words_of(index.brands.names.get(brand, brand)))
    for key in meant.categories:
        found |= index.by_category.get(key, set())
    if not found and not meant.unknown:
        for word in meant.titles:
            found |= index.by_word[word]
    if not found and not meant.unknown and not meant.titles and not meant.names_goods:
        for region in meant.regions:
            found |= index.by_region.get(region, set())
    own = [index.own_words[title] for title in meant.products]
    found = {one for one in found if any(w <= index.goods[one].words for w in own)} or found
    return _narrowed(index, meant, found) if len(found) > _MOST_RANKED else found


def _titled(index: SearchIndex, words: Sequence[str]) -> set[int]:
    """Products whose words hold all of these."""
    first, *others = [index.by_word.get(word, set()) for word in words] or [set()]
    return first.intersection(*others)


def _narrowed(index: SearchIndex, meant: Meant, found: set[int]) -> set[int]:
    """Those of the named region or title words, where there are any; in any case not too many."""
    groups = [index.by_region.get(region, set()) for region in meant.regions]
    groups += [index.by_word[word] for word in meant.titles]
    for group in groups:
        found = found & group or found
    if len(found) <= _MOST_RANKED:
        return found
    return set(heapq.nsmallest(_MOST_RANKED, found, key=lambda one: index.goods[one].place))


def _hits(index: SearchIndex, meant: Meant, is_shown: Callable[[Product], bool]) -> Iterator[Hit]:
    """The products, lazily: the best are asked for, and ranks are compared only as far."""
    ranked = [(_rank(index, meant, index.goods[one]), one) for one in _candidates(index, meant)]
    heapq.heapify(ranked)
    while ranked:
        _, one = heapq.heappop(ranked)
        product = index.goods[one].product
        if is_shown(product):
            yield Hit(product, _values(index, meant, one))


Rank = tuple[bool, bool, int, int, int, int, bool, int]


def _rank(index: SearchIndex, meant: Meant, good: Good) -> Rank:
    """The lower the better."""
    placing = good.placing
    named = placing.brand in meant.brands or placing.brand in meant.implied_brands
    in_category = placing.category in meant.categories
    values = index.values.get(good.product.id, NO_VALUES)
    return (
        good.product.id not in meant.called,
        good.title != meant.words,
        -(2 * named + in_category),
        -_fits(index, meant, good),
        -max((_nearness(region, placing.region) for region in meant.regions), default=0),
        -_worth(index, meant, good.product.id),
        values.sold_out,
        good.place,
    )


def _fits(index: SearchIndex, meant: Meant, good: Good) -> int:
    """How many of the words that choose a product are its own."""
    chosen = sum(index.own_words[title] <= good.words for title in meant.products)
    return 2 * chosen + sum(word in good.words for word in meant.titles)


def _nearness(wanted: str, region: str) -> int:
    if wanted == region:
        return 3
    if region == "europe" and wanted in _EUROZONE:
        return 2
    return 1 if region == "global" else 0


def _worth(index: SearchIndex, meant: Meant, product_id: int) -> int:
    """How well a product's values are those that were named."""
    faces = index.values.get(product_id, NO_VALUES).faces
    in_currency = any(face.currency in meant.currencies for face in faces)
    if meant.amounts and _values(index, meant, product_id):
        return 3 if in_currency or not meant.currencies else 2
    return 1 if in_currency else 0


def _values(index: SearchIndex, meant: Meant, product_id: int) -> tuple[int, ...]:
    """The denominations of a named value, in its currency where one was named."""
    faces = index.values.get(product_id, NO_VALUES).faces
    currencies = (*meant.currencies, "") if meant.currencies else (None,)
    return tuple(
        face.denomination_id
        for face in faces
        if any(face.holds(minor, one) for minor in meant.amounts for one in currencies)
    )


def _near(index: SearchIndex, query: str, meant: Meant) -> tuple[str, ...]:
    """Brands on the shelf that look like what was typed, or that stand beside what is not sold."""
    from rapidfuzz import fuzz, process

    fields = {index.brands.brands.get(brand) for brand in meant.brands}
    beside = [b for b, field_ in index.brands.brands.items() if field_ in fields]
    text = " ".join(meant.unknown) or " ".join(words_of(query))
    alike = process.extract(
        text, index.spellings.keys(), scorer=fuzz.ratio, score_cutoff=_LEAST_LIKENESS, limit=12
    )
    brands = [*beside, *(index.spellings[each[0]] for each in alike)]
    return tuple(dict.fromkeys(b for b in brands if b in index.by_brand))[:_MOST_NEAR]
