"""What the site adds to the pages of `docs/`: those of the root, a list of the decisions, and each page's language.

The pages are written to be read on a forge; here their links are led to where the same page stands on the site.
"""

import posixpath
import re
from pathlib import Path
from typing import Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[2]
# Pages that stand beside the code, and where the site has them.
OF_THE_ROOT: Final = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}
# Where else a link on a forge may lead.
ELSEWHERE: Final = {"README.md": "index.md", "docs/decisions": "decisions/index.md"}
LANGUAGES: Final = {"en": "English", "fr": "Français", "ar": "العربية"}
# What a page of another language has in its menu: its own language alone.
_menus: Final[dict[str, Navigation]] = {}
_LINK: Final = re.compile(r"(?<=\]\()[^)\s]+(?=\))|(?<=^\[)([\w-]+\]: )(\S+)$", re.MULTILINE)


def decisions() -> list[str]:
    """The pages of decisions as the site names them, in their order."""
    return sorted(f"decisions/{it.name}" for it in (ROOT / "docs/decisions").glob("*.md"))


def list_of_decisions() -> str:
    """A page that no file holds: every decision with its title."""
    lines = [
        "# Decisions",
        "",
        "Choices that had alternatives: why, and how we would notice that they were wrong.",
        "",
    ]
    for page in decisions():
        title = (ROOT / "docs" / page).read_text().partition("\n")[0].removeprefix("# ")
        lines.append(f"- [{title.replace('. ', ' · ', 1)}]({page.removeprefix('decisions/')})")
    return "\n".join(lines) + "\n"


def language_of(page: str) -> str:
    folder = page.partition("/")[0]
    return folder if folder in LANGUAGES else "en"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    for item in config.nav or []:
        if "Decisions" in item:
            item["Decisions"] += decisions()
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for name, page in OF_THE_ROOT.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / name)))
    files.append(File.generated(config, "decisions/index.md", content=list_of_decisions()))
    return files


def led(target: str, page: str) -> str:
    """Where a link of a page leads on the site; a link that leads nowhere stays, and fails the build."""
    path, mark, anchor = target.partition("#")
    if not path or "://" in path or path.startswith("mailto:"):
        return target
    written = next((name for name, its in OF_THE_ROOT.items() if its == page), f"docs/{page}")
    there = posixpath.normpath(posixpath.join(posixpath.dirname(written), path))
    shown = OF_THE_ROOT.get(there) or ELSEWHERE.get(there) or there.removeprefix("docs/")
    if shown == there:  # not of the site
        return target
    return posixpath.relpath(shown, posixpath.dirname(page) or ".") + mark + anchor


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    if page.file.src_uri == "decisions/index.md":
        return markdown

    def replaced(link: re.Match[str]) -> str:
        if link[1]:
            return link[1] + led(link[2], page.file.src_uri)
        return led(link[0], page.file.src_uri)

    return _LINK.sub(replaced, markdown)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A picture is a link to itself, in its own size."""
    return re.sub(r'<img [^>]*src="([^"]+)"[^>]*>', r'<a href="\1">\g<0></a>', html)


def _in(language: str, page: str, files: Files) -> str:
    """The same page in another language, or where that language begins."""
    own = page if language_of(page) == "en" else page.partition("/")[2]
    folder = "" if language == "en" else f"{language}/"
    there = files.get_file_from_path(folder + own) or files.get_file_from_path(folder + "index.md")
    return there.url if there else "."


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """One page follows another within its language."""
    for page in nav.pages:
        following = page.next_page
        if following and language_of(following.file.src_uri) != language_of(page.file.src_uri):
            page.next_page = following.previous_page = None
    _menus.clear()
    for section in nav.items:
        if isinstance(section, Section) and section.title in LANGUAGES.values():
            pages = [it for it in section.children if isinstance(it, Page)]
            language = language_of(pages[0].file.src_uri)
            _menus[language] = Navigation(list(section.children), pages)
            _menus[language].homepage = pages[0]
    config.extra["files"] = files
    return nav


def on_page_context(context: Any, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
    """The theme's words, direction and menu are the page's, and each language leads to the same page."""
    here = page.file.src_uri
    config.theme["language"] = language_of(here)
    config.extra["alternate"] = [
        {"name": name, "lang": language, "link": _in(language, here, config.extra["files"])}
        for language, name in LANGUAGES.items()
    ]
    context["nav"] = _menus.get(language_of(here), nav)
    return context
