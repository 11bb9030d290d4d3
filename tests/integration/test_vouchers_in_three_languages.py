"""What a customer reads when vouchers come at once, late, in parts, or not: through handlers and Telegram's API.

Hours go by on the harness's clock. Nothing that is read may be another language's, or twice.
"""

import re

import pytest

from bot.domain.records import Locale
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.vouchers import Outcome
from bot.sandbox.telegram.world import buttons, spoilers, text_of
from bot.services.catalogue.links import list_links
from bot.services.messaging.customers import choose_language
from tests.bot_harness import LINA, VoucherBotHarness, bare
from tests.harness import OPERATOR, books_agree

HOUR = 3600


@pytest.fixture(params=["en", "fr", "ar"])
async def bot_harness(sqlite_store, request):
    made = await VoucherBotHarness(sqlite_store, request.param).open()
    await made.say("/start")
    await made.credit(LINA, 100_000)
    await made.live(2)
    yield made
    await books_agree(made)
    await made.close()


async def test_in_stock(bot_harness: VoucherBotHarness):
    await bot_harness.order_voucher(2)
    await bot_harness.live(8)

    (delivery,) = bot_harness.delivered()
    vouchers = bot_harness.there.vouchers
    assert sorted(spoilers(delivery)) == sorted(
        v[name] for v in vouchers for name in ("card_number", "voucher_reference_number")
    )
    assert bot_harness.expiry in bare(text_of(delivery))
    assert bot_harness.line("delivery-reference") in text_of(delivery)
    await bot_harness.say("/orders")
    await bot_harness.press_label("#1")
    assert bot_harness.line("order-expires", date="").strip() in bot_harness.told()


async def test_pending_for_a_day(bot_harness: VoucherBotHarness):
    bot_harness.next(Outcome.PENDING)
    await bot_harness.order_voucher(1)
    await bot_harness.live(23 * HOUR, step=1800)
    assert bot_harness.told().count(bot_harness.line("status-slow")) == 1
    assert bot_harness.delivered() == []
    operator = bot_harness.person(OPERATOR)
    before = len(operator.inbox)
    await bot_harness.live(2 * HOUR, step=1800)
    assert len(operator.inbox) == before + 1, "an operator is told at 24 hours, once"
    assert len(bot_harness.vouchers.orders) == 1, "nothing is bought elsewhere meanwhile"
    assert bot_harness.book.orders == {}
    bot_harness.vouchers.release(bot_harness.there.id)
    await bot_harness.live(1200, step=300)

    assert len(bot_harness.delivered()) == 1
    assert bot_harness.line("status-slow") not in bot_harness.told()


async def test_in_part_and_then_the_rest(bot_harness: VoucherBotHarness):
    bot_harness.next(Outcome.PARTIAL)
    await bot_harness.order_voucher(5)
    await bot_harness.live(20)
    (first,) = bot_harness.delivered()
    assert bot_harness.line("delivery-so-far", number="#1", came=2, count=5) in bot_harness.told()
    assert bot_harness.line("status-so-far", came=2, count=5) in bot_harness.told()
    assert bot_harness.line("delivery-more", held=await bot_harness.worth(3)) in bot_harness.told()
    bot_harness.vouchers.release(bot_harness.there.id)
    await bot_harness.live(HOUR, step=480)

    assert len(bot_harness.delivered()) == 2
    seen = spoilers(first) + spoilers(bot_harness.delivered()[1])
    assert {v["card_number"] for v in bot_harness.there.vouchers} <= set(seen)
    assert bot_harness.line("delivery-part", part=2, parts=2) in bot_harness.told()
    assert bot_harness.line("status-see-codes") in bot_harness.told()
    assert bot_harness.line("status-so-far", came=2, count=5) not in bot_harness.told()


async def test_in_part_and_then_cancelled(bot_harness: VoucherBotHarness):
    bot_harness.next(Outcome.PARTIAL_CANCELLED)
    await bot_harness.order_voucher(5)
    await bot_harness.live(20)
    back = await bot_harness.worth(3)
    bot_harness.vouchers.release(bot_harness.there.id)
    await bot_harness.live(HOUR, step=480)

    assert len(bot_harness.delivered()) == 1
    assert bot_harness.line("money-refunded", returned=back) in bot_harness.told()


async def test_an_answer_that_was_lost(bot_harness: VoucherBotHarness):
    bot_harness.vouchers.script(Fault(FaultKind.SILENCE_AFTER, "/orders", seconds=0.5))
    await bot_harness.order_voucher(1)
    await bot_harness.live(40)

    assert len(bot_harness.delivered()) == 1
    assert len(bot_harness.vouchers.orders) == 1
    assert bot_harness.vouchers.count("POST /api/v1/orders") == 2, "the same request, once more"


async def test_a_lost_answer_whose_key_is_older_than_a_day(bot_harness: VoucherBotHarness):
    bot_harness.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
    await bot_harness.order_voucher(1)
    await bot_harness.place()
    bot_harness.clock.pass_time(25 * HOUR)
    await bot_harness.live(120, step=4)

    assert len(bot_harness.delivered()) == 1
    assert bot_harness.vouchers.count("POST /api/v1/orders") == 1, "found by its reference"


async def test_a_value_that_is_typed(bot_harness: VoucherBotHarness):
    await bot_harness.open_product("Amazon.de")
    await bot_harness.press_label(
        bot_harness.line("button-range", value="").split(":")[0].strip("\u00a0 ")
    )
    await bot_harness.say("3")
    assert "5" in bot_harness.told()
    await bot_harness.say("٣٧" if bot_harness.words.locale == "ar" else "37")
    await bot_harness.press_label("1")
    await bot_harness.press_label(bot_harness.words.plain("button-buy"))
    await bot_harness.live(8)

    assert bot_harness.there.denomination == 37
    assert len(bot_harness.delivered()) == 1


async def test_a_pin_and_a_link(bot_harness: VoucherBotHarness):
    await bot_harness.order_voucher(1, "Spotify Premium", "10 $")
    await bot_harness.live(8)
    (delivery,) = bot_harness.delivered()
    assert bot_harness.there.vouchers[0]["pin_code"] in spoilers(delivery)
    assert bot_harness.line("delivery-pin") in text_of(delivery)
    await bot_harness.order_voucher(1, "Airbnb", "50 $")
    await bot_harness.live(8)

    link = bot_harness.there.vouchers[0]["claim_url"]
    (message,) = [
        m for m in bot_harness.lina.inbox if any(b.get("url") == link for b in buttons(m))
    ]
    assert link not in text_of(message), "no preview may fetch it"
    assert bot_harness.line("delivery-link") in bare(text_of(message))


async def test_expiry_is_reminded_of_until_somebody_has_had_enough(bot_harness: VoucherBotHarness):
    await bot_harness.order_voucher(1)
    await bot_harness.live(8)
    before = len(bot_harness.lina.inbox)
    bot_harness.clock.pass_time(335 * 24 * HOUR)
    await bot_harness.live(4)
    reminder = bot_harness.lina.inbox[-1]
    assert len(bot_harness.lina.inbox) == before + 1
    assert bot_harness.line("reminder-used-one") in bare(text_of(reminder))
    await bot_harness.press_label(bot_harness.words.plain("button-remind-off"))
    assert bot_harness.line("reminders-off") in bot_harness.told()
    bot_harness.clock.pass_time(29 * 24 * HOUR)
    await bot_harness.live(4)
    assert len(bot_harness.lina.inbox) == before + 1


def product_id(line: str) -> str:
    (found,) = re.findall(r"\bp\d+\b", line)
    return str(found)


async def test_operators_sell_products_of_two_suppliers_as_one(bot_harness: VoucherBotHarness):
    operator = bot_harness.person(OPERATOR)
    await choose_language(bot_harness.shop, OPERATOR, Locale(bot_harness.words.locale))

    async def ask(text: str) -> str:
        await bot_harness.say(text, operator)
        return bare(text_of(operator.inbox[-1]))

    assert bot_harness.line("links-none") in await ask("/link")
    assert bot_harness.line("links-found-none", query="nothing") in await ask("/link nothing")
    lines = (await ask("/link PlayStation")).splitlines()
    mine = product_id(next(line for line in lines if "PlayStation USA" in line))
    theirs = product_id(next(line for line in lines if "Store USA" in line))
    assert "10 USD = 10 $" in await ask(f"/link {mine} {theirs}")
    await bot_harness.press_label(bot_harness.words.plain("button-leave"), operator)
    assert bot_harness.line("left-alone") in bare(text_of(operator.inbox[-1]))
    assert bot_harness.line("links-none") in await ask("/link")
    await ask(f"/link {mine} {theirs}")
    await bot_harness.press_label(bot_harness.words.plain("button-link-yes"), operator)
    assert bot_harness.line("link-done", count=4) in bare(text_of(operator.inbox[-1]))
    linked = await ask("/link")
    assert f"{theirs} PlayStation Store USA (starship)" in linked
    assert bot_harness.line("link-off", count=4) in await ask(f"/link {theirs} off")
    assert bot_harness.line("links-none") in await ask("/link")


async def test_only_operators_link(bot_harness: VoucherBotHarness):
    await bot_harness.say("/link p1 p64")
    await bot_harness.press(bot_harness.lina, "link:64:1", bot_harness.lina.inbox[-1])
    assert list_links(bot_harness.shop) == []
