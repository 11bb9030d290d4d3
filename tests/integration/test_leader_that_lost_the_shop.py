"""A leader that stood still, or was cut off, while a command took the shop to another database or another bot."""

import pytest

from bot.domain.records import MoveMark, MoveState
from bot.leading import note_bot
from bot.stopping import LOST_LEADERSHIP, StartFailure
from storage.transaction import Transaction
from tests.fakes import START
from tests.harness import ShopHarness
from tests.integration.test_leading import process
from tests.patience import until

__all__ = ["process"]


@pytest.mark.parametrize(
    ("does", "reason"), [("move", "in another database now"), ("adopt", "the bot 424242")]
)
async def test_it_gives_way(process, harness: ShopHarness, does: str, reason: str):
    async def act(tx: Transaction) -> None:
        if does == "adopt":
            await tx.leader.give_to_bot(424242)
        else:
            mark = MoveMark("m", MoveState.MOVED, "sqlite:///elsewhere.db", "machine", START)
            await tx.moves.set(mark)

    await process.lead()
    await harness.store.write(note_bot, harness.shop.bot_id)
    process.lock.held = process.lock.free = False
    process.doubt.set()
    await harness.store.write_unled(act)
    process.lock.free = True

    await until(process.stopping.is_set)
    assert not harness.shop.lease.holds
    with pytest.raises(StartFailure, match=reason) as lost:
        process.stopping.check()
    assert lost.value.exit_status == LOST_LEADERSHIP
