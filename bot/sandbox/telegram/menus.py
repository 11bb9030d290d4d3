"""The commands and the description that a client shows to a person."""

from collections.abc import Mapping

from bot.sandbox.telegram.world import Person, World


def commands_for(world: World, person: Person) -> list[dict[str, str]]:
    """The most specific scope and language wins (Bot API, "Determining list of commands")."""
    for scope in (f"chat:{person.id}", "all_private_chats", "default"):
        for language in (person.language_code, ""):
            if found := world.commands.get((scope, language)):
                return found
    return []


def description_for(world: World, person: Person) -> str:
    """The text in a chat that has no messages yet."""
    return _in_language(world.descriptions, person.language_code)


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("", "")
