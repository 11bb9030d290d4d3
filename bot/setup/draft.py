"""The settings as they will be: those of `.env`, of the environment, and the answers given so far."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.secret_files import read_secret_files
from bot.setting_errors import in_words
from bot.settings import Settings
from bot.settings_reference import SECTIONS, in_environment
from bot.setup.env_text import can_be_written
from bot.vault import new_key

NAMES: Final = frozenset(name.upper() for name in Settings.model_fields)
# What stands for required settings that were not asked yet, while another one is checked.
_STANDING_IN: Final = {
    "TELEGRAM_TOKEN": "1:none",
    "ADMIN_IDS": "2",
    "HANOUT_KEYS": new_key("none"),
    "ONECLICKDZ_API_KEY": "none",
    "STARSHIP_API_KEY": "none",
    "STARSHIP_API_SECRET": "none",
    "STARSHIP_DINARS": "1",
    "STARSHIP_DINARS_SINCE": "2026-01-01",
}


class GivenSettings(Settings):
    """Settings from what is given to it alone, neither from the environment nor from a file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def is_secret(name: str) -> bool:
    return "Secret" in str(Settings.model_fields[name.lower()].annotation)


def default_of(name: str) -> str:
    """The default as it would be written; empty for what has none, and for secrets."""
    field = Settings.model_fields[name.lower()]
    return "" if field.is_required() or is_secret(name) else in_environment(field.default)


class Draft:
    """What is written at the end. Settings that are mounted as files stay there: they are read only."""

    def __init__(self, file: Mapping[str, str], environment: Mapping[str, str]) -> None:
        self._file = {name: value for name, value in file.items() if name in NAMES}
        given = {name.upper(): value for name, value in environment.items()}
        self._environment = {name: given[name] for name in NAMES if given.get(name, "").strip()}
        self._answers: dict[str, str] = {}
        self.language = "en"  # of whoever answers
        self._mounted = self._read_mounted()

    @classmethod
    def of_process(cls, file: Mapping[str, str]) -> "Draft":
        return cls(file, os.environ)

    def _read_mounted(self) -> dict[str, str]:
        folder = self.get("SECRETS_FOLDER")
        try:
            found = read_secret_files(Path(folder), Settings.model_fields) if folder else {}
        except ValueError:  # told by the doctor at the end
            found = {}
        return {name.upper(): value for name, value in found.items()}

    def get(self, name: str) -> str:
        """The setting as text; empty where there is none."""
        return self.values().get(name, "").strip()

    def put(self, name: str, value: str) -> None:
        self._answers[name] = value

    def forget(self, name: str) -> None:
        """Take an answer back: the setting is again what it was."""
        self._answers.pop(name, None)

    def is_mounted(self, name: str) -> bool:
        """Whether it comes from a file of its own, so that `.env` has no say."""
        if name == "HANOUT_KEYS" and self.get("HANOUT_KEYS_FILE") and not self.get("HANOUT_KEYS"):
            return True
        return name in self._mounted

    def values(self) -> dict[str, str]:
        mounted = getattr(self, "_mounted", {})
        return {**self._file, **self._environment, **self._answers, **mounted}

    def former(self, name: str) -> str:
        """What `.env` has of it now."""
        return self._file.get(name, "").strip()

    def changes(self) -> dict[str, str]:
        """What has to be written into `.env`: what it lacks or has otherwise, and is no default."""
        wanted = {**self._environment, **self._answers}
        return {
            name: value
            for name, value in sorted(wanted.items(), key=_in_order)
            if name not in self._mounted
            and value.strip() != self._file.get(name, default_of(name)).strip()
            and not (name not in self._file and not value)
        }

    def unwritable(self) -> list[str]:
        """Settings of the environment that `.env` cannot hold as they are."""
        return [name for name, value in self.changes().items() if not can_be_written(value)]

    def overruled(self) -> list[str]:
        """Settings that the environment has otherwise than `.env` will: there it wins."""
        return [
            name
            for name, value in self._answers.items()
            if self._environment.get(name, value).strip() != value.strip()
        ]

    def problems(self, names: Iterable[str] | None = None) -> dict[str, str]:
        """A sentence by name, of all settings or of these; contradictions too."""
        values = self.values()
        found = dict(_problems(values))
        if found:
            repaired = {n: v for n, v in values.items() if n not in found}
            found = {**dict(_problems({**_STANDING_IN, **repaired})), **found}
        wanted = NAMES if names is None else names
        return {name: text for name, text in found.items() if name in wanted}

    def is_wrong(self, name: str, value: str) -> str:
        """Why it cannot be the answer, in a sentence; empty where it can."""
        if not can_be_written(value):
            return f"{name}: must not have ${{ in it"
        tried = Draft(self._file, {})
        tried._environment, tried._mounted = self._environment, {}
        tried._answers = {**self._answers, name: value}
        return tried.problems([name]).get(name, "")

    def settings(self, *prefixes: str, **fixed: str) -> Settings:
        """Settings with those of the draft whose names begin like this, to ask a server with.

        Raises ValidationError where these are wrong.
        """
        chosen = {n: v for n, v in self.values().items() if n.startswith(prefixes)}
        return _build({**_STANDING_IN, **chosen, **{n.upper(): v for n, v in fixed.items()}})


def _build(values: Mapping[str, str]) -> Settings:
    given: dict[str, Any] = {name.lower(): value for name, value in values.items()}
    given.pop("secrets_folder", None)  # it was read already
    return GivenSettings(**given)


def _problems(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    try:
        _build(values)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            if problem["loc"]:
                name = str(problem["loc"][0]).upper()
                yield name, in_words(name, problem, Settings.model_fields.get(name.lower()))
            else:
                for line in in_words("", problem, None).split("\n"):
                    yield line.partition(":")[0].partition(" ")[0], line


def _in_order(item: tuple[str, str]) -> int:
    """As docs/settings.md has them."""
    return [name for names in SECTIONS.values() for name in names].index(item[0].lower())
