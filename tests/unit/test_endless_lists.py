"""Numbers that a supplier writes into headers: none makes a list endless, a wait a year, or a call break."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from bot import errors
from bot.suppliers.starship_calls import id_literal
from tests.fakes import START
from tests.unit.supplier_answers import Supplier, oneclickdz, starship

HOUR = 3600


def row(number: int, minute: int) -> dict[str, object]:
    return {"id": number, "status": "PENDING", "placed_at": f"2026-11-21T09:{minute:02}:00Z"}


class Pages:
    """Answers with these pages, and says that there are so many."""

    def __init__(self, *pages: list[dict[str, object]], total: str, repeat: bool = False) -> None:
        self.pages, self.total, self.repeat = pages, total, repeat
        self.asked: list[int] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        self.asked.append(page)
        assert len(self.asked) < 1000, "endless"
        known = 1 <= page <= len(self.pages)
        rows = self.pages[page - 1] if known else self.pages[0] if self.repeat else []
        return httpx.Response(200, headers={"X-Total-Pages": self.total}, json=rows)


async def listed(pages: Callable[[httpx.Request], httpx.Response]) -> list[str]:
    supplier = starship(pages)
    try:
        found = await supplier.orders(START - timedelta(days=30), START + timedelta(days=30))
    finally:
        await supplier.close()
    return [order.supplier_order_id for order in found]


FIRST, SECOND = [row(1, 1), row(2, 2)], [row(3, 3), row(4, 4)]


async def test_a_count_of_pages_that_is_far_too_high_ends_with_the_rows_that_are_there():
    pages = Pages(FIRST, SECOND, total="100000000")

    assert await listed(pages) == ["1", "2", "3", "4"]

    assert pages.asked == [1, 100_000_000, 2, 3]


async def test_a_page_that_comes_again_and_again_ends_the_list():
    pages = Pages(FIRST, total="100000000", repeat=True)

    assert await listed(pages) == ["1", "2"]

    assert pages.asked == [1, 100_000_000]


async def test_a_list_of_countless_pages_is_read_in_a_bounded_number_of_calls():
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        asked.append(page)
        rows = [row(2 * page, 1), row(2 * page + 1, 2)]
        return httpx.Response(200, headers={"X-Total-Pages": "100000000"}, json=rows)

    await listed(answer)

    assert len(asked) == 200
    assert asked[:3] == [1, 100_000_000, 99_999_999]


@pytest.mark.parametrize("total", ["²", "٣", "-1", "9" * 5000, "1e9"])
async def test_a_count_of_pages_that_is_no_number_is_not_told(total: str):
    pages = Pages(FIRST, SECOND, total="1")

    def answer(request: httpx.Request) -> httpx.Response:
        response = pages(request)
        headers = [(b"X-Total-Pages", total.encode())]
        return httpx.Response(200, headers=headers, content=response.content)

    assert await listed(answer) == ["1", "2"]  # a page that is not full is the last


@pytest.mark.parametrize("make", [oneclickdz, starship])
async def test_a_list_that_takes_minutes_is_given_up(make: Callable[..., Supplier]):
    supplier: Supplier
    count = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        supplier._clock.pass_time(40)  # type: ignore[attr-defined]
        rows = [{**row(1000 * count + n, n % 60), "_id": str(1000 * count + n)} for n in range(100)]
        data = {"items": rows, "pagination": {"totalPages": 10**9}}
        content = {"success": True, "data": data if make is oneclickdz else rows}
        return httpx.Response(200, headers={"X-Has-More": "true"}, json=content)

    supplier = make(answer)
    with pytest.raises(errors.SupplierUnavailable, match="TAKES_TOO_LONG"):
        await supplier.orders(START - timedelta(days=30), START + timedelta(days=30))
    assert count <= 9
    await supplier.close()


@pytest.mark.parametrize("make", [oneclickdz, starship])
@pytest.mark.parametrize(
    ("header", "longest"),
    [("²", 60), ("٣", 60), ("31536000", HOUR), ("9" * 5000, HOUR), ("7", 7), ("-5", 60)],
)
async def test_a_wait_that_a_supplier_asks_for_is_a_number_and_an_hour_at_most(
    make: Callable[..., Supplier], header: str, longest: float
):
    def answer(_request: httpx.Request) -> httpx.Response:
        error = {"success": False, "error": {"code": "RATE_LIMIT_EXCEEDED"}}
        headers = [(b"Retry-After", header.encode())]
        return httpx.Response(429, headers=headers, json=error)

    supplier = make(answer)
    with pytest.raises(errors.TryLater) as failed:
        await supplier.balance()
    assert 0 < failed.value.retry_after_seconds <= longest
    await supplier.close()


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("0", "0"),
        ("17", "17"),
        ("017", '"017"'),
        ("²", '"\\u00b2"'),
        ("٣", '"\\u0663"'),
        ("", '""'),
    ],
)
def test_an_id_is_sent_as_a_number_only_where_it_is_one(text: str, literal: str):
    assert id_literal(text) == literal
