"""HTTP API of the OneClickDz simulator (v3), with scripted faults."""

import json
import math
from datetime import datetime
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.supplier.book import ApiKey, BookOrder, Refusal, SupplierBook, iso
from bot.sandbox.supplier.card_payments import LinkRefused, show_page
from bot.sandbox.supplier.faults import Fault
from bot.sandbox.supplier.faulty import FaultyApi


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError


def _json(
    body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    content = json.dumps(body, default=_plain)
    return Response(content, status, headers, media_type="application/json")


class SupplierApi(FaultyApi):
    def __init__(self, book: SupplierBook) -> None:
        super().__init__()
        self.book = book
        self._requests = 0
        routes = [
            Route("/v3/validate", self._handle, methods=["GET"]),
            Route("/v3/gift-cards/catalog", self._handle, methods=["GET"]),
            Route("/v3/gift-cards/checkProduct/{id}", self._handle, methods=["GET"]),
            Route("/v3/gift-cards/placeOrder", self._handle, methods=["POST"]),
            Route("/v3/gift-cards/checkOrder/{id}", self._handle, methods=["GET"]),
            Route("/v3/gift-cards/list", self._handle, methods=["GET"]),
            Route("/v3/ocpay/createLink", self._handle, methods=["POST"]),
            Route("/v3/ocpay/checkPayment/{id}", self._handle, methods=["GET"]),
            Route("/pay/{ref}", self._page, methods=["GET", "POST"]),
            Route("/v3/account/balance", self._handle, methods=["GET"]),
            Route("/v3/account/transactions", self._handle, methods=["GET"]),
            Route("/{rest:path}", self._no_route, methods=["GET", "POST"]),
        ]
        self.app = Starlette(routes=routes)

    async def _no_route(self, request: Request) -> Response:
        text = f"Route {request.method}:{request.url.path} not found"
        return _json({"message": text, "error": "Not Found", "statusCode": 404}, 404)

    async def _page(self, request: Request) -> Response:
        """The hosted page on which a customer pays by card."""
        return await show_page(self.book.cards, request)

    async def _handle(self, request: Request) -> Response:
        key = request.headers.get("X-Access-Token", "")
        return await self.respond(request, key, self.book.calls, self.book.take_fault)

    def now(self) -> datetime:
        return self.book.now()

    def refuse(self, fault: Fault) -> Response:
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        error = {"code": fault.code, "message": "scripted"}
        return _json(
            {"success": False, "error": error, "requestId": "req-fault"}, fault.status, headers
        )

    def answer(self, request: Request, body: bytes) -> Response:
        key = request.headers.get("X-Access-Token", "")
        self._requests += 1
        number = f"req_{self._requests}"
        path = request.url.path.removeprefix("/v3/")
        error: dict[str, Any]
        try:
            admitted = self.book.authenticate(key, request.client.host if request.client else "")
            self.book.finish_due()
            if path == "validate":
                return _json({"success": True, "data": _validated(admitted)})
            return self._success(self._data(admitted, path, request, body), number)
        except LinkRefused as refusal:
            error = {"message": "Forbidden"}
            if refusal.code:
                error["code"] = refusal.code
            return _json({"success": False, "error": error, "requestId": number}, refusal.status)
        except Refusal as refusal:
            error = {"code": refusal.code, "message": f"Refused: {refusal.code}"}
            if refusal.details:
                error["details"] = refusal.details
            return _json({"success": False, "error": error, "requestId": number}, refusal.status)

    def _success(self, data: dict[str, Any], number: str) -> Response:
        meta = {"timestamp": iso(self.book.now())}
        return _json({"success": True, "data": data, "meta": meta, "requestId": number})

    def _data(self, key: ApiKey, path: str, request: Request, body: bytes) -> dict[str, Any]:
        first, _, rest = path.partition("/")
        verb, _, target = rest.partition("/")
        if first == "ocpay":
            return self._card(
                admitted_key=key, verb=verb, target=target, request=request, body=body
            )
        if first == "account" and verb == "balance":
            return {"balance": self.book.balance}
        if first == "account":
            return _page(list(reversed(self.book.transactions)), request)
        if verb == "catalog":
            return self._catalogue()
        if verb == "checkProduct":
            return self._product(target)
        if verb == "placeOrder":
            return {"orderId": self._place(key, body).id}
        if verb == "list":
            mine = [o for o in self.book.orders.values() if o.environment == key.type]
            return _page([_order(o) for o in reversed(mine)], request)
        found = self.book.orders.get(target)
        if found is None or found.environment != key.type:
            raise Refusal(404, "NOT_FOUND")
        return _order(found)

    def _card(
        self, *, admitted_key: ApiKey, verb: str, target: str, request: Request, body: bytes
    ) -> dict[str, Any]:
        if verb != "createLink":
            return self.book.cards.check(target)
        try:
            asked = json.loads(body)
        except ValueError:
            raise Refusal(400, "ERR_VALIDATION", {"field": "body"}) from None
        made = self.book.cards.create(asked, admitted_key.type)
        link = {
            "uid": made.ref.lower(),
            "ref": made.ref,
            "isSandbox": made.environment == "SANDBOX",
            "productInfo": asked["productInfo"],
            "feeMode": asked.get("feeMode", "NO_FEE"),
            "time": iso(made.created_at),
        }
        url = f"{request.base_url}pay/{made.ref}"
        return {"paymentLink": link, "paymentUrl": url, "paymentRef": made.ref}

    def _catalogue(self) -> dict[str, Any]:
        return {
            "categories": [
                {
                    "title": category.title,
                    "products": [
                        {"id": p.id, "title": p.title, "enabled": p.enabled, "region": p.region}
                        for p in category.products
                    ],
                }
                for category in self.book.categories
            ]
        }

    def _product(self, product_id: str) -> dict[str, Any]:
        product = self.book.product(product_id)
        if product is None:
            raise Refusal(404, "NOT_FOUND")
        types = [
            {"id": d.id, "name": d.name, "price": d.price, "quantity": d.quantity}
            for d in product.denominations
        ]
        return {"productId": product.id, "productTitle": product.title, "types": types}

    def _place(self, key: ApiKey, body: bytes) -> BookOrder:
        try:
            asked = json.loads(body)
        except ValueError:
            raise Refusal(400, "ERR_VALIDATION", {"field": "body"}) from None
        if not isinstance(asked, dict) or set(asked) != {"productId", "typeId", "quantity"}:
            raise Refusal(400, "ERR_VALIDATION", {"field": "body"})
        quantity = asked["quantity"]
        if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 1:
            raise Refusal(400, "ERR_VALIDATION", {"field": "quantity"})
        return self.book.place(key, str(asked["productId"]), str(asked["typeId"]), quantity)


def _validated(key: ApiKey) -> dict[str, Any]:
    return {
        "username": "+213555000000",
        "apiKey": {
            "key": key.key,
            "isEnabled": key.enabled,
            "type": key.type,
            "allowedips": key.allowed_ips,
            "scope": key.scope,
        },
    }


def _order(order: BookOrder) -> dict[str, Any]:
    data: dict[str, Any] = {
        "_id": order.id,
        "status": order.status,
        "quantity": order.quantity,
        "product": order.product,
        "type": order.type,
        "time": iso(order.placed_at),
    }
    if order.status != "HANDLING":
        data["fulfilled_quantity"] = len(order.cards)
        data["fulfilled_amount"] = order.price * len(order.cards)
        data["price_per_card"] = order.price
        data["cards"] = order.cards
    return data


def _page(rows: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    query = request.query_params
    try:
        page, size = int(query.get("page", 1)), int(query.get("pageSize", 20))
        window = [datetime.fromisoformat(query[name]) for name in ("from", "to") if name in query]
    except ValueError:
        raise Refusal(400, "ERR_VALIDATION", {"field": "page"}) from None
    if page < 1 or not 1 <= size <= 100 or len(window) == 1:  # noqa: PLR2004
        raise Refusal(400, "ERR_VALIDATION", {"field": "page"})
    if window:
        rows = [r for r in rows if window[0] <= datetime.fromisoformat(r["time"]) <= window[1]]
    pages = max(1, math.ceil(len(rows) / size))
    pagination = {"page": page, "pageSize": size, "totalPages": pages, "totalResults": len(rows)}
    return {"items": rows[(page - 1) * size : page * size], "pagination": pagination}
