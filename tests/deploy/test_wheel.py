"""The wheel: built from the sources and installed into a venv of its own, it is a whole shop."""

import asyncio
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from bot.sandbox.simulation import open_simulation, shop_settings

ROOT = Path(__file__).parents[2]
SOURCES = ("bot", "handlers", "storage", "locales", "deploy/systemd")
FILES = ("pyproject.toml", "README.md", "LICENSE", ".env.example")


def call(*words: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The folder of a venv with the wheel; the packages that it needs are those of the tests."""
    sources, made = tmp_path / "sources", tmp_path / "venv"
    for name in SOURCES:
        shutil.copytree(ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, sources / name)
    pip = (sys.executable, "-m", "pip")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path)
    built = call(*pip, "wheel", ".", *options, cwd=sources)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("hanout-*.whl")
    venv.create(made, with_pip=False)
    done = call(*pip, "--python", made, "install", "--quiet", "--no-deps", wheel, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    others = made / "lib" / version / "site-packages" / "others.pth"
    others.write_text(sysconfig.get_path("purelib") + "\n")
    return made


async def test_a_wheel_in_an_empty_folder_is_a_shop(installed: Path, tmp_path: Path):
    folder = tmp_path / "shop"
    folder.mkdir()
    hanout = installed / "bin" / "hanout"

    said = await asyncio.to_thread(call, hanout, "--version", cwd=folder)
    assert (said.returncode, said.stdout.startswith("hanout ")) == (0, True), said.stderr
    said = await asyncio.to_thread(call, hanout, "doctor", cwd=folder)
    assert (said.returncode, "FAIL settings: TELEGRAM_TOKEN: is missing" in said.stdout) == (
        1,
        True,
    )
    async with open_simulation() as simulation:
        settings = shop_settings(simulation, simulation.book.add_key(), folder / "data")
        for command in ("doctor", "migrate", "doctor"):
            said = await asyncio.to_thread(call, hanout, command, cwd=folder, **settings)
            assert said.returncode == 0, said.stdout + said.stderr
    said = await asyncio.to_thread(call, hanout, "demo", "--once", cwd=folder)
    assert said.returncode == 0, said.stderr
    assert "✅" in said.stdout

    where = await asyncio.to_thread(
        call, installed / "bin/python", "-c", "import bot; print(bot.__file__)", cwd=folder
    )
    assert where.stdout.startswith(str(installed))
    for name in (".env.example", "hanout.service"):
        assert (installed / "share/hanout" / name).is_file()
