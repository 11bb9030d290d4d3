"""What a customer reads when vouchers come at once, late, in parts, or not: through handlers and Telegram's API.

Hours go by on the harness's clock. Nothing that is read may be another language's, or twice.
"""

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
async def wire(sqlite_store, request):
    made = await VoucherBotHarness(sqlite_store, request.param).open()
    await made.say("/start")
    await made.credit(LINA, 100_000)
    await made.live(2)
    yield made
    await books_agree(made)
    await made.close()


async def test_in_stock(wire: VoucherBotHarness):
    await wire.order_voucher(2)
    await wire.live(8)

    (delivery,) = wire.delivered()
    vouchers = wire.there.vouchers
    assert sorted(spoilers(delivery)) == sorted(
        v[name] for v in vouchers for name in ("card_number", "voucher_reference_number")
    )
    assert wire.expiry in bare(text_of(delivery))
    assert wire.line("delivery-reference") in text_of(delivery)
    await wire.say("/orders")
    await wire.press_label("#1")
    assert wire.line("order-expires", date="").strip() in wire.told()


async def test_pending_for_a_day(wire: VoucherBotHarness):
    wire.next(Outcome.PENDING)
    await wire.order_voucher(1)
    await wire.live(23 * HOUR, step=1800)
    assert wire.told().count(wire.line("status-slow")) == 1
    assert wire.delivered() == []
    operator = wire.person(OPERATOR)
    before = len(operator.inbox)
    await wire.live(2 * HOUR, step=1800)
    assert len(operator.inbox) == before + 1, "an operator is told at 24 hours, once"
    assert len(wire.vouchers.orders) == 1, "nothing is bought elsewhere meanwhile"
    assert wire.book.orders == {}
    wire.vouchers.release(wire.there.id)
    await wire.live(1200, step=300)

    assert len(wire.delivered()) == 1
    assert wire.line("status-slow") not in wire.told()


async def test_in_part_and_then_the_rest(wire: VoucherBotHarness):
    wire.next(Outcome.PARTIAL)
    await wire.order_voucher(5)
    await wire.live(20)
    (first,) = wire.delivered()
    assert wire.line("delivery-so-far", number="#1", came=2, count=5) in wire.told()
    assert wire.line("status-so-far", came=2, count=5) in wire.told()
    assert wire.line("delivery-more", held=await wire.worth(3)) in wire.told()
    wire.vouchers.release(wire.there.id)
    await wire.live(HOUR, step=480)

    assert len(wire.delivered()) == 2
    seen = spoilers(first) + spoilers(wire.delivered()[1])
    assert {v["card_number"] for v in wire.there.vouchers} <= set(seen)
    assert wire.line("delivery-part", part=2, parts=2) in wire.told()
    assert wire.line("status-fulfilled") in wire.told()
    assert wire.line("status-so-far", came=2, count=5) not in wire.told()


async def test_in_part_and_then_cancelled(wire: VoucherBotHarness):
    wire.next(Outcome.PARTIAL_CANCELLED)
    await wire.order_voucher(5)
    await wire.live(20)
    back = await wire.worth(3)
    wire.vouchers.release(wire.there.id)
    await wire.live(HOUR, step=480)

    assert len(wire.delivered()) == 1
    assert wire.line("status-partial", came=2, count=5, returned=back) in wire.told()


async def test_an_answer_that_was_lost(wire: VoucherBotHarness):
    wire.vouchers.script(Fault(FaultKind.SILENCE_AFTER, "/orders", seconds=0.5))
    await wire.order_voucher(1)
    await wire.live(40)

    assert len(wire.delivered()) == 1
    assert len(wire.vouchers.orders) == 1
    assert wire.vouchers.count("POST /api/v1/orders") == 2, "the same request, once more"


async def test_a_lost_answer_whose_key_is_older_than_a_day(wire: VoucherBotHarness):
    wire.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
    await wire.order_voucher(1)
    await wire.place()
    wire.clock.pass_time(25 * HOUR)
    await wire.live(120, step=4)

    assert len(wire.delivered()) == 1
    assert wire.vouchers.count("POST /api/v1/orders") == 1, "found by its reference"


async def test_a_value_that_is_typed(wire: VoucherBotHarness):
    await wire.say("/start")
    for label in (
        "Shopping",
        "Amazon.de",
        wire.line("button-range", value="").split(":")[0].strip("\u00a0 "),
    ):
        await wire.press_label(label)
    await wire.say("3")
    assert "5" in wire.told()
    await wire.say("٣٧" if wire.words.locale == "ar" else "37")
    await wire.press_label("1")
    await wire.press_label(wire.words.plain("button-buy"))
    await wire.live(8)

    assert wire.there.denomination == 37
    assert len(wire.delivered()) == 1


async def test_a_pin_and_a_link(wire: VoucherBotHarness):
    await wire.order_voucher(1, "Music", "Spotify Premium", "10 USD")
    await wire.live(8)
    (delivery,) = wire.delivered()
    assert wire.there.vouchers[0]["pin_code"] in spoilers(delivery)
    assert wire.line("delivery-pin") in text_of(delivery)
    await wire.order_voucher(1, "Travel", "Airbnb", "50 USD")
    await wire.live(8)

    link = wire.there.vouchers[0]["claim_url"]
    (message,) = [m for m in wire.lina.inbox if any(b.get("url") == link for b in buttons(m))]
    assert link not in text_of(message), "no preview may fetch it"
    assert wire.line("delivery-link") in bare(text_of(message))


async def test_expiry_is_reminded_of_until_somebody_has_had_enough(wire: VoucherBotHarness):
    await wire.order_voucher(1)
    await wire.live(8)
    before = len(wire.lina.inbox)
    wire.clock.pass_time(335 * 24 * HOUR)
    await wire.live(4)
    reminder = wire.lina.inbox[-1]
    assert len(wire.lina.inbox) == before + 1
    assert wire.line("reminder-used") in bare(text_of(reminder))
    await wire.press_label(wire.words.plain("button-remind-off"))
    assert wire.line("reminders-off") in wire.told()
    wire.clock.pass_time(29 * 24 * HOUR)
    await wire.live(4)
    assert len(wire.lina.inbox) == before + 1


async def test_operators_sell_products_of_two_suppliers_as_one(wire: VoucherBotHarness):
    operator = wire.person(OPERATOR)
    await choose_language(wire.shop, OPERATOR, Locale(wire.words.locale))

    async def ask(text: str) -> str:
        await wire.say(text, operator)
        return bare(text_of(operator.inbox[-1]))

    assert wire.line("links-none") in await ask("/link")
    assert wire.line("links-found-none", query="nothing") in await ask("/link nothing")
    lines = (await ask("/link PlayStation")).splitlines()
    mine = next(line for line in lines if "PlayStation USA" in line).lstrip("\u200f").split()[0]
    theirs = next(line for line in lines if "Store USA" in line).lstrip("\u200f").split()[0]
    assert "10 USD = 10 $" in await ask(f"/link {mine} {theirs}")
    await wire.press_label(wire.words.plain("button-link-yes"), operator)
    assert wire.line("link-done", count=4) in bare(text_of(operator.inbox[-1]))
    linked = await ask("/link")
    assert f"{theirs} PlayStation Store USA (starship)" in linked
    assert wire.line("link-off", count=4) in await ask(f"/link {theirs} off")
    assert wire.line("links-none") in await ask("/link")


async def test_only_operators_link(wire: VoucherBotHarness):
    await wire.say("/link p1 p64")
    await wire.press(wire.lina, "link:64:1", wire.lina.inbox[-1])
    assert list_links(wire.shop) == []
