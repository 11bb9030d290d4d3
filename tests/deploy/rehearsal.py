"""Plays `hanout rehearse` in a terminal, between simulators, and prints what its operator reads and answers.

    python -m tests.deploy.rehearsal

The operator does in the chat what is asked for, and sees everything as expected.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from bot.sandbox.simulation import chargily_settings, open_simulation, shop_settings
from tests.e2e.attending import Attending
from tests.e2e.conftest import ALL_WAYS
from tests.e2e.terminal import Terminal

LIMIT_SECONDS: Final = 900
_PROMPT: Final = "> "


async def play(folder: Path) -> int:
    """The status with which the command ends. Raises TimeoutError."""
    async with open_simulation(1.0) as simulation:
        settings = shop_settings(simulation, simulation.book.add_key("SANDBOX"), folder / "data")
        settings |= {**ALL_WAYS, **chargily_settings(simulation, live=False)}
        async with Attending(simulation) as attending, asyncio.timeout(LIMIT_SECONDS):
            terminal = Terminal.run("rehearse", settings=settings, folder=folder)
            heard = answered = 0
            while terminal.process.returncode is None:
                await asyncio.sleep(0.2)
                said = terminal.lines
                attending.hear(said[heard:])
                heard = len(said)
                if said.endswith(_PROMPT) and heard > answered:
                    answered = heard
                    await terminal.types("1")
            status = await terminal.end()
            print(terminal.lines)
    print((folder / "data" / "rehearsal" / "report.md").read_text())
    return status


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="hanout-rehearsal-") as made:
        ended = asyncio.run(play(Path(made)))
    print(f"status {ended}")
    sys.exit(0 if ended in (0, 4) else 1)
