"""Sending a news to its people, a few at a time: at most once each, and after everything else.

A batch of people is committed as `sending` before the first of them is sent anything, and what became of
each is committed after the last, or when the process is asked to end. What a crash leaves in `sending` is
unknown and is never sent again: an advert twice is worse than an advert lost.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.news import News, NewsState, Outcome, most_people, opens_at
from bot.domain.records import Customer, Locale
from bot.domain.schedule import LONGEST_WAIT_SECONDS
from bot.errors import (
    BadFile,
    SendFailure,
    SendLater,
    StorageFailure,
    Undeliverable,
    Unreachable,
)
from bot.refusals import required
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.customers import mark_unreachable
from bot.services.news.crowds import crowd_of
from bot.services.news.drafts import product_of
from bot.services.shop import Shop
from storage.transaction import Transaction

BATCH: Final = 20  # people: so many messages at most are on their way when somebody stops it
_OTHERS_FIRST: Final = timedelta(seconds=1)  # while the outbox has something to send
_AFTER_SILENCE: Final = timedelta(seconds=30)  # each try of an outage costs one person their news
_PHOTO_AGAIN_AFTER: Final = timedelta(seconds=30)
_SHOWN_EVERY_SECONDS: Final = 5.0


@dataclass
class _Batch:
    """People whose turn has come, and what became of each. Who is not in `outcomes` was sent nothing."""

    people: Sequence[int]
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    passed: list[int] = field(default_factory=list)  # they want none since their turn came
    wait_until: datetime | None = None  # it was interrupted: the rest have their turn again then
    is_refused: bool = False  # Telegram refuses the photo: nobody else is sent it

    @property
    def rest(self) -> list[int]:
        return [one for one in self.people if one not in self.outcomes and one not in self.passed]


async def news_due(shop: Shop) -> datetime | None:
    """When the sweep has something to send; None while there is no news. Reads nothing."""
    at = shop.news.next_look
    if at is None:
        return None
    return shop.clock.now() + timedelta(seconds=max(0.0, at - shop.clock.monotonic()))


async def send_news(shop: Shop) -> int:
    """Send one batch of the news that is due first; returns how many people it was tried for.

    A second call goes on from there. Raises StorageFailure; NotLeading, and nothing more is sent.
    """
    async with shop.store.reading() as tx:
        running = await tx.news.running()
        is_interrupted = await tx.news.has_interrupted()
        wait_until = await _wait_of(tx, shop) if running else None
    if is_interrupted:  # by the end of a process, or of its leadership: nothing is on its way now
        await shop.store.write(_give_up_interrupted)
    if not running:
        shop.news.next_look = None
        return 0
    news = running[0]
    if news.due_at is not None and news.due_at > shop.clock.now():
        wait_until = news.due_at
    tried = 0
    if wait_until is None:
        batch = await _send_batch(shop, news)
        tried, wait_until = len(batch.outcomes), batch.wait_until
    _look_again(shop, wait_until)
    return tried


async def _give_up_interrupted(tx: Transaction) -> None:
    await tx.news.give_up_interrupted()


def _look_again(shop: Shop, at: datetime | None) -> None:
    wait = (at - shop.clock.now()).total_seconds() if at else 0.0
    shop.news.next_look = shop.clock.monotonic() + max(0.0, wait)


async def _wait_of(tx: Transaction, shop: Shop) -> datetime | None:
    """Until when nothing may be sent now; None: something may.

    People are asleep, or the outbox has a message to send: nobody waits for their codes because of an advert.
    """
    now = shop.clock.now()
    due_at = await tx.outbox.earliest_due(now)
    if due_at is not None and due_at <= now:
        return now + _OTHERS_FIRST
    return opens_at(now, shop.policy.time_zone)


async def _send_batch(shop: Shop, news: News) -> _Batch:
    batch = _Batch(await shop.store.write(_take, shop, news))
    try:
        for user_id in batch.people:
            await _send_one(shop, news, batch, user_id)
            if batch.wait_until is not None or batch.is_refused:
                break
    except StorageFailure:  # what was sent so far is recorded, where that can be
        batch.wait_until = shop.clock.now() + _OTHERS_FIRST
    except asyncio.CancelledError:  # the process ends: the rest have their turn in the next one
        batch.wait_until = shop.clock.now()
        await shop.store.write(_record, shop, news, batch)
        raise
    after = await shop.store.write(_record, shop, news, batch)
    await _show(shop, after)
    return batch


async def _take(tx: Transaction, shop: Shop, news: News) -> Sequence[int]:
    """The next people, from now on `sending`; none where it is stopped.

    Where there are no more, or it was tried for as many as were confirmed, it is done.
    """
    present = required(await tx.news.get(news.id))
    if present.state is not NewsState.RUNNING:
        return ()
    limit = min(BATCH, most_people(present.people) - present.totals.tried)
    people: Sequence[int] = ()
    if limit > 0:
        people = await tx.news.take(present, crowd_of(shop, present), limit, shop.clock.now())
    if not people:
        await tx.news.end(news.id, NewsState.DONE)
    return people


async def _send_one(shop: Shop, news: News, batch: _Batch, user_id: int) -> None:
    """Send it to one person, unless something has to go first, or they have said no a second ago."""
    async with shop.store.reading() as tx:
        batch.wait_until = await _wait_of(tx, shop)
        locale = await tx.news.locale_of_reader(news.id, user_id)
    if batch.wait_until is not None:
        return
    if locale is None or locale not in news.locales:
        batch.passed.append(user_id)
        return
    shop.lease.check()
    photo = news.letters[locale].photo
    batch.outcomes[user_id] = Outcome.UNKNOWN  # until it is known, whatever ends the process
    try:
        await _send(shop, news, user_id, locale)
    except Unreachable:
        batch.outcomes[user_id] = Outcome.BLOCKED
    except BadFile:
        _refuse_photo(shop, batch, user_id, (news.id, photo))
    except Undeliverable:
        batch.outcomes[user_id] = Outcome.FAILED
    except SendLater as later:
        del batch.outcomes[user_id]
        wait = min(later.retry_after_seconds, LONGEST_WAIT_SECONDS)
        batch.wait_until = shop.clock.now() + timedelta(seconds=wait)
    except SendFailure:
        batch.wait_until = shop.clock.now() + _AFTER_SILENCE
    else:
        batch.outcomes[user_id] = Outcome.SENT
        if photo:
            shop.news.refused_photo = None


def _refuse_photo(shop: Shop, batch: _Batch, user_id: int, refused: tuple[int, str]) -> None:
    """End the news at the second refusal of a photo: passing faults of Telegram are worded like the first one.

    What is refused has not arrived, so the same person is tried again, after a pause.
    """
    if shop.news.refused_photo == refused:
        batch.outcomes[user_id] = Outcome.FAILED
        batch.is_refused = True
        return
    shop.news.refused_photo = refused
    del batch.outcomes[user_id]
    batch.wait_until = shop.clock.now() + _PHOTO_AGAIN_AFTER


async def _send(shop: Shop, news: News, user_id: int, locale: Locale) -> None:
    """Raises SendFailure."""
    customer = Customer(user_id, locale)
    await shop.sender.send_news(customer, news.letters[locale], product_of(shop, news))


async def _record(tx: Transaction, shop: Shop, news: News, batch: _Batch) -> News:
    """Store what became of a batch; the rest of one that was interrupted have their turn again."""
    for user_id, outcome in batch.outcomes.items():
        if outcome is Outcome.BLOCKED:
            await mark_unreachable(tx, shop, user_id)
    await tx.news.record(news.id, batch.outcomes)
    rest = batch.rest
    if rest or batch.passed:
        await tx.news.release(news.id, [*rest, *batch.passed], min(rest) - 1 if rest else None)
    if batch.wait_until is not None:
        await tx.news.postpone(news.id, batch.wait_until)
    if batch.is_refused:
        await _stop_refused(tx, shop, news.id)
    return required(await tx.news.get(news.id))


async def _stop_refused(tx: Transaction, shop: Shop, news_id: int) -> None:
    """End a news whose photo Telegram refuses, and alert the operators; one that was stopped stays so."""
    news = required(await tx.news.get(news_id))
    if news.state is NewsState.RUNNING:
        await tx.news.end(news_id, NewsState.STOPPED)
        kind, count = AlertKind.NEWS_REFUSED, news.totals.sent
        await raise_alert(tx, shop, f"{kind}:{news_id}", kind, news=news_id, count=count)


async def try_letter(shop: Shop, news: News, operator_id: int, locale: Locale) -> None:
    """Send an operator a draft in one language, exactly as people will get it.

    Raises SendFailure: BadFile for its photo.
    """
    operator, product = Customer(operator_id, locale), product_of(shop, news)
    await shop.sender.send_news(operator, news.letters[locale], product, is_preview=True)


async def _show(shop: Shop, news: News) -> None:
    """Show the sender how far it is, every few seconds, and its end."""
    now, waits_until = shop.clock.monotonic(), opens_at(shop.clock.now(), shop.policy.time_zone)
    goes_on = news.state is NewsState.RUNNING and waits_until is None
    if goes_on and now - shop.news.shown_at < _SHOWN_EVERY_SECONDS:
        return
    shop.news.shown_at = now
    async with shop.store.reading() as tx:
        sender = await tx.customers.get(news.operator_id)
    if sender is None or news.message_id is None:
        return
    try:
        await shop.sender.update_news(sender, news, waits_until)
    except SendFailure as failure:  # /news shows it too
        shop.items.report(f"the progress of news {news.id} is not shown: {type(failure).__name__}")
