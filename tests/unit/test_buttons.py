"""Button data: what is packed comes back, fits 64 bytes, and nothing else is understood."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.refusals import NotFound
from handlers.callback_data import LIMIT_BYTES, VERBS, pack, parse, pattern_of
from handlers.routes import OPERATOR_PRESSES, OPERATOR_QUESTIONS, PRESSES

ids = st.integers(0, 10**15 - 1)


@given(st.sampled_from(sorted(VERBS)), st.data())
def test_what_is_packed_comes_back_and_fits(verb, data):
    args = [
        data.draw(ids if "d" in kind else st.from_regex(re.compile(kind, re.ASCII), fullmatch=True))
        for kind in VERBS[verb]
    ]

    packed = pack(verb, *args)

    assert len(packed.encode()) <= LIMIT_BYTES
    assert parse(packed).verb == verb
    assert list(parse(packed).args) == [str(a) for a in args]


@given(st.text(max_size=80))
def test_any_other_text_is_refused_without_harm(text):
    try:
        press = parse(text)
    except NotFound:
        return
    assert press.verb in VERBS


@pytest.mark.parametrize(
    "forged",
    [
        None,
        "",
        "buy",
        "buy:",
        "buy:-1",
        "buy:1:2",
        "buy:١",
        "buy:1 ",
        "BUY:1",
        "cat:1:2:3",
        "lang:../../x",
        "den:99999999999999999",
        "show:1;drop",
    ],
)
def test_forgeries_are_refused(forged):
    with pytest.raises(NotFound):
        parse(forged)


def test_a_category_may_come_without_its_page():
    assert parse("cat:7").args == ("7", "0")


def test_what_cannot_be_parsed_cannot_be_packed():
    with pytest.raises(ValueError, match="not a button"):
        pack("buy", "x")
    with pytest.raises(ValueError, match="not a button"):
        pack("buy")


def test_every_verb_has_a_handler_and_a_pattern():
    assert set(PRESSES) | set(OPERATOR_PRESSES) | set(OPERATOR_QUESTIONS) == set(VERBS)
    assert pattern_of("buy") == "^buy(:|$)"
