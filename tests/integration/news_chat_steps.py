"""Writing news in the chat: what an operator types and presses, and who got the news."""

from bot.sandbox.telegram.world import buttons, text_of
from tests.bot_harness import BotHarness, bare
from tests.harness import OPERATOR

MANAGER, SUPPORT, AMINE = 901, 902, 31
ARABIC = "نصف السعر حتى الأحد"


async def say(shop: BotHarness, text: str, who: int = OPERATOR) -> str:
    await shop.person(who).say(text)
    await shop.pump()
    return newest(shop, who)


def newest(shop: BotHarness, who: int = OPERATOR) -> str:
    return bare(text_of(shop.person(who).inbox[-1]))


async def press(shop: BotHarness, start: str, who: int = OPERATOR) -> str:
    assert await shop.press_newest(shop.person(who), start), start
    return newest(shop, who)


async def write(shop: BotHarness) -> None:
    """French and Arabic, no English."""
    await say(shop, "/news")
    assert "in English" in await press(shop, "nnew")
    assert "in French" in await press(shop, "nskip:.*:en")
    assert "in Arabic" in await say(shop, "<b>Moitié prix</b> *ce* soir")
    told = await say(shop, ARABIC)
    assert "– English: these people get nothing" in told
    assert "✓ Arabic" in told


def news_in(shop: BotHarness, who: int) -> list[dict]:
    return [
        m
        for m in shop.person(who).inbox
        if any(b.get("callback_data") == "news:0" for b in buttons(m))
    ]


def said(shop: BotHarness, text: str, entities: list[dict]) -> dict:
    chat = shop.world.chat(OPERATOR)
    return {
        "message_id": 900_000,
        "date": int(shop.clock.now().timestamp()),
        "chat": shop.world.chat_json(chat),
        "from": {"id": OPERATOR, "is_bot": False, "first_name": "P900", "language_code": "en"},
        "text": text,
        "entities": entities,
    }


async def say_after(shop: BotHarness, pressed: str, *texts: str) -> str:
    await press(shop, pressed)
    for text in texts:
        told = await say(shop, text)
    return told


def refusal():
    from bot.sandbox.supplier.faults import Fault, FaultKind

    return Fault(
        FaultKind.STATUS, "sendMessage", status=400, code="Bad Request: ENTITY_BOUNDS_INVALID"
    )
