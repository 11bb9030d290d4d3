"""The photo of a receipt, as a customer sends it: pictures of the pages show it."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_LINES: Final = (
    ("VERSEMENT CCP", 24),
    ("00123456 CLE 78", 20),
    ("5 000,00 DA", 28),
    ("HN4", 20),
)


def _drawn() -> bytes:
    paper = Image.new("RGB", (300, 190), "#f7f5ee")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((8, 8, 291, 181), outline="#c9c4b4", width=2)
    for row, (text, size) in enumerate(_LINES):
        pen.text((24, 20 + row * 38), text, fill="#33312a", font=ImageFont.load_default(size))
    picture = BytesIO()
    paper.save(picture, "PNG")
    return picture.getvalue()


RECEIPT: Final = _drawn()
