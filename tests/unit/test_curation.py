"""What operators say of the catalogue: how it is read, in which language, and in which order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.curation import (
    LONGEST_GUIDE,
    LONGEST_LINK,
    LONGEST_NAME,
    CuratedText,
    Curation,
    Subject,
    are_alike,
    find_alike,
    moved,
    read_text,
    split_guide,
)
from bot.domain.records import Locale
from bot.refusals import BadGuide, BadName
from tests.unit.test_shelf import product

LINK = "https://store.example/redeem"


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


def test_subjects_are_named_as_commands_name_them():
    assert Subject.product(12).name == "p12"
    assert Subject.category("games-pc").name == "games-pc"
