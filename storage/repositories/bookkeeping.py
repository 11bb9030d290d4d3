"""The lines of a month of the books, page by page by key: rows that come meanwhile move no page.

Each page is read by its keys and never by an offset. What belongs together is read in one transaction.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, case, func, literal, or_, select, tuple_

from bot.domain.books import OF_MANY, LedgerLine, OrderLine, PaymentLine
from bot.domain.ledger import SALES, PostingKind, is_wallet, paid_in
from storage.repositories.base import Repository
from storage.repositories.figures import within
from storage.tables import accounts, entries, orders, payments, postings

_MOST_DIFFERING: Final = 10
_OF_PAYMENTS: Final = (PostingKind.PAYMENT, PostingKind.PAYBACK, PostingKind.FEE)
_OF_ORDERS: Final = (PostingKind.SALE, PostingKind.RETURN)
# Not all: a month may have a hundred thousand orders.
_ORDER_COLUMNS: Final[Sequence[ColumnElement[Any]]] = (
    orders.c.id,
    orders.c.user_id,
    orders.c.product_title,
    orders.c.denomination_label,
    orders.c.supplier,
    orders.c.quantity,
    orders.c.unit_price_minor,
    orders.c.state,
    orders.c.created_at,
    orders.c.settled_at,
    orders.c.cost_minor,
)


class BookkeepingRepository(Repository):
    async def count_ended(self, since: datetime, until: datetime) -> int:
        """How many orders ended within."""
        ended = within(orders.c.settled_at, since, until)
        counted = select(func.count()).select_from(orders).where(ended)
        return (await self._db.execute(counted)).scalar_one()

    async def entries(
        self, since: datetime, until: datetime, after: LedgerLine | None, limit: int
    ) -> Sequence[LedgerLine]:
        """The entries that follow `after`, by time and posting."""
        key = postings.c.at, postings.c.id, entries.c.account
        follows = (
            [] if after is None else [_follows(key, after.at, after.posting_id, after.account)]
        )
        begin = since if after is None else after.at  # SQLite finds the page in the index by it
        rows = await self._db.execute(
            select(
                postings.c.id,
                postings.c.at,
                postings.c.kind,
                entries.c.account,
                entries.c.amount_minor,
                postings.c.order_id,
            )
            .join(entries, entries.c.posting_id == postings.c.id)
            .where(within(postings.c.at, begin, until), *follows)
            .order_by(postings.c.at, postings.c.id, entries.c.account)
            .limit(limit)
        )
        return [LedgerLine(*row) for row in rows]

    async def ended_orders(
        self, since: datetime, until: datetime, after: OrderLine | None, limit: int
    ) -> Sequence[OrderLine]:
        """The orders that ended within and follow `after`, by when they ended."""
        key = orders.c.settled_at, orders.c.id
        follows = [] if after is None else [_follows(key, after.ended_at, after.id)]
        begin = since if after is None or after.ended_at is None else after.ended_at
        rows = (
            await self._db.execute(
                select(*_ORDER_COLUMNS)
                .where(within(orders.c.settled_at, begin, until), *follows)
                .order_by(orders.c.settled_at, orders.c.id)
                .limit(limit)
            )
        ).all()
        return await self._lines(rows, since, until)

    async def other_orders(
        self, since: datetime, until: datetime, after: OrderLine | None, limit: int
    ) -> Sequence[OrderLine]:
        """Orders that ended at another time, or not yet, of which something was booked within."""
        booked = (
            select(postings.c.order_id)
            .where(within(postings.c.at, since, until), postings.c.kind.in_(_OF_ORDERS))
            .distinct()
        )
        elsewhere = or_(
            orders.c.settled_at.is_(None), orders.c.settled_at < since, orders.c.settled_at >= until
        )
        rows = (
            await self._db.execute(
                select(*_ORDER_COLUMNS)
                .where(orders.c.id.in_(booked), elsewhere, orders.c.id > (after.id if after else 0))
                .order_by(orders.c.id)
                .limit(limit)
            )
        ).all()
        return await self._lines(rows, since, until)

    async def _lines(
        self, rows: Sequence[Row[Any]], since: datetime, until: datetime
    ) -> list[OrderLine]:
        sold, refunded = await self._booked([row.id for row in rows], since, until)
        lines = []
        for row in rows:
            ended = row.settled_at is not None and row.settled_at < until
            lines.append(
                OrderLine(
                    row.id,
                    row.user_id,
                    row.product_title,
                    row.denomination_label,
                    row.supplier,
                    row.quantity,
                    row.unit_price_minor,
                    row.state if ended else "",
                    row.created_at,
                    row.settled_at if ended else None,
                    sold[row.id],
                    row.cost_minor if ended and row.settled_at >= since else 0,
                    refunded[row.id],
                )
            )
        return lines

    async def _booked(
        self, order_ids: Sequence[int], since: datetime, until: datetime
    ) -> tuple[dict[int, int], dict[int, int]]:
        """By order: what was booked as sold within, and as refunded."""
        sold: dict[int, int] = defaultdict(int)
        refunded: dict[int, int] = defaultdict(int)
        found = await self._db.execute(
            select(postings.c.order_id, postings.c.kind, entries.c.account, entries.c.amount_minor)
            .join(entries, entries.c.posting_id == postings.c.id)
            .where(
                postings.c.order_id.in_(order_ids),
                postings.c.kind.in_(_OF_ORDERS),
                within(postings.c.at, since, until),
            )
        )
        for order_id, kind, account, amount in found:
            if account == SALES:
                sold[order_id] += amount
            elif kind == PostingKind.RETURN and is_wallet(account):
                refunded[order_id] += amount
        return sold, refunded

    async def payments(
        self, since: datetime, until: datetime, after: PaymentLine | None, limit: int
    ) -> Sequence[PaymentLine]:
        """Movements of payments that follow `after`, by time and posting; one line for each posting."""
        key = postings.c.at, postings.c.id
        follows = [] if after is None else [_follows(key, after.at, after.posting_id)]
        begin = since if after is None else after.at
        rows = (
            await self._db.execute(
                select(
                    postings.c.id,
                    postings.c.at,
                    postings.c.kind,
                    postings.c.note,
                    entries.c.account,
                    entries.c.amount_minor,
                )
                .join(entries, entries.c.posting_id == postings.c.id)
                .where(
                    within(postings.c.at, begin, until),
                    postings.c.kind.in_(_OF_PAYMENTS),
                    entries.c.account.startswith(paid_in("")),
                    *follows,
                )
                .order_by(postings.c.at, postings.c.id)
                .limit(limit)
            )
        ).all()
        known = await self._payments({int(row.note) for row in rows})
        return [_payment_line(row, known.get(int(row.note))) for row in rows]

    async def _payments(self, ids: set[int]) -> dict[int, Any]:
        found = await self._db.execute(
            select(
                payments.c.id, payments.c.user_id, payments.c.stars, payments.c.external_id
            ).where(payments.c.id.in_(ids))
        )
        return {row.id: row for row in found}

    async def sums_before(self, moment: datetime) -> dict[str, int]:
        """By group of accounts: the sum of all entries before a moment."""
        return await self._grouped(postings.c.at < moment)

    async def balances_at(self, moment: datetime) -> dict[str, int]:
        """By group of accounts: the balances of now, without the entries since a moment."""
        group = _group(accounts.c.name)
        rows = await self._db.execute(
            select(group, func.sum(accounts.c.balance_minor)).group_by(group)
        )
        found = {name: int(balance) for name, balance in rows}
        since = await self._grouped(postings.c.at >= moment)
        return {name: balance - since.get(name, 0) for name, balance in found.items()}

    async def _grouped(self, span: ColumnElement[bool]) -> dict[str, int]:
        group = _group(entries.c.account)
        rows = await self._db.execute(
            select(group, func.sum(entries.c.amount_minor))
            .join(postings, postings.c.id == entries.c.posting_id)
            .where(span)
            .group_by(group)
        )
        return {name: int(amount) for name, amount in rows}

    async def differing_accounts(self) -> tuple[str, ...]:
        """Accounts whose balance is not the sum of all their entries; the first ten."""
        total = func.coalesce(func.sum(entries.c.amount_minor), 0)
        rows = await self._db.execute(
            select(accounts.c.name)
            .outerjoin(entries, entries.c.account == accounts.c.name)
            .group_by(accounts.c.name, accounts.c.balance_minor)
            .having(total != accounts.c.balance_minor)
            .order_by(accounts.c.name)
            .limit(_MOST_DIFFERING)
        )
        return tuple(rows.scalars())


def _group(account: ColumnElement[str]) -> ColumnElement[str]:
    """As `group_of` does it."""
    of_many = [(account.startswith(f"{name}:"), name) for name in OF_MANY]
    return case(*of_many, else_=account)


def _follows(key: Sequence[ColumnElement[Any]], *values: object) -> ColumnElement[bool]:
    """Whether a row comes after the one with these values, in the order of the key."""
    pairs = zip(key, values, strict=True)
    return tuple_(*key) > tuple_(*(literal(value, column.type) for column, value in pairs))


def _payment_line(row: Any, payment: Any) -> PaymentLine:
    is_fee = row.kind == PostingKind.FEE
    return PaymentLine(
        row.id,
        row.at,
        row.kind,
        int(row.note),
        payment.user_id if payment else 0,
        row.account.removeprefix(paid_in("")),
        -row.amount_minor,
        payment.stars if payment and not is_fee else 0,
        (payment.external_id or "") if payment else "",
    )
