"""The rules of `hanout rehearse`: verdicts, exit status, what a report may hold, answers from a file."""

import asyncio
import json
import os
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.payments import Method
from bot.errors import OutOfStock, PaymentFailure
from bot.rehearsal.asking import AnswersError, TerminalAsker, read_answers
from bot.rehearsal.playing import describe as describe_failure
from bot.rehearsal.report import Played, Redaction, Results
from bot.rehearsal.script import BY_KEY, QUESTIONS, STEPS, is_possible
from bot.rehearsal.steps import (
    Answer,
    Need,
    Question,
    Result,
    Seen,
    Verdict,
    exit_status,
    judge,
)
from bot.rehearsal.updates import SortedUpdates
from bot.rehearsal.witness import Witness, code_of, describe
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from handlers.screens import rehearsal as screens
from locales import LOCALES, keys, words

YES, NO, UNSURE, SKIP = Answer.YES, Answer.NO, Answer.UNSURE, Answer.SKIP
CANARY = "QX7K-9Z2M-41TT"
LATER = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seen", "answers", "verdict"),
    [
        (Seen(), [YES], Verdict.AS_EXPECTED),
        (Seen(), [NO], Verdict.DIFFERENT),
        (Seen(), [UNSURE], Verdict.NOT_KNOWN),
        (Seen(), [SKIP], Verdict.NOT_KNOWN),
        (Seen(), [], Verdict.NOT_KNOWN),
        (Seen(as_expected=False), [YES], Verdict.DIFFERENT),
        (Seen(as_expected=False), [SKIP], Verdict.DIFFERENT),
        (Seen(as_expected=None), [YES], Verdict.NOT_KNOWN),
        (Seen(as_expected=None), [NO], Verdict.DIFFERENT),
        (Seen(later_at=LATER), [], Verdict.LATER),
    ],
)
def test_what_was_seen_and_what_was_answered_make_a_verdict(seen, answers, verdict):
    assert judge(seen, [Question("one")], dict(zip(["one"], answers, strict=False))) is verdict


def test_a_question_without_an_expectation_is_known_by_either_answer():
    question = Question("either", None)

    assert judge(Seen(), [question], {"either": NO}) is Verdict.AS_EXPECTED
    assert judge(Seen(), [question], {"either": YES}) is Verdict.AS_EXPECTED
    assert judge(Seen(), [question], {"either": UNSURE}) is Verdict.NOT_KNOWN


def test_a_difference_weighs_more_than_what_is_open():
    assert exit_status([]) == 0
    assert exit_status([Verdict.AS_EXPECTED]) == 0
    assert exit_status([Verdict.AS_EXPECTED, Verdict.LATER]) == 4
    assert exit_status([Verdict.SKIPPED, Verdict.NOT_KNOWN]) == 4
    assert exit_status([Verdict.NOT_KNOWN, Verdict.DIFFERENT]) == 3


@pytest.mark.parametrize("locale", LOCALES)
def test_each_step_question_answer_and_verdict_has_its_words(locale):
    wanted = {f"rehearsal-step-{step.key}" for step in STEPS}
    wanted |= {f"rehearsal-ask-{key}" for key in QUESTIONS}
    wanted |= {f"rehearsal-answer-{answer}" for answer in Answer}
    wanted |= {f"rehearsal-verdict-{verdict.replace(' ', '-')}" for verdict in Verdict}

    assert wanted <= keys(locale)
    families = ("step", "ask", "answer", "verdict")
    asked = {k for k in keys(locale) if k.startswith(tuple(f"rehearsal-{f}-" for f in families))}
    assert asked == wanted


def test_steps_are_told_apart_by_their_keys():
    assert len(BY_KEY) == len(STEPS)


def test_a_step_is_possible_only_with_what_it_needs():
    assert is_possible(Need.TELEGRAM, (), ())
    assert not is_possible(Need.CODES, (), (Method.STARS,))
    assert is_possible(Need.CODES, ("starship",), ())
    assert not is_possible(Need.ONECLICKDZ, ("starship",), ())
    assert is_possible(Need.STARSHIP, ("starship",), ())
    assert is_possible(Need.CHARGILY, (), (Method.CHARGILY,))
    assert not is_possible(Need.CHARGILY, ("oneclickdz",), (Method.STARS,))


def test_an_answer_of_a_supplier_is_kept_as_its_shape():
    body = json.dumps(
        {
            "success": True,
            "data": {
                "status": "FULFILLED",
                "quantity": 2,
                "cards": [{"value": CANARY, "serial": "9"}] * 2,
            },
        }
    ).encode()

    line = describe("GET", "https://api.example/v3/gift-cards/checkOrder/66aa0f", 200, body)

    assert line == (
        "GET /v3/gift-cards/checkOrder/{id} → 200 {success: true, data: {status: FULFILLED, quantity: 2, "
        "cards: [2 × {value: text(14), serial: text(1)}]}}"
    )


def test_the_name_of_an_error_is_kept_and_the_code_of_a_card_is_not():
    error = json.dumps({"error": {"code": "ERR_STOCK", "message": CANARY}}).encode()
    card = json.dumps({"card": {"code": "ABCDEFGH"}}).encode()

    assert "code: ERR_STOCK, message: text(14)" in describe("POST", "https://x/y", 400, error)
    assert "ABCDEFGH" not in describe("POST", "https://x/y", 200, card)


def test_a_refusal_of_telegram_is_kept_without_the_token_and_what_it_quotes():
    answer = {"ok": False, "description": f"Bad Request: can't parse entities: {CANARY} at 7"}
    url = "https://api.telegram.org/bot7000000001:SECRETSECRET/sendMessage"

    line = describe("POST", url, 400, json.dumps(answer).encode())

    assert line == "sendMessage → 400 Bad Request: can't parse entities"
    assert describe("POST", url, 403, b"<html>") == "sendMessage → 403 (no JSON object)"
    assert describe("POST", url, 200, b"") == "sendMessage → 200"


_SECRET = st.sampled_from(
    [CANARY, "SANDBOX-CARD-12", "1234567890123456", "a1b2c3d4e5f6", "770001234"]
)
_VALUE = st.recursive(
    _SECRET,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "code", "pin", "status", "id", "amount", "error", "name"])
            | _SECRET,
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(body=_VALUE, path=_SECRET)
def test_no_secret_in_an_answer_or_an_address_is_kept(body, path):
    line = describe("GET", f"https://x.example/v3/{path}?q={path}", 200, json.dumps(body).encode())

    for secret in (CANARY, "SANDBOX", "1234567890123456", "a1b2c3d4e5f6", "770001234"):
        assert secret not in line


def test_equal_answers_are_one_line_and_polls_are_none():
    witness, bot = Witness(), "https://t.example/bot1:x"
    for _ in range(3):
        witness("POST", f"{bot}/sendMessage", 200, b"{}")
        witness("POST", f"{bot}/getUpdates", 200, b"{}")
    witness("POST", f"{bot}/sendMessage", 400, b'{"description": "Bad Request: X"}')

    assert witness.lines()[0] == "sendMessage → 200 (×3)"
    assert (len(witness.lines()), witness.sent) == (2, 3)
    witness.begin()
    assert witness.lines() == []


def test_the_code_of_a_failure_is_kept_only_where_it_is_a_name():
    assert code_of(PaymentFailure("UNREADABLE")) == "UNREADABLE"
    assert code_of(PaymentFailure("422")) == "422"
    assert CANARY not in code_of(PaymentFailure(f"no {CANARY}"))


def test_the_code_of_a_suppliers_failure_is_kept_only_where_it_is_a_name():
    told, odd = (OutOfStock("placeOrder", code, 400, "r") for code in ("ERR_STOCK", CANARY))

    assert describe_failure(told) == "OutOfStock ERR_STOCK 400"
    assert describe_failure(odd) == "OutOfStock 400"


def _results(folder):
    return Results(folder, 7, Redaction(["the-key-of-the-shop"], [770001234]))


def _result(**changes):
    made = {"key": "copy", "verdict": Verdict.AS_EXPECTED, "at": "now"}
    return Result(**{**made, **changes})


def test_neither_report_nor_results_hold_a_secret(tmp_path):
    results = _results(tmp_path)
    facts = {"seen": f"{CANARY} the-key-of-the-shop 770001234 PLAIN0CODE"}
    results.add(_result(facts=facts, calls=[f"{CANARY} 770001234"]), ["PLAIN0CODE"])

    path = results.write_report(STEPS, Played(["Telegram"], {"x": CANARY}, "en", 2), ["PLAIN0CODE"])

    for text in (path.read_text(), (tmp_path / "results.json").read_text()):
        for secret in (CANARY, "the-key-of-the-shop", "770001234", "PLAIN0CODE"):
            assert secret not in text
    assert "[hidden] [hidden] [person] [hidden]" in path.read_text()
    assert "Updates of other people meanwhile: 2" in path.read_text()
    assert (tmp_path / "results.json").stat().st_mode & 0o077 == 0


def test_results_are_read_again_by_the_same_bot_alone(tmp_path):
    results = _results(tmp_path)
    results.add(_result(memory={"message": 5}), [])

    again, other = _results(tmp_path), Results(tmp_path, 8, results.redact)
    again.load()
    other.load()

    assert again.by_step == results.by_step
    assert again.by_step["copy"].is_done
    assert other.by_step == {}


@pytest.mark.parametrize("text", ["", "[1]", "{}", '{"format": 1, "bot": 7, "results": [{}]}'])
def test_results_that_cannot_be_read_count_as_none(tmp_path, text):
    (tmp_path / "results.json").write_text(text)

    results = _results(tmp_path)
    results.load()

    assert results.by_step == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("copi = 'yes'", "no question copi"),
        ("copy = 'maybe'", "must be one of yes, no, unsure, skip"),
        ("copy = yes", "is no TOML"),
        (None, "cannot be read"),
    ],
)
def test_a_file_of_answers_that_cannot_be_used_is_refused_in_a_sentence(tmp_path, text, says):
    path = tmp_path / "answers.toml"
    if text is not None:
        path.write_text(text)

    with pytest.raises(AnswersError, match=says):
        read_answers(path, QUESTIONS)


async def test_what_a_file_of_answers_leaves_out_is_skipped(tmp_path):
    (tmp_path / "answers.toml").write_text('copy = "yes"\n')

    asker = read_answers(tmp_path / "answers.toml", QUESTIONS)

    assert await asker.ask("copy", "?") is YES
    assert await asker.ask("hide", "?") is SKIP


async def test_a_closed_input_skips_every_question(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    asker = TerminalAsker(words("en"))

    with asker.reading():
        assert await asker.ask("copy", "?") is SKIP


async def test_a_terminal_that_is_closed_meanwhile_skips_every_question(monkeypatch):
    def read(number, most):
        raise OSError(5, os.strerror(5))

    mine, other = os.pipe()
    with os.fdopen(mine) as stdin, os.fdopen(other, "w"):
        monkeypatch.setattr("sys.stdin", stdin)
        asker = TerminalAsker(words("en"))
        with asker.reading():
            os.write(other, b"1\n")
            monkeypatch.setattr(os, "read", read)
            assert await asyncio.wait_for(asker.ask("copy", "?"), PATIENCE_SECONDS) is SKIP
            monkeypatch.undo()


class Kept:
    def __init__(self):
        self.updates = []

    async def receive(self, updates):
        self.updates += updates
        return len(updates)

    async def set_aside(self, number, text):
        self.updates.append(number)


def _message(update_id, person, **more):
    return {
        "update_id": update_id,
        "message": {"from": {"id": person}, "chat": {"id": person}, **more},
    }


async def test_only_the_operators_updates_are_played_with():
    played, real = Kept(), Kept()
    updates = SortedUpdates(played, real, 5)
    refund = {"update_id": 4, "message": {"from": {"id": 99}, "chat": {"id": 5}}}
    odd = {"update_id": 3, "message": {"chat": []}}

    new = await updates.receive([_message(1, 5), _message(2, 6), odd, refund])

    assert [u["update_id"] for u in played.updates] == [1, 4]
    assert [u["update_id"] for u in real.updates] == [2, 3]
    assert (new, updates.of_others, len(updates.messages())) == (4, 2, 2)


async def test_a_held_press_does_not_come_to_the_shop():
    played = Kept()
    updates = SortedUpdates(played, None, 5)
    press = {"update_id": 1, "callback_query": {"id": "77", "from": {"id": 5}}}

    updates.hold_presses(held=True)
    await updates.receive([press])
    assert (played.updates, updates.presses()[0]["id"]) == ([], "77")

    updates.hold_presses(held=False)
    updates.begin()
    assert updates.presses() == []
    await updates.receive([press])
    assert played.updates == [press]


def test_the_coloured_buttons_of_a_rehearsal_lead_home():
    screen = screens.colours(words("en"))

    assert [row[0].style for row in screen.rows] == ["success", "danger", None]
    assert {row[0].data for row in screen.rows} == {"home"}
