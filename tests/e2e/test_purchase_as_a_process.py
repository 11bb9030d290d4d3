"""The real bot as a process, between both simulators, through their HTTP interfaces."""

import pytest

from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.world import spoilers, text_of
from tests.bench.presses import _shop, _walk_of
from tests.e2e.payer import has_label
from tests.e2e.shop import leaks
from tests.patience import until


@pytest.mark.everyday
@pytest.mark.measured
async def test_a_purchase_in_arabic(simulation, open_shop, shopper):
    """The demo's test buys in each language, and so do the tests with a browser."""
    await open_shop()
    lina = await shopper(locale="ar")

    await lina.buy(2)
    await lina.me.until(lambda me: len(me.codes()) == 4)

    handed_out = simulation.book.codes()
    assert sorted(lina.me.codes()) == sorted(handed_out)
    delivery = next(m for m in lina.me.inbox if spoilers(m))
    copied = [
        b["copy_text"]["text"]
        for row in delivery["reply_markup"]["inline_keyboard"]
        for b in row
        if "copy_text" in b
    ]
    assert sorted(copied) == sorted(
        c["value"] for o in simulation.book.orders.values() for c in o.cards
    )
    await lina.me.press(lina.words.plain("button-hide"), delivery)
    await lina.me.until(lambda me: me.codes() == [])


async def test_prices_that_come_while_the_wait_for_them_is_being_shown_are_shown_too(
    simulation, open_shop, shopper
):
    await open_shop()
    lina = await shopper()
    await lina.enter()
    await lina._press("PlayStation", "Which product?")
    simulation.book.script(Fault(FaultKind.LATENCY, "checkProduct", seconds=0.6))
    simulation.world.delays["editMessageText"] = 0.6  # the answer comes in the middle of this

    products = lina.me.chat.messages[lina.walk]
    await lina.me.press_and_read("PlayStation USA", "Getting today", products)

    await lina.me.until(lambda me: has_label(me.chat.messages[lina.walk], "10\u00a0$"))
    assert simulation.book.count("checkProduct") == 1


async def test_five_taps_on_buy_are_one_order(simulation, open_shop, shopper):
    await open_shop()
    lina = await shopper()
    await lina.to_confirm(1)

    confirm = lina.me.chat.messages[lina.walk]
    queries = [await lina.me.press("Buy", confirm) for _ in range(5)]
    await lina.me.until(lambda me: len(me.codes()) == 2)
    await lina.me.until(lambda _: all(query.answer is not None for query in queries))

    assert len(simulation.book.orders) == simulation.book.count("placeOrder") == 1
    wallet = await lina.me.ask_and_read("/wallet", "👛 Wallet")
    assert text_of(wallet).count("order #") == 1


async def test_sandbox_types_end_in_part_and_in_a_refund(simulation, open_shop, shopper):
    await open_shop(key_kind="SANDBOX")
    lina = await shopper()

    await lina.to_confirm(2, value="TEST_PARTIAL")
    confirm = lina.me.chat.messages[lina.walk]
    assert "Test mode" in text_of(confirm)
    await lina.me.press("Buy", confirm)
    partial = await lina.me.reads(lina.line("delivery-partial", number="#1", came=1, count=2))
    assert spoilers(partial) == ["SANDBOX-CARD-1", "SANDBOX-1"]
    moment = lina.me.moment()
    await lina.buy(2, value="TEST_REFUND")
    returned = await lina.me.reads_since(moment, "couldn’t deliver")

    assert "↩️" in text_of(returned)
    assert "placeOrder" in str(simulation.book.calls)


async def test_buttons_and_questions_from_before_a_restart_work_after_it(
    simulation, open_shop, shopper
):
    shop = await open_shop()
    lina = await shopper()
    await lina.to_confirm(2)
    confirm = lina.me.chat.messages[lina.walk]
    await lina.me.ask_and_read("/shop", "Gift-card codes")
    await lina.to_value()
    await lina._press("25 $", "How many?")
    assert await shop.stop() == 0

    await shop.start()
    typed = await lina.me.ask_and_read("٣", "3 ×")
    await lina.me.press("Buy", confirm)
    await lina.me.until(lambda me: len(me.codes()) == 4)

    assert "Check your order" in text_of(typed)
    assert len(simulation.book.orders) == 1


async def test_a_supplier_that_resets_after_the_effect_sold_once_and_delivers(
    simulation, open_shop, shopper, operator
):
    await open_shop()
    lina = await shopper()
    simulation.book.script(Fault(FaultKind.RESET_AFTER, "placeOrder"))

    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)

    assert len(simulation.book.orders) == simulation.book.count("placeOrder") == 1
    await operator.reads("answer was lost")


async def test_a_supplier_that_falls_silent_after_the_effect_sold_once_and_delivers(
    simulation, open_shop, shopper
):
    await open_shop(ONECLICKDZ_TIMEOUT="3s")  # a busy machine is slow, and not silent
    lina = await shopper()
    simulation.book.script(Fault(FaultKind.SILENCE_AFTER, "placeOrder", seconds=15))

    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)

    assert simulation.book.count("placeOrder") == 1


async def test_an_empty_balance_holds_the_order_until_the_top_up(
    simulation, open_shop, shopper, operator
):
    await open_shop()
    lina = await shopper()
    simulation.book.balance = simulation.book.balance * 0

    await lina.buy(1)
    await operator.reads("for lack of balance")
    await lina.me.reads("topping up our account")
    simulation.book.top_up(100_000)
    await lina.me.until(lambda me: len(me.codes()) == 2, 40)

    assert len(simulation.book.orders) == 1


async def test_an_empty_balance_returns_the_money_after_the_set_time(
    simulation, open_shop, shopper
):
    await open_shop(RETURN_UNBOUGHT_AFTER="4s")
    lina = await shopper()
    simulation.book.balance = simulation.book.balance * 0

    await lina.buy(1)
    await lina.me.reads("We couldn’t get")

    wallet = await lina.me.ask_and_read("/wallet", "👛 Wallet")
    assert "50,000\xa0DA" in text_of(wallet).splitlines()[0]


@pytest.mark.everyday
@pytest.mark.measured
async def test_a_killed_process_loses_no_order_and_buys_none_twice(simulation, open_shop, shopper):
    simulation.book.handling_seconds = 3.0
    shop = await open_shop()
    lina = await shopper()
    simulation.book.script(Fault(FaultKind.LATENCY, "placeOrder", seconds=1.0))
    await lina.buy(1)
    await until(lambda: simulation.book.count("placeOrder"))
    await shop.kill()

    await shop.start()
    await lina.me.until(lambda me: len(me.codes()) == 2, 40)

    assert len(simulation.book.orders) == simulation.book.count("placeOrder") == 1
    assert len(set(lina.me.ever_saw())) == 2


async def test_the_walk_of_the_benchmarks_reaches_the_confirm_screen(simulation, tmp_path):
    """They are run by hand, so nobody else notices that a screen has changed."""
    async with _shop(simulation, tmp_path):
        walk, product = await _walk_of(simulation)

    assert [data.partition(":")[0] for data in walk] == ["brand", "prod", "den", "qty"]
    assert product == walk[1]


def test_the_search_for_leaks_finds_a_leak(tmp_path):
    (tmp_path / "shop.log").write_text("a line with ABCD-EFGH-IJKL-MNOP in it")

    assert leaks(tmp_path, ["ABCD-EFGH-IJKL-MNOP"]) == ["shop.log"]
    assert leaks(tmp_path, ["OTHER-CODE"]) == []


async def test_whoever_waits_for_the_start_is_answered_before_the_menus_are_set(
    simulation, open_shop, operator
):
    await operator.say("/start")
    await open_shop()

    def called() -> list[str]:
        return [method for _, method, _ in simulation.world.calls]

    await until(lambda: "setMyCommands" in called())
    assert called().index("sendMessage") < called().index("setMyCommands")
