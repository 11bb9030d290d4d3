"""Pictures of figures: `drawing` makes SVG of them, and `python -m bot.charts` makes that a PNG."""
