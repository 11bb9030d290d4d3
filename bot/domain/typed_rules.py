"""The one reader of price rules that operators type, in the chat and in files."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.domain.amount_faults import AmountFault, amount_fault
from bot.domain.amounts import DINARS, read_amount
from bot.domain.pricing import Markup

OFF: Final = "off"
LARGEST_PERCENT: Final = Decimal(1000)
_RULE: Final = re.compile(r"([^\s%٪]+)(?:\s*[%٪])?(?:\s+(.+))?")


@dataclass(frozen=True, slots=True)
class TypedRule:
    """What was typed; `markup` None: no rule of its own."""

    markup: Markup | None


def read_typed_rule(text: str) -> TypedRule | None:
    """`7.5`, `7.5 %`, `5 20` (5 percent and 20 dinars) or `off`; None for any other text.

    Raises OtherCurrency where the amount is in another one.
    """
    if text.strip().lower() == OFF:
        return TypedRule(None)
    found = _RULE.fullmatch(text.strip())
    percent = read_amount(found[1]) if found else None
    fixed = read_amount(found[2] or "0") if found else None
    if percent is None or fixed is None or percent.currency:
        return None
    rule = Markup(Decimal(percent.minor) / 100, fixed.within(DINARS))
    in_range = 0 <= rule.percent <= LARGEST_PERCENT and rule.fixed_minor >= 0
    return TypedRule(rule) if in_range else None


def fault_of_amount(text: str) -> AmountFault | None:
    """What is wrong with the amount of such a text; None where its percentage is what is wrong."""
    found = _RULE.fullmatch(text.strip())
    percent = read_amount(found[1]) if found else None
    if found is None or found[2] is None or percent is None or percent.currency:
        return None
    amount = read_amount(found[2])
    if amount is None:
        return amount_fault(found[2]) or AmountFault.MORE
    return AmountFault.BELOW_ZERO if amount.minor < 0 else None
