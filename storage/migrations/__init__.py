"""Alembic's migrations from an empty database to the current schema."""

from typing import Final

HEAD: Final = "0134"
EARLIER: Final = (
    "0100",
    "0101",
    "0104",
    "0105",
    "0106",
    "0107",
    "0108",
    "0109",
    "0110",
    "0111",
    "0112",
    "0114",
    "0115",
    "0116",
    "0117",
    "0120",
    "0123",
    "0124",
    "0125",
    "0126",
    "0127",
    "0128",
    "0129",
    "0130",
    "0131",
    "0132",
    "0133",
)  # schemas of earlier versions, which are brought to the current one
