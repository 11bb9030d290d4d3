"""Which files are taken as the receipt of a transfer, by what their sender says of them."""

import pytest

from bot.domain.receipt_files import may_be_receipt


@pytest.mark.parametrize(
    ("mime_type", "name"),
    [
        ("image/jpeg", "IMG_0001.JPG"),
        ("image/jpeg", None),
        ("image/heic", "photo.heic"),
        ("IMAGE/PNG", ""),
        ("image/png; charset=binary", "a.png"),
        ("image/x-other", "Capture du 12.03"),
        ("image/jpeg", "reçu n. 12"),
        ("application/pdf", "reçu.pdf"),
        ("application/pdf", None),
        ("Application/PDF", "وصل"),
        (None, "receipt.pdf"),
        ("", "RECEIPT.PDF"),
        ("application/octet-stream", " receipt.pdf "),
        # Telegram knows no type: the name tells.
        (None, "IMG_0001.HEIC"),
        ("application/octet-stream", "IMG_0001.HEIC"),
        ("", "recu.jpg"),
        ("application/octet-stream", "recu.jpg"),
        ("binary/octet-stream", "recu.pdf"),
        ("application/x-pdf", "recu.pdf"),
        (None, "recu.pdf\u200f"),
        # What follows a dot is no ending.
        ("application/pdf", "Virement 1500.00DA"),
        ("application/pdf", "Recu.Mohamed"),
        ("application/pdf", "وصل.الدفع"),
        ("application/pdf", "recu.pdf\u200f"),
        ("image/jpeg", "Screenshot_20261127-com.baridimob"),
        ("image/jpeg", "IMG.jpg_large"),
        ("image/jpeg", ".exe"),
    ],
)
def test_pictures_and_pdfs_are_taken(mime_type, name):
    assert may_be_receipt(mime_type, name)


@pytest.mark.parametrize(
    ("mime_type", "name"),
    [
        ("application/x-msdownload", "receipt.exe"),
        ("application/vnd.android.package-archive", "ccp.apk"),
        ("application/octet-stream", "receipt.exe"),
        ("application/octet-stream", None),
        (None, None),
        (None, "pdf"),
        (None, ".pdf"),
        (None, "receipt"),
        ("text/plain", "receipt.pdf"),
        ("application/zip", "receipt.zip"),
        ("video/mp4", "animation.gif.mp4"),
        ("imagery", "a.png"),
        # What the sender says contradicts itself.
        ("application/pdf", "receipt.pdf.exe"),
        ("image/png", "receipt.scr"),
        ("image/png", "receipt.exe."),
        ("application/pdf", "receipt.exe\u200b"),
        ("application/pdf", "receipt\u202efdp.exe"),
        ("application/pdf", "receipt.desktop"),
        ("application/pdf", "receipt.exe \u200f. "),
        ("application/pdf", "receipt.e\u200bxe"),
        ("image/jpeg", "Screenshot.baridimob.com"),
        ("image/jpeg", "receipt.html"),
        ("image/svg+xml", "receipt.svg"),
        ("image/png", "receipt.svg"),
        (None, "receipt.svg"),
        (None, "receipt.jpg.exe"),
        ("binary/octet-stream", "receipt.com"),
    ],
)
def test_nothing_else_is(mime_type, name):
    assert not may_be_receipt(mime_type, name)
