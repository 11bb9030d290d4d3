"""The state of the Telegram simulator: people, chats, messages and updates."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from bot.sandbox.telegram.chats import (
    Chat,
    Message,
    buttons,
    group_json,
    inaccessible,
    labels,
    spoilers,
    text_of,
)
from bot.sandbox.telegram.files import FileStore
from bot.sandbox.telegram.person import Person
from bot.sandbox.telegram.polling import Polling
from bot.sandbox.telegram.queries import Queries, Query, as_text
from bot.sandbox.telegram.responses import Page
from bot.sandbox.telegram.rules import NOT_MODIFIED, ApiError, bad
from bot.sandbox.telegram.scripts import BLOCKED, FloodLimits, Script, Scripts
from bot.sandbox.telegram.stars import StarPayments
from bot.sandbox.telegram.update_queue import Update, UpdateQueue
from bot.sandbox.telegram.webhook import Webhook

__all__ = ["Chat", "Person", "Query", "World", "buttons", "labels", "spoilers", "text_of"]

_DELETE_WITHIN_SECONDS = 48 * 3600
_ACTION_SECONDS = 5.0


class World:
    """All chats of one bot, and the updates that wait for the bot."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.revoked = False
        self.logged_out = False
        self.me: dict[str, Any] = {
            "id": 7000000001,
            "is_bot": True,
            "first_name": "Hanout",
            "username": "HanoutShopBot",
        }
        self.now: Callable[[], float] = time.time
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.queue = UpdateQueue(self._time, token)
        self.polling = Polling(self.queue)
        self.webhook = Webhook(self.queue, self.polling)
        self.queue.added += [self.polling.wake_for_updates, self.webhook.wake]
        self.queries = Queries()
        self.blocked: set[int] = set()
        self.closed: dict[int, ApiError] = {}  # see `close_chat`
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        number = token.partition(":")[0]
        self.files = FileStore(int(number) if number.isdecimal() else 0)
        self.stars = StarPayments(self)
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        # Scripted errors (method, error), each used once; `script` can do more.
        self.refusals: list[tuple[str, ApiError]] = []
        self.scripts = Scripts()
        self.flood = FloodLimits(self._time)
        self.delays: dict[str, float] = {}  # seconds between effect and response, by method
        # Requests that the server refused, or that our rules do not allow: checked by tests.
        self.refused: list[str] = []
        self.changed = asyncio.Condition()
        self._random = random.Random(token)
        self._instances: dict[int, str] = {}  # chat_instance of a chat's presses
        self._message_ids = itertools.count(1)

    def _time(self) -> float:
        return self.now()  # which a test may replace at any time

    @property
    def updates(self) -> list[Update]:
        """The updates that wait for the bot, after the expired ones are dropped."""
        return self.queue.items

    @updates.setter
    def updates(self, updates: Iterable[Update]) -> None:
        self.queue.items = list(updates)

    def person(
        self,
        user_id: int,
        name: str = "Lina",
        language_code: str = "en",
        **fields: str | bool,
    ) -> Person:
        """`fields`: last_name, username, is_premium, where they are set."""
        if user_id not in self.people:
            self.people[user_id] = Person(self, user_id, name, language_code, **fields)
        return self.people[user_id]

    def chat(self, chat_id: int) -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id))

    def new_id(self) -> str:
        """A random id of 18 or 19 digits, as the server gives presses, checkouts and albums."""
        return str(self._random.randint(10**17, 2**63 - 1))

    async def notify(self) -> None:
        """Wake everything that waits for a change."""
        self.polling.wake_for_updates()
        self.webhook.wake()
        async with self.changed:
            self.changed.notify_all()

    def push(self, kind: str, body: dict[str, Any]) -> int:
        """Make an update, unless the server would not (see `queue.lost`); returns its id."""
        chat, thread = body.get("chat"), body.get("message_thread_id")
        if isinstance(chat, dict) and isinstance(thread, int) and chat.get("id") in self.chats:
            self.chats[chat["id"]].threads.add(thread)
        return self.queue.push(kind, body)

    def jump(self, to: int | None = None) -> int:
        """Go on with other update ids, lower or higher; returns the next one."""
        return self.queue.jump(to)

    def script(
        self, method: str, answer: ApiError | Page, *, times: int = 1, after: bool = False
    ) -> None:
        """Answer the next `times` calls of `method` ("*": of any) with an error or a page.

        `after`: the call has its effect first, as when a proxy loses the answer.
        """
        self.scripts.append(Script(method, answer, times, after))

    def close_chat(self, chat_id: int, error: ApiError) -> None:
        """Refuse everything to a chat from now on; `scripts` has the errors that exist."""
        self.closed[chat_id] = error

    async def revoke(self) -> None:
        """Revoke the token: a waiting poll ends empty, later calls get 401 (server sheet 2.3)."""
        self.revoked = True
        self.polling.wake()
        await self.notify()

    def chat_json(self, chat: Chat) -> dict[str, Any]:
        if chat.type != "private":
            return group_json(chat)
        person = self.people.get(chat.id)
        names = person.fields if person else {}
        return {
            "id": chat.id,
            "type": "private",
            "first_name": person.name if person else "",
            **{name: names[name] for name in ("last_name", "username") if name in names},
        }

    def reachable(self, chat_id: Any) -> Chat:
        """The chat of this id. Raises ApiError where it is unknown or closed for the bot."""
        if chat_id in (None, ""):
            raise bad("chat_id is empty")
        number = chat_id if isinstance(chat_id, int) else _number(chat_id)
        chat = self.chats.get(number)
        if number in self.closed:
            raise self.closed[number]
        if chat is None:
            raise bad("chat not found")
        if number in self.blocked:
            raise BLOCKED
        return chat

    def add_message(self, chat: Chat, body: Message, *, service: bool = False) -> Message:
        message = {
            "message_id": next(self._message_ids),
            "date": int(self.now()),
            "chat": self.chat_json(chat),
            **body,
        }
        chat.messages[message["message_id"]] = message
        chat.log.append(message)
        chat.action = ""
        if service:
            chat.service.add(message["message_id"])
        return message

    def message(self, chat: Chat, message_id: int, what: str) -> Message:
        """A message to "edit" or to "delete". Raises ApiError (server sheet 11.1, 11.2)."""
        found = chat.messages.get(message_id)
        if found is None:
            raise bad(f"message to {what} not found")
        mine = found.get("from", {}).get("id") == self.me["id"]
        if what == "edit" and (not mine or message_id in chat.service | chat.fixed):
            raise bad("message can't be edited")
        return found

    def replace(self, chat: Chat, message: Message, body: dict[str, Any]) -> Message:
        """Change a message; None removes a field. Returns the result, which tells no reply."""
        new = {key: value for key, value in {**message, **body}.items() if value is not None}
        new.pop("edit_date", None)
        old = {key: value for key, value in message.items() if key != "edit_date"}
        if new == old:
            raise bad(NOT_MODIFIED)
        new["edit_date"] = int(self.now())
        chat.messages[message["message_id"]] = new
        chat.log.append(new)
        return {key: value for key, value in new.items() if key != "reply_to_message"}

    def delete(self, chat: Chat, message_id: int) -> None:
        found = self.message(chat, message_id, "delete")
        mine = found.get("from", {}).get("id") == self.me["id"]
        own_service = mine and message_id in chat.service
        if own_service or self.now() - found["date"] > _DELETE_WITHIN_SECONDS:
            raise bad("message can't be deleted for everyone")
        del chat.messages[message_id]

    def act(self, chat: Chat, action: str) -> None:
        chat.action, chat.action_until = action, self.now() + _ACTION_SECONDS

    def ask(
        self,
        user: dict[str, Any],
        message: Message | None,
        data: str | bytes,
        *,
        game: str = "",
        inline_message_id: str = "",
    ) -> Query:
        """A press, under the message as it is now; bytes may be no UTF-8 (server sheet 12.1)."""
        query = Query(self.new_id(), user["id"], self.now())
        self.queries[query.id] = query
        where = message["chat"]["id"] if message is not None else 0
        instance = self._instances.setdefault(where, self.new_id())
        body = {"id": query.id, "from": user, "chat_instance": instance}
        if message is not None:
            body["message"] = self._as_it_is(message)
        else:
            body["inline_message_id"] = inline_message_id or "inline-1"
        body.update({"game_short_name": game} if game else {"data": as_text(data)})
        self.push("callback_query", body)
        return query

    def _as_it_is(self, message: Message) -> Message:
        number, chat = message["message_id"], self.chats.get(message["chat"]["id"])
        if message["date"] == 0 or chat is None or number not in chat.messages:
            return inaccessible(message["chat"], number)
        return chat.messages[number]

    def answer(self, query_id: str, text: str, *, alert: bool) -> None:
        self.queries.answer(query_id, text, alert=alert, now=self.now())


def _number(chat_id: Any) -> int:
    try:
        return int(str(chat_id))
    except ValueError:
        return 0
