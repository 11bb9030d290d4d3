"""How codes are redeemed, per brand and language: the content holds, and says no more than is sure."""

import re

import pytest

from bot.domain.guides import Guides, Scope
from locales import LOCALES
from locales.tables import table
from tests.harness import BRANDS, GUIDES

CONTENT = table("redeem")["brand"]


def test_every_brand_of_the_shelf_has_a_guide_and_no_other():
    assert set(CONTENT) == set(BRANDS.brands)


@pytest.mark.parametrize("brand", CONTENT)
def test_a_guide_is_whole_in_three_languages_and_fits_a_small_screen(brand: str):
    guide = GUIDES.of(brand)

    assert guide is not None
    assert set(guide.texts) == set(LOCALES)
    for text in guide.texts.values():
        assert 1 <= len(text.steps) <= 5
        assert all(step.endswith(".") and len(step) <= 140 for step in text.steps)
        assert text.fails.endswith(("?", ".", "؟"))
        assert len(text.fails) <= 200
        assert text.region
        for line in (*text.steps, text.fails):
            assert not re.search(r"https?://|www\.|\{code\}|\*\d", line), "links stand on buttons"
    assert len({len(text.steps) for text in guide.texts.values()}) == 1


@pytest.mark.parametrize("brand", CONTENT)
def test_only_what_somebody_is_sure_of_is_shown(brand: str):
    entry, guide = CONTENT[brand], GUIDES.of(brand)

    assert guide is not None
    assert guide.url == ("" if entry["url_certainty"] in ("unsure", "none") else entry["url"])
    assert guide.url == "" or guide.url.startswith("https://")
    assert not re.search("[?&{]", guide.url), "a link carries no code"
    if guide.dial:
        assert entry["dial_certainty"] in ("official", "pages", "memory")


def test_arabic_lines_begin_with_an_arabic_letter_and_french_has_its_spaces():
    for entry in CONTENT.values():
        for line in (entry["ar"]["region"], *entry["ar"]["steps"], entry["ar"]["fails"]):
            assert re.match("[\u0600-\u06ff]", line), line
        for line in (entry["fr"]["region"], *entry["fr"]["steps"], entry["fr"]["fails"]):
            assert not re.search(r" [;!?:»]|« ", line), line


def test_the_page_of_a_region_goes_before_the_brands_own():
    amazon = GUIDES.of("amazon")

    assert amazon is not None
    assert amazon.url_in("FR") == "https://www.amazon.fr/gc/redeem"
    assert amazon.url_in("JP") == amazon.url_in("unknown") == amazon.url


def test_a_rule_is_told_where_the_region_decides_and_is_known():
    def rule(brand: str, region: str) -> Scope | None:
        guide = GUIDES.of(brand)
        assert guide is not None
        return guide.rule_in(region)

    assert rule("playstation", "US") is Scope.COUNTRY
    assert rule("steam", "europe") is Scope.CURRENCY
    assert rule("playstation", "global") is None
    assert rule("playstation", "unknown") is None
    assert rule("djezzy", "unknown") is Scope.LINE
    assert rule("minecraft", "US") is None, "any account takes it"
    assert rule("visa_virtual", "US") is None


def test_nobody_knows_a_brand_that_is_not_listed():
    assert GUIDES.of(None) is None
    assert GUIDES.of("nobody") is None
    assert Guides.read({}).of("steam") is None
    assert Guides.read({}).unsold == frozenset()


def test_brands_that_are_not_sold_are_listed():
    assert GUIDES.unsold == {"canva", "chatgpt", "skype"}


def test_a_language_without_steps_is_left_out():
    entry = {"name": "X", "region": "account", "region_locked": False, "fr": {"region": "r"}}

    guide = Guides.read({"brand": {"x": entry}}).of("x")

    assert guide is not None
    assert guide.texts == {}
    assert guide.url == ""
