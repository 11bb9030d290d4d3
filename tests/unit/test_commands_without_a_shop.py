"""With a wrong DATABASE_URL, or in another folder, commands find no shop, say so, and make none."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import cli
from storage.migrations import HEAD

pytestmark = pytest.mark.usefixtures("no_settings")
NEED_A_SHOP = [
    ["audit", "--no-supplier"],
    ["backup"],
    ["backup", "--to", "a.backup"],
    ["adopt", "--yes"],
    ["keys", "check"],
    ["keys", "rotate"],
    ["keys", "abandon", "k1", "--yes"],
    ["catalogue", "export"],
    ["catalogue", "import", "shelf.csv"],
    ["export", "--month", "2026-01", "--csv", "books"],
    ["stock", "list"],
    ["stock", "load", "1", "--cost", "10", "codes.txt"],
    ["stock", "sell", "1"],
    ["stock", "discard", "1"],
    ["stock", "withdraw", "1"],
]
MAY_MAKE_ONE = [["migrate"], ["stock", "add", "Streaming", "Netflix TR", "200 TRY"]]


@pytest.fixture
def folder(required_settings, monkeypatch, tmp_path: Path) -> Path:
    """Where hanout is started: another folder than the shop's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "shelf.csv").write_text("id\n")
    (tmp_path / "codes.txt").write_text("AAAA-BBBB\n")
    return tmp_path


def named(command: list[str]) -> str:
    return " ".join(command)


def hanout(command: list[str]) -> Result:
    return CliRunner().invoke(cli, command)


def assert_refused(done: Result, said: str) -> None:
    assert done.exit_code == 1, done.output
    assert said in done.output
    assert done.output.count("\n") == 1
    assert isinstance(done.exception, SystemExit)


@pytest.mark.parametrize("command", NEED_A_SHOP, ids=named)
def test_where_no_database_is_none_is_made(folder: Path, command: list[str]):
    before = set(folder.iterdir())

    done = hanout(command)

    assert_refused(done, f"there is no database at sqlite:///{folder}/data/hanout.db; look at")
    assert {path.name for path in set(folder.iterdir()) - before} <= {"books"}


@pytest.mark.parametrize("command", NEED_A_SHOP, ids=named)
def test_a_database_without_a_shop_stays_one(folder: Path, monkeypatch, command: list[str]):
    path = folder / "other.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE of_another_program (x)")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")

    done = hanout(command)

    assert_refused(done, f"there is no shop at sqlite:///{path}; look at DATABASE_URL")
    with closing(sqlite3.connect(path)) as db:
        tables = db.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("of_another_program",)]
    assert not list(folder.rglob("*.backup"))


@pytest.mark.parametrize("command", MAY_MAKE_ONE, ids=named)
def test_a_new_shop_is_made_by_what_begins_one(folder: Path, command: list[str]):
    assert hanout(command).exit_code == 0

    with closing(sqlite3.connect(folder / "data" / "hanout.db")) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


def test_every_command_is_looked_at():
    """A new one is in one of the lists, or works on no database of a shop, or tells of it otherwise."""
    other = {*("run", "setup", "doctor", "demo", "rehearse", "restore", "move"), "keys new"}
    names = set(words_of(typer.main.get_command(cli)))

    listed = [" ".join(each) for each in (*NEED_A_SHOP, *MAY_MAKE_ONE)]
    assert {
        name for name in names if not any(f"{one} ".startswith(f"{name} ") for one in listed)
    } == other


def words_of(command: Any, *before: str) -> Iterator[str]:
    for name, inner in getattr(command, "commands", {}).items():
        if hasattr(inner, "commands"):
            yield from words_of(inner, *before, name)
        else:
            yield " ".join((*before, name))
