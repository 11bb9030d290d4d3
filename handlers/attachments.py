"""Pictures and files that people send, and how they are sent on: an album is one message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import InputMediaDocument, InputMediaPhoto, Message, ReplyParameters, Update
from telegram.ext import ExtBot, filters

from bot.domain.payments import ReceiptKind
from bot.domain.receipt_files import may_be_receipt
from bot.services.payments.receipts import ReceiptFile
from handlers.middleware.albums import album_of
from handlers.middleware.threads import Threads
from handlers.parts import Parts
from handlers.screen import Screen

_CARRIED = (
    *("photo", "document", "video", "animation", "audio", "voice", "video_note", "sticker"),
    *("location", "venue", "contact"),
)
_GROUP_LIMIT = 10  # what sendMediaGroup takes; it refuses a single item


@dataclass(frozen=True, slots=True)
class Attachments:
    """The pictures and files of a message or an album, the messages they stand in, its one caption.

    `receipts`: those of the files that can be the receipt of a transfer. `is_partial`: the message or
    album held something besides those, and a receipt with it.
    """

    files: tuple[ReceiptFile, ...]
    receipts: tuple[ReceiptFile, ...]
    message_ids: tuple[int, ...]
    caption: str
    is_partial: bool


def attachments_of(update: Update) -> Attachments:
    """What is attached to the message of an update, or to all messages of its album."""
    album = album_of(update)
    taken = [(message, file) for message in album.messages if (file := file_of(message))]
    receipts = tuple(file for message, file in taken if _may_be_receipt(message))
    return Attachments(
        tuple(file for _, file in taken),
        receipts,
        tuple(message.message_id for message, _ in taken),
        album.caption.encode("utf-8", "ignore").decode(),
        is_partial=0 < len(receipts) < len(album.messages),
    )


def _may_be_receipt(message: Message) -> bool:
    file = message.document
    return bool(message.photo) or (
        file is not None and may_be_receipt(file.mime_type, file.file_name)
    )


def file_of(message: Message) -> ReceiptFile | None:
    """The picture of a message, in its largest size, or its file; None for other kinds."""
    if message.photo:
        largest = message.photo[-1]
        return ReceiptFile(ReceiptKind.PHOTO, largest.file_id, largest.file_unique_id)
    if message.document:
        file = message.document
        return ReceiptFile(ReceiptKind.DOCUMENT, file.file_id, file.file_unique_id)
    return None


def is_carried(message: Message) -> bool:
    """Whether Telegram copies what is attached to a message to another chat, as far as it says."""
    return any(getattr(message, kind) for kind in _CARRIED)


class Unread(filters.MessageFilter):
    """Content that nobody here reads: a checklist, or a kind that is newer than the library.

    A message that brings no field of its own, as that of a screenshot, is none.
    """

    def filter(self, message: Message) -> bool:
        return bool(message.checklist or message.api_kwargs)


class AttachmentSender:
    """Sends pictures and files, given by kind and Telegram's file id, with a screen."""

    def __init__(
        self, bot: ExtBot[Any], threads: Threads | None = None, parts: Parts | None = None
    ) -> None:
        """`threads`: where the receiver's threads are known; without, all goes to the chat.

        `parts`: of the one message that is sent.
        """
        self._bot = bot
        self._threads = threads or Threads()
        self._parts = parts or Parts()

    async def send(
        self, chat_id: int, files: Sequence[tuple[ReceiptKind, str]], screen: Screen, **options: Any
    ) -> list[Message]:
        """Send a screen and files as one message.

        No file: a text. One: the screen is its caption. More: albums, of pictures and of files
        apart, as Telegram demands, then the screen as a reply to the first, since albums carry no
        buttons. `options` are passed to each call. Returns all messages, the screen's the last.
        Raises TelegramError; what was sent before stays.
        """
        if len(files) == 1:
            options |= {"caption": screen.text, "caption_entities": screen.entities}
            options["reply_markup"] = screen.keyboard()
            return [await self._send_one(chat_id, *files[0], options)]
        sent: list[Message] = []
        for kind in ReceiptKind:
            of_kind = [file_id for one, file_id in files if one is kind]
            sent += await self._send_albums(chat_id, kind, of_kind, options)
        if sent:
            first = sent[0].message_id
            options["reply_parameters"] = ReplyParameters(first, allow_sending_without_reply=True)
        options |= {"entities": screen.entities, "reply_markup": screen.keyboard()}
        sent.append(await self._call(chat_id, self._bot.send_message, screen.text, **options))
        return sent

    async def _call(self, chat_id: int, method: Any, *given: Any, **options: Any) -> Any:
        return await self._parts.send(
            partial(self._threads.send, chat_id, method, *given, **options)
        )

    async def _send_one(
        self, chat_id: int, kind: ReceiptKind, file_id: str, options: Mapping[str, Any]
    ) -> Message:
        send = self._bot.send_photo if kind is ReceiptKind.PHOTO else self._bot.send_document
        sent: Message = await self._call(chat_id, send, file_id, **options)
        return sent

    async def _send_albums(
        self, chat_id: int, kind: ReceiptKind, file_ids: Sequence[str], options: Mapping[str, Any]
    ) -> list[Message]:
        """Send files of one kind as albums, and one that is left over by itself."""
        media = InputMediaPhoto if kind is ReceiptKind.PHOTO else InputMediaDocument
        sent: list[Message] = []
        for start in range(0, len(file_ids), _GROUP_LIMIT):
            group = file_ids[start : start + _GROUP_LIMIT]
            if len(group) == 1:
                sent.append(await self._send_one(chat_id, kind, group[0], options))
            else:
                items = [media(file_id) for file_id in group]
                sent += await self._call(chat_id, self._bot.send_media_group, items, **options)
        return sent
