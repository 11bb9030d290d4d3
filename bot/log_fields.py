"""Fields of log lines: which update, order or supplier the present task is about. `bot.log` writes them.

No field names a customer.
"""

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import Context, ContextVar
from typing import Final

_NONE: Final[Mapping[str, str | int]] = {}
_fields: ContextVar[Mapping[str, str | int]] = ContextVar("fields of log lines", default=_NONE)


@contextlib.contextmanager
def log_fields(
    *, update: int | None = None, order: int | None = None, supplier: str | None = None
) -> Iterator[None]:
    """What is logged in this block, and in tasks begun in it, has these fields.

    Those that are None stay as they are around the block.
    """
    given = {"update": update, "order": order, "supplier": supplier}
    token = _fields.set(
        {**_fields.get(), **{name: value for name, value in given.items() if value is not None}}
    )
    try:
        yield
    finally:
        _fields.reset(token)


def context_with_supplier() -> Context:
    """A new context, which takes nothing of the present one along but the supplier in the log."""
    context, supplier = Context(), _fields.get().get("supplier")
    if supplier is not None:
        context.run(_fields.set, {"supplier": supplier})
    return context


def present_fields() -> Mapping[str, str | int]:
    return _fields.get()
