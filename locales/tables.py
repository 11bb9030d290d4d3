"""The shop's content in locales/content: what customers type, names of brands and regions.

Plain data, parsed once. What it means is decided in bot/domain; names in a language are looked up
by `Words`.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel import Locale

_FOLDER: Final = Path(__file__).parent / "content"
_LANGUAGES: Final = ("en", "fr", "ar")
_ISO_LETTERS: Final = 2


@cache
def table(name: str) -> dict[str, Any]:
    """The tables of `<name>.toml`; not to be changed. Raises FileNotFoundError."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def aliases() -> dict[str, Any]:
    """The tables of aliases.toml, with the countries that it does not name as Babel calls them."""
    tables = table("aliases")
    return tables | {"region": _countries() | tables["region"]}


def _countries() -> dict[str, dict[str, list[str]]]:
    """`words` in three languages by the two letters of ISO 3166."""
    named: dict[str, list[str]] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == _ISO_LETTERS and code.isalpha():
                named.setdefault(code, []).append(name)
    for code in ("EU", "EZ", "UN", "ZZ", "XA", "XB"):
        named.pop(code, None)  # no countries, or of another name here
    return {code: {"words": names} for code, names in named.items()}
