"""Shelves and marks as operators make them."""

from bot.domain.catalogue import Category
from bot.domain.curation import CuratedText, Curation, Marks, Subject
from bot.domain.price_rules import PriceRules
from bot.domain.shelf import Shelf
from tests.harness import BRANDS
from tests.unit.test_shelf import product

CATEGORIES = (Category(1, "PlayStation"), Category(2, "Steam"))


def marked(**marks: Marks) -> Curation:
    """By p12 or the key of a category, with _ for its dash."""
    subjects = {
        Subject.product(int(one[1:])) if one[1:].isdigit() else Subject.category(one): said
        for one, said in ((name.replace("_", "-"), said) for name, said in marks.items())
    }
    return Curation(subjects)


def named(subject: Subject, **names: str) -> Curation:
    return Curation({}, {(subject, CuratedText.NAME): names})


def shelf(products, values=(), links=None, curation: Curation | None = None) -> Shelf:
    made = Shelf(BRANDS)
    own = curation or Curation()
    made.fill(
        CATEGORIES,
        products,
        values,
        links or {},
        PriceRules(),
        frozenset(),
        ("first", "second"),
        own,
    )
    return made


GOODS = (
    product(1, "PlayStation USA"),
    product(2, "PlayStation France"),
    product(3, "PlayStation UAE", supplier="second"),
    product(4, "Steam Turkey", category=2),
)
