"""The entities of a message as the server stores them: those given, repaired, and those it finds.

Source: server sheet 9.5 to 9.9. Offsets and lengths are UTF-16 code units.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.telegram.rules import ENTITY_LIMIT, utf16_length

Entity = dict[str, Any]
Span = tuple[int, int]

_MONOSPACE = ("code", "pre")
_STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
_QUOTES = ("blockquote", "expandable_blockquote")
_LINKS = ("text_link", "text_mention", "custom_emoji", "date_time")
_FOUND = ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number")
_KNOWN = (*_MONOSPACE, *_LINKS, *_FOUND, *_QUOTES, *_STYLES)

# An extract of the list of top-level domains that the server holds.
_DOMAINS = (
    "com|org|net|info|biz|me|io|ai|app|dev|shop|store|gg|tv|co|ly|be|to|link|cards|games"
    "|dz|fr|de|uk|es|it|ru|eu|us|tn|ma|test"
)
_PATTERNS = (
    # Of matches that overlap, the first in this order stands.
    (
        "email",
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w@])", re.IGNORECASE),
    ),
    (
        "url",
        re.compile(
            r"(?:\b(?:https?|ftp|tg|ton)://[^\s<>\"]+"
            rf"|(?<![\w@.:/-])(?:[\w-]+\.)+(?:{_DOMAINS})(?![\w.]*\w)(?::\d+)?(?:[/?#][^\s<>\"]*)?)",
            re.IGNORECASE,
        ),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
    ),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\d*[^\W\d])\w{1,256}(?![\w#])")),
    ("cashtag", re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$])")),
)
_CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])")
_TRAILING = ".,:;!?)]}'\"»…"


def stored_entities(text: str, given: list[Entity]) -> list[Entity]:
    """The entities of a cleaned text: repaired, with the found ones, at most 100."""
    known = [entity for entity in given if entity.get("type") in _KNOWN]
    merged = _with_found(_repair(known), found_entities(text))
    # Links, code and quotes count first, spoilers last: they are the first to be dropped.
    kept = sorted(merged, key=lambda e: _KNOWN.index(e["type"]))[:ENTITY_LIMIT]
    return sorted(kept, key=_order)


def found_entities(text: str) -> list[Entity]:
    """What the server makes tappable by itself. Phone numbers, which only its core finds, are not
    simulated.
    """
    taken: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            value = match[0].rstrip(_TRAILING) if kind == "url" else match[0]
            offset, length = utf16_length(text[: match.start()]), utf16_length(value)
            found = {"offset": offset, "length": length, "type": kind}
            if length and not any(_overlap(found, other) for other in taken):
                taken.append(found)
    return sorted(taken, key=_order)


def entities_field(text: str, entities: list[Entity], name: str = "entities") -> dict[str, Any]:
    """The field of a message: absent without entities, but empty where the only one was a bank
    card, which the server finds and then hides (server sheet 7.10).
    """
    return {name: entities} if entities or has_bank_card(text) else {}


def has_bank_card(text: str) -> bool:
    """Whether a number of 13 to 19 digits passes the check of ISO/IEC 7812."""
    return any(_is_card(re.sub(r"\D", "", match[0])) for match in _CARD.finditer(text))


def _is_card(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def first_link(text: str, entities: list[Entity]) -> str | None:
    """The link of which the server would fetch a preview (server sheet 9.10)."""
    raw = text.encode("utf-16-le", "surrogatepass")
    for entity in entities:
        if entity["type"] == "text_link":
            return str(entity["url"])
        if entity["type"] == "url":
            start, stop = _span(entity)
            link = raw[start * 2 : stop * 2].decode("utf-16-le", "surrogatepass")
            if not link.lower().startswith(("tg:", "ton:", "ftp:")):
                return link
    return None


def _span(entity: Entity) -> Span:
    return entity["offset"], entity["offset"] + entity["length"]


def _order(entity: Entity) -> tuple[int, int, int]:
    return entity["offset"], -entity["length"], _KNOWN.index(entity["type"])


def _overlap(one: Entity, other: Entity) -> bool:
    (start, stop), (other_start, other_stop) = _span(one), _span(other)
    return start < other_stop and other_start < stop


def _repair(given: list[Entity]) -> list[Entity]:
    """Drop the later of overlapping links and code; take styles off code; join equal styles."""
    solid: list[Entity] = []
    for entity in sorted(given, key=_order):
        if entity["type"] in (*_MONOSPACE, *_LINKS, *_FOUND) and not any(
            _overlap(entity, other) for other in solid
        ):
            solid.append(entity)
    quotes = [entity for entity in given if entity["type"] in _QUOTES]
    plain = [_span(entity) for entity in solid if entity["type"] in _MONOSPACE]
    styles = [
        {"type": style, "offset": start, "length": stop - start}
        for style in _STYLES
        for start, stop in _without(_joined([_span(e) for e in given if e["type"] == style]), plain)
    ]
    return [*solid, *quotes, *styles]


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], stop)
        else:
            joined.append((start, stop))
    return joined


def _without(spans: list[Span], holes: list[Span]) -> Iterator[Span]:
    for start, stop in spans:
        at = start
        for hole_start, hole_stop in sorted(holes):
            if hole_stop <= at or hole_start >= stop:
                continue
            if hole_start > at:
                yield at, hole_start
            at = hole_stop
        if at < stop:
            yield at, stop


def _with_found(given: list[Entity], found: list[Entity]) -> list[Entity]:
    """Found entities stand beside styles and quotes, but not inside links and code."""
    solid = [entity for entity in given if entity["type"] not in (*_STYLES, *_QUOTES)]
    return [
        *given,
        *(entity for entity in found if not any(_overlap(entity, other) for other in solid)),
    ]
