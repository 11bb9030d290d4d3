"""What tests of the own stock share: an answer, some rounds of the sweeps, and a check of all books."""

from datetime import timedelta

import pytest

from bot.services.operations.audit import audit_books, audit_supplier
from tests.harness import books_agree
from tests.own_stock import OwnHarness


async def yes():
    return True


async def settle_all(harness):
    for _ in range(6):
        await harness.round()
        harness.clock.pass_time(2)


async def is_well(harness):
    await books_agree(harness)
    found = await audit_books(harness.store, harness.clock)
    harness.clock.pass_time(1800)
    found += await audit_supplier(harness.store, harness.own, harness.clock, timedelta(days=1))
    assert [d.text for one in found for d in one.differences] == []


@pytest.fixture
async def own(store):
    harness = OwnHarness(store)
    yield await harness.open()
    await harness.close()
