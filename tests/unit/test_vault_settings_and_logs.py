"""Keys, settings and logs: what is wrong is said, and no secret is ever in the saying."""

import base64
import json
import logging
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.errors import VaultFailure
from bot.log import RedactedFormatter, Redactor, keep_pattern_only, set_up_logging
from bot.settings import Settings, SettingsError, load_settings
from bot.vault import AesVault, new_key, parse_keys

GOOD = {
    "TELEGRAM_TOKEN": "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "ADMIN_IDS": "1, 2",
    "ONECLICKDZ_API_KEY": "canary-supplier-key",
    "HANOUT_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
}


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def good(monkeypatch):
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_what_is_sealed_opens_in_its_place_only():
    vault = AesVault(parse_keys(new_key("k1")))
    sealed = vault.seal("CODE", "codes|1|0|value")

    assert vault.open(sealed, "codes|1|0|value") == "CODE"
    for place in ("codes|1|1|value", "codes|2|0|value", "codes|1|0|serial"):
        with pytest.raises(VaultFailure):
            vault.open(sealed, place)
    assert b"CODE" not in sealed.blob
    assert "CODE" not in repr(sealed)
    assert vault.seal("CODE", "x").blob != vault.seal("CODE", "x").blob


def test_an_older_key_still_opens_and_a_foreign_one_does_not():
    old, new = new_key("old"), new_key("new")
    sealed = AesVault(parse_keys(old)).seal("CODE", "x")
    ring = AesVault(parse_keys(f"{new},{old}"))

    assert ring.newest == "new"
    assert ring.open(sealed, "x") == "CODE"
    assert len(ring.fingerprints("CODE")) == 2
    with pytest.raises(VaultFailure, match="old"):
        AesVault(parse_keys(new)).open(sealed, "x")
    with pytest.raises(VaultFailure):
        AesVault(parse_keys(new_key("old"))).open(sealed, "x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k1",
        "k1:short",
        "k1:é",
        ":" + "A" * 44,
        "a" * 17 + ":" + "A" * 43 + "=",
        f"{GOOD['HANOUT_KEYS']},{GOOD['HANOUT_KEYS']}",
        "k1:" + base64.b64encode(b"x" * 16).decode(),
    ],
)
def test_bad_keys_are_explained_without_being_shown(text):
    with pytest.raises(ValueError, match="key") as refused:
        parse_keys(text)
    assert not text or text not in str(refused.value)


def test_everything_missing_is_named_at_once():
    with pytest.raises(SettingsError) as refused:
        load_settings()
    for name in GOOD:
        assert name in str(refused.value)


def test_every_wrong_setting_is_named_and_no_value_shown(good):
    bad = {
        "TELEGRAM_TOKEN": "canary-token",
        "ADMIN_IDS": "canary,1",
        "HANOUT_KEYS": "canary:key",
        "TELEGRAM_API_URL": "canary-url",
        "ONECLICKDZ_BASE_URL": "https://canary.example/v2",
        "DATABASE_URL": "canary://db",
        "CODES_VISIBLE_FOR": "72h",
        "QUOTE_LIFETIME": "canary",
        "TIME_ZONE": "Canary/City",
        "MARKUP_PERCENT": "canary",
    }
    for name, value in bad.items():
        good.setenv(name, value)

    with pytest.raises(SettingsError) as refused:
        load_settings()

    assert [name for name in bad if name not in str(refused.value)] == []
    assert "canary" not in str(refused.value).lower().replace("canary_", "")


def test_durations_lists_and_money_are_read(good):
    good.setenv("CODES_VISIBLE_FOR", "90m")
    good.setenv("QUOTE_LIFETIME", "30")
    good.setenv("CATALOGUE_HIDDEN", "PSN, Xbox")
    good.setenv("PRICE_STEP", "5.5")
    settings = load_settings()
    policy = settings.policy()

    assert policy.codes_visible_for == timedelta(minutes=90)
    assert policy.quote_lifetime == timedelta(seconds=30)
    assert policy.hidden_categories == {"psn", "xbox"}
    assert policy.pricing.step_minor == 550
    assert policy.admin_ids == {1, 2}
    assert set(settings.secrets()) > {GOOD["TELEGRAM_TOKEN"], GOOD["ONECLICKDZ_API_KEY"]}


def test_keys_may_come_from_a_file(good, tmp_path):
    good.delenv("HANOUT_KEYS")
    path = tmp_path / "keys"
    good.setenv("HANOUT_KEYS_FILE", str(path))
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings().keys()
    path.write_text("nonsense")
    with pytest.raises(SettingsError, match="HANOUT_KEYS_FILE"):
        load_settings().keys()
    path.write_text(GOOD["HANOUT_KEYS"] + "\n")
    assert list(load_settings().keys()) == ["k1"]


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


def test_logging_is_quiet_about_urls(capsys):
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


def test_commands_explain_what_is_missing(monkeypatch):
    run = CliRunner()

    for command in (["run"], ["migrate"], ["keys", "check"]):
        result = run.invoke(cli, command)
        assert result.exit_code == 1
        assert "TELEGRAM_TOKEN" in result.output
    result = run.invoke(cli, ["doctor"])
    assert result.exit_code == 1
    assert "FAIL settings: HANOUT_KEYS" in result.output


def test_keys_are_made_and_checked(good, tmp_path):
    run = CliRunner()
    made = run.invoke(cli, ["keys", "new", "k7"]).output.strip()

    assert list(parse_keys(made)) == ["k7"]
    assert run.invoke(cli, ["keys", "new", "no spaces"]).exit_code == 1
    good.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/h.db")
    assert "now up to date" in run.invoke(cli, ["migrate"]).output
    assert "was up to date" in run.invoke(cli, ["migrate"]).output
    assert "open what" in run.invoke(cli, ["keys", "check"]).output
    good.setenv("HANOUT_KEYS", new_key("k1"))
    refused = run.invoke(cli, ["keys", "check"])
    assert refused.exit_code == 1
    assert "do not fit" in refused.output


def test_keys_are_rotated_by_a_command(good, tmp_path):
    run, old, new = CliRunner(), new_key("k1"), new_key("k2")
    good.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/h.db")
    good.setenv("HANOUT_KEYS", old)
    assert run.invoke(cli, ["keys", "check"]).exit_code == 0
    good.setenv("HANOUT_KEYS", f"{new},{old}")

    result = run.invoke(cli, ["keys", "rotate"])

    assert result.exit_code == 0
    assert "0 secrets are sealed anew with k2" in result.output
    assert "No other key is needed" in result.output
    good.setenv("HANOUT_KEYS", f"{new_key('k2')},{old}")
    assert "do not fit" in run.invoke(cli, ["keys", "rotate"]).output


def test_a_database_that_cannot_be_opened_is_explained(good):
    good.setenv("DATABASE_URL", "sqlite:////proc/nowhere/h.db")
    for command in (["migrate"], ["audit"], ["keys", "check"], ["keys", "rotate"], ["run"]):
        result = CliRunner().invoke(cli, command)
        assert result.exit_code == 1, command
        assert "database" in result.output


def test_the_telegram_librarys_words_lose_what_they_quote():
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
