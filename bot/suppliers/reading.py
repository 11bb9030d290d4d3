"""Tolerant field types for supplier replies: texts, ids, titles, amounts and rows, of any JSON
type."""

import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.errors import SupplierUnavailable

M = TypeVar("M", bound=BaseModel)

_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_MAX_TITLE_LENGTH = 80
MAX_AMOUNT = Decimal(10) ** 10  # a larger price is an error, and would not fit the database column


def _to_text(value: Any) -> Any:
    """Ids and codes are text, also where the supplier sends a number; a text is not changed."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return "" if value is None else value
    return str(value)


def or_empty(value: Any) -> Any:
    return () if value is None else value


def _to_title(value: Any) -> Any:
    """A title of one line and limited length, without control or direction characters."""
    text = _to_text(value)
    if not isinstance(text, str):
        return text
    visible = "".join(
        c if unicodedata.category(c) not in _INVISIBLE_CATEGORIES else " " for c in text
    )
    return " ".join(visible.split())[:_MAX_TITLE_LENGTH]


def readable(model: type[BaseModel]) -> BeforeValidator:
    """Leave out rows that do not match the model: one bad row must not hide the others."""

    def keep(rows: Any) -> Any:
        return (
            tuple(readable_rows(model, rows)) if isinstance(rows, list | tuple) else or_empty(rows)
        )

    return BeforeValidator(keep)


Text = Annotated[str, BeforeValidator(_to_text)]
Id = Annotated[str, BeforeValidator(_to_text), Field(max_length=128)]
Title = Annotated[str, BeforeValidator(_to_title)]
Amount = Annotated[Decimal, Field(ge=0, le=MAX_AMOUNT, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**9)]


class Model(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)


def readable_rows(model: type[M], rows: Sequence[Any]) -> Iterator[M]:
    """Leave out rows that do not match the model; the sweeps ask for a missing order by its id."""
    for row in rows:
        try:
            yield model.model_validate(row)
        except ValidationError:
            continue


def read(model: type[M], data: Any, request: str) -> M:
    """Raises SupplierUnavailable where the data do not match the model."""
    try:
        return model.model_validate(data)
    except ValidationError:
        raise SupplierUnavailable(request, "UNREADABLE") from None
