"""What the tests of news share: people of a shop, a news that is sent to them, and who has got it."""

from collections.abc import Mapping

from sqlalchemy import select

from bot.domain.jobs import Job
from bot.domain.news import Letter, News, Segment
from bot.domain.records import Locale
from bot.services.news.drafts import (
    Card,
    Verdict,
    choose_segment,
    draft_news,
    show_card,
    start_news,
    view_draft,
    write_letter,
)
from storage.tables import news_sent, users
from tests.harness import OPERATOR, ShopHarness

TEXTS = {Locale.EN: "Half price", Locale.FR: "Moitié prix", Locale.AR: "نصف السعر"}
DAY = 86_400
FIRST = 1001  # ids of people, below those of operators nobody is


async def settle(harness: ShopHarness, count: int, locale: str = "en", first: int = FIRST) -> range:
    """So many people who have written to the bot, with ids from `first` on."""
    people = range(first, first + count)

    async def add(tx):
        now = harness.clock.now()
        rows = [{"id": one, "locale": locale, "created_at": now} for one in people]
        await tx.customers.insert_all_once(users, rows)

    await harness.store.write(add)
    return people


async def write(
    harness: ShopHarness,
    texts: Mapping[Locale, str] = TEXTS,
    segment: Segment | None = None,
    operator_id: int = OPERATOR,
) -> News:
    """A draft that its operator has seen."""
    draft = await draft_news(harness.shop, operator_id)
    for locale, text in texts.items():
        await write_letter(harness.shop, draft.id, operator_id, locale, Letter(text))
    if segment is not None:
        await choose_segment(harness.shop, draft.id, operator_id, lambda _: segment)
    return (await see(harness, draft.id, operator_id)).news


async def see(harness: ShopHarness, news_id: int, operator_id: int = OPERATOR) -> Card:
    """The card of a draft whose letters this operator has got."""
    draft = await view_draft(harness.shop, news_id, operator_id)
    return await show_card(harness.shop, news_id, operator_id, version=draft.version)


async def begin(
    harness: ShopHarness, texts: Mapping[Locale, str] = TEXTS, segment: Segment | None = None
) -> News:
    """A news that is being sent; the operators themselves are told to want none."""
    await say_no(harness, OPERATOR)
    draft = await write(harness, texts, segment)
    verdict, card = await start_news(
        harness.shop, draft.id, OPERATOR, 55, version=draft.version, key=f"go:{draft.id}"
    )
    assert verdict is Verdict.BEGUN
    harness.leave_out(Job.SILENCE, Job.BALANCE, Job.WATCH, Job.REMINDERS)
    return card.news


async def say_no(harness: ShopHarness, *people: int, wanted: bool = False) -> None:
    async def set_all(tx):
        for user_id in people:
            await tx.crowds.set_wants_news(user_id, wanted=wanted)

    await harness.store.write(set_all)


def readers(harness: ShopHarness) -> list[int]:
    """Who has got news, in order."""
    return [s.user_id for s in harness.sender.sent if s.kind == "news"]


async def outcomes(harness: ShopHarness, news_id: int = 1) -> dict[int, str]:
    async with harness.store._reader.connect() as db:
        rows = await db.execute(
            select(news_sent.c.user_id, news_sent.c.outcome).where(news_sent.c.news_id == news_id)
        )
        return {row.user_id: row.outcome for row in rows}


async def news_of(harness: ShopHarness, news_id: int = 1) -> News:
    async with harness.store.reading() as tx:
        found = await tx.news.get(news_id)
    assert found is not None
    return found
