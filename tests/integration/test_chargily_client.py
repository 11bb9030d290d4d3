"""Chargily's own client library and our simulator: each holds the other to what it expects.

The library is synchronous: it runs in a thread, and the simulator in the loop beside it.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from chargily_pay import ChargilyClient
from chargily_pay.entity import Checkout

from bot.domain.payments import Method, ReportStatus
from bot.domain.records import Customer, Locale
from bot.domain.supplier import Environment
from bot.errors import MerchantRefused, NotGenuine, PaymentFailure
from bot.payments.chargily import Chargily
from bot.payments.chargily_rings import ChargilyRings
from bot.sandbox.payments.chargily_api import ChargilyApi
from bot.sandbox.payments.chargily_book import ChargilyBook
from bot.sandbox.serve import serving
from tests.fakes import HarnessClock
from tests.harness import CARD_LIMITS
from tests.unit.test_payments import PAYMENT

KARIM = Customer(5, Locale.FR)
CARD = replace(PAYMENT, method=Method.CHARGILY, external_id=None)


class Both:
    """One simulator, with the library and with our adapter."""

    def __init__(self, book: ChargilyBook, url: str, *, live: bool) -> None:
        path = "api/v2" if live else "test/api/v2"
        self.book, self.key = book, book.keys[live]
        self.library = ChargilyClient("unused", self.key, url=f"{url}/{path}/")
        self.ours = Chargily(
            base_url=f"{url}/{path}",
            secret_key=self.key,
            limits=CARD_LIMITS,
            clock=HarnessClock(),
            return_to=lambda: "https://t.me/hanout_bot",
            ring_at="https://shop.example/webhooks/pay/chargily",
        )

    async def create(self, amount=2500, **asked):
        wish = Checkout(success_url="https://shop.example", amount=amount, currency="dzd", **asked)
        return await asyncio.to_thread(self.library.create_checkout, wish)

    async def retrieve(self, checkout_id):
        return await asyncio.to_thread(self.library.retrieve_checkout, checkout_id)


@pytest.fixture(params=[True, False], ids=["live", "test"])
async def both(request) -> AsyncIterator[Both]:
    book = ChargilyBook()
    api = ChargilyApi(book)
    async with serving(api.app, api.connections) as url:
        made = Both(book, url, live=request.param)
        yield made
        await made.ours.close()


async def test_what_the_library_creates_it_reads_and_ends(both: Both):
    made = await both.create(description="A card", metadata=[{"payment": "HN12"}])
    assert made["entity"] == "checkout"
    assert (made["amount"], made["currency"], made["status"]) == (2500, "dzd", "pending")
    assert made["checkout_url"].endswith(f"checkouts/{made['id']}/pay")
    seconds = itertools.count(1)
    both.book.now = lambda: datetime.now(UTC) + timedelta(seconds=next(seconds))
    assert await both.retrieve(made["id"]) == made

    ended = await asyncio.to_thread(both.library.expire_checkout, made["id"])

    assert ended["status"] == "expired"
    with pytest.raises(OSError, match="400"):  # requests' errors are OSErrors
        await asyncio.to_thread(both.library.expire_checkout, made["id"])
    paid = await both.create()
    both.book.pay(paid["id"])
    with pytest.raises(OSError, match="403"):
        await asyncio.to_thread(both.library.expire_checkout, paid["id"])


async def test_the_library_is_refused_as_the_provider_would(both: Both):
    with pytest.raises(OSError, match="422"):
        await both.create(amount=20)
    with pytest.raises(OSError, match="404"):
        await both.retrieve("01nobody")
    both.library.headers["Authorization"] = "Bearer wrong"
    with pytest.raises(OSError, match="401"):
        await both.create()


async def test_the_library_lists_page_by_page(both: Both):
    made = [(await both.create(amount=100 + n))["id"] for n in range(5)]

    first = await asyncio.to_thread(both.library.list_checkouts, 2, 1)
    last = await asyncio.to_thread(both.library.list_checkouts, 2, 3)

    assert [row["id"] for row in first["data"]] == made[:2:-1]
    assert (first["current_page"], first["last_page"], first["per_page"]) == (1, 3, 2)
    assert (len(last["data"]), last["next_page_url"]) == (1, None)


async def test_the_balance_tells_the_mode_to_both(both: Both):
    balance = await asyncio.to_thread(both.library.get_balance)
    examined = await both.ours.examine()

    is_live = examined.environment is Environment.PRODUCTION
    assert (balance["entity"], balance["livemode"]) == ("balance", is_live)


async def test_both_verify_a_signature_alike(both: Both):
    made = await both.create()
    ring = both.book.pay(made["id"])
    read = ChargilyRings(both.key)

    assert both.library.validate_signature(ring.signature, ring.body.decode())
    assert read({"signature": ring.signature}, ring.body).external_id == made["id"]
    forged = ring.body.replace(b"paid", b"PAID")
    assert not both.library.validate_signature(ring.signature, forged.decode())
    with pytest.raises(NotGenuine):
        read({"signature": ring.signature}, forged)


async def test_our_adapter_reads_what_the_library_creates_and_the_other_way_round(both: Both):
    made = await both.create(amount=CARD.asked_minor // 100, metadata=[{"payment": CARD.reference}])
    report = await both.ours.check(replace(CARD, external_id=made["id"]))
    assert (report.status, report.external_id) == (ReportStatus.PENDING, made["id"])
    assert (report.amount_minor, report.sandbox) == (CARD.asked_minor, not made["livemode"])

    started = await both.ours.start(CARD, KARIM)

    seen = await both.retrieve(started.external_id)
    assert seen["checkout_url"] == started.url
    assert (seen["amount"], seen["locale"]) == (CARD.asked_minor // 100, "fr")
    assert seen["chargily_pay_fees_allocation"] == "merchant"
    assert seen["metadata"] == {"payment": CARD.reference}
    assert seen["success_url"] == seen["failure_url"] == "https://t.me/hanout_bot?start=pay_12"
    # Each of what we send is a field that the library knows, or one of the documentation's newer ones.
    newer = {"chargily_pay_fees_allocation"}
    sent = both.book.checkouts[started.external_id or ""].asked
    assert set(sent) - newer <= set(Checkout.__dataclass_fields__)


async def test_our_adapter_ends_and_lists_what_the_library_sees(both: Both):
    started = [await both.ours.start(replace(CARD, id=number), KARIM) for number in range(1, 121)]
    paid = {started[0].external_id or "", started[99].external_id or ""}
    for checkout_id in paid:
        both.book.pay(checkout_id)

    await both.ours.withdraw(replace(CARD, external_id=started[1].external_id))
    listed = await both.ours.listed(datetime.now(UTC) - timedelta(days=1))

    assert (await both.retrieve(started[1].external_id))["status"] == "expired"
    assert {row.external_id for row in listed} == paid
    assert {row.reference for row in listed} == {"HN1", "HN100"}
    assert await both.ours.listed(datetime.now(UTC) + timedelta(days=3)) == []


async def test_a_wrong_key_is_refused_and_another_mode_is_unknown(both: Both):
    other = both.book.keys[both.key != both.book.keys[True]]
    both.ours._client._read_client.headers["Authorization"] = f"Bearer {other}"
    with pytest.raises(MerchantRefused):
        await both.ours.start(CARD, KARIM)
    with pytest.raises(MerchantRefused):
        await both.ours.examine()
    with pytest.raises(MerchantRefused):
        await both.ours.check(replace(CARD, external_id="01x"))


async def test_an_unknown_checkout_cannot_be_ended(both: Both):
    with pytest.raises(PaymentFailure, match="404"):
        await both.ours.withdraw(replace(CARD, external_id="01x"))
