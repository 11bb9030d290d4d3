"""The `hanout` command itself: what it says about its version and about an extra that is missing."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli

ROOT = Path(__file__).parents[2]


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
