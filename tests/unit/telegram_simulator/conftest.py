"""A simulated Telegram with one person, and a client that calls its methods."""

import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.world import World

TOKEN = "1:token"


@dataclass
class Client:
    """Calls methods; the answer is the JSON body. `raw` returns the whole response."""

    http: httpx.AsyncClient

    async def raw(self, method: str, token: str = TOKEN, **values: Any) -> httpx.Response:
        form = {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
        return await self.http.post(f"/bot{token}/{method}", data=form)

    async def __call__(self, method: str, token: str = TOKEN, **values: Any) -> Any:
        return (await self.raw(method, token, **values)).json()

    async def says(self, method: str, **values: Any) -> str:
        """The description of an error, without "Bad Request: "."""
        answer = await self(method, **values)
        assert not answer["ok"], answer
        return str(answer["description"]).removeprefix("Bad Request: ")

    async def sent(self, text: str = "hello", **values: Any) -> Any:
        answer = await self("sendMessage", chat_id=5, text=text, **values)
        assert answer["ok"], answer
        return answer["result"]

    async def updates(self, **values: Any) -> list[Any]:
        answer = await self("getUpdates", **values)
        assert answer["ok"], answer
        return list(answer["result"])


@pytest.fixture
async def world():
    made = World(TOKEN)
    made.person(5)
    made.chat(5)
    # A second request with the same offset is answered at once, except where a test is about it.
    made.polling.repeated_wait_seconds = 0.0
    made.polling.repeated_at_once_seconds = 0.0
    yield made
    await made.webhook.close()


@pytest.fixture
async def call(world):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=TelegramApi(world).app), base_url="http://t"
    ) as client:
        yield Client(client)


@pytest.fixture
def lina(world):
    return world.person(5)
