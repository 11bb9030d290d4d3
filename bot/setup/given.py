"""Setup without questions: settings from options, files, the environment and `.env`, all checked before any is written."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bot.setup.checks import checked
from bot.setup.console import Console
from bot.setup.draft import NAMES, Draft, is_secret
from bot.setup.places import has_password, has_shop
from bot.setup.questions import QUESTIONS
from bot.setup.setting_pairs import follow_up, set_address
from bot.setup.verdicts import Facts, Stands

_MOST_BYTES: Final = 10_000


class WrongOption(Exception):
    """An option that cannot be used: the key of its text, and what stands in it."""

    def __init__(self, key: str, name: str) -> None:
        super().__init__(key)
        self.key, self.name = key, name


def take_options(draft: Draft, values: Sequence[str], files: Sequence[str]) -> None:
    """Settings of `--set NAME=VALUE` and `--secret NAME=FILE`. Raises WrongOption."""
    given: dict[str, str] = {}
    for name, value in map(_split, values):
        if is_secret(name) or (name == "DATABASE_URL" and has_password(value)):
            raise WrongOption("setup-given-secret", name)
        given[name] = value
    for name, file in map(_split, files):
        try:
            with Path(file).open("rb") as source:
                text = source.read(_MOST_BYTES).decode().strip()
        except (OSError, UnicodeDecodeError):
            raise WrongOption("setup-given-file", file) from None
        given[name] = text
    for name, value in given.items():
        draft.put(name, value)
        follow_up(draft, name)
    for name, value in given.items():  # what was said counts more than what follows from it
        draft.put(name, value)


def _split(option: str) -> tuple[str, str]:
    name, equals, value = option.partition("=")
    name = name.strip().upper()
    if not equals or name not in NAMES:
        raise WrongOption("setup-given-unknown", name[:40])
    return name, value.strip()


def complete(console: Console, draft: Draft, facts: Facts, *, unchecked: bool) -> bool:
    """Take defaults for what is not given, and check everything; says what is missing or wrong.

    `unchecked`: go on where nobody could be asked.
    """
    missing = list(_take_defaults(draft))
    if missing:
        console.say("setup-missing", names=", ".join(dict.fromkeys(missing)))
        if "HANOUT_KEYS" in missing and not has_shop(draft):
            console.say("setup-ask-keys-unseen")
        return False
    wrong = [
        sentence  # as all commands say it
        for name, sentence in draft.problems().items()
        if name != "HANOUT_KEYS" or draft.get(name)  # they are made
    ]
    for sentence in wrong:
        console.show(sentence)
    return not wrong and _check(console, draft, facts, unchecked=unchecked)


def _take_defaults(draft: Draft) -> Iterator[str]:
    """The names of what is missing."""
    for question in QUESTIONS:
        if draft.is_mounted(question.name) or not question.applies(draft):
            continue
        value = draft.get(question.name) or question.default(draft)
        if value:
            draft.put(question.name, value)
            set_address(draft, question.name)
        elif not question.optional:
            yield question.name


def _check(console: Console, draft: Draft, facts: Facts, *, unchecked: bool) -> bool:
    well = True
    for question in QUESTIONS:
        if question.check is None or not _is_asked(draft, question.name):
            continue
        verdict = checked(question.check, draft, facts, console.words)
        if verdict.key:
            text = console.text(verdict.key, **verdict.values)
            console.show(text if verdict.stands is Stands.YES else f"{question.name}: {text}")
        if verdict.stands is Stands.UNKNOWN and not unchecked:
            console.say("setup-unchecked", option="--unchecked")
        well = well and (
            verdict.stands is Stands.YES or (verdict.stands is Stands.UNKNOWN and unchecked)
        )
    return well


def _is_asked(draft: Draft, name: str) -> bool:
    """Also the keys of a shop whose database is there, which are given now."""
    question = next(each for each in QUESTIONS if each.name == name)
    return question.applies(draft) or (name == "HANOUT_KEYS" and bool(draft.get(name)))
