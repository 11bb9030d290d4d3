"""Reads a file `.env`. What is wrong with it is told in sentences that name lines and no value."""

import io
import re
import stat
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dotenv.main import resolve_variables
from dotenv.parser import Binding, parse_stream

ENV_FILE: Final = Path(".env")
_MOST_BYTES: Final = 1_000_000
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# A value over several lines is meant where it holds no further setting: a quote was left open else.
_SWALLOWED: Final = re.compile(r"\n[ \t]*#?[ \t]*(?:export )?[A-Z][A-Z0-9_]+=")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class EnvFileError(Exception):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class EnvFile:
    """`values` by the names as they are written; `lines`, by those in capitals, says where they stand."""

    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_env_file(path: Path = ENV_FILE) -> EnvFile:
    """The settings of a file; an empty one where there is no file. Raises EnvFileError."""
    text = _text_of(path)
    if text is None:
        return EnvFile()
    bindings = [it for it in parse_stream(io.StringIO(text)) if it.key or it.error]
    pairs = [(it.key, it.value) for it in bindings if it.key]
    known = resolve_variables(pairs, override=True)  # with ${NAME} replaced
    problems = [problem for it in bindings if (problem := _problem(it, path.name))]
    lines: dict[str, list[int]] = defaultdict(list)
    for it in bindings:
        if it.key and it.value is not None:
            lines[it.key.upper()].append(_line(it))
    problems += _twice(lines, path.name)
    values = {name: value for name, value in known.items() if value is not None}
    return EnvFile(values, {name: at[-1] for name, at in lines.items()}, tuple(problems))


def holds_a_setting(value: str) -> bool:
    """Whether a value of several lines is refused, since one of them reads like another setting."""
    return _SWALLOWED.search(value) is not None


def _text_of(path: Path) -> str | None:
    """None where there is no file."""
    name = path.name
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise EnvFileError(
                f"{name}: is no file; remove it and make the file by `cp .env.example .env`"
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            raise EnvFileError(f"{name}: is a link to a file that is not there") from None
        return None
    except PermissionError:
        raise EnvFileError(
            f"{name}: this user may not read it; give it to the user of the shop by chown"
        ) from None
    except OSError as error:
        raise EnvFileError(f"{name}: cannot be read: {error.strerror}") from None
    return _decoded(raw, name)


def _decoded(raw: bytes, name: str) -> str:
    if len(raw) > _MOST_BYTES:
        raise EnvFileError(f"{name}: is far too large for a file of settings")
    if raw.startswith(_UTF16) or raw.count(0) > len(raw) // 4:
        raise EnvFileError(
            f'{name}: is saved as UTF-16 ("Unicode" in some editors); save it as UTF-8'
        )
    if 0 in raw:
        line = raw.count(b"\n", 0, raw.index(0)) + 1
        raise EnvFileError(f"{name}: line {line} has a NUL byte; write that line anew")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise EnvFileError(
            f"{name}: line {line} is not UTF-8, as if it were saved as Latin-1; save the file as UTF-8"
        ) from None


def _line(binding: Binding) -> int:
    """The line on which it begins: blank lines before it belong to it."""
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")


def _problem(binding: Binding, name: str) -> str | None:
    line = _line(binding)
    if binding.error and re.search(r"=\s*['\"]", binding.original.string):
        return f"{name}: line {line} has a quote that is not closed on it"
    if binding.error or binding.value is None or not _NAME.fullmatch(binding.key or ""):
        return f"{name}: line {line} is not of the form NAME=value"
    if holds_a_setting(binding.value):
        return f"{name}: line {line} has a quote that is not closed on it"
    return None


def _twice(lines: dict[str, list[int]], name: str) -> Iterator[str]:
    for key, at in lines.items():
        if len(at) > 1 and _NAME.fullmatch(key):
            places = " and ".join(map(str, at))
            yield f"{key}: stands on the lines {places} of {name}; leave one of them"
