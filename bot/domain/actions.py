"""What operators did, and which of it is listed and counted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ActionKind(StrEnum):
    CREDIT = "credit"
    REFUND = "refund"
    COMPENSATION = "compensation"  # the price of a delivered code, as the shop's loss
    PAUSE = "pause"  # selling was paused by hand; target: what, note: why
    RESUME = "resume"  # one pause was lifted
    INBOX = "inbox"
    PAYMENT = "payment"  # a payment was accepted; the amount is what was credited
    REJECT = "reject"
    PAYMENT_REFUND = "payback"  # a payment goes back to its payer
    METHOD = "method"  # a payment method was switched on again
    CASE = "case"
    MARKUP = "markup"  # a price rule was set or removed
    PRICES = "prices"  # the rules of a price table were changed
    IMPORT = "import"  # a file of the catalogue was applied; note: how many cells it changed
    LINK = "link"  # products of two suppliers were linked or unlinked
    VALUE = "value"  # a held value was put on the shelf again
    BAN = "ban"
    UNBAN = "unban"
    NOTE = "note-added"  # about a customer; its words are sealed elsewhere
    WRITE = "write"  # support wrote to a customer first
    FORGET = "forget"  # a customer was forgotten, as they asked
    ABANDON = "abandon"  # a lost key was given up, by a command of the shell
    NEWS = "news"  # a news was sent, stopped or thrown away; target: its number
    CURATION = "curation"  # what is hidden, first, named or limited; note: which of these
    EXPORT = "export"  # the file of a month was asked for; target: the month
    STOCK = "stock"  # a batch of own codes was loaded, put on sale, discarded or withdrawn
    TEAM = "team"  # who has which role; before and after: role and cap, empty for none


# Actions that move money: /actions lists them, and they count towards the daily cap.
MONEY_ACTIONS = (
    ActionKind.CREDIT,
    ActionKind.REFUND,
    ActionKind.COMPENSATION,
    ActionKind.PAYMENT,
    ActionKind.REJECT,
    ActionKind.PAYMENT_REFUND,
)


# What /actions lists: what changes money, a customer, or what is sold.
LISTED_ACTIONS = (
    *MONEY_ACTIONS,
    ActionKind.FORGET,
    ActionKind.PAUSE,
    ActionKind.RESUME,
    ActionKind.METHOD,
    ActionKind.MARKUP,
    ActionKind.PRICES,
    ActionKind.IMPORT,
    ActionKind.LINK,
    ActionKind.VALUE,
    ActionKind.CURATION,
    ActionKind.STOCK,
    ActionKind.BAN,
    ActionKind.UNBAN,
    ActionKind.NOTE,
    ActionKind.WRITE,
    ActionKind.NEWS,
    ActionKind.TEAM,
    ActionKind.EXPORT,
)


@dataclass(frozen=True, slots=True)
class OperatorAction:
    """A decision of an operator, kept for ever; `done` False: it waits for a confirmation."""

    id: int
    operator_id: int
    kind: ActionKind
    target: str
    amount_minor: int
    note: str
    done: bool
    at: datetime
    before: str = ""
    after: str = ""
