"""Every line of Arabic is read from the right in the order of its text, numbers and signs included."""

import pytest

from handlers.screen import Screen
from locales import BOLD, BOLD_END, keys, words
from tests.unit.fluent_samples import samples
from tests.unit.screen_samples import screens
from tests.visual import misread

AR = words("ar")
FOREIGN = {"<b>hello</b> ", "\u200fFrançais"}  # a person's own text, and the name of a language


def wrong_lines(text):
    return {line: found for line in text.split("\n") if (found := misread(line))}


def shown_lines(screen: Screen):
    """The lines of a screen without those that hold codes, which are copied as they are."""
    raw = screen.text.encode("utf-16-le")
    secret = {
        raw[: e.offset * 2].decode("utf-16-le").count("\n")
        for e in screen.entities
        if e.type == "spoiler"
    }
    return [line for row, line in enumerate(screen.text.split("\n")) if row not in secret]


# Labels of the rows that hold codes, the name of a file, and of a language: all run from left to right.
LATIN = {
    *("delivery-pin", "delivery-serial", "delivery-reference"),
    *("file-name", "button-language-fr", "button-language-en"),
}


@pytest.mark.parametrize("key", sorted(keys("ar") - LATIN))
def test_a_text_is_read_from_the_right_in_its_order(key):
    for values in samples(AR, key):
        text = AR.text(key, **values).replace(BOLD, "").replace(BOLD_END, "")
        assert wrong_lines(text) == {}


def test_every_screen_is_read_from_the_right_in_its_order():
    shown = set()
    for screen in screens(AR):
        shown.update(shown_lines(screen))
        shown.update(b.label for row in screen.rows for b in row)

    assert {line: found for line in shown - FOREIGN if (found := misread(line))} == {}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (
            "2 × \u20682.650\u00a0دج\u2069 = \u20685.300\u00a0دج\u2069",
            "جد\u00a05.300 = جد\u00a02.650 × 2",
        ),
        ("الطلب #12", "#12 بلطلا"),
        ("نسبة 10%", "10% ةبسن"),
        ("استعمل /refund \u206812\u2069 الآن", "نآلا /refund 12 لمعتسا"),
        ("من 2026-11-26 إلى 10-500", "10-500 ىلإ 2026-11-26 نم"),
    ],
)
def test_formulas_numbers_with_signs_and_commands_keep_their_order(text, seen):
    from bidi import get_display

    line = AR.directed(text)
    assert (
        "".join(c for c in get_display(line) if c not in "\u200e\u200f\u2066\u2068\u2069") == seen
    )
    assert misread(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        # Without the mark at its beginning it hangs on the right edge, and runs from left to right.
        "\u20682\u2069 × \u20682.650\u00a0دج\u2069 = \u20685.300\u00a0دج\u2069",
        "\u200fالطلب #12",
        "\u200fنسبة 10%",
        "\u200fاستعمل /refund \u206812\u2069 الآن",
    ],
)
def test_a_line_that_is_read_backwards_is_found(line):
    assert misread(line)
