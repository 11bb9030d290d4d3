"""Labels of buttons on the narrowest phone: how wide they are, and that no screen has one that is cut."""

import pytest

from handlers.label_width import NARROWEST, cut, fits, room, width
from locales import LOCALES, words
from tests.unit.screen_samples import screens


def test_marks_of_direction_and_vowel_signs_take_no_width():
    assert width("\u200f\u206810 $\u2069") == width("10 $")
    assert width("قريبًا") == width("قريبا")


def test_a_letter_with_an_accent_is_as_wide_as_without():
    assert width("é") == width("e")
    assert width("e\u0301") == width("e")


@pytest.mark.parametrize("letter", ["ب", "س", "ص", "ك", "ل", "ي"])
def test_an_arabic_letter_at_the_end_of_a_word_is_wider(letter):
    inside, at_the_end = width(f"{letter}م") - width("م"), width(letter)

    assert at_the_end > inside
    assert width(f"{letter}ء") == at_the_end + width("ء"), "a hamza joins no letter"
    assert width(f"{letter}\u064eم") == width(f"{letter}م"), "a vowel sign parts no letters"


def test_a_symbol_shown_as_an_emoji_is_as_wide_as_one():
    assert width("↻\ufe0f") == width("🎮") > width("↻")


@pytest.mark.parametrize("unknown", ["中", "Ж", "ж", "§", "⅓"])
def test_letters_without_a_width_of_their_own_have_one_by_their_kind(unknown):
    assert 9 <= width(unknown) < 19


def test_more_columns_leave_less_room_and_all_fit_into_the_screen():
    rooms = [room(columns) for columns in range(1, 9)]

    assert rooms == sorted(rooms, reverse=True)
    assert all(room * columns < NARROWEST for columns, room in enumerate(rooms, start=1))


def test_a_text_is_cut_only_where_it_has_to_be_and_keeps_a_short_last_word():
    assert cut("Apple Gift Card USA", 200) == "Apple Gift Card USA"
    assert cut("Apple Gift Card USA", 130) == "Apple Gift… USA"
    assert cut("Apple Gift Card Switzerland", 130) == "Apple Gift Card…"
    assert cut("PlayStation", 70) == "PlayStat…"
    assert cut("PlayStation", 1) == "…"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_label_of_any_screen_is_cut_on_the_narrowest_phone(locale):
    cut_labels = {
        (len(row), button.label)
        for screen in screens(words(locale))
        for row in screen.rows
        for button in row
        if not fits(button.label, len(row))
    }

    assert cut_labels == set()


MOST_ROWS = 15


@pytest.mark.parametrize("locale", LOCALES)
def test_no_screen_has_many_more_rows_than_a_phone_shows_at_once(locale):
    """Except where there is a button for each of many: of codes to copy, of people in the team."""
    longest = {
        tuple(button.label for row in screen.rows for button in row)
        for screen in screens(words(locale))
        if len(screen.rows) > MOST_ROWS
        and not any(
            button.copy or (button.data or "").startswith("tmem:")
            for row in screen.rows
            for button in row
        )
    }

    assert longest == set()
