"""Changing settings in the text of a .env: what is not changed stays, byte for byte."""

from io import StringIO

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot.setup.env_text import WouldLose, can_be_written, change_settings


def read(text: str) -> dict[str, str | None]:
    return dict(dotenv_values(stream=StringIO(text), interpolate=False))


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("", {"A": "1", "B": "x y"}, "A=1\nB=x y\n"),
        ("A=1", {"B": "2"}, "A=1\nB=2\n"),
        ("A=1\n", {"A": "1"}, "A=1\n"),
        ("A=\nB=2\n", {"A": "1"}, "A=1\nB=2\n"),
        ("a=1\n", {"A": "2"}, "a=2\n"),
        ("A = 1 # old\n", {"A": "2"}, "A = 2 # old\n"),
        ("A='1 # 2' # old\n", {"A": "2"}, "A=2 # old\n"),
        ('A="1"# old\n', {"A": "2"}, "A=2 # old\n"),
        ("export A=1\r\nB=2\r\n", {"A": "2", "C": "3"}, "export A=2\r\nB=2\r\nC=3\r\n"),
        ("# A=8\nB=2\n", {"A": "9"}, "# A=8\nA=9\nB=2\n"),
        ("# first\n\n# A=8\n# A=7\n", {"A": "9"}, "# first\n\n# A=8\nA=9\n# A=7\n"),
        ("\ufeffA=1\n", {"A": "2"}, "\ufeffA=2\n"),
        ("B='two\nlines'\nA=1\n", {"A": "2"}, "B='two\nlines'\nA=2\n"),
        ("OTHER_TOOL=x\n\n\n# end", {"A": "2"}, "OTHER_TOOL=x\n\n\n# end\nA=2\n"),
    ],
)
def test_a_setting_is_changed_in_its_place(before, changes, after):
    assert change_settings(before, changes) == after
    assert change_settings(after, changes) == after


@pytest.mark.parametrize(
    "value",
    [
        "",
        "plain",
        "a b",
        " a ",
        "#x",
        "a # b",
        "a#b",
        "'q'",
        "l'ami",
        '"',
        "\\n",
        "\\'",
        "a\nb",
        "é العربية",
        "$x",
    ],
)
def test_every_value_is_read_back_as_it_was(value):
    assert read(change_settings("A=1 # note\nB=2\n", {"A": value})) == {"A": value, "B": "2"}


PIECES = st.sampled_from(
    ["A=1\n", "# note\n", "\n", "B='x # y' # z\n", "C=\n", "# A=8\n", "D=a b#c\n", "  E = 5\n"]
)


@given(
    st.lists(PIECES, unique=True).map("".join),
    st.dictionaries(
        st.sampled_from(["A", "B", "C", "NEW"]),
        st.text(
            st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="\x85"),
            max_size=12,
        ).filter(can_be_written),
    ),
)
def test_no_line_that_is_not_changed_is_lost(before, changes):
    after = change_settings(before, changes)

    assert read(after) == {**read(before), **changes}
    kept = [line for line in before.splitlines() if line.partition("=")[0].strip() not in changes]
    assert [line for line in after.splitlines() if line in kept] == kept


def test_what_cannot_be_written_as_it_is_is_refused():
    assert not can_be_written("a${HOME}b")
    assert not can_be_written("a\x1bb")
    assert not can_be_written("a\nLOG_LEVEL=DEBUG")  # what reads `.env` refuses it
    assert can_be_written("a$b {c}")
    assert can_be_written("CCP 1\nRIP = 2")
    with pytest.raises(WouldLose):
        change_settings("A\n", {"A": "1"})
