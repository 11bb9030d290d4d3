"""The `hanout` command itself: what it says about its version and about an extra that is missing."""

import sys

import pytest
from typer.testing import CliRunner

from bot.cli import cli


@pytest.mark.parametrize("module", ["python_multipart", "websockets"])
@pytest.mark.parametrize("options", [[], ["--once"]])
def test_the_demo_without_its_extra_says_what_to_install(monkeypatch, module, options):
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not installed

    result = CliRunner().invoke(cli, ["demo", *options])

    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "pip install 'hanout[demo]'" in result.output
    assert isinstance(result.exception, SystemExit)
