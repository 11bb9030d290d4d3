"""A harness with Starship on it: alone, or beside the first supplier."""

from datetime import date
from decimal import Decimal

import httpx

from bot.domain.supplier import Rate
from bot.sandbox.supplier.starship import StarshipApi
from bot.sandbox.supplier.vouchers import Outcome, VoucherBook, VoucherOrder
from bot.supplier_ports import Supplier
from bot.suppliers.starship import Starship
from storage.store import Store
from tests.fakes import HarnessClock
from tests.harness import POLICY, ShopHarness

RATE = Rate("USD", Decimal("245.50"), date(2026, 11, 1))


def adapter(book: VoucherBook, clock: HarnessClock, kind: str = "live", **changes) -> Starship:
    api = StarshipApi(book)
    key, secret = book.add_key(kind)
    values = {
        "base_url": "http://starship",
        "api_key": key,
        "api_secret": secret,
        "clock": clock,
        "rate": RATE,
        "timeout_seconds": 2.0,
        "calls_per_ten_seconds": 100_000,
        "transport": httpx.ASGITransport(app=api.app, raise_app_exceptions=False),
    }
    return Starship(**{**values, **changes})


class VoucherHarness(ShopHarness):
    """`both`: OneClickDz sells beside it."""

    def __init__(self, store: Store, *, both: bool = False, kind: str = "live", **changes) -> None:
        self.both = both
        self.voucher_kind, self.changes = kind, changes
        self.vouchers: VoucherBook
        self.starship: Starship
        super().__init__(store, policy=POLICY)

    def _suppliers(self) -> dict[str, Supplier]:
        if not hasattr(self, "vouchers"):
            self.vouchers = VoucherBook(now=self.clock.true, burst=100_000)
            self.starship = adapter(self.vouchers, self.clock, self.voucher_kind, **self.changes)
        first = super()._suppliers() if self.both else {}
        return {**first, self.starship.name: self.starship}

    async def denomination(self, title: str = "", label: str = "") -> int:
        """Of the second supplier where it is alone, of the first where both are there."""
        usual = ("PlayStation USA", "10 $") if self.both else ("Amazon.com", "25 USD")
        return await super().denomination(title or usual[0], label or usual[1])

    def use_transport(self, transport: httpx.AsyncBaseTransport) -> None:
        """Its calls go through this transport."""
        self.starship = adapter(
            self.vouchers, self.clock, self.voucher_kind, transport=transport, **self.changes
        )
        self.shop.suppliers = self._suppliers()
        self._plan()

    def next(self, outcome: Outcome) -> None:
        self.vouchers.next_outcome = outcome

    @property
    def there(self) -> VoucherOrder:
        """The supplier's newest order."""
        return list(self.vouchers.orders.values())[-1]

    async def close(self) -> None:
        await super().close()
        if not self.both:
            await self.supplier.close()
