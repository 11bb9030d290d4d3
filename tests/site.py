"""`make site`: is the documentation site whole, as a browser would get it?

MkDocs checks the links of the pages; this reads what was built, menus and theme included.
"""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urldefrag, urlsplit

ROOT: Final = Path(__file__).parents[1]
CONFIGURATION: Final = ROOT / "docs/site/mkdocs.yml"
# What loads something, as opposed to leading somewhere.
_LOADS: Final = {("script", "src"), ("img", "src"), ("source", "src"), ("iframe", "src")}
_LOADED_RELATIONS: Final = {"stylesheet", "icon", "preload", "preconnect", "modulepreload"}
_DIRECTIONS: Final = {"ar": "rtl"}


@dataclass
class _Reader(HTMLParser):
    """What a page holds that can be wrong."""

    language: str = ""
    direction: str = ""
    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)  # without words for who cannot see them
    lists: list[str] = field(
        default_factory=list
    )  # that a forge shows and Markdown for Python does not
    _paragraph: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[it] for it in ("id", "name") if values.get(it)}
        if tag == "html":
            self.language = values.get("lang", "")
        if tag == "body":
            self.direction = values.get("dir", "")
        if tag == "img" and not values.get("alt"):
            self.pictures.append(values.get("src", ""))
        self._paragraph = tag == "p" or (self._paragraph and tag not in {"pre", "ul", "ol"})
        for name, value in values.items():
            if name in {"href", "src"}:
                is_loaded = (tag, name) in _LOADS or values.get("rel", "") in _LOADED_RELATIONS
                (self.loaded if is_loaded else self.links).append(value)

    def handle_endtag(self, tag: str) -> None:
        self._paragraph = self._paragraph and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._paragraph:
            self.lists += [
                it for it in data.splitlines() if it.startswith(("- ", "* ", "1. ", "| "))
            ]


def read(page: Path) -> _Reader:
    reader = _Reader()
    reader.feed(page.read_text())
    return reader


def _leads(link: str, page: Path, site: Path, pages: dict[Path, _Reader]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme in {"https", "http", "mailto"}
    path, anchor = urldefrag(unquote(link))
    there = page if not path else (site / path[1:] if path[0] == "/" else page.parent / path)
    there = (there / "index.html" if there.is_dir() else there).resolve()
    if not there.is_relative_to(site) or not there.exists():
        return False
    return not anchor or there not in pages or anchor in pages[there].anchors


def flaws(site: Path) -> list[str]:
    """What is wrong with a site that was built: one line each, none if all is well."""
    site = site.resolve()
    pages = {page: read(page) for page in sorted(site.rglob("*.html"))}
    found = []
    for page, its in pages.items():
        name = page.relative_to(site).as_posix()
        language = name.partition("/")[0] if "/" in name else ""
        language = language if language in {"fr", "ar"} else "en"
        if (its.language, its.direction) != (language, _DIRECTIONS.get(language, "ltr")):
            found.append(f"{name}: is marked as {its.language} {its.direction}")
        found += [f"{name}: loads {it}" for it in its.loaded if urlsplit(it).netloc]
        found += [
            f"{name}: {it} leads nowhere"
            for it in [*its.links, *its.loaded]
            if not _leads(it, page, site, pages)
        ]
        found += [f"{name}: no words for the picture {it}" for it in its.pictures]
        found += [f"{name}: not shown as a list: {it}" for it in its.lists]
    return found


def build(site: Path) -> subprocess.CompletedProcess[str]:
    """Build it; what MkDocs warns of is an error."""
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
    ]  # `--quiet` would silence `--strict`
    return subprocess.run(
        [*command, "--config-file", str(CONFIGURATION), "--site-dir", str(site)],
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},  # the theme's advertisement of its successor
        capture_output=True,
        text=True,
        check=False,
    )


def main() -> int:
    site = ROOT / "site"
    built = build(site)
    print(built.stdout + built.stderr, end="")
    found = flaws(site) if built.returncode == 0 else []
    print(*found, sep="\n", end="\n" if found else "")
    if built.returncode or found:
        return 1
    print(f"{site}: {len(list(site.rglob('*.html')))} pages, every link leads somewhere")
    return 0


if __name__ == "__main__":
    sys.exit(main())
