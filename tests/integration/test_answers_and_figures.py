"""What a service answers its caller, and the figures in its refusals."""

from datetime import timedelta

import pytest

from bot import errors as e
from bot.domain.records import AlertKind, InboxRow
from bot.services.catalogue.refresh import refresh_catalogue
from bot.services.codes.custody import update_associated_data
from bot.services.codes.rotate import rotate_keys
from bot.vault import AesVault, new_key, parse_keys
from tests.harness import ShopHarness

# --- figures in what is refused or told -------------------------------------------------------------


async def test_an_old_catalogue_is_told_after_twice_its_life(harness: ShopHarness):
    await refresh_catalogue(harness.shop, "oneclickdz", force=True)
    life = harness.shop.policy.catalogue_lifetime

    async def fail():
        raise e.SupplierUnavailable("catalog", "")

    harness.supplier.catalogue = fail
    for passed, told in ((2 * life, 0), (timedelta(microseconds=1), 1)):
        harness.clock.moment += passed
        with pytest.raises(e.SupplierFailure):
            await refresh_catalogue(harness.shop, "oneclickdz")
        await harness.round()
        assert len(harness.sender.alerts(AlertKind.CATALOGUE_STALE)) == told


# --- one after the other ----------------------------------------------------------------------------


async def test_an_update_under_the_newest_key_holds_up_no_other(harness: ShopHarness):
    old, new = new_key("k1"), new_key("k2")
    both = AesVault(parse_keys(f"{new},{old}"))
    for number, key in ((1, new), (2, old)):
        place = update_associated_data(number)
        row = InboxRow(number, 1, AesVault(parse_keys(key)).seal("{}", place))

        async def receive(tx, row=row):
            await tx.inbox.add([row], harness.clock.now())

        await harness.store.write(receive)

    done = await rotate_keys(harness.store, both, lambda _: None)

    assert (done.sealed, done.still_used) == (1, set())


# --- what a caller is told --------------------------------------------------------------------------
