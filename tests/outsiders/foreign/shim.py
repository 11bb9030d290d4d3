"""Stands between the shop and telegram-test-api 4.2.1, and repairs the faults of that server that keep any bot
library out. Each repair names its fault; whatever else is said goes through as it is, both ways.
"""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_POLL_SECONDS = 0.05
_SECONDS_OF_A_POLL = 50.0  # what the official server clamps `timeout` to


@dataclass
class Shim:
    server: httpx.AsyncClient
    repaired: Counter[str] = field(default_factory=Counter)
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = Starlette(
            routes=[Route("/bot{token:str}/{method:str}", self._handle, methods=["POST"])]
        )

    async def _handle(self, request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        body = await request.body()
        headers = {"content-type": request.headers.get("content-type", "application/json")}
        self.calls.append(method)
        form = dict((await request.form()).items()) if body else {}
        if method == "getUpdates":
            return await self._poll(request, body, headers, float(str(form.get("timeout", 0))))
        answer = await self._pass_on(token, method, body, headers)
        return self._repaired(method, form, answer)

    async def _pass_on(self, token: str, method: str, body: bytes, headers: dict[str, str]) -> Any:
        answer = await self.server.post(f"/bot{token}/{method}", content=body, headers=headers)
        return answer.json()

    async def _poll(
        self, request: Request, body: bytes, headers: dict[str, str], seconds: float
    ) -> Response:
        """Fault: getUpdates takes no notice of `timeout`, and answers an empty list at once."""
        until = time.monotonic() + min(seconds, _SECONDS_OF_A_POLL)
        token = request.path_params["token"]
        answer: dict[str, Any] = {"ok": True, "result": []}
        while not await request.is_disconnected():
            answer = await self._pass_on(token, "getUpdates", body, headers)
            if answer["result"] or time.monotonic() >= until:
                break
            self.repaired["no long polling"] += 1
            await asyncio.sleep(_POLL_SECONDS)
        for update in answer["result"]:
            if "callback_query" in update:  # fault: a press without its chat_instance
                self.repaired["no chat_instance"] += 1
                update["callback_query"]["chat_instance"] = "1"
        return JSONResponse(answer)

    def _repaired(self, method: str, form: dict[str, Any], answer: dict[str, Any]) -> Response:
        if "ok" not in answer:  # fault: an unknown method is a 500 in a form of its own
            self.repaired["unknown method"] += 1
            told = {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
            return JSONResponse(told, 404)
        result: Any = answer.get("result")
        if method == "getMe":  # fault: a bot that does not say it is one
            self.repaired["no is_bot"] += 1
            result["is_bot"] = True
        elif method == "sendMessage":
            self.repaired["date in milliseconds"] += 1  # fault: the Bot API has seconds
            result["date"] //= 1000
            if (
                "link_preview_options" in result
            ):  # fault: parameters come back as the text they were
                self.repaired["an object as text"] += 1
                result["link_preview_options"] = json.loads(result["link_preview_options"])
        elif result is None:  # fault: null, where the Bot API returns the edited message, or True
            self.repaired["null result"] += 1
            answer["result"] = _edited(form) if method.startswith("editMessage") else True
        return JSONResponse(answer)


def _edited(form: dict[str, Any]) -> dict[str, Any]:
    chat_id = int(form["chat_id"])
    return {
        "message_id": int(form["message_id"]),
        "date": int(time.time()),
        "chat": {"id": chat_id, "type": "private"},
        "text": form.get("text", ""),
    }
