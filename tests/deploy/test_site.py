"""The documentation site is built from the pages as they are, and every link of it leads somewhere."""

from tests.site import ROOT, build, flaws


def test_the_site_is_built_without_a_warning_and_is_whole(tmp_path):
    built = build(tmp_path / "site")

    assert built.returncode == 0, built.stdout + built.stderr
    assert flaws(tmp_path / "site") == []
    pages = {it.relative_to(tmp_path / "site").as_posix() for it in tmp_path.rglob("*.html")}
    written = {
        it.relative_to(ROOT / "docs").with_suffix(".html") for it in (ROOT / "docs").rglob("*.md")
    }
    assert {it.as_posix() for it in written} <= pages
    assert {"changelog.html", "contributing.html", "security.html", "decisions/index.html"} <= pages
