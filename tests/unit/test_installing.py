"""`make install` as root: what it makes has to be of use to the user of the shop."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# As much of Python as the script uses before it installs packages.
PYTHON = """#!/bin/sh
if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; fi
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs for another user")
def test_a_python_that_the_shops_user_cannot_run_is_told_before_anything_is_installed(
    tmp_path: Path,
):
    python, prefix = tmp_path / "python", tmp_path / "roots" / "hanout"
    python.write_text(PYTHON)
    python.chmod(0o755)
    prefix.parent.mkdir(mode=0o700)

    done = subprocess.run(
        ["sh", ROOT / "deploy/install/hanout-install", prefix, ROOT, python],
        env={
            **os.environ,
            "HANOUT_USER": "nobody",
            "HANOUT_COMMAND": str(tmp_path / "command"),
            "HANOUT_UNITS": str(tmp_path / "units"),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "make install: the user nobody cannot run" in done.stderr
    assert "PYTHON=/usr/bin/python3" in done.stderr
    assert not (tmp_path / "command").exists()
    assert [path.name for path in prefix.iterdir()] == [".venv"]
