"""Makes data/bot_api.json from a complete description of the Bot API: only what the validator needs.

    python -m tests.outsiders.extract SCHEMA.json

data/ORIGIN.md says where that description comes from. One type or method stands on one line, so a change of the
Bot API reads as a change of lines.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "bot_api.json"

_RANGE = re.compile(
    r"(?:(?<=[,.;] )|(?<=between )|(?<=include )|(?<=of )|^)"
    r"(\d+)\s?[-–]\s?(\d+)(?: (bytes|Bytes|characters|items|\w+))?"
)
_BETWEEN = re.compile(r"[Mm]ust be between (\d+) and (\d+) if specified")
_AT_MOST = re.compile(r"\b(?:[Uu]p to|At most) (\d+) (characters|items|bytes|commands)\b")
_ALWAYS = re.compile(r"(?:\b[Aa]lways (?:'([a-zA-Z_]+)'|(\d+))|, must be ([a-z_]+))\.?$")
_CHOICE = re.compile(
    r"(?:can be either|must be one of|Must be one of|Currently, can be|can be|Can be|one of) '(?:(?!\. |\.$).)*"
)
_QUOTED = re.compile(r"'([a-zA-Z_/0-9]+)'")


def main() -> None:
    schema = json.loads(Path(sys.argv[1]).read_text())
    items = [item for group in schema["items"] for item in group["children"]]
    types = {i["name"]: _type(i) for i in items if i["category"] == "types"}
    methods = {i["name"]: _method(i, set(types)) for i in items if i["category"] == "methods"}
    lines = [f'"version": {json.dumps(schema["api"]["version"])}']
    for title, part in (("types", types), ("methods", methods)):
        rows = (f"  {json.dumps(name)}: {_dump(what)}" for name, what in sorted(part.items()))
        lines.append(f'"{title}": {{\n' + ",\n".join(rows) + "\n}")
    DATA.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _dump(what: Any) -> str:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"))


def _type(item: dict[str, Any]) -> dict[str, Any]:
    if item["annotations"]:
        return {"fields": {field["name"]: _field(field) for field in item["annotations"]}}
    one_of = re.findall(r"^\s*- (\w+)", item["description"], re.MULTILINE)
    if item["name"] == "RichText":  # its description also says: plain text, or a list of itself
        one_of = ["String", "Array of RichText", *one_of]
    return {"one_of": one_of} if one_of else {"fields": {}}


def _method(item: dict[str, Any], types: set[str]) -> dict[str, Any]:
    fields = {field["name"]: _field(field) for field in item["annotations"]}
    return {"fields": fields, "returns": _returned(item["description"], types)}


def _returned(description: str, types: set[str]) -> list[str]:
    """What a call returns, from the sentences that say so."""
    known = types | {"True", "Integer", "String"}
    found: list[str] = []
    for sentence in re.split(r"(?<=\.)\s", description):
        if re.search(r"\b[Rr]eturn(s|ed)\b", sentence) and "error" not in sentence:
            for array, name in re.findall(r"(Array of )?\b([A-Z]\w+)\b", sentence):
                if name in known and array + name not in found:
                    found.append(array + name)
    return [name for name in found if f"Array of {name}" not in found]


def _field(field: dict[str, Any]) -> dict[str, Any]:
    text = field["description"].strip()
    made: dict[str, Any] = {"type": _names(field["type"])}
    if field["required"]:
        made["required"] = True
    if found := _ALWAYS.search(text):
        word, number, plain = found.groups()
        made["one_of"] = [int(number)] if number else [word or plain]
    elif chosen := _choices(field, text):
        made["one_of"] = chosen
    elif limits := _limits(field["type"], text):
        made["limits"] = limits
    return made


def _names(types: str) -> list[str]:
    """`Array of A, B and C` is a list of any of them; `A or B` is either."""
    if types.startswith("Array of ") and (", " in types or " and " in types):
        inner = re.split(r", | and ", types.removeprefix("Array of "))
        return [f"Array of {' or '.join(inner)}"]
    return types.split(" or ")


def _choices(field: dict[str, Any], text: str) -> list[str]:
    """The words that a text names as the only ones."""
    if field["type"] != "String":
        return []
    if "Choose one" in text:
        return re.findall(r"<em>([a-z_]+)</em>", field["html_description"])
    found = _CHOICE.search(text)
    if not found or "etc." in text or "for example" in text:
        return []
    return list(dict.fromkeys(_QUOTED.findall(found[0])))


def _limits(kind: str, text: str) -> list[Any] | None:
    """[least, most, unit]; the unit is bytes, characters, items or value."""
    found = _BETWEEN.search(text) or _RANGE.search(text)
    if found is None:
        most = _AT_MOST.search(text)
        if most is None or kind == "Boolean":
            return None
        return [0, int(most[1]), "items" if kind.startswith("Array of") else most[2]]
    least, most_of, unit = int(found[1]), int(found[2]), (*found.groups(), None)[2]
    if kind.startswith("Array of"):
        return [least, most_of, "items"]
    if kind in ("Integer", "Float"):
        several = len(_RANGE.findall(text)) > 1 or "*" in text or "0x7FFFFFFF" in text
        return None if several else [least, most_of, "value"]
    if kind == "String" and unit and unit.lower() in ("bytes", "characters"):
        return [least, most_of, unit.lower()]
    return None


if __name__ == "__main__":
    main()
