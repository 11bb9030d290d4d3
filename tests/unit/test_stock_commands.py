"""`hanout stock`: the way to load codes that leaves the machine by no network."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from tests.own_stock import codes_of

RUN = CliRunner()
CSV = "code,pin,expires\n" + "".join(f"{c},{n:04},2031-12-31\n" for n, c in enumerate(codes_of(3)))


@pytest.fixture
def shop(required_settings, tmp_path: Path) -> Path:
    path = tmp_path / "data" / "h.db"
    required_settings.setenv("DATABASE_URL", f"sqlite:///{path}")
    required_settings.setenv("SUPPLIERS", "own")
    required_settings.delenv("ONECLICKDZ_API_KEY", raising=False)
    return path


def hanout(*words: str, stdin: str | bytes | None = None, status: int = 0) -> str:
    done = RUN.invoke(cli, ["stock", *words], input=stdin)
    assert done.exit_code == status, done.output
    return done.output


def stored(path: Path, query: str):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def test_a_batch_is_loaded_confirmed_sold_and_withdrawn_without_any_key(shop):
    assert "there is no database at" in hanout("list", status=1)
    assert not shop.parent.exists()
    assert RUN.invoke(cli, ["migrate"]).exit_code == 0
    assert "stock add" in hanout("list")
    assert "number is 1" in hanout("add", "Streaming", "Netflix TR", "200 TRY")
    assert "number is 1" in hanout("add", "Streaming", "Netflix TR", "200 TRY")

    said = hanout("load", "1", "--cost", "1240", stdin=CSV)

    assert "batch 1: not on sale yet, 3 of 3 left, ends 2031-12-31" in said
    assert "1,240.00 dinars each = 3,720.00 dinars" in said
    assert "hanout stock sell 1" in said
    assert not re.search("CANARY", said)
    assert "0 on sale" in hanout("list")
    assert "on sale, 3 of 3" in hanout("sell", "1")
    assert "3 on sale, 1,240.00 dinars each" in hanout("list")
    assert "withdrawn, 0 of 3" in hanout("withdraw", "1")
    assert "withdrawn, 0 of 3" in hanout("withdraw", "1")
    assert "thrown away or withdrawn" in hanout("sell", "1", status=1)
    kinds = stored(shop, "SELECT kind, operator_id, target FROM admin_actions")
    assert kinds == [("stock", 0, "batch 1")] * 3


def test_a_draft_is_thrown_away_and_its_file_may_be_loaded_again(shop, tmp_path):
    hanout("add", "Streaming", "Netflix TR", "200 TRY", "--low", "2", "--region", "Turkey")
    file = tmp_path / "codes.csv"
    file.write_text(CSV)
    hanout("load", "1", str(file), "--cost", "1240.50")
    assert "thrown away" in hanout("discard", "1")
    assert "3 of 3 left" in hanout("load", "1", str(file), "--cost", "1240.50")
    said = hanout("load", "1", str(file), "--cost", "1240.50", status=1)
    assert "3 already here" in said
    assert "Nothing was loaded" in said


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("A,B\nC,D", "has to name the columns"),
        ("code\n1.5E+15\n", "line 2 looks as if a spreadsheet"),
        ("code,expires\nA1,99/99/2030", "the date in line 2"),
        (b"PK\x03\x04rest", "a spreadsheet"),
        (b"\xff\xfa\xfb", "no text"),
        ("", "no code in it"),
        ("A" * 1_000_001, "larger than 1 MB"),
        ("\n".join(f"A{n}" for n in range(5_001)), "more than 5,000"),
    ],
)
def test_what_looks_wrong_is_refused_in_a_sentence(shop, data, words):
    hanout("add", "Streaming", "Netflix TR", "200 TRY")
    assert words in hanout("load", "1", "--cost", "1240", stdin=data, status=1)
    assert stored(shop, "SELECT count(*) FROM own_batches") == [(0,)]


def test_wrong_words_are_explained(shop, tmp_path):
    assert RUN.invoke(cli, ["migrate"]).exit_code == 0
    assert "no such value" in hanout("load", "7", "--cost", "1240", stdin="A1", status=1)
    assert "no such value or batch" in hanout("sell", "7", status=1)
    for cost in ("0", "-5", "much", "12 EUR"):
        assert "--cost is" in hanout("load", "1", f"--cost={cost}", stdin="A1", status=1)
    assert "cannot be read" in hanout("load", "1", str(tmp_path), "--cost", "5", status=1)
    assert "A name has 1 to 60" in hanout("add", "Streaming", " ", "200 TRY", status=1)
    assert "A name has 1 to 40" in hanout("add", "Streaming", "Netflix", "x" * 41, status=1)


@pytest.mark.parametrize("words", [("sell",), ("withdraw",), ("discard",), ("load", "--cost", "5")])
def test_a_number_that_no_database_holds_is_refused_in_words(shop, words):
    assert "Invalid value" in hanout(*words, "9" * 23, status=2)


def test_a_code_lies_in_no_file_in_clear(shop):
    hanout("add", "Streaming", "Netflix TR", "200 TRY")
    hanout("load", "1", "--cost", "1240", stdin=CSV)
    hanout("sell", "1")
    hanout("withdraw", "1")
    files = [p for p in shop.parent.rglob("*") if p.is_file()]
    assert shop in files
    assert not [p for p in files if b"CANARY" in p.read_bytes()]
