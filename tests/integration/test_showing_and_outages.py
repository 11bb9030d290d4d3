"""A database that fails between the claim of a showing and its first message holds no codes back."""

from contextlib import suppress

from bot.errors import StorageOutage
from bot.services.codes.sent import sent_parts
from bot.services.operations import order_messages
from tests.harness import ShopHarness, send_due_messages


async def test_codes_come_at_once_after_an_outage_right_before_their_first_message(
    harness: ShopHarness, monkeypatch
):
    known, failures = sent_parts, [StorageOutage("gone")]

    async def fails_once(shop, order_id):
        if failures:
            raise failures.pop()
        return await known(shop, order_id)

    monkeypatch.setattr(order_messages, "sent_parts", fails_once)
    await harness.customer()
    await harness.buy()

    with suppress(StorageOutage):
        await harness.run(30)
    harness.clock.pass_time(60)
    await send_due_messages(harness.shop)

    assert not failures
    assert [one.kind for one in harness.sender.sent].count("codes") == 1
