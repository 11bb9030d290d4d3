"""`make pictures`: the pictures that pages show, made small from those that `make screenshots` takes.

A page names what it shows, so there is no list here: `pictures/ar-light-home.webp` is made of `ar-light-home.png`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ROOT / "docs/pictures"
LARGEST: Final = 60_000  # bytes of a phone's screen: a page with four of them opens on a slow line
_SCREEN: Final = 720 * 1480  # pixels
_COLOURS: Final = 128  # of a screen of text and flat colours, nobody misses the others


def pages() -> Iterator[Path]:
    yield ROOT / "README.md"
    yield from (ROOT / "docs").rglob("*.md")


def names_on_pages() -> set[str]:
    """The names of all pictures that pages show."""
    found = (re.findall(r"pictures/([\w-]+)\.webp", page.read_text()) for page in pages())
    return {name for names in found for name in names}


def make_small(screenshot: Path, picture: Path) -> None:
    """Few colours, and of what is left none is lost: text stays sharp."""
    flat = Image.open(screenshot).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    flat.convert("RGB").save(picture, "WEBP", lossless=True, quality=100, method=6)


def is_small(picture: Path) -> bool:
    """A larger screen may have more bytes."""
    with Image.open(picture) as image:
        screens = max(image.width * image.height / _SCREEN, 1)
    return picture.stat().st_size <= LARGEST * screens


def main(screenshots: Path) -> int:
    names = sorted(names_on_pages())
    absent = [name for name in names if not (screenshots / f"{name}.png").exists()]
    for name in absent:
        print(f"{screenshots} has no {name}.png", file=sys.stderr)
    if absent:
        return 1
    for name in names:
        picture = PICTURES / f"{name}.webp"
        make_small(screenshots / f"{name}.png", picture)
        if not is_small(picture):
            print(f"{picture.name} has {picture.stat().st_size} bytes", file=sys.stderr)
            return 1
    for old in PICTURES.iterdir():
        if old.stem not in names:
            old.unlink()
    print(f"{len(names)} pictures in {PICTURES}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
