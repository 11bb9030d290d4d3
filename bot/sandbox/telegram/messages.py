"""The methods that send, edit and delete messages (server sheet 8 to 11)."""

import json
from typing import Any

from bot.sandbox.telegram import rules
from bot.sandbox.telegram.chats import Chat, Message, without_reply
from bot.sandbox.telegram.entities import entities_field, first_link, stored_entities
from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.keyboards import is_other_keyboard, read_markup
from bot.sandbox.telegram.rules import bad
from bot.sandbox.telegram.textclean import clean_with_entities
from bot.sandbox.telegram.values import Values, boolean, integer
from bot.sandbox.telegram.world import World

Files = dict[str, StoredFile]

_MEDIA = ("photo", "document")
_FEWEST_ITEMS, _MOST_ITEMS = 2, 10  # of an album
_MOST_COPIES = 100
_CONTENT = ("text", "entities", "caption", "caption_entities", *_MEDIA, "link_preview_options")
# What is copied besides; nothing of it is sent or edited by the shop.
_OTHER_CONTENT = (
    *("video", "animation", "audio", "voice", "video_note", "sticker", "location", "venue"),
    "contact",
)
_PARSE_MODES = ("html", "markdown", "markdownv2")


class MessageMethods:
    def __init__(self, world: World) -> None:
        self.world = world

    def send_message(self, values: Values, _files: Files) -> Message:
        content = _text(values)
        message = self._send(values, content)
        self._preview(message, values)
        return message

    def send_document(self, values: Values, files: Files) -> Message:
        caption = _caption(values)
        sent = self._file(values, files, "document")
        return self._send(
            values, {**caption, "document": self.world.files.document(sent.content, sent.name)}
        )

    def send_photo(self, values: Values, files: Files) -> Message:
        caption = _caption(values)
        sent = self._file(values, files, "photo")
        return self._send(values, {**caption, "photo": self.world.files.photo(sent.content)})

    def send_media_group(self, values: Values, files: Files) -> list[Message]:
        """An album: a message for each item, which share an id (core.telegram.org/bots/api)."""
        media = values.get("media")
        items = (
            [item for item in media if isinstance(item, dict)] if isinstance(media, list) else []
        )
        kinds = {str(item.get("type")) for item in items}
        if not _FEWEST_ITEMS <= len(items) <= _MOST_ITEMS:
            raise bad("wrong number of items in the album")  # our words: the core is not public
        if len(kinds) > 1 and "document" in kinds:
            raise bad("document can't be mixed with other media types")
        album = self.world.new_id()
        contents = [{**self._media(item, files), "media_group_id": album} for item in items]
        shared = {name: value for name, value in values.items() if name != "reply_markup"}
        return [self._send(shared, content) for content in contents]

    def copy_message(self, values: Values, _files: Files) -> dict[str, int]:
        """A new caption is not simulated."""
        source = self.world.reachable(values.get("from_chat_id"))
        message = source.messages.get(integer(values.get("message_id")))
        if message is None:
            raise bad("message to copy not found")
        if not _can_be_copied(source, message):
            raise bad("message can't be copied")
        return {"message_id": self._send(values, _content_of(message))["message_id"]}

    def copy_messages(self, values: Values, _files: Files) -> list[dict[str, int]]:
        """What is gone or cannot be copied is left out; albums stay albums (bots/api)."""
        source = self.world.reachable(values.get("from_chat_id"))
        given = values.get("message_ids")
        numbers = [integer(one) for one in given] if isinstance(given, list) else []
        if not 1 <= len(numbers) <= _MOST_COPIES or sorted(set(numbers)) != numbers:
            raise bad("message identifiers must be in a strictly increasing order")  # our words
        found = [source.messages[number] for number in numbers if number in source.messages]
        albums = {m["media_group_id"]: self.world.new_id() for m in found if "media_group_id" in m}
        copies = []
        for message in found:
            if _can_be_copied(source, message):
                content = _content_of(message)
                if "media_group_id" in message:
                    content["media_group_id"] = albums[message["media_group_id"]]
                copies.append({"message_id": self._send(values, content)["message_id"]})
        return copies

    def send_invoice(self, values: Values, _files: Files) -> Message:
        invoice, payload = self.world.stars.read_invoice(values)
        message = self._send(values, invoice)
        self.world.stars.payloads[message["chat"]["id"], message["message_id"]] = payload
        return message

    def send_chat_action(self, values: Values, _files: Files) -> bool:
        if values.get("action") not in rules.ACTIONS:
            raise bad("wrong parameter action in request")
        self.world.act(self.world.reachable(values.get("chat_id")), values["action"])
        return True

    def edit_message_text(self, values: Values, _files: Files) -> Message:
        content = _text(values)
        chat, message = self._to_edit(values)
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        return self._edit(chat, message, values, content)

    def edit_message_caption(self, values: Values, _files: Files) -> Message:
        content = _caption(values)
        chat, message = self._to_edit(values)
        if not any(name in message for name in _MEDIA):
            raise bad("there is no caption in the message to edit")
        media = {name: message[name] for name in _MEDIA if name in message}
        return self._edit(chat, message, values, {**media, **content})

    def edit_message_media(self, values: Values, files: Files) -> Message:
        media = values.get("media")
        media = media if isinstance(media, dict) else {}
        _check_media(media)
        chat, message = self._to_edit(values)
        if not any(name in message for name in ("text", *_MEDIA)):
            raise bad("message media can't be edited")
        return self._edit(chat, message, values, self._media(media, files))

    def _media(self, media: dict[str, Any], files: Files) -> dict[str, Any]:
        """The content of an InputMedia. Raises ApiError."""
        _check_media(media)
        name = str(media.get("media", "")).removeprefix("attach://")
        sent = files.get(name) or self.world.files.get(name)
        if sent is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if media["type"] == "photo":
            return {**_caption(media), "photo": self.world.files.photo(sent.content)}
        return {**_caption(media), "document": self.world.files.document(sent.content, sent.name)}

    def edit_message_reply_markup(self, values: Values, _files: Files) -> Message:
        markup = read_markup(values.get("reply_markup"))
        chat, message = self._to_edit(values)
        return self.world.replace(chat, message, {"reply_markup": markup})

    def delete_message(self, values: Values, _files: Files) -> bool:
        chat = self.world.reachable(values.get("chat_id"))
        self.world.delete(chat, integer(values.get("message_id")))
        return True

    def answer_callback_query(self, values: Values, _files: Files) -> bool:
        text = str(values.get("text", ""))
        if len(text) > rules.ANSWER_LIMIT:
            raise bad("MESSAGE_TOO_LONG")
        alert = boolean(values.get("show_alert"))
        self.world.answer(str(values.get("callback_query_id")), text, alert=alert)
        return True

    def _send(self, values: Values, content: dict[str, Any]) -> Message:
        markup = read_markup(values.get("reply_markup"))
        chat = self.world.reachable(values.get("chat_id"))
        body: dict[str, Any] = {
            "from": self.world.me,
            **self._thread(chat, values),
            **self._reply(chat, values),
            **content,
        }
        if markup is not None:
            body["reply_markup"] = markup
        if boolean(values.get("protect_content")):
            body["has_protected_content"] = True
        self.world.flood.count(chat.id)
        message = self.world.add_message(chat, body)
        if is_other_keyboard(values.get("reply_markup")):
            chat.fixed.add(message["message_id"])
        return message

    def _thread(self, chat: Chat, values: Values) -> dict[str, Any]:
        thread = integer(values.get("message_thread_id"))
        if thread <= 0:
            return {}
        if thread not in chat.threads - chat.deleted_threads:
            raise bad("message thread not found")  # seen by others: the core is not public
        return {"message_thread_id": thread, "is_topic_message": True}

    def _reply(self, chat: Chat, values: Values) -> dict[str, Any]:
        """The message that this one answers; `reply_to_message_id` is the older parameter."""
        parameters = values.get("reply_parameters")
        if not isinstance(parameters, dict):
            parameters = {
                "message_id": values.get("reply_to_message_id"),
                "allow_sending_without_reply": values.get("allow_sending_without_reply"),
            }
        number = integer(parameters.get("message_id"))
        if number in chat.messages:
            return {"reply_to_message": without_reply(chat.messages[number])}
        if number > 0 and not boolean(parameters.get("allow_sending_without_reply")):
            raise bad("message to be replied not found")
        return {}

    def _to_edit(self, values: Values) -> tuple[Chat, Message]:
        chat = self.world.reachable(values.get("chat_id"))
        return chat, self.world.message(chat, integer(values.get("message_id")), "edit")

    def _edit(
        self, chat: Chat, message: Message, values: Values, content: dict[str, Any]
    ) -> Message:
        """Replace the content; what is not given again is removed, such as the keyboard."""
        markup = read_markup(values.get("reply_markup"))
        body = {**dict.fromkeys(_CONTENT), **content, "reply_markup": markup}
        self.world.flood.count(chat.id)
        edited = self.world.replace(chat, message, body)
        if "text" in content:
            self._preview(edited, values)
        return edited

    def _preview(self, message: Message, values: Values) -> None:
        """Note the link that Telegram fetches for a preview, unless the request switches it off."""
        options = _options(values)
        if boolean(options.get("is_disabled")) or boolean(values.get("disable_web_page_preview")):
            return
        link = options.get("url") or first_link(message["text"], message.get("entities", []))
        if link:
            chat = self.world.chats[message["chat"]["id"]]
            chat.previews.append((message["message_id"], str(link)))

    def _file(self, values: Values, files: Files, name: str) -> StoredFile:
        """An uploaded file, or an earlier one named by its id. Raises ApiError."""
        if name in files:
            if not files[name].content:
                raise bad("file must be non-empty")
            return files[name]
        if not values.get(name):
            raise bad(f"there is no {name} in the request")
        known = self.world.files.sent_by_id(str(values[name]))
        if name == "photo" and not known.is_photo:  # seen by others
            raise bad("can't use file of type Document as Photo")
        return known


def _content_of(message: Message) -> dict[str, Any]:
    return {name: message[name] for name in (*_CONTENT, *_OTHER_CONTENT) if name in message}


def _can_be_copied(source: Chat, message: Message) -> bool:
    protected = message.get("has_protected_content", False)
    return message["message_id"] not in source.service and not protected


def _check_media(media: dict[str, Any]) -> None:
    if media.get("type") not in _MEDIA:
        # The server has more types, and other words for each fault of this object.
        raise bad("can't parse InputMedia: type must be non-empty")


def _text(values: Values) -> dict[str, Any]:
    if not values.get("text"):
        raise bad("message text is empty")
    text, entities = _formatted(values, "text", "entities")
    if not text:
        raise bad("text must be non-empty")
    if len(text) > rules.TEXT_LIMIT:
        raise bad("message is too long")
    options = {"link_preview_options": _options(values)} if _options(values) else {}
    return {"text": text, **entities_field(text, entities), **options}


def _caption(values: Values) -> dict[str, Any]:
    """The caption; an empty one is absent (server sheet 7.13)."""
    text, entities = _formatted(values, "caption", "caption_entities")
    if len(text) > rules.CAPTION_LIMIT:
        raise bad("message caption is too long")
    if not text:
        return {}
    return {"caption": text, **entities_field(text, entities, "caption_entities")}


def _formatted(values: Values, name: str, entities: str) -> tuple[str, list[dict[str, Any]]]:
    """The text as it is stored, with its entities. Parse modes are not simulated."""
    mode = str(values.get("parse_mode", ""))
    if mode and mode.lower() not in _PARSE_MODES:
        raise bad("unsupported parse_mode")
    given = values.get(entities) or []
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            given = []
    given = [entity for entity in given if isinstance(entity, dict)]
    text, moved = clean_with_entities(str(values.get(name, "")), given)
    return text, stored_entities(text, moved)


def _options(values: Values) -> dict[str, Any]:
    options = values.get("link_preview_options")
    return options if isinstance(options, dict) else {}
