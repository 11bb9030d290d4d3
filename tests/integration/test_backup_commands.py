"""`hanout backup` and `hanout restore` as an operator types them."""

from pathlib import Path

from typer.testing import CliRunner

from bot import cli
from tests.integration.test_backups import KEY


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
    there = run(cli.cli, ["restore", str(tmp_path / "a.backup"), "--no-supplier"])
    assert (there.exit_code, "Nothing was restored" in there.output) == (1, True)
    done = run(cli.cli, ["restore", str(tmp_path / "a.backup"), "--replace", "--no-supplier"])
    assert (done.exit_code, "Restored" in done.output) == (0, True), done.output
