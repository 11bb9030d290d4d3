"""What operators say of the catalogue: how it is read, and what the shelf and search make of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Category
from bot.domain.curation import (
    LONGEST_GUIDE,
    LONGEST_LINK,
    LONGEST_NAME,
    CuratedText,
    Curation,
    Marks,
    Subject,
    are_alike,
    find_alike,
    moved,
    read_text,
    split_guide,
)
from bot.domain.price_rules import PriceRules
from bot.domain.records import Locale
from bot.domain.shelf import Shelf
from bot.refusals import BadGuide, BadName, NotFound, NotSold
from tests.harness import BRANDS
from tests.unit.test_shelf import product, value

LINK = "https://store.example/redeem"
CATEGORIES = (Category(1, "PlayStation"), Category(2, "Steam"))


def marked(**marks: Marks) -> Curation:
    """By p12 or the key of a category, with _ for its dash."""
    subjects = {
        Subject.product(int(one[1:])) if one[1:].isdigit() else Subject.category(one): said
        for one, said in ((name.replace("_", "-"), said) for name, said in marks.items())
    }
    return Curation(subjects)


def named(subject: Subject, **names: str) -> Curation:
    return Curation({}, {(subject, CuratedText.NAME): names})


def shelf(products, values=(), links=None, curation: Curation | None = None) -> Shelf:
    made = Shelf(BRANDS)
    own = curation or Curation()
    made.fill(
        CATEGORIES,
        products,
        values,
        links or {},
        PriceRules(),
        frozenset(),
        ("first", "second"),
        own,
    )
    return made


# --- what is typed


@pytest.mark.parametrize("typed", ["-", " – ", "—\n"])
@pytest.mark.parametrize("kind", CuratedText)
def test_a_dash_removes_a_text(kind, typed):
    assert read_text(kind, typed) == ""


def test_a_name_is_one_line_of_visible_letters():
    assert read_text(CuratedText.NAME, "  PSN \n  USA ") == "PSN USA"
    assert read_text(CuratedText.NAME, "n" * LONGEST_NAME) == "n" * LONGEST_NAME
    for typed in ("", " \n", "n" * (LONGEST_NAME + 1), "USA\u202e"):
        with pytest.raises(BadName):
            read_text(CuratedText.NAME, typed)


def test_a_guide_keeps_its_lines_and_its_link_comes_last():
    stored = read_text(CuratedText.HOW, f" 1. Open  the app.\n{LINK}\n\n2. Type the code. ")

    assert stored == f"1. Open the app.\n2. Type the code.\n{LINK}"
    assert split_guide(stored) == ("1. Open the app.\n2. Type the code.", LINK)
    assert split_guide("Open the app.") == ("Open the app.", "")
    assert split_guide("") == ("", "")


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "empty"),
        (LINK, "empty"),
        ("Open it.\u202e", "empty"),
        ("w" * (LONGEST_GUIDE + 1), "long"),
        (f"Go to {LINK} now.", "address"),
        (f"Go.\n{LINK}\n{LINK}2", "address"),
        ("Go.\nhttp://store.example/redeem", "address"),
        ("Go.\nhttps://store", "address"),
        ("Go.\nhttps://me@store.example", "address"),
        ("Go.\nhttps://[store", "address"),
        ("Go.\nhttps://[::1.2]/", "address"),
        ("Go.\nhttps://store.example:99999999/x", "address"),
        ("Go.\nhttps://store.example:port/", "address"),
        ("Go.\nhttps://store.example:0/", "address"),
        ("Go.\nhttps://store.example:/", "address"),
        ("Go.\nhttps://store..example", "address"),
        ("Go.\nhttps://.example", "address"),
        ("Go.\nhttps://-.-", "address"),
        ("Go.\nhttps://store_.example", "address"),
        (f"Go.\nhttps://{'s' * 64}.example", "address"),
        (f"Go.\n{LINK}/" + "x" * (LONGEST_LINK - len(LINK)), "address"),
        ("Go.\u200d", "empty"),
        ("Go.\njavascript://store.example", "address"),
        ("Go to www.store", "address"),
        ("Go to Store.Example now", "address"),
        ("Ask @somebody", "address"),
    ],
)
def test_what_telegram_would_make_a_link_of_is_no_guide(typed, fault):
    with pytest.raises(BadGuide) as refused:
        read_text(CuratedText.HOW, typed)
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    "link",
    [
        "https://store.example:8443/redeem?of=1",
        "https://a-1.b.c",
        "https://متجر.example",
        f"{LINK}/" + "x" * (LONGEST_LINK - len(LINK) - 1),
    ],
)
def test_a_link_that_telegram_takes_is_a_button(link):
    assert split_guide(read_text(CuratedText.HOW, f"Go.\n{link}")) == ("Go.", link)


@pytest.mark.parametrize("kind", CuratedText)
def test_marks_of_direction_are_dropped_and_joined_emoji_kept(kind):
    assert read_text(kind, "\u2067افتح\u200f التطبيق\u2069\u200e") == "افتح التطبيق"
    assert read_text(kind, "\u200f-") == ""
    for emoji in ("👨\u200d👩\u200d👧", "🏳️\u200d🌈", "👩🏽\u200d💻", "❤️\u200d🔥"):
        assert read_text(kind, emoji) == emoji


@given(st.text(max_size=LONGEST_GUIDE))
def test_a_guide_that_is_taken_is_shown_as_it_was_stored(typed):
    try:
        stored = read_text(CuratedText.HOW, typed)
    except BadGuide:
        return

    text, url = split_guide(stored)
    assert "\n".join(filter(None, (text, url))) == stored
    assert not url or url.startswith("https://")
    assert "://" not in text


# --- in which language


@pytest.mark.parametrize("kind", CuratedText)
@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize(
    ("texts", "own"),
    [({}, ""), ({"en": "E"}, "E"), ({"en": "E", "fr": "F", "ar": "A"}, None), ({"fr": "F"}, "")],
)
def test_each_language_reads_its_own_then_english_then_the_suppliers(kind, locale, texts, own):
    """The same of names, of guides, and of a category's names: one rule for all."""
    twelve = Subject.product(12)
    curation = Curation({}, {(twelve, kind): texts})
    expected = (
        texts.get(locale, texts.get("en", "")) if own is None or texts == {"fr": "F"} else own
    )

    if kind is CuratedText.HOW:
        assert curation.guide(12, locale) == expected
        assert curation.guide(13, locale) == ""
    else:
        shown = replace(product(12, "Supplier's"), names=curation.names(twelve))
        assert shown.name_in(locale) == (expected or "Supplier's")


_NAME = st.sampled_from(["A", "a ", "B", "C"])
_THING = st.tuples(
    st.dictionaries(st.sampled_from(list(Locale)), _NAME).map(lambda each: tuple(each.items())),
    _NAME,
)


@given(st.dictionaries(st.integers(1, 6), _THING), st.frozensets(st.integers(1, 6)))
def test_of_many_things_those_are_found_that_are_alike_by_two(things, numbers):
    renamed = numbers & things.keys()
    pairs = {
        (one, other)
        for one in renamed
        for other in things
        if one != other and are_alike(*things[one], *things[other])
    }

    found = find_alike(things, renamed)

    assert found in pairs if pairs else found is None


@pytest.mark.parametrize(
    ("names", "others", "alike"),
    [
        ((), (), False),  # their suppliers call them the same
        ((("fr", "psn  usa"),), (("fr", "PSN USA"),), True),
        ((("en", "PSN"),), (("fr", "PSN"),), True),  # French reads the English name of the first
        ((("ar", "PSN"),), (("fr", "PSN"),), False),
        ((("fr", "Same title"),), (), True),
        ((), (("ar", "Same title"),), True),
        ((("fr", "🎮"),), (("fr", "🎯"),), False),
    ],
)
def test_two_are_alike_where_some_language_reads_the_same_by_an_operators_doing(
    names, others, alike
):
    assert are_alike(names, "Same title", others, "Same title") == alike


@given(st.lists(st.integers(), unique=True, min_size=1), st.data())
def test_moving_up_and_down_again_changes_nothing(siblings, data):
    one = data.draw(st.sampled_from(siblings))

    up = moved(siblings, one, up=True)

    assert sorted(up) == sorted(siblings)
    if siblings[0] == one:
        assert up == siblings
    else:
        assert moved(up, one, up=False) == siblings
    assert moved(siblings, siblings[-1], up=False) == siblings


# --- on the shelf

GOODS = (
    product(1, "PlayStation USA"),
    product(2, "PlayStation France"),
    product(3, "PlayStation UAE", supplier="second"),
    product(4, "Steam Turkey", category=2),
)


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


# --- in the search


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


def test_subjects_are_named_as_commands_name_them():
    assert Subject.product(12).name == "p12"
    assert Subject.category("games-pc").name == "games-pc"
