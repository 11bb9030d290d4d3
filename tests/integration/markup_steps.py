"""Setting price rules in tests, as an operator does it."""

from itertools import count

from bot.domain.pricing import Markup, MarkupKey
from bot.services.catalogue import markups
from bot.services.catalogue.price_changes import Editor
from tests.harness import OPERATOR, ShopHarness

_numbers = count()


async def set_markup(harness: ShopHarness, key: MarkupKey, markup: Markup | None) -> None:
    editor = Editor(OPERATOR, f"markup:{next(_numbers)}")
    await markups.set_markup(harness.shop, key, markup, editor)
