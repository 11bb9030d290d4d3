"""Who may do what in the shop: roles, their rights and caps.

A role is looked up at each press and is never carried in a button or a conversation.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.alerts import AlertKind


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    SUPPORT = "support"


class Right(StrEnum):
    """What one command or button lets a person do; each declares exactly one."""

    CUSTOMERS = "customers"  # see customers, orders and payments, without profit
    ATTENTION = "attention"  # see what waits for somebody, and try it again
    CASES = "cases"  # answer support cases, write to a customer
    NOTES = "notes"  # read and add notes about a customer
    ACTIONS = "actions"  # see what operators did
    REFUND = "refund"  # refund what an order holds
    RECEIPTS = "receipts"  # decide about receipts and payments under review
    CREDIT = "credit"  # credit and debit wallets
    STARS = "stars"  # give a payment back to its payer
    BAN = "ban"
    PAUSE = "pause"  # pause and resume selling, except the audit's pause
    METHODS = "methods"  # offer payment methods again
    CATALOGUE = "catalogue"  # hide, name, order and link products
    PRICES = "prices"
    STOCK_COUNTS = "stock_counts"  # see how many codes of the shop's own are left
    STOCK = "stock"  # load and withdraw codes of the shop's own
    NEWS = "news"
    MUCH_NEWS = "much_news"  # send news to more than a few hundred people
    STATS = "stats"  # figures of sales
    PROFIT = "profit"  # what the shop earns, balances at suppliers
    EXPORT = "export"  # files for the bookkeeper
    KEYS = "keys"  # suppliers' keys and alerts about them
    BOOKS = "books"  # the audit, and the pause that it makes
    TEAM = "team"  # who has which role


# What a role may whatever its cap is, and what only within its cap: a day's sum, 0 for nothing of it.
# Both tables together are all that anybody may.
_SUPPORT: Final = frozenset(
    {
        Right.CUSTOMERS,
        Right.ATTENTION,
        Right.CASES,
        Right.NOTES,
        Right.STOCK_COUNTS,
    }
)
_MANAGER: Final = _SUPPORT | {
    Right.ACTIONS,
    Right.REFUND,
    Right.RECEIPTS,
    Right.BAN,
    Right.PAUSE,
    Right.METHODS,
    Right.CATALOGUE,
    Right.PRICES,
    Right.STOCK,
    Right.NEWS,
    Right.STATS,
    Right.PROFIT,
}
RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: _MANAGER,
    Role.SUPPORT: _SUPPORT,
}
WITHIN_CAP: Final[dict[Role, frozenset[Right]]] = {
    Role.OWNER: frozenset(),
    Role.MANAGER: frozenset({Right.CREDIT, Right.STARS}),
    Role.SUPPORT: frozenset({Right.REFUND, Right.RECEIPTS}),
}

# The actions that move money, by the right that they need.
RIGHT_TO_MOVE: Final[dict[ActionKind, Right]] = {
    ActionKind.CREDIT: Right.CREDIT,
    ActionKind.REFUND: Right.REFUND,
    ActionKind.COMPENSATION: Right.REFUND,
    ActionKind.PAYMENT: Right.RECEIPTS,
    ActionKind.PAYMENT_REFUND: Right.STARS,
}
# Which of them count towards a role's cap. A compensation is the shop's own money, whoever gives it.
CAPPED_ACTIONS: Final[dict[Role, frozenset[ActionKind]]] = {
    Role.OWNER: frozenset(),
    Role.MANAGER: frozenset(
        {ActionKind.CREDIT, ActionKind.COMPENSATION, ActionKind.PAYMENT_REFUND}
    ),
    Role.SUPPORT: frozenset({ActionKind.REFUND, ActionKind.COMPENSATION, ActionKind.PAYMENT}),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is in the shop at this moment; `cap_minor` is in minor units a day."""

    role: Role
    cap_minor: int = 0

    @property
    def rights(self) -> frozenset[Right]:
        return RIGHTS[self.role] | (WITHIN_CAP[self.role] if self.cap_minor else frozenset())

    def may_grant(self, role: Role) -> bool:
        """Nobody grants what they lack, and the owners are named by ADMIN_IDS alone."""
        most = RIGHTS[role] | WITHIN_CAP[role]
        return Right.TEAM in self.rights and role is not Role.OWNER and most <= self.rights


OWNER: Final = Standing(Role.OWNER)


class MemberState(StrEnum):
    INVITED = "invited"  # may nothing yet: they have not accepted
    ACTIVE = "active"


VOID_INVITATION: Final = -1  # no action has this number, and no button carries it


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here, or was asked to; no owner is one.

    `at`: since when they are what they are. `invitation`: the action whose button accepts, or
    VOID_INVITATION.
    """

    user_id: int
    role: Role
    cap_minor: int
    state: MemberState
    added_by: int
    at: datetime
    invitation: int

    @property
    def standing(self) -> Standing | None:
        """None: they may nothing."""
        return Standing(self.role, self.cap_minor) if self.state is MemberState.ACTIVE else None


# Whoever may act on an alert is told of it; owners are told of all.
ALERT_RIGHTS: Final[dict[AlertKind, Right]] = {
    AlertKind.BALANCE_LOW: Right.PROFIT,
    AlertKind.BALANCE_EMPTY: Right.PROFIT,
    AlertKind.BALANCE_SHORT: Right.PROFIT,
    AlertKind.ORDERS_STUCK: Right.REFUND,
    AlertKind.OUTCOME_UNKNOWN: Right.REFUND,
    AlertKind.ORDER_NOT_FOUND: Right.REFUND,
    AlertKind.ORDER_ATTENTION: Right.REFUND,
    AlertKind.BOUGHT_FOR_NOBODY: Right.REFUND,
    AlertKind.REQUEST_REFUSED: Right.REFUND,
    AlertKind.CIRCUIT_OPEN: Right.KEYS,
    AlertKind.KEY_ABANDONED: Right.KEYS,
    AlertKind.PRICE_DRIFT: Right.PRICES,
    AlertKind.COST_FELL: Right.PRICES,
    AlertKind.FIXED_BELOW_COST: Right.PRICES,
    AlertKind.RULES_LOST: Right.PRICES,
    AlertKind.OFFER_CHANGED: Right.CATALOGUE,
    AlertKind.PRODUCTS_ARRIVED: Right.CATALOGUE,
    AlertKind.PICTURE_REFUSED: Right.CATALOGUE,
    AlertKind.CATALOGUE_STALE: Right.CATALOGUE,
    AlertKind.SUPPLIER_DOWN: Right.PAUSE,
    AlertKind.MESSAGE_DEAD: Right.CASES,
    AlertKind.OPERATOR_CUT_OFF: Right.TEAM,
    AlertKind.UPDATE_QUARANTINED: Right.ATTENTION,
    AlertKind.ITEM_FAILING: Right.ATTENTION,
    AlertKind.SWEEP_FAILING: Right.ATTENTION,
    AlertKind.SWEEP_WORKS: Right.ATTENTION,
    AlertKind.POLLING_STOPPED: Right.BOOKS,
    AlertKind.OTHER_POLLER: Right.BOOKS,
    AlertKind.WEBHOOK_FAILING: Right.BOOKS,
    AlertKind.AUDIT_DIFFERS: Right.BOOKS,
    AlertKind.BACKUP_FAILED: Right.BOOKS,
    AlertKind.NIGHT_INTERRUPTED: Right.BOOKS,
    AlertKind.CLOCK_STEPPED: Right.BOOKS,
    AlertKind.SUPPLIER_CLOCK: Right.BOOKS,
    AlertKind.METHOD_OFF: Right.METHODS,
    AlertKind.PAYMENT_HELD: Right.RECEIPTS,
    AlertKind.PAYMENTS_UNANSWERED: Right.RECEIPTS,
    AlertKind.PAYMENT_CHARGED_BACK: Right.BAN,
    AlertKind.PAYMENT_REFUND_FAILED: Right.STARS,
    AlertKind.NEWS_REFUSED: Right.NEWS,
    AlertKind.STOCK_LOW: Right.STOCK,
    AlertKind.STOCK_ENDING: Right.STOCK,
    AlertKind.STOCK_SET_ASIDE: Right.STOCK,
    AlertKind.STOCK_HELD: Right.STOCK,
}
