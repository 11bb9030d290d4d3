"""What `hanout keys abandon`, `move` and `restore` ask and say on the shell."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import move_command
from bot.cli import cli
from bot.domain.records import Locale, MoveMark, MoveState
from bot.domain.supplier import Card
from bot.services.codes.custody import seal_card
from bot.vault import AesVault, new_key, parse_keys
from storage.migrations import EARLIER
from storage.store import Store
from tests.fakes import START

RUN = CliRunner()
LOST, NEW = new_key("k1"), new_key("k2")


@pytest.fixture
def shop(required_settings, tmp_path: Path) -> Path:
    """A database in which k1 sealed one code; HANOUT_KEYS has k2 alone."""
    path = tmp_path / "h.db"
    required_settings.setenv("DATABASE_URL", f"sqlite:///{path}")
    required_settings.setenv("HANOUT_KEYS", LOST)
    assert RUN.invoke(cli, ["migrate"]).exit_code == 0
    assert RUN.invoke(cli, ["keys", "check"]).exit_code == 0
    with closing(sqlite3.connect(path)) as db:
        sealed = seal_card(AesVault(parse_keys(LOST)), 1, 0, Card("CODE"))["value"]
        db.execute(
            "INSERT INTO codes (order_id, position, key_id, value, fingerprint, deliver)"
            " VALUES (1, 0, 'k1', ?, x'00', 1)",
            (sealed.blob,),
        )
        db.commit()
    required_settings.setenv("HANOUT_KEYS", NEW)
    assert "do not fit" in RUN.invoke(cli, ["keys", "check"]).output
    return path


def test_a_key_is_given_up_only_by_its_name(shop: Path):
    for typed in ("", "yes", "k2"):
        refused = RUN.invoke(cli, ["keys", "abandon", "k1"], input=f"{typed}\n")
        assert (refused.exit_code, "it was not confirmed" in refused.output) == (1, True)
    assert RUN.invoke(cli, ["keys", "check"]).exit_code == 1

    done = RUN.invoke(cli, ["keys", "abandon", "k1"], input="k1\n")

    assert done.exit_code == 0
    assert "1 codes of 1 orders" in done.output
    assert "k1 is given up" in done.output
    assert RUN.invoke(cli, ["keys", "check"]).exit_code == 0
    again = RUN.invoke(cli, ["keys", "abandon", "k1"])
    assert (again.exit_code, "nothing changes" in again.output) == (0, True)


def test_scripts_give_up_a_key_without_a_question(shop: Path):
    assert RUN.invoke(cli, ["keys", "abandon", "k1", "--yes"]).exit_code == 0
    rotated = RUN.invoke(cli, ["keys", "rotate"])
    assert (rotated.exit_code, "No other key is needed" in rotated.output) == (0, True)
    assert "not restarted since" not in rotated.output  # there is one key


def test_a_key_that_is_there_is_kept(shop: Path, required_settings):
    required_settings.setenv("HANOUT_KEYS", f"{NEW},{LOST}")

    refused = RUN.invoke(cli, ["keys", "abandon", "k1", "--yes"])

    assert refused.exit_code == 1
    assert refused.output == (
        "No key was given up: k1 is in HANOUT_KEYS; only a key that is lost can be given up.\n"
    )


def mark_as_moved(path: Path) -> None:
    async def mark(tx) -> None:
        await tx.moves.set(MoveMark("m", MoveState.MOVED, "postgresql://u@h/d", "here", START))
        await tx.customers.add(1, Locale.EN, START)

    async def write() -> None:
        store = Store(f"sqlite:///{path}")
        await store.write(mark)
        await store.close()

    asyncio.run(write())


@pytest.mark.parametrize(
    "command",
    [
        ["run"],
        ["audit"],
        ["keys", "check"],
        ["keys", "rotate"],
        ["keys", "abandon", "k1", "--yes"],
        ["catalogue", "export"],
    ],
)
def test_a_shop_that_has_moved_refuses_in_one_sentence(shop: Path, command: list[str]):
    mark_as_moved(shop)

    refused = RUN.invoke(cli, command)

    assert refused.exit_code == 1
    assert refused.output == (
        f"This shop has moved to postgresql://u@h/d ({START:%Y-%m-%d %H:%M} UTC): name that in DATABASE_URL, or "
        f"bring it back with everything since by `hanout move postgresql://u@h/d sqlite:///{shop}`\n"
    )
    doctor = RUN.invoke(cli, ["doctor"])
    assert "FAIL database: This shop has moved to" in doctor.output


def test_a_shop_that_has_moved_is_not_given_to_another_bot(shop: Path, required_settings):
    assert RUN.invoke(cli, ["adopt", "--yes"]).exit_code == 0
    mark_as_moved(shop)
    required_settings.setenv("TELEGRAM_TOKEN", "77:other")

    refused = RUN.invoke(cli, ["adopt", "--yes"])

    assert refused.exit_code == 1
    assert refused.output.startswith("Nothing was changed: This shop has moved to postgresql:")


def test_adopt_looks_for_a_move_before_it_changes_the_schema(shop: Path):
    mark_as_moved(shop)
    with closing(sqlite3.connect(shop)) as db:
        db.execute("UPDATE alembic_version SET version_num = ?", (max(EARLIER),))
        db.commit()

    refused = RUN.invoke(cli, ["adopt", "--yes"])

    assert refused.output.startswith("Nothing was changed: This shop has moved to postgresql:")
    with closing(sqlite3.connect(shop)) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchone()[0] == max(EARLIER)


def test_a_backup_of_what_a_shop_has_left_says_so_and_pushes_out_no_other(
    shop: Path, required_settings, tmp_path: Path
):
    required_settings.setenv("BACKUP_FOLDER", str(tmp_path / "kept"))
    mark_as_moved(shop)

    refused = RUN.invoke(cli, ["backup"])
    named = RUN.invoke(cli, ["backup", "--to", str(tmp_path / "a.backup")])

    assert refused.exit_code == 1
    assert refused.output.startswith("No backup was made: This shop has moved to postgresql:")
    assert not (tmp_path / "kept").exists()
    assert named.exit_code == 0
    assert "This is a backup of what the shop has left. This shop has moved to" in named.output
    assert (tmp_path / "a.backup").exists()


def test_keys_that_do_not_fit_push_out_no_backup_of_the_folder(
    shop: Path, required_settings, tmp_path: Path
):
    required_settings.setenv("BACKUP_FOLDER", str(tmp_path / "kept"))

    refused = RUN.invoke(cli, ["backup"])
    named = RUN.invoke(cli, ["backup", "--to", str(tmp_path / "a.backup")])

    assert refused.exit_code == 1
    assert refused.output.startswith("No backup was made: HANOUT_KEYS do not fit this database")
    assert not (tmp_path / "kept").exists()
    assert named.exit_code == 0
    required_settings.setenv("HANOUT_KEYS", f"{NEW},{LOST}")
    assert RUN.invoke(cli, ["backup"]).exit_code == 0


def test_a_restore_over_a_shop_that_has_moved_says_so_and_can_be_opened(
    shop: Path, required_settings, tmp_path: Path
):
    required_settings.setenv("HANOUT_KEYS", f"{NEW},{LOST}")
    mark_as_moved(shop)
    made = tmp_path / "a.backup"
    assert RUN.invoke(cli, ["backup", "--to", str(made)]).exit_code == 0

    done = RUN.invoke(cli, ["restore", str(made), "--replace", "--no-supplier"])

    assert "The shop had moved to postgresql://u@h/d" in done.output
    assert RUN.invoke(cli, ["keys", "check"]).exit_code == 0


def test_numbers_go_on_above_those_of_the_database_that_is_replaced(
    shop: Path, required_settings, tmp_path: Path
):
    required_settings.setenv("HANOUT_KEYS", f"{NEW},{LOST}")
    made = tmp_path / "a.backup"
    assert RUN.invoke(cli, ["backup", "--to", str(made)]).exit_code == 0
    restore = ["restore", str(made), "--replace", "--no-supplier"]

    first, second = (RUN.invoke(cli, restore).output for _ in range(2))
    third = RUN.invoke(cli, [*restore, "--numbers-above", "41000"]).output

    for said, number in ((first, 1000), (second, 2000), (third, 42000)):
        words = f"begin above {number} (orders), HN{number} (payments), {number} (support cases)"
        assert words in said


def test_numbers_of_a_file_that_is_no_database_are_not_known(
    shop: Path, required_settings, tmp_path: Path
):
    required_settings.setenv("HANOUT_KEYS", f"{NEW},{LOST}")
    made = tmp_path / "a.backup"
    assert RUN.invoke(cli, ["backup", "--to", str(made)]).exit_code == 0
    shop.write_text("damaged" * 99)

    done = RUN.invoke(cli, ["restore", str(made), "--replace", "--no-supplier"])

    assert "begin above 1000 (orders)" in done.output


def test_a_move_finds_the_database_of_the_shop_also_by_default_and_in_a_mounted_file(
    required_settings, tmp_path: Path
):
    required_settings.delenv("DATABASE_URL", raising=False)
    elsewhere = "postgresql://shop@127.0.0.1:1/shop"
    by_default = RUN.invoke(cli, ["move", "env:DATABASE_URL", elsewhere])
    (tmp_path / "database_url").write_text(elsewhere)
    required_settings.setenv("SECRETS_FOLDER", str(tmp_path))

    mounted = RUN.invoke(cli, ["move", "env:DATABASE_URL", elsewhere])

    assert "there is no database at data/hanout.db" in by_default.output
    assert "one of the two has to be SQLite" in mounted.output


def test_progress_is_one_line_for_each_table_and_counts_on_a_terminal(capsys, monkeypatch):
    plain = move_command.Progress()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    live = move_command.Progress()

    for progress in (plain, live):
        progress("orders", 1000, 1500)
        progress("orders", 1500, 1500)

    lines = "orders: 1500 of 1500 rows\n"
    counted = f"\r\x1b[Korders: 1000 of 1500 rows\r\x1b[K{lines}"
    assert capsys.readouterr().out == lines + counted
