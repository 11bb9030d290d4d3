"""What goes over the wire between the shop and Telegram, read as the documentation says, not as our simulator reads it."""

import email.parser
import email.policy
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.outsiders.specification import Upload, check_request, check_result, methods

_ATTACHED = "attach://"


@dataclass
class Recorder(httpx.AsyncBaseTransport):
    """Checks each request, and each answer to one, on their way through `inner`."""

    inner: httpx.AsyncBaseTransport
    calls: Counter[str] = field(default_factory=Counter)
    updates: Counter[str] = field(default_factory=Counter)  # by kind
    problems: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/file/"):  # its content: no call of a method
            return await self.inner.handle_async_request(request)
        method = request.url.path.rpartition("/")[2]
        await request.aread()
        self.calls[method] += 1
        values, strange = read_request(method, request)
        self.problems += [f"{method}: {s}" for s in strange] + check_request(method, values)
        response = await self.inner.handle_async_request(request)
        body = await response.aread()
        self._check_answer(method, response.status_code, json.loads(body))
        return httpx.Response(response.status_code, content=body, request=request)

    def _check_answer(self, method: str, status: int, answer: dict[str, Any]) -> None:
        if not answer["ok"]:
            self.problems += check_error(method, status, answer)
            return
        self.problems += check_result(method, answer["result"])
        if method == "getUpdates":
            for update in answer["result"]:
                self.updates.update(update.keys() - {"update_id"})


def check_error(method: str, status: int, answer: dict[str, Any]) -> list[str]:
    """ "Making requests": `description` is there, `error_code` too, `parameters` may be."""
    problems = []
    if answer.get("error_code") != status or not isinstance(answer.get("description"), str):
        problems.append(f"{method} → an error without its code or description: {answer}")
    if unknown := answer.keys() - {"ok", "error_code", "description", "parameters"}:
        problems.append(f"{method} → {sorted(unknown)} in an error")
    known = {"migrate_to_chat_id", "retry_after"}
    problems += [
        f"{method} → {name} in the parameters of an error"
        for name in answer.get("parameters", {}).keys() - known
    ]
    return problems


def read_request(method: str, request: httpx.Request) -> tuple[dict[str, Any], list[str]]:
    """The parameters by the types that the documentation gives them, and what cannot be read so."""
    raw = _raw(request)
    fields = methods().get(method, {}).get("fields", {})
    attached = {name for name, value in raw.items() if isinstance(value, Upload)}
    values: dict[str, Any] = {}
    for name, value in raw.items():
        described = fields.get(name)
        if described is None:
            if name not in attached:
                values[name] = value
        elif isinstance(value, Upload):
            values[name] = value
        else:
            values[name] = _typed(described["type"], value, attached)
    named = set(re.findall(r"attach://([\w.-]+)", json.dumps(list(raw.values()), default=str)))
    strange = [
        f"{name} is attached, and nothing names it" for name in attached - named - set(fields)
    ]
    strange += [f"attach://{name} is named, and nothing is attached" for name in named - attached]
    return values, strange


def _raw(request: httpx.Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        parser = email.parser.BytesParser(policy=email.policy.HTTP)
        return {
            str(part.get_param("name", header="content-disposition")): Upload()
            if part.get_filename()
            else _content(part).decode()
            for part in parser.parsebytes(head + request.content).iter_parts()
        }
    if not request.content:
        return {}
    return dict(parse_qsl(request.content.decode(), keep_blank_values=True, strict_parsing=True))


def _content(part: Any) -> bytes:
    return part.get_payload(decode=True)


def _typed(names: list[str], value: str, attached: set[str]) -> Any:
    if "InputFile" in names and value.removeprefix(_ATTACHED) in attached:
        return Upload()
    if "Integer" in names and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "String" in names:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
