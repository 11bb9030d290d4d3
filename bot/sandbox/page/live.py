"""The WebSocket of one open page: sends changes of the simulation, receives actions of the user."""

import asyncio
import json
from collections.abc import Coroutine, Iterator
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.page.simulation_view import Key, SimulationView
from bot.sandbox.telegram.rules import ApiError, check_text
from bot.sandbox.telegram.world import Person, Query

_TICK_SECONDS = 0.5  # interval for changes that nothing announces, such as an order that is ready


class Live:
    """Sends `{"changed": [[key, value], …], "gone": [key, …]}`; at first everything.

    Receives the actions `say`, `press`, `pay`, `new` and `supplier` (see `_do`), each with a `tag`
    that the page chose: the result appears under the key ("answer" | "made" | "refused", tag).
    """

    def __init__(self, view: SimulationView, socket: WebSocket) -> None:
        self._view = view
        self._socket = socket
        self._sent: dict[Key, Any] = {}
        self._asked: dict[int, Query] = {}
        self._results: dict[Key, Any] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve the page until the browser disconnects."""
        await self._socket.accept()
        sending = asyncio.create_task(self._send_changes())
        try:
            await self._receive()
        except WebSocketDisconnect:
            pass
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send_changes(self) -> None:
        world = self._view.world
        while True:
            # The lock is held while looking, so any later change ends the wait below.
            async with world.changed:
                while (changes := self._changes()) is None:
                    try:
                        await asyncio.wait_for(world.changed.wait(), _TICK_SECONDS)
                    except TimeoutError:
                        continue
            await self._socket.send_text(changes)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _pay(self, person: Person, number: int, tag: int) -> None:
        """Pay an invoice; runs as a task, since the bot answers a pre-checkout query first."""
        try:
            self._results["made", tag] = await person.pay(person.chat.messages[number])
        except ApiError as error:
            self._results["refused", tag] = str(error)
        except LookupError:
            self._results["refused", tag] = "not understood"
        await self._view.world.notify()

    def _changes(self) -> str | None:
        now = dict(self._parts())
        changed = [
            (key, value)
            for key, value in now.items()
            if key not in self._sent or (self._sent[key] is not value and self._sent[key] != value)
        ]
        gone = [key for key in self._sent if key not in now]
        self._sent = now
        return json.dumps({"changed": changed, "gone": gone}) if changed or gone else None

    def _parts(self) -> Iterator[tuple[Key, Any]]:
        yield from self._view.parts()
        for tag, query in self._asked.items():
            if query.answer is not None:
                yield ("answer", tag), query.answer
        yield from self._results.items()

    async def _receive(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            tag = 0
            try:
                action = json.loads(message.get("text") or "")
                tag = int(action["tag"])
                await self._do(action, tag)
            except (ValueError, LookupError, TypeError):
                self._results["refused", tag] = "not understood"
            except ApiError as error:
                self._results["refused", tag] = str(error)
            await self._view.world.notify()

    async def _do(self, action: Any, tag: int) -> None:
        people = self._view.world.people
        match action:
            case {"do": "say", "person": int(who), "text": str(text), "reply": int(number)}:
                check_text(text)
                await people[who].say(text, reply_to=people[who].chat.messages[number])
            case {"do": "say", "person": int(who), "text": str(text)}:
                check_text(text)
                await people[who].say(text)
            case {"do": "pay", "person": int(who), "message": int(number)}:
                self._spawn(self._pay(people[who], number, tag))
            case {"do": "press", "person": int(who), "message": int(number), "data": str(data)}:
                person = people[who]
                self._asked[tag] = await person.forge(data, person.chat.messages[number])
            case {"do": "new", "language": str(language)}:
                self._results["made", tag] = self._view.newcomer(language).id
            case {"do": "supplier", "name": str(name), "act": str(act), "value": str(value)}:
                self._view.panel(name).act(act, value)
            case _:
                raise LookupError
