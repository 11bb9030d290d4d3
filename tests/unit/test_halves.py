"""The lists in tests/conftest.py that decide which half runs a test."""

from pathlib import Path

import pytest

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


def test_what_runs_later_runs_in_make_prove():
    test, _, prove = (ROOT / "Makefile").read_text().partition("\nprove-pages:")

    assert '-m "everyday or not (prove or later)"' in test
    assert (
        '-m "browser or (later and not prove)" tests/e2e/browser tests/unit tests/integration'
        in prove
    )
