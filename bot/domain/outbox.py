"""What waits to be sent to people: one row for each message."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class OutboxKind(StrEnum):
    ORDER_PROGRESS = "order_progress"
    ORDER_RESULT = "order_result"
    ORDER_PART = "order_part"  # some codes were delivered and the order stays open
    EXPIRY = "expiry"  # codes that expire soon
    CREDITED = "credited"
    ALERT = "alert"
    PAYMENT = "payment"  # to the customer: what became of a payment
    RECEIPT = "receipt"  # to an operator: a receipt to decide on
    BACK = "back"  # a value that they waited for is in stock again
    MISSED = "missed"  # something that they asked was not answered: their chat took nothing
    CASE = "case"  # to an operator: whose message of which support case follows
    CASE_WORDS = "case_words"  # to an operator: that message, copied from the chat it stands in
    CASE_CLOSED = "case_closed"  # to the customer: support has closed their case
    TEAM = "team"  # what somebody is asked to be in the shop, is now, or is no more
    CLOSING = "closing"  # to an operator: the day's figures


# The messages that bring what was paid for, or say how far it is: they go before all others.
ORDER_KINDS: Final = frozenset(
    {OutboxKind.ORDER_RESULT, OutboxKind.ORDER_PART, OutboxKind.ORDER_PROGRESS}
)


# What goes to each of those who work here; the key of each row ends with the person's id.
TEAM_KINDS: Final = frozenset(
    {
        OutboxKind.ALERT,
        OutboxKind.RECEIPT,
        OutboxKind.CASE,
        OutboxKind.CASE_WORDS,
        OutboxKind.TEAM,
        OutboxKind.CLOSING,
    }
)


# What operators get of support cases. The words are in no row: they are copied from chat to chat.
CASE_KINDS: Final = frozenset({OutboxKind.CASE, OutboxKind.CASE_WORDS})


class OutboxState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    UNREACHABLE = "unreachable"  # waits until the person writes again
    DEAD = "dead"  # Telegram refuses it for good


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message to send; `data` holds plain figures and never a code."""

    id: int
    user_id: int
    kind: OutboxKind
    order_id: int | None
    data: dict[str, str]
    attempts: int
