"""What the shelf and the search make of what operators say of the catalogue."""

from dataclasses import replace

import pytest

from bot.domain.curation import Curation, Marks, Subject
from bot.domain.price_rules import PriceRules
from bot.refusals import NotFound, NotSold
from tests.unit.curated import CATEGORIES, GOODS, marked, named, shelf
from tests.unit.test_shelf import product, value


def test_featured_products_come_first_then_ranked_ones_then_the_suppliers_order():
    marks = marked(p2=Marks(featured=True), p4=Marks(rank=0), p3=Marks(rank=1))

    made = shelf(GOODS, curation=marks)

    assert list(made.products) == [2, 4, 3, 1]
    assert [one.id for one in made.featured()] == [2]
    node = made.tree.brand_of(1)
    assert node is not None
    assert node.products == (2, 3, 1)


def test_a_product_that_a_supplier_adds_comes_last():
    marks = marked(p1=Marks(rank=1), p2=Marks(rank=0), p3=Marks(rank=2), p4=Marks(rank=3))

    made = shelf((product(9, "PlayStation Japan"), *GOODS), curation=marks)

    assert list(made.products) == [2, 1, 3, 4, 9]


def test_a_hidden_product_is_on_no_shelf_in_no_search_and_keeps_its_ids():
    values = [value(10, 1), value(20, 2), value(11, 1, typed=True)]

    made = shelf(GOODS, values, curation=marked(p1=Marks(hidden=True)))

    assert list(made.products) == [2, 3, 4]
    for look in (
        lambda: made.product(1),
        lambda: made.denomination(10),
        lambda: made.denomination(11),
    ):
        with pytest.raises(NotSold):
            look()
    with pytest.raises(NotFound) as unknown:
        made.product(77)
    assert not isinstance(unknown.value, NotSold)
    assert all(hit.product.id != 1 for hit in made.search("playstation usa", 9).hits)
    assert made.known[1] == made.goods[1] == GOODS[0]
    assert made.is_hidden(GOODS[0])
    made.update_product(GOODS[0], values[:1])
    assert 1 not in made.products


def test_a_hidden_category_hides_its_products_and_only_those():
    made = shelf(GOODS, curation=marked(games_consoles=Marks(hidden=True)))

    assert list(made.products) == [4]
    assert list(made.tree.categories) == ["games-pc"]
    assert set(made.whole_tree().categories) == {"games-consoles", "games-pc"}


def test_categories_stand_in_the_operators_order():
    made = shelf(GOODS, curation=marked(games_pc=Marks(rank=0), games_consoles=Marks(rank=1)))

    assert list(made.tree.categories) == ["games-pc", "games-consoles"]


def test_a_hidden_leader_hides_its_followers_and_only_what_follows_it():
    values = [value(10, 1), value(20, 2), value(30, 3), value(31, 3)]
    hidden = marked(p1=Marks(hidden=True))

    made = shelf(GOODS, values, {20: 10, 30: 10}, hidden)

    assert list(made.products) == [3, 4]
    assert [d.id for d in made.of_product(3)] == [31]
    for number in (10, 20, 30):
        with pytest.raises(NotSold):
            made.denomination(number)
    made.update_product(GOODS[2], [value(30, 3, stock=5), value(31, 3, stock=6)])
    assert [d.stock for d in made.of_product(3)] == [6]
    assert made.follows(2)
    assert not made.follows(3)
    assert made.whole_tree().brand_of(2) is None


def test_new_prices_of_what_is_hidden_are_known_and_show_nothing():
    values = [value(10, 1), value(30, 3), value(31, 3)]
    made = shelf(GOODS, values, {30: 10}, marked(p1=Marks(hidden=True)))

    made.update_product(GOODS[0], [value(10, 1, cost=70), value(11, 1)])

    assert [made.on_sale(one) for one in (10, 11)] == [value(10, 1, cost=70), value(11, 1)]
    assert made.sold_as(values[1]) == {1, 3}
    made.update_product(GOODS[0], [])  # its supplier lists nothing for a while
    assert made.on_sale(10) == value(10, 1, cost=70, stock=0)
    made.update_product(GOODS[2], values[1:])
    assert [d.id for d in made.of_product(3)] == [31]
    assert made.on_sale(77) is None


def test_a_hidden_follower_leaves_its_leader_on_sale():
    values = [value(10, 1), value(20, 2)]

    made = shelf(GOODS, values, {20: 10}, marked(p2=Marks(hidden=True)))

    assert [d.id for d in made.twins(10)] == [10]


def test_new_prices_keep_the_operators_name():
    made = shelf(GOODS, [value(10, 1)], curation=named(Subject.product(1), fr="Carte"))

    made.update_product(replace(GOODS[0], priced_at=None), [value(10, 1, stock=3)])

    assert made.product(1).name_in("fr") == "Carte"
    assert made.product(1).title == "PlayStation USA"


@pytest.mark.parametrize(
    "query",
    [
        "steam console",
        "Stéam  Console",
        "steam console 10 $",
        "10 usd steam console",
        "steam console usa",
    ],
)
def test_a_product_is_found_first_by_its_own_name_whatever_its_words_mean(query):
    """Its name names another brand."""
    made = shelf(GOODS, [value(10, 1)], curation=named(Subject.product(1), fr="Steam Console"))

    assert made.search(query, 9).hits[0].product.id == 1


@pytest.mark.parametrize("name", ["Gift card", "بطاقة هدية", "Help", "25 $", "Xyzzy"])
def test_an_own_name_is_found_though_its_words_alone_mean_a_page_or_nothing(name):
    made = shelf(GOODS, curation=named(Subject.product(3), ar=name))

    found = made.search(name, 9)

    assert [hit.product.id for hit in found.hits][:1] == [3]


def test_a_word_of_an_own_name_finds_it_and_the_suppliers_title_still_does():
    made = shelf(GOODS, curation=named(Subject.product(3), fr="Carte Dattes"))

    assert [hit.product.id for hit in made.search("dattes", 9).hits] == [3]
    assert made.search("playstation uae", 9).hits[0].product.id == 3
    assert made.search("dattes inconnues", 9).hits == ()


def test_a_categorys_own_name_finds_its_products():
    made = shelf(GOODS, curation=named(Subject.category("games-consoles"), fr="Salon"))

    assert {hit.product.id for hit in made.search("salon", 9).hits} == {1, 2, 3}
    empty = shelf(GOODS, curation=named(Subject.category("software"), fr="Salon"))
    assert empty.search("salon", 9).hits == ()


def test_a_name_that_changes_or_goes_is_searched_for_as_it_is_now():
    made = shelf(GOODS, curation=named(Subject.product(3), fr="Dattes"))

    def now(curation: Curation) -> list[int]:
        sellers = ("first", "second")
        made.fill(CATEGORIES, GOODS, [], {}, PriceRules(), frozenset(), sellers, curation)
        return [hit.product.id for hit in made.search("figues", 9).hits]

    assert now(named(Subject.product(3), fr="Figues")) == [3]
    assert made.search("dattes", 9).hits == ()
    assert now(named(Subject.category("games-pc"), fr="Figues")) == [4]
    assert now(Curation()) == []
