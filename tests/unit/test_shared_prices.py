"""Questions for prices: one at a time, an answer that is shared for a while, a failure that stays with who asked."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.supplier import ProductOffer
from bot.errors import AccessRefused, SupplierUnavailable
from bot.services.shared_prices import LONGEST_SHARED_SECONDS, PriceKey, SharedPrices
from tests.fakes import START

KEY = PriceKey("oneclickdz", "7")
OTHER = PriceKey("oneclickdz", "8")
MOMENT = 1e-6


class Asking:
    """Questions whose answers come when the test says so; `now` is what the clock shows."""

    def __init__(self) -> None:
        self.prices, self.now = SharedPrices(), 100.0
        self.sent: list[asyncio.Future[ProductOffer | Exception]] = []

    async def question(self) -> ProductOffer:
        sent_at = self.now
        self.sent.append(asyncio.get_running_loop().create_future())
        answer = await self.sent[-1]
        if isinstance(answer, Exception):
            raise answer
        return replace(answer, asked_monotonic=sent_at)

    async def ask(self, sharing: float = 30.0, key: PriceKey = KEY) -> "asyncio.Task[ProductOffer]":
        work = self.prices.ask(key, self.question, lambda: self.now, sharing)
        task = asyncio.create_task(work)
        await settled()
        return task

    async def answer(self, answer: Exception | None = None, **values: Any) -> ProductOffer:
        offer = replace(ProductOffer("7", (), START), **values)
        self.sent[-1].set_result(answer or offer)
        await settled()
        return replace(offer, asked_monotonic=self.now)


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
def asking() -> Asking:
    return Asking()


async def test_whoever_asks_the_same_meanwhile_gets_the_same_answer(asking: Asking):
    tasks = [await asking.ask() for _ in range(5)]
    other = await asking.ask(key=OTHER)

    assert len(asking.sent) == 2
    asking.sent[0].set_result(ProductOffer("7", (), START))
    asking.sent[1].set_result(ProductOffer("8", (), START))
    assert [(await task).supplier_product_id for task in [*tasks, other]] == [*("7" * 5), "8"]


async def test_an_answer_is_recent_for_its_seconds_and_not_longer(asking: Asking):
    task = await asking.ask()
    asking.now += 12  # the answer takes its time: the question's age counts
    await asking.answer()
    offer = await task

    assert asking.prices.recent(KEY, 130 - MOMENT, 30) is offer
    assert asking.prices.recent(KEY, 130, 30) is None
    assert asking.prices.recent(KEY, 100, 0) is None
    assert asking.prices.recent(OTHER, 100, 30) is None


async def test_an_answer_without_a_time_is_not_shared(asking: Asking):
    async def question() -> ProductOffer:
        return ProductOffer("7", (), START)

    await asking.prices.ask(KEY, question, lambda: asking.now, 30)

    assert asking.prices.recent(KEY, asking.now, 30) is None


async def test_an_answer_that_is_not_complete_is_shared_with_those_who_wait_alone(asking: Asking):
    first, second = await asking.ask(), await asking.ask()
    await asking.answer(complete=False)

    assert await second is await first
    assert asking.prices.recent(KEY, asking.now, 30) is None


@pytest.mark.parametrize(("sharing", "questions"), [(30.0, 1), (10.0, 2)])
async def test_who_asks_late_takes_an_answer_that_is_recent_enough(
    asking: Asking, sharing: float, questions: int
):
    early = await asking.ask()
    asking.now += 15
    late = await asking.ask(sharing)
    await asking.answer()

    assert early.done()
    assert len(asking.sent) == questions
    if not late.done():
        await asking.answer()
    assert late.done()


async def test_who_asks_before_the_question_leaves_takes_its_answer_however_late(asking: Asking):
    async def question() -> ProductOffer:
        await asyncio.sleep(0)  # the throttle
        asking.now += 50
        offer = replace(ProductOffer("7", (), START), asked_monotonic=asking.now)
        await asyncio.sleep(0)
        asking.now += 50
        return offer

    both = [asking.prices.ask(KEY, question, lambda: asking.now, 0) for _ in range(2)]
    first, second = await asyncio.gather(*both)

    assert first is second


async def test_a_failure_is_everybodys_who_waited_and_the_next_question_is_asked_anew(
    asking: Asking,
):
    tasks = [await asking.ask() for _ in range(3)]
    failure = SupplierUnavailable("checkProduct")
    await asking.answer(failure)

    assert await asyncio.gather(*tasks, return_exceptions=True) == [failure] * 3
    assert asking.prices.recent_failure(KEY, asking.now + 1.5 - MOMENT) is failure
    assert asking.prices.recent_failure(KEY, asking.now + 1.5) is None
    assert asking.prices.recent_failure(OTHER, asking.now) is None
    again = await asking.ask()
    assert len(asking.sent) == 2
    await asking.answer()
    assert again.done()


async def test_a_refused_key_is_told_to_all_who_waited_and_not_remembered(asking: Asking):
    tasks = [await asking.ask() for _ in range(2)]
    refusal = AccessRefused("checkProduct")
    await asking.answer(refusal)

    assert await asyncio.gather(*tasks, return_exceptions=True) == [refusal] * 2
    assert asking.prices.recent_failure(KEY, asking.now) is None


@pytest.mark.parametrize("end", ["broken", "cancelled"])
async def test_what_befalls_the_asker_alone_leaves_the_others_to_ask(asking: Asking, end: str):
    first, second, third = [await asking.ask() for _ in range(3)]
    if end == "broken":
        await asking.answer(KeyError("types"))
        assert isinstance(first.exception(), KeyError)
    else:
        first.cancel()
        await settled()
        assert first.cancelled()

    assert len(asking.sent) == 2  # one of the two asks, for both
    await asking.answer()
    assert await second is await third


async def test_who_gives_up_waiting_disturbs_nobody(asking: Asking):
    first, second, third = [await asking.ask() for _ in range(3)]
    second.cancel()
    await settled()
    await asking.answer()

    assert second.cancelled()
    assert await first is await third
    assert len(asking.sent) == 1


async def test_what_the_supplier_refused_is_not_shared_though_asked_a_moment_ago(asking: Asking):
    task = await asking.ask()
    await asking.answer()
    asking.now += 1
    asking.prices.forget("oneclickdz", "8", asking.now)
    assert asking.prices.recent(KEY, asking.now, 30) is await task

    asking.prices.forget("oneclickdz", "7", asking.now)

    assert asking.prices.recent(KEY, asking.now, 30) is None


async def test_an_answer_to_what_was_asked_before_the_refusal_is_its_askers_alone(asking: Asking):
    first, second = await asking.ask(), await asking.ask()
    asking.now += 1
    asking.prices.forget("oneclickdz", "7", asking.now)
    asking.now += 1
    await asking.answer()

    assert first.done()
    assert not second.done()
    assert asking.prices.recent(KEY, asking.now, 30) is None
    await asking.answer()
    assert asking.prices.recent(KEY, asking.now, 30) is await second


async def test_old_answers_are_not_kept_in_memory(asking: Asking):
    task = await asking.ask()
    await asking.answer()
    asking.now += LONGEST_SHARED_SECONDS
    other = await asking.ask(key=OTHER)
    await asking.answer()

    assert asking.prices._answers == {OTHER: await other}
    assert task.done()


async def test_failures_of_long_ago_are_not_kept(asking: Asking):
    for number in range(20):
        task = await asking.ask(key=PriceKey("starship", str(number)))
        await asking.answer(SupplierUnavailable("charges"))
        await asyncio.gather(task, return_exceptions=True)
        asking.now += 1

    assert len(asking.prices._failures) == 2


async def test_a_purchase_without_an_answer_ends_all_sharing_at_its_supplier(asking: Asking):
    elsewhere = PriceKey("starship", "9")
    for key in (KEY, OTHER, elsewhere):
        task = await asking.ask(key=key)
        await asking.answer()
        await task
    late = await asking.ask(sharing=0.0)
    asking.now += 1

    asking.prices.distrust("oneclickdz", asking.now)
    await asking.answer()
    await late

    assert asking.prices.recent(KEY, asking.now, 30.0) is None
    assert asking.prices.recent(OTHER, asking.now, 30.0) is None
    assert asking.prices.recent(elsewhere, asking.now, 30.0) is not None
