"""Protocols of what is outside the shop: clock, keys, suppliers, people, payments, backups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.domain.books import Month
from bot.domain.cases import SupportCase
from bot.domain.catalogue import Product
from bot.domain.charts import Chart
from bot.domain.code_messages import CodeMessage
from bot.domain.news import Letter, News
from bot.domain.orders import Order
from bot.domain.payments import Payment, Receipt
from bot.domain.people import BackInStock
from bot.domain.records import Customer, Sealed, SentCodeMessage
from bot.domain.results import MoneyNote
from bot.domain.waiting import Waiting


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, in UTC."""

    def monotonic(self) -> float:
        """Seconds that only grow, whatever is done to the wall clock: for what is waited for."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class Vault(Protocol):
    """Encryption of secrets; a ciphertext opens only with its own associated data."""

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        ...

    def holds(self, key_id: str) -> bool:
        """Whether the vault has a key with this id."""
        ...

    def seal(self, secret: str, associated_data: str) -> Sealed:
        """Encrypt with the newest key; `associated_data` names the row and the field."""
        ...

    def open(self, sealed: Sealed, associated_data: str) -> str:
        """Raises KeyMissing; VaultFailure where the ciphertext was altered or moved."""
        ...

    def fingerprints(self, secret: str) -> tuple[bytes, ...]:
        """Keyed hashes, one for each key, the newest first: equal secrets have equal hashes."""
        ...


class Sender(Protocol):
    """Messages to people, rendered in their language. Every failure is a SendFailure."""

    async def send_codes(
        self, customer: Customer, order: Order, code_message: CodeMessage, *, again: bool
    ) -> int:
        """Send one message of codes and return its message id; `again` for a repeated showing."""
        ...

    async def mask_codes(
        self,
        customer: Customer,
        order: Order,
        message: SentCodeMessage,
        masks: Sequence[str],
        first: int,
        *,
        for_good: bool = False,
    ) -> None:
        """Turn a message of codes into a receipt of masks; `first` numbers its first code.

        `for_good`: the codes are about to be deleted, as their owner asked.
        """
        ...

    async def send_returned(self, customer: Customer, order: Order, money: MoneyNote) -> None:
        """Tell a customer that an order, or the rest of it, was refunded into the wallet."""
        ...

    async def send_lost(self, customer: Customer, order: Order) -> None:
        """Tell that the codes of an order cannot be shown any more: their key was given up."""

    async def update_status(
        self, customer: Customer, order: Order, waiting: Waiting | None, *, alone: bool = False
    ) -> None:
        """Edit the order's status message to its present state.

        Nothing where there is none, or where the customer has gone on to another screen in it.
        `waiting` is None for an order that waits for money or has ended. Of the end it says little,
        since a message of its own tells that; all where it is `alone`, for want of that message.
        """
        ...

    async def send_credited(self, customer: Customer, data: Mapping[str, str]) -> None:
        """Tell a customer of an operator's credit: `amount`, `balance`, `note`, and `orders`, the
        numbers of the orders that it paid for.
        """
        ...

    async def send_alert(self, customer: Customer, data: Mapping[str, str]) -> None:
        """Tell an operator of an alert: its kind in `alert`, and its figures."""
        ...

    async def send_team(self, customer: Customer, data: Mapping[str, str]) -> None:
        """Tell somebody what became of a role: `what` (`invited`, `accepted`, `changed`, `removed`),
        of `user`, the `role`, its `cap` in minor units, and the `action`, by which it is accepted.
        """
        ...

    async def send_closing(self, customer: Customer, data: Mapping[str, str]) -> None:
        """Tell an operator of a day's figures, as `operations.closing` puts them into `data`."""
        ...

    async def send_payment(self, customer: Customer, payment: Payment, note: "PaymentNote") -> None:
        """Tell a customer what became of a payment."""
        ...

    async def send_receipt(
        self,
        operator: Customer,
        payment: Payment,
        receipts: Sequence[Receipt],
        same: Sequence[Payment],
        *,
        decides: bool,
    ) -> None:
        """Show an operator the files of a receipt as one message, with the buttons to decide if `decides`.

        At least one file. `same` are other payments that one of the files was sent for.
        """
        ...

    async def send_back_in_stock(self, customer: Customer, value: BackInStock) -> None:
        """Tell a customer that a value they waited for is in stock, with its price now."""
        ...

    async def send_missed(self, customer: Customer) -> None:
        """Tell a customer that something they asked was not answered."""
        ...

    async def send_case(
        self, operator: Customer, case: SupportCase, order: Order | None, answered_by: int | None
    ) -> int:
        """Tell an operator that a customer's message of a case follows; returns the message id.

        `order`: of the case, or the customer's newest. `answered_by`: that operator's answer follows.
        """

    async def send_case_closed(self, person: Customer, case: SupportCase) -> int:
        """Tell the customer, or an operator, that the other closed a case; returns the message id."""

    async def copy_messages(
        self, receiver: Customer, from_chat: int, message_ids: Sequence[int]
    ) -> Sequence[int]:
        """Copy messages of another chat with the shop, in ascending order; returns the copies' ids.

        Where none can be copied, as their writer deleted them, the receiver is told so by a note.
        """
        ...

    async def send_reminder(
        self, customer: Customer, order: Order, expires_at: datetime, days: int
    ) -> None:
        """Tell a customer that codes of an order expire in so many days."""
        ...

    async def send_news(
        self,
        customer: Customer,
        letter: Letter,
        product: Product | None,
        *,
        is_preview: bool = False,
    ) -> None:
        """Send an operator's words, or their photo with these as its caption, to one of many people.

        Below it are a button to a product and one to get no more.

        After everything else, except where they are a preview that an operator waits for. SendLater is raised only
        where they surely did not arrive, BadFile where Telegram refuses the photo to whomever it is sent, any other
        SendFailure where they may have arrived.
        """
        ...

    async def update_news(self, operator: Customer, sent: News, waits: datetime | None) -> None:
        """Edit the message that shows an operator how far a news is; `waits`: it goes on then."""
        ...

    async def send_ended(self, customer: Customer, order: Order, wallet_minor: int) -> None:
        """Tell a customer that an order ended before it was paid."""
        ...


@dataclass(frozen=True, slots=True)
class PaymentNote:
    """What a message about a payment says besides the payment itself."""

    what: str  # "credited", "held", "expired", "rejected" or "returned"
    wallet_minor: int
    order: Order | None = None  # the order that the payment was meant for
    missing_minor: int = 0  # what that order still lacks
    paid_orders: tuple[int, ...] = ()  # those that were paid by this payment
    rejection: str = ""  # a Rejection
    words: str = ""  # an operator's own words about a rejection


class Archive(Protocol):
    """Where backups are kept."""

    async def keep(self) -> Path:
        """Make a backup, read it back, and remove those that are too old; returns its path.

        Raises ArchiveFailure; then all older backups are kept.
        """
        ...


class Draughtsman(Protocol):
    """Draws pictures of figures."""

    async def draw(self, chart: Chart) -> bytes:
        """The picture as PNG. Raises NoPicture; `is_there` says whether a later call may bring one."""
        ...

    @property
    def is_there(self) -> bool:
        """Whether what draws is installed."""
        ...


class Exporter(Protocol):
    """Makes files of the books."""

    async def workbook(self, month: Month) -> bytes:
        """A month as XLSX. Raises NotTied, and ExportFailure where it cannot be made now."""
        ...
