"""/actions lists what was done with own codes, and says pauses in words."""

import pytest

from bot.domain.records import Locale
from bot.sandbox.telegram.world import text_of
from bot.services.messaging.customers import choose_language
from locales import LOCALES, words
from tests.bot_harness import bare
from tests.harness import OPERATOR
from tests.own_stock import OwnBotHarness, codes_of


@pytest.fixture
async def shop(sqlite_store):
    harness = OwnBotHarness(sqlite_store, both=True)
    yield await harness.open()
    await harness.close()


async def actions(shop: OwnBotHarness, locale: str = "en") -> str:
    await choose_language(shop.shop, OPERATOR, Locale(locale))
    return await say(shop, "/actions")


async def say(shop: OwnBotHarness, text: str) -> str:
    boss = shop.person(OPERATOR)
    await boss.say(text)
    await shop.pump()
    return bare(text_of(boss.inbox[-1])).replace("\u00a0", " ")


async def test_what_became_of_a_batch_is_listed_with_its_codes_and_their_cost(shop: OwnBotHarness):
    batch = await shop.load(codes_of(3), sell=False)
    boss = shop.person(OPERATOR)

    await say(shop, "/stock")
    for press in ("sval:", f"sgo:{batch}:1"):
        assert await shop.press_newest(boss, press), press
    await shop.press(boss, f"sask:{batch}")
    await shop.press(boss, f"sout:{batch}")

    told = await actions(shop)
    for line in (
        f"900 · batch {batch}: 3 codes loaded · 3,720 DA",
        f"900 · batch {batch}: 3 codes put on sale · 3,720 DA",
        f"900 · batch {batch}: withdrawn, 3 codes erased · 3,720 DA",
    ):
        assert line in told
    assert not any(code in told for code in codes_of(3))


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_pause_is_listed_in_words_and_its_end_claims_no_sale(
    shop: OwnBotHarness, locale: str
):
    boss, said = shop.person(OPERATOR), words(locale)
    for reason in ("prices", "soon"):
        await say(shop, "/pause")
        for press in ("pz:shop", f"pzr:.*:{reason}", "pzu:.*:open", "pzp:.*:0", "pzgo:.*:1"):
            assert await shop.press_newest(boss, press), press
    await say(shop, "/resume")
    assert await shop.press_newest(boss, "unpz:1")

    told = await actions(shop, locale)

    for reason in ("prices", "soon"):
        after = said.plain(f"pause-why-{reason}")
        row = said.plain(
            "action-pause", date="", who="900", target=said.plain("pause-shop"), after=after
        )
        assert bare(row).partition("900")[2].replace("\u00a0", " ") in told
    ended = said.plain("action-resume", date="", who="900", target=said.plain("pause-shop"))
    assert bare(ended).partition("900")[2].replace("\u00a0", " ") in told
