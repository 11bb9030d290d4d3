"""The signature of requests to Starship: what is signed, and by which clock."""

import contextlib
from datetime import timedelta

import httpx
import pytest

from bot import errors
from bot.sandbox.supplier.vouchers import VoucherBook
from bot.suppliers.starship_signature import Signer
from tests.fakes import HarnessClock
from tests.unit.test_starship import buy
from tests.vouchers import adapter


@pytest.fixture
def clock():
    return HarnessClock()


async def test_signed_requests_carry_their_signature(clock):
    book, seen = VoucherBook(now=clock.now, burst=100_000), []

    def sign(method, path, body, _at):
        seen.append((method, path, body))
        return {"X-Signature": "t=1,v1=ab"}

    supplier = adapter(book, clock, sign=sign)
    await buy(supplier)
    await supplier.orders(clock.now() - timedelta(hours=1), clock.now())
    assert seen[0][:2] == ("POST", "/api/v1/orders?")
    assert seen[0][2].startswith('{"product_id": 101')
    assert seen[1][:2] == ("GET", "/api/v1/orders?limit=100&page=1")
    await supplier.close()


@pytest.mark.parametrize("wrong", [timedelta(hours=-3), timedelta(minutes=10), timedelta(0)])
async def test_requests_are_signed_by_the_suppliers_clock_once_it_is_known(clock, wrong):
    """As the supplier does it: a signature that is more than five minutes off is a wrong key."""
    refused = []

    def answer(request: httpx.Request) -> httpx.Response:
        theirs = clock.now() + wrong
        stamp = int(request.headers["X-Signature"].partition(",")[0].removeprefix("t="))
        date = {"Date": theirs.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        if abs(theirs.timestamp() - stamp) > 300:
            refused.append(stamp)
            error = {"name": "E", "code": "E_UNAUTHORIZED_ACCESS", "message": "no"}
            return httpx.Response(401, json={"error": error}, headers=date)
        return httpx.Response(200, json=[], headers=date)

    transport = httpx.MockTransport(answer)
    supplier = adapter(VoucherBook(), clock, transport=transport, sign=Signer("secret"))
    for _ in range(4):
        with contextlib.suppress(errors.TryLater):
            await supplier.orders(clock.now() - timedelta(hours=1), clock.now())
        clock.pass_time(400)
    await supplier.close()

    assert len(refused) == (1 if wrong else 0)


def test_a_signed_request_carries_its_time_and_signature(clock):
    headers = Signer("secret")("post", "/api/v1/orders?a=1&b=2", "{}", clock.now())
    stamp = int(clock.now().timestamp())
    assert headers["X-Signature"].startswith(f"t={stamp},v1=")
    assert len(headers["X-Signature"].partition("v1=")[2]) == 64
