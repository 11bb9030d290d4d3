"""Somebody at telegram-test-api: writes, presses, and reads what the bot said in their chat."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.sandbox.telegram.person import PATIENCE_SECONDS

Message = dict[str, Any]


@dataclass
class Visitor:
    server: httpx.AsyncClient
    token: str
    id: int
    language: str = "en"
    read: list[Message] = field(default_factory=list)  # as they are now, oldest first

    @property
    def _user(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": "Lina",
            "language_code": self.language,
        }

    @property
    def _chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": "Lina"}

    def _said(self, **more: Any) -> dict[str, Any]:
        return {
            "botToken": self.token,
            "from": self._user,
            "chat": self._chat,
            "date": int(time.time()),
            **more,
        }

    async def say(self, text: str) -> None:
        if text.startswith("/"):
            mark = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
            await self.server.post("/sendCommand", json=self._said(text=text, entities=[mark]))
        else:
            await self.server.post("/sendMessage", json=self._said(text=text))

    async def press(self, label: str) -> None:
        """The newest button with this label, else with one that contains it."""
        for exact in (True, False):
            for message in reversed(self.read):
                for button in buttons(message):
                    named = label_of(button) == label if exact else label in label_of(button)
                    if named and "callback_data" in button:
                        await self._press(message, button["callback_data"])
                        return
        raise LookupError(f"no button {label!r}")

    async def _press(self, message: Message, data: str) -> None:
        under = {
            "message_id": message["message_id"],
            "date": int(time.time()),
            "chat": self._chat,
            "text": message["text"],
        }
        press = {"botToken": self.token, "from": self._user, "message": under, "data": data}
        await self.server.post("/sendCallback", json=press)

    async def until(
        self, seen: Callable[["Visitor"], bool], seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Raises TimeoutError with what was read last."""
        deadline = time.monotonic() + seconds
        while not seen(self):
            if time.monotonic() > deadline:
                raise TimeoutError(f"still reads {[m['text'] for m in self.read[-3:]]}")
            await asyncio.sleep(0.05)
            await self._look()

    async def reads(self, words: str) -> Message:
        await self.until(lambda me: any(words in m["text"] for m in me.read))
        return [m for m in self.read if words in m["text"]][-1]

    async def sees(self, label: str) -> None:
        """Wait for a button whose label contains this as words of their own."""
        whole = re.compile(rf"(?<!\w){re.escape(label)}(?!\w)")
        await self.until(
            lambda me: any(whole.search(label_of(b)) for m in me.read for b in buttons(m))
        )

    async def _look(self) -> None:
        answer = await self.server.post("/getUpdatesHistory", json={"token": self.token})
        said = [u for u in answer.json()["result"] if "chat_id" in u.get("message", {})]
        self.read = [
            {**u["message"], "message_id": u["messageId"]}
            for u in said
            if int(u["message"]["chat_id"]) == self.id
        ]

    def hidden(self) -> list[str]:
        """The texts under spoilers, by the entities that the bot sent."""
        found = []
        for message in self.read:
            raw = message["text"].encode("utf-16-le")
            marks = message.get("entities") or []
            for mark in json.loads(marks) if isinstance(marks, str) else marks:
                if mark["type"] == "spoiler":
                    start, length = mark["offset"] * 2, mark["length"] * 2
                    found.append(raw[start : start + length].decode("utf-16-le"))
        return found


def buttons(message: Message) -> list[dict[str, Any]]:
    markup = message.get("reply_markup") or {}
    markup = json.loads(markup) if isinstance(markup, str) else markup
    return [button for row in markup.get("inline_keyboard", []) for button in row]


def label_of(button: dict[str, Any]) -> str:
    """What a button says, with each no-break space as a space."""
    return str(button["text"]).replace("\u00a0", " ")
