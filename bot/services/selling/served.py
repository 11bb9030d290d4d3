"""Whether a customer may buy and pay at all: asked in each transaction that begins either."""

from bot.refusals import Banned
from storage.transaction import Transaction


async def check_served(tx: Transaction, user_id: int) -> None:
    """Raises Banned for somebody whom the shop serves no more."""
    if await tx.customers.ban_of(user_id) is not None:
        raise Banned
