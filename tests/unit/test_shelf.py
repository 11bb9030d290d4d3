"""The shelf in memory: what stands on it, what is one with what, and how it is searched."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.price_rules import PriceRules
from bot.domain.shelf import Shelf
from bot.refusals import NotFound
from tests.fakes import START
from tests.harness import BRANDS

GAMES, PHONES = Category(1, "Games"), Category(2, "Phones")


def product(number: int, title: str, category: int = 1, **changes) -> Product:
    made = Product(number, category, "first", f"p{number}", title, "USA", True, None)
    return replace(made, **changes)


def value(number: int, of: int, cost: int = 100, stock: int = 9, **changes) -> Denomination:
    made = Denomination(number, of, f"t{number}", f"{number} $", cost, stock)
    return replace(made, **changes)


def shelf(
    products, denominations=(), links=None, hidden=(), suppliers=("first", "second")
) -> Shelf:
    made = Shelf()
    made.fill(
        [GAMES, PHONES],
        products,
        denominations,
        links or {},
        PriceRules(),
        frozenset(hidden),
        suppliers,
    )
    return made


def test_what_is_switched_off_hidden_or_of_no_supplier_of_ours_stands_nowhere():
    goods = [
        product(1, "A"),
        product(2, "B", enabled=False),
        product(3, "C", category=2),
        product(4, "D", supplier="gone"),
        product(5, "E", category=2, supplier="gone", enabled=False),
    ]
    made = shelf(goods, [value(n, n) for n in range(1, 6)], hidden={"phones"})

    assert [p.id for p in made.products.values()] == [1]
    assert list(made.categories) == [1]
    with pytest.raises(NotFound):
        made.denomination(3)


def test_a_link_needs_both_of_its_ends():
    goods = [product(1, "A"), product(2, "A too", supplier="second")]
    values = [value(10, 1), value(20, 2)]

    assert shelf(goods, values, {20: 10}).linked(values[1]) == (values[0], values[1])
    assert shelf(goods, values, {20: 99}).linked(values[1]) == (values[1],)
    assert shelf(goods, values, {99: 10}).linked(values[0]) == (values[0],)
    assert not shelf(goods, values, {20: 99}).is_alias(20)
    assert not shelf(goods, values, {99: 10}).is_primary(10)
    assert not shelf(goods, values, {20: 99}).is_primary(99)


def test_of_what_is_one_the_cheapest_that_can_be_sold_comes_first():
    goods = [product(1, "A"), product(2, "A too", supplier="second")]
    for mine, other, first in (
        (value(10, 1, cost=5), value(20, 2, cost=6), 10),
        (value(10, 1, cost=6), value(20, 2, cost=5), 20),
        (value(10, 1, cost=5, stock=0), value(20, 2, cost=6), 20),
        (value(10, 1, cost=6), value(20, 2, cost=0), 10),
    ):
        made = shelf(goods, [mine, other], {20: 10})
        assert made.twins(10)[0].id == first
        assert [d.id for d in made.of_product(1)] == [10]
        assert made.of_product(2) == ()
        assert list(made.of_category(1)) == [goods[0]]


def test_ranges_and_typed_values_are_no_values_of_a_product():
    values = [value(1, 1), value(2, 1, step_minor=100), value(3, 1, typed=True)]
    assert shelf([product(1, "A")], values).all_of(1) == values[:1]


def titles(made: Shelf, query: str, limit: int = 9) -> list[int]:
    return [hit.product.id for hit in made.search(query, limit).hits]


def test_a_whole_title_comes_first_then_the_order_of_the_shelf():
    goods = [
        product(1, "Zebra play money"),
        product(2, "Play money of zebras"),
        product(3, "Play money"),
        product(4, "Money"),
    ]
    made = shelf(goods)

    assert titles(made, "play money") == [3, 1, 2, 4]
    assert titles(made, "PLAY  Money", 2) == [3, 1]
    assert titles(made, "play phone") == []
    assert titles(made, " ") == []


def test_products_of_no_known_brand_stand_under_their_suppliers_categories():
    goods = [product(1, "A"), product(2, "B", category=2), product(3, "C")]
    made = shelf(goods)

    assert [(node.key, node.title, node.products) for node in made.brands_of("other")] == [
        ("c1", "Games", (1, 3)),
        ("c2", "Phones", (2,)),
    ]
    assert made.brand("c2").category == "other"
    for missing in (made.brand, made.brands_of):
        with pytest.raises(NotFound):
            missing("steam")


def test_categories_of_two_suppliers_that_differ_in_spelling_are_one_brand():
    categories = [Category(1, "Fun & Games"), Category(2, "fun and games")]
    made = Shelf()
    made.fill(
        categories,
        [product(1, "A"), product(2, "B", category=2)],
        [],
        {},
        PriceRules(),
        frozenset(),
        ("first",),
    )

    assert [node.products for node in made.brands_of("other")] == [(1, 2)]


def test_two_suppliers_products_of_a_brand_stand_together():
    categories = [Category(1, "PSN"), Category(2, "Gaming")]
    goods = [
        product(1, "PlayStation KSA", region="sa"),
        product(2, "Steam", category=2, supplier="second", region=""),
        product(3, "PlayStation Store USA", category=2, supplier="second", region="US"),
        product(4, "Karma Koin", category=2, supplier="second"),
    ]
    made = Shelf(BRANDS)
    made.fill(categories, goods, [], {}, PriceRules(), frozenset(), ("first", "second"))

    assert list(made.tree.categories) == ["games-consoles", "games-pc"]
    assert made.brand("playstation").products == (1, 3)
    assert [node.key for node in made.brands_of("games-pc")] == ["steam", "c2"]
    assert made.brand_of(goods[0]) == "playstation"
    assert made.tree.brand_of(9) is None


@pytest.mark.parametrize(
    ("hidden", "left"),
    [("psn", [2, 3]), ("consoles", [2]), ("أجهزة الألعاب", [2]), ("games-pc", [1, 3])],
)
def test_a_category_is_hidden_by_its_suppliers_title_or_by_the_shops_own(hidden, left):
    categories = [Category(1, "PSN"), Category(2, "Gaming")]
    goods = [
        product(1, "PlayStation KSA"),
        product(2, "Steam", category=2),
        product(3, "PlayStation Store", category=2),
    ]
    made = Shelf(BRANDS)
    made.fill(categories, goods, [], {}, PriceRules(), frozenset({hidden}), ("first",))

    assert list(made.products) == left


def test_one_product_is_updated_and_all_others_stay_as_they_are():
    goods = [product(1, "A"), product(2, "B")]
    made = shelf(goods, [value(10, 1), value(11, 1), value(20, 2)])

    now = replace(goods[0], priced_at=START)
    made.update_product(now, [value(12, 1), value(10, 1, cost=50)])

    assert made.product(1) is now
    assert [d.id for d in made.of_product(1)] == [12, 10]
    assert made.denomination(10).cost_minor == 50
    assert made.of_product(2) == (value(20, 2),)
    with pytest.raises(NotFound):
        made.denomination(11)


def test_a_product_comes_back_with_its_category_when_the_values_it_was_linked_to_go():
    goods = [product(1, "A"), product(2, "B", category=2, supplier="second")]
    made = shelf(goods, [value(10, 1), value(20, 2)], {20: 10})
    assert (list(made.categories), titles(made, "b")) == ([1], [])

    made.update_product(goods[0], [value(11, 1)])  # the supplier gave its value another number

    assert list(made.categories) == [1, 2]
    assert titles(made, "b") == [2]

    made.update_product(goods[0], [value(10, 1)])

    assert (list(made.categories), titles(made, "b")) == ([1], [])


@given(data=st.data())
def test_updates_of_products_leave_the_shelf_as_if_it_were_loaded_anew(data):
    goods = [product(one, f"P{one}", category=one % 2 + 1) for one in (1, 2, 3)]
    numbers = {one: [10 * one + i for i in range(3)] for one in (1, 2, 3)}
    every = [number for group in numbers.values() for number in group]
    aliases = data.draw(st.sets(st.sampled_from(every), max_size=5))
    primaries = [number for number in every if number not in aliases]
    links = {alias: data.draw(st.sampled_from(primaries)) for alias in sorted(aliases)}

    def some_values(one):
        return [
            value(i, one) for i in data.draw(st.lists(st.sampled_from(numbers[one]), unique=True))
        ]

    listed = {one: some_values(one) for one in numbers}
    made = shelf(goods, [each for group in listed.values() for each in group], links)
    for one in data.draw(st.lists(st.sampled_from([1, 2, 3]), max_size=6)):
        listed[one] = some_values(one)
        made.update_product(goods[one - 1], listed[one])
    anew = shelf(goods, [each for group in listed.values() for each in group], links)

    assert made.categories == anew.categories
    assert titles(made, "p1 p2 p3") == titles(anew, "p1 p2 p3")
    assert made.tree.brands == anew.tree.brands
    assert made.index.values == anew.index.values
    assert [made.of_product(one) for one in numbers] == [anew.of_product(one) for one in numbers]
    for alias, primary in links.items():
        assert made.on_sale(alias) == anew.on_sale(alias)
        assert made.is_alias(alias) == anew.is_alias(alias)
        assert made.is_primary(primary) == anew.is_primary(primary)


def test_a_product_that_stands_nowhere_is_not_put_there_by_its_prices():
    made = shelf([product(1, "A", enabled=False)])

    made.update_product(product(1, "A"), [value(10, 1)])

    assert made.products == {}


def test_a_product_stays_in_its_category_until_the_shelf_is_told_of_the_new_one():
    made = shelf([product(1, "A")], [value(10, 1)])

    made.update_product(product(1, "A", category=5), [value(10, 1, stock=2)])

    assert list(made.categories) == [1]
    assert [d.stock for d in made.of_product(1)] == [2]


def test_a_link_counts_once_its_other_end_is_there_and_hides_a_product_that_is_all_aliases():
    goods = [product(1, "A"), product(2, "A too", category=2, supplier="second")]
    made = shelf(goods, [value(20, 2)], {20: 10})
    assert made.of_category(2) == [goods[1]]
    assert list(made.categories) == [1, 2]

    made.update_product(goods[0], [value(10, 1)])

    assert made.primary(made.denomination(20)).id == 10
    assert made.of_category(2) == []
    assert made.priced_together(1) == {1, 2}
