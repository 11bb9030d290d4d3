"""What one answer about prices costs the event loop in a shop with 3,000 products of eight values each.

Of the loop's own thread; the database's threads work beside it.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert, select, update

from bot.domain.supplier import (
    OfferedCategory,
    OfferedDenomination,
    OfferedProduct,
    ProductOffer,
)
from bot.services.catalogue.refresh import load_shelf, save_offer
from bot.services.shop import Shop
from storage.migrate import migrate
from storage.store import Store
from storage.tables import denominations as values
from storage.tables import products
from storage.transaction import Transaction
from tests.bench.rows import Row, print_rows
from tests.harness import ShopHarness

PRODUCTS, VALUES = 3_000, 8
_ANSWERS = 100
AIM_MS = 2.0


def _offer(shop: Shop, number: int, cost_minor: int) -> ProductOffer:
    offered = tuple(
        OfferedDenomination(f"type {n}", f"{5 * (n + 1)} $", cost_minor * (n + 1), 50)
        for n in range(VALUES)
    )
    return ProductOffer(str(number), offered, shop.clock.now())


async def _fill(tx: Transaction, shop: Shop, supplier: str) -> None:
    names = [OfferedProduct(str(n), f"Brand {n % 60} card {n}", "US") for n in range(PRODUCTS)]
    await tx.catalogue.replace(
        supplier, (OfferedCategory("Cards", tuple(names)),), shop.clock.now()
    )


async def _price(tx: Transaction, shop: Shop) -> None:
    """Give all products the values of the first: each by an answer of its own takes minutes."""
    first, product = next(iter(shop.shelf.products.items()))
    stored = await tx.catalogue.locked_prices(first)
    await tx.catalogue.set_offer(stored, _offer(shop, int(product.supplier_product_id), 50_000))
    copied = [c for c in values.c if c.name not in ("id", "product_id")]
    pairs = products.join(values, values.c.product_id == first)
    others = select(products.c.id, *copied).select_from(pairs).where(products.c.id != first)
    columns = ["product_id", *(c.name for c in copied)]
    await tx.catalogue._db.execute(insert(values).from_select(columns, others))
    await tx.catalogue._db.execute(update(products).values(priced_at=shop.clock.now()))


async def report() -> list[Row]:
    print(f"A price answer in a shop with {PRODUCTS:,} products of {VALUES} values", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'shelf.db'}")
        await migrate(store)
        harness = ShopHarness(store)
        shop = harness.shop
        await store.write(_fill, shop, harness.supplier.name)
        await load_shelf(shop)
        await store.write(_price, shop)
        await load_shelf(shop)
        known = [(p.id, int(p.supplier_product_id)) for p in shop.shelf.products.values()]
        assert len(known) == PRODUCTS
        took = []
        for turn, (product_id, number) in enumerate(known[:_ANSWERS]):
            began = time.thread_time()
            await save_offer(shop, product_id, _offer(shop, number, 51_000 + turn))
            took.append((time.thread_time() - began) * 1000)
        assert len(shop.shelf.of_product(known[0][0])) == VALUES
        await harness.close()
        await store.close()
    rows = [
        Row(
            f"{PRODUCTS:,} products: CPU of the loop for a price answer",
            statistics.median(took[5:]),  # the first compile their statements
            AIM_MS,
            "ms",
        )
    ]
    print_rows(rows)
    return rows


if __name__ == "__main__":
    asyncio.run(report())
