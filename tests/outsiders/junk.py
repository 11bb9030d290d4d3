"""What no Telegram would send, and what a proxy, a bug or next year's Telegram might: bytes of an update, spoilt."""

import json
import random
from collections.abc import Callable
from typing import Any

Update = dict[str, Any]
_STRANGE_VALUES: tuple[Any, ...] = (
    None,
    True,
    [],
    {},
    "x",
    -1,
    2**63,
    10**40,
    1.5,
    [[]],
    {"id": []},
)
_DEEP = 400
NO_ID: tuple[bytes, ...] = (
    b'{"message":{}}',
    b'{"update_id":null}',
    b'{"update_id":"7"}',
    b'{"update_id":true}',
    b'{"update_id":1.5}',
    b'{"update_id":-3}',
    b'{"update_id":99999999999999999999}',
    b"null",
    b"[]",
    b'"update"',
    b"{}",
)


def spoil(update: Update, chance: random.Random) -> bytes:
    """The bytes of this update with one fault; its `update_id` stays as it is."""
    return chance.choice(FAULTS)(json.loads(json.dumps(update)), chance)


def places(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of every value inside, except the update's own id."""
    found: list[tuple[Any, Any]] = []
    todo = [value]
    while todo:
        one = todo.pop()
        pairs = one.items() if isinstance(one, dict) else enumerate(one)
        for key, inner in pairs:
            if key != "update_id":
                found.append((one, key))
            if isinstance(inner, dict | list):
                todo.append(inner)
    return found


def _put(update: Update, chance: random.Random, value: Any) -> bytes:
    container, key = chance.choice(places(update))
    container[key] = value
    return json.dumps(update).encode()


def wrong_type(update: Update, chance: random.Random) -> bytes:
    return _put(update, chance, chance.choice(_STRANGE_VALUES))


def huge_number(update: Update, chance: random.Random) -> bytes:
    numbers = [(c, k) for c, k in places(update) if type(c[k]) is int]
    if not numbers:  # such as a poll's answer that names nobody
        return wrong_type(update, chance)
    container, key = chance.choice(numbers)
    container[key] = chance.choice((2**53, 2**63, -(2**63) - 1, 10**30, 253_402_300_800))
    return json.dumps(update).encode()


def missing(update: Update, chance: random.Random) -> bytes:
    fields = [(c, k) for c, k in places(update) if isinstance(c, dict) and c is not update]
    if fields:
        container, key = chance.choice(fields)
        del container[key]
    return json.dumps(update).encode()


def half_a_pair(update: Update, chance: random.Random) -> bytes:
    for container, key in places(update):
        if isinstance(container[key], str) and chance.random() < 0.5:
            container[key] += "\ud83d"
    return json.dumps(update).encode()


def deep(update: Update, chance: random.Random) -> bytes:
    value: Any = "end"
    for _ in range(_DEEP):
        value = [value] if chance.random() < 0.5 else {"reply_to_message": value}
    return _put(update, chance, value)


def raw_bytes(update: Update, chance: random.Random) -> bytes:
    """The server writes some texts of clients as they came: they need not be UTF-8."""
    mark = "MARK"
    texts = [(c, k) for c, k in places(update) if isinstance(c[k], str)] or [(update, "x")]
    container, key = chance.choice(texts)
    container[key] = mark
    return json.dumps(update).encode().replace(mark.encode(), b"buy:\xff\xfe\x80")


def not_a_number(update: Update, chance: random.Random) -> bytes:
    return _put(update, chance, float(chance.choice(("nan", "inf"))))


def unknown_kind(update: Update, _chance: random.Random) -> bytes:
    return json.dumps({"update_id": update["update_id"], "kind_of_next_year": {"x": 1}}).encode()


def nothing_but_an_id(update: Update, _chance: random.Random) -> bytes:
    return json.dumps({"update_id": update["update_id"]}).encode()


FAULTS: tuple[Callable[[Update, random.Random], bytes], ...] = (
    wrong_type,
    wrong_type,
    wrong_type,
    huge_number,
    missing,
    missing,
    half_a_pair,
    deep,
    raw_bytes,
    not_a_number,
    unknown_kind,
    nothing_but_an_id,
)
