"""`hanout rehearse` as a process in a terminal: what is asked, Ctrl-C, an input that ends."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager

from bot.sandbox.simulation import OPERATOR_ID
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from tests.e2e.rehearsing import settings_of, verdicts

__all__ = ["settings_of"]  # a fixture

ENDS_WITHIN_SECONDS = (
    3 * PATIENCE_SECONDS
)  # it starts from a shell, which alone takes a busy machine long


async def test_a_terminal_is_asked_and_ctrl_c_gives_the_report_so_far(
    settings_of, simulation, tmp_path
):
    settings_of()
    simulation.world.chat(OPERATOR_ID)
    steps = ("--only", "link", "--only", "pin", "--language", "fr", "--folder", "found")
    async with _rehearsing(tmp_path, *steps) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        said = await _until(process, "1 oui")
        process.stdin.write(b"x\n1\n")
        await process.stdin.drain()
        said += await _until(process, "Épinglez")
        await asyncio.sleep(0.5)
        process.send_signal(signal.SIGINT)
        said += (await asyncio.wait_for(process.stdout.read(), ENDS_WITHIN_SECONDS)).decode()
        assert await process.wait() == 4, said

    report = (tmp_path / "found" / "report.md").read_text()
    assert "Traceback" not in said
    assert "- Ended early: stopped by the operator" in report
    assert verdicts(report)["link"] == "as expected"
    assert verdicts(report)["pin"] == "not played"


async def test_an_input_that_has_ended_skips_every_question(settings_of, simulation, tmp_path):
    settings_of()
    simulation.world.chat(OPERATOR_ID)
    async with _rehearsing(tmp_path, "--only", "link", stdin=asyncio.subprocess.DEVNULL) as process:
        assert await asyncio.wait_for(process.wait(), ENDS_WITHIN_SECONDS) == 4
    report = (tmp_path / "data" / "rehearsal" / "report.md").read_text()
    assert verdicts(report)["link"] == "skipped"


@asynccontextmanager
async def _rehearsing(folder, *words, stdin=asyncio.subprocess.PIPE):
    """`hanout rehearse` as a process, which is gone afterwards."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "rehearse", *words),
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=dict(os.environ),
        cwd=folder,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _until(process, words):
    said = b""
    while words.encode() not in said:
        came = await asyncio.wait_for(process.stdout.read(4096), ENDS_WITHIN_SECONDS)
        assert came, said
        said += came
    return said.decode()
