"""What is refused in words: another bot on a shop's database, and a second process on one SQLite file."""

import asyncio
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.sandbox.serve import serving
from bot.sandbox.simulation import OPERATOR_ID, Simulation, open_simulation, shop_settings
from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.world import Person, World
from tests.failover.cluster import Cluster
from tests.failover.outcomes import Outcome
from tests.failover.supervisor import Machine, Supervisor, make_machines

Remove = Callable[[], None] | None

_OTHER_BOT = 7000000002
_OTHER_TOKEN = f"{_OTHER_BOT}:another-token-of-the-simulator-00"
_CUSTOMER = 40_000
_REFUSED_SECONDS = 60.0
_TAKEN_OVER_SECONDS = 3.0
_WAITING_SECONDS = 5.0


@asynccontextmanager
async def _two(
    database: str, remove: Remove
) -> AsyncIterator[tuple[Simulation, Supervisor, Person]]:
    """Two machines on one database, of which the first has a shop that is open, and a customer in it."""
    async with open_simulation() as simulation, AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hanout-refused-")))
        settings = shop_settings(simulation, simulation.book.add_key("PRODUCTION"), folder / "data")
        settings |= {"LOG_LEVEL": "INFO"}
        port = 0
        if database:
            settings["DATABASE_URL"] = database
            port = int(database.rpartition(":")[2].partition("/")[0])
        machines = await make_machines(2, folder, simulation, settings, port)
        for machine in machines:
            machine.remove = remove
            for relay in machine.links.values():
                stack.push_async_callback(relay.stop)
        supervisor = Supervisor(machines, None)
        stack.push_async_callback(supervisor.stop_all)
        simulation.world.chat(OPERATOR_ID)
        await supervisor.start(machines[0])
        await supervisor.until_led()
        customer = simulation.world.person(_CUSTOMER, "Lina", "en")
        await customer.ask_and_read("/start", "Gift-card", 30)
        yield simulation, supervisor, customer


async def two_tokens(cluster: Cluster, remove: Remove) -> Outcome:
    """A shop with the token of another bot is started on the database of this one."""
    await cluster.new_database()
    async with _two(cluster.url(), remove) as (_, supervisor, customer):
        world = World(_OTHER_TOKEN)
        world.me |= {"id": _OTHER_BOT, "username": "AnotherShopBot"}
        world.chat(OPERATOR_ID)
        async with serving(TelegramApi(world).app) as url:
            other = supervisor.machines[1]
            other.settings |= {"TELEGRAM_TOKEN": _OTHER_TOKEN, "TELEGRAM_API_URL": url}
            await supervisor.start(other)
            status = await _until_refused(other)
            await customer.ask_and_read("/start", "Gift-card", 30)
            await supervisor.stop(other)
            world.polling.wake()
            said = _last_line(other)
            in_words = "Traceback" not in other.log and str(_OTHER_BOT) in said
    return Outcome(
        "two tokens, two shops, one database",
        "refused in words",
        f"exit status {status}: {said or 'no word'}",
        status == 1 and in_words,
    )


async def _until_refused(machine: Machine) -> int | None:
    deadline = time.monotonic() + _REFUSED_SECONDS
    while time.monotonic() < deadline:
        if machine.ends:
            return machine.ends[0][1]
        await asyncio.sleep(0.05)
    return None


async def one_file_twice(_cluster: Cluster, remove: Remove) -> Outcome:
    """A second `hanout run` on one SQLite file waits and says what for; it opens when the first one is killed."""
    async with _two("", remove) as (_, supervisor, customer):
        first, second = supervisor.machines
        await supervisor.start(second)
        await asyncio.sleep(_WAITING_SECONDS)
        await customer.ask_and_read("/start", "Gift-card", 30)
        waits = second.is_running and not second.ends and not second.calls.last("getUpdates")
        said = _last_line(second)
        names = str(first.pid) in second.log
        first.wanted = False
        killed = first.signal(signal.SIGKILL)
        while not second.calls.last("getUpdates") and time.monotonic() < killed + _REFUSED_SECONDS:
            await asyncio.sleep(0.02)
        opened = (second.calls.last("getUpdates") or float("inf")) - killed
        if opened < _REFUSED_SECONDS:
            await customer.ask_and_read("/start", "Gift-card", 30)
    return Outcome(
        "one SQLite file twice",
        "the second waits and says what for",
        f"{'waited' if waits else 'did not wait'}: {said or 'no word'}; polled {opened:.2f} s after the first was killed",
        waits and names and opened <= _TAKEN_OVER_SECONDS,
    )


def _last_line(machine: Machine) -> str:
    """The last thing that it said, without the time."""
    lines = [line for line in machine.log.splitlines() if line]
    return lines[-1].partition("hanout: ")[2] or lines[-1] if lines else ""
