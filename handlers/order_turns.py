"""Showing an order on a press: the answer comes at once, the screen when its turn comes."""

import asyncio
from collections.abc import Awaitable, Callable

from telegram import Update

from handlers.context import ShopContext


async def show_in_turn(
    update: Update,
    context: ShopContext,
    order_id: int,
    show: Callable[[], Awaitable[object]],
    toast: str = "",
) -> None:
    """Answer the press with `toast`, and call `show`, which reads the order, when its turn comes.

    The outbox may edit the order's message for as long as Telegram lets it wait. What is refused is
    to be refused before: a press that is answered can show no alert.
    """

    async def in_turn() -> None:
        async with context.shop.order_screens.of(order_id):
            await show()

    await asyncio.gather(context.answer(update, toast), in_turn())
