"""From the first question to the doctor's report. Until all answers are there, nothing is written."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.money import western_digits
from bot.domain.records import Locale
from bot.env_file import ENV_FILE
from bot.setup import ending, unit
from bot.setup.asking import Asking
from bot.setup.console import Console, Input
from bot.setup.draft import Draft
from bot.setup.env_text import WouldLose, change_settings
from bot.setup.env_writing import CannotWrite, Found, find, uninterrupted, write
from bot.setup.given import WrongOption, complete, take_options
from bot.setup.owner import Owner, acting_as, become, owner_of
from bot.setup.places import folders_of
from bot.setup.report import tell_report
from bot.setup.setting_pairs import make_keys
from bot.setup.verdicts import Facts
from locales import words

DONE, FAILED, STOPPED = 0, 1, 130
_NO_UNIT: Final = "0"
_PRINT_UNIT: Final = "-"
_LANGUAGES: Final = (("en", "English"), ("fr", "Français"), ("ar", "العربية"))


@dataclass(frozen=True, slots=True)
class Options:
    language: str = ""
    values: Sequence[str] = ()
    files: Sequence[str] = ()
    unit: str = ""
    ask: bool = True
    unchecked: bool = False


class Setup:
    def __init__(self, options: Options, typed: Input) -> None:
        self._options, self._typed = options, typed
        guess = Locale.of(os.environ.get("LC_ALL") or os.environ.get("LANG"), Locale.EN)
        self._console = Console(words(options.language or guess), typed)
        self._written = False
        self._facts = Facts()

    def run(self) -> int:
        """The exit status. Says whatever goes wrong, and raises KeyboardInterrupt, NoAnswer or a bug."""
        if self._options.ask and not self._options.language:
            self._choose_language()
        folder = Path.cwd()
        owner = owner_of(folder)
        try:
            found = find(ENV_FILE)
            with acting_as(owner):
                draft = Draft.of_process(found.values)
            draft.language = self._console.words.locale
            take_options(draft, self._options.values, self._options.files)
            with acting_as(owner):
                if not self._settle(draft, folder):
                    return FAILED
            return self._finish(draft, found, owner)
        except CannotWrite as failure:
            values = {"file": ".env", "reason": failure.detail}
            self._console.say(f"setup-file-{failure.reason}", **values)
        except WrongOption as wrong:
            self._console.say(wrong.key, name=wrong.name, option="--secret")
        except WouldLose:
            self._console.say("setup-file-odd-lines", file=".env")
        return FAILED

    def tell_stopped(self) -> None:
        self._console.show("")
        self._console.say("setup-stopped-later" if self._written else "setup-stopped", file=".env")

    def tell_bug(self, name: str) -> None:
        self._console.say("setup-bug", name=name)

    def _choose_language(self) -> None:
        """In all languages at once: none is known yet."""
        default = self._console.words.locale
        ordered = sorted(_LANGUAGES, key=lambda each: each[0] != default)
        self._console.show("Language · Langue · اللغة")
        chosen = self._console.choose([name for _, name in ordered])
        self._console = Console(words(ordered[chosen][0]), self._typed)

    def _settle(self, draft: Draft, folder: Path) -> bool:
        """Bring the draft to where it can be written."""
        console = self._console
        console.say("setup-title", folder=str(folder))
        if not self._options.ask:
            return complete(console, draft, self._facts, unchecked=self._options.unchecked)
        console.say("setup-how")
        Asking(console, draft, self._facts).ask_all()
        return True

    def _finish(self, draft: Draft, found: Found, owner: Owner) -> int:
        """Show, ask, write, and look at the result."""
        console = self._console
        is_new_key = make_keys(draft)
        changes = draft.changes()
        if names := draft.unwritable():
            console.say("setup-unwritable", names=", ".join(names), file=".env")
            return FAILED
        text, path = self._unit(draft, owner)
        if changes and not self._is_agreed(draft, changes):
            console.say("setup-stopped", file=".env")
            return FAILED
        if changes or found.raw is None or found.is_open_to_others:
            with uninterrupted():
                write(found, change_settings(_base(found), changes), owner)
                self._written = True
            console.say("setup-written", file=str(found.path.absolute()))
        else:
            console.say("setup-unchanged", file=".env")
        well = self._make_folders(draft, owner)
        if is_new_key:
            ending.tell_keys(console, found.path.absolute())
        well = self._write_unit(text, path, owner) and well
        become(owner)
        has_unit = bool(text and (path is not None or unit.is_installed(text)))
        name = f"@{self._facts.bot_name}" if self._facts.bot_name else ""
        report = tell_report(console)
        ending.tell_next(console, report, name, has_unit=has_unit)
        return DONE if report.is_well and well else FAILED

    def _is_agreed(self, draft: Draft, changes: dict[str, str]) -> bool:
        self._console.show("")
        ending.show_changes(self._console, draft, changes)
        if not self._options.ask:
            return True
        console = self._console
        return console.choose([console.text("setup-write"), console.text("setup-leave")]) == 0

    def _unit(self, draft: Draft, owner: Owner) -> tuple[str, Path | None]:
        """The unit's text, and where to write it; None for nowhere."""
        text = unit.unit_for(Path.cwd(), owner, folders_of(draft)) or ""
        chosen = self._options.unit
        if not chosen and (unit.is_installed(text) or not ending.SYSTEMD_RUNS.is_dir()):
            return text, None
        if not chosen and self._options.ask and text:
            self._console.show("")
            self._console.say("setup-ask-unit", name=unit.UNIT_NAME)
            chosen = self._console.ask(unit.UNIT_NAME)
        if western_digits(chosen) == _NO_UNIT:
            return text, None
        return text, Path(chosen or unit.UNIT_NAME)

    def _write_unit(self, text: str, path: Path | None, owner: Owner) -> bool:
        if path is None:
            return True
        if not text:
            self._console.say("setup-unit-missing", name=unit.UNIT_NAME)
            return False
        if str(path) == _PRINT_UNIT:
            self._console.print_raw(text)
            return True
        try:
            former = unit.write_unit(path.absolute(), text)
        except OSError as error:
            self._console.say("setup-unit-failed", file=str(path), reason=error.strerror or "")
            return False
        if former is not None:
            self._console.say("setup-unit-former", file=str(former))
        ending.tell_unit(self._console, path.absolute(), owner)
        return True

    def _make_folders(self, draft: Draft, owner: Owner) -> bool:
        try:
            ending.make_folders(folders_of(draft), owner)
        except OSError as error:
            reason = error.strerror or ""
            self._console.say("setup-folder-failed", folder=str(error.filename), reason=reason)
            return False
        return True


def _base(found: Found) -> str:
    """The text that is changed: that of the file, else of `.env.example`."""
    return found.text if found.raw is not None else unit.template(".env.example", "") or ""
