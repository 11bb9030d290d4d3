"""Whom a news is for: a draft at this moment, one that is being sent as when it began."""

from datetime import timedelta

from bot.domain.news import IDLE_FOR, SENT_AGAIN_AFTER, WEEK, Audience, News
from bot.refusals import NotFound
from bot.services.shop import Shop
from storage.repositories.crowds import Crowd
from storage.transaction import Transaction


def crowd_of(shop: Shop, news: News) -> Crowd:
    """The people whom a news is for: what they bought is looked up on the shelf of this moment.

    Once it began nobody joins them because time passes: neither who writes to the shop first now, nor who
    was told something a day ago by now.
    """
    segment = news.segment
    began_ago = timedelta()
    if news.began_at is not None:
        began_ago = max(began_ago, shop.clock.now() - news.began_at)
    return Crowd(
        segment,
        news.locales,
        products_of(shop, segment.bought) if segment.bought else None,
        shop.timeline.older_than(IDLE_FOR + began_ago) if segment.is_idle else None,
        shop.timeline.older_than(SENT_AGAIN_AFTER + began_ago),
        shop.timeline.older_than(WEEK + began_ago),
        shop.policy.news_per_week,
        news.began_at,
    )


def products_of(shop: Shop, bought: str) -> frozenset[int]:
    """The products that a segment names: p and the id of one, or the key of a category.

    None at all for a category of which nothing is sold any more.
    """
    if is_product(bought):
        return frozenset({int(bought[1:])})
    try:
        brands = shop.shelf.brands_of(bought)
    except NotFound:
        return frozenset()
    return frozenset(product for brand in brands for product in brand.products)


def is_product(bought: str) -> bool:
    """Whether a segment names a product; else it names a category."""
    return bought.startswith("p") and bought[1:].isdecimal()


async def count(tx: Transaction, shop: Shop, news: News) -> Audience:
    """How many people a news goes to now."""
    return await tx.crowds.audience(crowd_of(shop, news))
