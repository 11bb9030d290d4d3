"""Updates made from the specification: every optional field present or absent, every shape of a union.

A generator with the same seed makes the same updates. `covered` tells which fields were there and which were left out.
People are drawn from a pool that leaves the witness out: what is generated never speaks for them.
"""

import random
import re
from collections import Counter
from typing import Any

from handlers.callback_data import VERBS
from tests.outsiders.specification import members, types

PEOPLE = tuple(range(10_001, 10_061))
MANAGER, SUPPORT, FORMER, BANNED = PEOPLE[:4]
_BOTS = (7_000_000_001, 1_087_968_824)  # the shop itself, and Telegram's anonymous administrator
GROUPS = (-100_200_300, -1_001_234_567_890)
_DEPTH = 8  # below it optional fields are left out, and unions take their plainest shape
_OFTEN = ("message", "message", "message", "callback_query", "pre_checkout_query")
_TEXTS = (
    "",
    "hi",
    "/start",
    "/start p_1",
    "/orders",
    "/search a b",
    "/paysupport x",
    "/nothing",
    "2",
    "٣",
    "2000 DA",
    "شكرا",
    "\u202e/start\u202c",
    "\u200f/wallet",
    "👾" * 40,
    "a\nb\tc\u0000d",
    "x" * 4096,
    "half a pair \ud83d",
    "-1",
    "<b>&amp;",
    "/user 10005",
    "/credit 10005 50 cash",
    "/team",
    "/stats",
    "/pause",
    "/news",
    "/stock",
)
_DATA = (
    "home",
    "wallet:0",
    "orders:0",
    "order:1",
    "buy:1",
    "show:1",
    "cat:1:0",
    "prod:1",
    "shelf:games-pc:0",
    "brand:steam:0",
    "brand:c1:0",
    "find",
    "worth:steam:2000",
    "face:1:2000",
    "",
    "x" * 64,
)
_ARGUMENTS = ("1", "10005", "shop", "prices", "support", "en", "steam", "p", "n", "0")


def _pressed(verb: str) -> str:
    """Data of a button with this verb."""
    found = [next(a for a in _ARGUMENTS if re.fullmatch(one, a)) for one in VERBS[verb]]
    return ":".join([verb, *found])


_BUTTONS = tuple(map(_pressed, VERBS))  # those behind the counter too, whoever presses them
_MOMENT = 1_795_600_000


class Generator:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.covered: Counter[tuple[str, str, bool]] = Counter()
        self._turns: Counter[str] = Counter()
        self._ids = 0

    def update(self, update_id: int) -> dict[str, Any]:
        """One update, of a kind that is due or of a frequent one."""
        fields = types()["Update"]["fields"]
        kinds = [name for name in fields if name != "update_id"]
        kind = (
            self.chance.choice(_OFTEN)
            if self.chance.random() < 0.6
            else self._turn("Update", kinds)
        )
        self.covered["Update", kind, True] += 1
        return {"update_id": update_id, kind: self._make(fields[kind]["type"], kind, 1)}

    def _turn(self, of: str, choices: list[Any]) -> Any:
        """Each choice in its turn, so that none is left to chance."""
        self._turns[of] += 1
        return choices[self._turns[of] % len(choices)]

    def _make(self, names: list[str], field: str, depth: int) -> Any:
        name = names[0] if len(names) == 1 else self._turn("|".join(names), names)
        if name.startswith("Array of "):
            inner = name.removeprefix("Array of ")
            names = [inner] if inner.startswith("Array of ") else inner.split(" or ")
            count = self.chance.choice((0, 1, 1, 2, 3)) if depth <= _DEPTH else 0
            return [self._make(names, field, depth) for _ in range(count)]
        if name not in types():
            return self._plain(name, field)
        return self._shape(name, depth)

    def _shape(self, name: str, depth: int) -> Any:
        described = types()[name]
        if "one_of" not in described:
            return self._object(name, depth)
        if depth > _DEPTH and "String" in described["one_of"]:
            return self._plain("String", "text")
        if name == "MaybeInaccessibleMessage" and depth > _DEPTH:
            return self._object("InaccessibleMessage", depth)
        shapes = described["one_of"] if "String" in described["one_of"] else members(name)
        return self._make([self._turn(name, shapes)], name, depth)

    def _object(self, name: str, depth: int) -> dict[str, Any]:
        fields = types()[name]["fields"]
        optional = [f for f, d in fields.items() if not d.get("required")]
        due = self._turn(name, [*optional, ""])
        share = min(0.5, 3 / len(optional)) if optional and depth <= _DEPTH else 0.0
        made: dict[str, Any] = {}
        for field, described in fields.items():
            there = bool(described.get("required")) or self.chance.random() < share
            there = there or (field == due and depth <= _DEPTH)
            self.covered[name, field, there] += 1
            if there:
                made[field] = self._field(described, field, depth)
        return self._fitting(name, made, depth)

    def _field(self, described: dict[str, Any], field: str, depth: int) -> Any:
        if "one_of" in described:
            return self.chance.choice(described["one_of"])
        value = self._make(described["type"], field, depth + 1)
        if "limits" not in described:
            return value
        if value == []:
            value.append(
                self._make([described["type"][0].removeprefix("Array of ")], field, depth + 1)
            )
        return _within(described["limits"], value)

    def _plain(self, name: str, field: str) -> Any:
        if name == "Integer":
            return self._number(field)
        if name == "Float":
            return self.chance.choice((0, 0.5, -36.75))
        if name == "String":
            return self._text(field)
        return True if name == "True" else self.chance.random() < 0.5

    def _number(self, field: str) -> int:
        if field.endswith(("date", "time")):
            return _MOMENT + self.chance.randrange(10**6)
        if field in ("message_id", "amount", "total_amount"):
            self._ids += 1
            return self._ids if field == "message_id" else self.chance.randrange(1, 5000)
        if field.endswith(("id", "ids", "size")):
            return self.chance.choice((1, 7, 2**31, 2**40, 2**52 - 1))
        return self.chance.choice((0, 1, 2, 7, 100, 2**31 - 1))  # the server's other numbers

    def _text(self, field: str) -> str:
        if field == "currency":
            return self.chance.choice(("XTR", "XTR", "EUR"))
        if field == "invoice_payload":
            return self.chance.choice(("payment:1", "payment:999999", "x", "\u202e", "payment:-1"))
        if field == "data":
            return self.chance.choice(self.chance.choice((_DATA, _BUTTONS)))
        if field in ("id", "file_id", "file_unique_id", "telegram_payment_charge_id"):
            self._ids += 1
            return str(10**17 + self._ids)
        return self.chance.choice(_TEXTS)

    def _fitting(self, name: str, made: dict[str, Any], depth: int) -> dict[str, Any]:
        """What sentences about several fields demand."""
        if name == "User":
            made["id"] = self.chance.choice(PEOPLE + _BOTS if depth > 2 else PEOPLE)
            made["is_bot"] = made["id"] in _BOTS
            made["first_name"] = self.chance.choice(("Lina", "", "كريم", "\ud83d"))
        elif name == "Chat":
            private = made["type"] == "private"
            made["id"] = self.chance.choice(PEOPLE if private else GROUPS)
        elif name == "InaccessibleMessage":
            made["date"] = 0
        elif name == "CallbackQuery":
            made.pop(self.chance.choice(("data", "game_short_name")), None)
            if "data" not in made and "game_short_name" not in made:
                made["data"] = self._text("data")
        elif name == "InlineKeyboardButton":
            return {"text": made["text"] or "x", "callback_data": self._text("data") or "x"}
        elif name == "Message":
            self._as_written(made, depth)
        _fit_entities(made)
        return made

    def _as_written(self, made: dict[str, Any], depth: int) -> None:
        """Most messages are of a person, in their private chat; all but posts of channels have a sender."""
        if depth > 2:
            return
        if made["chat"]["type"] == "channel" and self.chance.random() < 0.5:
            made.pop("from", None)
            return
        made.setdefault("from", self._object("User", depth + 1))
        if self.chance.random() < 0.7:
            made["chat"] = {"id": made["from"]["id"], "type": "private", "first_name": "L"}


def _within(limits: list[Any], value: Any) -> Any:
    least, most, unit = limits
    if isinstance(value, str):
        value = value or "x" * least
        while (
            len(value.encode("utf-8" if unit == "bytes" else "utf-16-le", "surrogatepass")) > most
        ):
            value = value[: len(value) // 2]
    elif isinstance(value, list):
        value = (value * least)[:most] if value else value
    elif unit == "value":
        value = least + int(abs(value)) % (most - least + 1)
    return value


def _fit_entities(made: dict[str, Any]) -> None:
    """Entities lie inside of their text, as the server has made sure."""
    for text, entities in (("text", "entities"), ("caption", "caption_entities")):
        if entities in made and isinstance(made.get(text), str):
            end = len(made[text].encode("utf-16-le", "surrogatepass")) // 2
            for mark in made[entities]:
                mark["offset"] %= max(end, 1)
                mark["length"] = 1 + mark["length"] % max(end - mark["offset"], 1)
            if not end:
                made[entities] = []
