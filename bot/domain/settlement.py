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
    """`event` None: the order stays open, its money held, in front of an operator.

    `keep` are codes to store without delivering; `held` units keep their money in escrow.
    """

    event: OrderEvent | None
    deliver: tuple[Card, ...] = ()
    keep: tuple[Card, ...] = ()
    returned_quantity: int = 0
    held_quantity: int = 0
    attention: Attention | None = None


def settle(
    wanted: int,
    environment: Environment,
    report: SupplierOrder,
    already_known: Collection[int] = (),
) -> Settlement:
    """What to do with a final report on an order of `wanted` units.

    `already_known`: positions of those cards whose code another order holds, or that repeat an
    earlier card of the same report.
    """
    real = environment is Environment.PRODUCTION
    if real and any(card.value.startswith(SANDBOX_PREFIX) for card in report.cards):
        return Settlement(
            None, keep=report.cards, held_quantity=wanted, attention=Attention.SANDBOX_CODE
        )
    came = len(report.cards)
    promised = _promised(wanted, report)
    if report.status is SupplierStatus.REFUNDED and came:
        return _contradiction(report, wanted)
    if report.status is not SupplierStatus.REFUNDED and came == 0 and promised != 0:
        return _contradiction(report, wanted)

    fresh = tuple(card for at, card in enumerate(report.cards) if at not in already_known)
    deliver, surplus = fresh[:wanted], fresh[wanted:]
    missing = wanted - len(deliver)
    agrees = came == promised and not already_known and not surplus
    attention = None if agrees else _reason(already_known=already_known, surplus=surplus)
    returned, held = (missing, 0) if agrees else (0, missing)
    if not deliver:
        if attention:
            return Settlement(None, keep=surplus, held_quantity=wanted, attention=attention)
        return Settlement(OrderEvent.RETURN, returned_quantity=returned)
    event = OrderEvent.FILL_PART if missing else OrderEvent.FILL
    return Settlement(event, deliver, surplus, returned, held, attention)


def _promised(wanted: int, report: SupplierOrder) -> int:
    """How many codes the report speaks of; where it leaves that out, its status tells."""
    if report.fulfilled_quantity is not None:
        return report.fulfilled_quantity
    if report.status is SupplierStatus.FULFILLED:
        return wanted
    return len(report.cards) or (0 if report.status is SupplierStatus.REFUNDED else 1)


def _contradiction(report: SupplierOrder, wanted: int) -> Settlement:
    return Settlement(
        None, keep=report.cards, held_quantity=wanted, attention=Attention.CONTRADICTION
    )


def _reason(*, already_known: Collection[int], surplus: tuple[Card, ...]) -> Attention:
    if already_known:
        return Attention.DUPLICATE_CODE
    return Attention.SURPLUS if surplus else Attention.CONTRADICTION
