"""What the tests about pictures of products in the chat share: a shop with people, and what they do."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.roles import Role
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.catalogue.pictures import view_own_picture
from handlers.conversations import ConversationPersistence
from locales import words
from tests.bot_harness import LINA, PNG, BotHarness, bare
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.curation_steps import product_of

MANAGER, SUPPORT = 901, 902
Message = dict[str, Any]
NOT_FOUND = bare(words("en").plain("refused-not-found-operator"))


@pytest.fixture
async def shop(sqlite_store) -> AsyncIterator[BotHarness]:
    made = await BotHarness(sqlite_store).open()
    made.offer()
    await made.hire(MANAGER, Role.MANAGER)
    await made.hire(SUPPORT, Role.SUPPORT)
    for user_id in (MANAGER, SUPPORT):
        await made.person(user_id).say("/start")
    await made.pump()
    yield made
    await books_agree(made)
    await made.close()


async def number_of(shop: ShopHarness) -> int:
    return int((await product_of(shop)).target)


async def lina(shop: BotHarness, locale: str = "en"):
    person = shop.person(LINA, locale)
    await person.say("/start")
    await shop.pump()
    return person


async def open_product(shop: BotHarness, who) -> Message:
    await who.say(f"/start p_{await number_of(shop)}")
    await shop.pump()
    newest: Message = who.inbox[-1]
    return newest


async def with_picture(shop: BotHarness, content: bytes = PNG) -> None:
    """A manager has sent one."""
    manager, number = shop.person(MANAGER), await number_of(shop)
    await manager.forge(f"cpask:{number}", manager.inbox[-1])
    await shop.pump()
    await manager.attach(content, "", photo=True)
    await shop.pump()
    assert number in shop.shop.shelf.curation.pictures


async def press(shop: BotHarness, who, data: str, message: Message | None = None) -> str:
    """The answer to a press of this data, which a button may carry or not."""
    query = await who.forge(data, message or who.inbox[-1])
    await shop.pump()
    assert query.answer is not None
    return bare(query.answer.get("text", ""))


def question_of(shop: BotHarness, user_id: int) -> object | None:
    kept = shop.application.persistence
    assert isinstance(kept, ConversationPersistence)
    return kept.state_of(user_id)


def photos(who) -> list[Message]:
    return [message for message in who.inbox if "photo" in message]


def data_of(message: Message) -> list[str]:
    return [str(b.get("callback_data")) for b in buttons(message)]


def alerts_of(shop: BotHarness, who: int = OPERATOR) -> list[str]:
    inbox = shop.person(who).inbox
    return [bare(text_of(one)) for one in inbox if "no longer accepts its picture" in text_of(one)]


async def seen(shop: ShopHarness) -> int:
    """What a button names that is made now."""
    return (await view_own_picture(shop.shop, await number_of(shop))).fingerprint
