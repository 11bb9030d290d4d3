"""Writing news: who may go on with a draft, who may send it, and what they have to have seen."""

from dataclasses import replace

import pytest

from bot.domain.actions import LISTED_ACTIONS, ActionKind
from bot.domain.news import NO_LETTER, OWNER_ABOVE, Letter, Mark, NewsState, Segment
from bot.domain.people import Ban
from bot.domain.records import Locale
from bot.domain.roles import Role
from bot.refusals import AlreadyDecided, NotFound
from bot.services.news.drafts import (
    Verdict,
    choose_product,
    choose_segment,
    draft_news,
    drop_news,
    is_too_long,
    product_of,
    show_card,
    skip_letter,
    start_news,
    stop_news,
    view_draft,
    view_news,
    write_letter,
)
from bot.services.news.wishes import set_wants_news, wants_news
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness
from tests.integration.news_steps import FIRST, begin, news_of, say_no, see, settle, write

MANAGER, OTHER = 901, 902
PHOTO = Letter("نصف السعر", (Mark("bold", 0, 3),), "photo-1")


async def actions(harness: ShopHarness) -> list[tuple[str, str, str, str]]:
    async with harness.store.reading() as tx:
        found, _ = await tx.operators.actions(LISTED_ACTIONS, 0, 50)
    return [
        (a.target, a.before, a.after, a.note) for a in reversed(found) if a.kind is ActionKind.NEWS
    ]


@pytest.fixture
async def managed(harness: ShopHarness) -> ShopHarness:
    """A shop with two managers, who want no news themselves."""
    for operator in (MANAGER, OTHER):
        await harness.hire(operator, Role.MANAGER)
    await say_no(harness, OPERATOR, MANAGER, OTHER)
    return harness


async def test_the_card_counts_each_language_and_who_is_left_out(harness: ShopHarness):
    await settle(harness, 5, "fr")
    await settle(harness, 3, "ar", FIRST + 100)
    refused, banned, gone, both = await settle(harness, 4, "fr", FIRST + 200)
    await say_no(harness, refused, both, OPERATOR)

    async def change(tx):
        for one in (banned, both):
            await tx.customers.set_ban(one, Ban(START, "fraud", OPERATOR))
        await tx.customers.set_reachable(gone, reachable=False)

    await harness.store.write(change)
    draft = await write(harness, {Locale.FR: "Moitié prix"})
    audience = (await see(harness, draft.id)).audience

    assert audience.people == {Locale.FR: 5}
    assert (audience.refused, audience.blocked, audience.banned, audience.lately) == (1, 1, 2, 0)

    await begin(harness, {Locale.FR: "Moitié prix"})
    await harness.run(5)
    audience = (await see(harness, draft.id)).audience
    assert (audience.people, audience.lately) == ({}, 5)


async def test_a_draft_is_changed_step_by_step_and_outlives_a_restart(harness: ShopHarness):
    shop = harness.shop
    draft = await draft_news(shop, OPERATOR)
    for locale in (Locale.AR, Locale.FR, Locale.EN):
        await write_letter(shop, draft.id, OPERATOR, locale, Letter("x"))
    await skip_letter(shop, draft.id, OPERATOR, Locale.FR, Letter("x").fingerprint)
    await write_letter(shop, draft.id, OPERATOR, Locale.AR, PHOTO)
    product = shop.shelf.denomination(await harness.denomination()).product_id
    await choose_product(shop, draft.id, OPERATOR, product)
    await choose_segment(shop, draft.id, OPERATOR, lambda _: Segment(Locale.EN, is_idle=True))
    harness.restart()
    await harness.reload()

    found = await view_draft(harness.shop, draft.id, OPERATOR)
    assert found.letters == {Locale.EN: Letter("x"), Locale.AR: PHOTO}
    assert found.segment == Segment(Locale.EN, is_idle=True)
    button = product_of(harness.shop, found)
    assert button is not None
    assert button.id == product
    with pytest.raises(NotFound):
        await choose_product(harness.shop, draft.id, OPERATOR, 999_999)
    assert (
        product_of(harness.shop, await choose_product(harness.shop, draft.id, OPERATOR, None))
        is None
    )


async def test_at_most_two_segments_are_combined(harness: ShopHarness):
    draft = await write(harness, segment=Segment(Locale.EN, is_idle=True))

    third = await choose_segment(
        harness.shop, draft.id, OPERATOR, lambda s: replace(s, above_minor=100)
    )

    assert third is None
    assert (await news_of(harness, draft.id)).segment == Segment(Locale.EN, is_idle=True)


async def test_a_language_is_skipped_only_as_it_was_when_that_was_offered(harness: ShopHarness):
    shop = harness.shop
    draft = await draft_news(shop, OPERATOR)
    written = await write_letter(shop, draft.id, OPERATOR, Locale.EN, Letter("Half price"))
    seen = (await see(harness, draft.id)).news

    for was in (draft, await write_letter(shop, draft.id, OPERATOR, Locale.FR, Letter("x"))):
        left = await skip_letter(shop, draft.id, OPERATOR, Locale.AR, was.fingerprint(Locale.AR))
        assert left is not None
    for other in (
        draft.fingerprint(Locale.EN),
        Letter("Half price", photo="file-1").fingerprint,
        Letter("Half price", (Mark("bold", 0, 4),)).fingerprint,
    ):
        assert await skip_letter(shop, draft.id, OPERATOR, Locale.EN, other) is None
    found = await view_draft(shop, draft.id, OPERATOR)
    assert found.letters == {Locale.EN: Letter("Half price"), Locale.FR: Letter("x")}

    skipped = await skip_letter(shop, draft.id, OPERATOR, Locale.EN, written.fingerprint(Locale.EN))
    assert skipped is not None
    assert list(skipped.letters) == [Locale.FR]
    verdict, _ = await start_news(shop, draft.id, OPERATOR, None, version=seen.version, key="go")
    assert verdict is Verdict.UNSEEN


async def test_what_was_skipped_already_stays_seen(harness: ShopHarness):
    await settle(harness, 2)
    draft = await write(harness, {Locale.EN: "Half price"})

    await skip_letter(harness.shop, draft.id, OPERATOR, Locale.FR, NO_LETTER)

    verdict, _ = await start_news(
        harness.shop, draft.id, OPERATOR, None, version=draft.version, key="go"
    )
    assert verdict is Verdict.BEGUN


def test_a_text_may_be_as_long_as_a_caption():
    assert not is_too_long("x" * 1024)
    assert not is_too_long("x" * 1022 + "📣")
    assert is_too_long("x" * 1023 + "📣")


async def test_above_five_hundred_people_an_owner_sends(managed: ShopHarness):
    await settle(managed, OWNER_ABOVE + 1)
    draft = await write(managed, operator_id=MANAGER)

    verdict, card = await start_news(
        managed.shop, draft.id, MANAGER, None, version=draft.version, key="m"
    )
    assert (verdict, card.needs_owner) == (Verdict.NEEDS_OWNER, True)
    assert (await news_of(managed, draft.id)).state is NewsState.DRAFT

    assert [n.id for n in (await view_news(managed.shop, OPERATOR)).drafts] == [draft.id]
    verdict, card = await start_news(
        managed.shop, draft.id, OPERATOR, None, version=draft.version, key="unseen"
    )
    assert (verdict, card.needs_owner) == (Verdict.UNSEEN, False)
    draft = (await see(managed, draft.id)).news
    verdict, _ = await start_news(
        managed.shop, draft.id, OPERATOR, None, version=draft.version, key="o"
    )
    assert verdict is Verdict.BEGUN
    assert (await news_of(managed, draft.id)).operator_id == OPERATOR


async def test_up_to_five_hundred_a_manager_sends(managed: ShopHarness):
    await settle(managed, OWNER_ABOVE)
    draft = await write(managed, operator_id=MANAGER)

    assert (
        await start_news(managed.shop, draft.id, MANAGER, None, version=draft.version, key="m")
    )[0] is Verdict.BEGUN


async def test_nobody_sends_what_they_have_not_seen(managed: ShopHarness):
    """An owner looks at a draft; then its manager changes it; the owner's old button sends nothing."""
    await settle(managed, 3)
    draft = await write(managed, operator_id=MANAGER)
    old = (await see(managed, draft.id)).news
    await write_letter(managed.shop, draft.id, MANAGER, Locale.EN, Letter("Something else"))

    for key in ("one tap", "another"):
        verdict, _ = await start_news(
            managed.shop, draft.id, OPERATOR, None, version=old.version, key=key
        )
        assert verdict is Verdict.UNSEEN
    new = (await see(managed, draft.id)).news
    for who, version, became in (
        (MANAGER, new.version, Verdict.UNSEEN),  # who saw the owner's card saw another one
        (OPERATOR, 0, Verdict.UNSEEN),  # a button without one
        (OPERATOR, new.version, Verdict.BEGUN),
    ):
        verdict, _ = await start_news(managed.shop, draft.id, who, None, version=version, key="b")
        assert verdict is became


async def test_a_card_below_letters_that_were_changed_meanwhile_sends_nothing(
    managed: ShopHarness,
):
    await settle(managed, 3)
    draft = await write(managed, operator_id=MANAGER)
    await write_letter(managed.shop, draft.id, OPERATOR, Locale.EN, Letter("Something else"))

    card = await show_card(managed.shop, draft.id, MANAGER, version=draft.version)

    version = card.news.version
    verdict, _ = await start_news(managed.shop, draft.id, MANAGER, None, version=version, key="a")
    assert verdict is Verdict.UNSEEN


async def test_another_number_of_people_is_shown_before_it_is_sent(harness: ShopHarness):
    await settle(harness, 20)
    await say_no(harness, OPERATOR)
    draft = await write(harness)
    await settle(harness, 5, first=FIRST + 50)

    verdict, card = await start_news(
        harness.shop, draft.id, OPERATOR, None, version=draft.version, key="a"
    )
    assert (verdict, card.audience.total) == (Verdict.CHANGED, 25)
    await settle(harness, 1, first=FIRST + 90)
    seen = card.news
    for version, became in ((draft.version, Verdict.UNSEEN), (seen.version, Verdict.BEGUN)):
        verdict, _ = await start_news(
            harness.shop, draft.id, OPERATOR, None, version=version, key="b"
        )
        assert verdict is became


async def test_a_news_for_nobody_is_not_sent(harness: ShopHarness):
    draft = await write(harness, {})

    assert (
        await start_news(harness.shop, draft.id, OPERATOR, None, version=draft.version, key="a")
    )[0] is Verdict.NOBODY


async def test_another_managers_draft_is_not_found(managed: ShopHarness):
    draft = await write(managed, operator_id=MANAGER)

    for step in (
        view_draft(managed.shop, draft.id, OTHER),
        write_letter(managed.shop, draft.id, OTHER, Locale.EN, Letter("x")),
        skip_letter(managed.shop, draft.id, OTHER, Locale.EN, 0),
        choose_segment(managed.shop, draft.id, OTHER, lambda s: s),
        show_card(managed.shop, draft.id, OTHER, version=1),
        start_news(managed.shop, draft.id, OTHER, None, version=draft.version, key="x"),
        drop_news(managed.shop, draft.id, OTHER, key="x"),
        stop_news(managed.shop, draft.id, OTHER, key="x"),
        view_draft(managed.shop, 99, OTHER),
    ):
        with pytest.raises(NotFound):
            await step
    assert (await view_news(managed.shop, OTHER)).drafts == ()


async def test_each_decision_is_an_action_and_is_made_once(harness: ShopHarness):
    await settle(harness, 3)
    news = await begin(harness)
    with pytest.raises(AlreadyDecided):
        await start_news(harness.shop, news.id, OPERATOR, None, version=news.version, key="again")
    await stop_news(harness.shop, news.id, OPERATOR, key="stop")
    await stop_news(harness.shop, news.id, OPERATOR, key="stop twice")
    other = await write(harness)
    await drop_news(harness.shop, other.id, OPERATOR, key="drop")
    with pytest.raises(AlreadyDecided):
        await drop_news(harness.shop, other.id, OPERATOR, key="drop twice")
    with pytest.raises(NotFound):
        await stop_news(harness.shop, other.id, OPERATOR, key="stop")

    assert await actions(harness) == [
        ("1", "draft", "running", "3"),
        ("1", "running", "stopped", "0"),
        ("2", "draft", "dropped", ""),
    ]
    view = await view_news(harness.shop, OPERATOR)
    assert [n.id for n in view.ended] == [1]
    assert view.running == view.drafts == ()


async def test_a_wish_is_kept_and_told_in_the_persons_data(harness: ShopHarness):
    from bot.services.operations.personal_data import collect_personal_data

    (person,) = await settle(harness, 1)
    assert await wants_news(harness.shop, person)
    assert not await wants_news(harness.shop, 5)
    await set_wants_news(harness.shop, person, wanted=False)

    assert not await wants_news(harness.shop, person)
    assert b'"news of the shop": false' in await collect_personal_data(harness.shop, person)
