"""Steps of tests about what operators say of products and categories."""

from typing import Any

from bot.domain.curation import CuratedText, Subject
from bot.domain.records import Locale
from bot.services.catalogue import curation
from tests.harness import OPERATOR, ShopHarness

GAMES = Subject.category("games-consoles")


async def product_of(harness: ShopHarness, title: str = "PlayStation USA") -> Subject:
    value = await harness.denomination(title)
    return Subject.product(harness.shop.shelf.denomination(value).product_id)


def by(key: str) -> dict[str, Any]:
    return {"key": key, "operator_id": OPERATOR}


async def hide(harness: ShopHarness, subject: Subject, *, hidden: bool = True, key: str = "h"):
    return await curation.set_hidden(harness.shop, subject, hidden=hidden, **by(key))


async def behind_the_shelf(harness: ShopHarness, subject: Subject) -> None:
    """Hide it so that this process has not read it yet."""
    await harness.store.write(lambda tx: tx.curation.mark(subject, hidden=True))


async def named(harness: ShopHarness, subject: Subject, name: str, locale: Locale, key: str):
    kind = CuratedText.NAME
    return await curation.set_text(harness.shop, subject, kind, locale, name, **by(key))
