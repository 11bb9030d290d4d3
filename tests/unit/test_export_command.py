"""What `hanout export` writes, and says where it writes nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.vault import new_key

RUN = CliRunner()


@pytest.fixture
def shop(required_settings, tmp_path: Path) -> Path:
    """A migrated database without a single order."""
    path = tmp_path / "h.db"
    required_settings.setenv("DATABASE_URL", f"sqlite:///{path}")
    required_settings.setenv("HANOUT_KEYS", new_key("k1"))
    assert RUN.invoke(cli, ["migrate"]).exit_code == 0
    return path


def export(*options: str):
    return RUN.invoke(cli, ["export", *options])


def test_a_month_is_written_in_every_form(shop: Path, tmp_path: Path):
    folder, book, ledger = tmp_path / "new" / "csv", tmp_path / "m.xlsx", tmp_path / "m.beancount"

    done = export(
        "--month", "2026-01", "--csv", str(folder), "--xlsx", str(book), "--ledger", str(ledger)
    )

    assert (done.exit_code, done.output) == (0, "2026-01: 0 orders; the books tie.\n")
    assert {it.name for it in folder.iterdir()} == {
        *("orders.csv", "ledger.csv", "payments.csv", "summary.csv")
    }
    assert book.read_bytes().startswith(b"PK")
    assert "2026-01-01 open Equity:Opening DZD" in ledger.read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--month", "last", "--xlsx", "x"], "--month is a month such as 2026-10."),
        (["--month", "2026-01"], "Say where: --xlsx FILE, --csv FOLDER or --ledger FILE."),
        (["--month", "2999-01", "--xlsx", "x"], "2999-01 is not over in Africa/Algiers"),
        (["--month", "2026-01", "--xlsx", "/proc/x.xlsx"], "cannot be written"),
        (["--month", "2026-01", "--csv", "/proc/x"], "/proc/x cannot be written"),
    ],
)
def test_what_cannot_be_written_is_explained(shop: Path, options, said):
    refused = export(*options)

    assert refused.exit_code == 1
    assert said in refused.output
    assert isinstance(refused.exception, SystemExit)


def test_a_month_that_does_not_tie_names_what_differs(shop: Path, tmp_path: Path):
    with closing(sqlite3.connect(shop)) as db:
        db.execute(
            "INSERT INTO accounts (name, balance_minor, may_be_negative) VALUES ('sales', 5, 1)"
        )
        db.commit()

    refused = export("--month", "2026-01", "--xlsx", str(tmp_path / "m.xlsx"))

    assert refused.exit_code == 1
    assert "Nothing was written" in refused.output
    assert "  sales: its balance is not the sum of its entries" in refused.output
    assert not (tmp_path / "m.xlsx").exists()
