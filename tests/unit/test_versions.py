"""The changelog: its versions follow each other, and no change is told twice.

That the newest is the version of the project: tests/unit/test_commands.py.
"""

import re
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()


def releases(text: str) -> list[tuple[tuple[int, ...], date]]:
    found = re.findall(r"^## \[(\d+)\.(\d+)\.(\d+)\] - (\S+)$", text, re.MULTILINE)
    return [(tuple(map(int, numbers)), date.fromisoformat(day)) for *numbers, day in found]


def chapters(text: str) -> dict[str, list[str]]:
    """The changes of each version, each on one line."""
    found = {}
    for chapter in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        entries = re.findall(r"^- (?:.+\n(?:  .+\n)*)", chapter, re.MULTILINE)
        found[chapter.partition("\n")[0]] = [" ".join(it.split()) for it in entries]
    return found


def told_twice(text: str) -> set[str]:
    entries = [it for entries in chapters(text).values() for it in entries]
    return {it for it in entries if entries.count(it) > 1}


def test_every_chapter_is_a_version_and_what_is_not_released_stands_first():
    names = list(chapters(CHANGELOG))

    assert names[0] == "[Unreleased]"
    assert len(names) - 1 == len(releases(CHANGELOG)) >= 2


def test_versions_and_their_days_descend():
    found = releases(CHANGELOG)

    assert [number for number, _ in found] == sorted({number for number, _ in found}, reverse=True)
    assert [day for _, day in found] == sorted((day for _, day in found), reverse=True)


def test_every_kind_of_change_stands_once_in_a_version():
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    for chapter in re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]:
        found = re.findall(r"^### (.+)$", chapter, re.MULTILINE)
        assert len(found) == len(set(found))
        assert set(found) <= kinds


def test_no_change_is_told_in_two_versions():
    assert told_twice(CHANGELOG) == set()


def test_a_change_told_twice_is_found():
    text = (
        "## [Unreleased]\n\n- Codes\n  come.\n\n## [0.1.0] - 2026-11-25\n\n- Codes come.\n- More.\n"
    )

    assert told_twice(text) == {"- Codes come."}
