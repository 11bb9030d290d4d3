"""All steps of a rehearsal, in the order in which they are played."""

from collections.abc import Collection, Sequence
from typing import Final

from bot.domain.payments import Method
from bot.rehearsal import payment_steps, supplier_steps, telegram_steps
from bot.rehearsal.steps import Need, Step

STEPS: Final[Sequence[Step]] = (
    *supplier_steps.STEPS,
    *telegram_steps.STEPS,
    *payment_steps.STEPS,
    supplier_steps.LAST_STEP,
)
BY_KEY: Final = {step.key: step for step in STEPS}
QUESTIONS: Final = frozenset(
    {question.key for step in STEPS for question in step.questions}
    | {step.confirmation for step in STEPS if step.confirmation}
)
_METHODS: Final = {
    Need.STARS: Method.STARS,
    Need.OCPAY: Method.OCPAY,
    Need.CHARGILY: Method.CHARGILY,
}


def is_possible(need: Need, suppliers: Collection[str], methods: Collection[Method]) -> bool:
    """Whether steps with this need can be played with what is set up."""
    if need is Need.TELEGRAM:
        return True
    if need is Need.CODES:
        return bool(suppliers)
    return _METHODS[need] in methods if need in _METHODS else need in suppliers
