"""The locked file of a SQLite shop: one holder, however the file is treated."""

import asyncio
import os
import stat
import subprocess
import sys

import pytest

from bot.errors import StorageFailure
from storage.leader_lock import FileLock, leader_lock


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "hanout.db.lock"


async def test_one_of_two_holds_it_and_the_other_gets_it_afterwards(path):
    first, second = FileLock(path), FileLock(path)

    assert await first.take()
    assert await first.take()  # it has it
    assert not await second.take()
    await first.hold()
    await first.release()
    assert await second.take()
    await second.release()
    await second.release()


async def test_a_file_that_is_removed_is_a_lock_that_is_lost_and_can_be_taken_again(path):
    lock = FileLock(path)
    assert await lock.take()
    path.unlink()

    with pytest.raises(StorageFailure, match="removed or replaced"):
        await lock.hold()
    with pytest.raises(StorageFailure):
        await lock.hold()
    assert await lock.take()
    await lock.hold()
    await lock.release()


async def test_a_file_that_is_moved_away_before_it_is_locked_is_not_the_lock(path, monkeypatch):
    lock = FileLock(path)
    opened = os.open

    def replace(*args, **kwargs):
        file = opened(*args, **kwargs)
        path.rename(path.with_name("moved"))
        return file

    monkeypatch.setattr(os, "open", replace)

    assert not await lock.take()


def run(work):
    with asyncio.Runner() as runner:
        return runner.run(work)


def test_the_file_is_for_its_owner_alone_and_a_child_does_not_inherit_the_lock(path):
    lock = FileLock(path)
    assert run(lock.take())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        run(lock.release())
        other = FileLock(path)
        assert run(other.take())
        run(other.release())
        child.communicate(b"\n")


async def test_a_folder_without_rights_is_said(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(StorageFailure, match="cannot be made"):
        await FileLock(tmp_path / "file" / "hanout.db.lock").take()


async def test_standbys_of_one_machine_have_nothing_to_tell(tmp_path):
    lock = leader_lock(f"sqlite:///{tmp_path / 'hanout.db'}", "me", lambda: None)

    await lock.set_able(able=True)
    assert not await lock.is_standby_able()


async def test_nobody_waits_for_the_holder_of_a_file_to_come_back(tmp_path):
    lock = leader_lock(f"sqlite:///{tmp_path / 'hanout.db'}", "me", lambda: None)

    assert not await lock.is_free()
