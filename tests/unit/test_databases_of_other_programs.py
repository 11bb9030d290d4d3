"""A database in which another program keeps its tables: every command leaves it alone, and says so."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from storage.migrations import HEAD
from tests.unit.test_database_failures import (
    assert_sentence,
    of_schema,
    refused,
    sqlite_with,
)

pytestmark = pytest.mark.usefixtures("no_settings")


def test_a_database_of_another_program_gets_no_tables(required_settings, tmp_path: Path):
    url = sqlite_with(tmp_path / "h.db", "CREATE TABLE people (x)", "CREATE TABLE bookings (x)")
    required_settings.setenv("DATABASE_URL", url)

    result = CliRunner().invoke(cli, ["migrate"])  # as `hanout run` begins

    said = "tables of another program (bookings, people), and none of a shop; name an empty"
    assert_sentence(result, said)
    with closing(sqlite3.connect(tmp_path / "h.db")) as db:
        assert len(db.execute("SELECT name FROM sqlite_master").fetchall()) == 2


@pytest.mark.parametrize(
    ("revisions", "tables"),
    [
        (["a1b2c3d4e5f6"], ["bookings"]),
        (["a1b2c3d4e5f6"], ["bookings", "orders", "postings"]),
        (["a1b2c3d4e5f6", "0f1e2d3c4b5a"], ["bookings"]),
        (["0100", "9999"], ["bookings", "orders", "postings"]),
        (["0100"], ["bookings"]),
        (["9999"], ["bookings", "orders"]),
        ([HEAD], ["bookings"]),
    ],
    ids="-".join,
)
def test_a_database_of_another_program_that_uses_alembic(
    required_settings, tmp_path: Path, revisions: list[str], tables: list[str]
):
    url = of_schema(tmp_path / "h.db", *revisions, tables=tables)
    said = f"tables of another program ({', '.join(tables)}), and none of a shop; name an empty"

    refused(required_settings, url, said)

    assert_sentence(CliRunner().invoke(cli, ["migrate"]), said)


@pytest.mark.parametrize("table", ["_litestream_seq", "spatial_ref_sys", "alembic_version"])
def test_what_serves_any_program_is_no_other_program(required_settings, tmp_path: Path, table: str):
    url = sqlite_with(tmp_path / "h.db", f"CREATE TABLE {table} (version_num VARCHAR(32))")
    required_settings.setenv("DATABASE_URL", url)

    assert "now up to date" in CliRunner().invoke(cli, ["migrate"]).output
