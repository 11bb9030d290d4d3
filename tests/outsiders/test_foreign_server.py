"""A purchase at a Telegram server that others wrote: npm's telegram-test-api, and the shop as it is.

The server does what its authors think Telegram does. Where no bot library could work with it, the shim repairs it,
and counts what it repaired.
"""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.sandbox.serve import serving
from bot.sandbox.simulation import OPERATOR_ID, open_simulation
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from tests.e2e.forked import start_hanout
from tests.e2e.shop import ShopProcess, leaks
from tests.outsiders.foreign.install import NotInstalled, install
from tests.outsiders.foreign.shim import Shim
from tests.outsiders.foreign.visitor import Visitor
from tests.ports import free_port

LINA = 5


@contextlib.asynccontextmanager
async def _server() -> AsyncIterator[httpx.AsyncClient]:
    """The server as a process. Skips the test, with the reason, where it cannot be had."""
    try:
        folder = install()
    except NotInstalled as reason:
        pytest.skip(str(reason))
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        "node", "server.js", str(port), cwd=folder, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS) == b"listening\n"
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        process.terminate()
        await process.communicate()


async def _open(shop: ShopProcess) -> None:
    shop.process = start_hanout(  # type: ignore[assignment]
        "run", settings=shop.settings, folder=shop.folder, said=shop.log_path
    )
    for _ in range(round(PATIENCE_SECONDS / 0.02)):
        if shop.log_path.exists() and "the shop is open" in shop.log:
            return
        assert shop.process is not None
        assert shop.process.returncode is None, shop.log
        await asyncio.sleep(0.02)
    pytest.fail(shop.log)


async def _buy(lina: Visitor, operator: Visitor) -> None:
    await operator.say("/start")
    await operator.reads("Gift-card codes")
    await lina.say("/start")
    await lina.sees("PlayStation")
    await operator.say(f"/credit {LINA} 50000 test")
    await operator.reads("✓")
    for label, then in (
        ("PlayStation", "PlayStation USA"),
        ("PlayStation USA", "10 $"),
        ("10 $", "2"),
        ("2", "Buy"),
    ):
        await lina.press(label)
        await lina.sees(then)
    await lina.press("Buy")
    await lina.until(lambda me: len(me.hidden()) == 4)


async def test_a_purchase_at_a_server_that_others_wrote(tmp_path: Path, migrated: Path):
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(migrated, tmp_path / "data" / "hanout.db")
    async with open_simulation() as simulation, _server() as server:
        shim = Shim(server)
        async with serving(shim.app) as url:
            shop = ShopProcess(simulation, tmp_path, TELEGRAM_API_URL=url)
            await _open(shop)
            lina = Visitor(server, simulation.world.token, LINA)
            operator = Visitor(server, simulation.world.token, OPERATOR_ID)
            try:
                await _buy(lina, operator)
            finally:
                status = await shop.stop()
                print(shop.log)
    print(shim.repaired, shim.calls)
    assert sorted(lina.hidden()) == sorted(simulation.book.codes())
    assert len(simulation.book.orders) == 1
    assert simulation.world.calls == [], "our own simulator had no part in it"
    assert status == 0
    assert "Traceback" not in shop.log
    assert leaks(tmp_path, simulation.book.codes()) == []
