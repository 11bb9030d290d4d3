"""A simulated user: writes, presses buttons and waits for messages."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.sandbox.telegram.chats import (
    Chat,
    Message,
    buttons,
    inaccessible,
    labels,
    spoilers,
    text_of,
    without_reply,
)
from bot.sandbox.telegram.contract import Telegram
from bot.sandbox.telegram.entities import entities_field, found_entities
from bot.sandbox.telegram.queries import Query
from bot.sandbox.telegram.rules import CAPTION_LIMIT, TEXT_LIMIT, check_text, utf16_length
from bot.sandbox.telegram.service_messages import Parts, service_message

# Who sees what they wait for waits no longer; where nothing comes, a busy machine may only be slow.
PATIENCE_SECONDS = 30.0


def _with_plain_spaces(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class Person:
    """`name` and `language_code` may be empty, as for deleted accounts and old clients."""

    def __init__(
        self, world: Telegram, user_id: int, name: str, language_code: str, **fields: str | bool
    ) -> None:
        self.world = world
        self.id = user_id
        self.name = name
        self.language_code = language_code
        self.patience_seconds = PATIENCE_SECONDS
        self.fields = fields  # last_name, username, is_premium: sent only where they are set

    @property
    def user(self) -> dict[str, Any]:
        language = {"language_code": self.language_code} if self.language_code else {}
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            **self.fields,
            **language,
        }

    @property
    def chat(self) -> Chat:
        return self.world.chat(self.id)

    async def say(
        self,
        text: str,
        chat: Chat | None = None,
        reply_to: Message | None = None,
        thread: int | None = None,
    ) -> int:
        """Send a text, to the bot or to a group; returns the id of the update."""
        target = chat or self.chat
        body: dict[str, Any] = {"from": self.user, "text": text, **_in_thread(thread)}
        if reply_to is not None:
            body.update(self._replied(target, reply_to))
        body |= entities_field(text, found_entities(text))
        return await self._send(target, body)

    async def paste(self, text: str) -> list[int]:
        """Send a text as Telegram's apps do: what is too long for one message goes as several.

        They are cut behind a space of the second half, where there is one.
        """
        sent: list[int] = []
        while utf16_length(text) > TEXT_LIMIT:
            first = text[:TEXT_LIMIT]
            end = first.rfind(" ", TEXT_LIMIT // 2) + 1 or TEXT_LIMIT
            sent.append(await self.say(text[:end].rstrip()))
            text = text[end:]
        return [*sent, await self.say(text)]

    async def reply(self, text: str, to: Message, thread: int | None = None) -> int:
        """Answer a message; one that is gone is not told (server sheet 7.7)."""
        return await self.say(text, reply_to=to, thread=thread)

    def _replied(self, chat: Chat, message: Message) -> dict[str, Any]:
        known = chat.messages.get(message["message_id"])
        if known is None:
            return {}
        shown = without_reply(known).items()
        return {"reply_to_message": {name: it for name, it in shown if name != "reply_markup"}}

    async def _send(self, chat: Chat, body: dict[str, Any], *, service: bool = False) -> int:
        update_id = self.world.push("message", self.world.add_message(chat, body, service=service))
        await self.world.notify()
        return update_id

    async def send(self, content: Mapping[str, Any]) -> int:
        """Send a message of any kind, by its fields; returns the id of the update."""
        return await self._send(self.chat, {"from": self.user, **content})

    async def forward(self, text: str, of: "Person | None" = None, hidden_name: str = "") -> int:
        """Send a message of somebody else's on to the bot; returns the update's id.

        `of` None: of a person who hides who they are, and is known by `hidden_name` alone.
        """
        date = int(self.world.now())
        origin: dict[str, Any] = {
            "type": "hidden_user",
            "sender_user_name": hidden_name,
            "date": date,
        }
        if of is not None:
            origin = {"type": "user", "sender_user": of.user, "date": date}
        body = {"text": text, "forward_origin": origin}
        return await self.send(body | entities_field(text, found_entities(text)))

    async def share(self, user_id: int, request_id: int) -> int:
        """Choose somebody for a keyboard that asked for a person; returns the update's id."""
        shared = {"request_id": request_id, "users": [{"user_id": user_id}]}
        body = {"from": self.user, "users_shared": shared}
        return await self._send(self.chat, body, service=True)

    async def attach(
        self,
        content: bytes,
        name: str,
        caption: str = "",
        *,
        photo: bool,
        thread: int | None = None,
        album: str = "",
    ) -> int:
        """Send a file or picture; returns the update's id. Raises ApiError as Telegram does."""
        body: dict[str, Any] = {"from": self.user, **_in_thread(thread)}
        if photo:
            body["photo"] = self.world.files.photo(content)
        else:
            body["document"] = self.world.files.document(content, name)
        if album:
            body["media_group_id"] = album
        if caption:
            check_text(caption, CAPTION_LIMIT)
            body["caption"] = caption
            body |= entities_field(caption, found_entities(caption), "caption_entities")
        return await self._send(self.chat, body)

    async def album(
        self,
        contents: Sequence[bytes],
        caption: str = "",
        *,
        photo: bool = True,
        thread: int | None = None,
    ) -> list[int]:
        """Send pictures or files as one album: an update for each, the caption on the first."""
        album = self.world.new_id()
        return [
            await self.attach(
                content,
                f"file-{number}",
                "" if number else caption,
                photo=photo,
                thread=thread,
                album=album,
            )
            for number, content in enumerate(contents)
        ]

    async def edit(self, message: Message, text: str) -> int:
        """Change the text of an own message; returns the id of the update."""
        known = self.chat.messages[message["message_id"]]
        changed = {**known, "text": text, "edit_date": int(self.world.now())}
        changed.pop("entities", None)
        changed |= entities_field(text, found_entities(text))
        self.chat.messages[known["message_id"]] = changed
        self.chat.log.append(changed)
        update_id = self.world.push("edited_message", changed)
        await self.world.notify()
        return update_id

    async def delete(self, message: Message) -> None:
        """Delete a message for both sides; no update tells of it (server sheet 11.7)."""
        self.chat.messages.pop(message["message_id"], None)
        await self.world.notify()

    async def service(
        self,
        kind: str,
        message: Message | None = None,
        chat: Chat | None = None,
        *,
        gone: bool = False,
        thread: int | None = None,
        by_bot: bool = False,
    ) -> int:
        """Push a service message of a kind of `service_messages.KINDS`; returns the update's id.

        `message`: the one it is about (default: the newest); `gone`: it is inaccessible;
        `by_bot`: the bot did it, and is told of it (server sheet 6).
        """
        target = chat or self.chat
        chat_json = self.world.chat_json(target)
        about = message or next(reversed(target.messages.values()), None)
        number = about["message_id"] if about else 1
        if about is None or gone or number not in target.messages:
            about = inaccessible(chat_json, number)
        date = int(self.world.now())
        parts = Parts(self.user, self.world.me, chat_json, without_reply(about), date)
        body = {**service_message(kind, parts), **_in_thread(thread)}
        if by_bot:
            body["from"] = self.world.me
        return await self._send(target, body, service=True)

    async def pin(
        self, message: Message | None = None, *, gone: bool = False, by_bot: bool = False
    ) -> int:
        return await self.service("pinned_message", message, gone=gone, by_bot=by_bot)

    async def block(self) -> int:
        """Block the bot, which is told by my_chat_member (server sheet 7.14)."""
        self.world.blocked.add(self.id)
        return await self._membership("member", "kicked")

    async def unblock(self) -> int:
        self.world.blocked.discard(self.id)
        return await self._membership("kicked", "member")

    async def _membership(self, old: str, new: str) -> int:
        body = {
            "chat": self.world.chat_json(self.chat),
            "from": self.user,
            "date": int(self.world.now()),
            "old_chat_member": self._bot_as(old),
            "new_chat_member": self._bot_as(new),
        }
        update_id = self.world.push("my_chat_member", body)
        await self.world.notify()
        return update_id

    def _bot_as(self, status: str) -> dict[str, Any]:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": self.world.me, "status": status, **until}

    @property
    def invoice(self) -> Message:
        """The newest message with an invoice in Stars."""
        return [m for m in self.inbox if "invoice" in m][-1]

    async def pay(self, message: Message | None = None) -> str:
        """Pay an invoice (default: the newest) and return the charge id. Raises ApiError."""
        return await self.world.stars.pay(self, message or self.invoice)

    async def press(self, label: str, message: Message | None = None) -> Query:
        """Press the button with this label, else the first that contains it; all spaces are one."""
        target = message or self.screen
        wanted = _with_plain_spaces(label)
        named = [(_with_plain_spaces(button["text"]), button) for button in buttons(target)]
        for text, button in sorted(named, key=lambda pair: pair[0] != wanted):
            if wanted in text and "callback_data" in button:
                return await self.forge(button["callback_data"], target)
        raise LookupError(f"no button {label!r} under {target.get('text')!r}: {labels(target)}")

    async def forge(
        self,
        data: str | bytes,
        message: Message | None = None,
        *,
        gone: bool = False,
        game: str = "",
        inline_message_id: str = "",
    ) -> Query:
        """Send callback data, also such as no button has: any bytes.

        `gone`: under an inaccessible message; `game`: a game's press, without data;
        `inline_message_id`: under a message of the inline mode, which is not in a chat.
        """
        about = None if inline_message_id else message or self.screen
        if about is not None and gone:
            about = inaccessible(about["chat"], about["message_id"])
        query = self.world.ask(
            self.user, about, data, game=game, inline_message_id=inline_message_id
        )
        await self.world.notify()
        return query

    @property
    def inbox(self) -> list[Message]:
        """The bot's messages as they are now, oldest first; without service messages."""
        return [
            m
            for number, m in self.chat.messages.items()
            if m["from"]["id"] == self.world.me["id"] and number not in self.chat.service
        ]

    @property
    def screen(self) -> Message:
        """The bot's newest message."""
        if not self.inbox:
            raise LookupError(f"the bot has said nothing to {self.name}")
        return self.inbox[-1]

    async def until(self, seen: Callable[["Person"], bool], seconds: float | None = None) -> None:
        """Wait until `seen` is true, for their patience or for `seconds`.

        Raises TimeoutError with the last messages in its text.
        """
        deadline = time.monotonic() + (self.patience_seconds if seconds is None else seconds)
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

    async def reads(self, words: str, seconds: float | None = None) -> Message:
        """Wait for a message of the bot that contains `words`; returns the newest of them.

        One that was there before counts too: see `reads_since`.
        """
        await self.until(lambda me: any(words in text_of(m) for m in me.inbox), seconds)
        return [m for m in self.inbox if words in text_of(m)][-1]

    def moment(self) -> int:
        """A moment in the chat, for `reads_since`."""
        return len(self.chat.log)

    async def reads_since(
        self, moment: int, words: str, seconds: float | None = None, *, label: str = ""
    ) -> Message:
        """Wait until the bot has sent, or changed a message to, `words` after a `moment`.

        Returns the newest message that says so, as it was then; `label`: with such a button.
        """

        def found() -> list[Message]:
            came = [m for m in self.chat.log[moment:] if m["from"]["id"] == self.world.me["id"]]
            return [m for m in came if words in text_of(m) and (not label or _has(m, label))]

        await self.until(lambda _: bool(found()), seconds)
        return found()[-1]

    async def press_and_read(
        self, label: str, words: str, message: Message | None = None, *, then: str = ""
    ) -> Message:
        """Press a button (see `press`) and wait for what comes of it: `words`, and a button `then`."""
        moment = self.moment()
        await self.press(label, message)
        return await self.reads_since(moment, words, label=then)

    async def ask_and_read(self, say: str, words: str, seconds: float | None = None) -> Message:
        """Send a text and wait for a newer message that contains `words`."""
        newest = max(self.chat.messages, default=0)
        await self.say(say)
        await self.until(
            lambda me: any(words in text_of(m) and m["message_id"] > newest for m in me.inbox),
            seconds,
        )
        return [m for m in self.inbox if words in text_of(m)][-1]

    async def walk(self, *steps: tuple[str, str], begin: Message | None = None) -> Message:
        """Press buttons in turn; each step: a label, and words of the message to wait for.

        `begin`: the message with the first button (default: the newest).
        """
        shown = begin or self.screen
        for label, words in steps:
            shown = await self.press_and_read(label, words, shown)
        return shown

    def codes(self) -> list[str]:
        """The texts under spoilers in the messages as they are now."""
        return [secret for message in self.inbox for secret in spoilers(message)]

    def ever_saw(self) -> list[str]:
        """The texts that were ever under spoilers in this chat."""
        return [secret for message in self.chat.log for secret in spoilers(message)]


def _has(message: Message, label: str) -> bool:
    return any(_with_plain_spaces(label) in _with_plain_spaces(it) for it in labels(message))


def _in_thread(thread: int | None) -> dict[str, Any]:
    """A topic of a private chat (server sheet 7.9)."""
    return {} if thread is None else {"message_thread_id": thread, "is_topic_message": True}
