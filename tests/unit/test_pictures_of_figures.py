"""What is drawn of figures: in each language, with numbers that can be read, time running as the language does."""

import re
from itertools import product

import pytest

from bot.charts.drawing import HEIGHT, SMALLEST, WIDTH, draw
from bot.domain.charts import Chart, ChartKind, Column, Row, from_plain, to_plain
from bot.domain.periods import MOST_BARS, Span
from handlers.screens.charts import LONGEST_CAPTION, caption, chart
from locales import LOCALES, words
from tests.unit.figure_samples import figures
from tests.unit.samples import ZONE

ALL = list(product(ChartKind, Span, LOCALES))


def drawn(kind: ChartKind, span: Span, locale: str, *, profit: bool = True) -> Chart:
    return chart(words(locale), figures(kind, span), ZONE, profit=profit)


def texts(svg: str) -> list[tuple[float, float, str]]:
    """Where each text is, its size, and what it says."""
    found = re.findall(r'<text x="([\d.-]+)" y="[\d.-]+" font-size="([\d.]+)"[^>]*>([^<]*)<', svg)
    return [(float(x), float(size), text) for x, size, text in found]


@pytest.mark.parametrize(("kind", "span", "locale"), ALL)
def test_letters_are_large_and_stand_within_the_picture(kind, span, locale):
    svg = draw(drawn(kind, span, locale))

    assert f'width="{WIDTH}" height="{HEIGHT}"' in svg
    assert all(size >= SMALLEST for _, size, _ in texts(svg))
    assert all(0 <= x <= WIDTH for x, _, _ in texts(svg))
    assert svg.count("<") == svg.count(">")


@pytest.mark.parametrize(("span", "locale"), list(product(Span, LOCALES)))
def test_every_bar_has_its_number_and_there_are_few(span, locale):
    made = drawn(ChartKind.SALES, span, locale)

    said = [re.sub("[\u202a-\u202e]", "", text) for _, _, text in texts(draw(made))]
    assert 1 <= len(made.columns) <= MOST_BARS
    assert all(column.number in said for column in made.columns if column.value)
    assert all(len(column.number) <= 5 for column in made.columns)
    assert not any("٠" <= letter <= "٩" for text in said for letter in text)


def test_the_title_says_the_span_and_the_total_stands_below():
    made = drawn(ChartKind.SALES, Span.WEEK, "en")

    assert made.title == "Sales and profit · Last 7 days"
    assert made.total.startswith("Sales ")
    assert "profit" in made.total
    assert made.note.endswith("one bar per day")
    assert drawn(ChartKind.SALES, Span.TODAY, "fr").note.endswith("une barre toutes les 2 heures")
    assert "عمود لكل 3 أيام" in drawn(ChartKind.SALES, Span.MONTH, "ar").note


def test_time_runs_from_right_to_left_in_arabic():
    columns = tuple(Column((f"d{day}",), day, str(day), day) for day in (1, 2, 3))
    left = texts(draw(Chart("t", "1", False, columns=columns)))
    right = texts(draw(Chart("t", "1", True, columns=columns)))

    places = [[x for x, _, text in found if "d" in text] for found in (left, right)]
    assert places[0] == sorted(places[0])
    assert places[1] == sorted(places[1], reverse=True)
    assert [round(WIDTH - x, 1) for x in places[1]] == [round(x, 1) for x in places[0]]
    # The title begins at the margin of its side.
    assert 'text-anchor="start">t<' in draw(Chart("t", "1", False))
    assert 'text-anchor="end">\u202bt\u202c<' in draw(Chart("t", "1", True))


def test_a_loss_hangs_below_the_ground_and_is_red():
    svg = draw(Chart("t", "1", False, columns=(Column((), 100, "1"), Column((), -50, "–1"))))

    heights = [
        float(it) for it in re.findall(r'height="([\d.]+)" rx="6" fill="#(?:2b6cb0|b83232)"', svg)
    ]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)
    assert svg.count("#b83232") == 1


def test_what_the_font_lacks_is_left_out_and_names_are_no_markup():
    svg = draw(Chart("a<b>&🎮日本", "−5", False, rows=(Row("x" * 90, 0, "0"),)))

    said = [text for _, _, text in texts(svg)]
    assert said[0] == "a&lt;b&gt;&amp;"
    assert said[1] == "\u20135"
    assert said[2].endswith("…")


def test_without_profit_there_is_no_line():
    made = drawn(ChartKind.SALES, Span.WEEK, "en", profit=False)

    assert "<circle" not in draw(made)
    assert made.legend == ("Sales",)


@pytest.mark.parametrize(("kind", "span", "locale"), ALL)
def test_a_caption_is_no_longer_than_telegram_takes(kind, span, locale):
    screen = caption(words(locale), figures(kind, span), ZONE, profit=True, note="chart-no-picture")

    assert len(screen.text.encode("utf-16-le")) // 2 <= LONGEST_CAPTION


@pytest.mark.parametrize("kind", ChartKind)
def test_a_chart_is_the_same_after_its_way_into_the_process(kind):
    made = drawn(kind, Span.WEEK, "ar")

    assert from_plain(to_plain(made)) == made
