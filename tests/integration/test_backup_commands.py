"""`hanout backup` and `hanout restore` as an operator types them, and odd paths and rights of what they touch."""

import sqlite3
from contextlib import closing
from pathlib import Path

from typer.testing import CliRunner

from bot import backups, cli
from storage.leader_lock import FileLock, lock_file
from storage.snapshot import copy_sqlite, path_of
from tests.integration.test_backups import KEY, KEYS, ConfiguredHarness, shop

__all__ = ["shop"]


def test_the_commands_say_what_is_wrong(tmp_path: Path, monkeypatch):
    environment = {
        "TELEGRAM_TOKEN": "1:x",
        "ADMIN_IDS": "900",
        "ONECLICKDZ_API_KEY": "key",
        "HANOUT_KEYS": KEY,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'hanout.db'}",
        "BACKUP_FOLDER": str(tmp_path / "backups"),
    }
    monkeypatch.chdir(tmp_path)
    run = CliRunner(env=environment).invoke

    nothing = run(cli.cli, ["backup"])
    assert (nothing.exit_code, "there is no database at" in nothing.output) == (1, True)
    assert run(cli.cli, ["migrate"]).exit_code == 0
    made = run(cli.cli, ["backup", "--to", str(tmp_path / "a.backup")])
    assert (made.exit_code, "Copy it to another machine" in made.output) == (0, True)
    mistyped = run(cli.cli, ["backup", "--to", str(tmp_path / "mising" / "a.backup")])
    assert (mistyped.exit_code, "No backup was made: there is no folder" in mistyped.output) == (
        1,
        True,
    )
    assert not (tmp_path / "mising").exists()
    monkeypatch.chdir(tmp_path)
    for place in ("here.backup", "backups/mine.backup"):
        assert run(cli.cli, ["backup", "--to", place]).exit_code == 0
    there = run(cli.cli, ["restore", str(tmp_path / "a.backup"), "--no-supplier"])
    assert (there.exit_code, "Nothing was restored" in there.output) == (1, True)
    done = run(cli.cli, ["restore", str(tmp_path / "a.backup"), "--replace", "--no-supplier"])
    assert (done.exit_code, "Restored" in done.output) == (0, True), done.output


def test_a_backup_in_a_folder_that_this_user_may_not_enter_is_told(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    far = Path("/root/a.backup")
    is_file = Path.is_file

    def refuse(path: Path) -> bool:
        if path == far:
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refuse)
    environment = {
        "TELEGRAM_TOKEN": "1:x",
        "ADMIN_IDS": "900",
        "ONECLICKDZ_API_KEY": "key",
        "HANOUT_KEYS": KEY,
    }

    run = CliRunner(env=environment).invoke
    forbidden, missing = (run(cli.cli, ["restore", name]) for name in (str(far), "no.backup"))

    assert (forbidden.exit_code, missing.exit_code) == (1, 1)
    assert forbidden.output == (
        "Nothing was restored: /root/a.backup cannot be read: Permission denied; the user of the shop has to be able "
        "to read it\n"
    )
    assert missing.output == f"Nothing was restored: there is no file {tmp_path}/no.backup\n"


async def test_a_database_whose_path_means_something_in_an_address_is_backed_up_whole(
    shop: ConfiguredHarness, tmp_path: Path
):
    made: list[str] = []
    for name in ("shop #1", "a%25b", "what?"):
        made.append(name)
        folder = tmp_path / name
        folder.mkdir()
        copy_sqlite(path_of(shop.settings.database_url), folder / "hanout.db")
        copy_sqlite(folder / "hanout.db", folder / "copy.db")

        with closing(sqlite3.connect(folder / "copy.db")) as db:
            assert db.execute("SELECT count(*) FROM orders").fetchone() == (2,)
        strays = [it.name for it in tmp_path.iterdir() if not it.name.startswith("hanout.db")]
        assert sorted(strays) == sorted(made)


async def test_an_old_backup_that_cannot_be_removed_hinders_no_new_one(
    shop: ConfiguredHarness, tmp_path: Path, monkeypatch, caplog
):
    folder = tmp_path / "backups"
    folder.mkdir()
    kept = folder / "hanout-20200101-000000.backup"
    kept.write_text("x")
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == kept:
            raise PermissionError(1, "Operation not permitted", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    archive = backups.BackupFolder(folder, shop.settings.database_url, KEYS, shop.clock, 1)

    assert (await archive.keep()).exists()
    assert f"the old backup {kept} stays: Operation not permitted" in caplog.text


async def test_a_link_to_a_database_has_the_lock_of_what_it_leads_to(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "hanout.db").touch()
    (tmp_path / "hanout.db").symlink_to(tmp_path / "real" / "hanout.db")
    first = FileLock(lock_file(tmp_path / "hanout.db"))
    second = FileLock(lock_file(tmp_path / "real" / "hanout.db"))

    assert await first.take()
    assert not await second.take()
    await first.release()
