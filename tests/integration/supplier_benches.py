"""The suppliers that tests/integration/test_supplier_contract.py tries, each with what stands behind it."""

import sqlite3
from contextlib import closing
from datetime import timedelta

from bot.domain.stock_files import read_text
from bot.domain.supplier import Purchase
from bot.sandbox.supplier.api import SupplierApi
from bot.sandbox.supplier.book import SupplierBook
from bot.sandbox.supplier.vouchers import VoucherBook
from bot.services.stock.batches import Decision, put_on_sale
from bot.services.stock.book import StockBook
from bot.services.stock.goods import add_value
from bot.services.stock.load import LoadRequest, load_batch
from bot.suppliers.oneclickdz import OneClickDz
from bot.suppliers.own import OwnStock
from bot.vault import AesVault, new_key, parse_keys
from tests.own_stock import codes_of
from tests.vouchers import adapter


class OneClickDzBench:
    orders_path, product_path = "placeOrder", "checkProduct"
    promised = ("10 $", 1000, 1000, "USD")

    def __init__(self, clock):
        import httpx

        self.clock = clock
        self.book = SupplierBook(now=clock.true, handling_seconds=0.0)
        self.supplier = OneClickDz(
            base_url="http://supplier/v3",
            api_key=self.book.add_key(),
            clock=clock,
            calls_per_minute=100_000,
            timeout_seconds=0.2,
            transport=httpx.ASGITransport(
                app=SupplierApi(self.book).app, raise_app_exceptions=False
            ),
        )

    def purchase(self, quantity=2):
        good = self.book.categories[0].products[0]
        return Purchase(good.id, good.denominations[0].id, quantity)

    def forget_keys(self):
        self.book.keys.clear()

    def empty(self):
        self.book.spend_elsewhere()


class StarshipBench:
    orders_path, product_path = "/orders", "products/101"
    promised = ("25 USD", 2500, 2500, "USD")

    def __init__(self, clock):
        self.clock = clock
        self.book = VoucherBook(now=clock.true, burst=100_000)
        self.supplier = adapter(self.book, clock, timeout_seconds=0.2)

    def purchase(self, quantity=2):
        return Purchase("101", "25.00", quantity)

    def forget_keys(self):
        self.book.keys.clear()

    def empty(self):
        self.book.balance *= 0


class OwnBench:
    """The shop's own stock, with a batch of twenty codes on sale."""

    promised = ("10 $", 1000, 1000, "USD")

    def __init__(self, clock):
        self.clock = clock

    async def open(self, store):
        vault = AesVault(parse_keys(new_key("k1")))
        self.supplier = OwnStock(StockBook(store, vault, self.clock, timedelta(days=7)), self.clock)
        value = await add_value(store, "Games", "PlayStation USA", "10 $")
        read = read_text("\n".join(codes_of(20)), self.clock.now())
        request = LoadRequest("bench", value.id, 150_000, 900, read)
        batch_id = await load_batch(store, vault, self.clock, request)
        await put_on_sale(store, self.clock, Decision("sale", 900, batch_id))
        self.book = _OwnBook(store)
        self._value = value

    def purchase(self, quantity=2):
        return Purchase(str(self._value.product_id), str(self._value.id), quantity)


class _OwnBook:
    def __init__(self, store):
        self._path = store.url.database

    @property
    def orders(self):
        with closing(sqlite3.connect(self._path)) as db:
            return dict(db.execute("SELECT reference, quantity FROM own_reservations"))

    def codes(self):
        return codes_of(20)
