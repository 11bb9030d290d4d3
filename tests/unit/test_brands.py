"""Brands, categories and regions of suppliers' products, and the text they are found by."""

import tomllib
from pathlib import Path

import pytest

from bot.domain.aliases import Aliases, Head
from bot.domain.brands import NO_BRANDS, Placing
from bot.domain.folding import fold, folded_title, words_of
from bot.sandbox.supplier.catalogue import sample_catalogue
from tests.harness import BRANDS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Türkiye", "turkiye"),
        ("ÉMIRATS", "emirats"),
        ("Œuvre ı ø æ", "oeuvre i o ae"),
        ("أإآٱ ى ة ؤ ئ گ ڨ ڤ ک ی", "اااا ي ه و ي ك ق ف ك ي"),
        ("بَلَايْسْتِيشَن", "بلايستيشن"),
        ("بـــلاي", "بلاي"),
        ("٦٦٠ ۱۲", "660 12"),
        ("ｓｔｅａｍ", "steam"),
        ("\u200fsteam\u200d", "steam"),
    ],
)
def test_text_is_folded_to_its_plainest_form(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("20usd 60uc", ("20", "usd", "60", "uc")),
        ("free-fire", ("free", "fire")),
        ("ps+ 20$", ("ps+", "20", "$")),
        ("9,99€ 1.000 12.5", ("9,99", "€", "1.000", "12.5")),
        ("u.s 🇺🇸 😀", ("u", "s", "🇺🇸")),
        ("", ()),
        ("!?.-_", ()),
    ],
)
def test_words_are_split_at_all_else_and_between_digits_and_letters(text, words):
    assert words_of(text) == words


def test_titles_are_one_whatever_their_punctuation():
    assert folded_title("Mobile & Internet") == folded_title("mobile  AND internet!")


def test_the_longest_phrase_counts_and_arabic_fronts_are_left_out():
    aliases = Aliases.read(
        {
            "ignore": {"en": ["card"]},
            "brand": {"a": {"words": ["play"]}, "b": {"words": ["google play", "قوقل"]}},
            "region": {"SA": {"words": ["سعودية"]}},
        }
    )

    found = aliases.find(("card", "google", "play", "play", "nothing"))
    assert [(m.start, m.end, m.keys(Head.BRAND)) for m in found] == [
        (0, 1, ()),
        (1, 3, ("b",)),
        (3, 4, ("a",)),
    ]
    for word in ("السعودية", "بالسعودية", "للسعودية", "وسعودية", "والسعودية"):
        assert [m.keys(Head.REGION) for m in aliases.find(words_of(word))] == [("SA",)], word
    assert aliases.find(("لق",)) == []
    assert Aliases({}).find(("a",)) == []


def test_every_product_of_the_sample_catalogue_has_a_brand_and_a_category():
    for category in sample_catalogue():
        for product in category.products:
            placing = BRANDS.place(category.title, product.title, product.region)
            assert placing.brand in BRANDS.brands, product.title
            assert placing.category == BRANDS.brands[placing.brand], product.title
            assert placing.brand == BRANDS.place("Gaming", product.title, "").brand, product.title


@pytest.mark.parametrize(
    ("written", "placing"),
    [
        (("PSN", "Store USA", "usa"), Placing("playstation", "games-consoles", "US", True)),
        (("Fortnite", "Fortnite Xbox", "global"), Placing("fortnite_xbox", "games-consoles", "global")),
        (("Fortnite", "Crew", "ww"), Placing("fortnite", "games-pc", "global")),
        (("Software", "Microsoft Office", ""), Placing(None, "software", "unknown")),
        (("Shopping", "Amazon.de", ""), Placing("amazon", "shopping", "DE")),
        (("Shopping", "Amazon.co.uk", ""), Placing("amazon", "shopping", "GB", True)),
        (("Gaming", "Steam Europe", " "), Placing("steam", "games-pc", "europe", True)),
        (("Twitch gift cards", "100 bits", "US"), Placing("twitch", "streaming", "US")),
        (("Films & series", "Tidal", "fr"), Placing(None, "streaming", "FR")),
        (("Vouchers", "Karma Koin", "Latin  America"), Placing(None, "other", "Latin America")),
        (("Vouchers", "Karma Koin", "日本"), Placing(None, "other", "日本")),
        (("French films", "Tidal", "fr"), Placing(None, "streaming", "FR")),
        (("Vouchers", "Karma Koin", "12"), Placing(None, "other", "12")),
    ],
)  # fmt: skip
def test_a_product_is_placed_by_its_suppliers_words(written, placing):
    assert BRANDS.place(*written) == placing


def test_without_content_everything_is_another_card():
    assert NO_BRANDS.place("PSN", "PlayStation", "") == Placing(None, "other", "unknown")


def test_the_content_names_what_it_speaks_of():
    names = tomllib.loads((ROOT / "locales/content/names.toml").read_text())
    aliases = tomllib.loads((ROOT / "locales/content/aliases.toml").read_text())

    assert set(names["brand"]) == set(BRANDS.brands)
    assert set(names["popular"]) <= set(names["brand"])
    assert set(aliases["brand"]) == set(names["brand"])
    assert set(aliases["category"]) <= set(names["category"])
    known = set(names["region"]) | {key for key in aliases["region"] if len(key) == 2}
    assert set(aliases["region"]) <= known
    assert set(names["supplier_region"].values()) <= known
    for entry in names["supplier_category"].values():
        assert entry.get("brand", "steam") in names["brand"]
        assert entry.get("category", "other") in names["category"]
        assert len(entry) == 1
    assert {
        frozenset(entry) for table in ("category", "region") for entry in names[table].values()
    } == {frozenset({"order", "emoji", "en", "fr", "ar", "brands"}), frozenset({"en", "fr", "ar"})}


def test_the_content_is_packed_with_the_product():
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]

    assert "content/*.toml" in packed["package-data"]["locales"]
