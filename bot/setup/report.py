"""The doctor's report in the reader's language: its findings in short, what has to be mended in full."""

import asyncio
from typing import Final

from bot.doctor import Report, examine
from bot.domain.payments import Method
from bot.health.finding import Finding, State
from bot.setup.checks import BRANDS, CAUSES
from bot.setup.console import Console
from locales import keys

# Causes that are told in the reader's language; the doctor's own sentence is in English, and says more.
_REFUSED: Final = frozenset(("token", "key", "disabled", "scope"))
_WORDS: Final = {State.WELL: "ok  ", State.BAD: "FAIL", State.NOTE: "note"}


def tell_report(console: Console) -> Report:
    """Look at everything as `hanout doctor` does, and say it."""
    console.show("")
    console.say("setup-doctor", command="hanout doctor")
    report = asyncio.run(examine())
    for line in dict.fromkeys(_line(console, finding) for finding in report.findings):
        console.show(line)
    return report


def _line(console: Console, finding: Finding) -> str:
    return console.text(
        "setup-report-line",
        state=_WORDS[finding.state],
        part=_part(console, finding.name),
        text=_text(console, finding),
    )


def _part(console: Console, name: str) -> str:
    key = f"setup-part-{name.replace(' ', '-')}"
    if key in keys(console.words.locale):
        return console.text(key)
    if name in set(Method):
        return console.text(f"setup-choice-{name}")
    return BRANDS.get(name, name)


def _text(console: Console, finding: Finding) -> str:
    """In the reader's language, if it can be said there without losing what to do."""
    key = _key(console, finding)
    if key and key in keys(console.words.locale):
        return console.text(key, server=_part(console, finding.name))
    return finding.text


def _key(console: Console, finding: Finding) -> str:
    name = finding.name.replace(" ", "-")
    if finding.state is State.WELL:
        return "setup-well-supplier" if finding.name in BRANDS else f"setup-well-{name}"
    if finding.state is State.NOTE:
        return f"setup-rule-{name}" if name in set(Method) else f"setup-note-{name}-{finding.cause}"
    is_server = name == "telegram" or name in BRANDS
    if console.words.locale == "en" or not is_server:
        return ""
    if finding.cause in _REFUSED:
        return f"setup-refused-{finding.cause}"
    return f"setup-cause-{finding.cause}" if finding.cause in CAUSES else ""
