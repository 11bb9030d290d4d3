"""Reading what suppliers send: texts, ids, titles, amounts and rows, whatever type they came in."""

import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.errors import SupplierUnavailable

M = TypeVar("M", bound=BaseModel)

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_LONGEST_TITLE = 80
MOST = Decimal(10) ** 10  # a price above this is nonsense, and would not fit a column


def _to_text(value: Any) -> Any:
    """Ids and codes are text, also where a number was sent; kept exactly otherwise."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return "" if value is None else value
    return str(value)


def or_empty(value: Any) -> Any:
    return () if value is None else value


def _clean(value: Any) -> Any:
    """A title of one line: no control characters, none that turn the writing round, not endless."""
    text = _to_text(value)
    if not isinstance(text, str):
        return text
    seen = "".join(c if unicodedata.category(c) not in _UNSEEN else " " for c in text)
    return " ".join(seen.split())[:_LONGEST_TITLE]


def readable(model: type[BaseModel]) -> BeforeValidator:
    """Rows that make no sense are left out: one of them must not hide the others."""

    def keep(rows: Any) -> Any:
        return (
            tuple(readable_rows(model, rows)) if isinstance(rows, list | tuple) else or_empty(rows)
        )

    return BeforeValidator(keep)


Text = Annotated[str, BeforeValidator(_to_text)]
Id = Annotated[str, BeforeValidator(_to_text), Field(max_length=128)]
Title = Annotated[str, BeforeValidator(_clean)]
Amount = Annotated[Decimal, Field(ge=0, le=MOST, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**9)]


class Model(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)


def readable_rows(model: type[M], rows: Sequence[Any]) -> Iterator[M]:
    """Rows that make no sense are left out; an order among them is asked for by itself."""
    for row in rows:
        try:
            yield model.model_validate(row)
        except ValidationError:
            continue


def read(model: type[M], data: Any, request: str) -> M:
    """Raises SupplierUnavailable for what is not of this form."""
    try:
        return model.model_validate(data)
    except ValidationError:
        raise SupplierUnavailable(request, "UNREADABLE") from None
