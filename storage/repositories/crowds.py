"""The people whom a news is for, as conditions on their rows, and how many they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)

from bot.domain.ledger import wallet
from bot.domain.news import TOLD, Audience, Segment
from bot.domain.records import Locale
from storage.repositories.base import Repository
from storage.tables import accounts, news_sent, orders, users


@dataclass(frozen=True, slots=True)
class Crowd:
    """Whom a news is for at a moment.

    `product_ids`: of the products of which they bought one; None: whatever they bought. `idle_since`: they have
    paid for nothing since then; None: they may have. Of news sent after `day_ago` nobody gets a second, of
    those after `week_ago` nobody more than `each_week`. `known_at`: the shop knew them by then; None: it may
    not have.
    """

    segment: Segment
    locales: Collection[Locale]
    product_ids: Collection[int] | None
    idle_since: datetime | None
    day_ago: datetime
    week_ago: datetime
    each_week: int
    known_at: datetime | None = None

    @property
    def is_meant(self) -> ColumnElement[bool]:
        """Of the segment, in a language that gets something; somebody forgotten is nobody."""
        wanted: list[ColumnElement[bool]] = [
            users.c.id > 0,
            users.c.locale.in_(sorted(self.locales)),
        ]
        if self.known_at is not None:
            wanted.append(users.c.created_at <= self.known_at)
        theirs = orders.c.user_id == users.c.id
        if self.product_ids is not None:
            bought = and_(theirs, orders.c.product_id.in_(sorted(self.product_ids)))
            wanted.append(exists().where(bought, orders.c.delivered_quantity > 0))
        if self.idle_since is not None:
            wanted.append(not_(exists().where(theirs, orders.c.paid_at > self.idle_since)))
        if self.segment.above_minor is not None:
            name = literal(wallet(0)[:-1]).concat(cast(users.c.id, String))
            is_rich = accounts.c.balance_minor > self.segment.above_minor
            wanted.append(exists().where(accounts.c.name == name, is_rich))
        return and_(*wanted)

    @property
    def gets_it(self) -> ColumnElement[bool]:
        """Who is served, can be reached, wants news, and has not had enough of it lately."""
        return and_(
            users.c.banned_at.is_(None),
            users.c.reachable.is_(True),
            users.c.news.is_(True),
            not_(self._had_enough),
        )

    @property
    def _had_enough(self) -> ColumnElement[bool]:
        told = (news_sent.c.user_id == users.c.id, news_sent.c.outcome.in_(TOLD))
        this_week = select(func.count()).where(*told, news_sent.c.at > self.week_ago)
        return or_(
            exists().where(*told, news_sent.c.at > self.day_ago),
            this_week.scalar_subquery() >= self.each_week,
        )

    @property
    def fate(self) -> ColumnElement[Any]:
        """Why somebody gets nothing, by the first reason that holds; empty: they get it."""
        return case(
            (users.c.banned_at.is_not(None), "banned"),
            (users.c.reachable.is_(False), "blocked"),
            (users.c.news.is_(False), "refused"),
            (self._had_enough, "lately"),
            else_="",
        )


class CrowdRepository(Repository):
    async def audience(self, crowd: Crowd) -> Audience:
        """How many people get it by language, and how many do not by why."""
        fate = crowd.fate.label("fate")
        each = select(users.c.locale, fate).where(crowd.is_meant).subquery()
        rows = await self._db.execute(
            select(each.c.locale, each.c.fate, func.count()).group_by(each.c.locale, each.c.fate)
        )
        people: dict[Locale, int] = {}
        left_out: dict[str, int] = {}
        for locale, why, count in rows:
            if why:
                left_out[why] = left_out.get(why, 0) + count
            else:
                people[Locale(locale)] = count
        return Audience({one: people[one] for one in Locale if one in people}, **left_out)

    async def wants_news(self, user_id: int) -> bool:
        """Whether a customer wants news; false for an unknown one."""
        found = await self._db.execute(select(users.c.news).where(users.c.id == user_id))
        return bool(found.scalar_one_or_none())

    async def set_wants_news(self, user_id: int, *, wanted: bool) -> None:
        await self._db.execute(users.update().where(users.c.id == user_id).values(news=wanted))
