"""Requests that cannot be met: nothing has changed, and the person is told the reason.

Refused                          the person can act on it
├── NotFound                 also for what belongs to another customer
│   └── NotSold              an operator keeps it off the shelf
├── SoldOut
├── QuantityOutOfRange       minimum, maximum
├── QuoteExpired             denomination_id, quantity
├── WalletTooSmall           missing_minor
├── SellingPaused            reason, texts
├── Banned                   the shop serves them no more
├── NotBannable              an operator
├── MemberChanged            who works here was removed or changed since the question
├── NotHireable              why: an owner, banned, unknown to the bot, or one too many
├── NoteRefused              longest, most
├── RevealsUsedUp            limit
├── TooManyReveals
├── BeingShown
├── TooFast
├── NothingToShow
├── CodesLost                the key that sealed them was given up
├── OtherCurrency            asked, typed: codes of currencies, or `centimes`
├── BadCommand               usage
├── BadAmount                fault, usage: what is wrong with an amount in a command
├── BadPercent               usage
├── UnknownCustomer          user_id
├── UnknownRecord            name, as the operator typed it: no order, payment or product
├── DebitTooLarge            user_id, balance_minor: an operator's debit is above the balance
├── NotRefundable            order_id
├── CompensationTooLarge     order_id, most_minor: what is left of an order to make good
├── AlreadyDecided
│   ├── PausedAlready        another pause for the same reason is open
│   └── CompensationChanged  order_id, compensated_minor: another answer than was asked about
├── AskedTooLongAgo          a confirmation that came hours after the question
├── CapReached               left_minor: what this operator may still move today
├── PricesChanged            others changed these price rules since they were shown
├── PriceMoveTooLarge        percent: what a manager may move a price in a day
├── AmountOutOfRange         least_minor, most_minor
├── MethodOff                a payment method that is not configured, or paused
├── TooManyPayments          too many payments, or orders that wait for one, are still unpaid
├── TooManyReceipts
├── NothingToPay             the order does not wait for a payment any more
├── NotReturnable            missing_minor: spent already, or the method has no refunds
├── CustomerForgotten        reference of the payment whose customer was forgotten
├── OrderOwnerForgotten      order_id
├── ValueOutOfRange          lowest_minor, highest_minor, step_minor, currency
├── NoPrice                  the supplier has no price for the value now
├── CannotLink
├── BadName                  longest: a name of an operator's that is empty or too long
├── BadGuide                 fault: empty, long, or an address within the text
├── NameTaken                another product of the category, or category, reads the same
├── NotEnded                 month: its books are closed when it is over
├── NoPictureHere            a product without a picture, or Telegram refuses it
├── NoPictureNow             Telegram does not send the picture at this moment
└── BadCodes                 fault, line: a file of own codes that is not loaded
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.errors import HanoutError

T = TypeVar("T")


class Refused(HanoutError):
    """The request cannot be met: nothing has changed, and the person is told the reason."""


class NotFound(Refused):
    """It does not exist or belongs to another customer; the two must look the same to them."""


class NotSold(NotFound):
    """An operator keeps it off the shelf: nothing of it is offered or sold."""


def required(thing: T | None) -> T:
    """The result of a look-up. Raises NotFound for None."""
    if thing is None:
        raise NotFound
    return thing


class SoldOut(Refused):
    pass


class NoPictureHere(Refused):
    """A product has no picture, or none any more: Telegram refuses what was one."""


class NoPictureNow(Refused):
    """Telegram knows the picture of a product, and did not send it."""


@dataclass(eq=False)
class QuantityOutOfRange(Refused):
    minimum: int
    maximum: int


@dataclass(eq=False)
class QuoteExpired(Refused):
    denomination_id: int
    quantity: int


@dataclass(eq=False)
class WalletTooSmall(Refused):
    missing_minor: int


@dataclass(eq=False)
class SellingPaused(Refused):
    """`reason` and `texts`, by locale: what customers read of a pause by hand."""

    reason: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


class Banned(Refused):
    """The shop serves this person no more; what they paid for stays theirs."""


class NotBannable(Refused):
    """Operators cannot be banned."""


@dataclass(eq=False)
class NotHireable(Refused):
    """`why`: `owner`, `banned`, `full`, or `unknown`, which is also somebody who blocked the bot."""

    why: str


@dataclass(eq=False)
class NoteRefused(Refused):
    longest: int
    most: int


@dataclass(eq=False)
class RevealsUsedUp(Refused):
    limit: int


class BeingShown(Refused):
    """Codes of the order are being sent at this moment."""


class TooManyReveals(Refused):
    pass


class TooFast(Refused):
    pass


class NothingToShow(Refused):
    pass


class CodesLost(Refused):
    """The key that sealed the codes of an order is lost, and was given up."""


@dataclass(eq=False)
class OtherCurrency(Refused):
    asked: str
    typed: str


@dataclass(eq=False)
class BadCommand(Refused):
    usage: str


@dataclass(eq=False)
class BadAmount(Refused):
    fault: str
    usage: str


@dataclass(eq=False)
class BadPercent(Refused):
    usage: str


@dataclass(eq=False)
class UnknownCustomer(Refused):
    user_id: int


@dataclass(eq=False)
class UnknownRecord(Refused):
    name: str


@dataclass(eq=False)
class DebitTooLarge(Refused):
    user_id: int
    balance_minor: int


@dataclass(eq=False)
class NotRefundable(Refused):
    order_id: int


@dataclass(eq=False)
class CompensationTooLarge(Refused):
    order_id: int
    most_minor: int


class AlreadyDecided(Refused):
    pass


class MemberChanged(Refused):
    """Who works here was removed, or became something else, since a question about them."""


class PausedAlready(AlreadyDecided):
    """Another pause for the same reason is open, perhaps with another end: this one was not begun."""


@dataclass(eq=False)
class CompensationChanged(AlreadyDecided):
    """What was made good of the order is another sum than at the question, or it was no compensation."""

    order_id: int
    compensated_minor: int


class AskedTooLongAgo(Refused):
    pass


@dataclass(eq=False)
class CapReached(Refused):
    left_minor: int


class PricesChanged(Refused):
    """These price rules are not those any more that the operator was shown."""


@dataclass(eq=False)
class PriceMoveTooLarge(Refused):
    """Managers may move a value's price by so many percent on one day of the shop, all together."""

    percent: int


@dataclass(eq=False)
class AmountOutOfRange(Refused):
    least_minor: int
    most_minor: int


class NoPrice(Refused):
    pass


@dataclass(eq=False)
class ValueOutOfRange(Refused):
    """Limits and step in hundredths of the currency."""

    lowest_minor: int
    highest_minor: int
    step_minor: int
    currency: str


class CannotLink(Refused):
    pass


@dataclass(eq=False)
class BadName(Refused):
    longest: int


@dataclass(eq=False)
class BadGuide(Refused):
    """How codes are redeemed, as an operator typed it. `fault`: `empty`, `long` or `address`."""

    fault: str


class NameTaken(Refused):
    """Something else beside it reads the same in one of the languages."""


@dataclass(eq=False)
class BadCodes(Refused):
    """Nothing of it is stored; `line` is 0 where the fault is none of a single line."""

    fault: str
    line: int


@dataclass(eq=False)
class NotEnded(Refused):
    month: str


class MethodOff(Refused):
    pass


class TooManyPayments(Refused):
    pass


class TooManyReceipts(Refused):
    pass


class NothingToPay(Refused):
    pass


@dataclass(eq=False)
class NotReturnable(Refused):
    missing_minor: int


@dataclass(eq=False)
class CustomerForgotten(Refused):
    reference: str


@dataclass(eq=False)
class OrderOwnerForgotten(Refused):
    """The customer of this order was forgotten: no wallet takes what is given back."""

    order_id: int
