"""`hanout setup --yes`, with options, the environment and files; settings that are mounted; the keys of a shop."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.services.codes.custody import check_keys
from bot.settings import load_settings
from bot.setup import checks, ending, places
from bot.vault import AesVault, new_key, parse_keys
from storage.migrate import migrate
from storage.store import Store
from tests.integration.setting_up import STOP, first_answers, machine, without_addresses

__all__ = ["machine"]


@pytest.fixture
def secret_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("secrets")

    def write(name: str, text: str) -> str:
        (folder / name).write_text(f"{text}\n")
        return f"{name}={folder / name}"

    return write


def given(machine, secret_file, **values: str) -> dict[str, object]:
    return {
        "yes": True,
        "values": [f"{name}={value}" for name, value in {"ADMIN_IDS": "1000", **values}.items()],
        "secret": [
            secret_file("TELEGRAM_TOKEN", machine.token),
            secret_file("ONECLICKDZ_API_KEY", machine.key()),
        ],
    }


async def test_a_shop_is_set_up_without_a_question(machine, secret_file):
    said = await machine.set_up(**given(machine, secret_file, MARKUP_PERCENT="10"))

    assert (said.status, said.asked) == (0, 0)
    without_addresses(machine)
    settings = load_settings()
    assert settings.markup_percent == 10
    assert settings.telegram_token.get_secret_value() == machine.token
    assert not [secret for secret in filter(None, settings.secrets()) if secret in said.text]
    before = machine.env.read_bytes()
    again = await machine.set_up(yes=True)
    assert (again.status, machine.env.read_bytes()) == (0, before)


async def test_the_environment_answers_too_and_what_it_answers_is_written(machine):
    for name, value in {
        "TELEGRAM_TOKEN": machine.token,
        "ADMIN_IDS": "1000",
        "ONECLICKDZ_API_KEY": machine.key(),
        "LC_ALL": "ar_DZ.UTF-8",
    }.items():
        machine.monkeypatch.setenv(name, value)

    said = await machine.set_up(yes=True, language="")

    assert said.status == 0
    assert "إعداد المتجر" in said.text
    assert machine.has("ADMIN_IDS") == "1000"
    assert machine.has("DEFAULT_LANGUAGE") == "ar"


async def test_what_the_environment_has_otherwise_than_the_answers_is_said(machine):
    machine.monkeypatch.setenv("MARKUP_PERCENT", "5")
    answers = list(first_answers(machine, machine.key()))
    answers[4] = "6"

    said = await machine.set_up(*answers)

    assert "MARKUP_PERCENT is set in the environment of this terminal too" in said.text


async def test_all_that_is_missing_is_named_at_once(machine):
    said = await machine.set_up(yes=True, values=["PAYMENT_METHODS=stars,transfer,chargily"])

    assert said.status == 1
    names = (
        "TELEGRAM_TOKEN, ADMIN_IDS, ONECLICKDZ_API_KEY, TRANSFER_INSTRUCTIONS_EN, STARS_DINARS, "
    )
    assert f"These settings are missing: {names}CHARGILY_SECRET_KEY" in said.text
    assert list(machine.folder.iterdir()) == []


WRONG: list[tuple[dict[str, str], str]] = [
    ({"ADMIN_IDS": "@x", "PRICE_STEP": "abc"}, "ADMIN_IDS: must be numbers, not @names"),
    ({"ADMIN_IDS": "@x", "PRICE_STEP": "abc"}, "PRICE_STEP: must be an amount in dinars"),
    (
        {"ONECLICKDZ_BASE_URL": "http://127.0.0.1:1/v3"},
        "OneClickDz: the connection was refused",
    ),
    ({"ONECLICKDZ_BASE_URL": "http://127.0.0.1:1/v3"}, "go on without a check: --unchecked"),
    ({"PAYMENT_METHODS": "ocpay", "SUPPLIERS": "starship"}, "missing: STARSHIP_API_KEY"),
]


async def test_what_is_wrong_is_said_and_nothing_is_written(machine, secret_file):
    for values, sentence in WRONG:
        said = await machine.set_up(**given(machine, secret_file, **values))

        assert said.status == 1
        assert sentence in said.text
        assert list(machine.folder.iterdir()) == []


async def test_unchecked_goes_on_where_nobody_could_be_asked_but_not_against_a_refusal(
    machine, secret_file
):
    options = given(machine, secret_file, ONECLICKDZ_BASE_URL="http://127.0.0.1:1/v3")
    unreached = await machine.set_up(**options, unchecked=True)
    options["secret"] = [secret_file("TELEGRAM_TOKEN", "7000000001:other")]
    refused = await machine.set_up(**options, unchecked=True)

    assert "✓" in unreached.text and "is written" in unreached.text
    assert refused.status == 1 and "TELEGRAM_TOKEN: Telegram does not accept" in refused.text
    assert machine.has("TELEGRAM_TOKEN") == machine.token


OPTIONS: list[tuple[dict[str, list[str]], str]] = [
    ({"values": ["TELEGRAM_TOKEN=7000000001:canary"]}, "TELEGRAM_TOKEN is a secret"),
    ({"values": ["DATABASE_URL=postgresql://u:canary@h/d"]}, "DATABASE_URL is a secret"),
    ({"values": ["ADMIN_ID=1"]}, "“ADMIN_ID” isn’t a setting"),
    ({"values": ["ADMIN_IDS"]}, "“ADMIN_IDS” isn’t a setting with a value"),
    (
        {"secret": ["TELEGRAM_TOKEN=/nowhere/at/all"]},
        "The file /nowhere/at/all cannot be read.",
    ),
]


async def test_options_that_cannot_be_used_are_told(machine):
    for options, sentence in OPTIONS:
        said = await machine.set_up(yes=True, **options)

        assert said.status == 1
        assert sentence in said.text
        assert "canary" not in said.text


async def test_a_terminal_is_needed_to_ask(machine):
    machine.monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    said = await machine.set_up(*first_answers(machine, "x"))

    assert (said.status, said.asked) == (1, 0)
    assert "run it in a terminal, or give --yes" in said.text


async def test_settings_that_are_mounted_are_neither_asked_nor_written(machine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mounted")
    (folder / "telegram_token").write_text(machine.token)
    (folder / "hanout_keys").write_text(new_key("k1"))
    machine.env.write_text(f"SECRETS_FOLDER={folder}\n")
    machine.monkeypatch.setenv("TELEGRAM_TOKEN", "7000000001:of-the-environment")
    answers = first_answers(machine, machine.key())

    said = await machine.set_up(*answers[1:])

    assert (said.status, said.left) == (0, [])
    assert machine.has("TELEGRAM_TOKEN") is None
    assert machine.has("HANOUT_KEYS") is None


async def test_a_file_that_cannot_be_used_is_told_before_any_question(machine):
    machine.env.symlink_to(machine.folder / "elsewhere")
    linked = await machine.set_up(machine.token)
    machine.env.unlink()
    machine.env.write_text("A=1\nhello\n")
    unreadable = await machine.set_up(machine.token)

    assert (linked.asked, unreadable.asked) == (0, 0)
    assert "is a link" in linked.text
    assert ".env: line 2 is not of the form NAME=value" in unreadable.text


async def test_a_file_that_changes_while_questions_are_asked_is_not_overwritten(
    machine, monkeypatch
):
    shown = ending.show_changes

    def edit(*words) -> None:
        machine.env.write_text("MAX_QUANTITY=3\n")
        shown(*words)

    monkeypatch.setattr(ending, "show_changes", edit)

    said = await machine.set_up(*first_answers(machine, machine.key()))

    assert said.status == 1
    assert "changed by somebody else meanwhile" in said.text
    assert machine.file() == "MAX_QUANTITY=3\n"


# ---- the keys


async def make_shop(machine, keys: str) -> None:
    (machine.folder / "data").mkdir(mode=0o700)
    store = Store("sqlite:///data/hanout.db")
    await migrate(store)
    await check_keys(store, AesVault(parse_keys(keys)))
    await store.close()


async def test_keys_are_made_once_and_never_replaced(machine):
    said = await machine.set_up(*first_answers(machine, machine.key()))
    made = machine.has("HANOUT_KEYS")
    again = await machine.set_up(*[""] * 4, "9", *[""] * 4, "1")

    assert made and machine.has("HANOUT_KEYS") == made
    assert "Keep a copy away from this machine" in said.text
    assert "Keep a copy" not in again.text


async def test_a_shop_that_is_there_is_asked_for_its_keys_and_gets_no_new_ones(machine):
    keys = new_key("k1")
    await make_shop(machine, keys)
    answers = first_answers(machine, machine.key())

    said = await machine.set_up(*answers[:8], "nonsense", new_key("k1"), "3", keys, *answers[8:])
    without = await machine.set_up(yes=True)
    machine.env.write_text(machine.file().replace(keys, ""))
    missing = await machine.set_up(yes=True)

    assert said.status == 0
    assert "Those aren’t keys." in said.text
    assert "These keys do not open what this database holds." in said.text
    assert keys not in said.text
    assert machine.has("HANOUT_KEYS") == ""
    assert without.status == 0
    assert (missing.status, "missing: HANOUT_KEYS" in missing.text) == (1, True)


async def test_another_bot_is_not_taken_for_that_of_the_database_unnoticed(machine):
    await machine.set_up(*first_answers(machine, machine.key()))
    keys = machine.has("HANOUT_KEYS")
    (machine.folder / "data").rmdir()
    await make_shop(machine, keys)
    machine.env.write_text(machine.file().replace(f"={machine.token}", "=123456:former"))

    said = await machine.set_up(machine.token, "3", machine.token, "2", STOP)

    assert said.text.count("another bot than the one this database belongs to") == 2
    assert "hanout adopt" in said.text
    assert "Your Telegram id" in said.text


async def test_the_password_of_a_database_is_not_shown_as_a_default(machine):
    machine.env.write_text("DATABASE_URL=postgresql://shop:canary@127.0.0.1:1/shop\n")
    answers = first_answers(machine, machine.key())

    said = await machine.set_up(*answers[:7], "", "2", new_key("k1"), "", "1")

    assert "[postgresql://shop:***@127.0.0.1:1/shop]" in said.text
    assert "The database cannot be used" in said.text
    assert "canary" not in said.text
    assert machine.has("DATABASE_URL") == "postgresql://shop:canary@127.0.0.1:1/shop"


async def test_a_value_of_the_environment_that_the_file_cannot_hold_is_told(machine):
    machine.monkeypatch.setenv("SUPPORT_CONTACT", "a${HOME}")

    said = await machine.set_up(*first_answers(machine, machine.key())[:-1])

    assert said.status == 1
    assert "SUPPORT_CONTACT: this value cannot stand in .env" in said.text
    assert not machine.env.exists()


async def test_a_line_like_a_setting_in_a_value_leaves_the_file_as_it_is(machine, secret_file):
    await machine.set_up(**given(machine, secret_file))
    before = machine.env.read_bytes()

    said = await machine.set_up(yes=True, values=["TRANSFER_INSTRUCTIONS_FR=CCP 12\nRIP=0079"])

    assert said.status == 1
    assert "TRANSFER_INSTRUCTIONS_FR: this value cannot stand in .env" in said.text
    assert machine.env.read_bytes() == before


async def test_another_database_is_not_taken_for_the_present_one_unnoticed(machine):
    await machine.set_up(*first_answers(machine, machine.key()))
    keys = machine.has("HANOUT_KEYS")
    (machine.folder / "data").rmdir()
    await make_shop(machine, keys)

    said = await machine.set_up(*[""] * 7, "sqlite:///other/shop.db", "3", STOP)

    assert "has a shop in it, and this one is empty" in said.text
    assert "hanout move" in said.text


async def test_a_database_that_does_not_work_is_told(machine):
    answers = first_answers(machine, machine.key())

    said = await machine.set_up(*answers[:7], "sqlite:////proc/nowhere/x.db", "3", "", STOP)

    assert "The database cannot be used: " in said.text


async def test_a_database_of_another_program_is_told(machine):
    with closing(sqlite3.connect(machine.folder / "other.db")) as db:
        db.execute("CREATE TABLE bookings (x)")
    answers = first_answers(machine, machine.key())

    said = await machine.set_up(*answers[:7], "sqlite:///other.db", "3", "", STOP)

    assert "The database cannot be used: This database has tables of another program" in said.text


async def test_a_folder_for_backups_that_cannot_be_used_is_told(machine):
    (machine.folder / "file").write_text("")
    answers = first_answers(machine, machine.key())
    access = os.access
    machine.monkeypatch.setattr(
        os,
        "access",
        lambda path, *how, **k: str(path) != "/proc" and access(path, *how, **k),
    )

    said = await machine.set_up(*answers[:8], "file", "/proc/nowhere", STOP)

    assert "file is a file. Name a folder." in said.text
    assert "The shop may not write to /proc." in said.text


def test_an_address_of_a_database_is_shown_without_its_password():
    assert places.shown_url("postgresql://u:canary@h/d") == "postgresql://u:***@h/d"
    assert places.shown_url("canary") == "••••"
    assert not places.has_password("sqlite:///a.db")
    assert places.has_password("what:canary@x")
    for option in ("password", "passfile", "sslpassword"):
        address = f"postgresql://u@h/d?{option}=canary&application_name=shop"
        assert "canary" not in places.shown_url(address)
        assert "application_name=shop" in places.shown_url(address)
        assert places.has_password(address)
    assert not places.has_password("postgresql://u@h/d?application_name=shop")


def test_causes_that_are_told_in_each_language_are_those_of_the_doctor():
    from bot.health import causes

    source = Path(causes.__file__).read_text()
    assert [each for each in checks.CAUSES if f'"{each}"' not in source] == []
