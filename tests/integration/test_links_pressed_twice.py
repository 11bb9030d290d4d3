"""A link of products that is made or ended again: it changes nothing, is no action, and is not said to be done."""

import pytest

from bot.domain.actions import ActionKind
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.catalogue.links import find_products, link_products, list_links, unlink_product
from locales import words
from storage.tables import operator_actions
from tests.bot_harness import VoucherBotHarness, bare
from tests.harness import OPERATOR
from tests.integration.readings import rows
from tests.vouchers import VoucherHarness

UNCHANGED = words("en").plain("left-alone")


async def link_actions(harness: VoucherHarness) -> list[tuple[str, str]]:
    found = await rows(harness, operator_actions)
    return [(row.before, row.after) for row in found if row.kind == ActionKind.LINK]


def two_of(harness: VoucherHarness) -> tuple[int, int]:
    products = {p.title: p.id for p in find_products(harness.shop, "PlayStation")}
    return products["PlayStation USA"], products["PlayStation Store USA"]


async def test_each_change_of_a_link_is_one_action(two_suppliers: VoucherHarness):
    mine, theirs = two_of(two_suppliers)
    shop = two_suppliers.shop
    for key in ("1", "2"):
        await link_products(shop, mine, theirs, key=f"link {key}", operator_id=OPERATOR)
    counts = [
        await unlink_product(shop, theirs, key=f"end {key}", operator_id=OPERATOR)
        for key in ("1", "2")
    ]

    assert await link_actions(two_suppliers) == [("apart", "linked"), ("linked", "apart")]
    assert counts == [4, 0]


@pytest.fixture
async def chat(sqlite_store):
    made = await VoucherBotHarness(sqlite_store, "en").open()
    yield made
    await made.close()


async def test_what_is_pressed_after_a_link_was_made_never_says_that_nothing_was_changed(
    chat: VoucherBotHarness,
):
    mine, theirs = two_of(chat)
    operator = chat.person(OPERATOR)
    await chat.say(f"/link p{mine} p{theirs}", operator)
    asked = operator.inbox[-1]
    yes, no = (b["callback_data"] for b in buttons(asked))

    for data in (yes, yes, no):
        await operator.forge(data, asked)
    await chat.pump()

    shown = text_of(operator.chat.messages[asked["message_id"]])
    assert UNCHANGED not in shown
    assert "PlayStation Store USA" in shown
    assert len(list_links(chat.shop)) == 1
    assert len(await link_actions(chat)) == 1


async def test_the_end_of_a_link_that_there_is_not_is_none(chat: VoucherBotHarness):
    mine, _ = two_of(chat)
    operator = chat.person(OPERATOR)

    await chat.say(f"/link p{mine} off", operator)

    assert bare(text_of(operator.inbox[-1])) == UNCHANGED
    assert await link_actions(chat) == []
