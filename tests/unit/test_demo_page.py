"""The demo's page as files: its words in three languages, and nothing from outside."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from setuptools import find_packages

ROOT = Path(__file__).parents[2]
WEB = ROOT / "bot/sandbox/page/web"
WORDS = json.loads((WEB / "words.json").read_text())
SCRIPTS = {path.name: path.read_text() for path in WEB.glob("*.js")}
HTML = (WEB / "index.html").read_text()


def values(text):
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_page_says_everything_in_every_language(language):
    assert list(WORDS[language]) == list(WORDS["en"])
    for key, text in WORDS["en"].items():
        assert values(WORDS[language][key]) == values(text), key
        assert WORDS[language][key].strip()


def test_every_word_of_the_page_is_used_and_every_used_one_exists():
    source = "\n".join(SCRIPTS.values())
    asked = set(re.findall(r'data-(?:word|label)="([\w-]+)"', HTML))
    asked |= set(re.findall(r"\"([\w-]+)\"", source))
    patterns = {pattern.rstrip("$") for pattern in re.findall(r"`([\w-]+-)\$\{", source)}

    unused = {
        key for key in WORDS["en"] if key not in asked and not key.startswith(tuple(patterns))
    }
    missing = set(re.findall(r'say\("([\w-]+)"', source)) - set(WORDS["en"])
    missing |= set(re.findall(r'data-(?:word|label)="([\w-]+)"', HTML)) - set(WORDS["en"])
    assert unused == set()
    assert missing == set()


def test_the_page_loads_nothing_from_outside():
    for path in WEB.iterdir():
        outside = set(re.findall(r"\bhttps?://[\w.-]+|(?<=[\"'(])//[\w.-]+", path.read_text()))
        assert outside <= {"http://www.w3.org"}, path.name


def test_no_markup_is_ever_made_from_text():
    for name, source in SCRIPTS.items():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source
        ), name


def test_the_pages_files_are_packed_with_the_product():
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]

    assert packed["package-data"]["bot.sandbox.page"] == ["web/*"]
    assert all(path.is_file() for path in WEB.iterdir())
    folders = {
        p.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for p in ROOT.glob("bot/**/__init__.py")
    }
    assert folders <= set(find_packages(str(ROOT), include=packed["packages"]["find"]["include"]))
