"""Which Python and which packages the shop needs: PostgreSQL's driver only where a shop is on PostgreSQL."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.setting_errors import SettingsError
from bot.settings import load_settings
from tests.wheels import LOCK, declared, locked, missing, pip_options

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

# Run with the driver hidden, as where it is not installed.
ON_SQLITE = """
import asyncio, importlib.abc, sys

class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "asyncpg":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Hidden())

import bot.cli, bot.run, bot.doctor, bot.sandbox.demo
from storage.migrate import migrate
from storage.store import Store

async def main():
    store = Store("sqlite:///" + sys.argv[1])
    await migrate(store)
    await store.close()

asyncio.run(main())
print("asyncpg" in sys.modules)
"""


def names_in(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / lock).read_text(), re.MULTILINE))


def test_a_shop_on_sqlite_never_loads_the_driver_of_postgresql(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ON_SQLITE, str(tmp_path / "shop.db")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert (done.returncode, done.stdout.strip()) == (0, "False"), done.stderr


def test_the_driver_of_postgresql_is_in_its_extra_alone():
    assert "asyncpg" in str(PYPROJECT["project"]["optional-dependencies"]["postgres"])
    assert "asyncpg" not in str(PYPROJECT["project"]["dependencies"])
    assert "asyncpg" not in str(PYPROJECT["project"]["optional-dependencies"]["demo"])
    assert names_in("requirements-postgres.lock") - names_in("requirements.lock") == {"asyncpg"}
    assert names_in("requirements.lock") < names_in("requirements-dev.lock")


def test_without_the_driver_a_postgresql_address_is_refused_in_words(
    required_settings, monkeypatch
):
    required_settings.setenv("DATABASE_URL", "postgresql://user@host/shop")
    assert load_settings().database_url == "postgresql://user@host/shop"

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(SettingsError, match=r"DATABASE_URL: .*pip install 'hanout\[postgres\]'"):
        load_settings()


def test_the_declared_versions_of_python_are_those_that_the_page_names():
    page = (ROOT / "docs/operating.md").read_text()
    least = PYPROJECT["project"]["requires-python"].removeprefix(">=")

    rows = re.findall(r"^\| (3\.\d+) \|", page, re.MULTILINE)
    assert rows == declared()
    assert declared()[0] == least
    assert PYPROJECT["tool"]["ruff"]["target-version"] == "py" + least.replace(".", "")


def test_wheels_are_looked_for_of_every_locked_package_and_only_of_those():
    lines = list(locked((ROOT / LOCK).read_text()))

    assert {line.partition("==")[0] for line in lines} == names_in(LOCK) - {"colorama"}
    assert all("--hash=sha256:" in line for line in lines)
    assert f"| {len(lines)} of {len(lines)} |" in (ROOT / "docs/operating.md").read_text()


def test_a_package_without_a_wheel_is_named():
    """As pip does it: one that is missing fails all that were asked for together."""
    packages = ["one==1 --hash=x", "two==2 ; python_version < '3' --hash=y", "three==3 --hash=z"]

    assert missing(packages, lambda asked: not any("two" in it for it in asked)) == ["two==2"]
    assert missing(packages, lambda _: True) == []


def test_pip_is_asked_for_wheels_of_the_other_machine():
    options = pip_options("3.14", "aarch64")

    assert "--only-binary=:all:" in options
    assert "--python-version=3.14" in options
    assert {it for it in options if "platform" in it} == {
        f"--platform={glibc}_aarch64"
        for glibc in ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
    }
