"""Values for the variables of every message, as screens pass them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from locales import Words

_LOCALES = Path(__file__).parents[2] / "locales"
_NOW = datetime(2026, 11, 21, 22, 5, tzinfo=UTC)
_ZONE = ZoneInfo("Africa/Algiers")
_COUNTS = (0, 1, 2, 3, 11, 100)  # one for each plural form of Arabic
_TEXTS = {
    "arrow": "‹",
    "batch": "14",
    "by": "25:00:00",
    "category": "بطاقات الألعاب",
    "id": "7012345678",
    "code": "key_invalid",
    "date": "",
    "link": "https://t.me/hanout_bot",
    "named": "#8 #9",
    "note": "CCP 21/11",
    "now": "2026-11-26 03:31:07",
    "hints": "••••07K2 · ••••09QX",
    "label": "200 TRY",
    "longest": "60",
    "number": "#1042",
    "one": "1 USD",
    "order": "#1042",
    "percent": "7.5",
    "plain": "1042",
    "price": "245.50",
    "product": "PlayStation USA",
    "reference": "HN12",
    "region": "US",
    "target": "#1042",
    "usage": "/refund 1042 out of stock",
    "value": "10 $",
}
_MONEY = frozenset(
    (
        *(
            "after",
            "amount",
            "asked",
            "balance",
            "cost",
            "example",
            "expected",
            "fixed",
            "held",
            "least",
        ),
        *(
            "left",
            "losses",
            "lost",
            "missing",
            "most",
            "paid",
            "profit",
            "reserved",
            "returned",
            "sales",
        ),
        *("smaller", "spent", "total", "wallet"),
    )
)


class _Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.counted: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.names.add(node.id.name)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:
        if isinstance(node.selector, ast.VariableReference):
            self.counted.add(node.selector.id.name)
        self.generic_visit(node)


@cache
def messages(locale: str) -> dict[str, ast.Message]:
    """All messages of a language, by their keys."""
    found: dict[str, ast.Message] = {}
    for path in sorted((_LOCALES / locale).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{path}: {entry.content}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice in {locale}"
                found[entry.id.name] = entry
    return found


def samples(words: Words, key: str) -> Iterator[dict[str, str | int]]:
    """Values for the variables of a message: every plural form of what it counts."""
    found = _Variables()
    found.visit(messages(words.locale)[key])
    counted = sorted(found.counted)
    plain = {name: sample(words, name) for name in found.names - found.counted}
    for counts in product(_COUNTS, repeat=len(counted)):
        yield plain | dict(zip(counted, counts, strict=True))


def sample(words: Words, name: str) -> str | int:
    """A value for a variable of this name, in the language of `words`."""
    if name == "date":
        return words.date(_NOW, _ZONE)
    if name in _MONEY:
        return words.money(265_000)
    return _TEXTS.get(name, "oneclickdz")
