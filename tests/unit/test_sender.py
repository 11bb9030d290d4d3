"""Messages of codes as Telegram has them, against the Telegram simulator."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.code_messages import CodeMessage
from bot.domain.records import CodeMessageKind, Customer, Locale, SentCodeMessage
from bot.domain.supplier import Card
from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.world import World
from handlers.bot import ShopBot
from handlers.rate_limiter import OutgoingRateLimiter
from handlers.request import TelegramRequest
from handlers.sender import TelegramSender
from tests.bot_harness import TOKEN, FaultyTransport
from tests.unit.samples import ORDER

LINA = Customer(5, Locale.EN)
CODES = CodeMessage(0, 1, CodeMessageKind.DOCUMENT, 0, (Card(value="ABCD-EFGH-IJKL"),))


@pytest.fixture
async def world():
    world = World(TOKEN)
    world.person(5).chat  # noqa: B018 - they have met
    return world


@pytest.fixture
async def sender(world):
    faulty = {"transport": FaultyTransport(TelegramApi(world).app)}
    bot = ShopBot(
        TOKEN,
        base_url="http://telegram/bot",
        request=TelegramRequest(httpx_kwargs=faulty),
        rate_limiter=OutgoingRateLimiter(),
    )
    hours = timedelta(hours=1)
    async with bot:
        yield TelegramSender(
            bot,
            zone=ZoneInfo("UTC"),
            visible_for=hours,
            shown_again_for=hours,
            shown_once=False,
            protect_content=False,
        )


def content(world: World) -> bytes:
    """Of the newest file in her chat."""
    message = world.person(5).inbox[-1]
    return world.files[message["document"]["file_id"]].content


async def test_a_document_of_codes_that_nobody_recorded_is_masked_when_it_is_hidden(world, sender):
    message_id = await sender.send_codes(LINA, ORDER, CODES, again=False)
    assert b"ABCD-EFGH-IJKL" in content(world)

    unrecorded = SentCodeMessage(0, ORDER.id, 5, message_id, 0, 1, CodeMessageKind.TEXT, 0)
    await sender.mask_codes(LINA, ORDER, unrecorded, (), 0)

    assert b"ABCD-EFGH-IJKL" not in content(world)
