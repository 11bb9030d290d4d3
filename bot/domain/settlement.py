"""What an order's end at the supplier means for its codes and its money.

The rules come from OneClickDz "Status Tracking & Polling" and from the invariants: codes that came
are kept whatever the status says; money goes back only where the supplier's figures agree.
"""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.orders import Attention, OrderEvent
from bot.domain.supplier import Card, Environment, SupplierOrder, SupplierStatus

SANDBOX_PREFIX = "SANDBOX-"


@dataclass(frozen=True, slots=True)
class Settlement:
    """`event` None: the order stays open, what is not delivered stays held.

    All codes of the report are stored; `deliver` are the customer's. `held` units keep their money in
    escrow.
    """

    event: OrderEvent | None
    deliver: tuple[Card, ...] = ()
    returned_quantity: int = 0
    held_quantity: int = 0
    attention: Attention | None = None


def settle(
    wanted: int,
    environment: Environment,
    report: SupplierOrder,
    already_known: Collection[int] = (),
    delivered: int = 0,
) -> Settlement:
    """What to do with a report on an order of which `wanted` units are still to come.

    `already_known`: positions of those cards whose code another order holds, or that repeat an
    earlier card of the same report. `delivered`: units that came before; the report leaves those out.
    """
    real = environment is Environment.PRODUCTION
    if real and any(card.value.startswith(SANDBOX_PREFIX) for card in report.cards):
        return Settlement(None, held_quantity=wanted, attention=Attention.SANDBOX_CODE)
    if not report.final:
        return _part(wanted, report, already_known)
    came = len(report.cards)
    promised = _promised(wanted, report, delivered)
    if report.status is SupplierStatus.REFUNDED and came:
        return Settlement(None, held_quantity=wanted, attention=Attention.CONTRADICTION)

    fresh = tuple(card for at, card in enumerate(report.cards) if at not in already_known)
    deliver, surplus = fresh[:wanted], fresh[wanted:]
    missing = wanted - len(deliver)
    agrees = came == promised and not already_known and not surplus
    attention = None if agrees else _reason(already_known=already_known, surplus=surplus)
    returned, held = (missing, 0) if agrees else (0, missing)
    if not deliver:
        if attention:
            return Settlement(None, held_quantity=wanted, attention=attention)
        if not delivered:
            return Settlement(OrderEvent.RETURN, returned_quantity=returned)
    event = OrderEvent.FILL_PART if missing else OrderEvent.FILL
    return Settlement(event, deliver, returned, held, attention)


def _part(wanted: int, report: SupplierOrder, already_known: Collection[int]) -> Settlement:
    """Codes of an order that goes on: the customer has them at once, the rest of the money stays held."""
    fresh = tuple(card for at, card in enumerate(report.cards) if at not in already_known)
    deliver, surplus = fresh[:wanted], fresh[wanted:]
    missing = wanted - len(deliver)
    if already_known or surplus:
        attention = _reason(already_known=already_known, surplus=surplus)
        return Settlement(None, deliver, 0, missing, attention)
    if not missing:
        return Settlement(OrderEvent.FILL, deliver)
    # It says that all has come, and not all is there.
    short = report.status is SupplierStatus.FULFILLED
    unheard = report.status is SupplierStatus.UNKNOWN
    doubt = Attention.CONTRADICTION if short or unheard else None
    return Settlement(None, deliver, 0, missing, doubt)


def _promised(wanted: int, report: SupplierOrder, delivered: int) -> int:
    """How many codes are still to come by this report; where it leaves that out, its status tells."""
    if report.fulfilled_quantity is not None:
        return max(0, report.fulfilled_quantity - delivered)
    if report.status is SupplierStatus.FULFILLED:
        return wanted
    if report.cards or report.status is SupplierStatus.REFUNDED or delivered:
        return len(report.cards)
    return 1


def _reason(*, already_known: Collection[int], surplus: tuple[Card, ...]) -> Attention:
    if already_known:
        return Attention.DUPLICATE_CODE
    return Attention.SURPLUS if surplus else Attention.CONTRADICTION
