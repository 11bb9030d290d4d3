"""The store, by aggregate: every row is read and written through one of these."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bot.domain.audit import AuditCounts, AuditedBalance, AuditedOrder
from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.ledger import Posting
from bot.domain.orders import Order, OrderState, Quote
from bot.domain.parcels import Parcel
from bot.domain.payments import (
    Method,
    Payment,
    PaymentState,
    Receipt,
)
from bot.domain.pricing import Markup, MarkupKey
from bot.domain.records import (
    ActionKind,
    Alert,
    AlertKind,
    CodesMessage,
    Conversation,
    Customer,
    HistoryLine,
    InboxRow,
    Locale,
    OperatorAction,
    OutboxKind,
    OutboxRow,
    OutboxState,
    PauseReason,
    Sealed,
    SealedCode,
    Stats,
    StoredCode,
    SupplierAccount,
    SupportCase,
)
from bot.domain.supplier import (
    OfferedCategory,
    OfferedDenomination,
    ProductOffer,
    PurchaseRequest,
)

P = ParamSpec("P")
T = TypeVar("T")


class CustomerRows(Protocol):
    async def get(self, user_id: int) -> Customer | None: ...
    async def add(self, user_id: int, locale: Locale, now: datetime) -> Customer: ...
    async def set_locale(self, user_id: int, locale: Locale) -> None: ...
    async def set_reachable(self, user_id: int, *, reachable: bool) -> None: ...
    async def wants_reminders(self, user_id: int) -> bool: ...
    async def set_reminders(self, user_id: int, *, wanted: bool) -> None: ...


class CatalogueRows(Protocol):
    async def load(
        self,
    ) -> tuple[
        Sequence[Category],
        Sequence[Product],
        Sequence[Denomination],
        Mapping[MarkupKey, Markup],
        Mapping[int, int],
    ]:
        """The last: which denomination follows which."""
        ...

    async def replace(
        self, supplier: str, offered: Sequence[OfferedCategory], now: datetime
    ) -> None:
        """Add what is new, hide what is gone, delete nothing: ids stay for ever."""
        ...

    async def set_offer(self, product_id: int, offer: ProductOffer) -> None: ...
    async def add_value(self, product_id: int, offered: OfferedDenomination, now: datetime) -> int:
        """Keep a value that a customer typed, with its price; returns its denomination."""
        ...

    async def set_link(self, denomination_id: int, leader_id: int | None) -> None:
        """Have a denomination follow another; None: none any more."""
        ...

    async def fetched_at(self, supplier: str) -> datetime | None: ...
    async def set_markup(self, key: MarkupKey, markup: Markup | None) -> None: ...


class OrderRows(Protocol):
    async def add_quote(
        self,
        *,
        user_id: int,
        denomination_id: int,
        quantity: int,
        unit_price_minor: int,
        unit_cost_minor: int,
        highest_cost_minor: int,
        expires_at: datetime,
    ) -> int: ...
    async def quote(self, quote_id: int, user_id: int) -> Quote | None: ...
    async def add(self, order: Order) -> int | None:
        """Insert (the id is given by the database); None where the quote already has an order."""
        ...

    async def for_owner(self, order_id: int, user_id: int) -> Order | None: ...
    async def by_quote(self, quote_id: int, user_id: int) -> Order | None: ...
    async def locked(self, order_id: int) -> Order:
        """For the pipeline: the order, locked until the transaction ends. Raises NotFound."""
        ...

    async def locked_many(self, order_ids: Sequence[int]) -> Sequence[Order]:
        """Like `locked`, in one question; those that do not exist are left out."""
        ...

    async def change(self, order_id: int, **values: object) -> None: ...
    async def reschedule(self, looks: Sequence[tuple[int, int, datetime]]) -> None:
        """Set attempts and the next due time of many orders: (order, attempts, due at)."""
        ...

    async def keep_request(self, order_id: int, request: PurchaseRequest, now: datetime) -> None:
        """Keep what is about to be sent for an order, in place of what was certainly refused before."""
        ...

    async def request(self, order: Order) -> PurchaseRequest | None:
        """What was last sent for it, where the supplier takes a reference."""
        ...

    async def bind(self, order_id: int, supplier: str, supplier_order_id: str) -> bool:
        """Give the supplier's id to an order; False where another order already has it."""
        ...

    async def bound(self, supplier: str, ids: Sequence[str]) -> set[str]: ...
    async def page(self, user_id: int, offset: int, limit: int) -> tuple[Sequence[Order], int]:
        """A customer's orders, newest first, and how many there are."""
        ...

    async def due(
        self, state: OrderState, now: datetime, limit: int, supplier: str | None = None
    ) -> Sequence[Order]: ...
    async def in_state(self, state: OrderState, supplier: str | None = None) -> Sequence[Order]: ...
    async def awaiting(self, user_id: int) -> Sequence[Order]:
        """A customer's orders that wait for payment, the oldest first, locked."""
        ...

    async def able_to_pay(self) -> Sequence[int]:
        """Customers whose wallet suffices for one of their orders that wait for payment."""
        ...

    async def count_accepted_since(self, supplier: str, since: datetime) -> int: ...
    async def needing_attention(self, limit: int) -> tuple[Sequence[Order], int]:
        """Orders in front of an operator, the oldest first, and how many there are."""
        ...

    async def waiting_at(self) -> set[str]:
        """The suppliers of orders that are paid and have not ended."""
        ...

    async def stuck(self, supplier: str, before: datetime) -> Sequence[Order]: ...
    async def slow(self, supplier: str, before: datetime) -> Sequence[Order]: ...
    async def wake_one(self, supplier: str, supplier_order_id: str, now: datetime) -> bool:
        """Make the order with this id of the supplier due now, while it is being handled."""
        ...

    async def wake(self, state: OrderState, supplier: str, now: datetime) -> int:
        """Make every order of this state at this supplier due now."""
        ...

    async def reserved_cost(self, supplier: str) -> int: ...
    async def oldest_unbought(self, supplier: str) -> Order | None: ...
    async def stats(self, since: datetime | None) -> Stats: ...
    async def spent(self, supplier: str, since: datetime) -> int: ...
    async def first_sale_at(self, supplier: str) -> datetime | None: ...


class LedgerRows(Protocol):
    async def post(self, posting: Posting, now: datetime, actor: str) -> bool:
        """Write a posting once; False where its key exists. Raises WalletTooSmall."""
        ...

    async def balance(self, account: str) -> int: ...
    async def held(self, user_id: int) -> int:
        """Minor units that a customer's orders hold."""
        ...

    async def history(
        self, user_id: int, offset: int, limit: int
    ) -> tuple[Sequence[HistoryLine], int]:
        """A wallet's movements, newest first, and how many there are."""
        ...


class CodeRows(Protocol):
    async def add(self, codes: Iterable[StoredCode]) -> None: ...
    async def of_order(self, order_id: int, user_id: int) -> Sequence[StoredCode]: ...
    async def release(self, order_id: int, position: int, batch: int) -> None:
        """A code that was kept back is the customer's after all; shown together with its batch."""
        ...

    async def known(self, fingerprints: Sequence[bytes], other_than: int) -> set[bytes]: ...
    async def key_ids(self) -> set[str]: ...
    async def sealed_otherwise(
        self, key_id: str, after: tuple[int, int], limit: int
    ) -> Sequence[SealedCode]:
        """Codes sealed with another key than this one, after (order, position), in that order."""
        ...

    async def reseal(self, codes: Iterable[SealedCode]) -> None:
        """Put new ciphertexts and fingerprints in place of the old ones."""
        ...

    async def expiring(self, after: datetime, until: datetime) -> Sequence[tuple[Order, datetime]]:
        """Orders of customers who want to be reminded, with delivered codes that expire in that span,
        and when the first of those does."""
        ...

    async def add_message(
        self,
        *,
        order_id: int,
        user_id: int,
        message_id: int,
        parcel: Parcel,
        hide_at: datetime,
        again: bool,
    ) -> None: ...
    async def delivered_parts(self, order_id: int) -> set[int]: ...
    async def visible(self, order_id: int, user_id: int) -> Sequence[CodesMessage]: ...
    async def to_hide(self, now: datetime, limit: int) -> Sequence[CodesMessage]: ...
    async def set_hidden(self, message: CodesMessage, now: datetime) -> None: ...
    async def postpone_hiding(self, message: CodesMessage, due_at: datetime) -> None: ...

    async def add_reveal(self, order_id: int, user_id: int, reason: str, now: datetime) -> None: ...
    async def count_reveals(self, order_id: int) -> int: ...
    async def count_reveals_since(self, user_id: int, since: datetime) -> int: ...


class OutboxRows(Protocol):
    async def add(
        self,
        key: str,
        user_id: int,
        kind: OutboxKind,
        now: datetime,
        *,
        order_id: int | None = None,
        data: Mapping[str, str] | None = None,
    ) -> bool:
        """Add once for each key; False where it stands already."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[OutboxRow]:
        """The oldest unsent row of each person, where it is due."""
        ...

    async def close(self, row_id: int, state: OutboxState) -> None: ...
    async def postpone(self, row_id: int, due_at: datetime, *, count: bool) -> None: ...
    async def requeue(self, user_id: int, now: datetime) -> int: ...


class InboxRows(Protocol):
    async def add(self, rows: Sequence[InboxRow], now: datetime) -> set[int]:
        """Store updates; returns the ids that were new."""
        ...

    async def unhandled(self) -> Sequence[InboxRow]:
        """What waits for its turn, in order; what was set aside does not."""
        ...

    async def count_attempts(self, update_ids: Sequence[int], trouble: str) -> dict[int, int]:
        """One more attempt at each; how many there were, by update."""
        ...

    async def set_aside(self, update_ids: Sequence[int], now: datetime) -> None: ...
    async def count_set_aside(self) -> int: ...
    async def bring_back(self) -> Sequence[InboxRow]:
        """What was set aside waits for its turn again, with all its attempts; returns it, in order."""
        ...

    async def kept(self) -> Sequence[InboxRow]:
        """All whose payload is still there: what waits, and what was set aside."""
        ...

    async def finish(self, update_ids: Sequence[int], now: datetime) -> None: ...
    async def key_ids(self) -> set[str]:
        """The keys that what is unhandled was sealed with."""
        ...

    async def reseal(self, update_id: int, payload: Sealed) -> None: ...
    async def purge(self, before: datetime) -> int: ...


class OperatorRows(Protocol):
    async def account(self, supplier: str) -> SupplierAccount: ...
    async def set_account(self, supplier: str, **values: object) -> None: ...
    async def open_alert(
        self, key: str, kind: AlertKind, now: datetime, data: Mapping[str, str]
    ) -> int | None:
        """The alert's number where it was not open yet, else None."""
        ...

    async def close_alert(self, key: str, now: datetime) -> bool: ...
    async def alert_opened_at(self, key: str) -> datetime | None: ...
    async def alert_closed_at(self, key: str) -> datetime | None:
        """When it was over; None where it is open or never was."""
        ...

    async def alert_is_open(self, key: str) -> bool: ...
    async def untold_alerts(self) -> Sequence[Alert]:
        """Open alerts that nobody has heard of, the oldest first."""
        ...

    async def set_told(self, keys: Sequence[str], now: datetime) -> None: ...
    async def pauses(self) -> Mapping[PauseReason, datetime]:
        """Why nothing is sold, and since when; empty in a shop that sells."""
        ...

    async def pause(self, reason: PauseReason, now: datetime) -> bool:
        """False where it is paused for this already."""
        ...

    async def resume(self) -> bool:
        """End every pause; False where there was none."""
        ...

    async def last_run(self, name: str) -> datetime | None: ...
    async def set_last_run(self, name: str, now: datetime) -> None: ...
    async def add_action(
        self,
        *,
        key: str,
        operator_id: int,
        kind: ActionKind,
        target: str,
        now: datetime,
        amount_minor: int = 0,
        note: str = "",
        done: bool = True,
    ) -> int | None:
        """None where an action with this key stands already."""
        ...

    async def action(self, action_id: int, operator_id: int) -> OperatorAction | None: ...
    async def decide(self, action_id: int, now: datetime) -> bool:
        """Mark an asked action done; False where it was already."""
        ...

    async def actions(
        self, kinds: Sequence[ActionKind], offset: int, limit: int
    ) -> tuple[Sequence[OperatorAction], int]:
        """What operators did, newest first, and how many such actions there are."""
        ...

    async def moved_since(
        self, operator_id: int, kinds: Sequence[ActionKind], since: datetime
    ) -> int:
        """Minor units that an operator moved, in either direction."""
        ...

    async def add_event(self, supplier: str, event_id: str, now: datetime) -> bool:
        """Note a supplier's message; False where it came before."""
        ...

    async def forget_events(self, before: datetime) -> None: ...
    async def key_check(self, key_id: str) -> Sealed | None: ...
    async def add_key_check(self, sealed: Sealed) -> None: ...
    async def key_check_ids(self) -> set[str]: ...


class PaymentRows(Protocol):
    async def add(
        self,
        *,
        key: str,
        user_id: int,
        method: Method,
        order_id: int | None,
        asked_minor: int,
        stars: int,
        now: datetime,
        expires_at: datetime,
        message_id: int | None,
        **values: object,
    ) -> int | None:
        """Insert an open payment; None where its key, or its external id, is there already."""
        ...

    async def for_owner(self, payment_id: int, user_id: int) -> Payment | None: ...
    async def by_key(self, key: str, user_id: int) -> Payment | None: ...
    async def by_external_id(self, method: Method, external_id: str) -> Payment | None:
        """For the pipeline: locked."""
        ...

    async def locked(self, payment_id: int) -> Payment:
        """For the pipeline: locked until the transaction ends. Raises NotFound."""
        ...

    async def of_user(
        self, user_id: int, states: Sequence[PaymentState], since: datetime, limit: int
    ) -> Sequence[Payment]:
        """A customer's payments that were begun since then, newest first."""
        ...

    async def change(self, payment_id: int, **values: object) -> None: ...
    async def may_check(self, payment_id: int, now: datetime, before: datetime) -> bool:
        """Note that its customer has it checked; False where they did so after `before`."""
        ...

    async def due(
        self, states: Collection[PaymentState], now: datetime, limit: int
    ) -> Sequence[Payment]: ...
    async def to_decide(self, limit: int) -> tuple[Sequence[Payment], int]:
        """Payments in front of an operator, the oldest first, and how many there are."""
        ...

    async def newest(self, limit: int) -> Sequence[Payment]: ...
    async def paid_since(self, method: Method, since: datetime) -> Sequence[Payment]: ...
    async def add_receipt(self, receipt: Receipt, now: datetime) -> bool:
        """False where this payment has the same file already."""
        ...

    async def receipts(self, payment_id: int) -> Sequence[Receipt]: ...
    async def same_receipt(self, unique_id: str, other_than: int) -> Sequence[int]:
        """Other payments that this very file was sent for."""
        ...

    async def count_paybacks(self, payment_id: int) -> int:
        """How often this payment left its wallet to be given back."""
        ...

    async def uneven(self) -> tuple[int, Sequence[tuple[int, str]]]:
        """How many payments there are, and those (id, state) that contradict the ledger."""
        ...

    async def switch_off(self, method: Method, code: str, now: datetime) -> bool:
        """False where it is off already."""
        ...

    async def switch_on(self, method: Method) -> bool: ...
    async def switched_off(self) -> set[Method]: ...


class CaseRows(Protocol):
    async def open_case(self, user_id: int, now: datetime) -> tuple[SupportCase, bool]:
        """The customer's open case, and whether it was opened now."""
        ...

    async def of_user(self, user_id: int) -> SupportCase | None:
        """The customer's open case."""
        ...

    async def by_message(self, operator_id: int, message_id: int) -> SupportCase | None:
        """The case that a message in an operator's chat speaks of."""
        ...

    async def add_message(
        self, case_id: int, operator_id: int, message_id: int, update_id: int
    ) -> None: ...
    async def has_heard(self, operator_id: int, update_id: int) -> bool:
        """Whether this operator has what came with that update."""
        ...

    async def close(self, case_id: int, now: datetime) -> bool: ...
    async def count_open(self) -> int: ...


class AuditRows(Protocol):
    async def uneven_postings(self) -> tuple[int, Sequence[tuple[str, int]]]:
        """How many postings there are, and those whose entries do not sum to zero (key, sum)."""
        ...

    async def uneven_balances(self) -> tuple[int, Sequence[AuditedBalance]]:
        """How many accounts there are, and those that are not the sum of their entries, or negative."""
        ...

    async def counts(self) -> AuditCounts: ...
    async def uneven_orders(self, settled_before: datetime) -> Sequence[AuditedOrder]:
        """Orders that contradict something; codes unsent count where they came before this instant."""
        ...

    async def orders_at(
        self, supplier: str, since: datetime, ids: Sequence[str]
    ) -> Sequence[AuditedOrder]:
        """Orders that this supplier accepted since then, or that have one of its ids."""
        ...

    async def waiting(self) -> Sequence[tuple[str, int, datetime | None]]:
        """Updates and messages that wait: kind, how many, since when the oldest."""
        ...


class ConversationRows(Protocol):
    async def all(self) -> Sequence[Conversation]: ...
    async def save(self, changed: Sequence[Conversation]) -> None: ...
    async def drop(self, user_ids: Sequence[int], name: str) -> None: ...


class Tables(Protocol):
    """Everything of the database, inside one transaction."""

    customers: CustomerRows
    catalogue: CatalogueRows
    orders: OrderRows
    ledger: LedgerRows
    codes: CodeRows
    outbox: OutboxRows
    inbox: InboxRows
    operators: OperatorRows
    conversations: ConversationRows
    payments: PaymentRows
    cases: CaseRows
    audit: AuditRows


class Store(Protocol):
    async def write(
        self,
        work: Callable[Concatenate[Tables, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `work` in one transaction, to its end even where the caller is cancelled.

        Any exception rolls back and passes through. Raises StorageFailure where the database
        cannot be written.
        """
        ...

    def reading(self) -> AbstractAsyncContextManager[Tables]: ...
