"""Commands say what is missing, what they did, and which version they are of."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.vault import new_key, parse_keys

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("no_settings")


def test_commands_explain_what_is_missing(monkeypatch):
    run = CliRunner()

    for command in (["run"], ["migrate"], ["keys", "check"]):
        result = run.invoke(cli, command)
        assert result.exit_code == 1
        assert "TELEGRAM_TOKEN" in result.output
    result = run.invoke(cli, ["doctor"])
    assert result.exit_code == 1
    assert "FAIL settings: HANOUT_KEYS" in result.output


def test_keys_are_made_and_checked(required_settings, tmp_path):
    run = CliRunner()
    made = run.invoke(cli, ["keys", "new", "k7"]).output.strip()

    assert list(parse_keys(made)) == ["k7"]
    assert run.invoke(cli, ["keys", "new", "no spaces"]).exit_code == 1
    required_settings.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/h.db")
    assert "now up to date" in run.invoke(cli, ["migrate"]).output
    assert "was up to date" in run.invoke(cli, ["migrate"]).output
    assert "open what" in run.invoke(cli, ["keys", "check"]).output
    required_settings.setenv("HANOUT_KEYS", new_key("k1"))
    refused = run.invoke(cli, ["keys", "check"])
    assert refused.exit_code == 1
    assert "do not fit" in refused.output


def test_keys_are_rotated_by_a_command(required_settings, tmp_path):
    run, old, new = CliRunner(), new_key("k1"), new_key("k2")
    required_settings.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/h.db")
    required_settings.setenv("HANOUT_KEYS", old)
    assert run.invoke(cli, ["migrate"]).exit_code == 0
    assert run.invoke(cli, ["keys", "check"]).exit_code == 0
    required_settings.setenv("HANOUT_KEYS", f"{new},{old}")

    result = run.invoke(cli, ["keys", "rotate"])

    assert result.exit_code == 0
    assert "0 secrets are sealed anew with k2" in result.output
    assert "A shop that was not restarted since k2 came first still seals" in result.output
    assert "No other key is needed" in result.output
    required_settings.setenv("HANOUT_KEYS", f"{new_key('k2')},{old}")
    assert "do not fit" in run.invoke(cli, ["keys", "rotate"]).output


def test_a_database_that_cannot_be_opened_is_explained(required_settings):
    required_settings.setenv("DATABASE_URL", "sqlite:////proc/nowhere/h.db")
    for command in (["migrate"], ["audit"], ["keys", "check"], ["keys", "rotate"], ["run"]):
        result = CliRunner().invoke(cli, command)
        # A supervisor is to start the shop again: a database may come back.
        assert result.exit_code == (75 if command == ["run"] else 1), command
        assert "database" in result.output


@pytest.mark.parametrize("module", ["python_multipart", "websockets"])
@pytest.mark.parametrize("options", [[], ["--once"]])
def test_the_demo_without_its_extra_says_what_to_install(monkeypatch, module, options):
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not installed

    result = CliRunner().invoke(cli, ["demo", *options])

    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "pip install 'hanout[demo]'" in result.output
    assert isinstance(result.exception, SystemExit)


def test_version_is_that_of_the_project_and_heads_the_changelog():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    released = re.findall(
        r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )

    result = CliRunner().invoke(cli, ["--version"])

    assert result.exit_code == 0
    assert result.output == f"hanout {project}\n"
    assert released[0] == project


def test_an_error_of_the_shops_own_ends_it_with_a_status_of_its_own(
    required_settings, monkeypatch, caplog
):
    async def fail(_settings) -> None:
        raise ValueError("canary")

    monkeypatch.setattr("bot.run.run", fail)
    monkeypatch.setattr("bot.log.set_up_logging", lambda *_args, **_options: None)
    monkeypatch.setattr("logging.raiseExceptions", False)  # a handler of an earlier test is closed

    result = CliRunner().invoke(cli, ["run"])

    assert (result.exit_code, result.output) == (70, "")  # the log says it, without secrets
    assert "ValueError: canary" in caplog.text
