"""Two processes hear of one charge in Stars at once; test_races.py tries it on PostgreSQL, where there is one."""

from bot.domain.payments import Method
from storage.repositories.payments import PaymentRepository
from tests.harness import ShopHarness, books_agree


async def test_a_charge_that_another_process_has_just_taken_counts_once(
    pay, paying_harness: ShopHarness, monkeypatch
):
    payment = await pay.begin(Method.STARS)
    await pay.stars(payment)
    wallet = await paying_harness.balance(payment.user_id)

    async def not_yet_committed(*_):
        """What the second process reads a moment before the first commits."""

    monkeypatch.setattr(PaymentRepository, "by_external_id", not_yet_committed)
    await pay.stars(payment)

    assert await paying_harness.balance(payment.user_id) == wallet > 0
    await books_agree(paying_harness)
