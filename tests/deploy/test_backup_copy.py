"""deploy/backup-copy copies sealed backups to another machine, for which a folder stands here."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from bot.sealed_file import check_file
from bot.vault import new_key, parse_keys
from tests.deploy.machine import BIN, tool
from tests.unit.conftest import REQUIRED_SETTINGS

SCRIPT = Path(__file__).parents[2] / "deploy/backup-copy/hanout-backup-copy"
KEY = new_key("k1")

pytestmark = pytest.mark.skipif(not tool("rsync"), reason="rsync is not installed")


class Machine:
    def __init__(self, folder: Path, migrated: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        shutil.copy(migrated, self.data / "hanout.db")
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()
        self.env = {**os.environ, **REQUIRED_SETTINGS, "HANOUT_KEYS": KEY}
        self.env |= {"HANOUT": str(BIN / "hanout"), "HANOUT_COPY_TO": f"{self.elsewhere}/"}

    def write(self, user_id: int) -> None:
        with closing(sqlite3.connect(self.data / "hanout.db")) as db, db:
            db.execute("CREATE TABLE IF NOT EXISTS written (id INTEGER)")
            db.execute("INSERT INTO written VALUES (?)", (user_id,))

    def run(self, *command: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            list(map(str, command)),
            cwd=self.folder,
            env={**self.env, **env},
            capture_output=True,
            text=True,
            check=False,
        )

    def copies(self) -> dict[str, int]:
        return {path.name: path.stat().st_mode & 0o777 for path in self.elsewhere.iterdir()}


@pytest.fixture
def machine(tmp_path, migrated):
    return Machine(tmp_path / "machine", migrated)


def test_the_newest_and_those_of_the_nights_are_copied_sealed(machine, tmp_path):
    nightly = machine.run(BIN / "hanout", "backup")
    assert nightly.returncode == 0, nightly.stderr
    (machine.data / "backups" / "mine.txt").write_text("not a backup")
    machine.write(1)
    first = machine.run(SCRIPT)
    machine.write(2)

    second = machine.run(SCRIPT)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    copies = machine.copies()
    hours = [name for name in copies if name.startswith("hour-")]
    assert len(hours) in (1, 2), "two where the hour ended between them"
    assert len(copies) == len(hours) + 1
    assert set(copies.values()) == {0o600}
    for path in machine.elsewhere.iterdir():
        check_file(path, parse_keys(KEY))
        assert b"SQLite" not in path.read_bytes()
    assert [p.name for p in (machine.data / "backups").iterdir() if p.name.startswith(".")] == []

    newest = max(machine.elsewhere.glob("hour-*"), key=lambda path: path.stat().st_mtime)
    target = tmp_path / "second" / "hanout.db"
    restored = machine.run(
        BIN / "hanout", "restore", newest, "--no-supplier", DATABASE_URL=f"sqlite:///{target}"
    )
    assert restored.returncode == 0, restored.stdout + restored.stderr
    with closing(sqlite3.connect(target)) as db:
        assert db.execute("SELECT id FROM written").fetchall() == [(1,), (2,)]


def test_a_machine_that_lost_its_backups_takes_none_from_the_other(machine):
    machine.run(BIN / "hanout", "backup")
    machine.run(SCRIPT)
    before = machine.copies()
    shutil.rmtree(machine.data / "backups")

    machine.run(SCRIPT)

    assert before.keys() <= machine.copies().keys()


def test_what_fails_is_seen_by_systemd(machine):
    assert machine.run(SCRIPT, HANOUT_COPY_TO="").returncode != 0
    assert machine.run(SCRIPT, HANOUT_COPY_TO="/nowhere/else/").returncode != 0
    (machine.data / "hanout.db").unlink()
    failed = machine.run(SCRIPT)
    assert (failed.returncode, "there is no database" in failed.stderr) == (1, True)
    assert list((machine.data / "backups").iterdir()) == []
