"""Two `hanout run` on one database: one leads, the other stands by, and takes over when the first ends."""

import asyncio
import os
import signal
import time

import pytest
import pytest_asyncio
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.sandbox.telegram.person import PATIENCE_SECONDS
from tests.conftest import NO_POSTGRES, POSTGRES
from tests.e2e.shop import ShopProcess, run_command

pytestmark = pytest.mark.prove

ON_POSTGRES = pytest.param("postgresql", marks=pytest.mark.skipif(not POSTGRES, reason=NO_POSTGRES))
BOTH = pytest.mark.parametrize("kind", ["sqlite", ON_POSTGRES])


@pytest_asyncio.fixture(loop_scope="session")
async def database(kind, tmp_path):
    """Where the shops of a test keep what they know."""
    if kind == "sqlite":
        yield {}
        return
    url = make_url(POSTGRES)
    name = f"{url.database}_standby_{os.getpid()}"
    server = create_async_engine(
        url.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT"
    )
    async with server.connect() as db:
        await db.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        await db.execute(text(f'CREATE DATABASE "{name}"'))
    yield {
        "DATABASE_URL": url.set(database=name).render_as_string(hide_password=False),
        "BACKUPS_KEPT": "0",
    }
    async with server.connect() as db:
        await db.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    await server.dispose()


@pytest_asyncio.fixture(loop_scope="session")
async def second(simulation, tmp_path):
    """Starts another process with a shop's settings; its log says that it waits."""
    started: list[ShopProcess] = []

    async def start(shop: ShopProcess, expected: str, **changes: str) -> ShopProcess:
        other = ShopProcess(simulation, tmp_path)
        other.settings = {**shop.settings, **changes}
        other.log_path = tmp_path / f"other{len(started)}.log"
        started.append(other)
        other.start_forked()
        await until(lambda: other.log_path.exists() and expected in other.log)
        return other

    yield start
    for other in started:
        if other.process is not None and other.process.returncode is None:
            assert await other.stop() in (0, 75)
        assert "Traceback" not in other.log


async def until(is_so) -> float:
    """Wait for it, and say for how long: how soon is measured by tests/failover, when nothing else runs."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < PATIENCE_SECONDS
        await asyncio.sleep(0.02)
    return time.monotonic() - began


@BOTH
async def test_a_second_process_waits_in_words_and_takes_over(
    kind, database, open_shop, shopper, second
):
    first = await open_shop(**database)
    lina = await shopper()
    other = await second(first, "stands by")
    assert f":{first.process.pid} " in other.log
    await lina.buy(1)

    await first.kill()
    await until(lambda: "this process leads the shop" in other.log)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 4)

    code, said = await run_command(first, "audit")
    assert code == 0, said


@BOTH
@pytest.mark.alone
async def test_a_second_process_takes_over_from_one_that_is_closed(
    kind, database, open_shop, shopper, second
):
    first = await open_shop(**database)
    lina = await shopper()
    other = await second(first, "stands by")

    assert await first.stop() == 0
    began = time.monotonic()
    await lina.enter()
    assert time.monotonic() - began < 3.0
    await until(lambda: "this process leads the shop (epoch 2)" in other.log)


@pytest.mark.parametrize("kind", [ON_POSTGRES])
async def test_a_leader_that_stood_still_leaves_the_shop_to_the_other(
    kind, database, open_shop, shopper, second
):
    first = await open_shop(**database)
    lina = await shopper()
    other = await second(first, "stands by")

    os.kill(first.process.pid, signal.SIGSTOP)
    took = await until(lambda: "this process leads the shop" in other.log)
    await lina.buy(1)
    os.kill(first.process.pid, signal.SIGCONT)
    assert await asyncio.wait_for(first.process.wait(), PATIENCE_SECONDS) == 75
    assert "leads this shop now" in first.log
    await lina.me.until(lambda me: len(me.codes()) == 2)
    print(f"took over from a process that stood still after {took:.1f} s")


@BOTH
async def test_another_bot_is_refused_in_words(kind, database, open_shop, second):
    first = await open_shop(**database)

    other = await second(
        first, "belongs to the shop of the bot", TELEGRAM_TOKEN="7000000002:" + "x" * 35
    )

    assert await asyncio.wait_for(other.process.wait(), PATIENCE_SECONDS) == 1
    assert "7000000002" in other.log


async def test_a_shop_is_given_to_another_bot_when_it_is_closed(open_shop):
    shop = await open_shop()
    other = {"TELEGRAM_TOKEN": "7000000002:" + "x" * 35}
    code, said = await run_command(shop, "adopt", "--yes", **other)
    assert (code, "is in use. Close the shop" in said) == (1, True), said
    code, said = await run_command(shop, "migrate")
    assert (code, "is in use. Close the shop" in said) == (1, True), said
    assert await shop.stop() == 0

    code, said = await run_command(shop, "adopt", "--yes", **other)
    assert (code, "it is that of the bot 7000000002 now" in said) == (0, True), said
    code, said = await run_command(shop, "run")
    assert (code, "belongs to the shop of the bot 7000000002" in said) == (1, True), said
    code, said = await run_command(shop, "adopt", "--yes")
    assert code == 0, said
    code, said = await run_command(shop, "adopt", "--yes")
    assert (code, "already" in said) == (0, True), said
    assert (await run_command(shop, "migrate"))[0] == 0
