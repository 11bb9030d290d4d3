"""The callback data of buttons, `verb:arg[:arg]`.

What comes back may be forged, so it is checked.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.errors import NotFound

LIMIT_BYTES: Final = 64

_ID = r"\d{1,15}"
_WORD = r"[a-z0-9]{1,12}"
_REASON = r"[a-z_]{1,12}"

VERBS: Final[dict[str, tuple[str, ...]]] = {
    "home": (),
    "cat": (_ID, _ID),  # category, page
    "prod": (_ID,),
    "den": (_ID,),
    "sold": (_ID,),
    "remind": (_ID,),  # 1: remind before codes expire, 0: do not
    "link": (_ID, _ID),  # alias product, primary product
    "qty": (_ID, _ID),  # denomination, how many
    "buy": (_ID,),  # quote
    "orders": (_ID,),  # page
    "order": (_ID,),
    "show": (_ID,),
    "hide": (_ID,),
    "wallet": (_ID,),  # page
    "topup": (),
    "ways": (_WORD,),  # payment method
    "top": (_WORD, _ID),  # payment method, amount in whole dinars
    "type": (_WORD,),  # payment method: ask for the amount
    "pay": (_ID, _WORD),  # order, payment method
    "paid": (_ID,),  # payment
    "cancel": (_ID,),  # order
    "case": (),
    "langs": (),
    "lang": (_WORD,),
    "stats": (_WORD,),
    "refund": (_ID, _ID),  # action (refund of an order), 1 to confirm or 0 to drop it
    "circuit": (_WORD,),  # supplier
    "resume": (),
    "value": (_ID,),  # denomination to sell again though its cost was in doubt
    "inbox": (),
    "again": (),  # try the items again that fail
    "credit": (_ID, _ID),  # action (large credit), 1 to confirm or 0 to drop it
    "payment": (_ID,),
    "accept": (_ID,),  # payment
    "other": (_ID,),  # payment: ask for the amount that came
    "reject": (_ID,),  # payment
    "why": (_ID, _REASON),  # payment, reason of the rejection
    "return": (_ID,),  # payment to refund
    "back": (_ID, _ID),  # action (refund of a payment), 1 to confirm or 0 to drop it
    "actions": (_ID,),  # page
    "method": (_WORD,),  # payment method to offer again
    "settled": (_ID,),  # case to close
}


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button: its verb and the arguments, which match VERBS."""

    verb: str
    args: tuple[str, ...]

    def number(self, position: int = 0) -> int:
        """The argument at this position as a number."""
        return int(self.args[position])


def pack(verb: str, *args: int | str) -> str:
    """The callback data of a button. Raises ValueError for data that `parse` would refuse."""
    data = ":".join([verb, *map(str, args)])
    pattern = VERBS[verb]
    if len(args) != len(pattern) or not all(
        re.fullmatch(p, str(a), re.ASCII) for p, a in zip(pattern, args, strict=True)
    ):
        raise ValueError(f"not a button of the shop: {data}")
    if len(data.encode()) > LIMIT_BYTES:
        raise ValueError(f"over {LIMIT_BYTES} bytes: {data}")
    return data


def parse(data: str | None) -> Press:
    """Read the callback data of a press. Raises NotFound for data that `pack` would not make.

    Buttons of older versions, which lack the page number, show the first page.
    """
    verb, *args = (data or "").split(":")
    pattern = VERBS.get(verb)
    if pattern is None:
        raise NotFound
    if len(args) == len(pattern) - 1 and verb in ("cat", "wallet"):
        args = [*args, "0"]
    if len(args) != len(pattern) or not all(
        re.fullmatch(p, a, re.ASCII) for p, a in zip(pattern, args, strict=True)
    ):
        raise NotFound
    return Press(verb, tuple(args))


def pattern_of(verb: str) -> str:
    """A regular expression for CallbackQueryHandler."""
    return rf"^{verb}(:|$)"
