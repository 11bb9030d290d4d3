"""Hidden products as operators price them: what they would cost, under which names, and where they stand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.curation import Curation, Marks
from bot.domain.price_rules import PriceRules
from bot.domain.priced_shelf import PricedShelf
from bot.domain.pricing import Markup, MarkupScope, PricingPolicy
from bot.domain.supplier import OWN
from bot.refusals import NotFound
from tests.unit.curated import CATEGORIES, marked, shelf
from tests.unit.test_shelf import product, value

PRICING = PricingPolicy(Markup(Decimal(10)), 1, 1)
SHOWN, HIDDEN, OTHER = product(1, "Card"), product(2, "Rare card"), product(3, "More", category=2)
HIDES = marked(p2=Marks(hidden=True))


def ids(values) -> list[int]:
    return [one.id for one in values]


def test_without_anything_hidden_it_is_the_shelf():
    goods = shelf([SHOWN, OTHER], [value(10, 1), value(11, 1, step_minor=1), value(30, 3)])

    priced = PricedShelf(goods)

    assert priced.hidden() == []
    assert priced.hidden_categories() == {}
    assert ids(priced.of_category(1)) == [1]
    assert ids(priced.priced(1)) == [10]
    assert priced.next_sold(goods.denomination(10)).id == 10
    assert priced.category(2) == CATEGORIES[1]


def test_a_hidden_product_has_prices_and_stands_last_in_its_category():
    values = [
        value(10, 1),
        value(20, 2, cost=200),
        value(21, 2, typed=True),
        value(22, 2, step_minor=1),
    ]
    goods = shelf([HIDDEN, SHOWN], values, curation=HIDES)

    priced = PricedShelf(goods)

    assert (priced.is_hidden(2), priced.is_hidden(1), priced.is_hidden(9)) == (True, False, False)
    assert ids(priced.hidden()) == [2]
    assert ids(priced.of_category(1)) == [1, 2]
    assert (ids(priced.listed(2)), ids(priced.priced(2))) == ([20], [20, 21])
    assert priced.price(PRICING, values[1]) == 220
    rules = PriceRules({(MarkupScope.PRODUCT, 2): Markup(Decimal(50))})
    assert priced.price(PRICING, values[1], rules) == 300
    assert priced.hidden_categories() == {}


def test_a_category_of_which_all_is_hidden_is_known():
    goods = shelf([SHOWN, replace(HIDDEN, category_id=2)], [value(10, 1)], curation=HIDES)

    priced = PricedShelf(goods)

    assert priced.hidden_categories() == {2: CATEGORIES[1]}
    assert priced.category(2) == CATEGORIES[1]
    assert ids(priced.of_category(2)) == [2]
    for look in (priced.category, priced.product):
        with pytest.raises(NotFound):
            look(9)


def test_what_is_sold_as_a_hidden_product_is_priced_with_it():
    theirs = product(3, "Their card", supplier="second")
    values = [value(20, 2, cost=200), value(30, 3, cost=150), value(31, 3)]
    goods = shelf([HIDDEN, theirs], values, {30: 20, 31: 20}, HIDES)

    priced = PricedShelf(goods)

    assert priced.shown_as(3) == 2
    assert ids(priced.hidden()) == [2]
    assert priced.next_sold(values[0]).id == 31  # the cheapest
    assert priced.price(PRICING, values[1]) == 165  # by the rules of the hidden product
    rules = PriceRules({(MarkupScope.PRODUCT, 2): Markup(Decimal(100))})
    assert priced.price(PRICING, values[1], rules) == 300


def test_of_a_product_that_is_shown_only_what_is_sold_is_priced():
    theirs = product(3, "Their card", supplier="second")
    values = [value(20, 2, cost=200), value(30, 3, cost=150), value(31, 3)]
    goods = shelf([HIDDEN, theirs], values, {30: 20}, HIDES)

    priced = PricedShelf(goods)

    assert (priced.is_hidden(3), priced.shown_as(3)) == (False, 3)
    assert ids(priced.priced(3)) == [31]
    assert ids(priced.priced(2)) == [20]
    assert priced.next_sold(values[0]).id == 30  # it would be sold as the hidden product


def test_own_stock_goes_first_also_where_it_is_dearer():
    mine = product(3, "Own card", supplier=OWN)
    values = [value(20, 2, cost=200), value(30, 3, cost=300)]
    goods = shelf([HIDDEN, mine], values, {30: 20}, HIDES)
    goods.fill(
        CATEGORIES,
        [HIDDEN, mine],
        values,
        {30: 20},
        PriceRules(),
        frozenset(),
        ("first", OWN),
        HIDES,
    )

    assert PricedShelf(goods).next_sold(values[0]).id == 30


def test_a_follower_that_is_hidden_by_itself_has_no_prices_of_its_own():
    values = [value(10, 1, cost=200), value(20, 2, cost=150)]
    goods = shelf([SHOWN, HIDDEN], values, {20: 10}, HIDES)

    priced = PricedShelf(goods)

    assert priced.shown_as(2) == 1
    assert priced.hidden() == []
    assert ids(priced.priced(2)) == []
    assert priced.next_sold(values[0]).id == 10  # no order takes what is hidden


def test_two_that_are_hidden_are_not_sold_together_until_both_are_shown():
    theirs = product(3, "Their card", supplier="second")
    values = [value(20, 2, cost=200), value(30, 3, cost=150)]
    both: Curation = marked(p2=Marks(hidden=True), p3=Marks(hidden=True))

    assert (
        PricedShelf(shelf([HIDDEN, theirs], values, {30: 20}, both)).next_sold(values[0]).id == 20
    )
