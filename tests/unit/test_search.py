"""Search beyond the list of queries: values, typing errors, beginnings, near misses, hostile texts."""

import random

import pytest

from bot.domain.search import Found, Intent
from bot.domain.search_index import number_of
from bot.domain.shelf import Shelf
from bot.domain.values import money_in
from tests.fakes import START
from tests.unit.catalogues import whole_shelf
from tests.unit.test_search_queries import find
from tests.unit.test_search_queries import shelf as goods
from tests.unit.test_shelf import product, shelf, value


def found(query: str) -> list[str]:
    return [hit.product.title for hit in find(query).hits]


def named(query: str) -> list[str]:
    """The products whose values were named, with those values."""
    return [
        f"{hit.product.title}: {goods().denomination(one).label}"
        for hit in find(query).hits
        for one in hit.values
    ]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("steam 20$ usa", "Steam USA: 20 $"),
        ("STEAM usd20 US", "Steam USA: 20 $"),
        ("ستيم ٢٠ دولار أمريكا", "Steam USA: 20 $"),
        ("660 UC", "PUBG Mobile UC: 660 UC"),
        ("apple 50 aed", "Apple Gift Card UAE: 50 AED"),
        ("djezzy 1 000 da", "Djezzy: 1000 DA"),
        ("djezzy 1.000 dzd", "Djezzy: 1000 DA"),
        ("amazon.de 42", "Amazon.de: 5 EUR"),
        ("robux 1,700", "Roblox Global: 1700 Robux"),
    ],
)
def test_a_value_that_is_named_is_found_with_its_product(query, first):
    assert named(query)[0] == first


def test_a_value_of_another_currency_is_not_the_one_that_was_named():
    assert named("apple 50 aed") == ["Apple Gift Card UAE: 50 AED"]
    assert named("steam 20") == [
        "Steam USA: 20 $",
        "Steam Europe: 20 €",
        "Steam Türkiye: 20 $",
    ]
    assert named("steam 7") == []
    assert found("steam 7")[0] == "Steam USA"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("pleystation", "PlayStation USA"),
        ("playstatoin", "PlayStation USA"),
        ("البلايستشين", "PlayStation USA"),
        ("بلاي ستيشين", "PlayStation USA"),
        ("netfli", "Netflix USA"),
        ("amaz", "Amazon USA"),
        ("spotify premium", "Spotify Premium"),
        ("steam germany", "Steam Europe"),
        ("game pass saudi", "Xbox Game Pass Ultimate"),
        ("mobile games", "PUBG Mobile UC"),
        ("dzair", "Djezzy"),
        ("ultimate", "Xbox Game Pass Ultimate"),
    ],
)
def test_errors_beginnings_and_regions_without_a_product_of_their_own(query, title):
    assert found(query)[0] == title


@pytest.mark.parametrize("query", ["stxm", "pleystatxxn", "net", "laptop usa"])
def test_what_is_too_far_from_any_word_finds_nothing(query):
    assert found(query) == []


@pytest.mark.parametrize(
    ("query", "intent"),
    [
        ("gift card", Intent.HOME),
        ("بطاقة", Intent.HOME),
        ("remboursment", Intent.REFUND),
        ("hello where is my order", Intent.ORDERS),
        ("français", Intent.LANGUAGE),
        ("my code is late", Intent.ORDERS),
        ("my code is refused", Intent.REFUND),
        ("mon code est refusé", Intent.REFUND),
        ("كودي مرفوض", Intent.REFUND),
        ("couscous", None),
        ("bonjour bitcoin", None),
    ],
)
def test_words_that_mean_a_page(query, intent):
    answer = find(query)

    assert (answer.intent, answer.hits) == (intent, ())


def test_a_page_beside_a_brand_is_left_aside():
    assert found("hello steam")[0] == "Steam USA"
    assert found("playstation français")[0] == "PlayStation France"


@pytest.mark.parametrize("query", ["20$", "660", "€", "50 dollars", "carte 20"])
def test_a_bare_value_asks_for_its_brand(query):
    assert find(query).asks_brand


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("plahistazon", ("playstation",)),
        ("mobile legends", ("free_fire", "pubg_mobile", "pubg_new_state")),
        ("voiture", ()),
    ],
)
def test_what_is_not_found_has_near_misses(query, near):
    assert find(query).near == near


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "x",
        "?!.,",
        "😀🇺🇸😀",
        "\x00\x01\x1b[31m",
        "\ud800",
        "\u202e\u2066steam",
        "a" * 4096,
        "ﷺ" * 4096,
        "9" * 4096,
        "1 " * 2048,
        "٩" * 300,
        "steam " * 700,
        "+" * 100,
        "$€£" * 100,
        "ال",
        "²³",
        "1,2,3.4.5",
    ],
)
def test_any_text_is_answered(query):
    assert isinstance(find(query), Found)


def test_texts_by_chance_are_answered():
    chance = random.Random(5)
    letters = "steam بلايستيشن 0٩,.+$€🇺🇸\u0301\u200f\n'"
    for _ in range(500):
        find("".join(chance.choice(letters) for _ in range(chance.randrange(40))))


def test_a_wide_query_is_narrowed_to_its_region_and_words():
    made: Shelf = whole_shelf(110)
    assert len(made.products) > 6_000

    by_region = made.search("console saudi", 8).hits
    assert {made.placing(hit.product).region for hit in by_region} == {"SA"}
    assert made.search("console", 8).hits
    assert made.search("console plus", 8).hits[0].product.title == "PlayStation Plus USA"


def test_what_is_hidden_or_sold_out_is_not_found_or_stands_last():
    goods = [product(1, "Fun one"), product(2, "Fun two"), product(3, "Fun", supplier="second")]
    made = shelf(
        goods,
        [value(10, 1, stock=0), value(20, 2), value(30, 3)],
        {30: 20},
    )
    made.update_product(product(1, "Fun one", priced_at=START), [value(10, 1, stock=0)])

    assert [hit.product.id for hit in made.search("fun", 9).hits] == [2, 1]


def test_labels_without_one_number_have_no_value():
    labels = ("Bundle", "5 - 500 $", "20 $")
    listed = [value(n, 1, label=label) for n, label in enumerate(labels, 10)]
    made = shelf([product(1, "Karma Koin")], listed)

    assert [hit.values for hit in made.search("karma 20", 9).hits] == [(12,)]
    assert [hit.values for hit in made.search("karma 500", 9).hits] == [()]


def test_words_of_a_title_that_no_table_knows_are_counted():
    made = shelf([product(1, "Karma Koin"), product(2, "Karma Gold Koin"), product(3, "Gold")])

    assert [hit.product.id for hit in made.search("karma gold", 9).hits] == [2, 1, 3]
    assert [hit.product.id for hit in made.search("karma golf", 9).hits] == []
    assert [hit.product.id for hit in made.search("karm", 9).hits] == [1, 2]


@pytest.mark.parametrize(
    ("label", "money"),
    [
        ("10 $", (1000, "USD")),
        ("$10", (1000, "USD")),
        ("10 USD", (1000, "USD")),
        ("US$ 10", (1000, "USD")),
        ("1,000 DA", (100_000, "DZD")),
        ("500 دج", (50_000, "DZD")),
        ("12,50 eur", (1250, "EUR")),
        ("1.500,25 TRY", (150_025, "TRY")),
        ("660 UC", None),
        ("100 diamonds", None),
        ("10", None),
        ("10 $ UK", None),
        ("$10 EUR", None),
        ("12 MON", None),
        ("9999999999999 $", None),
        ("", None),
    ],
)
def test_labels_that_are_money_are_read_as_money(label, money):
    assert money_in(label) == money


@pytest.mark.parametrize(
    ("word", "minor"),
    [("20", 2000), ("9,99", 999), ("12.5", 1250), ("1.000", 100_000), ("x1", None)],
)
def test_numbers_of_a_query(word, minor):
    assert number_of(word) == minor
