"""What the simulator does not send or take yet: albums, in both directions, and threads of private chats."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx

from bot.sandbox.telegram.world import Person, World
from tests.bot_harness import PNG, BotHarness

THREADED = ("message_thread_id", "reply_parameters")


async def send_album(
    who: Person, *kinds: str, caption: str = "", group: str = "album-1", **fields: Any
) -> list[dict[str, Any]]:
    """Send an album of these kinds, each item an update of its own; the first has the caption."""
    sent = [album_item(who, kind, group, number, **fields) for number, kind in enumerate(kinds)]
    if caption:
        sent[0]["caption"] = caption
    for message in sent:
        who.world.push("message", message)
    await who.world.notify()
    return sent


def album_item(
    who: Person, kind: str, group: str, number: int, content: bytes = b"", **fields: Any
) -> dict[str, Any]:
    """A message of an album that is not pushed yet."""
    content = PNG + (content or f"{group}-{number}".encode())
    files = who.world.files
    body: dict[str, Any] = {"from": who.user, "media_group_id": group, **fields}
    if kind == "photo":
        body["photo"] = files.photo(content)
    else:
        body[kind] = files.document(content, f"{number}.png")
    if kind == "video":
        body["video"] |= {"width": 1, "height": 1, "duration": 1}
    return who.world.add_message(who.chat, body)


class AlbumTransport(httpx.AsyncBaseTransport):
    """Before the simulator: takes sendMediaGroup, and threads and replies of every sending method.

    Albums are refused as Telegram refuses them: by number, and where kinds are mixed.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, world: World) -> None:
        self._inner = inner
        self._world = world
        self.gone: set[int] = set()  # threads that were deleted
        self._groups = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        form = dict(parse_qsl((await request.aread()).decode()))
        method = request.url.path.rpartition("/")[2]
        if not method.startswith("send") or "chat_id" not in form:
            return await self._inner.handle_async_request(request)
        if int(form.get("message_thread_id", 0)) in self.gone:
            return _refusal("message thread not found")
        if method == "sendMediaGroup":
            return await self._group(request, form)
        return await self._single(request, method, form)

    async def _single(
        self, request: httpx.Request, method: str, form: dict[str, str], **fields: Any
    ) -> httpx.Response:
        passed = {name: value for name, value in form.items() if name not in THREADED}
        response = await self._inner.handle_async_request(
            httpx.Request(
                "POST",
                str(request.url).replace("sendMediaGroup", method),
                headers={"content-type": "application/x-www-form-urlencoded"},
                content=urlencode(passed).encode(),
            )
        )
        answer = json.loads(await response.aread())
        if answer["ok"]:
            stored = self._world.chats[int(form["chat_id"])].messages[
                answer["result"]["message_id"]
            ]
            if "message_thread_id" in form:
                fields["message_thread_id"] = int(form["message_thread_id"])
            if "reply_parameters" in form:
                fields["replies_to"] = json.loads(form["reply_parameters"])["message_id"]
            stored.update(fields)
        return response

    async def _group(self, request: httpx.Request, form: dict[str, str]) -> httpx.Response:
        media = json.loads(form.pop("media"))
        kinds = {item["type"] for item in media}
        if not 2 <= len(media) <= 10 or (len(kinds) > 1 and "document" in kinds):
            return _refusal("wrong media group")
        self._groups += 1
        results = []
        for item in media:
            method = "sendPhoto" if item["type"] == "photo" else "sendDocument"
            file = {item["type"]: item["media"], "caption": item.get("caption", "")}
            response = await self._single(
                request, method, form | file, media_group_id=f"group-{self._groups}"
            )
            results.append(json.loads(await response.aread())["result"])
        return httpx.Response(200, json={"ok": True, "result": results}, request=request)


def _refusal(text: str) -> httpx.Response:
    told = {"ok": False, "error_code": 400, "description": f"Bad Request: {text}"}
    return httpx.Response(400, json=told)


def with_albums(harness: BotHarness) -> AlbumTransport:
    """Put albums and threads before the simulator of a harness."""
    transport = AlbumTransport(harness.telegram._inner, harness.world)
    harness.telegram._inner = transport
    return transport


def groups_of(who: Person) -> list[list[dict[str, Any]]]:
    """The albums that the bot sent to a person, in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for message in who.inbox:
        if "media_group_id" in message:
            found.setdefault(message["media_group_id"], []).append(message)
    return list(found.values())
