"""HTTP server of the demo page: static files, the WebSocket, and uploads and downloads of files."""

from pathlib import Path
from urllib.parse import quote, urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from bot.sandbox.page.live import Live
from bot.sandbox.page.simulation_view import SimulationView
from bot.sandbox.telegram.rules import ApiError

_WEB = Path(__file__).parent / "web"
_MAX_FILE_BYTES = 20 * 1024 * 1024  # the largest file that a bot can download from Telegram
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; connect-src 'self' ws:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class _WithHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _is_foreign(connection: HTTPConnection) -> bool:
    """Whether the request comes from a page of another site; those are refused."""
    headers: Headers = connection.headers
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


class PageApp:
    """The ASGI application for one simulation."""

    def __init__(self, view: SimulationView) -> None:
        self._view = view
        routes = [
            WebSocketRoute("/live", self._live),
            Route("/send", self._send, methods=["POST"]),
            Route("/files/{id}", self._file),
            Mount("/", StaticFiles(directory=_WEB, html=True)),
        ]
        self._app = _WithHeaders(Starlette(routes=routes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    async def _live(self, socket: WebSocket) -> None:
        if _is_foreign(socket):
            await socket.close()
            return
        await Live(self._view, socket).run()

    async def _send(self, request: Request) -> Response:
        """A file from a person: content as body; `person`, `name`, `caption`, `as` in the query."""
        query = request.query_params
        people = {str(number): person for number, person in self._view.world.people.items()}
        person = people.get(query.get("person", ""))
        if _is_foreign(request) or person is None:
            return JSONResponse({"refused": "not understood"}, 403)
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > _MAX_FILE_BYTES:
                return JSONResponse({"refused": "file is too big"}, 413)
        try:
            await person.attach(
                bytes(content),
                query.get("name", "file"),
                query.get("caption", ""),
                photo=query.get("as") == "photo",
            )
        except ApiError as error:
            return JSONResponse({"refused": str(error)}, 400)
        return JSONResponse({})

    async def _file(self, request: Request) -> Response:
        stored = self._view.world.files.get(request.path_params["id"])
        if stored is None:
            return Response(status_code=404)
        headers = {}
        if stored.name:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name)}"
        return Response(stored.content, headers=headers, media_type=stored.media_type)
