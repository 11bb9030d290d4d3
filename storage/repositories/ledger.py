"""The double-entry ledger: postings are added and never changed, balances follow them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast, func, insert, literal, or_, select, true, update

from bot.domain.jobs import Job
from bot.domain.ledger import (
    LOSSES,
    Posting,
    escrow,
    fee_key,
    is_forgotten,
    is_wallet,
    may_be_negative,
    wallet,
)
from bot.domain.orders import WAITING_STATES
from bot.domain.records import HistoryLine
from bot.errors import Invariant
from bot.refusals import WalletTooSmall
from storage.repositories.base import Repository
from storage.tables import accounts, entries, orders, postings

CURRENCY = "DZD"


class LedgerRepository(Repository):
    async def post(self, posting: Posting, now: datetime, actor: str) -> bool:
        """Write a posting and change the balances of its accounts.

        False if a posting with its key exists: nothing is changed then. `actor` names who caused
        the posting. Raises WalletTooSmall with what a wallet lacks, and Invariant if another
        account that may not be negative would become so, or if money would come into the wallet of
        somebody who was forgotten; the transaction must be rolled back then.
        """
        posting_id = await self.insert_for_id(
            postings,
            key=posting.key,
            kind=posting.kind,
            order_id=posting.order_id,
            actor=actor,
            note=posting.note,
            at=now,
        )
        if posting_id is None:
            return False
        for entry in posting.entries:
            await self._move(entry.account, entry.amount_minor)
        if any(entry.amount_minor > 0 and is_wallet(entry.account) for entry in posting.entries):
            self._wakes.add(Job.UNPAID)  # orders that wait for money may be affordable now
        await self._db.execute(
            insert(entries),
            [
                {
                    "posting_id": posting_id,
                    "account": entry.account,
                    "amount_minor": entry.amount_minor,
                    "currency": CURRENCY,
                }
                for entry in posting.entries
            ],
        )
        return True

    async def _move(self, account: str, amount_minor: int) -> None:
        if amount_minor > 0 and is_forgotten(account):
            raise Invariant(f"{account} belongs to nobody any more")
        unlimited = may_be_negative(account)
        await self.insert_once(accounts, name=account, balance_minor=0, may_be_negative=unlimited)
        # The condition and the change are one statement: two purchases cannot spend the same money.
        enough = true() if unlimited else accounts.c.balance_minor + amount_minor >= 0
        result = await self._db.execute(
            update(accounts)
            .where(accounts.c.name == account, enough)
            .values(balance_minor=accounts.c.balance_minor + amount_minor)
        )
        if result.rowcount == 0:
            missing = -amount_minor - await self.balance(account)
            if is_wallet(account):
                raise WalletTooSmall(missing)
            raise Invariant(f"{account} would be negative")

    async def lock_wallet(self, user_id: int) -> None:
        """Lock a customer's wallet until the transaction ends, before any order or payment of theirs.

        An account is locked by its row, so a wallet that was never used gets one.
        """
        row = select(accounts.c.name).where(accounts.c.name == wallet(user_id)).with_for_update()
        if (await self._db.execute(row)).one_or_none() is None:
            await self.insert_once(
                accounts, name=wallet(user_id), balance_minor=0, may_be_negative=False
            )
            await self._db.execute(row)

    async def balance(self, account: str) -> int:
        """The balance of an account in minor units; 0 if nothing was ever posted to it."""
        found = await self._db.execute(
            select(accounts.c.balance_minor).where(accounts.c.name == account)
        )
        return found.scalar_one_or_none() or 0

    async def fee(self, payment_id: int) -> int:
        """Minor units that the provider kept of a payment, where it said so; else 0."""
        found = await self._db.execute(
            select(func.max(entries.c.amount_minor))
            .join(postings, postings.c.id == entries.c.posting_id)
            .where(postings.c.key == fee_key(payment_id))
        )
        return int(found.scalar_one_or_none() or 0)

    async def compensated(self, order_id: int) -> int:
        """Minor units that the shop has borne as a loss to make codes of an order good."""
        found = await self._db.execute(
            select(func.sum(entries.c.amount_minor))
            .join(postings, postings.c.id == entries.c.posting_id)
            .where(postings.c.order_id == order_id, entries.c.account == LOSSES)
        )
        return -int(found.scalar_one_or_none() or 0)

    async def reserved(self, user_id: int) -> int:
        """Minor units reserved in escrow for those of a customer's orders that are not closed."""
        escrow_account = literal(escrow(0).removesuffix("0")) + cast(orders.c.id, String)
        found = await self._db.execute(
            select(func.sum(accounts.c.balance_minor))
            .join(orders, accounts.c.name == escrow_account)
            .where(
                orders.c.user_id == user_id,
                or_(orders.c.state.in_(WAITING_STATES), orders.c.attention.is_not(None)),
            )
        )
        return int(found.scalar_one_or_none() or 0)

    async def history(
        self, user_id: int, offset: int, limit: int
    ) -> tuple[Sequence[HistoryLine], int]:
        """A part of a wallet's movements, newest first, and how many there are in all."""
        in_wallet = entries.c.account == wallet(user_id)
        count = await self._db.execute(select(func.count()).select_from(entries).where(in_wallet))
        rows = await self._db.execute(
            select(
                postings.c.at,
                postings.c.kind,
                entries.c.amount_minor,
                postings.c.order_id,
                postings.c.note,
            )
            .join(entries, entries.c.posting_id == postings.c.id)
            .where(in_wallet)
            .order_by(postings.c.id.desc())
            .offset(offset)
            .limit(limit)
        )
        return [HistoryLine(*row) for row in rows], count.scalar_one()
