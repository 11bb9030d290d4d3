"""Who was taken off ADMIN_IDS gets nothing of customers, even what was queued for them before."""

import pytest

from bot.domain.outbox import OutboxKind
from bot.domain.payments import Method
from bot.errors import Unreachable
from bot.services.messaging.customers import ensure_customer
from storage.tables import outbox
from tests.harness import OPERATOR, ShopHarness
from tests.integration.readings import rows


async def alert(harness: ShopHarness, pay) -> None:
    async def queue(tx):
        data = {"alert": "message_dead", "order": "1", "user": "1"}
        now = harness.clock.now()
        await tx.outbox.add("alert:1", OPERATOR, OutboxKind.ALERT, now, data=data)

    await harness.store.write(queue)


async def receipt(harness: ShopHarness, pay) -> None:
    await pay.begin(Method.TRANSFER)
    await pay.receipt("picture")


@pytest.mark.parametrize(
    ("queue", "kind"), [(alert, OutboxKind.ALERT), (receipt, OutboxKind.RECEIPT)]
)
@pytest.mark.parametrize("stays", [False, True])
async def test_what_waited_for_a_former_operator_is_not_sent(
    paying_harness: ShopHarness, pay, queue, kind, stays
):
    harness = paying_harness
    await harness.customer(1)
    await ensure_customer(harness.shop, OPERATOR, "en")
    await harness.run(5)
    harness.sender.sent.clear()
    await queue(harness, pay)
    harness.sender.failures = [Unreachable()]
    await harness.run(5)

    async def states():
        return {r.state for r in await rows(harness, outbox) if r.kind == kind}

    assert await states() == {"unreachable"}

    if not stays:
        harness.set_policy(admin_ids=frozenset({OPERATOR + 1}))
    await ensure_customer(harness.shop, OPERATOR, "en")  # they write again
    await harness.run(30)

    told = [s.kind for s in harness.sender.sent if s.user_id == OPERATOR]
    assert told == ([str(kind)] if stays else [])
    assert await states() == {"sent"}
