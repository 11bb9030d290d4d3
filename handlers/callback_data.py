"""What buttons carry: `verb:arg[:arg]`, ids of ours only. Whatever comes back is a stranger's input."""

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
    "remind": (_ID,),  # 1: before codes expire, 0: never
    "link": (_ID, _ID),  # the product that follows, the one that is_primary
    "qty": (_ID, _ID),  # denomination, how many
    "buy": (_ID,),  # quote
    "orders": (_ID,),  # page
    "order": (_ID,),
    "show": (_ID,),
    "hide": (_ID,),
    "wallet": (_ID,),  # page
    "topup": (),
    "ways": (_WORD,),  # a way to pay
    "top": (_WORD, _ID),  # way, whole dinars
    "type": (_WORD,),  # way: the amount is to be typed
    "pay": (_ID, _WORD),  # order, way
    "paid": (_ID,),  # payment
    "cancel": (_ID,),  # order
    "case": (),
    "langs": (),
    "lang": (_WORD,),
    "stats": (_WORD,),
    "refund": (_ID, _ID),  # action, 1 to carry out or 0 to leave it
    "circuit": (_WORD,),
    "resume": (),
    "inbox": (),
    "credit": (_ID, _ID),  # action, 1 to carry out or 0 to leave it
    "payment": (_ID,),
    "accept": (_ID,),  # payment
    "other": (_ID,),  # payment: another amount is to be typed
    "reject": (_ID,),  # payment
    "why": (_ID, _REASON),  # payment, why it is rejected
    "return": (_ID,),  # payment
    "back": (_ID, _ID),  # action, 1 or 0
    "actions": (_ID,),  # page
    "method": (_WORD,),
    "settled": (_ID,),  # case
}


@dataclass(frozen=True, slots=True)
class Press:
    verb: str
    args: tuple[str, ...]

    def number(self, position: int = 0) -> int:
        return int(self.args[position])


def pack(verb: str, *args: int | str) -> str:
    """The data of a button. Raises ValueError for what `parse` would not take back."""
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
    """Raises NotFound for anything that no screen of ours could have carried."""
    verb, *args = (data or "").split(":")
    pattern = VERBS.get(verb)
    if pattern is None:
        raise NotFound
    if len(args) == len(pattern) - 1 and verb in ("cat", "wallet"):
        args = [*args, "0"]  # the first page
    if len(args) != len(pattern) or not all(
        re.fullmatch(p, a, re.ASCII) for p, a in zip(pattern, args, strict=True)
    ):
        raise NotFound
    return Press(verb, tuple(args))


def pattern_of(verb: str) -> str:
    """A regular expression for CallbackQueryHandler."""
    return rf"^{verb}(:|$)"
