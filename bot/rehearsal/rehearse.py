"""Plays the steps one after the other, asks the operator, and keeps what was found after each."""

import asyncio
import contextlib
import logging
import signal
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Final

from telegram.error import TelegramError

from bot.domain.records import Locale
from bot.errors import HanoutError, PaymentFailure, SendFailure, StorageFailure, SupplierFailure
from bot.refusals import Refused
from bot.rehearsal.asking import Asker
from bot.rehearsal.opening import (
    RehearsalRefused,
    Usable,
    find_usable,
    inbox_of_shop,
    opened,
    settings_of_rehearsal,
)
from bot.rehearsal.playing import NotPossible, Rehearsal, Skipped, describe
from bot.rehearsal.report import Played, Redaction, Results
from bot.rehearsal.script import STEPS, is_possible
from bot.rehearsal.steps import (
    Answer,
    Result,
    Seen,
    Step,
    Verdict,
    exit_status,
    judge,
)
from bot.rehearsal.witness import Witness, plain_words
from bot.services.messaging.customers import choose_language, ensure_customer
from bot.services.wallet.credit import Credit, credit_wallet
from bot.settings import Settings
from bot.stopping import StartFailure, Stopping
from handlers.bot import bot_id_of
from handlers.edge import words_of
from locales import Words, words
from storage.holding import held

_WALLET_MINOR: Final = 50_000_000  # of test money, which is worth nothing
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # the last: a closed terminal
_log = logging.getLogger("hanout")


@dataclass(frozen=True, slots=True)
class Options:
    folder: Path
    language: str
    only: Sequence[str] = ()  # keys of steps; empty: all that have no result yet
    again: bool = False  # also those that have one
    operator_id: int | None = None  # None: the only one


def results_of(settings: Settings, folder: Path) -> Results:
    """What earlier rehearsals of this bot found."""
    bot_id = bot_id_of(settings.telegram_token.get_secret_value())
    redact = Redaction(settings.secrets(), settings.admin_ids)
    results = Results(folder, bot_id, redact)
    results.load()
    return results


def operator_of(settings: Settings, wanted: int | None) -> int:
    """The operator who attends. Raises RehearsalRefused where that is not clear."""
    if wanted is not None and wanted not in settings.admin_ids:
        raise RehearsalRefused(f"ADMIN_IDS does not name {wanted}")
    if wanted is None and len(settings.admin_ids) > 1:
        raise RehearsalRefused(
            "ADMIN_IDS names several operators: add --operator and the id of one"
        )
    return wanted or min(settings.admin_ids)


async def rehearse(settings: Settings, options: Options, asker: Asker) -> int:
    """Play the steps and write the report; returns the exit status.

    Raises RehearsalRefused, StorageFailure, VaultFailure, OSError.
    """
    results, in_words = results_of(settings, options.folder), words(options.language)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(held(settings.database_url))
        usable = await find_usable(settings)
        steps = [s for s in STEPS if is_possible(s.need, usable.suppliers, usable.methods)]
        chosen = _chosen(steps, results, options)
        stopping = Stopping()
        r = await stack.enter_async_context(_opened(settings, usable, options, asker, stopping))
        r.kept = {key: dict(result.memory) for key, result in results.by_step.items()}
        run = _Run(r, results, stopping)
        try:
            await run.play(chosen)
        finally:
            played = _played(r, usable, options, run.ended_by)
            path = results.write_report(steps, played, r.codes)
    asker.say(in_words.plain("rehearsal-report", path=str(path)))
    if run.refusal:
        raise RehearsalRefused(run.refusal)
    found = [results.by_step.get(step.key) for step in steps]
    return exit_status([each.verdict if each else Verdict.SKIPPED for each in found])


def _chosen(steps: Sequence[Step], results: Results, options: Options) -> Sequence[Step]:
    """Raises RehearsalRefused for a step that cannot be played with what is set up."""
    known = {step.key for step in steps}
    missing = [key for key in options.only if key not in known]
    if missing:
        raise RehearsalRefused(
            f"{missing[0]} cannot be played with what is set up; `hanout rehearse --list` says what it needs"
        )
    if options.only:
        return [step for step in steps if step.key in options.only]

    def is_done(step: Step) -> bool:
        result = results.by_step.get(step.key)
        return result is not None and result.is_done and not step.is_repeated

    return [step for step in steps if options.again or not is_done(step)]


def _played(r: Rehearsal, usable: Usable, options: Options, ended_by: str) -> Played:
    set_up = ["Telegram", *usable.suppliers, *map(str, usable.methods)]
    return Played(set_up, usable.left_out, options.language, r.updates.of_others, ended_by)


@contextlib.asynccontextmanager
async def _opened(
    settings: Settings, usable: Usable, options: Options, asker: Asker, stopping: Stopping
) -> AsyncIterator[Rehearsal]:
    """The shop of the rehearsal with its operator, whose wallet is filled. Raises RehearsalRefused."""
    witness, operator_id = Witness(), operator_of(settings, options.operator_id)
    with tempfile.TemporaryDirectory(prefix="hanout-rehearsal-") as folder:
        own = settings_of_rehearsal(settings, usable, operator_id, Path(folder))
        async with (
            inbox_of_shop(settings) as real,
            opened(own, real, operator_id, witness, stopping) as (app, updates),
        ):
            await ensure_customer(app.shop, operator_id, options.language)
            operator = await choose_language(app.shop, operator_id, Locale(options.language))
            in_words = words(options.language)
            r = Rehearsal(own, app.shop, app.telegram, updates, witness, asker, in_words, operator)
            await _greet(r, in_words)
            yield r


async def _greet(r: Rehearsal, in_words: Words) -> None:
    try:
        await r.telegram.bot.send_message(r.operator.id, in_words.plain("rehearsal-chat"))
    except TelegramError as error:
        raise RehearsalRefused(
            "the bot cannot write to the operator: write /start to it in Telegram, then rehearse "
            f"again ({words_of(error)})"
        ) from None
    note = in_words.plain("rehearsal-credit")
    await credit_wallet(
        r.shop, Credit("rehearsal", r.operator.id, r.operator.id, _WALLET_MINOR, note)
    )


class _Run:
    """One run through the chosen steps, until their end, a signal, or what forbids to go on."""

    def __init__(self, r: Rehearsal, results: Results, stopping: Stopping) -> None:
        self._r, self._results, self._stopping = r, results, stopping
        self.ended_by = ""
        self.refusal = ""

    async def play(self, steps: Sequence[Step]) -> None:
        loop = asyncio.get_running_loop()
        numbers = [n for n in _ENDING if signal.getsignal(n) is not signal.SIG_IGN]  # as of nohup
        for number in numbers:
            loop.add_signal_handler(number, self._stopping.set)
        playing = asyncio.ensure_future(self._play_all(steps))
        ending = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait((playing, ending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            ending.cancel()
            if not playing.done():
                playing.cancel()
            ended = await asyncio.gather(playing, ending, return_exceptions=True)
            for number in numbers:
                loop.remove_signal_handler(number)
        failure = ended[0]
        if isinstance(failure, asyncio.CancelledError):
            self.ended_by = "stopped by the operator"
            try:
                self._stopping.check()
            except StartFailure as why:
                self.refusal = self.ended_by = str(why)
        elif isinstance(failure, BaseException):
            raise failure

    async def _play_all(self, steps: Sequence[Step]) -> None:
        r = self._r
        r.tell("rehearsal-begin")
        r.tell("rehearsal-steps", count=len(steps))
        for number, step in enumerate(steps, start=1):
            r.asker.say("")
            r.tell("rehearsal-head", number=number, count=len(steps), step=step.key)
            r.asker.say(r.words.plain(f"rehearsal-step-{step.key}"))
            result = await self._play(step)
            self._results.add(result, r.codes)
            name = result.verdict.replace(" ", "-")
            r.asker.say(r.words.plain(f"rehearsal-verdict-{name}"))

    async def _play(self, step: Step) -> Result:
        r, began = self._r, monotonic()
        r.witness.begin()
        r.updates.begin()
        answers: dict[str, Answer] = {}
        skipped = False
        try:
            async with asyncio.timeout(step.seconds):
                seen = await step.play(r)
        except Skipped:
            seen, skipped = Seen(as_expected=None), True
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a result of this step
            seen = _failed(step, error)
        took = monotonic() - began
        played = seen.as_expected is not None and seen.later_at is None
        for question in step.questions if played else ():
            text = r.words.plain(f"rehearsal-ask-{question.key}")
            answers[question.key] = await r.asker.ask(question.key, text)
        verdict = Verdict.SKIPPED if skipped else judge(seen, step.questions, answers)
        if answers and all(answer is Answer.SKIP for answer in answers.values()):
            verdict = Verdict.SKIPPED if verdict is Verdict.NOT_KNOWN else verdict
        return Result(
            step.key,
            verdict,
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            round(took, 1),
            seen.facts,
            {key: str(answer) for key, answer in answers.items()},
            r.witness.lines(),
            seen.memory,
        )


def _failed(step: Step, error: Exception) -> Seen:
    """What a step that ended with an error found. Raises StorageFailure: then nothing can be found."""
    if isinstance(error, StorageFailure):
        raise error
    if isinstance(error, NotPossible):
        return Seen({"why": str(error)}, as_expected=None)
    if isinstance(error, TimeoutError):
        return Seen({"why": f"not done within {step.seconds:.0f} s"}, as_expected=None)
    if isinstance(error, SupplierFailure):
        return Seen({"why": describe(error)}, as_expected=None)
    if isinstance(error, TelegramError):
        return Seen({"why": words_of(error)}, as_expected=None)
    if isinstance(error, Refused | PaymentFailure | SendFailure):
        said = plain_words(str(error))
        return Seen({"why": f"{type(error).__name__} {said}".strip()}, as_expected=None)
    kind = "an error" if isinstance(error, HanoutError) else "a fault of this program"
    _log.error("the step %s ends with an error", step.key, exc_info=error)
    return Seen({"why": f"{kind}: {type(error).__name__}"}, as_expected=False)
