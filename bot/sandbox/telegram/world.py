"""The state of the Telegram simulator: people, chats, messages and updates."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.files import FileStore
from bot.sandbox.telegram.rules import CAPTION_LIMIT, ApiError, bad, check_text
from bot.sandbox.telegram.stars import StarPayments

_ANSWER_WITHIN_SECONDS = 15.0
_DELETE_WITHIN_SECONDS = 48 * 3600
_ACTION_SECONDS = 5.0


@dataclass
class Chat:
    id: int
    type: str = "private"
    title: str = ""
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)  # every version of every message
    action: str = ""  # such as "typing"; ends with the next message or after five seconds
    action_until: float = 0.0


@dataclass
class Query:
    id: str
    user_id: int
    asked_at: float
    answer: dict[str, Any] | None = None


class World:
    """All chats of one bot, and the updates that wait for the bot."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.me = {
            "id": 7000000001,
            "is_bot": True,
            "first_name": "Hanout",
            "username": "HanoutShopBot",
        }
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.updates: list[dict[str, Any]] = []
        self.queries: dict[str, Query] = {}
        self.blocked: set[int] = set()
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.files = FileStore()
        self.stars = StarPayments(self)
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        self.refusals: list[
            tuple[str, ApiError]
        ] = []  # scripted errors (method, error), each used once
        self.delays: dict[str, float] = {}  # seconds between effect and response, by method
        self.refused: list[str] = []  # requests that our rules refused: checked by tests
        self.changed = asyncio.Condition()
        self.now: Callable[[], float] = time.time
        self._message_ids = itertools.count(1)
        self._update_ids = itertools.count(100_000)
        self._query_ids = itertools.count(1)
        self._poll = 0

    def person(self, user_id: int, name: str = "Lina", language_code: str = "en") -> "Person":
        if user_id not in self.people:
            self.people[user_id] = Person(self, user_id, name, language_code)
        return self.people[user_id]

    def chat(self, chat_id: int) -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id))

    async def notify(self) -> None:
        """Wake everything that waits for a change."""
        async with self.changed:
            self.changed.notify_all()

    def push(self, kind: str, body: dict[str, Any]) -> int:
        update_id = next(self._update_ids)
        self.updates.append({"update_id": update_id, kind: body})
        return update_id

    def chat_json(self, chat: Chat) -> dict[str, Any]:
        if chat.type == "private":
            person = self.people.get(chat.id)
            return {"id": chat.id, "type": "private", "first_name": person.name if person else "?"}
        return {"id": chat.id, "type": chat.type, "title": chat.title}

    def reachable(self, chat_id: Any) -> Chat:
        """The chat of this id. Raises ApiError where it is unknown or the bot is blocked."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad("chat not found")
        if chat_id in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def add_message(self, chat: Chat, body: dict[str, Any]) -> dict[str, Any]:
        message = {
            "message_id": next(self._message_ids),
            "date": int(self.now()),
            "chat": self.chat_json(chat),
            **body,
        }
        chat.messages[message["message_id"]] = message
        chat.log.append(message)
        chat.action = ""
        return message

    def message(self, chat: Chat, message_id: Any, what: str) -> dict[str, Any]:
        found = chat.messages.get(message_id)
        if found is None:
            raise bad(f"message to {what} not found")
        if found["from"]["id"] != self.me["id"] and what == "edit":
            raise bad("message can't be edited")
        return found

    def replace(self, chat: Chat, message: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        new = {key: value for key, value in {**message, **body}.items() if value is not None}
        new.pop("edit_date", None)
        old = {key: value for key, value in message.items() if key != "edit_date"}
        if new == old:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same"
            )
        new["edit_date"] = int(self.now())
        chat.messages[message["message_id"]] = new
        chat.log.append(new)
        return new

    def delete(self, chat: Chat, message_id: Any) -> None:
        found = self.message(chat, message_id, "delete")
        if self.now() - found["date"] > _DELETE_WITHIN_SECONDS:
            raise bad("message can't be deleted for everyone")
        del chat.messages[message_id]

    def act(self, chat: Chat, action: str) -> None:
        chat.action, chat.action_until = action, self.now() + _ACTION_SECONDS

    def ask(self, user: dict[str, Any], message: dict[str, Any] | None, data: str) -> Query:
        query = Query(str(next(self._query_ids)), user["id"], self.now())
        self.queries[query.id] = query
        body = {"id": query.id, "from": user, "chat_instance": "1", "data": data}
        if message is not None:
            body["message"] = message
        self.push("callback_query", body)
        return query

    def answer(self, query_id: str, text: str, *, alert: bool) -> None:
        query = self.queries.get(query_id)
        late = query is None or self.now() - query.asked_at > _ANSWER_WITHIN_SECONDS
        if query is None or late or query.answer is not None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        query.answer = {"text": text, "alert": alert}

    async def wait_updates(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Long polling; a higher offset confirms. Raises ApiError when a newer poll starts."""
        self._poll += 1
        mine = self._poll
        if offset:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
        deadline = time.monotonic() + seconds
        while not self.updates and (left := deadline - time.monotonic()) > 0:
            async with self.changed:
                try:
                    await asyncio.wait_for(self.changed.wait(), min(left, 1.0))
                except TimeoutError:
                    continue
            if self._poll != mine:
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        return self.updates[:limit]


class Person:
    """A simulated user: writes, presses buttons and waits for messages."""

    def __init__(self, world: World, user_id: int, name: str, language_code: str) -> None:
        self.world = world
        self.id = user_id
        self.name = name
        self.language_code = language_code

    @property
    def user(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language_code,
        }

    @property
    def chat(self) -> Chat:
        return self.world.chat(self.id)

    async def say(
        self, text: str, chat: Chat | None = None, reply_to: dict[str, Any] | None = None
    ) -> int:
        """Send a text, to the bot or to a group; returns the id of the update."""
        target = chat or self.chat
        body: dict[str, Any] = {"from": self.user, "text": text}
        if reply_to is not None:
            body["reply_to_message"] = {
                k: v for k, v in reply_to.items() if k not in ("reply_to_message", "reply_markup")
            }
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        update_id = self.world.push("message", self.world.add_message(target, body))
        await self.world.notify()
        return update_id

    async def attach(self, content: bytes, name: str, caption: str = "", *, photo: bool) -> int:
        """Send a file or picture; returns the update's id. Raises ApiError as Telegram does."""
        body: dict[str, Any] = {"from": self.user}
        if photo:
            body["photo"] = self.world.files.photo(content)
        else:
            body["document"] = self.world.files.document(content, name)
        if caption:
            check_text(caption, CAPTION_LIMIT)
            body["caption"] = caption
        update_id = self.world.push("message", self.world.add_message(self.chat, body))
        await self.world.notify()
        return update_id

    @property
    def invoice(self) -> dict[str, Any]:
        """The newest message with an invoice in Stars."""
        return [m for m in self.inbox if "invoice" in m][-1]

    async def pay(self, message: dict[str, Any] | None = None) -> str:
        """Pay an invoice (default: the newest) and return the charge id. Raises ApiError."""
        return await self.world.stars.pay(self, message or self.invoice)

    async def press(self, label: str, message: dict[str, Any] | None = None) -> Query:
        """Press the button with this label, else the first that contains it."""
        target = message or self.screen
        for button in sorted(buttons(target), key=lambda button: button["text"] != label):
            if label in button["text"] and "callback_data" in button:
                return await self.forge(button["callback_data"], target)
        raise LookupError(f"no button {label!r} under {target.get('text')!r}: {labels(target)}")

    async def forge(self, data: str, message: dict[str, Any] | None = None) -> Query:
        """Send callback data, also such as no button has."""
        query = self.world.ask(self.user, message or self.screen, data)
        await self.world.notify()
        return query

    @property
    def inbox(self) -> list[dict[str, Any]]:
        """The bot's messages as they are now, oldest first."""
        return [m for m in self.chat.messages.values() if m["from"]["id"] == self.world.me["id"]]

    @property
    def screen(self) -> dict[str, Any]:
        """The bot's newest message."""
        if not self.inbox:
            raise LookupError(f"the bot has said nothing to {self.name}")
        return self.inbox[-1]

    async def until(self, seen: Callable[["Person"], bool], seconds: float = 10.0) -> None:
        """Wait until `seen` is true. Raises TimeoutError with the last messages in its text."""
        deadline = time.monotonic() + seconds
        while not seen(self):
            left = deadline - time.monotonic()
            if left <= 0:
                texts = [text_of(m) for m in self.inbox[-3:]]
                raise TimeoutError(f"{self.name} still sees {texts}")
            async with self.world.changed:
                try:
                    await asyncio.wait_for(self.world.changed.wait(), min(left, 0.25))
                except TimeoutError:
                    continue

    async def reads(self, words: str, seconds: float = 10.0) -> dict[str, Any]:
        """Wait for a message of the bot that contains `words`; returns the newest of them."""
        await self.until(lambda me: any(words in text_of(m) for m in me.inbox), seconds)
        return [m for m in self.inbox if words in text_of(m)][-1]

    async def ask_and_read(self, say: str, words: str, seconds: float = 10.0) -> dict[str, Any]:
        """Send a text and wait for a newer message that contains `words`."""
        newest = max(self.chat.messages, default=0)
        await self.say(say)
        await self.until(
            lambda me: any(words in text_of(m) and m["message_id"] > newest for m in me.inbox),
            seconds,
        )
        return [m for m in self.inbox if words in text_of(m)][-1]

    async def walk(self, *steps: tuple[str, str]) -> dict[str, Any]:
        """Press buttons in turn; each step: a label, and words of the message to wait for."""
        shown = self.screen
        for label, words in steps:
            await self.press(label)
            shown = await self.reads(words)
        return shown

    def codes(self) -> list[str]:
        """The texts under spoilers in the messages as they are now."""
        return [secret for message in self.inbox for secret in spoilers(message)]

    def ever_saw(self) -> list[str]:
        """The texts that were ever under spoilers in this chat."""
        return [secret for message in self.chat.log for secret in spoilers(message)]


def text_of(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or "")


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    markup = message.get("reply_markup") or {}
    return [button for row in markup.get("inline_keyboard", []) for button in row]


def labels(message: dict[str, Any]) -> list[str]:
    return [str(button["text"]) for button in buttons(message)]


def spoilers(message: dict[str, Any]) -> list[str]:
    raw = text_of(message).encode("utf-16-le")
    found = []
    for entity in message.get("entities") or message.get("caption_entities") or []:
        if entity["type"] == "spoiler":
            start, length = entity["offset"] * 2, entity["length"] * 2
            found.append(raw[start : start + length].decode("utf-16-le"))
    return found
