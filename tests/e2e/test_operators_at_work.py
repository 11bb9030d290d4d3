"""Operators credit, look, refund and are warned, all in their chat."""

import asyncio

import pytest

from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import labels, text_of
from bot.vault import new_key
from locales import words
from tests.e2e.shop import ShopProcess, order_states, run_command
from tests.patience import until


@pytest.mark.measured
async def test_the_audit_compares_the_books_beside_the_running_shop(simulation, open_shop, shopper):
    shop = await open_shop()
    lina = await shopper()
    await lina.buy(2)
    await lina.me.until(lambda me: len(me.codes()) == 4)

    status, said = await run_command(shop, "audit")
    assert status == 0, said
    assert "ok   orders: 1 orders, paid = delivered + returned + held" in said
    assert "ok   supplier (oneclickdz): 1 orders in the supplier's list, the same as here" in said

    next(iter(simulation.book.orders.values())).cards.pop()
    status, said = await run_command(shop, "audit", "--days", "1")
    assert status == 1
    assert "FAIL supplier" in said
    assert "order 1: the supplier handed out 1 codes, 2 lie here" in said
    assert not any(code in said for code in simulation.book.codes())
    simulation.book.script(Fault(FaultKind.HTML, times=9, status=502))
    status, said = await run_command(shop, "audit")
    assert status == 1
    assert "FAIL supplier (oneclickdz): no answer to compare with" in said
    simulation.book.faults.clear()
    assert (await run_command(shop, "audit", "--no-supplier"))[0] == 0


@pytest.mark.measured
async def test_keys_are_rotated_beside_the_running_shop(open_shop, shopper):
    shop = await open_shop()
    lina = await shopper()
    await lina.buy(2)
    await lina.me.until(lambda me: len(me.codes()) == 4)
    old, new = shop.settings["HANOUT_KEYS"], new_key("k2")
    assert await shop.stop() == 0
    shop.settings["HANOUT_KEYS"] = f"{new},{old}"
    await shop.start()
    rotating = asyncio.create_task(run_command(shop, "keys", "rotate"))
    await lina.buy(1)
    status, said = await rotating
    assert status == 0, said
    assert "2 secrets are sealed anew with k2" in said
    await lina.me.until(lambda me: len(me.ever_saw()) == 6)
    assert await shop.stop() == 0

    shop.settings["HANOUT_KEYS"] = new
    await shop.start()
    orders = await lina.me.ask_and_read("/orders", "Your orders")
    order = await lina.me.press_and_read("#1", "You can use “Show again” 3 more times", orders)
    await lina.me.press("Show again", order)
    await lina.me.until(lambda me: len(me.ever_saw()) == 10)


async def test_an_id_copied_from_an_arabic_screen_is_understood(open_shop, shopper, operator):
    await open_shop()
    await shopper(user_id=5_000_000_005, dinars=0)

    await operator.ask_and_read(
        "/credit \u2068٥٠٠٠٠٠٠٠٠٥\u2069 ٧٠٠ هدية", "Wallet of 5000000005: +700\xa0DA"
    )


@pytest.mark.measured
async def test_an_operators_day(simulation, open_shop, shopper, operator):
    await open_shop()
    lina = await shopper()
    await lina.buy(2)
    await lina.me.until(lambda me: len(me.codes()) == 4)

    stats = await operator.ask_and_read("/stats", "📊 Today · one order")
    await operator.press_and_read("All time", "📊 All time", stats)
    await operator.ask_and_read("/stats yesterday", "/stats today | 7d")
    await operator.ask_and_read("/balance", "🏦 oneclickdz: ")
    await operator.ask_and_read("/order #1", "Delivered 2 of 2")
    await operator.ask_and_read("/order x", "/order 1042")
    await operator.ask_and_read("/order 99", "Not found: #99")
    await operator.ask_and_read("/refund 1 oops", "as compensation")
    await operator.ask_and_read("/refund 1", "/refund 1042")
    await operator.ask_and_read("/credit 5", "/credit 123456789")
    await operator.ask_and_read("/credit 77 50", "has opened the shop")
    await operator.ask_and_read("/credit 5 -1000 typo", "Wallet of 5: −1,000\xa0DA")
    await lina.me.reads("Support deducted 1,000\xa0DA")
    await operator.ask_and_read("/credit 5 -9999999", "Nothing was deducted")
    await operator.ask_and_read("/markup", "c1 · PSN")
    await operator.ask_and_read("/markup c1 50 20", "c1: cost + 50% + 20\xa0DA")
    await operator.ask_and_read("/markup c1 lots", "/markup c3 5 20")
    await operator.ask_and_read("/markup c1 off", "back to the usual price")
    await operator.ask_and_read("/order ٣", "Not found: #3")


@pytest.mark.measured
async def test_a_refund_that_may_cost_a_code_is_asked_twice(
    simulation, open_shop, shopper, operator
):
    simulation.book.handling_seconds = 600
    shop = await open_shop()
    lina = await shopper()
    await lina.buy(1)
    await until(lambda: order_states(shop.folder) == ["handling"])

    asked = await operator.ask_and_read("/refund 1 too slow", "may still deliver")
    await operator.press_and_read("Keep waiting", "Nothing was changed", asked)
    ask = await operator.ask_and_read("/refund 1 too slow", "may still deliver")
    await operator.press_and_read("Refund", "refunded to the customer", ask)
    await lina.me.reads("Support refunded")
    query = await operator.forge("refund:3:1", ask)
    await operator.until(lambda _me: query.answer is not None)

    assert query.answer["text"] == words("en").plain("refused-decided")


@pytest.mark.measured
async def test_a_refused_key_is_told_with_a_way_back(simulation, open_shop, shopper, operator):
    await open_shop()
    lina = await shopper()
    refused = Fault(FaultKind.STATUS, "placeOrder", status=403, code="IP_NOT_ALLOWED", times=3)
    simulation.book.script(refused)
    await lina.buy(1)

    alert = await operator.reads("refuses our key (IP_NOT_ALLOWED)", 40)
    assert labels(alert) == ["Try again"]
    await operator.press("Try again", alert)
    await operator.reads("accepts the key again")
    await lina.me.until(lambda me: len(me.codes()) == 2)


async def test_a_credit_counts_once_however_often_telegram_offers_it(
    simulation, open_shop, shopper, operator
):
    await open_shop()
    lina = await shopper(dinars=0)
    offered = await operator.say("/credit 5 700 once")
    await operator.reads("Wallet of 5: +700\xa0DA")
    again = next((u for u in simulation.world.updates if u["update_id"] == offered), None)

    simulation.world.push("message", operator.chat.messages[min(operator.chat.messages)])
    if again is None:
        body = next(m for m in operator.chat.log if m.get("text") == "/credit 5 700 once")
        simulation.world.updates.insert(0, {"update_id": offered, "message": body})
    await simulation.world.notify()
    await until(lambda: not simulation.world.updates)  # the shop has taken both
    await asyncio.sleep(1)

    wallet = await lina.me.ask_and_read("/wallet", "👛 Wallet")
    assert text_of(wallet).startswith("👛 Wallet: 700\xa0DA")


async def test_a_flood_wait_from_telegram_delays_and_loses_nothing(simulation, open_shop, shopper):
    await open_shop()
    lina = await shopper()
    await lina.buy(1)
    simulation.world.refusals += [
        ("sendMessage", ApiError(429, "Too Many Requests: retry after 1", 1))
    ]

    await lina.me.until(lambda me: len(me.codes()) == 2)


async def test_menus_are_set_by_language_and_operators_see_theirs_alone(
    simulation, open_shop, shopper, operator
):
    shop = await open_shop()
    await shop.stop()
    await shop.start()
    await until(lambda: ("chat:1000", "") in simulation.world.commands)
    await until(lambda: set(simulation.world.descriptions) == {"", "fr", "ar"})

    everybody = simulation.world.commands["all_private_chats", "fr"]
    assert [c["command"] for c in everybody][:3] == ["start", "shop", "search"]
    assert "stats" not in [c["command"] for c in everybody]
    assert "stats" in [c["command"] for c in simulation.world.commands["chat:1000", ""]]


@pytest.mark.measured
async def test_the_doctor_says_in_plain_words_what_is_wrong(simulation, tmp_path, measured):
    shop = ShopProcess(simulation, tmp_path, measured=measured)

    code, said = await run_command(shop, "doctor")
    assert (code, said.count("ok ")) == (0, 8), said
    assert not (shop.folder / "data").exists()
    assert "it may buy, a production key" in said

    for changes, expected in (
        ({"ONECLICKDZ_API_KEY": "wrong"}, "refuses the key (INVALID_ACCESS_TOKEN)"),
        (
            {"ONECLICKDZ_API_KEY": simulation.book.add_key(scope="READ-ONLY")},
            "READ-ONLY; the shop needs READ-WRITE",
        ),
        ({"ONECLICKDZ_BASE_URL": simulation.telegram_url + "/v3"}, "does not answer as it should"),
        ({"TELEGRAM_TOKEN": "1:wrong"}, "token is not accepted"),
        ({"TELEGRAM_API_URL": "http://127.0.0.1:9"}, "was not reached: the connection is refused"),
    ):
        code, said = await run_command(shop, "doctor", **changes)
        assert code == 1
        assert expected in said
        assert shop.settings["ONECLICKDZ_API_KEY"] not in said


@pytest.mark.measured
async def test_a_wrong_token_or_key_ends_the_start_with_a_sentence(simulation, tmp_path, measured):
    shop = ShopProcess(simulation, tmp_path, measured=measured)

    code, said = await run_command(shop, "run", TELEGRAM_TOKEN="1:wrong")
    assert (code, "ask BotFather" in said, "Traceback" in said) == (1, True, False), said
    from bot.vault import new_key

    code, said = await run_command(shop, "run", HANOUT_KEYS=new_key("demo"))
    assert (code, "do not fit this database" in said, "Traceback" in said) == (1, True, False), said
