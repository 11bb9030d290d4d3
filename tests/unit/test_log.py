"""Logs show no secret, no code and no URL."""

import json
import logging

from bot.log import RedactedFormatter, Redactor, keep_pattern_only, set_up_logging


def test_a_secret_in_a_log_line_or_a_traceback_is_hidden():
    redact = Redactor(["canary-secret", "abc"])
    formatter = RedactedFormatter(redact, as_json=False)
    try:
        raise ValueError("canary-secret and 123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    except ValueError as error:
        record = logging.LogRecord(
            "x",
            logging.ERROR,
            "",
            0,
            "code ABCD-EFGH-IJKL-MNOP %s",
            ("canary-secret",),
            (ValueError, error, error.__traceback__),
        )

    shown = formatter.format(record)
    assert "canary" not in shown
    assert "AAAAAAAA" not in shown
    assert "EFGH" not in shown
    assert "Traceback" in shown
    as_json = json.loads(RedactedFormatter(redact, as_json=True).format(record))
    assert "canary" not in json.dumps(as_json)
    assert as_json["level"] == "ERROR"


def test_ids_and_words_stay_readable():
    redact = Redactor([])
    for text in (
        "order 12 of 6901616fe9e88196b4eb64b3",
        "GET /v3/gift-cards/list",
        "RATE_LIMIT_EXCEEDED",
        "2026-11-21 03:20:05",
    ):
        assert redact(text) == text
    assert redact("SANDBOX-CARD-1") == "[hidden]"


def test_urls_are_not_logged(capsys):
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        set_up_logging("INFO", as_json=False, secrets=["canary-secret"])
        logging.getLogger("httpx").info("https://api.telegram.org/bot123/getMe")
        logging.getLogger("x").info("canary-secret here")
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
    shown = capsys.readouterr().err
    assert "telegram.org" not in shown
    assert "[hidden] here" in shown


def test_records_of_the_telegram_library_lose_their_arguments():
    record = logging.LogRecord("telegram.x", 40, "", 1, "cannot load %r", ("CODE-1",), None)
    record.exc_info = (ValueError, ValueError("CODE-2"), None)
    other = logging.LogRecord("hanout", 40, "", 1, "%d orders", (5,), None)

    assert keep_pattern_only(record)
    assert keep_pattern_only(other)

    assert record.getMessage() == "cannot load %r (ValueError)"
    assert record.exc_info is None
    assert other.getMessage() == "5 orders"
    plain = logging.LogRecord("telegram", 40, "", 1, "x", (), None)
    assert keep_pattern_only(plain) and plain.getMessage() == "x"
