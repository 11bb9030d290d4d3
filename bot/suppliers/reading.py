"""Tolerant field types for supplier replies.

A field that is needed (an id, a status, a price, a card) is read in every usual form; where it
cannot be read, its row is unreadable, never the whole list. A side field (a date, an amount that is
only compared, a flag) that cannot be read counts as missing. Names of fields that could not be read
are logged, values never.
"""

import json
import logging
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from bot.domain.supplier import Card
from bot.errors import SupplierUnavailable
from bot.suppliers.values import (
    MAX_AMOUNT,
    as_count,
    as_decimal,
    as_flag,
    as_instant,
    as_stock,
    as_text,
    is_encodable,
    is_plain,
)

_log = logging.getLogger(__name__)

M = TypeVar("M", bound=BaseModel)

_INVISIBLE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# A code of which only a part is shown: ****-****-1234. XXXX-XXXX-1234 may be a whole one, of a supplier's tests.
_MASKED: Final = re.compile(r"[*\u2022\u2217\u25cf\uff0a]{3}")
_MAX_TITLE_LENGTH: Final = 80
_MAX_ID_LENGTH: Final = 128
_IDS_OF_OBJECTS: Final = ("_id", "id", "$oid")
# What a program writes where it has no id: `undefined` in a path asks about nobody's order.
_NO_IDS: Final = frozenset({"undefined", "null", "none", "nan", "nil", "[object object]"})


def note_odd(info: ValidationInfo) -> None:
    """Remember that a field could not be read, for the log."""
    if isinstance(info.context, dict):
        info.context.setdefault(info.field_name or "?", None)


def _needed_text(value: Any) -> str:
    text = as_text(value)
    if text is None:
        raise ValueError("not a text")
    return text


def _part_text(value: Any) -> str:
    """As a needed text; an empty list or object is what some suppliers write for nothing."""
    return "" if value in ([], {}) else _needed_text(value)


def _side_text(value: Any, info: ValidationInfo) -> str:
    """Empty for what cannot be stored or shown: with it, a good code would be unreadable."""
    text = as_text(value)
    if text is None or not is_encodable(text):
        note_odd(info)
        return ""
    return text


def _id(value: Any) -> str:
    """An object counts as its own id: some answers hold the whole product in the place of its id."""
    if isinstance(value, dict):
        value = next((value[name] for name in _IDS_OF_OBJECTS if name in value), None)
    text = _needed_text(value)
    is_told = text.strip().lower() not in ("", *_NO_IDS)
    if not is_told or len(text) > _MAX_ID_LENGTH or not is_plain(text):
        raise ValueError("not an id")
    return text


def is_id(value: Any) -> bool:
    """Whether a value can be read as an id."""
    try:
        _id(value)
    except ValueError:
        return False
    return True


def _side_id(value: Any, info: ValidationInfo) -> str:
    if is_id(value):
        return _id(value)
    if value != "":
        note_odd(info)
    return ""


def _one_line(text: str) -> str:
    visible = "".join(
        c if unicodedata.category(c) not in _INVISIBLE_CATEGORIES else " " for c in text
    )
    return " ".join(visible.split())[:_MAX_TITLE_LENGTH].strip()


def _title(value: Any) -> str:
    title = _one_line(_needed_text(value))
    if not title:
        raise ValueError("not a title")
    return title


def _side_title(value: Any, info: ValidationInfo) -> str:
    text = as_text(value)
    if text is None:
        note_odd(info)
    return _one_line(text or "")


def _price(value: Any) -> Decimal:
    amount = as_decimal(value)
    if amount is None or not 0 <= amount <= MAX_AMOUNT:
        raise ValueError("not a price")
    return amount


def _signed(value: Any) -> Decimal:
    amount = as_decimal(value)
    if amount is None or abs(amount) > MAX_AMOUNT:
        raise ValueError("not an amount")
    return amount


def _side(read_value: Callable[[Any], Any], most: Decimal | None = None) -> BeforeValidator:
    """A side field: None where it cannot be read, or with `most`, is not between 0 and that."""

    def keep(value: Any, info: ValidationInfo) -> Any:
        if value is None or value == "":
            return None
        found = read_value(value)
        if found is not None and most is not None and not 0 <= found <= most:
            found = None
        if found is None:
            note_odd(info)
        return found

    return BeforeValidator(keep)


# Needed: a value that cannot be read makes its row unreadable.
Text = Annotated[str, BeforeValidator(_needed_text)]
PartText = Annotated[str, BeforeValidator(_part_text)]  # of a code that may lack this part
Id = Annotated[str, BeforeValidator(_id)]
Title = Annotated[str, BeforeValidator(_title)]
Price = Annotated[Decimal, BeforeValidator(_price)]
SignedAmount = Annotated[Decimal, BeforeValidator(_signed)]
# Side fields: missing where they cannot be read.
SideText = Annotated[str, BeforeValidator(_side_text)]
SideId = Annotated[str, BeforeValidator(_side_id)]
SideTitle = Annotated[str, BeforeValidator(_side_title)]
SideAmount = Annotated[Decimal | None, _side(as_decimal, MAX_AMOUNT)]
SideCount = Annotated[int | None, _side(as_count)]
SideStock = Annotated[int | None, _side(as_stock)]
SideFlag = Annotated[bool | None, _side(as_flag)]
SideInstant = Annotated[datetime | None, _side(as_instant)]


class Model(BaseModel):
    """A JSON object of a supplier. A field that is null counts as missing."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Rows(Generic[M]):
    """The rows of a list that can be read, and how many cannot."""

    found: tuple[M, ...]
    unreadable: int

    @property
    def make_no_sense(self) -> bool:
        """Whether the list has rows, and none of them can be read."""
        return self.unreadable > 0 and not self.found


def read_rows(model: type[M], rows: Sequence[Any], request: str) -> Rows[M]:
    """Read each row by itself: one that cannot be read hides only itself."""
    found: list[M] = []
    odd: dict[str, None] = {}
    for row in rows:
        try:
            found.append(model.model_validate(row, context=odd))
        except ValidationError:
            continue
    unreadable = len(rows) - len(found)
    _log_odd(model, request, odd)
    if unreadable:
        _log.warning("%s: %d of %d rows cannot be read", request, unreadable, len(rows))
    return Rows(tuple(found), unreadable)


def without_conflicts(
    rows: Rows[M],
    request: str,
    id_of: Callable[[M], str],
    *,
    bought: Callable[[M], object],
    stock: Callable[[M], int],
) -> Rows[M]:
    """Leave out rows of one id that tell different things of what is `bought`: nobody knows which it would bring.

    Of those that differ in their stock alone, the one with the lowest counts.
    """
    by_id: dict[str, list[M]] = {}
    for row in rows.found:
        by_id.setdefault(id_of(row), []).append(row)
    agreeing = [same for same in by_id.values() if all(bought(r) == bought(same[0]) for r in same)]
    found = tuple(min(same, key=stock) for same in agreeing)
    odd = len(rows.found) - sum(map(len, agreeing))
    if odd:
        _log.warning("%s: %d rows have the id of another one, and are not used", request, odd)
    return Rows(found, rows.unreadable + odd)


def read(model: type[M], data: Any, request: str) -> M:
    """Raises SupplierUnavailable where a needed field is missing or cannot be read."""
    odd: dict[str, None] = {}
    try:
        found = model.model_validate(data, context=odd)
    except ValidationError:
        raise SupplierUnavailable(request, "UNREADABLE") from None
    _log_odd(model, request, odd)
    return found


def _log_odd(model: type[BaseModel], request: str, odd: dict[str, None]) -> None:
    if odd:
        _log.info("%s: fields of %s cannot be read: %s", request, model.__name__, ", ".join(odd))


@dataclass(frozen=True, slots=True)
class Cards:
    """`unreadable`: what cannot be read as a code, as JSON in the `value` of a card.

    The JSON names its order, so that equal nonsense in two orders is not the same code.
    """

    found: tuple[Card, ...] = ()
    unreadable: tuple[Card, ...] = ()


def read_cards(
    sent: Any,
    read_card: Callable[[Any], Card | None],
    supplier_order_id: str,
    *,
    in_list: bool = False,
) -> Cards:
    """Read each card by itself. `read_card` returns None for one that it cannot read.

    A card with half of a surrogate pair is not readable either: nobody could type it. Nor is one that
    is shown in part only; `in_list`: it is left out, and the order's own answer may show all of it.
    """
    if sent is None or sent in ("", (), [], {}):
        return Cards()
    if not isinstance(sent, list | tuple):
        return Cards(unreadable=(_as_json(sent, supplier_order_id),))
    found, unreadable = [], []
    for each in sent:
        card = read_card(each)
        if in_list and card is not None and any(map(_MASKED.search, card.texts)):
            continue
        is_masked = card is not None and any(map(_MASKED.search, (card.value, card.pin)))
        if card is None or is_masked or not all(map(is_encodable, card.texts)):
            unreadable.append(_as_json(each, supplier_order_id))
        else:
            found.append(card)
    return Cards(tuple(found), tuple(unreadable))


def _as_json(sent: Any, supplier_order_id: str) -> Card:
    """ASCII only, so that it can be stored whatever was sent."""
    kept = {"order": supplier_order_id, "sent": sent}
    return Card(value=json.dumps(kept, ensure_ascii=True, default=str))
