"""Albums of any kinds, sent as tests want them, and those that the bot has sent."""

from typing import Any

from bot.sandbox.telegram.world import Person
from tests.bot_harness import PNG


async def send_album(
    who: Person, *kinds: str, caption: str = "", group: str = "album-1", **fields: Any
) -> list[dict[str, Any]]:
    """Send an album of these kinds, each item an update of its own; the first has the caption."""
    sent = [album_item(who, kind, group, number, **fields) for number, kind in enumerate(kinds)]
    if caption:
        sent[0]["caption"] = caption
    for message in sent:
        who.world.push("message", message)
    await who.world.notify()
    return sent


def album_item(
    who: Person, kind: str, group: str, number: int, content: bytes = b"", **fields: Any
) -> dict[str, Any]:
    """A message of an album that is not pushed yet."""
    content = PNG + (content or f"{group}-{number}".encode())
    files = who.world.files
    body: dict[str, Any] = {"from": who.user, "media_group_id": group, **fields}
    if kind == "photo":
        body["photo"] = files.photo(content)
    else:
        body[kind] = files.document(content, f"{number}.png")
    if kind == "video":
        body["video"] |= {"width": 1, "height": 1, "duration": 1}
    return who.world.add_message(who.chat, body)


def groups_of(who: Person) -> list[list[dict[str, Any]]]:
    """The albums that the bot sent to a person, in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for message in who.inbox:
        if "media_group_id" in message:
            found.setdefault(message["media_group_id"], []).append(message)
    return list(found.values())
