"""Texts that programs of operators write and read: their bytes, and what spreadsheets make of a cell."""

import codecs
from typing import Final

FORMULA_SIGNS: Final = tuple("=+-@＝＋－＠")  # spreadsheets run a cell that begins like this
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED_UTF16: Final = ((1, "utf-16-le"), (0, "utf-16-be"))  # where the first zero byte stands


def text_of(data: bytes) -> str | None:
    """The text of a file in UTF-8 or UTF-16, without its mark of order; None for any other file."""
    marked = [(name, data[len(bom) :]) for bom, name in _BOMS if data.startswith(bom)]
    unmarked = [(name, data) for at, name in _UNMARKED_UTF16 if data[at : at + 1] == b"\x00"]
    name, content = next(iter(marked + unmarked), ("utf-8", data))
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text
