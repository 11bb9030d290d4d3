"""The pages for customers and operators, in each language, say what the shop says there: buttons, words, signs."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from fluent.syntax import ast

from handlers.routes import COMMANDS, OPERATOR_COMMANDS
from locales import LOCALES
from tests.unit.fluent_samples import messages
from tests.unit.test_documentation import prose
from tests.unit.test_glossary import wrong_words

ROOT = Path(__file__).parents[2]
SUBJECTS = ("index", "customers", "operators", "team")
# In telegram.md what is in italics is what the shop does.
ENGLISH = sorted({*(ROOT / "docs").glob("*.md")} - {ROOT / "docs/telegram.md"})
# In English a button is in italics; slanted Arabic is hard to read, and a quoted word looks like a button.
QUOTED = {
    "en": r"(?<!\*)\*([^*\s|][^*|]*)\*(?!\*)",
    "fr": r"«\u00a0([^»]+)\u00a0»",
    "ar": "«([^»]+)»",
}
# Where a page quotes something else.
NO_BUTTONS = {"حانوت"}  # the name of the shop


def page_of(language: str, subject: str) -> Path:
    folder = ROOT / "docs" if language == "en" else ROOT / "docs" / language
    return folder / f"{subject}.md"


def bare(text: str) -> str:
    """Without the sign before it and the number or amount after it."""
    return re.sub(r"^[^\w«]+|[\s:…]+$", "", " ".join(text.split()))


def buttons(language: str) -> set[str]:
    """What stands on the buttons of a language, up to the first value that is put in."""
    found = set()
    for key, message in messages(language).items():
        if key.startswith(("button-", "reject-")) and message.value is not None:
            parts = [
                it.value if isinstance(it, ast.TextElement) else "\0"
                for it in message.value.elements
            ]
            found |= {bare(part) for part in "".join(parts).split("\0") if bare(part)}
    return found


def quoted(language: str, page: Path) -> list[str]:
    text = re.sub(r"`[^`]*`", "", prose(page))
    return [" ".join(it.split()) for it in re.findall(QUOTED[language], text)]


def unknown_buttons(language: str, page: Path) -> list[str]:
    known = buttons(language)
    return [
        name
        for name in quoted(language, page)
        if name not in NO_BUTTONS
        and re.sub(r" \d+$", "", bare(name.replace("\u202f", " "))) not in known
    ]


PAGES = [(language, subject) for language in LOCALES for subject in SUBJECTS]


@pytest.mark.parametrize(("language", "subject"), PAGES)
def test_every_button_that_a_page_names_is_in_the_shop(language, subject):
    assert unknown_buttons(language, page_of(language, subject)) == []


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.name)
def test_the_other_pages_name_buttons_that_there_are(page):
    assert unknown_buttons("en", page) == []


@pytest.mark.parametrize("language", LOCALES)
def test_the_pages_name_buttons_at_all(language):
    assert len(set(quoted(language, page_of(language, "customers")))) > 15
    assert len(set(quoted(language, page_of(language, "operators")))) > 8


def test_a_button_of_another_name_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Press *Buy*, then *Copy 1*, then *Give it back*, and read **this**.")

    assert unknown_buttons("en", page) == ["Give it back"]


@pytest.mark.parametrize(("language", "subject"), PAGES)
def test_every_command_that_a_page_names_is_in_the_shop(language, subject):
    text = prose(page_of(language, subject))

    named = set(re.findall(r"`/([a-z]+)[ `]", text)) - {"revoke"}  # of @BotFather

    assert named <= {*COMMANDS, *OPERATOR_COMMANDS}


@pytest.mark.parametrize(("language", "subject"), PAGES)
def test_no_page_has_a_word_that_stands_for_another(language, subject):
    text = re.sub(
        r"`[^`]*`|\]\([^)]*\)|^\[\w+\]: .*$",
        "…",
        prose(page_of(language, subject)),
        flags=re.MULTILINE,
    )
    text = text.replace("Hanout (حانوت", "")

    assert [it for line in text.splitlines() for it in wrong_words(language, subject, line)] == []


@pytest.mark.parametrize("subject", ["customers", "operators", "team"])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_page_says_the_same_in_each_language(language, subject):
    """As many chapters, the same commands and signs, and the pictures of this language in the same order."""
    english, other = page_of("en", subject), page_of(language, subject)

    for pattern in (
        r"^(#+) ",
        r"`(/[a-z]+)",
        r"^\| ([^\w\s|`!*«\-][^|]*) \|",
        r"-light-([\w-]+)\.webp",
    ):
        found, expected = (
            re.findall(pattern, prose(page), re.MULTILINE) for page in (other, english)
        )
        assert found == expected
    assert set(re.findall(r"pictures/(\w\w)-", prose(other))) == {language}


@pytest.mark.parametrize("language", LOCALES)
def test_the_signs_of_alerts_are_those_that_alerts_begin_with(language):
    text = prose(page_of(language, "operators"))
    table = next(it for it in text.split("\n\n") if "🔻" in it)
    named = {sign for row in table.splitlines()[2:] for sign in row.split("|")[1].split()}
    begun = {
        message.value.elements[0].value.split()[0]
        for key, message in messages(language).items()
        if key.startswith("alert-")
        and message.value
        and isinstance(message.value.elements[0], ast.TextElement)
    }

    assert named <= begun
    assert begun - named - {"✓", "↩️", "✉️", "🔀", "🏷️", "📚", "🔐", *words_of(language)} == set()


def words_of(language: str) -> set[str]:
    """Alerts that begin with a word continue another one."""
    first = (
        m.value.elements[0]
        for k, m in messages(language).items()
        if k.startswith("alert-") and m.value
    )
    return {
        it.value.split()[0]
        for it in first
        if isinstance(it, ast.TextElement) and it.value[0].isalpha()
    }


@pytest.mark.parametrize("subject", SUBJECTS)
def test_french_has_its_spaces(subject):
    text = re.sub(r"`[^`]*`", "", prose(page_of("fr", subject)))
    lines = [it for it in text.splitlines() if not re.match(r"\[\w+\]: |\|[-|]+$", it)]

    wrong = re.compile(
        r" [;?»]| :(?!\w)| !(?!\[)|«[^\u00a0]|[^\s\u202f\u00a0|\[(][;?»]|\w:(?= |$)|'"
    )
    assert [it for it in lines if wrong.search(it)] == []


@pytest.mark.parametrize(("language", "subject"), PAGES)
def test_a_page_is_two_pages_at_most(language, subject):
    assert len(page_of(language, subject).read_text().splitlines()) <= 100


def test_chapters_follow_each_other_without_leaps():
    for language, subject in PAGES:
        levels = [
            len(it) for it in re.findall(r"^(#+) ", prose(page_of(language, subject)), re.MULTILINE)
        ]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
