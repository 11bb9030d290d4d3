"""A harness whose shop sells from its own stock: alone, or beside the first supplier."""

from datetime import UTC, datetime

from bot.domain.stock import BatchState
from bot.domain.stock_files import read_text
from bot.domain.supplier import OWN
from bot.services.stock.batches import Decision, put_on_sale
from bot.services.stock.book import StockBook
from bot.services.stock.goods import add_value
from bot.services.stock.load import LoadRequest, load_batch
from bot.services.stock.watch import renew_shelf
from bot.supplier_ports import Supplier
from bot.suppliers.own import OwnStock
from storage.store import Store
from tests.bot_harness import BotHarness
from tests.harness import OPERATOR, POLICY, ShopHarness

TITLE, LABEL = "Netflix TR", "200 TRY"
COST = 124_000


def codes_of(count: int, first: int = 0) -> list[str]:
    return [f"CANARY-{first + n:04}-QX{(first + n) * 7919 % 10_000:04}" for n in range(count)]


class StocksCodes(ShopHarness):
    """Loads codes into the own stock of whatever shop it is mixed into."""

    _loads = 0

    async def value(self, label: str = LABEL, title: str = TITLE, low_at: int = 0) -> int:
        return (await add_value(self.store, "Streaming", title, label, low_at=low_at)).id

    async def load(
        self, codes: list[str], *, value: int | None = None, cost: int = COST, sell: bool = True
    ) -> int:
        """Load a batch, and put it on sale; returns its id."""
        self._loads += 1
        value = await self.value() if value is None else value
        read = read_text("\n".join(codes), datetime(2020, 1, 1, tzinfo=UTC))
        request = LoadRequest(f"test load {self._loads}", value, cost, OPERATOR, read)
        batch_id = await load_batch(self.store, self.vault, self.clock, request)
        if sell:
            await self.sell(batch_id)
        return batch_id

    async def sell(self, batch_id: int) -> None:
        decision = Decision(f"test sell {batch_id}", OPERATOR, batch_id)
        assert (
            await put_on_sale(self.store, self.clock, decision)
        ).batch.state is BatchState.ON_SALE
        await renew_shelf(self.shop)


class OwnHarness(StocksCodes):
    """`both`: OneClickDz sells beside it."""

    def __init__(self, store: Store, *, both: bool = False, kind: str = "PRODUCTION") -> None:
        self.both = both
        super().__init__(store, key_kind=kind, policy=POLICY)

    def _suppliers(self) -> dict[str, Supplier]:
        book = StockBook(self.store, self.vault, self.clock, POLICY.own_least_life)
        self.own = OwnStock(book, self.clock)
        others = super()._suppliers() if self.both else {}
        return {**others, OWN: self.own}

    async def denomination(self, title: str = TITLE, label: str = LABEL) -> int:
        return await super().denomination(title, label)


class OwnBotHarness(BotHarness, OwnHarness):
    """The same, and a Telegram with people in it."""


def failing_on_codes(vault):
    """In place of the vault's `fingerprints`: it fails for a code, and not for a message that comes."""
    real = vault.fingerprints
    return lambda text: real(text) if text.startswith("[") else 1 / 0
