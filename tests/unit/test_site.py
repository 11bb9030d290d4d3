"""What the check of the documentation site notices, on sites of a page or two, and where links are led."""

import importlib.util
import re

import pytest

from tests.site import CONFIGURATION, ROOT, flaws

PAGE = (
    '<html lang="{language}"><body dir="{direction}"><h1 id="top">Hanout</h1>{body}</body></html>'
)


@pytest.fixture(scope="module")
def hooks():
    spec = importlib.util.spec_from_file_location("site_hooks", CONFIGURATION.parent / "hooks.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def site(tmp_path):
    """Writes a page and tells what is wrong with the site."""

    def with_page(body, name="index.html", language="en", direction="ltr"):
        page = tmp_path / name
        page.parent.mkdir(exist_ok=True)
        page.write_text(PAGE.format(body=body, language=language, direction=direction))
        return flaws(tmp_path)

    return with_page


def test_links_to_pages_headings_and_other_sites_are_well(site):
    assert site('<a href="#top">up</a> <a href="https://t.me/BotFather">bot</a>') == []
    assert site('<a href="../index.html#top">home</a>', "fr/index.html", "fr") == []
    assert site('<a href="/fr/">French</a>', "404.html") == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<a href="gone.html">x</a>', "gone.html leads nowhere"),
        ('<a href="#gone">x</a>', "#gone leads nowhere"),
        ('<a href="index.html#gone">x</a>', "index.html#gone leads nowhere"),
        ('<a href="../README.md">x</a>', "../README.md leads nowhere"),
        ('<a href="javascript:alert()">x</a>', "javascript:alert() leads nowhere"),
        ('<img src="gone.webp" alt="A screen">', "gone.webp leads nowhere"),
        ('<a href="#top"><img src="#top"></a>', "no words for the picture #top"),
        ('<script src="https://cdn.example/x.js"></script>', "loads https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="//fonts.example/x">', "loads //fonts.example/x"),
        ("<p>Choose:\n- one\n- two</p>", "not shown as a list: - one"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(site, body, told):
    assert f"index.html: {told}" in site(body)


def test_a_page_is_in_its_language_and_runs_its_way(site):
    assert site("", "ar/index.html", "ar", "rtl") == []
    assert site("", "ar/index.html", "ar", "ltr") == ["ar/index.html: is marked as ar ltr"]
    assert site("", "ar/index.html", "en", "rtl") == ["ar/index.html: is marked as en rtl"]


def test_a_link_on_a_forge_is_led_to_the_page_of_the_site(hooks):
    assert hooks.led("../CONTRIBUTING.md", "architecture.md") == "contributing.md"
    assert hooks.led("../../CHANGELOG.md#added", "fr/index.md") == "../changelog.md#added"
    assert hooks.led("decisions", "architecture.md") == "decisions/index.md"
    assert hooks.led("docs/install.md#later", "changelog.md") == "install.md#later"
    assert hooks.led("CHANGELOG.md", "security.md") == "changelog.md"
    assert hooks.led("../README.md", "install.md") == "index.md"
    assert hooks.led("0001-x.md", "decisions/0002-y.md") == "0001-x.md"
    assert hooks.led("#here", "install.md") == "#here"
    assert hooks.led("https://t.me/x", "install.md") == "https://t.me/x"


def test_a_link_to_what_the_site_has_not_stays_and_so_fails_the_build(hooks):
    assert (
        hooks.led("../deploy/install/hanout-install", "install.md")
        == "../deploy/install/hanout-install"
    )


def test_the_list_of_decisions_has_each_with_its_title(hooks):
    lines = hooks.list_of_decisions().splitlines()
    files = {it.name for it in (ROOT / "docs/decisions").glob("*.md")}

    assert {it.partition("](")[2].rstrip(")") for it in lines if it.startswith("- [")} == files
    assert "- [87 · The doctor changes nothing](0087-the-doctor-changes-nothing.md)" in lines


def test_every_page_has_a_line_in_the_menu():
    """MkDocs says so too, but only `make site` and `make prove` ask it."""
    menu = CONFIGURATION.read_text().partition("\nnav:\n")[2]
    docs = ROOT / "docs"
    written = [*docs.glob("*.md"), *docs.glob("[a-z][a-z]/*.md")]

    listed = set(re.findall(r"[\w/-]+\.md", menu))

    assert {it.relative_to(docs).as_posix() for it in written} <= listed
