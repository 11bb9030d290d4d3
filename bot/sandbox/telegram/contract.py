"""What people and payments use of World. Protocols, since World imports both modules."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from bot.sandbox.telegram.chats import Chat, Message
from bot.sandbox.telegram.files import FileStore
from bot.sandbox.telegram.queries import Query


class Payer(Protocol):
    """A person with a private chat."""

    @property
    def user(self) -> dict[str, Any]: ...
    @property
    def chat(self) -> Chat: ...


class Payments(Protocol):
    async def pay(self, person: Payer, message: Message) -> str: ...


class Telegram(Protocol):
    me: dict[str, Any]
    changed: asyncio.Condition
    people: Any
    files: FileStore
    blocked: set[int]

    @property
    def now(self) -> Callable[[], float]: ...
    @property
    def stars(self) -> Payments: ...
    def chat(self, chat_id: int) -> Chat: ...
    def chat_json(self, chat: Chat) -> dict[str, Any]: ...
    def new_id(self) -> str: ...
    def add_message(
        self, chat: Chat, body: dict[str, Any], *, service: bool = False
    ) -> Message: ...
    def push(self, kind: str, body: dict[str, Any]) -> int: ...
    def ask(
        self,
        user: dict[str, Any],
        message: Message | None,
        data: str | bytes,
        *,
        game: str = "",
        inline_message_id: str = "",
    ) -> Query: ...
    async def notify(self) -> None: ...
