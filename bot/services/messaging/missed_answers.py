"""What was asked and could not be answered, since Telegram took nothing for that chat: told later."""

from datetime import timedelta
from typing import Final

from bot.domain.outbox import OutboxKind
from bot.services.shop import Shop
from storage.transaction import Transaction

# It stands before later news of its person, so it is tried again soon, whatever Telegram said.
_LONGEST: Final = timedelta(minutes=5)


async def note_missed_answer(shop: Shop, user_id: int, wait_seconds: float) -> bool:
    """Have a customer told, when their chat takes messages again, that an answer was not sent.

    False where that waits to be told already: then it is told once for both.
    """
    return await shop.store.write(_note, shop, user_id, wait_seconds)


async def _note(tx: Transaction, shop: Shop, user_id: int, wait_seconds: float) -> bool:
    if await tx.outbox.is_waiting(user_id, OutboxKind.MISSED):
        return False
    now = shop.clock.now()
    due_at = now + min(timedelta(seconds=wait_seconds), _LONGEST)
    key = f"missed:{user_id}:{now.timestamp()}"
    return await tx.outbox.add(key, user_id, OutboxKind.MISSED, now, due_at=due_at)
