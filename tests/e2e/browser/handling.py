"""Orders that the supplier handles for as long as a test looks at them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.sandbox.simulation import Simulation
from tests.patience import until


@asynccontextmanager
async def handled_slowly(simulation: Simulation) -> AsyncIterator[None]:
    """What is bought within is ready at the end, and later orders soon: a page on a busy machine is drawn late."""
    book = simulation.book
    book.handling_seconds = 3600.0
    yield
    await until(lambda: any(order.status == "HANDLING" for order in book.orders.values()))
    book.handling_seconds = 2.0
    for order in book.orders.values():
        order.ready_at = min(order.ready_at, book.now())
