"""/news in the chat: an operator writes step by step, people get it and may say no."""

import pytest

from bot.domain.curation import Subject
from bot.domain.jobs import Job
from bot.domain.news import NewsState
from bot.domain.records import Locale
from bot.domain.roles import Role
from bot.refusals import required
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.news.wishes import wants_news
from handlers.outgoing_queue import OutgoingQueue
from handlers.priorities import Priority
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import OPERATOR
from tests.integration.curation_steps import named
from tests.integration.news_chat_steps import (
    AMINE,
    ARABIC,
    MANAGER,
    SUPPORT,
    newest,
    news_in,
    press,
    refusal,
    said,
    say,
    say_after,
    write,
)
from tests.integration.news_steps import news_of, outcomes
from tests.integration.test_outgoing_order import flood_wait


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    await made.hire(MANAGER, Role.MANAGER)
    await made.hire(SUPPORT, Role.SUPPORT)
    for user_id, locale in ((LINA, "fr"), (AMINE, "ar"), (MANAGER, "en"), (SUPPORT, "en")):
        await made.person(user_id, locale).say("/start")
    await made.pump()
    made.leave_out(*set(Job) - {Job.NEWS, Job.OUTBOX})
    yield made
    await made.close()


async def test_a_news_is_written_seen_sent_and_ended(shop: BotHarness):
    product = shop.shop.shelf.denomination(await shop.denomination()).product_id
    await write(shop)
    await press(shop, "nbtn")
    assert "Nothing found" in await say(shop, "no such thing at all")
    await say(shop, "PlayStation USA")
    assert "Button: PlayStation USA" in await press(shop, f"nprod:1:{product}$")

    card = await press(shop, "ncard")
    assert "Announcement 1 · to 2 people" in card
    assert "French 1 · Arabic 1" in card
    previews = news_in(shop, OPERATOR)
    assert [text_of(m) for m in previews] == ["<b>Moitié prix</b> *ce* soir", ARABIC]

    assert "Announcement 1: sent to 0 of 2" in await press(shop, "ngo:1:1")
    await shop.run(30)

    (lina,), (amine,) = news_in(shop, LINA), news_in(shop, AMINE)
    assert text_of(lina) == "<b>Moitié prix</b> *ce* soir", "never read as markup"
    assert not lina.get("entities")
    assert [b["callback_data"] for b in buttons(lina)] == [f"prod:{product}", "news:0"]
    assert text_of(amine) == ARABIC
    assert "has been sent" in newest(shop)
    assert news_in(shop, OPERATOR) == previews, "operators who read no language of it get none"
    assert "2 sent" in await say(shop, "/news")
    assert "announcement 1: sent\nTo 2 people" in await say(shop, "/actions")


async def test_a_product_and_a_category_are_named_as_operators_call_them(shop: BotHarness):
    product = shop.shop.shelf.denomination(await shop.denomination()).product_id
    category = required(shop.shop.shelf.tree.brand_of(product)).category
    for subject, locale, name in (
        (Subject.product(product), "fr", "Ma carte"),
        (Subject.product(product), "en", "My card"),
        (Subject.category(category), "en", "My games"),
    ):
        await named(shop, subject, name, Locale(locale), name)
    await write(shop)
    await press(shop, "nwho")
    await press(shop, "nbuy")
    labels = [b["text"] for b in buttons(shop.person(OPERATOR).inbox[-1])]
    assert "My games" in labels
    assert "who bought My games" in await press(shop, f"nseg:1:cat:{category}$")
    await press(shop, "nseg:1:any:0")
    await press(shop, "nbuy")
    await say(shop, "PlayStation USA")
    labels = [bare(b["text"]) for b in buttons(shop.person(OPERATOR).inbox[-1])]
    assert "My card" in labels
    assert "bought My card" in await press(shop, f"nseg:1:prod:{product}$")
    await press(shop, "nseg:1:all:0")
    await press(shop, "ndraft")
    await press(shop, "nbtn")
    await say(shop, "PlayStation USA")
    assert "Button: My card" in await press(shop, f"nprod:1:{product}$")
    await press(shop, "ncard")
    await press(shop, "ngo:1:1")
    await shop.run(30)

    for who, called in ((LINA, "Ma carte"), (AMINE, "My card")):
        (got,) = news_in(shop, who)
        assert bare(buttons(got)[0]["text"]).strip("\u200f") == called


async def test_who_presses_no_more_news_gets_no_more_and_may_change_their_mind(shop: BotHarness):
    await write(shop)
    await press(shop, "ncard")
    await press(shop, "ngo:1:1")
    await shop.run(30)

    assert "Vous ne recevrez plus d’annonces" in await press(shop, "news:0", LINA)
    assert not await wants_news(shop.shop, LINA)
    await say(shop, "/language", LINA)
    assert "Vous recevez les annonces" in await press(shop, "news:1", LINA)
    assert await wants_news(shop.shop, LINA)


async def test_marks_that_telegram_gave_are_kept_and_others_are_not(shop: BotHarness):
    await say(shop, "/news")
    await press(shop, "nnew")
    text = "Half price here now"
    marks = [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "text_link", "offset": 11, "length": 4, "url": "https://example.org/"},
        {"type": "text_link", "offset": 16, "length": 3, "url": "tg://user?id=1"},
        {"type": "custom_emoji", "offset": 5, "length": 2, "custom_emoji_id": "5"},
    ]
    shop.person(OPERATOR).world.push("message", said(shop, text, marks))
    await shop.pump()
    await press(shop, "nskip:.*:fr")
    await press(shop, "nskip:.*:ar")
    await press(shop, "ncard")

    (preview,) = news_in(shop, OPERATOR)
    assert [(e["type"], e["offset"]) for e in preview["entities"]] == [
        ("bold", 0),
        ("text_link", 11),
    ]


@pytest.mark.parametrize(("sent", "told"), [("x" * 1025, "too long"), ("", "no text")])
async def test_what_is_no_text_or_too_long_is_asked_again(shop: BotHarness, sent, told):
    await say(shop, "/news")
    await press(shop, "nnew")
    if sent:
        await shop.person(OPERATOR).say(sent)
    else:
        await shop.person(OPERATOR).attach(b"%PDF", "x.pdf", photo=False)
    await shop.pump()

    assert told in newest(shop)
    assert "in French" in await say(shop, "Half price")


async def test_segments_are_switched_on_and_off(shop: BotHarness):
    product = shop.shop.shelf.denomination(await shop.denomination()).product_id
    await write(shop)
    await press(shop, "nwho")
    assert "who read Arabic" in await press(shop, "nseg:1:lang:ar")
    assert "without a purchase" in await press(shop, "nseg:1:idle:0")
    assert "At most two" in await say_after(shop, "nwal", "500")
    await press(shop, "nseg:1:lang:ar")
    told = await say_after(shop, "nwal", "much", "500")
    assert "more than 500\u00a0DA" in told
    await press(shop, "nseg:1:above:0")
    await press(shop, "nbuy")
    await say(shop, "nothing like this")
    await say(shop, "PlayStation USA")
    assert "bought PlayStation USA" in await press(shop, f"nseg:1:prod:{product}$")
    await press(shop, "nseg:1:any:0")
    await press(shop, "nbuy")
    category = required(shop.shop.shelf.tree.brand_of(product)).category
    assert "who bought" in await press(shop, f"nseg:1:cat:{category}$")
    assert "For everybody" in await press(shop, "nseg:1:all:0")
    assert "Announcement 1" in await press(shop, "ndraft")


async def test_what_is_not_sold_any_more_is_named_by_its_key(shop: BotHarness):
    product = shop.shop.shelf.denomination(await shop.denomination()).product_id
    category = required(shop.shop.shelf.tree.brand_of(product)).category
    await write(shop)
    await shop.press(shop.person(OPERATOR), f"nseg:1:cat:{category}")
    products, tree = shop.shop.shelf.products, shop.shop.shelf.tree
    shop.shop.shelf.products, shop.shop.shelf.tree = {}, type(tree)({}, [])
    assert f"bought {category}" in await press(shop, "ndraft")
    shop.shop.shelf.products, shop.shop.shelf.tree = products, tree
    await shop.press(shop.person(OPERATOR), f"nseg:1:prod:{product}")
    shop.shop.shelf.products = {}
    assert f"bought p{product}" in await press(shop, "ndraft")
    shop.shop.shelf.products = products


async def test_one_language_is_written_anew_and_the_old_send_button_shows_it_first(
    shop: BotHarness,
):
    await write(shop)
    await press(shop, "ncard")
    await press(shop, "ndraft:1")
    assert "in English" in await press(shop, "ntext:1:en")
    assert "✓ English" in await say(shop, "Half price")

    await shop.press(shop.person(OPERATOR), "ngo:1:1")
    assert "This is what would go out now" in newest(shop)
    assert text_of(news_in(shop, OPERATOR)[-3]) == "Half price"
    assert (await news_of(shop)).state is NewsState.DRAFT
    await press(shop, "ntry:1")
    assert "deleted" in await press(shop, "ngo:1:0")


async def test_two_taps_on_the_send_of_an_older_card_send_nothing(shop: BotHarness):
    operator = shop.person(OPERATOR)
    await write(shop)
    await press(shop, "ncard")
    card = operator.inbox[-1]
    (send,) = [data for b in buttons(card) if (data := b["callback_data"]).startswith("ngo:1:1:")]
    await say(shop, "/news")
    await press(shop, "ndraft")
    await press(shop, "ntext:1:fr")
    await say(shop, "Prix faux")

    for _ in range(2):
        await operator.forge(send, card)
    await shop.pump()
    await shop.run(30)

    assert (await news_of(shop)).state is NewsState.DRAFT
    assert news_in(shop, LINA) == []
    assert "Prix faux" in [text_of(one) for one in news_in(shop, OPERATOR)]
    assert "0 of 2" in await press(shop, "ngo:1:1")


async def test_a_preview_that_did_not_arrive_is_not_seen(shop: BotHarness):
    operator = shop.person(OPERATOR)
    await write(shop)
    await press(shop, "ncard")
    card = operator.inbox[-1]
    (send,) = [data for b in buttons(card) if (data := b["callback_data"]).startswith("ngo:1:1:")]
    await say(shop, "/news")
    await press(shop, "ndraft")
    await press(shop, "ntext:1:fr")
    await say(shop, "Prix faux")
    shop.telegram.faults.append(flood_wait(300, times=9))
    await operator.forge("ncard:1", operator.inbox[-1])
    await shop.pump()
    shop.telegram.faults.clear()
    shop.open_all_chats()

    assert (await news_of(shop)).shown_to is None
    await shop.press(operator, send, card)
    assert (await news_of(shop)).state is NewsState.DRAFT


async def test_a_preview_answers_a_press_and_goes_before_news(shop: BotHarness, monkeypatch):
    seen: list[tuple[Priority, int]] = []
    wait = OutgoingQueue.wait

    async def note(self, priority: Priority, person: int, chat: int) -> None:
        seen.append((priority, chat))
        await wait(self, priority, person, chat)

    monkeypatch.setattr(OutgoingQueue, "wait", note)
    await write(shop)
    seen.clear()
    await press(shop, "ncard")
    assert len(seen) == 3
    assert set(seen) == {(Priority.PRESS, OPERATOR)}

    seen.clear()
    await press(shop, "ngo:1:1")
    await shop.run(30)
    assert {chat for priority, chat in seen if priority is Priority.ADVERT} == {LINA, AMINE}


async def test_a_text_that_telegram_refuses_is_asked_for_again(shop: BotHarness):
    await write(shop)
    shop.telegram.faults.append(refusal())
    assert "doesn’t accept this text" in await press(shop, "ncard")

    assert "✓ French" in await say(shop, "Moitié prix")
    assert "to 2 people" in await press(shop, "ncard")


async def test_it_is_stopped_by_its_button_and_a_429_holds_it(shop: BotHarness):
    await write(shop)
    await press(shop, "ncard")
    await press(shop, "ngo:1:1")
    shop.telegram.faults.append(flood_wait(300))
    await shop.run(200)
    assert news_in(shop, LINA) == news_in(shop, AMINE) == []
    assert await outcomes(shop) == {}

    assert "was stopped" in await press(shop, "nstop:1")
    shop.open_all_chats()
    await shop.run(400)
    assert news_in(shop, LINA) == []


@pytest.mark.parametrize("who", [LINA, SUPPORT])
async def test_a_forged_press_writes_and_sends_nothing(shop: BotHarness, who):
    await write(shop)
    await press(shop, "ncard")
    before = await news_of(shop)

    for data in (
        *("nnew", "ndraft:1", "ntext:1:en", "nskip:1:fr:0", "nwho:1", "nseg:1:idle:0", "nbuy:1"),
        *("nwal:1", "nbtn:1", "nprod:1:0", "ncard:1", "ntry:1", "ngo:1:1", "ngo:1:0", "nstop:1"),
    ):
        await shop.press(shop.person(who), data)
    await say(shop, "/news", who)

    assert await news_of(shop) == before
    assert news_in(shop, who) == []


@pytest.mark.parametrize(
    "data",
    ["ntext:1:xx", "nskip:1:xx", "nseg:1:prod:x", "nseg:1:cat:none", "nseg:1:other:0", "ngo:9:1"],
)
async def test_forged_arguments_change_nothing(shop: BotHarness, data):
    await write(shop)
    before = await news_of(shop)

    await shop.press(shop.person(OPERATOR), data)

    assert await news_of(shop) == before


async def test_a_manager_is_told_that_an_owner_has_to_send_it(shop: BotHarness, monkeypatch):
    monkeypatch.setattr("bot.services.news.drafts.OWNER_ABOVE", 1)
    await say(shop, "/news", MANAGER)
    await press(shop, "nnew", MANAGER)
    await say(shop, "Half price", MANAGER)
    await press(shop, "nskip:.*:fr", MANAGER)
    await press(shop, "nskip:.*:ar", MANAGER)
    assert "only an owner can send it" in await press(shop, "ncard", MANAGER)
    assert "only an owner can send it" in await press(shop, "ngo:1:1", MANAGER)

    await say(shop, "/news")
    await press(shop, "ndraft:1")
    await press(shop, "ncard:1")
    assert "0 of 3" in await press(shop, "ngo:1:1")


async def test_questions_that_lost_their_draft_are_refused(shop: BotHarness):
    await write(shop)
    await press(shop, "nwho")
    await press(shop, "nwal")
    shop.application.user_data[OPERATOR].clear()

    assert "Nothing was changed" in await say(shop, "500")
