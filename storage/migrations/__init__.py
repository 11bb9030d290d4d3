"""Alembic's migrations from an empty database to the current schema."""

from typing import Final

HEAD: Final = "0110"
EARLIER: Final = (
    "0100",
    "0101",
    "0104",
    "0105",
    "0106",
    "0107",
    "0108",
    "0109",
)  # schemas of earlier versions, which are brought to the current one
