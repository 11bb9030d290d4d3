"""Putting a new .env into the place of the old one: at once, for its owner alone, or not at all."""

import errno
import multiprocessing
import os
import signal
import tempfile
from pathlib import Path

import pytest

from bot.setup.env_writing import CannotWrite, find, uninterrupted, write
from bot.setup.owner import Owner, acting_as, owner_of

ME = Owner(os.geteuid(), os.getegid())
NOBODY = Owner(65534, 65534)
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")


@pytest.fixture
def env(tmp_path):
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    path.chmod(0o644)
    return path


@pytest.fixture
def shared_env():
    """In a folder that everybody reaches; those of pytest are for one user."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / ".env").write_text("A=1\n")
        yield folder / ".env"


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(CannotWrite) as caught:
        write(find(path), "A=2\n", ME)
    return caught.value.reason, caught.value.detail


def test_the_file_is_for_its_owner_alone_whatever_the_umask(tmp_path, env):
    former = os.umask(0o022)
    try:
        write(find(env), "A=2\n", ME)
        write(find(tmp_path / "new"), "A=2\n", ME)
    finally:
        os.umask(former)

    assert (env.read_text(), rights(env), rights(tmp_path / "new")) == ("A=2\n", 0o600, 0o600)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".env", "new"]


def test_a_link_is_left_alone(tmp_path, env):
    link = tmp_path / "link"
    link.symlink_to(env)
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nothing")

    assert refused(link) == ("link", "")
    assert refused(dangling) == ("link", "")
    assert env.read_text() == "A=1\n" and link.is_symlink()


def test_what_is_no_file_or_no_settings_is_left_alone(tmp_path, env):
    (tmp_path / "folder").mkdir()
    env.write_text("A=1\nno setting\n")

    assert refused(tmp_path / "folder") == ("odd", "")
    assert refused(env) == ("unreadable", ".env: line 2 is not of the form NAME=value")
    env.write_bytes(b"A=\xff\n")
    assert refused(env)[0] == "unreadable"


@AS_ROOT
def test_a_file_of_somebody_else_is_left_alone(shared_env):
    shared_env.parent.chmod(0o777)
    with acting_as(NOBODY):
        assert refused(shared_env) == ("owner", "root")
    assert shared_env.read_text() == "A=1\n"


@AS_ROOT
def test_a_folder_that_cannot_be_written_is_named_before_any_question(shared_env):
    os.chown(shared_env, NOBODY.uid, NOBODY.gid)
    with acting_as(NOBODY), pytest.raises(CannotWrite) as caught:
        find(shared_env)
    assert caught.value.reason == "folder"


@AS_ROOT
def test_root_leaves_the_file_to_the_user_of_the_shop(env):
    os.chown(env, NOBODY.uid, NOBODY.gid)

    write(find(env), "A=2\n", owner_of(env.parent))

    assert (env.stat().st_uid, env.stat().st_gid, rights(env)) == (*(65534, 65534), 0o600)


@AS_ROOT
def test_without_a_file_the_shop_is_that_of_its_data(tmp_path):
    (tmp_path / "data").mkdir()
    os.chown(tmp_path / "data", 65534, 65534)

    assert owner_of(tmp_path) == NOBODY
    assert owner_of(tmp_path / "data" / "missing") == Owner(0, 0)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "full"),
        (errno.EDQUOT, "full"),
        (errno.EROFS, "folder"),
        (errno.EBUSY, "failed"),
    ],
)
@pytest.mark.parametrize("call", ["replace", "fsync", "open"])
def test_a_failing_disk_leaves_the_old_file(monkeypatch, env, call, number, reason):
    found = find(env)

    def fail(*_words, **_options):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(CannotWrite) as caught:
        write(found, "A=2\n", ME)
    monkeypatch.undo()

    assert caught.value.reason == reason
    assert (env.read_text(), rights(env)) == ("A=1\n", 0o644)
    assert [p.name for p in env.parent.iterdir()] == [".env"]


@pytest.mark.parametrize("change", ["edited", "removed", "made"])
def test_a_file_that_somebody_changed_meanwhile_is_left_alone(tmp_path, env, change):
    path = tmp_path / "new" if change == "made" else env
    found = find(path)
    if change == "removed":
        path.unlink()
    else:
        path.write_text("B=3\n")

    with pytest.raises(CannotWrite) as caught:
        write(found, "A=2\n", ME)

    assert caught.value.reason == "changed"
    assert (path.read_text() if path.exists() else None) == (
        None if change == "removed" else "B=3\n"
    )


def test_ctrl_c_while_the_file_is_written_comes_after_it(env):
    written = []

    def work() -> None:
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            write(find(env), "A=2\n", ME)
            written.append(env.read_text())

    with pytest.raises(KeyboardInterrupt):
        work()

    assert written == ["A=2\n"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def _die(path: Path) -> None:
    def kill(*_words):
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(os, "replace", kill)  # noqa: B010 - of a process that ends here
    write(find(path), "A=2\n", ME)


def test_a_process_that_is_killed_before_the_rename_leaves_the_old_file_and_the_next_one_tidies_up(
    env,
):
    process = multiprocessing.get_context("fork").Process(target=_die, args=(env,))
    process.start()
    process.join(20)

    assert process.exitcode == -signal.SIGKILL
    assert env.read_text() == "A=1\n"
    left = env.with_name(".env.new")
    assert (left.read_text(), rights(left)) == ("A=2\n", 0o600)
    write(find(env), "A=3\n", ME)
    assert env.read_text() == "A=3\n"
    assert [p.name for p in env.parent.iterdir()] == [".env"]
