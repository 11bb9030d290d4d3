"""What operators are alerted of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    BALANCE_LOW = "balance_low"
    BALANCE_EMPTY = "balance_empty"
    ORDERS_STUCK = "orders_stuck"
    OUTCOME_UNKNOWN = "outcome_unknown"
    ORDER_NOT_FOUND = "order_not_found"
    ORDER_ATTENTION = "order_attention"
    CIRCUIT_OPEN = "circuit_open"
    PRICE_DRIFT = "price_drift"
    COST_FELL = "cost_fell"  # by more than half
    OFFER_CHANGED = "offer_changed"  # what was ordered now means something else
    BOUGHT_FOR_NOBODY = "bought_for_nobody"
    BALANCE_SHORT = "balance_short"  # too little for an order that a customer wants
    PRODUCTS_ARRIVED = "products_arrived"  # new ones, which NEW_PRODUCTS keeps off the shelf
    PICTURE_REFUSED = "picture_refused"  # Telegram does not know a product's picture any more
    RULES_LOST = "rules_lost"  # price rules whose products or values are gone
    FIXED_BELOW_COST = "fixed_below_cost"  # a fixed price that no longer covers cost and margin
    REQUEST_REFUSED = "request_refused"
    MESSAGE_DEAD = "message_dead"
    OPERATOR_CUT_OFF = "operator_cut_off"  # messages of support cases do not reach one operator
    CATALOGUE_STALE = "catalogue_stale"
    SUPPLIER_DOWN = "supplier_down"
    UPDATE_QUARANTINED = "update_quarantined"
    POLLING_STOPPED = "polling_stopped"
    OTHER_POLLER = "other_poller"
    AUDIT_DIFFERS = "audit_differs"
    BACKUP_FAILED = "backup_failed"
    WEBHOOK_FAILING = "webhook_failing"
    METHOD_OFF = "method_off"
    PAYMENT_HELD = "payment_held"
    PAYMENTS_UNANSWERED = "payments_unanswered"  # the provider is silent longer than it is asked
    PAYMENT_CHARGED_BACK = "payment_taken_back"
    PAYMENT_REFUND_FAILED = "payback_failed"
    ITEM_FAILING = "item_failing"  # one item of a sweep, several times in a row
    SWEEP_FAILING = "sweep_failing"  # all its items, several times in a row
    SWEEP_WORKS = "sweep_works"
    NIGHT_INTERRUPTED = "night_interrupted"  # a night's work that a killed process left
    CLOCK_STEPPED = "clock_stepped"  # our wall clock was set to another time
    SUPPLIER_CLOCK = "supplier_clock"  # it differs from ours
    KEY_ABANDONED = "key_abandoned"  # a lost key was given up, and the codes that it sealed
    STOCK_LOW = "stock_low"  # few own codes of a value are left
    STOCK_ENDING = "stock_ending"  # own codes are too close to their end to be sold
    STOCK_SET_ASIDE = (
        "stock_set_aside"  # own codes that cannot be sold: unreadable, or sold elsewhere
    )
    NEWS_REFUSED = "news_refused"  # Telegram refuses the photo of a news: it was stopped
    STOCK_HELD = "stock_held"  # a restored backup may have codes that were sold since


@dataclass(frozen=True, slots=True)
class Alert:
    """An open alert that was not sent yet; `data` holds plain figures."""

    key: str
    kind: AlertKind
    times: int  # how often it was opened
    opened_at: datetime
    data: dict[str, str]
