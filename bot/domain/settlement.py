"""Decides what a supplier's report on an order means for its codes and its money.

Source: OneClickDz "Status Tracking & Polling", and two invariants: codes in a report are stored
whatever its status is; money is returned only where the numbers in the report agree.
"""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.orders import Attention, OrderEvent
from bot.domain.supplier import Card, Environment, Purchase, SupplierOrder, SupplierStatus

SANDBOX_PREFIX = "SANDBOX-"


@dataclass(frozen=True, slots=True)
class Settlement:
    """`event` None: the order stays open.

    All codes of the report are stored; `deliver` are those for the customer. The money of units
    that are neither delivered nor returned stays in escrow.
    """

    event: OrderEvent | None
    deliver: tuple[Card, ...] = ()
    returned_quantity: int = 0
    attention: Attention | None = None


def settle(
    wanted: int,
    environment: Environment,
    report: SupplierOrder,
    already_known: Collection[int] = (),
    delivered: int = 0,
    ordered: Purchase | None = None,
) -> Settlement:
    """What to do with a report on an order of which `wanted` units are not delivered yet.

    `already_known`: indexes of cards whose code belongs to another order, or repeats an earlier
    card of the same report. `delivered`: units delivered before; the cards of the report do not
    include them. `ordered`: what we bought, to compare with what the report tells; None: unknown.
    """
    is_production = environment is Environment.PRODUCTION
    if is_production and any(card.value.startswith(SANDBOX_PREFIX) for card in report.cards):
        return Settlement(None, attention=Attention.SANDBOX_CODE)
    if ordered is not None and _is_of_another(report, ordered):
        return Settlement(None, attention=Attention.CONTRADICTION)
    if report.status is SupplierStatus.UNKNOWN:  # it may mean that the codes are not ours to give
        return Settlement(None, attention=Attention.CONTRADICTION)
    if not report.final:
        return _settle_open_order(wanted, report, already_known)
    if report.status is SupplierStatus.REFUNDED and report.cards:
        return Settlement(None, attention=Attention.CONTRADICTION)

    fresh = _fresh(report, already_known)
    deliver, surplus = fresh[:wanted], fresh[wanted:]
    missing, promised = wanted - len(deliver), _promised(wanted, report, delivered)
    agrees = (
        len(report.cards) == promised
        and _status_agrees(wanted, report, delivered)
        and not _charges_for_nothing(report, delivered)
        and not already_known
        and not surplus
        and not any(card.is_blank for card in report.cards)
    )
    attention = None if agrees else _reason(already_known=already_known, surplus=surplus)
    returned = missing if agrees else 0
    is_complete = report.status is SupplierStatus.FULFILLED
    may_still_come = missing and (is_complete or len(deliver) < promised)
    if attention and (not deliver or may_still_come):
        return Settlement(None, deliver, attention=attention)
    if not deliver and not delivered:
        return Settlement(OrderEvent.RETURN, returned_quantity=returned)
    event = OrderEvent.FILL_PART if missing else OrderEvent.FILL
    return Settlement(event, deliver, returned, attention)


def _is_of_another(report: SupplierOrder, ordered: Purchase) -> bool:
    """Whether the supplier tells another product, value or quantity than was bought."""
    told = report.purchase or Purchase("", "", 0)
    pairs = (
        (report.quantity, ordered.quantity),
        (told.quantity, ordered.quantity),
        (told.supplier_product_id.strip(), ordered.supplier_product_id.strip()),
        (told.supplier_type_id.strip(), ordered.supplier_type_id.strip()),
    )
    return any(theirs and theirs != ours for theirs, ours in pairs)


def _settle_open_order(
    wanted: int, report: SupplierOrder, already_known: Collection[int]
) -> Settlement:
    """A report that is not final: its codes are delivered at once, and nothing is returned.

    An adapter may `withhold` them until the end.
    """
    if report.withhold:
        doubt = None if report.is_readable else Attention.CONTRADICTION
        return Settlement(None, attention=doubt)
    fresh = _fresh(report, already_known)
    deliver, surplus = fresh[:wanted], fresh[wanted:]
    missing = wanted - len(deliver)
    if already_known or surplus:
        attention = _reason(already_known=already_known, surplus=surplus)
        return Settlement(None if missing else OrderEvent.FILL, deliver, attention=attention)
    if not missing:
        return Settlement(OrderEvent.FILL, deliver)
    # Reported as complete, but codes are missing.
    is_doubtful = report.status is SupplierStatus.FULFILLED or not report.is_readable
    doubt = Attention.CONTRADICTION if is_doubtful else None
    return Settlement(None, deliver, attention=doubt)


def _fresh(report: SupplierOrder, already_known: Collection[int]) -> tuple[Card, ...]:
    """The cards that a customer can be given."""
    return tuple(
        card
        for index, card in enumerate(report.cards)
        if index not in already_known and not card.is_blank
    )


def _status_agrees(wanted: int, report: SupplierOrder, delivered: int) -> bool:
    """Whether the status says the same as the report's number of delivered codes."""
    told, status = report.fulfilled_quantity, report.status
    ordered = wanted + delivered
    if status is SupplierStatus.PARTIALLY_FILLED:
        count = delivered + len(report.cards) if told is None else told
        return 0 < count < ordered
    return told is None or told == (ordered if status is SupplierStatus.FULFILLED else 0)


def _charges_for_nothing(report: SupplierOrder, delivered: int) -> bool:
    """Whether the supplier kept money, and no code came."""
    return bool(report.charged_minor) and not report.cards and not delivered


def _promised(wanted: int, report: SupplierOrder, delivered: int) -> int:
    """How many codes this report must contain: by its own number, else by its status.

    Negative where more codes were delivered than the supplier counts.
    """
    if report.fulfilled_quantity is not None:
        return report.fulfilled_quantity - delivered
    if report.status is SupplierStatus.FULFILLED:
        return wanted
    if report.cards or report.status is SupplierStatus.REFUNDED or delivered:
        return len(report.cards)
    return 1


def _reason(*, already_known: Collection[int], surplus: tuple[Card, ...]) -> Attention:
    if already_known:
        return Attention.DUPLICATE_CODE
    return Attention.SURPLUS if surplus else Attention.CONTRADICTION
