"""Follows docs/install.md to the letter, as root of an empty Debian that debootstrap makes, and buys something there.

    python -m tests.deploy.install [--base FOLDER]

Telegram and the supplier are simulators on this machine's loopback. There is no systemd in a folder: what the unit
starts is started as it says. Prints each step's seconds. Needs root, debootstrap and a server of Debian's packages.
"""

import argparse
import asyncio
import configparser
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.sandbox.simulation import OPERATOR_ID, Simulation, open_simulation
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from tests.deploy.__main__ import mirror
from tests.deploy.machine import customer, operator_of
from tests.e2e.terminal import Terminal

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = "/usr/local/src/hanout"
# What the index of packages needs of this machine: copied, since packages of the page's write there.
FROM_HERE: Final = (
    "/etc/resolv.conf",
    "/etc/pip.conf",
    "/etc/ssl/certs",
    "/usr/local/share/ca-certificates",
)
NOT_HERE: Final = ("systemctl",)  # what a folder without systemd cannot do
LIMIT_SECONDS: Final = 600
_began = time.monotonic()


def step(what: str) -> None:
    print(f"{time.monotonic() - _began:6.1f} s  {what}", flush=True)


def commands() -> list[str]:
    """The commands of the page, in its order."""
    blocks = re.findall(
        r"^```\n(.*?)^```", (ROOT / "docs/install.md").read_text(), re.MULTILINE | re.DOTALL
    )
    return [line for block in blocks for line in block.splitlines()]


class Debian:
    """A root file system; each command runs in a mount namespace that ends with it."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.folder = "/"
        for place in map(Path, FROM_HERE):
            there = Path(f"{base}{place}")
            there.parent.mkdir(parents=True, exist_ok=True)
            if place.is_dir():
                shutil.copytree(place, there, dirs_exist_ok=True, ignore_dangling_symlinks=True)
            elif place.exists():
                shutil.copyfile(place, there)

    def words(self, command: str) -> list[str]:
        mounts = [f"mount -t proc proc {self.base}/proc", f"mount --rbind /dev {self.base}/dev"]
        for place in self._places():
            mounts.append(f"mount --bind -o ro {place} {self.base}{place}")
        inner = f"cd {self.folder} && {command}"
        chroot = f'exec chroot {self.base} /usr/bin/env -i {self._environment()} sh -c "$0"'
        return ["unshare", "--mount", "sh", "-ec", "; ".join([*mounts, chroot]), inner]

    def _environment(self) -> str:
        kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        kept |= {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
        }
        return " ".join(f"{name}={value}" for name, value in kept.items())

    def _places(self) -> Iterator[str]:
        """Folders of this machine that its pip finds packages in."""
        config = configparser.ConfigParser()
        config.read(["/etc/pip.conf", Path.home() / ".config/pip/pip.conf"])
        values = " ".join(value for section in config.values() for value in section.values())
        folders = re.findall(
            r"(?:file://)?(/opt/\S+)", f"{values} {os.environ.get('PIP_FIND_LINKS', '')}"
        )
        tops = {"/".join(place.split("/")[:3]) for place in folders}
        for place in sorted(tops):
            if Path(place).is_dir():
                Path(f"{self.base}{place}").mkdir(parents=True, exist_ok=True)
                yield place

    def run(self, command: str) -> str:
        done = subprocess.run(self.words(command), capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout


@contextmanager
def debian(base: Path | None) -> Iterator[Debian]:
    if base is not None:
        yield Debian(base)
        return
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        made = Path(folder) / "debian"
        words = ["debootstrap", "--variant=minbase", "bookworm", str(made), mirror()]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        yield Debian(made)


async def follow(machine: Debian, simulation: Simulation) -> None:
    """Each command of the page; what a person types stands in between."""
    for command in commands():
        if command.startswith(NOT_HERE):
            step(f"{command}  (by hand)")
            continue
        if command == "hanout setup":
            await set_up(machine.words(f"{addresses(simulation)} hanout setup"), simulation)
            step(command)
            continue
        if command.startswith("cd "):
            machine.folder = command.removeprefix("cd ")
            continue
        if command.startswith("git clone"):
            copy_sources(machine)
            continue
        await asyncio.to_thread(machine.run, command)
        step(command)


def copy_sources(machine: Debian) -> None:
    """As `git clone` of the page, of what stands in this folder."""
    there = Path(f"{machine.base}{SOURCES}")
    shutil.rmtree(there, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(there)], check=True)
    step("git clone")


def addresses(simulation: Simulation) -> str:
    """Where the simulators are, which nobody has to say of the real ones."""
    return (
        f"TELEGRAM_API_URL={simulation.telegram_url} "
        f"ONECLICKDZ_BASE_URL={simulation.supplier_url}/v3"
    )


async def set_up(words: list[str], simulation: Simulation) -> None:
    """What a person types."""
    terminal = await Terminal.of_program(*words)
    key = simulation.book.add_key("SANDBOX")
    for question, answer in (
        ("Language", "1"),
        ("The bot’s token", simulation.world.token),
        ("Your Telegram id", str(OPERATOR_ID)),
        ("Which supplier", ""),
        ("The OneClickDz API key", key),
        ("What percentage", ""),
        ("Which language", ""),
        ("How can customers pay", ""),
        ("Where is the database", ""),
        ("In which folder", ""),
        ("Leave everything as it is", "1"),
    ):
        hidden = answer in (simulation.world.token, key)
        await terminal.answer(question, answer, hidden=hidden)
    status = await terminal.end()
    print(terminal.lines)
    if status or simulation.world.token in terminal.text or key in terminal.text:
        raise SystemExit(f"hanout setup ended with {status}, or showed a secret")


async def open_and_buy(machine: Debian, simulation: Simulation) -> None:
    """What the unit starts, in its folder and as its user; then a purchase."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read(f"{machine.base}/etc/systemd/system/hanout.service")
    service = unit["Service"]
    machine.folder = service["WorkingDirectory"]
    user = service["User"]
    command = f"exec setpriv --reuid={user} --regid={service['Group']} --clear-groups {service['ExecStart']}"
    operator = await operator_of(simulation)
    process = await asyncio.create_subprocess_exec(*machine.words(f"umask 077; {command}"))
    try:
        lina = await customer(simulation, operator)
        await lina.buy(1)
        await lina.me.until(lambda me: len(me.codes()) == 2)
        step("bought: the codes of the first sale are there")
        # In a thread: the simulators that it asks answer on this loop.
        print(await asyncio.to_thread(machine.run, "hanout doctor"))
    finally:
        process.terminate()
        status = await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
    if status:
        raise SystemExit(f"the shop ended with {status}")
    print(
        machine.run(
            "find /opt/hanout -maxdepth 2 -not -path '*/.venv/*' -not -path '*/deploy/*' | xargs stat -c '%U %a %n'"
        )
    )


async def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.deploy.install")
    parser.add_argument("--base", type=Path, help="a root file system of Debian that is there")
    arguments = parser.parse_args()
    with debian(arguments.base) as machine:
        step("an empty Debian")
        began = time.monotonic()
        async with open_simulation() as simulation:
            await follow(machine, simulation)
            await open_and_buy(machine, simulation)
        took = time.monotonic() - began
    print(f"{took:.0f} s from the empty machine to the first sale, of at most {LIMIT_SECONDS}")
    return int(took > LIMIT_SECONDS)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
