"""`hanout setup` where the terminal, the input or the database is not as one expects."""

import os
import signal
import subprocess
import sys

import pytest

from bot.setup.console import Terminal
from bot.vault import new_key
from tests.integration.setting_up import STOP, first_answers, machine
from tests.integration.test_setup_without_questions import make_shop

__all__ = ["machine"]


async def test_a_closed_input_is_no_terminal(machine):
    machine.monkeypatch.setattr("sys.stdin", None)

    said = await machine.set_up("anything")

    assert (said.status, said.asked) == (1, 0)
    assert "run it in a terminal, or give --yes" in said.text


UNREACHED = "postgresql://shop:canary@127.0.0.1:1/shop"


async def test_no_key_is_made_where_the_database_cannot_be_looked_at(machine):
    answers = first_answers(machine, machine.key())

    stopped = await machine.set_up(*answers[:7], UNREACHED, "2", "?", "", STOP)
    keys = new_key("k1")
    given = await machine.set_up(*answers[:7], UNREACHED, "2", keys, *answers[8:])

    assert "so there may be a shop in it already" in stopped.text
    assert "An answer is needed here." in stopped.text
    assert machine.has("HANOUT_KEYS") == keys
    assert "An encryption key was made" not in given.text


async def test_no_key_is_made_unasked_where_the_database_cannot_be_looked_at(machine):
    machine.env.write_text(
        f"TELEGRAM_TOKEN={machine.token}\nADMIN_IDS=1000\nONECLICKDZ_API_KEY={machine.key()}\n"
        f"DATABASE_URL={UNREACHED}\n"
    )
    before = machine.file()

    said = await machine.set_up(yes=True, unchecked=True)

    assert said.status == 1
    assert "These settings are missing: HANOUT_KEYS" in said.text
    assert "so there may be a shop in it already" in said.text
    assert machine.file() == before


async def test_keys_that_do_not_open_the_database_are_asked_for(machine):
    keys = new_key("k1")
    await make_shop(machine, keys)
    await machine.set_up(*first_answers(machine, machine.key())[:8], keys, "", "1")
    machine.env.write_text(machine.file().replace(keys, new_key("k1")))

    said = await machine.set_up(*[""] * 8, keys, "", "1")

    assert (said.status, said.left) == (0, [])
    assert machine.has("HANOUT_KEYS") == keys


@pytest.mark.parametrize(
    "address", ["postgresql://u:canary@a..b/db", "postgresql://u:canary@h/?host=a&host=b"]
)
async def test_an_address_that_no_driver_can_use_is_asked_for_again(machine, address):
    answers = first_answers(machine, machine.key())

    said = await machine.set_up(*answers[:7], address, STOP)

    assert (said.status, said.left) == (130, [])
    assert "Write it like sqlite:///data/hanout.db, or as an address of PostgreSQL" in said.text
    assert "canary" not in said.text


async def test_a_value_that_is_no_text_is_told(machine):
    machine.monkeypatch.setenv("SUPPORT_CONTACT", "caf\udce9")

    said = await machine.set_up(*first_answers(machine, machine.key())[:-1])

    assert said.status == 1
    assert "SUPPORT_CONTACT: this value cannot stand in .env" in said.text


async def test_a_long_number_chooses_nothing(machine):
    said = await machine.set_up("000000001" + "9" * 5000, "00000000012", "01", STOP, language="")

    assert said.text.count("A number from 1 to 3, please.") == 2
    assert said.status == 130


def test_a_byte_that_is_no_text_is_asked_again(monkeypatch, capsys):
    typed = ["an odd byte", "7:token"]

    def getpass(prompt):
        if len(typed) == 2:
            raise UnicodeDecodeError("utf-8", b"\xe9", 0, 1, typed.pop(0))
        return typed.pop()

    monkeypatch.setattr("getpass.getpass", getpass)

    assert Terminal().read("> ", hidden=True) == "7:token"
    assert capsys.readouterr().out == "> \n> "


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_a_hidden_question_ends_it_as_ctrl_c_does(monkeypatch, number):
    monkeypatch.setattr("getpass.getpass", lambda _prompt: os.kill(os.getpid(), number))
    former = signal.signal(number, signal.SIG_DFL)
    try:
        with pytest.raises(KeyboardInterrupt):
            Terminal().read("> ", hidden=True)
    finally:
        signal.signal(number, former)


def test_files_are_written_in_utf_8_whatever_the_terminal_has(tmp_path):
    program = (
        "from pathlib import Path\n"
        "from bot.rehearsal.report import _write\n"
        "from bot.setup.unit import write_unit\n"
        "_write(Path('report.md'), 'getMe \\u2192 200')\n"
        "write_unit(Path('a.service'), '# \\u0645')\n"
    )
    env = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=env, check=True)

    assert (tmp_path / "report.md").read_text(encoding="utf-8") == "getMe \u2192 200"
    assert (tmp_path / "a.service").read_text(encoding="utf-8") == "# \u0645"
