"""A customer who asks for a card link waits seconds for the supplier's rate limit, never minutes."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from bot import errors
from bot.payments.ocpay import OcPay
from bot.suppliers.oneclickdz import OneClickDz

pytestmark = pytest.mark.virtual_time


class LoopClock:
    """Time as the event loop has it."""

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def test_a_question_gives_up_after_twenty_seconds_of_a_longer_429():
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        error = {"code": "RATE_LIMIT_EXCEEDED", "message": "slow down"}
        body = {"success": False, "error": error}
        return httpx.Response(429, json=body, headers={"Retry-After": "600"})

    supplier = OneClickDz(
        base_url="https://api.test/v3",
        api_key="key",
        clock=LoopClock(),
        transport=httpx.MockTransport(answer),
    )
    card = OcPay(supplier)
    with pytest.raises(errors.PaymentFailure):
        await card.examine()

    began = asyncio.get_running_loop().time()
    with pytest.raises(errors.PaymentFailure, match="BUSY"):
        await card.examine()
    waited = asyncio.get_running_loop().time() - began
    await supplier.close()

    assert 19 <= waited <= 21
    assert len(asked) == 1
