"""HTTP API of the Telegram simulator: reads the requests of a bot and answers as Telegram does."""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.telegram import rules
from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.messages import MessageMethods
from bot.sandbox.telegram.polling import WEBHOOK_ACTIVE
from bot.sandbox.telegram.profile import ProfileMethods
from bot.sandbox.telegram.responses import Page, failure, success
from bot.sandbox.telegram.rules import ApiError, bad
from bot.sandbox.telegram.textclean import clean
from bot.sandbox.telegram.values import Values, integer, read_value, required
from bot.sandbox.telegram.world import World

Files = dict[str, StoredFile]
Method = Callable[[Values, Files], Any]

_BAD_REQUEST, _NOT_FOUND, _CLIENT_CLOSED_REQUEST = 400, 404, 499
_MAX_PARAMETER_BYTES = 1 << 20
_TOKEN_ID = re.compile(r"[1-9][0-9]*")
_MAX_TOKEN_LENGTH, _MAX_TOKEN_ID = 80, 1 << 54
_TEXTS = (("text", "entities"), ("caption", "caption_entities"))


class TelegramApi:
    def __init__(self, world: World) -> None:
        self.world = world
        self._methods = self._table()
        world.webhook.execute = self._execute
        self.app = Starlette(
            routes=[
                Route("/bot{token:str}/{method:str}", self._handle, methods=["POST", "GET"]),
                Route("/file/bot{token:str}/{file_id:str}", self._download),
            ],
            exception_handlers={_NOT_FOUND: _not_found},
        )

    def _table(self) -> dict[str, tuple[str, Method]]:
        """By the name in small letters, since the server ignores the case (server sheet 1.8)."""
        messages, profile = MessageMethods(self.world), ProfileMethods(self.world)
        methods: dict[str, Method] = {
            "getMe": profile.get_me,
            "logOut": self._log_out,
            "getUpdates": self._get_updates,
            "setWebhook": lambda values, _: self.world.webhook.set(values),
            "deleteWebhook": lambda values, _: self.world.webhook.delete(values),
            "getWebhookInfo": lambda _values, _files: self.world.webhook.info(),
            "sendMessage": messages.send_message,
            "sendDocument": messages.send_document,
            "sendPhoto": messages.send_photo,
            "sendMediaGroup": messages.send_media_group,
            "copyMessage": messages.copy_message,
            "copyMessages": messages.copy_messages,
            "sendInvoice": messages.send_invoice,
            "sendChatAction": messages.send_chat_action,
            "editMessageText": messages.edit_message_text,
            "editMessageCaption": messages.edit_message_caption,
            "editMessageMedia": messages.edit_message_media,
            "editMessageReplyMarkup": messages.edit_message_reply_markup,
            "getFile": self._get_file,
            "deleteMessage": messages.delete_message,
            "answerCallbackQuery": messages.answer_callback_query,
            "getMyCommands": profile.get_my_commands,
            "getMyDescription": profile.get_my_description,
            "getMyShortDescription": profile.get_my_short_description,
            "setMyCommands": profile.set_my_commands,
            "setMyDescription": profile.set_my_description,
            "setMyShortDescription": profile.set_my_short_description,
            "answerPreCheckoutQuery": lambda values, _: self.world.stars.answer(values),
            "refundStarPayment": self._refund,
            "getStarTransactions": lambda values, _: self.world.stars.list_transactions(
                integer(values.get("offset"), 0), integer(values.get("limit", 100), 1, 100)
            ),
        }
        return {name.lower(): (name, method) for name, method in methods.items()}

    async def _handle(self, request: Request) -> Response:
        wanted = request.path_params["method"]
        name, method = self._methods.get(wanted.lower(), (wanted, None))
        try:
            values, files = await _read(request)
            scripted = self.world.scripts.take(name, after=False)
            if scripted is None:  # whoever answers before the server knows no token
                self._check_token(request.path_params["token"])
            self.world.calls.append((self.world.now(), name, values))
            if scripted is not None:
                return _scripted(scripted)
            result = await self._call(name, method, values, files)
        except ClientDisconnect:  # the bot was killed while it sent the request
            return Response(status_code=_CLIENT_CLOSED_REQUEST)
        except ApiError as error:
            return failure(error)
        await self.world.notify()
        if delay := self.world.delays.get(name):
            await asyncio.sleep(delay)
        if (answer := self.world.scripts.take(name, after=True)) is not None:
            return _scripted(answer)
        return success(result)

    def _check_token(self, token: str) -> None:
        """Raises ApiError (server sheet 2.1, 2.3, 2.6)."""
        if token != self.world.token:
            number, colon, _ = token.partition(":")
            shaped = colon and len(token) <= _MAX_TOKEN_LENGTH and _TOKEN_ID.fullmatch(number)
            if not shaped or int(number) >= _MAX_TOKEN_ID:
                raise ApiError(401, "Unauthorized: invalid token specified")
            raise ApiError(401, "Unauthorized")
        if self.world.revoked:
            raise ApiError(401, "Unauthorized")
        if self.world.logged_out:
            raise ApiError(_BAD_REQUEST, "Logged out")

    async def _call(self, name: str, method: Method | None, values: Values, files: Files) -> Any:
        for index, (scripted, error) in enumerate(self.world.refusals):
            if scripted == name:
                del self.world.refusals[index]
                raise error
        try:
            if method is None:
                raise ApiError(_NOT_FOUND, "Not Found: method not found")
            result = method(values, files)
            result = await result if asyncio.iscoroutine(result) else result
        except ApiError as error:
            if error.code in (_BAD_REQUEST, _NOT_FOUND) and "not modified" not in error.description:
                self.world.refused.append(f"{name}: {error.description}")
            raise
        self._note_breaches(name, values)
        return result

    def _note_breaches(self, name: str, values: Values) -> None:
        """Note what the server accepts, ignores or changes, but a bot of ours must not send."""
        found = []
        if unknown := set(values) - rules.METHODS[name]:
            found.append(f"unknown parameters {sorted(unknown)}")
        media = values.get("media")
        for body in (values, media if isinstance(media, dict) else {}):
            for text, entities in _TEXTS:
                if text in body and name != "answerCallbackQuery":
                    limit = rules.TEXT_LIMIT if text == "text" else rules.CAPTION_LIMIT
                    given = str(body[text]), body.get(entities) or []
                    found += _breach(rules.check_text, given[0], limit)
                    found += _breach(rules.check_entities, *given)
                    found += _changed_text(given[0])
        found += _breach(rules.check_keyboard, values.get("reply_markup"))
        found += _changed_copies(values.get("reply_markup"))
        self.world.refused += [f"{name}: {words}" for words in found]

    async def _execute(self, name: str, values: Values) -> None:
        """Run a method that came in the body of an answer to a webhook; nobody is told."""
        name, method = self._methods.get(name, (name, None))
        self.world.calls.append((self.world.now(), name, values))
        try:
            await self._call(name, method, values, {})
        except ApiError:
            return
        await self.world.notify()

    async def _get_updates(self, values: Values, _files: Files) -> Any:
        if self.world.webhook.url:
            await asyncio.sleep(self.world.polling.conflict_delay())
            raise ApiError(409, WEBHOOK_ACTIVE)
        return await self.world.polling.get_updates(values)

    def _log_out(self, _values: Values, _files: Files) -> bool:
        self.world.logged_out = True
        self.world.updates = []
        return True

    def _get_file(self, values: Values, _files: Files) -> Any:
        file_id = str(required(values, "file_id"))
        file = self.world.files.get(file_id)
        if file is None:
            raise bad("invalid file_id")
        unique = hashlib.blake2b(file.content, digest_size=8).hexdigest()
        size = len(file.content)
        return {
            "file_id": file_id,
            "file_unique_id": unique,
            "file_size": size,
            "file_path": file_id,
        }

    async def _download(self, request: Request) -> Response:
        file = self.world.files.get(request.path_params["file_id"])
        if request.path_params["token"] != self.world.token or file is None:
            return failure(ApiError(_NOT_FOUND, "Not Found"))
        return Response(file.content, media_type="application/octet-stream")

    def _refund(self, values: Values, _files: Files) -> bool:
        user_id = integer(values.get("user_id"))
        if user_id <= 0:
            raise bad("invalid user_id specified")
        return self.world.stars.refund(user_id, required(values, "telegram_payment_charge_id"))


def _scripted(answer: ApiError | Page) -> Response:
    return answer.response() if isinstance(answer, Page) else failure(answer)


def _breach(check: Callable[..., None], *values: Any) -> list[str]:
    """What one of our rules says, in a list."""
    try:
        check(*values)
    except ApiError as error:
        return [error.description]
    return []


def _changed_text(text: str) -> list[str]:
    """Characters that the clean-up removes or replaces inside of the text."""
    changed = clean(text) != text.strip(" \n")
    return ["the server removes or replaces characters of the text"] if changed else []


def _changed_copies(markup: Any) -> list[str]:
    """A value that the clean-up changes would be copied without some of its characters."""
    if not isinstance(markup, dict):
        return []
    copied = [
        str(button["copy_text"].get("text", ""))
        for row in markup.get("inline_keyboard") or []
        for button in row
        if isinstance(button.get("copy_text"), dict)
    ]
    return ["the server changes the text of a copy button" for t in copied if clean(t) != t]


async def _not_found(_request: Request, _error: Exception) -> Response:
    """A path without a token or a method (server sheet 1.11)."""
    return failure(ApiError(_NOT_FOUND, "Not Found"))


async def _read(request: Request) -> tuple[Values, Files]:
    """Parameters from the query, a form, a multipart form or a JSON body; and uploads."""
    values: Values = {k: read_value(k, v) for k, v in request.query_params.items()}
    files: Files = {}
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await request.body()
        _check_size(len(body))
        try:
            parsed = json.loads(body)
        except ValueError:
            raise bad("can't parse request parameters: JSON object expected") from None
        return values | (parsed if isinstance(parsed, dict) else {}), files
    try:
        async with request.form(max_part_size=_MAX_PARAMETER_BYTES) as form:
            fields = form.multi_items()
            _check_size(
                sum(len(v.encode("utf-8", "replace")) for _, v in fields if isinstance(v, str))
            )
            for name, value in fields:
                if isinstance(value, UploadFile):
                    files[name] = StoredFile(await value.read(), value.filename or "file")
                else:
                    values[name] = read_value(name, value)
    except HTTPException:  # a part is larger than a parameter may be
        _check_size(_MAX_PARAMETER_BYTES + 1)
    # python-telegram-bot sends a file as "attach://<name>" and a part with that name.
    for name, value in list(values.items()):
        attached = files.get(str(value).removeprefix("attach://"))
        if attached is not None:
            files[name] = attached
            del values[name]
    return values, files


def _check_size(size: int) -> None:
    """Raises ApiError (server sheet 1.10)."""
    if size > _MAX_PARAMETER_BYTES:
        raise ApiError(413, "Request Entity Too Large: too much parameters")
