"""Support cases: opened by a customer, answered by replies, closed by an operator."""

from bot.errors import required
from bot.services.messaging.support import case_of, close_case, has_message, note_message, open_case
from tests.harness import OPERATOR, ShopHarness


async def test_a_case_is_open_until_an_operator_closes_it(paying_harness: ShopHarness):
    await paying_harness.customer(1)
    case, order = await open_case(paying_harness.shop, 1)
    assert order is None
    await paying_harness.buy(1)
    again, order = await open_case(paying_harness.shop, 1)
    assert (again.id, order is not None) == (case.id, True)
    await note_message(paying_harness.shop, case, OPERATOR, 1000, [55])
    # The same update, worked on again.
    await note_message(paying_harness.shop, case, OPERATOR, 1000, [56])
    assert await has_message(paying_harness.shop, OPERATOR, 1000)
    assert not await has_message(paying_harness.shop, 901, 1000)
    assert required(await case_of(paying_harness.shop, OPERATOR, 55)).user_id == 1
    assert await case_of(paying_harness.shop, OPERATOR, 56) is None
    assert await case_of(paying_harness.shop, 901, 55) is None
    assert await close_case(paying_harness.shop, key="k", operator_id=OPERATOR, case_id=case.id)
    assert not await close_case(
        paying_harness.shop, key="k2", operator_id=OPERATOR, case_id=case.id
    )
    assert (await open_case(paying_harness.shop, 1))[0].id != case.id
