"""What Telegram quotes in a refusal, such as a link with a code, is neither read nor logged."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, TelegramError

from handlers.edge import Do, Kind, explain, read, words_of
from handlers.request import ServerTrouble

SECRET = "S3CR3T"
QUOTES = ("''", '""', "``", "´´", "‘’", "‚‘", "“”", "„“", "«»", "‹›")
REFUSALS: list[tuple[type[TelegramError], str, Kind]] = [
    (BadRequest, "inline keyboard button URL {} is invalid: Wrong HTTP URL", Kind.BAD_MESSAGE),
    (BadRequest, "can't parse entities: Unsupported start tag {} at offset 3", Kind.BAD_MESSAGE),
    (BadRequest, "can't parse inline keyboard button: {} can't be copied", Kind.BAD_MESSAGE),
    (BadRequest, "parameter {} is required", Kind.BAD_MESSAGE),
    (BadRequest, "message is not modified: it is {} already", Kind.SAME),
    (BadRequest, "somebody said {} and nobody knows why", Kind.UNKNOWN),
    (Forbidden, "Forbidden: bot was blocked by the user {}", Kind.NO_CHAT),
    (Conflict, "Conflict: terminated by other getUpdates request {}", Kind.OTHER_POLLER),
    (NetworkError, "httpx.ReadError: {}", Kind.CUT),
]
# What a link or a text may hold: phrases of other rows, quotes, words with apostrophes.
PIECES = (
    *"'\"`´‘’“”«» \n/.?=&",
    "https://redeem/connection?c=",
    "o'neil",
    "can't",
    "' is invalid: ",
    "httpx.",
    "connection",
    "webhook",
    "timeout",
    "chat not found",
    "message is not modified",
    "bad gateway",
)
texts = st.lists(st.sampled_from(PIECES)).map("".join)


@given(refusal=st.sampled_from(REFUSALS), quotes=st.sampled_from(QUOTES), before=texts, after=texts)
@example(REFUSALS[0], "''", "https://redeem/connection?c=", "")
@example(REFUSALS[0], "''", "https://redeem/o'neil?c=", "")
@example(REFUSALS[1], "''", "", "")
@example(REFUSALS[5], '""', "can't", "can't")
def test_what_is_quoted_changes_no_row_and_stands_in_no_words(refusal, quotes, before, after):
    kind_of_error, text, kind = refusal
    error = kind_of_error(text.format(f"{quotes[0]}{before}{SECRET}{after}{quotes[1]}"))

    assert read(error).kind is kind
    assert SECRET not in explain(error)
    assert SECRET not in words_of(error)


@given(
    refusal=st.sampled_from(REFUSALS),
    quotes=st.sampled_from(QUOTES),
    before=texts,
    after=texts,
    place=st.integers(0, 12),
)
def test_it_may_stand_anywhere(refusal, quotes, before, after, place):
    """Between any two words: the row is that of the same text with a harmless quotation."""
    kind_of_error, text, _ = refusal
    words = text.replace(" {}", "").split(" ")
    errors = [
        kind_of_error(" ".join([*words[:place], quotes[0] + it + quotes[1], *words[place:]]))
        for it in (f"{before}{SECRET}{after}", "x")
    ]

    assert read(errors[0]).kind is read(errors[1]).kind
    assert SECRET not in explain(errors[0])


@pytest.mark.parametrize(
    "text",
    [
        f"inline keyboard button URL 'https://redeem/o'neil?c={SECRET}",  # cut off by Telegram
        f"inline keyboard button URL https://redeem/?c={SECRET} is invalid",
        f"inline keyboard button URL hanout://{SECRET} is invalid",
    ],
)
def test_a_link_without_both_its_quotes_is_no_less_secret(text):
    assert read(BadRequest(text)).kind is Kind.BAD_MESSAGE
    assert SECRET not in explain(BadRequest(text))


def test_what_telegram_answers_is_no_broken_connection():
    for error in (
        BadRequest("CONNECTION_NOT_INITED"),
        BadRequest("httpx.ReadError"),
        Forbidden("no connection"),
        ServerTrouble(500, "Internal Server Error: lost connection to the core"),
    ):
        assert read(error).kind in (Kind.UNKNOWN, Kind.SERVER)
        assert read(error).send is Do.SEND_LATER


def test_the_words_of_a_row_repeat_nothing():
    assert SECRET not in words_of(BadRequest(SECRET))
    assert SECRET not in words_of(Forbidden(SECRET))
