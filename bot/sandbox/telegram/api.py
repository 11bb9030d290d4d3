"""HTTP API of the Telegram simulator: reads the requests of a bot and answers as Telegram does."""

import asyncio
import json
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.telegram import rules
from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.rules import ApiError, bad
from bot.sandbox.telegram.world import World

Files = dict[str, StoredFile]
_CLIENT_CLOSED_REQUEST = 499


def _json(body: dict[str, Any], status: int = 200) -> Response:
    # Escaped to ASCII, as Telegram does: so a text with half a surrogate pair can be sent too.
    return Response(json.dumps(body), status, media_type="application/json")


class TelegramApi:
    def __init__(self, world: World) -> None:
        self.world = world
        self.app = Starlette(
            routes=[Route("/bot{token:str}/{method:str}", self._handle, methods=["POST", "GET"])]
        )

    async def _handle(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            if request.path_params["token"] != self.world.token:
                raise ApiError(401, "Unauthorized")
            try:
                values, files = await _read(request)
            except ClientDisconnect:  # the bot was killed while it sent the request
                return Response(status_code=_CLIENT_CLOSED_REQUEST)
            self.world.calls.append((self.world.now(), method, values))
            result = await self._call(method, values, files)
        except ApiError as error:
            if error.code == 400 and "not modified" not in error.description:  # noqa: PLR2004
                self.world.refused.append(f"{method}: {error.description}")
            body: dict[str, Any] = {
                "ok": False,
                "error_code": error.code,
                "description": error.description,
            }
            if error.retry_after is not None:
                body["parameters"] = {"retry_after": error.retry_after}
            return _json(body, error.code)
        await self.world.notify()
        if delay := self.world.delays.get(method):
            await asyncio.sleep(delay)
        return _json({"ok": True, "result": result})

    async def _call(self, method: str, values: dict[str, Any], files: Files) -> Any:
        allowed = rules.METHODS.get(method)
        if allowed is None:
            raise ApiError(404, "Not Found: method not found")
        unknown = set(values) - allowed
        if unknown:
            raise bad(f"unknown parameters {sorted(unknown)}")
        for index, (scripted, error) in enumerate(self.world.refusals):
            if scripted == method:
                del self.world.refusals[index]
                raise error
        action = getattr(self, f"_{method}")
        result = action(values, files)
        return await result if asyncio.iscoroutine(result) else result

    def _getMe(self, _values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        return {
            **self.world.me,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def _getUpdates(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        return await self.world.wait_updates(
            int(values.get("offset", 0)),
            int(values.get("limit", 100)),
            float(values.get("timeout", 0)),
        )

    def _deleteWebhook(self, _values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        return True

    def _getWebhookInfo(self, _values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        return {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates),
        }

    def _sendMessage(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        chat = self.world.reachable(values.get("chat_id"))
        return self.world.add_message(
            chat, {**self._author(), **self._text(values), **_protected(values)}
        )

    def _editMessageText(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        chat = self.world.reachable(values.get("chat_id"))
        message = self.world.message(chat, values.get("message_id"), "edit")
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        body = {"entities": None, "reply_markup": None, **self._text(values)}
        return self.world.replace(chat, message, body)

    def _sendDocument(self, values: dict[str, Any], files: Files) -> Any:  # noqa: N802
        chat = self.world.reachable(values.get("chat_id"))
        sent = self._file(values, files, "document")
        body = {**self._author(), **self._caption(values), **_protected(values)}
        document = self.world.files.document(sent.content, sent.name)
        return self.world.add_message(chat, {**body, "document": document})

    def _sendPhoto(self, values: dict[str, Any], files: Files) -> Any:  # noqa: N802
        chat = self.world.reachable(values.get("chat_id"))
        sent = self._file(values, files, "photo")
        body = {**self._author(), **self._caption(values), **_protected(values)}
        photo = self.world.files.photo(sent.content)
        return self.world.add_message(chat, {**body, "photo": photo})

    def _sendChatAction(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        chat = self.world.reachable(values.get("chat_id"))
        if values.get("action") not in rules.ACTIONS:
            raise bad("wrong parameter action in request")
        self.world.act(chat, values["action"])
        return True

    def _editMessageMedia(self, values: dict[str, Any], files: Files) -> Any:  # noqa: N802
        chat = self.world.reachable(values.get("chat_id"))
        message = self.world.message(chat, values.get("message_id"), "edit")
        media = values.get("media")
        if not isinstance(media, dict) or "document" not in message:
            raise bad("message can't be edited")
        content = files.get(str(media.get("media", "")).removeprefix("attach://"))
        if content is None:
            raise bad("wrong file identifier/HTTP URL specified")
        body = self._caption({**media, "reply_markup": values.get("reply_markup")})
        document = self.world.files.document(content.content, content.name)
        return self.world.replace(
            chat, message, {"caption_entities": None, **body, "document": document}
        )

    def _deleteMessage(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        self.world.delete(self.world.reachable(values.get("chat_id")), values.get("message_id"))
        return True

    def _answerCallbackQuery(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        text = str(values.get("text", ""))
        if len(text) > rules.ANSWER_LIMIT:
            raise bad("MESSAGE_TOO_LONG")
        alert = values.get("show_alert") in (True, "true", "True")
        self.world.answer(str(values.get("callback_query_id")), text, alert=alert)
        return True

    def _setMyCommands(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        commands = values.get("commands", [])
        for command in commands:
            name, description = command.get("command", ""), command.get("description", "")
            if (
                not 1 <= len(name) <= 32  # noqa: PLR2004
                or not name.replace("_", "").isalnum()
                or name != name.lower()
            ):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(description) <= 256:  # noqa: PLR2004
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        scope = values.get("scope") or {"type": "default"}
        if scope["type"] == "chat" and scope["chat_id"] not in self.world.chats:
            raise bad("chat not found")
        scope_key = scope["type"] + (f":{scope['chat_id']}" if scope["type"] == "chat" else "")
        self.world.commands[scope_key, str(values.get("language_code", ""))] = commands
        return True

    def _setMyDescription(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        self.world.descriptions[str(values.get("language_code", ""))] = str(
            values.get("description", "")
        )
        return True

    def _setMyShortDescription(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        text = str(values.get("short_description", ""))
        if len(text) > 120:  # noqa: PLR2004
            raise bad("SHORT_DESCRIPTION_TOO_LONG")
        self.world.short_descriptions[str(values.get("language_code", ""))] = text
        return True

    def _editMessageCaption(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        chat = self.world.reachable(values.get("chat_id"))
        message = self.world.message(chat, values.get("message_id"), "edit")
        if "photo" not in message and "document" not in message:
            raise bad("there is no caption in the message to edit")
        body = {"caption_entities": None, "reply_markup": None, **self._caption(values)}
        return self.world.replace(chat, message, body)

    def _sendInvoice(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        return self.world.stars.send_invoice(self.world.reachable(values.get("chat_id")), values)

    def _answerPreCheckoutQuery(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        return self.world.stars.answer(values)

    def _refundStarPayment(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        charge_id = str(values.get("telegram_payment_charge_id", ""))
        return self.world.stars.refund(values.get("user_id"), charge_id)

    def _getStarTransactions(self, values: dict[str, Any], _files: Files) -> Any:  # noqa: N802
        offset, limit = int(values.get("offset", 0)), int(values.get("limit", 100))
        return self.world.stars.list_transactions(offset, limit)

    def _file(self, values: dict[str, Any], files: Files, name: str) -> StoredFile:
        """An uploaded file, or an earlier one named by its id. Raises ApiError."""
        if name in files:
            return files[name]
        if name not in values:
            raise bad(f"there is no {name} in the request")
        known = self.world.files.get(str(values[name]))
        if known is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return known

    def _author(self) -> dict[str, Any]:
        return {"from": self.world.me}

    def _text(self, values: dict[str, Any]) -> dict[str, Any]:
        text, entities = str(values.get("text", "")), values.get("entities") or []
        rules.check_text(text)
        return {"text": text, **_with_markup(text, entities, values, "entities")}

    def _caption(self, values: dict[str, Any]) -> dict[str, Any]:
        text, entities = str(values.get("caption", "")), values.get("caption_entities") or []
        rules.check_text(text, rules.CAPTION_LIMIT)
        return {"caption": text, **_with_markup(text, entities, values, "caption_entities")}


def _with_markup(
    text: str, entities: list[dict[str, Any]], values: dict[str, Any], name: str
) -> dict[str, Any]:
    """The optional parts of a message: its entities and its keyboard. Raises ApiError."""
    rules.check_entities(text, entities)
    rules.check_keyboard(values.get("reply_markup"))
    body: dict[str, Any] = {}
    if entities:
        body[name] = entities
    if values.get("reply_markup"):
        body["reply_markup"] = values["reply_markup"]
    return body


def _protected(values: dict[str, Any]) -> dict[str, Any]:
    return (
        {"has_protected_content": True} if values.get("protect_content") in (True, "true") else {}
    )


async def _read(request: Request) -> tuple[dict[str, Any], Files]:
    """Parameters from the query, a form, a multipart form or a JSON body; and uploads."""
    values: dict[str, Any] = {k: rules.read_value(k, v) for k, v in request.query_params.items()}
    files: Files = {}
    if request.headers.get("content-type", "").startswith("application/json"):
        values |= await request.json()
        return values, files
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = StoredFile(await value.read(), value.filename or "file")
            else:
                values[name] = rules.read_value(name, value)
    # python-telegram-bot sends a file as "attach://<name>" and a part with that name.
    for name, value in list(values.items()):
        attached = files.get(str(value).removeprefix("attach://"))
        if attached is not None:
            files[name] = attached
            del values[name]
    return values, files
