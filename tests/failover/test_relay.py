"""The relay passes, refuses, resets, swallows and holds; the recorder knows what came late."""

import asyncio
import contextlib
import time

import pytest

from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import World
from tests.failover.people import Visitor
from tests.failover.proxy import Calls, Mode, Relay
from tests.failover.recorder import Recorder, Shown, record
from tests.patience import until


@pytest.fixture
async def relay():
    """To a server that sends back what it is sent."""

    async def echo(reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(100):
                writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    made = Relay(server.sockets[0].getsockname()[1])
    await made.start()
    yield made
    await made.stop()
    server.close()


NOTHING_FOR_SECONDS = 0.3


class Client:
    def __init__(self, reader, writer) -> None:
        self._reader, self._writer = reader, writer

    async def says(self, data: bytes, seconds: float = PATIENCE_SECONDS) -> bytes | None:
        """What comes back; None: nothing."""
        self._writer.write(data)
        return await self.reads(seconds)

    async def reads(self, seconds: float = PATIENCE_SECONDS) -> bytes | None:
        try:
            return await asyncio.wait_for(self._reader.read(100), seconds)
        except TimeoutError:
            return None


@pytest.fixture
async def connect(relay):
    writers = []

    async def make() -> Client:
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        writers.append(writer)
        return Client(reader, writer)

    yield make
    for writer in writers:
        writer.transport.abort()
    await asyncio.sleep(0)


async def test_what_is_sent_passes_and_an_end_is_passed_on(relay, connect):
    client = await connect()

    assert await client.says(b"hello") == b"hello"
    client._writer.write_eof()
    assert await client.reads() == b""


async def test_a_reset_is_an_error_at_the_client_and_the_next_connection_passes(relay, connect):
    client = await connect()
    await client.says(b"hello")

    relay.reset()
    with pytest.raises(ConnectionResetError):
        await client.says(b"there?")
    assert await (await connect()).says(b"again") == b"again"


async def test_refused_connections_and_the_same_port_later(relay, connect):
    client, port = await connect(), relay.port
    await client.says(b"hello")

    await relay.set(Mode.REFUSE)
    with pytest.raises(ConnectionRefusedError):
        await connect()
    assert await client.says(b"still") == b"still"
    await relay.set(Mode.PASS)
    assert relay.port == port
    assert await (await connect()).says(b"again") == b"again"


async def test_what_falls_into_a_hole_arrives_after_it(relay, connect):
    client = await connect()

    await relay.set(Mode.HOLE)
    assert await client.says(b"late", NOTHING_FOR_SECONDS) is None
    other = await connect()
    assert await other.says(b"later", NOTHING_FOR_SECONDS) is None
    await relay.set(Mode.PASS)
    assert (await client.reads(), await other.reads()) == (b"late", b"later")


async def test_swallowed_connections_stay_silent_for_ever_and_new_ones_pass(relay, connect):
    client = await connect()
    await client.says(b"hello")

    relay.swallow()
    assert await (await connect()).says(b"new") == b"new"
    await relay.set(Mode.HOLE)
    await relay.set(Mode.PASS)
    assert await client.says(b"lost", NOTHING_FOR_SECONDS) is None


async def test_a_delay(relay, connect):
    client = await connect()
    await client.says(b"hello")
    await relay.set(Mode.DELAY, delay_seconds=0.2)

    began = time.monotonic()
    assert await client.says(b"slow") == b"slow"
    assert time.monotonic() - began >= 0.4, "both ways"


def test_the_methods_that_a_process_called_are_noted():
    calls = Calls()
    calls(b"POST /bot1:secret/getUpdates HTTP/1.1\r\nHost: t\r\n\r\n")
    calls(b"offset=1")

    assert [name for _, name in calls.made] == ["getUpdates"]
    assert calls.last("getUpdates") > 0
    assert calls.last("sendMessage") == 0


@pytest.fixture
def world():
    made = World("1:token")
    made.chat(5)
    return made


def _press(world: World, data: str) -> str:
    return world.ask(world.person(5).user, None, data).id


async def test_answers_in_order_are_not_late_and_others_are(world):
    recorder = record(world)
    first, second, third = (_press(world, data) for data in ("a", "b", "c"))

    world.answer(second, "", alert=False)
    assert recorder.late() == []
    assert recorder.backlog(time.monotonic()) is None
    world.answer(first, "", alert=False)
    world.answer(third, "", alert=False)
    assert [line.partition(", at")[0] for line in recorder.late()] == [
        "chat 5: the answer of press 0 came after that of press 1"
    ]
    assert recorder.unanswered() == []
    assert recorder.backlog(time.monotonic()) == 0.0


def test_a_screen_of_an_older_press_is_late():
    recorder = Recorder(screens={"cat:1": "one", "cat:2": "two"})
    world = World("1:token")
    world.chat(5)
    recorder.presses = record(world).presses
    for data in ("cat:1", "cat:2"):
        _press(world, data)
    now = time.monotonic()
    recorder.shown += [Shown(now + 1, 5, "two"), Shown(now + 2, 5, "one")]

    assert [line.partition(", at")[0] for line in recorder.late()] == [
        "chat 5: the screen of press 0 came after that of press 1"
    ]


async def test_a_press_that_telegram_takes_no_answer_for_is_answered_by_a_message(world):
    recorder = record(world)
    query = _press(world, "a")
    world.queries[query].asked_at -= 60

    assert len(recorder.unanswered()) == 1
    with pytest.raises(ApiError):
        world.answer(query, "", alert=False)
    assert len(recorder.unanswered()) == 1
    world.add_message(world.chat(5), {"from": world.me, "text": "here"})
    assert recorder.unanswered() == []


async def test_a_visitor_without_patience_presses_again(world):
    import random

    recorder = record(world)
    visitor = Visitor(world.person(5), recorder, random.Random(1), 0.01)
    visitor._data = ["cat:1", "cat:2"]
    shown = world.add_message(world.chat(5), {"from": world.me, "text": "home"})
    visitor._walk = shown["message_id"]
    ended = asyncio.Event()
    looking = asyncio.create_task(visitor.keep_looking(ended))
    await until(lambda: len(recorder.presses) == 2)  # the first one is not answered
    ended.set()
    await looking

    assert [press.data for press in recorder.presses.values()] == ["cat:2", "cat:1"]
