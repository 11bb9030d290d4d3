"""The pages say what the code does: every setting and command has its place, and every link leads somewhere."""

import ast
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import cli
from bot.settings import Settings, load_settings
from bot.settings_reference import SECTIONS, in_environment, render
from handlers.routes import COMMANDS, OPERATOR_COMMANDS
from tests.pictures import PICTURES, is_small, names_on_pages

ROOT = Path(__file__).parents[2]
TRANSLATED = sorted(
    (ROOT / "docs").glob("[a-z][a-z]/*.md")
)  # more: tests/unit/test_translated_pages.py
PAGES = [
    ROOT / "README.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *TRANSLATED,
]
# Also what stands beside the code; the README does not link each of these by itself.
ALL_PAGES = sorted(
    {*PAGES, *ROOT.glob("*.md"), *(ROOT / "docs/decisions").glob("*.md")},
    key=lambda page: page.relative_to(ROOT),
)
SOURCES = ("bot", "handlers", "storage", "locales", "tests")


def named(page):
    return str(page.relative_to(ROOT))


# What other software has, what is made when something runs, and an example of a code.
NOT_OURS = {
    "AIORateLimiter",
    "SSL_CERT_DIR",
    "logOut",
    "Updater",
    "de_json",
    "ABCD-1234",
    ".venv",
    ".venv/bin/hanout",
    "hanout",
    "share/hanout",
    "deploy/secrets",
    "wal_autocheckpoint",
    "data/",
    "screenshots/",
    "site/",
}
# One says that it uses the names of the time of a run; the other is made from the code.
WITHOUT_OUR_NAMES = {ROOT / "docs/mutants.md", ROOT / "docs/settings.md"}
REQUIRED = {
    "telegram_token": "7:a",
    "admin_ids": "1",
    "hanout_keys": "k1:" + "A" * 43 + "=",
    "oneclickdz_api_key": "canary-key",
}
# In .env.example these show what a value looks like: they have no default that could stand there.
EXAMPLES = {
    "HANOUT_KEYS_FILE",
    "SECRETS_FOLDER",
    "STARSHIP_DINARS_SINCE",
    "TRANSFER_INSTRUCTIONS_FR",
}


def example_settings():
    text = (ROOT / ".env.example").read_text()
    return dict(re.findall(r"^#? ?([A-Z][A-Z_]+)=(.*)$", text, re.MULTILINE))


def prose(page):
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def targets(page):
    """Where links lead inside the repository: those in place, and definitions such as `[name]: path`."""
    found = re.findall(r"\]\(([^)\s]+)\)|^\[[\w-]+\]: (\S+)$", prose(page), re.MULTILINE)
    return [it for it in map("".join, found) if "://" not in it]


def anchors(page):
    """As a forge makes them of headings: lower case, no signs, hyphens for spaces."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def names_in(page):
    """What stands in backticks and looks like a path, an identifier or a Fluent key, also in a command."""
    found = re.findall(r"`([^`]+)`", prose(page))
    found += [word for text in found for word in text.split() if word.endswith(".py")]
    return {text for text in found if re.fullmatch(r"\.?[a-zA-Z_][\w./-]*", text, re.ASCII)}


def names_of_the_code():
    """All identifiers of the sources, and the strings that look like one; no docstrings or comments."""
    names = set()
    for path in (p for folder in SOURCES for p in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            for field in ("id", "attr", "name", "arg", "value"):
                value = getattr(node, field, None)
                if isinstance(value, str):
                    names.add(value)
        names.add(path.stem)
    return names


def keys_of_fluent():
    texts = (path.read_text() for path in (ROOT / "locales/en").glob("*.ftl"))
    return {key for text in texts for key in re.findall(r"^([\w-]+) =", text, re.MULTILINE)}


def files_of_the_repository():
    skipped = {".git", ".venv", "__pycache__", "node_modules"}
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if not skipped & set(parts):
            yield "/" + "/".join(parts)


def commands_of(group, before=""):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands_of(command, f"{before}{name} ")
        else:
            yield before + name


def test_the_page_about_settings_is_up_to_date():
    assert (ROOT / "docs/settings.md").read_text() == render(), "run `make docs`"


def test_every_setting_has_one_place_on_its_page_and_a_description():
    placed = [name for names in SECTIONS.values() for name in names]

    assert sorted(placed) == sorted(Settings.model_fields)
    assert [n for n, f in Settings.model_fields.items() if not f.description] == []


def test_the_page_about_settings_asks_for_no_default_of_a_secret(monkeypatch):
    for field in Settings.model_fields.values():
        if "Secret" in str(field.annotation):
            monkeypatch.setattr(field, "default", "canary-secret")

    assert "canary" not in render()


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - set(REQUIRED)))
def test_a_default_means_the_same_where_it_is_written_into_the_environment(
    monkeypatch, tmp_path, name
):
    monkeypatch.chdir(tmp_path)
    for each in Settings.model_fields:
        monkeypatch.delenv(each.upper(), raising=False)
    for each, value in REQUIRED.items():
        monkeypatch.setenv(each.upper(), value)
    default = getattr(load_settings(), name)
    if not in_environment(default) or "Secret" in str(Settings.model_fields[name].annotation):
        pytest.skip("there is nothing to write")

    monkeypatch.setenv(name.upper(), in_environment(default))

    assert getattr(load_settings(), name) == default


def test_the_example_file_has_every_setting_and_no_other():
    assert set(example_settings()) == {name.upper() for name in Settings.model_fields}


def test_the_example_file_shows_the_defaults():
    for name, shown in example_settings().items():
        field = Settings.model_fields[name.lower()]
        if name in EXAMPLES or field.is_required() or "Secret" in str(field.annotation):
            continue
        default = in_environment(field.default)
        assert shown.casefold() == default.casefold(), name


def test_every_command_of_the_shell_has_a_line():
    text = (ROOT / "docs/operating.md").read_text()

    names = list(commands_of(get_command(cli)))

    assert "keys rotate" in names
    assert [name for name in names if f"| `hanout {name}" not in text] == []


def test_every_command_in_the_chat_has_a_line():
    text = (ROOT / "docs/operating.md").read_text()

    assert [
        name
        for name in OPERATOR_COMMANDS
        if not re.search(rf"^\| `/{name}[ `]", text, re.MULTILINE)
    ] == []
    assert [name for name in COMMANDS if not re.search(rf"`/{name}`", text)] == []


@pytest.mark.parametrize("page", ALL_PAGES, ids=named)
def test_no_line_is_longer_than_120_characters(page):
    long = [n for n, line in enumerate(page.read_text().splitlines(), 1) if len(line) > 120]

    assert long == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_named_link_is_defined_and_used(page):
    text = prose(page)
    defined = re.findall(r"^\[([\w-]+)\]:", text, re.MULTILINE)

    assert sorted(re.findall(r"\]\[([\w-]+)\]", text)) == sorted(defined)


def test_names_in_backticks_exist():
    """A page that names what was renamed or removed fails."""
    settings = {name.upper() for name in Settings.model_fields}
    known = names_of_the_code() | keys_of_fluent() | settings
    files = list(files_of_the_repository())
    missing = []
    for page in (page for page in ALL_PAGES if page not in WITHOUT_OUR_NAMES):
        for name in names_in(page):
            if any(path.endswith("/" + name.removesuffix("/")) for path in files):
                continue
            words = [name] if "-" in name else name.split(".")
            if not set(words) <= known and name not in NOT_OURS:
                missing.append(f"{page.name}: {name}")

    assert sorted(missing) == []


@pytest.mark.parametrize("page", ALL_PAGES, ids=named)
def test_links_to_pages_pictures_and_headings_lead_somewhere(page):
    for target in targets(page):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_every_picture_is_shown_on_a_page_and_is_small():
    pictures = sorted(PICTURES.iterdir())

    assert {picture.stem for picture in pictures} == names_on_pages()
    assert [picture.name for picture in pictures if not is_small(picture)] == []


def linked_from(page):
    return {(page.parent / target.partition("#")[0]).resolve() for target in targets(page)}


def test_every_page_is_linked_from_the_readme_or_from_where_its_language_begins():
    linked = linked_from(ROOT / "README.md")
    for language in ("fr", "ar"):
        linked |= linked_from(ROOT / f"docs/{language}/index.md")

    assert {page for page in PAGES if page.name != "README.md"} <= linked


def test_every_make_target_that_a_page_names_exists():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(" ".join(re.findall(r"^([a-z ]+):", makefile, re.MULTILINE)).split())
    named = {target for page in ALL_PAGES for target in re.findall(r"`make ([a-z]+)", prose(page))}

    assert "prove" in named
    assert named <= targets


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_alone_lists_every_target_with_a_line():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    targets = phony[1].split()
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}

    said = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    listed = dict(re.findall(r"^make ([a-z ]*?) {2,}(.+)$", said, re.MULTILINE))

    assert sorted(" ".join(listed).split()) == sorted(targets)
    assert all(listed.values())
