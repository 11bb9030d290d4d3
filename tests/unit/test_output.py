"""A command whose output cannot be written, or that is interrupted, ends with a status and without a traceback."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_FULL = Path("/dev/full")
_COMMANDS = (["--version"], ["--help"], ["keys", "new"])
_INTERRUPTED_AT = """
import os, signal, sys
class Interrupt:
    def find_spec(self, name, *_):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
sys.argv = ["hanout", "--version"]
from bot.__main__ import main
main()
"""


def run(*command: str, **options) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, *command]
    return subprocess.run(words, text=True, cwd=ROOT, check=False, timeout=60, **options)


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", _COMMANDS)
def test_output_on_a_full_disk_is_told_in_one_sentence(command, unbuffered):
    with _FULL.open("w") as full:
        ended = run(
            *("-m", "bot", *command),
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )

    assert ended.returncode == 1
    assert ended.stderr == "Not all of the output could be written: No space left on device.\n"


@pytest.mark.parametrize("command", _COMMANDS)
def test_output_that_is_closed_is_told_in_one_sentence(command):
    shell = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "bot", *command]

    ended = subprocess.run(
        shell, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False, timeout=60
    )

    assert ended.returncode == 1
    assert ended.stderr == "Not all of the output could be written: it is closed.\n"


def test_a_command_that_fails_keeps_its_status_where_errors_cannot_be_written():
    with _FULL.open("w") as full:
        ended = run("-m", "bot", "unheard-of", stdout=full, stderr=full)

    assert ended.returncode == 2


def test_a_log_goes_on_once_its_disk_has_room_again(tmp_path):
    work = (
        "import os, sys; from bot.output import run_checked\n"
        "def command():\n"
        "    print('lost', file=sys.stderr)\n"
        "    os.dup2(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY), 2)\n"
        "    print('kept', file=sys.stderr)\n"
        "run_checked(command)"
    )
    with _FULL.open("w") as full:
        ended = run("-c", work, str(tmp_path / "log"), stderr=full)

    assert ended.returncode == 0
    assert (tmp_path / "log").read_text() == "kept\n"


def test_a_reader_that_has_left_is_told_nothing():
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = run("-m", "bot", "--help", stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)

    assert (ended.returncode, ended.stderr) == (1, "")


def test_work_goes_on_where_its_output_is_lost(tmp_path):
    """A restore that prints in its middle must not be ended by that."""
    work = (
        "import pathlib, sys; from bot.output import run_checked\n"
        "def command():\n"
        "    print('begun', flush=True)\n"
        "    pathlib.Path(sys.argv[1]).touch()\n"
        "run_checked(command)"
    )
    with _FULL.open("w") as full:
        ended = run("-c", work, str(tmp_path / "done"), stdout=full, stderr=subprocess.PIPE)

    assert (tmp_path / "done").exists()
    assert ended.returncode == 1


def test_an_interrupt_while_modules_are_imported_shows_no_traceback():
    ended = run("-c", _INTERRUPTED_AT, capture_output=True)

    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_an_ignored_interrupt_stays_ignored():
    ignoring = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN){_INTERRUPTED_AT}"

    assert run("-c", ignoring, capture_output=True).returncode == 0


def test_the_command_begins_where_interrupts_are_caught():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert project["scripts"]["hanout"] == "bot.__main__:main"


def test_a_folder_that_is_gone_is_told_in_one_sentence(tmp_path: Path):
    command = f"mkdir gone && cd gone && rmdir ../gone && exec {sys.executable} -m bot audit --no-supplier"
    root = Path(__file__).parents[2]

    done = subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("The folder in which hanout was started is gone (No such file")
    assert done.stderr.count("\n") == 1
