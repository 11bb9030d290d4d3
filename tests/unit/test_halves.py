"""The lists in tests/conftest.py that decide which half runs a test."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from locales import LOCALES
from tests import conftest

ROOT = Path(conftest.__file__).parents[1]
MODULES = {path.stem for path in ROOT.glob("tests/**/test_*.py")}


@pytest.mark.parametrize("names", ["THREADED", "ON_BOTH_DATABASES", "PROVEN_MODULES", "LATER"])
def test_a_module_that_is_listed_exists(names):
    assert getattr(conftest, names) - MODULES == set()


def test_make_prove_looks_into_every_folder_of_its_half():
    _, _, prove = (ROOT / "Makefile").read_text().partition("\nprove-processes:")
    first_part = prove[: prove.index("\nprove-pages:")]

    words = first_part.split()
    missing = {folder for folder in conftest.PROVEN if folder.rstrip("/") not in words}
    assert missing == set()
    assert "tests/integration" in words, "what needs PostgreSQL"


def test_what_compares_times_runs_when_nothing_else_does():
    (part,) = (it for it in (ROOT / "Makefile").read_text().splitlines() if "prove and alone" in it)

    modules = [it for it in ROOT.glob("tests/**/test_*.py") if "mark.alone" in it.read_text()]
    assert modules
    folders = {it.relative_to(ROOT).parent.as_posix() for it in modules if it != Path(__file__)}
    assert folders - set(part.split()) == set()


def test_what_runs_later_runs_in_make_prove():
    test, _, prove = (ROOT / "Makefile").read_text().partition("\nprove-pages:")

    assert '-m "everyday or not (prove or later)"' in test
    assert (
        '-m "browser or (later and not prove)" tests/e2e/browser tests/unit tests/integration'
        in prove
    )


def _item(name: str, *params: object, folder: str = "integration") -> SimpleNamespace:
    return SimpleNamespace(
        nodeid=f"tests/{folder}/test_x.py::{name}[{params}]",
        originalname=name,
        callspec=SimpleNamespace(params=dict(enumerate(params))),
    )


def test_a_use_case_of_all_languages_is_played_in_one_of_them_every_day():
    names = [f"test_{number}" for number in range(30)]
    items = [_item(name, locale, size) for name in names for locale in LOCALES for size in (1, 2)]
    alone = [
        _item("english", "en"),
        _item("number", 7),
        SimpleNamespace(nodeid="tests/integration/y"),
    ]
    alone += [_item("screens", locale, folder="unit") for locale in LOCALES]

    later = conftest.in_other_languages([*items, *alone])

    played = [item for item in items if item not in later]
    assert [item.originalname for item in played] == [name for name in names for _ in (1, 2)]
    assert {item.callspec.params[0] for item in played} == set(LOCALES)
    assert not [item for item in alone if item in later]
