"""What a supplier's offer changes in the rows of a product and its denominations."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, Update, bindparam, update

from bot.domain.catalogue import HoldReason
from bot.domain.pricing import fell_too_far
from bot.domain.supplier import OfferedDenomination
from storage.tables import denominations, products

# Built once: every answer about prices runs it.
SET_PRICED: Final = (
    update(products)
    .where(products.c.id == bindparam("of_id"))
    .values(priced_at=bindparam("asked_at"))
)


@cache
def changing(names: tuple[str, ...]) -> Update:
    """Give rows of denominations, `of_id`, new values of these columns, each as `new_` and its name."""
    which = denominations.c.id == bindparam("of_id")
    return update(denominations).where(which).values({n: bindparam(f"new_{n}") for n in names})


# No question of a price waits so long: a later moment comes from a clock that was wrong.
_LONGEST_QUESTION: Final = timedelta(minutes=10)
# Times are stored so: an answer is not older than itself.
ROUNDED: Final = timedelta(milliseconds=1)


def is_since(asked_at: datetime, moment: datetime) -> bool:
    """Whether that moment came while a question that was asked then may have been under way."""
    return asked_at <= moment <= asked_at + _LONGEST_QUESTION


def price_columns(
    before: Row[Any] | None, item: OfferedDenomination, asked_at: datetime
) -> dict[str, Any]:
    """The columns that a price changes, which was asked at that time; `before`: the stored row."""
    if before is None:
        return {"cost_minor": item.cost_minor, "stock": item.stock}
    sold_out = before.sold_out_at
    is_older = sold_out is not None and is_since(asked_at, sold_out)
    values: dict[str, Any] = {"stock": 0 if is_older else item.stock}
    if item.cost_minor <= 0:  # the last real cost stays: the next one is compared with it
        return {"stock": 0}
    if before.held == HoldReason.COST:
        return values | {"held_cost_minor": item.cost_minor}
    if fell_too_far(before.cost_minor, item.cost_minor):
        return values | {"held": HoldReason.COST, "held_cost_minor": item.cost_minor}
    if before.held == HoldReason.DRIFT and item.cost_minor != before.cost_minor:
        values |= {"held": None, "held_cost_minor": None}
    return values | {"cost_minor": item.cost_minor}
