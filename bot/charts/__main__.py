"""`python -I -m bot.charts`: a chart as JSON on standard input, its picture as PNG on standard output.

A process of its own, which ends with the picture: what the renderer needs is never the bot's memory.
"""

import json
import sys
from pathlib import Path

import resvg_py

from bot.charts.drawing import draw
from bot.domain.charts import from_plain

_FONTS = Path(__file__).parent / "fonts"


def main() -> None:
    chart = from_plain(json.load(sys.stdin.buffer))
    # Never the fonts of the machine: the picture would differ from one to the next.
    png = resvg_py.svg_to_bytes(
        svg_string=draw(chart),
        skip_system_fonts=True,
        font_files=[str(path) for path in sorted(_FONTS.glob("*.ttf"))],
    )
    sys.stdout.buffer.write(bytes(png))


if __name__ == "__main__":
    main()
