"""The Bot API as its documentation describes it (data/bot_api.json), and whether a value agrees with it.

Stricter than the real server, which ignores unknown parameters and clamps numbers: what is not in the documentation
is a mistake of whoever sends it. A problem is a line that says where it is: `sendMessage.reply_markup.inline_keyboard[0][1].style`.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data" / "bot_api.json"
_PLAIN = {"Integer", "Float", "String", "Boolean", "True", "InputFile"}
_LARGEST = 2**53  # "at most 52 significant bits", and a double holds them

# Written out in descriptions of whole types, where no field says it: exactly one of these.
_EXACTLY_ONE = {
    "InlineKeyboardButton": {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
        "disabled",
    },
    "CallbackQuery": {"data", "game_short_name"},
}
# The official server also sends fields that the documentation no longer names (read from its source, Client.cpp).
_STILL_SENT = {
    "Chat": {
        "all_members_are_administrators": "Boolean",
        "accepted_gift_types": "AcceptedGiftTypes",
    },
    "Message": {
        "forward_from": "User",
        "forward_from_chat": "Chat",
        "forward_from_message_id": "Integer",
        "forward_signature": "String",
        "forward_sender_name": "String",
        "forward_date": "Integer",
        "new_chat_participant": "User",
        "new_chat_member": "User",
        "left_chat_participant": "User",
        "user_shared": "UserShared",
        "voice_chat_scheduled": "VideoChatScheduled",
        "voice_chat_started": "VideoChatStarted",
        "voice_chat_ended": "VideoChatEnded",
        "voice_chat_participants_invited": "VideoChatParticipantsInvited",
    },
    "Document": {"thumb": "PhotoSize"},
    "Video": {"thumb": "PhotoSize"},
    "UserShared": {"request_id": "Integer", "user_id": "Integer"},
}
# Documented as a Message, and sent as an InaccessibleMessage where that message is gone.
_MAY_BE_GONE = {
    "reply_to_message",
    "suggested_post_message",
    "checklist_message",
    "giveaway_message",
}
# The field that tells the types of a union apart.
_TELLING = ("type", "status", "source")


class Upload:
    """Stands for the content of a file in a request: an InputFile."""


@cache
def _parts() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(_DATA.read_text())
    for name, sent in _STILL_SENT.items():
        fields = made["types"].setdefault(name, {"fields": {}})["fields"]
        fields.update({field: {"type": [kind]} for field, kind in sent.items()})
    for described in made["types"].values():
        for field in _MAY_BE_GONE & described.get("fields", {}).keys():
            described["fields"][field]["type"] = ["MaybeInaccessibleMessage"]
    return made


def types() -> dict[str, Any]:
    return _parts()["types"]


def methods() -> dict[str, Any]:
    return _parts()["methods"]


def check_request(method: str, values: dict[str, Any]) -> list[str]:
    """What is wrong with the parameters of a call. An uploaded file is an `Upload`."""
    described = methods().get(method)
    if described is None:
        return [f"{method}: no such method"]
    found = list(_check_fields("", described["fields"], values))
    if method == "sendInvoice" and values.get("currency") == "XTR":
        found += _check_stars(values)
    found += _check_entities(values)
    return [f"{method}{problem}" for problem in found]


def check_result(method: str, result: Any) -> list[str]:
    """What is wrong with what a call returned."""
    return [f"{method} → {p}" for p in check(methods()[method]["returns"], result)]


def check_update(update: Any) -> list[str]:
    return check(["Update"], update)


def check(names: list[str], value: Any, where: str = "") -> list[str]:
    """Problems of a value that should be of one of these types; of the nearest one, if of none."""
    if len(names) == 1:
        return list(_check_type(names[0], value, where))
    tried = [list(_check_type(name, value, where)) for name in _candidates(names, value)]
    return min(tried, key=len) if tried else [f"{where}: is none of {', '.join(names)}"]


def members(name: str) -> list[str]:
    """The types that a union can be; of any other type, itself."""
    described = types().get(name, {})
    return (
        [m for one in described["one_of"] for m in members(one)]
        if "one_of" in described
        else [name]
    )


def _candidates(names: list[str], value: Any) -> list[str]:
    """The types that the telling field of an object points to; all, where nothing tells."""
    every = [member for name in names for member in members(name)]
    if not isinstance(value, dict):
        return every
    if "InaccessibleMessage" in every and "Message" in every:  # "Always 0", and "always positive"
        return ["InaccessibleMessage" if value.get("date") == 0 else "Message"]
    for telling in _TELLING:
        told = [n for n in every if value.get(telling) in _allowed(n, telling)]
        if told:
            return told
    return every


def _allowed(name: str, field: str) -> list[Any]:
    described = types().get(name, {}).get("fields", {}).get(field, {})
    return described.get("one_of", [])


def _check_type(name: str, value: Any, where: str) -> Iterator[str]:
    if name.startswith("Array of "):
        yield from _check_list(name.removeprefix("Array of "), value, where)
    elif name in _PLAIN:
        if not _is_plain(name, value):
            yield f"{where}: {name} expected, not {_short(value)}"
    elif "one_of" in types()[name]:
        yield from check(types()[name]["one_of"], value, where)
    elif not isinstance(value, dict):
        yield f"{where}: {name} expected, not {_short(value)}"
    else:
        yield from _check_fields(where, types()[name]["fields"], value)
        yield from _check_together(name, value, where)


def _check_list(of: str, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{where}: a list of {of} expected, not {_short(value)}"
        return
    names = [of] if of.startswith("Array of ") else of.split(" or ")
    for index, item in enumerate(value):
        yield from check(names, item, f"{where}[{index}]")


def _is_plain(name: str, value: Any) -> bool:
    if name == "Integer":
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST
    if name == "Float":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if name == "String":
        return isinstance(value, str)
    if name == "InputFile":
        return isinstance(value, Upload)
    return value is True or (name == "Boolean" and value is False)


def _check_fields(prefix: str, fields: dict[str, Any], value: dict[str, Any]) -> Iterator[str]:
    for name, described in fields.items():
        if name in value:
            yield from _check_field(described, value[name], f"{prefix}.{name}")
        elif described.get("required"):
            yield f"{prefix}.{name}: is missing"
    for name in value.keys() - fields.keys():
        yield f"{prefix}.{name}: is not in the documentation"


def _check_field(described: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    found = check(described["type"], value, where)
    yield from found
    if found:
        return
    if "one_of" in described and value not in described["one_of"]:
        yield f"{where}: {_short(value)} is none of {described['one_of']}"
    if "limits" in described:
        least, most, unit = described["limits"]
        size = _size(value, unit)
        if size is not None and not least <= size <= most:
            yield f"{where}: {size} {unit}, allowed are {least} to {most}"


def _size(value: Any, unit: str) -> float | None:
    if isinstance(value, str):  # 4096 code points or UTF-16 units: the smaller number is safe
        return len(value.encode("utf-8" if unit == "bytes" else "utf-16-le", "surrogatepass")) // (
            1 if unit == "bytes" else 2
        )
    if isinstance(value, list):
        return len(value)
    return value if unit == "value" and isinstance(value, int | float) else None


def _check_together(name: str, value: dict[str, Any], where: str) -> Iterator[str]:
    if name in _EXACTLY_ONE:
        given = sorted(_EXACTLY_ONE[name] & value.keys())
        if len(given) != 1:
            yield f"{where}: exactly one action expected, given are {given}"
    if name == "Update" and len(given := sorted(value.keys() - {"update_id"})) > 1:
        yield f"{where}: at most one of the optional fields, given are {given}"
    if name == "Message" and value.get("date") == 0:  # 0 is an InaccessibleMessage's
        yield f"{where}.date: always positive in a message"
    for problem in _check_entities(value):
        yield f"{where}{problem}"


def _check_stars(values: dict[str, Any]) -> Iterator[str]:
    """Two sentences of sendInvoice that are about the currency XTR."""
    if values.get("provider_token"):
        yield ".provider_token: must be empty for payments in Telegram Stars"
    if isinstance(prices := values.get("prices"), list) and len(prices) != 1:
        yield ".prices: must contain exactly one item for payments in Telegram Stars"


def _check_entities(value: dict[str, Any]) -> Iterator[str]:
    """Offsets and lengths count UTF-16 code units of the text beside the entities."""
    for text, entities in (("text", "entities"), ("caption", "caption_entities")):
        of, marks = value.get(text), value.get(entities)
        if isinstance(of, str) and isinstance(marks, list):
            end = len(of.encode("utf-16-le", "surrogatepass")) // 2
            for index, mark in enumerate(marks):
                yield from _check_mark(mark, end, f".{entities}[{index}]")


def _check_mark(mark: Any, end: int, where: str) -> Iterator[str]:
    if isinstance(mark, dict) and isinstance(mark.get("offset"), int):
        offset, length = mark["offset"], mark.get("length")
        if isinstance(length, int) and not (offset >= 0 and length > 0 and offset + length <= end):
            yield f"{where}: {offset}+{length} lies outside of a text of {end}"


def _short(value: Any) -> str:
    told = repr(value)
    return told if len(told) <= 60 else told[:57] + "…"
