"""News to many people: drafts, those that are being sent, and what became of them for each person."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, delete, exists, func, select, update

from bot.domain.jobs import Job
from bot.domain.news import (
    BOUGHT_WITHIN,
    Letter,
    Mark,
    News,
    NewsState,
    Outcome,
    Segment,
    Totals,
)
from bot.domain.records import Locale
from bot.refusals import required
from storage.repositories.base import Repository
from storage.repositories.crowds import Crowd
from storage.tables import news, news_sent, orders, users

_RUNNING = news.c.state == NewsState.RUNNING
_SENDING = news_sent.c.outcome == Outcome.SENDING
_COUNTED: Final = (Outcome.SENT, Outcome.BLOCKED, Outcome.FAILED, Outcome.UNKNOWN)


def _write_letter(letter: Letter | None) -> str | None:
    if letter is None:
        return None
    marks = [[mark.kind, mark.offset, mark.length, mark.url] for mark in letter.marks]
    photo = {"photo": letter.photo} if letter.photo else {}
    return json.dumps({"text": letter.text, "marks": marks, **photo}, ensure_ascii=False)


def _read_letter(stored: str) -> Letter:
    data = json.loads(stored)
    marks = tuple(Mark(*mark) for mark in data["marks"])
    return Letter(data["text"], marks, data.get("photo", ""))


def _read(row: Row[Any]) -> News:
    letters = {locale: row._mapping[f"letter_{locale}"] for locale in Locale}  # noqa: SLF001 - SQLAlchemy's public accessor
    return News(
        row.id,
        NewsState(row.state),
        row.operator_id,
        {locale: _read_letter(stored) for locale, stored in letters.items() if stored},
        Segment(
            Locale(row.to_locale) if row.to_locale else None,
            row.to_bought,
            row.to_idle,
            row.to_above_minor,
        ),
        row.product_id,
        row.shown_to,
        row.shown_people,
        row.version,
        row.people,
        row.cursor,
        row.due_at,
        row.began_at,
        row.message_id,
        Totals(row.sent, row.blocked, row.failed, row.unknown),
    )


@dataclass(frozen=True, slots=True)
class Bought:
    """Purchases of people whom a news reached, in the days after it."""

    people: int
    minor: int


class NewsRepository(Repository):
    async def draft(self, operator_id: int) -> int:
        """Begin a news; returns its id."""
        return required(
            await self.insert_for_id(news, state=NewsState.DRAFT, operator_id=operator_id)
        )

    async def get(self, news_id: int) -> News | None:
        """A news, locked until the transaction ends."""
        found = select(news).where(news.c.id == news_id).with_for_update()
        row = (await self._db.execute(found)).one_or_none()
        return _read(row) if row else None

    async def listed(self, states: Collection[NewsState], limit: int) -> Sequence[News]:
        """The newest in these states, the newest first."""
        rows = await self._db.execute(
            select(news).where(news.c.state.in_(states)).order_by(news.c.id.desc()).limit(limit)
        )
        return [_read(row) for row in rows]

    async def change_draft(self, changed: News) -> None:
        """Store what a draft says by now."""
        letters = {f"letter_{one}": _write_letter(changed.letters.get(one)) for one in Locale}
        segment = changed.segment
        await self._db.execute(
            update(news)
            .where(news.c.id == changed.id, news.c.state == NewsState.DRAFT)
            .values(
                to_locale=segment.locale,
                to_bought=segment.bought,
                to_idle=segment.is_idle,
                to_above_minor=segment.above_minor,
                product_id=changed.product_id,
                shown_to=changed.shown_to,
                shown_people=changed.shown_people,
                version=changed.version,
                **letters,
            )
        )

    async def begin(
        self, news_id: int, operator_id: int, people: int, message_id: int | None, now: datetime
    ) -> None:
        """Have a draft sent from now on; `operator_id` sends it, and is told how far it is."""
        self._wakes.add(Job.NEWS)
        await self._db.execute(
            update(news)
            .where(news.c.id == news_id)
            .values(
                state=NewsState.RUNNING,
                operator_id=operator_id,
                people=people,
                message_id=message_id,
                began_at=now,
                due_at=now,
            )
        )

    async def end(self, news_id: int, state: NewsState) -> None:
        """Send no more of it; whom it had come to is forgotten."""
        await self._db.execute(
            update(news).where(news.c.id == news_id).values(state=state, due_at=None, cursor=0)
        )

    async def end_all(self, state: NewsState, end: NewsState) -> int:
        """End all that are in a state; returns how many."""
        found = update(news).where(news.c.state == state)
        return (await self._db.execute(found.values(state=end, due_at=None, cursor=0))).rowcount

    async def postpone(self, news_id: int, due_at: datetime) -> None:
        """Go on with it then."""
        await self._db.execute(
            update(news).where(news.c.id == news_id, _RUNNING).values(due_at=due_at)
        )

    async def running(self) -> Sequence[News]:
        """Those that are being sent, the one that is due first first."""
        rows = await self._db.execute(
            select(news).where(_RUNNING).order_by(news.c.due_at, news.c.id)
        )
        return [_read(row) for row in rows]

    async def has_interrupted(self) -> bool:
        """Whether somebody stands as being sent to: where nothing is sent now, it was interrupted."""
        found = select(news_sent.c.news_id).where(_SENDING).limit(1)
        return (await self._db.execute(found)).first() is not None

    async def give_up_interrupted(self) -> int:
        """What was interrupted is unknown for ever; returns how many people."""
        found = select(news_sent.c.news_id, func.count()).where(_SENDING)
        rows = (await self._db.execute(found.group_by(news_sent.c.news_id))).all()
        for news_id, count in rows:
            await self._add(news_id, {Outcome.UNKNOWN: count})
        unknown = update(news_sent).where(_SENDING).values(outcome=Outcome.UNKNOWN)
        return (await self._db.execute(unknown)).rowcount

    async def take(self, one: News, crowd: Crowd, limit: int, now: datetime) -> Sequence[int]:
        """The next people it is for, by id: from now on each of them has had their turn.

        Whoever has a row of it is never taken again, wherever the cursor stands.
        """
        has_row = exists().where(news_sent.c.news_id == one.id, news_sent.c.user_id == users.c.id)
        found = await self._db.execute(
            select(users.c.id)
            .where(users.c.id > one.cursor, crowd.is_meant, crowd.gets_it, ~has_row)
            .order_by(users.c.id)
            .limit(limit)
        )
        people = list(found.scalars())
        if people:
            rows = [
                {"news_id": one.id, "user_id": user, "outcome": Outcome.SENDING, "at": now}
                for user in people
            ]
            await self.insert_all_once(news_sent, rows)
            await self._set_cursor(one.id, people[-1])
        return people

    async def _set_cursor(self, news_id: int, user_id: int) -> None:
        await self._db.execute(
            update(news).where(news.c.id == news_id, _RUNNING).values(cursor=user_id)
        )

    async def locale_of_reader(self, news_id: int, user_id: int) -> Locale | None:
        """The language of somebody who is about to get a news.

        None where it is stopped, or they want no more news, or the shop serves them no more, since
        their turn came.
        """
        is_running = select(news.c.id).where(news.c.id == news_id, _RUNNING).exists()
        found = select(users.c.locale).where(
            users.c.id == user_id,
            users.c.news.is_(True),
            users.c.reachable.is_(True),
            users.c.banned_at.is_(None),
            is_running,
        )
        locale = (await self._db.execute(found)).scalar_one_or_none()
        return None if locale is None else Locale(locale)

    async def record(self, news_id: int, outcomes: Mapping[int, Outcome]) -> None:
        """Store what became of it for these people, whose turn had come."""
        counts: dict[Outcome, int] = {}
        for outcome in set(outcomes.values()):
            people = [user for user, became in outcomes.items() if became is outcome]
            result = await self._db.execute(
                update(news_sent)
                .where(news_sent.c.news_id == news_id, news_sent.c.user_id.in_(people), _SENDING)
                .values(outcome=outcome)
            )
            counts[outcome] = result.rowcount
        await self._add(news_id, counts)

    async def _add(self, news_id: int, counts: Mapping[Outcome, int]) -> None:
        added = {str(one): news.c[str(one)] + counts[one] for one in _COUNTED if counts.get(one)}
        if added:
            await self._db.execute(update(news).where(news.c.id == news_id).values(**added))

    async def release(
        self, news_id: int, people: Iterable[int], back_to: int | None = None
    ) -> None:
        """These people were surely sent nothing. `back_to`: those after this id have their turn again."""
        await self._db.execute(
            delete(news_sent).where(
                news_sent.c.news_id == news_id, news_sent.c.user_id.in_(list(people)), _SENDING
            )
        )
        if back_to is not None:
            await self._set_cursor(news_id, back_to)

    async def bought(self, one: News) -> Bought:
        """What people whom it reached have paid for within BOUGHT_WITHIN."""
        if one.began_at is None:
            return Bought(0, 0)
        reached = select(news_sent.c.user_id).where(
            news_sent.c.news_id == one.id, news_sent.c.outcome == Outcome.SENT
        )
        found = select(
            func.count(orders.c.user_id.distinct()),
            func.sum(orders.c.unit_price_minor * orders.c.delivered_quantity),
        ).where(
            and_(
                orders.c.user_id.in_(reached),
                orders.c.paid_at.between(one.began_at, one.began_at + BOUGHT_WITHIN),
                orders.c.delivered_quantity > 0,
            )
        )
        people, minor = (await self._db.execute(found)).one()
        return Bought(people, int(minor or 0))

    async def forget(self, before: datetime) -> int:
        """Remove who was sent what before then; the counts stay. Returns how many rows."""
        result = await self._db.execute(delete(news_sent).where(news_sent.c.at < before, ~_SENDING))
        return result.rowcount
