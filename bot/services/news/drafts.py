"""Writing news: a draft that operators change step by step, and send, stop or throw away.

A draft is a row, so it outlives a restart. Whoever sends it has seen it as it is, with the number of
people; both are asked again in the transaction that sends it. Each change and each card makes a new version
of it, which the button below a card names: an older card sends nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.alerts import AlertKind
from bot.domain.catalogue import Product
from bot.domain.news import (
    BOUGHT_WITHIN,
    LONGEST_NEWS,
    MOST_SEGMENTS,
    OWNER_ABOVE,
    Audience,
    Letter,
    News,
    NewsState,
    Segment,
    is_another_crowd,
    length_of,
    opens_at,
)
from bot.domain.records import Locale
from bot.domain.roles import Right
from bot.refusals import AlreadyDecided, NotFound, required
from bot.services.messaging.alerts import resolve_alert
from bot.services.news.crowds import count
from bot.services.shop import Shop
from bot.services.standing import standing_of
from storage.repositories.news import Bought
from storage.transaction import Transaction

_LISTED: Final = 5  # drafts, and news that were sent
_ENDED: Final = (NewsState.STOPPED, NewsState.DONE)


@dataclass(frozen=True, slots=True)
class Overview:
    """Drafts that this operator may go on with, what is being sent, and what was sent lately.

    `bought`: what people bought after those that were sent long enough ago, by the number of the news.
    """

    drafts: tuple[News, ...]
    running: tuple[News, ...]
    ended: tuple[News, ...]
    bought: Mapping[int, Bought]


@dataclass(frozen=True, slots=True)
class Card:
    """A draft with the people it goes to. `waits_until`: news may be sent then, not now.

    `needs_owner`: they are so many that whoever looks at it may not send it.
    """

    news: News
    audience: Audience
    product: Product | None
    waits_until: datetime | None
    needs_owner: bool


class Verdict(StrEnum):
    """What became of a press of Send."""

    BEGUN = "begun"
    UNSEEN = "unseen"  # it was changed since this operator saw it, or they never did
    CHANGED = "changed"  # it goes to another number of people than they saw
    NOBODY = "nobody"
    NEEDS_OWNER = "owner"


async def view_news(shop: Shop, operator_id: int) -> Overview:
    """What there is, for an operator; owners may go on with everybody's drafts."""
    async with shop.store.reading() as tx:
        sees_all = await _is_owner(tx, shop, operator_id)
        drafts = await tx.news.listed([NewsState.DRAFT], _LISTED * 10)
        ended = await tx.news.listed(_ENDED, _LISTED)
        old = [one for one in ended if one.began_at is not None and _is_counted(shop, one.began_at)]
        bought = {one.id: await tx.news.bought(one) for one in old}
        running = await tx.news.running()
    theirs = [one for one in drafts if sees_all or one.operator_id == operator_id]
    return Overview(tuple(theirs[:_LISTED]), tuple(running), tuple(ended), bought)


def _is_counted(shop: Shop, began_at: datetime) -> bool:
    return began_at <= shop.timeline.older_than(BOUGHT_WITHIN)


def product_of(shop: Shop, news: News) -> Product | None:
    """The product of its button; None: it has none, or it is not sold any more."""
    return shop.shelf.products.get(news.product_id or 0)


async def draft_news(shop: Shop, operator_id: int) -> News:
    """Begin a news, with nothing in it."""
    return await shop.store.write(_draft, operator_id)


async def _draft(tx: Transaction, operator_id: int) -> News:
    return required(await tx.news.get(await tx.news.draft(operator_id)))


async def view_draft(shop: Shop, news_id: int, operator_id: int) -> News:
    """A draft as it is. Raises as `_draft_of` does."""
    async with shop.store.reading() as tx:
        return await _draft_of(tx, shop, news_id, operator_id)


async def _is_owner(tx: Transaction, shop: Shop, operator_id: int) -> bool:
    standing = await standing_of(tx, shop, operator_id)
    return standing is not None and Right.MUCH_NEWS in standing.rights


async def _draft_of(tx: Transaction, shop: Shop, news_id: int, operator_id: int) -> News:
    """Raises NotFound for a draft that is another operator's, except for an owner; AlreadyDecided."""
    news = required(await tx.news.get(news_id))
    if news.operator_id != operator_id and not await _is_owner(tx, shop, operator_id):
        raise NotFound
    if news.state is not NewsState.DRAFT:
        raise AlreadyDecided
    return news


async def write_letter(
    shop: Shop, news_id: int, operator_id: int, locale: Locale, letter: Letter
) -> News:
    """Set what people of a language read.

    The caller has asked `is_too_long`. Raises as `_draft_of` does.
    """

    def change(news: News) -> News:
        letters = {**news.letters, locale: letter}
        return replace(news, letters={one: letters[one] for one in Locale if one in letters})

    return await shop.store.write(_change, shop, news_id, operator_id, change)


async def skip_letter(
    shop: Shop, news_id: int, operator_id: int, locale: Locale, fingerprint: int
) -> News | None:
    """Have people of a language get nothing, where the button pressed was made for what is written now.

    `fingerprint`: of what was written then. None, and nothing is changed, where it is something else by
    now. Raises as `_draft_of` does.
    """
    return await shop.store.write(_skip_letter, shop, news_id, operator_id, locale, fingerprint)


async def _skip_letter(
    tx: Transaction, shop: Shop, news_id: int, operator_id: int, locale: Locale, fingerprint: int
) -> News | None:
    news = await _draft_of(tx, shop, news_id, operator_id)
    if news.fingerprint(locale) != fingerprint:
        return None
    if locale not in news.letters:
        return news
    letters = {one: news.letters[one] for one in news.letters if one is not locale}
    changed = _changed(replace(news, letters=letters))
    await tx.news.change_draft(changed)
    return changed


def is_too_long(text: str) -> bool:
    return length_of(text) > LONGEST_NEWS


async def choose_segment(
    shop: Shop, news_id: int, operator_id: int, change: Callable[[Segment], Segment]
) -> News | None:
    """Change whom a draft is for; None, and nothing is changed, where that combines too many.

    Raises as `_draft_of` does.
    """
    return await shop.store.write(_choose_segment, shop, news_id, operator_id, change)


async def _choose_segment(
    tx: Transaction,
    shop: Shop,
    news_id: int,
    operator_id: int,
    change: Callable[[Segment], Segment],
) -> News | None:
    news = await _draft_of(tx, shop, news_id, operator_id)
    segment = change(news.segment)
    if segment.parts > MOST_SEGMENTS:
        return None
    changed = _changed(replace(news, segment=segment))
    await tx.news.change_draft(changed)
    return changed


async def choose_product(
    shop: Shop, news_id: int, operator_id: int, product_id: int | None
) -> News:
    """Set the product of the button below a draft; None: no button. Raises as `_draft_of` does, and
    NotFound for a product that is not on the shelf."""
    if product_id is not None:
        shop.shelf.product(product_id)
    return await shop.store.write(
        _change, shop, news_id, operator_id, lambda news: replace(news, product_id=product_id)
    )


async def _change(
    tx: Transaction, shop: Shop, news_id: int, operator_id: int, change: Callable[[News], News]
) -> News:
    news = await _draft_of(tx, shop, news_id, operator_id)
    changed = _changed(change(news))
    await tx.news.change_draft(changed)
    return changed


def _changed(news: News) -> News:
    return replace(news, shown_to=None, version=news.version + 1)


async def show_card(shop: Shop, news_id: int, operator_id: int, *, version: int) -> Card:
    """A draft as it is, with the number of people: whoever has seen this may send it.

    `version`: of which they have got the letters; another one by now is shown, and not sent. Raises as
    `_draft_of` does.
    """
    return await shop.store.write(_show_card, shop, news_id, operator_id, version)


async def _show_card(
    tx: Transaction, shop: Shop, news_id: int, operator_id: int, version: int
) -> Card:
    news = await _draft_of(tx, shop, news_id, operator_id)
    card = await _look_at(tx, shop, news, operator_id)
    return await _shown(tx, card, operator_id if news.version == version else None)


async def _shown(tx: Transaction, card: Card, shown_to: int | None) -> Card:
    """Store who has seen this card, of which the draft is a new version."""
    seen = replace(
        card.news,
        shown_to=shown_to,
        shown_people=card.audience.total,
        version=card.news.version + 1,
    )
    await tx.news.change_draft(seen)
    return replace(card, news=seen)


async def _look_at(tx: Transaction, shop: Shop, news: News, operator_id: int) -> Card:
    audience = await count(tx, shop, news)
    return Card(
        news,
        audience,
        product_of(shop, news),
        opens_at(shop.clock.now(), shop.policy.time_zone),
        audience.total > OWNER_ABOVE and not await _is_owner(tx, shop, operator_id),
    )


async def start_news(
    shop: Shop,
    news_id: int,
    operator_id: int,
    message_id: int | None,
    *,
    version: int,
    key: str,
) -> tuple[Verdict, Card]:
    """Send a draft from now on, where this operator has seen what goes to whom; `message_id` shows how far it is.

    `version`: of the card whose button was pressed. Nothing is sent with any verdict but BEGUN, and the
    card says what is the case now; with UNSEEN it does not count as seen. Raises as `_draft_of` does; so a
    second call raises AlreadyDecided.
    """
    return await shop.store.write(_start, shop, news_id, operator_id, message_id, version, key)


async def _start(
    tx: Transaction,
    shop: Shop,
    news_id: int,
    operator_id: int,
    message_id: int | None,
    version: int,
    key: str,
) -> tuple[Verdict, Card]:
    news = await _draft_of(tx, shop, news_id, operator_id)
    card = await _look_at(tx, shop, news, operator_id)
    people = card.audience.total
    if news.shown_to != operator_id or news.version != version:
        return Verdict.UNSEEN, card
    card = await _shown(tx, card, operator_id)
    if not people:
        return Verdict.NOBODY, card
    if card.needs_owner:
        return Verdict.NEEDS_OWNER, card
    if is_another_crowd(news.shown_people, people):
        return Verdict.CHANGED, card
    await tx.news.begin(news_id, operator_id, people, message_id, shop.clock.now())
    await _note(tx, shop, news, operator_id, key, NewsState.RUNNING, str(people))
    for alert in await tx.alerts.open_of(AlertKind.NEWS_REFUSED):  # they know, and go on
        await resolve_alert(tx, shop, alert.key)
    return Verdict.BEGUN, replace(card, news=required(await tx.news.get(news_id)))


async def _note(
    tx: Transaction,
    shop: Shop,
    news: News,
    operator_id: int,
    key: str,
    state: NewsState,
    note: str = "",
) -> None:
    await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.NEWS,
        target=str(news.id),
        note=note,
        now=shop.clock.now(),
        before=news.state,
        after=state,
    )


async def drop_news(shop: Shop, news_id: int, operator_id: int, *, key: str) -> None:
    """Throw a draft away. Raises as `_draft_of` does."""
    await shop.store.write(_drop, shop, news_id, operator_id, key)


async def _drop(tx: Transaction, shop: Shop, news_id: int, operator_id: int, key: str) -> None:
    news = await _draft_of(tx, shop, news_id, operator_id)
    await tx.news.end(news_id, NewsState.DROPPED)
    await _note(tx, shop, news, operator_id, key, NewsState.DROPPED)


async def stop_news(shop: Shop, news_id: int, operator_id: int, *, key: str) -> News:
    """Send no more of a news; what is on its way at this moment still arrives.

    A news that has ended already stays as it is. Raises NotFound for a draft.
    """
    return await shop.store.write(_stop, shop, news_id, operator_id, key)


async def _stop(tx: Transaction, shop: Shop, news_id: int, operator_id: int, key: str) -> News:
    news = required(await tx.news.get(news_id))
    if news.state is NewsState.RUNNING:
        await tx.news.end(news_id, NewsState.STOPPED)
        await _note(tx, shop, news, operator_id, key, NewsState.STOPPED, str(news.totals.sent))
    elif news.state not in _ENDED:
        raise NotFound
    return required(await tx.news.get(news_id))
