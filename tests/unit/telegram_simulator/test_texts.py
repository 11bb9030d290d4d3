"""Texts and entities are cleaned, repaired and found as the server does it (server sheet 9)."""

import pytest

from bot.sandbox.telegram.entities import first_link, found_entities, stored_entities
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.textclean import clean, clean_with_entities


def entity(kind: str, offset: int, length: int, **more: str) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **more}


def kinds(entities) -> list[tuple[str, int, int]]:
    return [(e["type"], e["offset"], e["length"]) for e in entities]


CLEANED = [
    ("  \n hello \n\n ", "hello"),
    ("a\tb\x01c\x1fd", "a b c d"),
    ("a\r\nb", "a\nb"),
    ("".join(map(chr, range(0x2028, 0x202F))) + "x", "x"),
    ("\u2066x\u2069", "\u2066x\u2069"),
    ("e\u0333\u033f\u030a!", "e!"),
    ("\u200f\u200e/start", "\u200c\u200e/start"),
    ("\u200f\u200e\u200fx", "\u200c\u200c\u200fx"),
    ("\u200fx\u200e", "\u200fx\u200e"),
    ("\u00a0x", "\u00a0x"),  # only spaces and newlines are cut
]


@pytest.mark.parametrize(("sent", "stored"), CLEANED)
def test_a_text_is_cleaned_up(sent, stored):
    """Server sheet 9.3."""
    assert clean(sent) == stored


def test_entities_move_with_the_text():
    """Server sheet 9.3: shifted by what is removed before them, shortened by what is in them."""
    text, moved = clean_with_entities(
        "\r  😀\u202ax y \n", [entity("bold", 5, 3), entity("italic", 7, 3)]
    )

    assert text == "😀x y"
    assert kinds(moved) == [("bold", 2, 2), ("italic", 3, 2)]


def test_leading_spaces_stay_under_an_entity_and_trailing_ones_never():
    """Server sheet 9.3."""
    assert clean_with_entities("   x  ", [entity("bold", 1, 5)]) == ("  x", [entity("bold", 0, 3)])
    assert clean_with_entities("x   ", [entity("bold", 2, 1)]) == ("x", [])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (entity("bold", 5, 1), "entity begins after the end of the text at UTF-16 offset 5"),
        (
            entity("bold", 1, 9),
            "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 10",
        ),
        (entity("bold", -1, 2), "receive an entity with incorrect offset -1"),
        (entity("bold", 0, -2), "receive an entity with incorrect length -2"),
        (entity("bold", 2, 1), "in a middle of a UTF-16 symbol"),
        (entity("bold", 0, 2), "ends in a middle of a UTF-16 symbol"),
    ],
)
def test_wrong_bounds_are_errors(given, words):
    """Server sheet 9.4. The text is one letter, one emoji of two units, one letter."""
    with pytest.raises(ApiError, match=words):
        clean_with_entities("a😀b", [given])


def test_an_entity_of_no_length_is_dropped():
    """Server sheet 9.4."""
    assert clean_with_entities("abc", [entity("bold", 1, 0)]) == ("abc", [])


FOUND = [
    ("see example.com.", [("url", 4, 11)]),
    ("https://a.example/x?y=1, ok", [("url", 0, 23)]),
    ("ABCD-EFGH.IO", [("url", 0, 12)]),
    ("@lina_1 and a@b.com", [("mention", 0, 7), ("email", 12, 7)]),
    ("/start now /help@HanoutShopBot", [("bot_command", 0, 6), ("bot_command", 11, 19)]),
    ("1/2 a/b /", []),
    ("#12 #order12 ##x", [("hashtag", 4, 8)]),
    ("$USD $5", [("cashtag", 0, 4)]),
    ("😀 /help", [("bot_command", 3, 5)]),
    ("v1.2.3 file.txt", []),
]


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_the_server_makes_some_words_tappable(text, found):
    """Server sheet 9.5."""
    assert kinds(found_entities(text)) == found


def test_nothing_is_found_inside_code_and_links_but_inside_spoilers():
    """Server sheet 9.5."""
    text = "example.com example.com example.com"
    given = [entity("code", 0, 11), entity("text_link", 12, 11, url="u"), entity("spoiler", 24, 11)]

    assert kinds(stored_entities(text, given)) == [
        ("code", 0, 11),
        ("text_link", 12, 11),
        ("url", 24, 11),
        ("spoiler", 24, 11),
    ]


def test_a_spoiler_over_code_is_dropped_there():
    """Server sheet 9.6."""
    given = [entity("spoiler", 0, 10), entity("code", 3, 4)]

    assert kinds(stored_entities("abcdefghij", given)) == [
        ("spoiler", 0, 3),
        ("code", 3, 4),
        ("spoiler", 7, 3),
    ]
    assert kinds(stored_entities("abc", [entity("spoiler", 0, 3), entity("pre", 0, 3)])) == [
        ("pre", 0, 3)
    ]


def test_over_100_entities_spoilers_are_dropped_first():
    """Server sheet 9.7."""
    given = [entity("spoiler", 2 * n, 1) for n in range(60)]
    given += [entity("code", 2 * n, 1) for n in range(60, 120)]

    kept = [kind for kind, _, _ in kinds(stored_entities("x " * 120, given))]

    assert (kept.count("code"), kept.count("spoiler")) == (60, 40)


def test_equal_styles_are_joined_and_overlapping_links_dropped():
    """Server sheet 9.8."""
    styles = [entity("bold", 0, 3), entity("bold", 3, 2), entity("bold", 7, 1)]
    links = [entity("text_link", 0, 4, url="a"), entity("text_link", 2, 4, url="b")]

    assert kinds(stored_entities("abcdefgh", styles)) == [("bold", 0, 5), ("bold", 7, 1)]
    assert [e["url"] for e in stored_entities("abcdefgh", links)] == ["a"]


def test_an_unknown_type_is_skipped():
    """Server sheet 9.9."""
    assert stored_entities("abc", [entity("shiny", 0, 3)]) == []


def test_the_first_link_would_be_fetched():
    """Server sheet 9.10."""
    text = "tg://resolve a@b.com example.com/once"

    assert first_link(text, found_entities(text)) == "example.com/once"
    assert first_link("here", [entity("text_link", 0, 4, url="https://e.x")]) == "https://e.x"
    assert first_link("none", []) is None


SENT = [
    ("", "message text is empty"),
    (" \n ", "text must be non-empty"),
    ("x" * 4097, "message is too long"),
    ("é" * 16_385, "text is too long"),
]


@pytest.mark.parametrize(("text", "words"), SENT)
async def test_a_text_that_is_no_message(call, text, words):
    """Server sheet 9.1, 9.2."""
    assert await call.says("sendMessage", chat_id=5, text=text) == words


async def test_code_points_are_counted_and_our_rule_counts_units(call, world):
    """Server sheet 9.2."""
    await call.sent("😀" * 4096)

    assert world.refused == ["sendMessage: Bad Request: message is too long"]
    caption = "x" * 1025
    assert "caption is too long" in await call.says(
        "sendDocument", chat_id=5, document="file-1-1", caption=caption
    )


async def test_an_unsupported_parse_mode(call):
    """Server sheet 9.11."""
    words = await call.says("sendMessage", chat_id=5, text="x", parse_mode="rich")
    assert words == "unsupported parse_mode"


async def test_a_preview_is_on_unless_each_request_switches_it_off(call, world):
    """Server sheet 9.10."""
    off = {"is_disabled": True}
    quiet = await call.sent("see example.com", link_preview_options=off)
    assert quiet["link_preview_options"] == off
    assert world.chats[5].previews == []

    number = quiet["message_id"]
    await call("editMessageText", chat_id=5, message_id=number, text="new example.com/a")
    loud = await call.sent("see example.com/b")

    assert "link_preview_options" not in loud
    assert world.chats[5].previews == [
        (number, "example.com/a"),
        (loud["message_id"], "example.com/b"),
    ]


async def test_what_the_clean_up_changes_is_noted(call, world):
    """Server sheet 9.3: a copied code would lose its characters."""
    copy = {"text": "copy", "copy_text": {"text": "AB\u202aCD"}}
    sent = await call.sent("\u200f\u200e/x", reply_markup={"inline_keyboard": [[copy]]})

    assert sent["text"] == "\u200c\u200e/x"
    assert sent["reply_markup"]["inline_keyboard"][0][0]["copy_text"]["text"] == "ABCD"
    assert len(world.refused) == 2
