"""Numbers of batches after a restore: a button from before it never hits another batch."""

from datetime import timedelta

from bot.services.operations.restored import move_numbers_ahead
from tests.own_stock import codes_of


async def test_new_batches_begin_above_all_that_were_loaded_since_the_backup(own):
    before = await own.load(codes_of(2))
    own.clock.pass_time(timedelta(days=1).total_seconds())

    above = await move_numbers_ahead(own.store, own.clock, {})

    assert before == 1
    assert above["own_batches"] == 2_000
    assert await own.load(codes_of(2, first=10), sell=False) == 2_001


async def test_numbers_in_the_database_that_is_replaced_are_not_given_out_again(own):
    above = await move_numbers_ahead(own.store, own.clock, {"own_batches": 3_500})

    assert await own.load(codes_of(2), sell=False) == above["own_batches"] + 1 == 5_001
