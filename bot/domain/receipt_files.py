"""Which files can be the receipt of a transfer: pictures and PDFs, and nothing that a machine would run.

The type and the name of a file are the sender's own words, and either may be missing. Where the type is
clear, a name may be anything, except one by which a machine runs the file: whoever decides about the
receipt opens it by its name.
"""

import unicodedata
from typing import Final

_PDF: Final = frozenset(["application/pdf", "application/x-pdf"])
_UNKNOWN: Final = frozenset(  # the name says what it is
    ["", "application/octet-stream", "binary/octet-stream", "application/x-download"]
)
_PICTURES: Final = frozenset(
    "jpg jpeg jpe jfif png gif webp bmp dib heic heif hif avif jxl tif tiff jpg_large".split()  # noqa: SIM905
)
_RUN: Final = frozenset(
    """
    exe scr pif bat cmd com cpl dll sys msi msp mst msix msixbundle appx appxbundle appinstaller
    application gadget hta js jse vbs vbe vb wsf wsh wsc ps1 ps1xml psm1 psd1 ps2 lnk url inf
    reg scf sct job chm hlp xll jar jnlp class apk apks xapk apkm aab ipa dex desktop sh bash
    zsh csh ksh run bin out elf appimage deb rpm command app dmg pkg scpt workflow action py pyc
    pyw pyz pl rb php zip rar 7z gz tgz tar bz2 xz cab iso img vhd vhdx arj lzh ace html htm
    xhtml xht shtml mht mhtml svg svgz xml xsl swf docm dotm xlsm xltm xlam pptm potm ppsm
    website search-ms settingcontent-ms library-ms diagcab
    """.split()  # noqa: SIM905
)


def may_be_receipt(mime_type: str | None, file_name: str | None) -> bool:
    """Whether a file, as its sender names it, is a picture or a PDF."""
    kind = (mime_type or "").partition(";")[0].strip().lower()
    name, ending = _parts(file_name or "")
    if kind in _UNKNOWN:
        return bool(name) and (ending == "pdf" or ending in _PICTURES)
    is_clear = kind in _PDF or (kind.startswith("image/") and kind != "image/svg+xml")
    return is_clear and not (name and ending in _RUN)


def _parts(name: str) -> tuple[str, str]:
    """What stands before the last dot of a name, and after it, in small letters.

    Signs that are not seen, dots and spaces at the end do not count: Windows drops them too.
    """
    seen = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cf", "Cc"))
    before, dot, after = seen.strip().rstrip(". ").rpartition(".")
    return (before, after.strip().lower()) if dot else (after, "")
