"""Quotes: prices that were offered to a customer for a limited time. An order uses one quote."""

from dataclasses import asdict

from sqlalchemy import insert, select

from bot.domain.orders import Quote
from storage.repositories.base import Repository
from storage.tables import orders, quotes


class QuoteRepository(Repository):
    async def add(self, quote: Quote) -> int:
        """Insert a quote and return its id, which the database assigns; `quote.id` is ignored.

        A second call inserts a second quote.
        """
        values = asdict(quote)
        del values["id"], values["used"]
        statement = insert(quotes).values(**values).returning(quotes.c.id)
        quote_id: int = (await self._db.execute(statement)).scalar_one()
        return quote_id

    async def for_owner(self, quote_id: int, user_id: int) -> Quote | None:
        """The quote, and in `used` whether an order used it. None if this user has no such quote.

        Locks nothing: `OrderRepository.add` decides which of two purchases uses the quote.
        """
        used = select(orders.c.id).where(orders.c.quote_id == quotes.c.id).exists().label("used")
        row = (
            await self._db.execute(
                select(quotes, used).where(quotes.c.id == quote_id, quotes.c.user_id == user_id)
            )
        ).one_or_none()
        return Quote(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public accessor
