"""What a step of the rehearsal is, as data, and how its result is judged. Nothing here does I/O."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class Need(StrEnum):
    """What has to be set up for a step; without it the step is left out."""

    TELEGRAM = "telegram"
    CODES = "codes"  # any supplier that sells test codes
    ONECLICKDZ = "oneclickdz"
    STARSHIP = "starship"
    STARS = "stars"
    OCPAY = "ocpay"
    CHARGILY = "chargily"


class Verdict(StrEnum):
    AS_EXPECTED = "as expected"
    DIFFERENT = "different"
    NOT_KNOWN = "not known"
    SKIPPED = "skipped"
    LATER = "later"  # a later rehearsal goes on with it


class Answer(StrEnum):
    """What an operator can answer."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Question:
    """Asked after a step was played. `expected`: None where each answer is as good, and is reported only.

    Its text in the operator's language is `rehearsal-ask-<key>`.
    """

    key: str
    expected: Answer | None = Answer.YES


@dataclass(frozen=True, slots=True)
class Seen:
    """What a step found by itself: facts for the report, and whether they are as expected.

    `as_expected` None: the step could not tell. `memory`: what a later rehearsal needs to go on,
    with `later_at` from when on it can.
    """

    facts: Mapping[str, str] = field(default_factory=dict)
    as_expected: bool | None = True
    memory: Mapping[str, str | int] = field(default_factory=dict)
    later_at: datetime | None = None


Play = Callable[..., Awaitable[Seen]]  # of a Rehearsal


@dataclass(frozen=True, slots=True)
class Step:
    """`unknown` and `expected` are for the report, in English; what the operator reads is in
    `rehearsal-step-<key>`.
    """

    key: str
    need: Need
    unknown: str
    expected: str
    play: Play
    questions: Sequence[Question] = ()
    confirmation: str = ""  # the key of a question that the play asks before it begins
    seconds: float = 180.0  # for the play, without the questions
    is_repeated: bool = False  # an earlier result does not spare it: it is about this rehearsal


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a step, as it is kept and reported."""

    key: str
    verdict: Verdict
    at: str
    seconds: float = 0.0
    facts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    calls: Sequence[str] = ()  # answers of the services, without secrets
    memory: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        return self.verdict in (Verdict.AS_EXPECTED, Verdict.DIFFERENT)


def judge(seen: Seen, questions: Sequence[Question], answers: Mapping[str, Answer]) -> Verdict:
    """What the step found by itself weighs as much as each answer; one difference is enough."""
    if seen.later_at is not None:
        return Verdict.LATER
    given = [(question.expected, answers.get(question.key, Answer.SKIP)) for question in questions]
    told = [(expected, answer) for expected, answer in given if answer in (Answer.YES, Answer.NO)]
    differs = any(expected not in (None, answer) for expected, answer in told)
    if seen.as_expected is False or differs:
        return Verdict.DIFFERENT
    if seen.as_expected is None or len(told) < len(given):
        return Verdict.NOT_KNOWN
    return Verdict.AS_EXPECTED


ALL_AS_EXPECTED: Final = 0
SOMETHING_DIFFERS: Final = 3
SOMETHING_IS_OPEN: Final = 4


def exit_status(verdicts: Sequence[Verdict]) -> int:
    """Of the command; what it could not even begin has the status 1."""
    if Verdict.DIFFERENT in verdicts:
        return SOMETHING_DIFFERS
    open_ones = (Verdict.NOT_KNOWN, Verdict.SKIPPED, Verdict.LATER)
    return SOMETHING_IS_OPEN if any(each in open_ones for each in verdicts) else ALL_AS_EXPECTED
