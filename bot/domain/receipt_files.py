"""Which files can be the receipt of a transfer: pictures and PDFs, and nothing that a machine would run.

The type and the name of a file are the sender's own words, and either may be missing. They may not
contradict each other: whoever decides about the receipt opens it by its name.
"""

from typing import Final

_PDF: Final = "application/pdf"
_UNKNOWN: Final = ("", "application/octet-stream")  # the name says what it is
_PICTURES: Final = frozenset(
    "jpg jpeg jpe jfif png gif webp bmp dib heic heif hif avif jxl tif tiff svg".split()  # noqa: SIM905
)
_LONGEST_ENDING: Final = (
    12  # letters of what follows the last dot; a longer one is a part of a name
)


def may_be_receipt(mime_type: str | None, file_name: str | None) -> bool:
    """Whether a file, as its sender names it, is a picture or a PDF."""
    kind = (mime_type or "").partition(";")[0].strip().lower()
    ending = _ending(file_name or "")
    if kind in _UNKNOWN:
        return ending == "pdf"
    if kind == _PDF:
        return ending in ("", "pdf")
    return kind.startswith("image/") and (not ending or ending in _PICTURES)


def _ending(name: str) -> str:
    """What follows the last dot of a name, in small letters; nothing if that is no word, as in "n. 12"."""
    before, dot, after = name.strip().rstrip(".").rpartition(".")
    after = after.strip().lower()
    is_ending = bool(dot and before) and len(after) <= _LONGEST_ENDING
    return after if is_ending and any(c.isalpha() for c in after) and " " not in after else ""
