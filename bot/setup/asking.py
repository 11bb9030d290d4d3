"""Asks the questions one at a time, until each has an answer that stands."""

from typing import Final

from bot.domain.money import western_digits
from bot.setup.checks import checked
from bot.setup.console import Console
from bot.setup.draft import Draft
from bot.setup.pairing import can_pair, pair
from bot.setup.places import shown_url
from bot.setup.questions import QUESTIONS, Question
from bot.setup.setting_pairs import follow_up
from bot.setup.verdicts import Facts, Stands

_AGAIN, _KEEP = 0, 1
_HELP: Final = ("?", "\u061f")  # that of Arabic keyboards too
_PAIR: Final = "0"
_NONE: Final = "0"
# What texts name that is the same in every language.
NAMES: Final = {
    "botfather": "@BotFather",
    "idbot": "@userinfobot",
    "file": ".env",
    "code": "123456:ABC…",
    "example": "sqlite:///data/hanout.db",
    "scope": "READ-WRITE",
    "command": "hanout keys abandon",
    "option": "--secret DATABASE_URL=FILE",
}


class Asking:
    def __init__(self, console: Console, draft: Draft, facts: Facts) -> None:
        self._console, self._draft, self._facts = console, draft, facts

    def ask_all(self) -> None:
        at = 0
        while at < len(QUESTIONS):
            question = QUESTIONS[at]
            if not question.applies(self._draft) or self._draft.is_mounted(question.name):
                at += 1
                continue
            self._console.show("")
            self._draft.put(question.name, self._answer(question))
            follow_up(self._draft, question.name)
            at = self._next(at, question)

    def _next(self, at: int, question: Question) -> int:
        """The place of the question to go on with, after the check of this one's answer."""
        while question.check is not None:
            verdict = checked(question.check, self._draft, self._facts, self._console.words)
            if verdict.key:
                self._console.say(verdict.key, **verdict.values)
            if verdict.stands is Stands.YES:
                break
            if verdict.stands is Stands.NO:
                return self._back_to(question, verdict.again)
            keys = ("setup-try-again", "setup-keep-unchecked", "setup-other-answer")
            chosen = self._console.choose([self._console.text(key) for key in keys])
            if chosen == _KEEP:
                break
            if chosen != _AGAIN:
                return self._back_to(question, verdict.again)
        return at + 1

    def _back_to(self, question: Question, again: str) -> int:
        """The place of the question, or of the one that its check leads back to; both answers are forgotten."""
        self._draft.forget(question.name)
        self._draft.forget(again)
        wanted = again or question.name
        return next(at for at, each in enumerate(QUESTIONS) if each.name == wanted)

    def _answer(self, question: Question) -> str:
        """What is typed, or the default for Enter; asked again until it has the right form."""
        console = self._console
        console.say(f"setup-ask-{question.key}", **NAMES)
        self._offer(question)
        default = self._draft.get(question.name) or question.default(self._draft)
        while True:
            typed = console.ask(self._shown(question, default), hidden=question.hidden)
            if typed in _HELP:
                console.say(f"setup-help-{question.key}", **NAMES)
                continue
            is_pairing = western_digits(typed) == _PAIR and question.name == "ADMIN_IDS"
            if is_pairing and self._can_pair():
                typed = pair(console, self._draft, self._facts)
                if not typed:
                    console.say(f"setup-ask-{question.key}", **NAMES)
                    continue
            answer = _chosen(question, typed or default)
            if answer == "" and not question.optional:
                console.say("setup-needed")
            elif answer is None or self._is_wrong(question, answer):
                console.say(f"setup-wrong-{question.key}", **NAMES)
            else:
                return answer if typed else default  # as it is spelled there

    def _is_wrong(self, question: Question, answer: str) -> bool:
        """Whether it has not the form of this setting; a choice has, and may contradict another answer only."""
        return not question.choices and bool(self._draft.is_wrong(question.name, answer))

    def _can_pair(self) -> bool:
        return can_pair(self._draft, self._facts)

    def _offer(self, question: Question) -> None:
        """The choices, with their rules; and what can be done instead of typing an id."""
        console = self._console
        for number, choice in enumerate(question.choices, 1):
            text = console.text(f"setup-choice-{choice.value}")
            if choice.rule:
                rule = console.text(f"setup-rule-{choice.value}")
                text = console.text("setup-choice-rule", choice=text, rule=rule)
            console.show(f"  {number}. {text}")
        if question.choices:
            suffix = "none" if question.optional else "several" if question.many else "one"
            console.say(f"setup-choose-{suffix}")
        if question.name == "ADMIN_IDS" and self._can_pair():
            console.say("setup-pair-offer", name=f"@{self._facts.bot_name}")

    def _shown(self, question: Question, default: str) -> str:
        """The default as it stands in brackets; a secret is not shown."""
        if question.hidden:
            return self._console.text("setup-present") if default else ""
        if not question.choices:
            return shown_url(default) if question.name == "DATABASE_URL" else default
        values = [choice.value for choice in question.choices]
        chosen = (_chosen(question, default) or "").split(",")
        numbers = [str(values.index(each) + 1) for each in chosen if each in values]
        return ",".join(numbers) or (_NONE if question.optional else "")


def _chosen(question: Question, typed: str) -> str | None:
    """The value for what was typed: numbers of choices, or their names. None where one is no choice."""
    if not question.choices:
        return typed
    values = [choice.value for choice in question.choices]
    parts = western_digits(typed).replace("\u060c", ",").replace(",", " ").lower().split()
    if question.optional and parts == [_NONE]:
        return ""
    if len(parts) > 1 and not question.many:
        return None
    found = [
        values[int(part) - 1] if part.isdecimal() and 1 <= int(part) <= len(values) else part
        for part in parts
    ]
    return ",".join(dict.fromkeys(found)) if set(found) <= set(values) else None
