"""Inline keyboards are read as the server reads them (server sheet 10)."""

import pytest

from bot.sandbox.telegram.keyboards import read_markup
from bot.sandbox.telegram.rules import ApiError

BUTTON = {"text": "x", "callback_data": "y"}


def rows(*buttons):
    return {"inline_keyboard": [list(buttons)]}


def read(*buttons):
    markup = read_markup(rows(*buttons))
    return markup["inline_keyboard"][0] if markup else None


PREFIX = "can't parse inline keyboard button: "
REFUSED = [
    (rows({"text": "x"}), PREFIX + "Text buttons are unallowed in the inline keyboard"),
    (rows({"url": "https://e.x"}), PREFIX + 'Can\'t find field "text"'),
    (rows({**BUTTON, "style": "loud"}), PREFIX + "invalid button style specified"),
    (rows({"text": "x", "callback_data": "é" * 33}), "BUTTON_DATA_INVALID"),
    (rows({"text": "x", "url": "example"}), "inline keyboard button URL 'example' is invalid"),
    (rows({"text": "x", "copy_text": {"text": "c" * 257}}), ""),
    ({"inline_keyboard": [[BUTTON] * 8] * 13}, "reply markup is too long"),
    ("{", "can't parse reply keyboard markup JSON object"),
    ([BUTTON], "object expected as reply markup"),
]


@pytest.mark.parametrize(("markup", "words"), REFUSED)
def test_a_keyboard_is_refused(markup, words):
    """Server sheet 10.1 to 10.5, 10.7."""
    with pytest.raises(ApiError) as error:
        read_markup(markup)
    assert error.value.description.startswith(f"Bad Request: {words}")


def test_the_first_of_several_actions_counts_and_unknown_fields_are_dropped():
    """Server sheet 10.1."""
    button = {**BUTTON, "copy_text": {"text": "c"}, "url": "https://e.x", "shape": "round"}

    assert read(button) == [{"text": "x", "url": "https://e.x"}]


def test_buttons_without_a_text_vanish_and_empty_rows_with_them():
    """Server sheet 10.2."""
    empty = {"text": " ", "callback_data": "y"}

    assert read(empty, BUTTON) == [BUTTON]
    assert read(empty) is None
    assert read_markup({"inline_keyboard": []}) is None


def test_more_than_twelve_in_a_row_are_cut():
    """Server sheet 10.4."""
    assert len(read(*[BUTTON] * 13) or []) == 12


def test_styles_stay():
    """Server sheet 10.3."""
    assert read({**BUTTON, "style": "danger"}) == [{**BUTTON, "style": "danger"}]


def test_texts_are_cleaned_up_also_those_that_are_copied():
    """Server sheet 9.3."""
    button = {"text": "\u202ax\t", "copy_text": {"text": "A\u202cB"}}

    assert read(button) == [{"text": "x", "copy_text": {"text": "AB"}}]


@pytest.mark.parametrize("markup", [None, "", {}])
async def test_an_edit_without_a_keyboard_removes_it(call, markup):
    """Server sheet 10.6."""
    sent = await call.sent("x", reply_markup=rows(BUTTON))
    more = {} if markup is None else {"reply_markup": markup}

    target = {"chat_id": 5, "message_id": sent["message_id"]}
    edited = await call("editMessageText", text="x", **target, **more)

    assert "reply_markup" not in edited["result"]


@pytest.mark.parametrize(
    "markup",
    [
        rows(*[BUTTON] * 9),
        rows({**BUTTON, "url": "https://e.x"}),
        rows({**BUTTON, "shape": "round"}),
        rows({"text": "", "callback_data": "y"}, BUTTON),
        {"keyboard": [[{"text": "x"}]]},
    ],
)
async def test_what_the_server_only_repairs_is_noted(call, world, markup):
    await call.sent("x", reply_markup=markup)

    assert len(world.refused) == 1


async def test_a_good_keyboard_is_not_noted(call, world):
    await call.sent("x", reply_markup=rows({**BUTTON, "style": "danger"}, BUTTON))
    await call.sent("x", reply_markup=rows({"text": "x", "copy_text": {"text": "c" * 256}}))

    assert world.refused == []
