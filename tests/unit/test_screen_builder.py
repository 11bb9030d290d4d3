"""The screen builder: lines, rows and codes in the direction of each language."""

import re

import pytest

from handlers.label_width import fits
from handlers.screen import Button
from handlers.screen_builder import ScreenBuilder
from locales import LOCALES, words

A, B, C = (Button(label, "home") for label in ("a", "b", "c"))
LEFT_TO_RIGHT = ("en", "fr")


@pytest.fixture(params=LOCALES)
def screen(request):
    return ScreenBuilder(words(request.param))


def labels(screen):
    return [[button.label for button in row] for row in screen.done().rows]


def data(screen):
    return [[button.data for button in row] for row in screen.done().rows]


def in_reading_order(screen, row):
    return row if screen.words.locale in LEFT_TO_RIGHT else row[::-1]


def test_lines_stand_below_each_other(screen):
    screen.line("language")
    screen.line("products", category="PSN")

    text = screen.words.text
    unmarked = (text("language"), text("products", category="PSN"))
    assert screen.done().text == "\n".join(unmarked).translate({0xE000: None, 0xE001: None})


def test_what_is_bold_in_the_text_is_an_entity_of_the_screen():
    screen = ScreenBuilder(words("en"))
    screen.line("wallet", balance="5 DA")

    (bold,) = screen.done().entities
    assert (bold.type, bold.offset, bold.length) == ("bold", len("👛 Wallet: ") + 1, 4)


def test_an_added_message_stays_on_the_line(screen):
    screen.start_line("1")
    screen.gap()
    screen.add("delivery-link")

    assert screen.done().text == "1  " + screen.words.text("delivery-link")


def test_a_paragraph_leaves_one_line_empty_and_none_at_the_beginning(screen):
    for text in "ab":
        screen.paragraph()
        screen.start_line(text)

    assert screen.done().text == "a\n\nb"


def test_a_started_line_carries_no_marks_and_a_literal_line_those_of_its_language():
    screen = ScreenBuilder(words("ar"))
    screen.start_line("1")
    screen.literal_line("2")

    assert screen.done().text == "1\n\u200f2"


def test_a_foreign_text_is_a_paragraph_and_an_empty_one_is_nothing(screen):
    screen.start_line("a")
    screen.foreign("")
    screen.foreign("<b>x</b>")

    assert screen.done().text == "a\n\n<b>x</b>"


def test_a_labelled_secret_is_one_row_from_left_to_right_in_every_language(screen):
    screen.labelled_secret("delivery-pin", "0042")

    label = screen.words.plain("delivery-pin")
    assert label.endswith("PIN")
    assert screen.done().text == f"{label}  0042"
    (spoiler,) = screen.done().entities
    assert (spoiler.type, spoiler.length) == ("spoiler", 4)
    assert screen.done().text[spoiler.offset :] == "0042"


def test_the_page_number_is_said_only_where_there_are_more_pages(screen):
    screen.page_number(0, 1)
    assert screen.done().text == ""

    screen.page_number(1, 3)
    assert screen.done().text == screen.words.text("products-page", page=2, pages=3)


def test_a_row_is_mirrored_from_right_to_left_and_a_fixed_row_never_is(screen):
    screen.row(A, B)
    screen.fixed_row(A, B)

    assert labels(screen) == [in_reading_order(screen, ["a", "b"]), ["a", "b"]]


def test_an_empty_row_is_left_out(screen):
    screen.row()
    screen.grid([], 2)

    assert screen.done().rows == ()
    assert screen.done().keyboard() is None


def test_a_grid_is_filled_row_by_row_in_reading_order(screen):
    screen.grid([A, B, C], 2)

    assert labels(screen) == [in_reading_order(screen, ["a", "b"]), ["c"]]


def test_a_label_too_wide_for_its_column_has_a_row_of_its_own(screen):
    wide = Button("PlayStation USA and more", "home")
    screen.grid([A, wide, B, C])

    assert labels(screen) == [["a"], [wide.label], in_reading_order(screen, ["b", "c"])]


def test_a_grid_has_fewer_columns_where_its_labels_are_wider(screen):
    buttons = [Button(f"Copy {number}", "home") for number in range(7, 13)]
    screen.grid([*buttons, Button("Copy PIN 12", "home")], 4)

    rows = [[7, 8, 9], [10, 11, 12]]
    assert labels(screen) == [
        *(in_reading_order(screen, [f"Copy {number}" for number in row]) for row in rows),
        ["Copy PIN 12"],
    ]


def test_a_row_is_divided_where_a_label_would_be_cut(screen):
    wide = [Button(f"{number} Meilleures ventes", "home") for number in range(2)]
    spans = [Button(text, "home") for text in ("Aujourd’hui", "Sur 7 jours", "Sur 30 jours", "x")]
    screen.row(*wide)
    screen.row(*spans)
    screen.fixed_row(*spans)

    halves = [["Aujourd’hui", "Sur 7 jours"], ["Sur 30 jours", "x"]]
    assert labels(screen) == [
        [wide[0].label],
        [wide[1].label],
        *(in_reading_order(screen, half) for half in halves),
        *halves,
    ]


def test_a_name_too_wide_for_a_row_of_its_own_is_cut_and_what_stands_beside_it_is_not(screen):
    name = "PlayStation Network United States of America"
    screen.button("button-hit-price", "den:1", product=name, value="100 $", price="16,900 DA")
    screen.row(screen.name_button(name, "prod:1"))
    screen.button("button-hit", "den:1", product="PlayStation", value="100 $")

    (priced,), (named,), (short,) = (
        [re.sub("[\u200f\u2068\u2069]", "", label) for label in row] for row in labels(screen)
    )
    assert re.fullmatch(r"PlayStat\w*… America · 100 \$ · 16,900 DA", priced)
    assert re.fullmatch(r"PlayStation Network.+… America", named)
    assert short == "PlayStation · 100 $"
    assert all(fits(button.label) for row in screen.done().rows for button in row)


def test_a_button_is_labelled_by_its_key_and_stands_alone(screen):
    screen.button("button-order", "order:7", number="#7")
    screen.button("button-redeem", url="https://x.example", number=1)
    screen.button("button-copy", copy="ABCD", number=1)

    label = screen.words.label
    assert screen.done().rows == (
        (Button(label("button-order", number="#7"), "order:7"),),
        (Button(label("button-redeem", number=1), url="https://x.example"),),
        (Button(label("button-copy", number=1), copy="ABCD"),),
    )


@pytest.mark.parametrize(
    ("page", "pages", "expected"),
    [
        (0, 1, []),
        (0, 2, [["orders:1"]]),
        (1, 2, [["orders:0"]]),
        (1, 3, [["orders:0", "orders:2"]]),
    ],
)
def test_only_pages_that_exist_have_a_button(screen, page, pages, expected):
    screen.pages(page, pages, lambda other: f"orders:{other}")

    assert data(screen) == [in_reading_order(screen, row) for row in expected]


@pytest.mark.parametrize(
    ("locale", "expected"), [("en", ["‹ Back 1", "Next ›"]), ("ar", ["التالي ‹", "› رجوع 1"])]
)
def test_arrows_point_where_the_language_reads(locale, expected):
    screen = ScreenBuilder(words(locale))
    screen.pages(1, 3, str, numbered=True)

    (row,) = labels(screen)
    assert [re.sub("[\u200f\u2068\u2069]", "", label) for label in row] == expected


def test_the_last_row_leads_back_and_home(screen):
    screen.back("wallet:0")
    screen.home(A)
    screen.home()

    back, home = in_reading_order(screen, screen.done().rows[0])
    assert (back.data, home.data) == ("wallet:0", "home")
    assert back.label == screen.words.label(
        "button-back", arrow="›" if screen.words.right_to_left else "‹"
    )
    assert labels(screen)[1:] == [in_reading_order(screen, ["a", home.label]), [home.label]]
