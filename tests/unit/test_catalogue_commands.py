"""`hanout catalogue`: prices and names of many products at once, by a file."""

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli

RUN = CliRunner()
_ROWS = """
INSERT INTO catalogue_categories VALUES (3, 'Gift cards', 0);
INSERT INTO catalogue_products
    VALUES (12, 3, 'starship', 'x1', 'PlayStation USA', 'US', 1, 0, NULL);
INSERT INTO catalogue_denominations
    (id, product_id, supplier_type_id, label, cost_minor, stock, listed, position)
    VALUES (45, 12, 't', '10 $', 159000, 5, 1, 0);
"""


@pytest.fixture
def shop(required_settings, tmp_path: Path) -> Path:
    path = tmp_path / "data" / "h.db"
    required_settings.setenv("DATABASE_URL", f"sqlite:///{path}")
    hanout("migrate")
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_ROWS)
    return path


def hanout(*words: str, status: int = 0) -> str:
    done = RUN.invoke(cli, list(words))
    assert done.exit_code == status, done.output
    return done.output


def stored(path: Path, query: str):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def test_a_file_is_exported_changed_shown_and_applied(shop, tmp_path):
    file = tmp_path / "shelf.csv"
    text = hanout("catalogue", "export")
    assert "d45,Gift cards,PlayStation USA,10 $,starship,1590,1720,,,,,,,,,,," in text
    file.write_text(text, encoding="utf-8")
    assert "changes nothing" in hanout("catalogue", "import", str(file))
    file.write_text(text.replace("1590,1720,,,,", "1590,1720,,1690,,"), encoding="utf-8")

    said = hanout("catalogue", "import", str(file))

    assert "line 4: d45 PlayStation USA · 10 $: fixed – → 1690" in said
    assert "Add --apply" in said
    assert stored(shop, "SELECT * FROM value_prices") == []
    assert "Changed: 1." in hanout("catalogue", "import", str(file), "--apply")
    assert stored(shop, "SELECT * FROM value_prices") == [(45, 169000, None)]
    assert stored(shop, "SELECT kind, operator_id, note FROM admin_actions") == [("import", 0, "1")]
    assert "was changed" not in hanout("catalogue", "import", str(file), "--apply")


def test_a_file_is_read_from_standard_input_too(shop):
    exported = hanout("catalogue", "export")

    done = RUN.invoke(cli, ["catalogue", "import"], input=exported)

    assert (done.exit_code, done.output) == (0, "The file changes nothing.\n")


def test_products_are_hidden_and_named_by_a_file(shop, tmp_path):
    file = tmp_path / "shelf.csv"
    text = hanout("catalogue", "export").removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    version = next(row["version"] for row in rows if row["id"] == "p12")
    file.write_text(f"id,hidden,name_fr,version\np12,yes,Carte console,{version}\n")

    said = hanout("catalogue", "import", str(file), "--apply")

    assert "line 2: p12 PlayStation USA: hidden – → yes" in said
    assert "line 2: p12 PlayStation USA: name_fr – → Carte console" in said
    assert stored(shop, "SELECT target, hidden FROM curation") == [("12", 1)]
    assert stored(shop, "SELECT locale, text FROM curation_texts") == [("fr", "Carte console")]
    file.write_text(f"id,max_quantity,version\np12,999,{version}\n")
    assert "999 cannot be read in the column max_quantity, which takes" in hanout(
        "catalogue", "import", str(file), status=1
    )


def test_what_is_wrong_is_said_in_a_sentence(shop, tmp_path):
    file = tmp_path / "shelf.csv"
    file.write_text("id,version\nd9,v1\n")

    assert "Nothing was changed: line 2: nothing has the id d9." in hanout(
        "catalogue", "import", str(file), status=1
    )
    assert "cannot be read" in hanout("catalogue", "import", str(tmp_path), status=1)
