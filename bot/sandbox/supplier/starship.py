"""HTTP API of the Starship simulator, with scripted faults and documented variants."""

import json
import math
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.supplier.faults import Fault
from bot.sandbox.supplier.faulty import FaultyApi
from bot.sandbox.supplier.vouchers import Refusal, VoucherBook, VoucherProduct

_COUNTRIES = {1: "US", 2: "DE", 3: "FR"}
_CURRENCIES = {1: "USD", 2: "EUR"}
_PATH = "/api/v1/"


def _id_of(table: dict[int, str], code: str) -> int:
    return next(number for number, known in table.items() if known == code)


class StarshipApi(FaultyApi):
    def __init__(self, book: VoucherBook) -> None:
        super().__init__()
        self.book = book
        routes = [Route("/{rest:path}", self._handle, methods=["GET", "POST"])]
        self.app = Starlette(routes=routes)

    async def _handle(self, request: Request) -> Response:
        return await self.respond(request, "", self.book.calls, self.book.take_fault)

    def now(self) -> datetime:
        return self.book.now()

    def refuse(self, fault: Fault) -> Response:
        return self._refuse(fault.status, fault.code, fault.retry_after)

    def answer(self, request: Request, body: bytes) -> Response:
        try:
            return self._answer(request, body)
        except Refusal as refusal:
            return self._refuse(refusal.status, refusal.code, refusal.retry_after)

    def _refuse(self, status: int, code: str, retry_after: int | None = None) -> Response:
        """An error in one of the three formats that the documentation shows."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        error_format, text = self.book.variants.error_format, f"Refused: {code}"
        error: object = {"name": code.title(), "code": code, "message": text}
        if error_format == "flat":
            return JSONResponse({"error": code.lower(), "message": text}, status, headers)
        if error_format == "idempotency" or code.startswith("IDEMPOTENCY"):
            error = {"code": code, "message": text, "details": {}}
        return JSONResponse({"error": error}, status, headers)

    def _answer(self, request: Request, body: bytes) -> Response:
        headers = request.headers
        self.book.authenticate(headers.get("X-API-Key", ""), headers.get("X-API-Secret", ""))
        path = request.url.path
        if not path.startswith(_PATH):
            raise Refusal(404, "NOT_FOUND")
        kind, _, rest = path.removeprefix(_PATH).partition("/")
        if request.method == "POST" and kind == "orders":
            status, answer = self.book.create(headers.get("Idempotency-Key", ""), body)
            return JSONResponse(answer, status)
        if kind == "orders" and rest:
            return JSONResponse(self._order(rest))
        if kind == "products" and rest:
            return JSONResponse(self._product(rest, request, body))
        if kind == "wallets" and rest:
            return JSONResponse(self._wallet(rest))
        return self._list(kind, request)

    def _order(self, order_id: str) -> dict[str, Any]:
        order = self.book.orders.get(int(order_id) if order_id.isdecimal() else 0)
        if order is None:
            raise Refusal(404, "NOT_FOUND")
        self.book.count_order_call(order.id)
        return self.book.shown(order)

    def _product(self, rest: str, request: Request, body: bytes) -> dict[str, Any]:
        number, _, verb = rest.partition("/")
        product = self.book.product(number)
        if product is None:
            raise Refusal(400, "INVALID_INPUT")
        if not verb:
            return self._shown(product)
        try:
            asked = json.loads(body or "{}", parse_float=Decimal) or dict(request.query_params)
            value, quantity = Decimal(str(asked["denomination"])), int(asked["quantity"])
        except (ValueError, KeyError, TypeError, InvalidOperation):
            raise Refusal(400, "E_VALIDATION_FAILURE") from None
        total = self.book.price(product, value, quantity)
        if verb == "availability":
            return {"is_available": product.available}
        if verb != "charges":
            raise Refusal(404, "NOT_FOUND")
        return {
            "non_discounted_total": float(value * quantity),
            "discount": float(product.discount),
            "total_payable": float(total),
            "max_quantity": product.max_quantity if product.available else 0,
        }

    def _shown(self, product: VoucherProduct) -> dict[str, Any]:
        values = [(value, value) for value in product.values]
        values += [product.value_range] if product.value_range else []
        shown: dict[str, Any] = {
            "id": product.id,
            "name": product.name,
            "category": product.category,
            "country_id": _id_of(_COUNTRIES, product.country),
            "currency_id": _id_of(_CURRENCIES, product.currency),
            "delivery_type": product.delivery_type,
            "delivery_time": "INSTANT" if product.available else "DELAYED",
            "validity": "1 year",
            "available_denominations": [
                {
                    "min_value": float(low),
                    "max_value": float(high),
                    "discount": float(product.discount),
                }
                for low, high in values
            ],
        }
        if self.book.variants.currency_codes:
            shown |= {"currency_code": product.currency, "country_code": product.country}
        return shown

    def _wallet(self, wallet_id: str) -> dict[str, Any]:
        if wallet_id != "1":
            raise Refusal(404, "NOT_FOUND")
        number = _id_of(_CURRENCIES, self.book.currency)
        amount = float(self.book.balance)
        return {"id": 1, "currency_id": number, "amount": amount, "type": "PREPAID"}

    def _list(self, kind: str, request: Request) -> Response:
        rows: list[dict[str, Any]]
        default_size, max_size = 50, 10_000
        if kind == "orders":
            default_size, max_size = 10, 100
            wanted = request.query_params.get("status", "").upper()
            orders = list(self.book.orders.values())
            orders = orders if self.book.variants.oldest_first else orders[::-1]
            rows = [self.book.listed(o) for o in orders if wanted in ("", o.status)]
        elif kind == "products":
            rows = [self._shown(product) for product in self.book.products]
        elif kind == "wallets":
            rows = [self._wallet("1")]
        elif kind == "transactions":
            rows = self.book.transactions[::-1]
        elif kind in ("countries", "currencies"):
            table = _COUNTRIES if kind == "countries" else _CURRENCIES
            rows = [{"id": number, "code": code, "name": code} for number, code in table.items()]
        else:
            raise Refusal(404, "NOT_FOUND")
        return _page(rows, request, default_size, max_size)


def _page(
    rows: list[dict[str, Any]], request: Request, default_size: int, max_size: int
) -> Response:
    query = request.query_params
    try:
        page, size = int(query.get("page", 1)), int(query.get("limit", default_size))
    except ValueError:
        raise Refusal(400, "E_VALIDATION_FAILURE") from None
    if page < 1 or not 1 <= size <= max_size:
        raise Refusal(400, "E_VALIDATION_FAILURE")
    pages = max(1, math.ceil(len(rows) / size))
    headers = {
        "X-Page": str(page),
        "X-Per-Page": str(size),
        "X-Total-Count": str(len(rows)),
        "X-Total-Pages": str(pages),
        "X-Has-More": str(page < pages).lower(),
    }
    return JSONResponse(rows[(page - 1) * size : page * size], headers=headers)
