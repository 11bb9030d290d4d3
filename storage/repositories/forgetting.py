"""One person's rows everywhere: what keeps them from being forgotten, and putting a pseudonym in their place."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    String,
    Table,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.domain.jobs import Job
from bot.domain.ledger import wallet
from bot.domain.orders import OPEN_STATES
from bot.domain.outbox import TEAM_KINDS, OutboxKind, OutboxState
from bot.domain.payments import DECIDABLE_STATES, PaymentState
from bot.domain.people import Obstacles
from bot.domain.records import Locale
from storage.repositories.base import Repository
from storage.repositories.codes import ERASED
from storage.tables import (
    accounts,
    alerts,
    case_messages,
    cases,
    code_messages,
    codes,
    conversations,
    entries,
    inbox,
    news,
    news_sent,
    notes,
    operator_actions,
    operators,
    orders,
    outbox,
    own_batches,
    pauses,
    payments,
    postings,
    price_drafts,
    quotes,
    receipts,
    reveals,
    showings,
    users,
    watches,
)

_UNENDED = (*DECIDABLE_STATES, PaymentState.OPEN, PaymentState.RETURNING)
_ON_THEIR_WAY = (OutboxKind.ORDER_RESULT, OutboxKind.ORDER_PART)
_HIDE = "item:hide:"  # the key of an alert about a message of codes, before the id of its row
_ACTORS = ("customer", "stars")  # whom a posting names as who caused it


class ForgettingRepository(Repository):
    async def lock(self, user_id: int) -> datetime | None:
        """Lock a customer against new rows of theirs; returns since when they are one, None: they are not."""
        statement = select(users.c.created_at).where(users.c.id == user_id).with_for_update()
        found: datetime | None = (await self._db.execute(statement)).scalar_one_or_none()
        return found

    async def has_come_back(self, user_id: int, asked_at: datetime) -> bool:
        """Whether they became a customer after that, and have books already."""
        is_new = await self._count(users, users.c.id == user_id, users.c.created_at > asked_at)
        return bool(
            is_new
            and (
                await self._count(orders, orders.c.user_id == user_id)
                or await self._count(payments, payments.c.user_id == user_id)
                or await self._count(accounts, accounts.c.name == wallet(user_id))
            )
        )

    async def obstacles(self, user_id: int) -> Obstacles:
        """What has to end before this customer can be forgotten."""
        balance = select(accounts.c.balance_minor).where(accounts.c.name == wallet(user_id))
        of_theirs = select(orders.c.id).where(orders.c.user_id == user_id)
        unsent = and_(
            outbox.c.order_id.in_(of_theirs),
            outbox.c.kind.in_(_ON_THEIR_WAY),
            outbox.c.state.in_((OutboxState.PENDING, OutboxState.UNREACHABLE)),
        )
        return Obstacles(
            balance_minor=(await self._db.execute(balance)).scalar_one_or_none() or 0,
            orders=await self._count(
                orders,
                orders.c.user_id == user_id,
                or_(orders.c.state.in_(OPEN_STATES), orders.c.attention.is_not(None)),
            ),
            payments=await self._count(
                payments, payments.c.user_id == user_id, payments.c.state.in_(_UNENDED)
            ),
            codes_on_their_way=bool(
                await self._count(outbox, unsent)
                or await self._count(showings, showings.c.user_id == user_id)
            ),
        )

    async def _count(self, table: Table, *conditions: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(table).where(*conditions)
        return (await self._db.execute(counted)).scalar_one()

    async def rename(self, user_id: int, pseudonym: int, locale: Locale, now: datetime) -> None:
        """Put a pseudonym in the place of a customer's id, and erase what is about nobody but them.

        The books stay as they are but for the id; `locale` stands in the place of their language. To be
        called with the customer locked, and without obstacles; a second call finds nothing.
        """
        await self._add_pseudonym(user_id, pseudonym, locale)
        await self._rename_in_ledger(user_id, pseudonym)
        await self._erase_codes(user_id)
        await self._rename_orders(user_id, pseudonym, now)
        await self._close_alerts_of_codes(pseudonym, now)
        await self._rename_payments(user_id, pseudonym)
        await self._rename_cases(user_id, pseudonym, now)
        await self._erase_messages(user_id, pseudonym)
        await self._rename_for_operators(user_id, pseudonym)
        await self._rename_as_operator(user_id, pseudonym)
        for table in (watches, conversations, notes, news_sent, operators):
            await self._db.execute(delete(table).where(table.c.user_id == user_id))
        await self._erase_updates(user_id, now)
        await self._db.execute(delete(users).where(users.c.id == user_id))

    async def _add_pseudonym(self, user_id: int, pseudonym: int, locale: Locale) -> None:
        """A customer whom no message reaches: rows have to belong to one.

        Of when they came only the day is kept: the very instant would be found in a chat of theirs.
        """
        came = select(users.c.created_at).where(users.c.id == user_id)
        created_at: datetime = (await self._db.execute(came)).scalar_one()
        await self._db.execute(
            insert(users).values(
                id=pseudonym,
                locale=locale,
                reachable=False,
                reminders=False,
                news=False,
                created_at=created_at.replace(hour=0, minute=0, second=0, microsecond=0),
            )
        )

    async def _rename_in_ledger(self, user_id: int, pseudonym: int) -> None:
        """The append-only tables admit this change and no other."""
        before, after = wallet(user_id), wallet(pseudonym)
        found = select(accounts).where(accounts.c.name == before).with_for_update()
        account = (await self._db.execute(found)).one_or_none()
        if account is None:
            return
        values = dict(account._mapping) | {"name": after}  # noqa: SLF001 - SQLAlchemy's public accessor
        await self._db.execute(insert(accounts).values(values))
        theirs = select(entries.c.posting_id).where(entries.c.account == before)
        for actor in _ACTORS:
            await self._db.execute(
                update(postings)
                .where(postings.c.id.in_(theirs), postings.c.actor == f"{actor}:{user_id}")
                .values(actor=f"{actor}:{pseudonym}")
            )
        await self._db.execute(
            update(entries).where(entries.c.account == before).values(account=after)
        )
        await self._db.execute(delete(accounts).where(accounts.c.name == before))

    async def _erase_codes(self, user_id: int) -> None:
        """The rows stay, and their fingerprints: no code may go to a second person."""
        theirs = select(orders.c.id).where(orders.c.user_id == user_id)
        await self._db.execute(
            update(codes)
            .where(codes.c.order_id.in_(theirs))
            .values(key_id=ERASED, value=b"", serial=None, pin=None, link=None, reference=None)
        )

    async def _rename_orders(self, user_id: int, pseudonym: int, now: datetime) -> None:
        await self._db.execute(
            update(orders)
            .where(orders.c.user_id == user_id)
            .values(user_id=pseudonym, status_message_id=None)
        )
        used = select(orders.c.id).where(orders.c.quote_id == quotes.c.id).exists()
        await self._db.execute(delete(quotes).where(quotes.c.user_id == user_id, ~used))
        await self._give(quotes, user_id, pseudonym)
        await self._give(reveals, user_id, pseudonym)
        await self._db.execute(
            update(code_messages)
            .where(code_messages.c.user_id == user_id)
            .values(
                user_id=pseudonym,
                message_id=-code_messages.c.id,
                hidden_at=func.coalesce(code_messages.c.hidden_at, _stored(now)),
            )
        )

    async def _close_alerts_of_codes(self, pseudonym: int, now: datetime) -> None:
        """No code of theirs is kept, so nothing is left to hide, also where Telegram refused it."""
        key = literal(_HIDE).concat(cast(code_messages.c.id, String))
        messages = select(key).where(code_messages.c.user_id == pseudonym)
        closed = await self._db.execute(
            update(alerts)
            .where(alerts.c.key.in_(messages), alerts.c.closed_at.is_(None))
            .values(closed_at=now)
        )
        if closed.rowcount:  # alerts that were withheld while these were open may be sent now
            self._wakes.add(Job.ALERTS)

    async def _give(self, table: Table, user_id: int, pseudonym: int) -> None:
        await self._db.execute(
            update(table).where(table.c.user_id == user_id).values(user_id=pseudonym)
        )

    async def _rename_payments(self, user_id: int, pseudonym: int) -> None:
        """A picture of a receipt cannot be opened any more; that it was used stays known."""
        theirs = select(payments.c.id).where(payments.c.user_id == user_id)
        await self._db.execute(
            update(receipts).where(receipts.c.payment_id.in_(theirs)).values(file_id="")
        )
        await self._db.execute(
            update(payments)
            .where(payments.c.user_id == user_id)
            .values(user_id=pseudonym, url=None, message_id=None)
        )

    async def _rename_cases(self, user_id: int, pseudonym: int, now: datetime) -> None:
        """Operators keep which of their messages belongs to which case, to read why a reply goes nowhere."""
        await self._db.execute(delete(case_messages).where(case_messages.c.operator_id == user_id))
        await self._db.execute(
            update(cases)
            .where(cases.c.user_id == user_id)
            .values(user_id=pseudonym, closed_at=func.coalesce(cases.c.closed_at, _stored(now)))
        )

    async def _erase_messages(self, user_id: int, pseudonym: int) -> None:
        """What was sent to them stays as a row without content: its key keeps it from being sent again."""
        theirs = outbox.c.user_id == user_id
        await self._db.execute(
            delete(outbox).where(theirs, outbox.c.kind.in_((OutboxKind.BACK, OutboxKind.MISSED)))
        )
        await self._db.execute(
            update(outbox)
            .where(theirs)
            .values(user_id=pseudonym, data="{}", state=_closed(outbox.c.state))
        )
        for kind in (OutboxKind.CASE, OutboxKind.CASE_WORDS):
            begins = f"{kind}:{user_id}"
            await self._db.execute(
                delete(outbox).where(outbox.c.key >= f"{begins}:", outbox.c.key < f"{begins};")
            )

    async def _rename_for_operators(self, user_id: int, pseudonym: int) -> None:
        target = operator_actions.c.target == str(user_id)
        await self._db.execute(delete(operator_actions).where(target, ~operator_actions.c.done))
        await self._db.execute(update(operator_actions).where(target).values(target=str(pseudonym)))
        await self._db.execute(delete(alerts).where(alerts.c.key == f"item:pay:{user_id}"))
        await self._rename_in_data("user", user_id, pseudonym)

    async def _rename_in_data(self, name: str, user_id: int, pseudonym: int) -> None:
        for table, key in ((alerts, alerts.c.key), (outbox, outbox.c.id)):
            named = table.c.data.contains(f'"{name}": "{user_id}"', autoescape=True)
            rows = (await self._db.execute(select(key, table.c.data).where(named))).all()
            for row in rows:
                data = json.dumps(json.loads(row.data) | {name: str(pseudonym)})
                await self._db.execute(update(table).where(key == row[0]).values(data=data))

    async def _rename(self, column: Column[Any], user_id: int, pseudonym: int) -> None:
        await self._db.execute(
            update(column.table).where(column == user_id).values({column.name: pseudonym})
        )

    async def _rename_as_operator(self, user_id: int, pseudonym: int) -> None:
        """Whoever worked here stays one person in what they did, without a name.

        To be called when their messages have the pseudonym.
        """
        await self._db.execute(delete(price_drafts).where(price_drafts.c.operator_id == user_id))
        for column in (
            news.c.operator_id,
            news.c.shown_to,
            operators.c.added_by,
            own_batches.c.loaded_by,
        ):
            await self._rename(column, user_id, pseudonym)
        await self._rename_in_keys(user_id, pseudonym)
        if not await self._count(operator_actions, operator_actions.c.operator_id == user_id):
            return  # else each customer who is forgotten would cost a look at all postings
        for column in (
            operator_actions.c.operator_id,
            notes.c.operator_id,
            pauses.c.operator_id,
            pauses.c.lifted_by,
            payments.c.decided_by,
            users.c.banned_by,
        ):
            await self._rename(column, user_id, pseudonym)
        await self._db.execute(
            update(postings)
            .where(postings.c.actor == f"operator:{user_id}")
            .values(actor=f"operator:{pseudonym}")
        )
        await self._rename_in_data("answered_by", user_id, pseudonym)

    async def _rename_in_keys(self, user_id: int, pseudonym: int) -> None:
        """What goes to each of several people has their id at the end of its key, former owners' too."""
        sent = select(outbox.c.id, outbox.c.key).where(
            outbox.c.user_id == pseudonym,
            outbox.c.kind.in_(TEAM_KINDS),
            outbox.c.key.endswith(f":{user_id}", autoescape=True),
        )
        for row_id, key in (await self._db.execute(sent)).all():
            renamed = f"{key.removesuffix(f':{user_id}')}:{pseudonym}"
            await self._db.execute(update(outbox).where(outbox.c.id == row_id).values(key=renamed))

    async def _erase_updates(self, user_id: int, now: datetime) -> None:
        """Also what is quarantined; what waits to be handled is erased when it is handled."""
        ended = or_(inbox.c.handled_at.is_not(None), inbox.c.quarantined_at.is_not(None))
        await self._db.execute(
            update(inbox)
            .where(inbox.c.chat_id == user_id, ended)
            .values(
                chat_id=None,
                payload=None,
                handled_at=func.coalesce(inbox.c.handled_at, _stored(now)),
            )
        )


def _stored(now: datetime) -> int:
    """An instant as it is stored, for an expression."""
    return round(now.timestamp() * 1000)


def _closed(state: Any) -> Any:
    """A message that was never sent is dead."""
    return case((state == OutboxState.SENT, OutboxState.SENT), else_=OutboxState.DEAD)
