"""Small things that a customer or an operator sees, each of which nothing else would notice."""

import pytest

from bot.domain.catalogue import offered_quantities
from bot.domain.records import AlertKind
from bot.domain.supplier import SECRETS, Card
from bot.services.catalogue.refresh import refresh_catalogue
from bot.services.codes.custody import seal_card
from bot.services.codes.reveal import open_code_messages
from bot.services.selling.balance import check_balance
from tests.harness import ShopHarness
from tests.vouchers import VoucherHarness


@pytest.mark.parametrize(
    ("stock", "most", "offered"),
    [
        (0, 10, ()),
        (1, 10, (1,)),
        (4, 10, (1, 2, 3)),
        (99, 9, (1, 2, 3, 5)),
        (10, 99, (1, 2, 3, 5, 10)),
    ],
)
def test_quantities_are_offered_up_to_what_is_there_and_may_be_bought(stock, most, offered):
    assert offered_quantities(stock, most) == offered


@pytest.mark.parametrize(("minor", "paused"), [(500_000, None), (499_999, "no"), (99, "yes")])
async def test_a_low_balance_is_told_with_its_figures(
    harness: ShopHarness, minor: int, paused: str | None
):
    harness.set_policy(balance_alert_minor=500_000, balance_floor_minor=100)
    harness.supplier.balance = lambda: _later(minor)
    await check_balance(harness.shop, "oneclickdz", force=True)
    await harness.round()

    told = [dict(alert) for alert in harness.sender.alerts(AlertKind.BALANCE_LOW)]
    expected = {
        "alert": "balance_low",
        "supplier": "oneclickdz",
        "balance": str(minor),
        "paused": paused,
    }
    assert told == ([] if paused is None else [expected])
    async with harness.store.reading() as tx:
        account = await tx.operators.account("oneclickdz")
    assert account.paused_for_balance is (paused == "yes")


async def _later(value):
    return value


async def test_an_empty_catalogue_is_no_new_one(harness: ShopHarness):
    harness.supplier.catalogue = lambda: _later(())
    assert not await refresh_catalogue(harness.shop, "oneclickdz", force=True)


async def test_codes_are_opened_with_their_expiry_date(sqlite_store):
    harness = await VoucherHarness(sqlite_store).open()
    await harness.customer(1, dinars=400_000)
    order = await harness.buy(1)
    await harness.run(10)
    (code_message,) = await open_code_messages(harness.shop, await harness.order(order.id))

    assert [card.expires_at is not None for card in code_message.cards] == [True]
    await harness.close()


def test_a_code_without_its_first_text_is_known_by_it_all_the_same(harness: ShopHarness):
    sealed = seal_card(harness.vault, 1, 0, Card("", "123"))
    assert sorted(sealed) == sorted(SECRETS[:2])
