"""Both suppliers behind one shop, as a process: vouchers in every form, in every language."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bot.sandbox.simulation import both_suppliers
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.vouchers import Outcome
from bot.sandbox.telegram.world import spoilers, text_of
from locales import words
from tests.e2e.shop import run_command
from tests.patience import until
from tests.ports import free_port

AMAZON = {"category": "shopping › Amazon", "product": "Amazon.com", "value": "25 $"}
HOOK_SECRET = "whsec-of-the-test"


@pytest.fixture
def open_both(simulation, open_shop):
    async def start(**settings):
        return await open_shop(**{**both_suppliers(simulation), **settings})

    return start


def newest(simulation):
    return list(simulation.vouchers.orders.values())[-1]


async def until_there(simulation, count=1):
    await until(lambda: len(simulation.vouchers.orders) >= count)
    return newest(simulation)


def deliveries(person):
    return [m for m in person.inbox if spoilers(m)]


def links_of(message):
    rows = message["reply_markup"]["inline_keyboard"]
    return [button["url"] for row in rows for button in row if "url" in button]


async def test_vouchers_of_every_form_come(simulation, open_both, shopper):
    """A card number with its date, a card with a PIN, and one that is nothing but a link.

    tests/integration/test_vouchers_in_three_languages.py buys the same in English and French too.
    """
    await open_both()
    lina = await shopper(locale="ar")
    await lina.buy(2, **AMAZON)
    await lina.me.until(lambda me: len(me.codes()) == 4)
    vouchers = newest(simulation).vouchers
    wanted = [v[n] for v in vouchers for n in ("card_number", "voucher_reference_number")]
    assert sorted(lina.me.codes()) == sorted(wanted)
    (delivery,) = deliveries(lina.me)
    date = (
        lina.line("delivery-expires", date="").replace("\u2068", "").replace("\u2069", "").strip()
    )
    assert date in text_of(delivery)
    await lina.me.press(lina.words.plain("button-hide"), delivery)
    await lina.me.until(lambda me: me.codes() == [])

    await lina.buy(1, category="streaming › Spotify", product="Spotify Premium", value="10 $")
    await lina.me.until(lambda me: len(me.codes()) == 3)
    assert newest(simulation).vouchers[0]["pin_code"] in lina.me.codes()
    (delivery,) = deliveries(lina.me)
    copied = [
        button["copy_text"]["text"]
        for row in delivery["reply_markup"]["inline_keyboard"]
        for button in row
        if "copy_text" in button
    ]
    assert sorted(copied) == sorted(
        newest(simulation).vouchers[0][n] for n in ("card_number", "pin_code")
    )
    await lina.me.press(lina.words.plain("button-hide-one"), delivery)
    await lina.me.until(lambda me: me.codes() == [])

    await lina.buy(1, category="travel-food", product="Airbnb", value="50 $")
    link = (await until_there(simulation, 3)).vouchers[0]["claim_url"]
    await lina.me.until(lambda me: any(links_of(m) == [link] for m in deliveries(me)))
    (delivery,) = deliveries(lina.me)
    assert link not in text_of(delivery), "a link is on its button only: no preview fetches it"
    await lina.me.press(lina.words.plain("button-hide-one"), delivery)
    await lina.me.until(lambda me: link not in str(me.inbox))


async def test_a_value_is_typed_in_arabic(simulation, open_both, shopper):
    """tests/integration/test_vouchers_in_three_languages.py types one in each language."""
    await open_both()
    lina = await shopper(locale="ar")
    await lina.to_value(category="shopping › Amazon", product="Amazon.de")
    label = lina.words.plain("button-range", value="").split(":")[0].replace("\u2068", "").strip()
    screen = lina.me.chat.messages[lina.walk]
    (button,) = [
        b["text"]
        for row in screen["reply_markup"]["inline_keyboard"]
        for b in row
        if b["text"].startswith(label.rstrip("\u00a0"))
    ]
    await lina.me.press(button, screen)
    await lina.me.reads("500\u00a0€")
    await lina.me.ask_and_read("3", "5\u00a0€")  # below the least: the question stays
    await lina.me.ask_and_read("٣٧", "37\u00a0€")
    question = next(m for m in reversed(lina.me.inbox) if "37\u00a0€" in text_of(m))
    await lina.me.press("1", question)
    await lina.me.until(lambda me: lina.words.plain("button-buy") in str(me.inbox))
    confirm = next(m for m in reversed(lina.me.inbox) if lina.words.plain("button-buy") in str(m))
    await lina.me.press(lina.words.plain("button-buy"), confirm)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    assert newest(simulation).denomination == 37


@pytest.mark.parametrize("ending", [Outcome.PARTIAL, Outcome.PARTIAL_CANCELLED])
async def test_a_part_comes_first_and_then_the_rest_or_the_money(
    simulation, open_both, shopper, ending
):
    await open_both()
    lina = await shopper()
    simulation.vouchers.next_outcome = ending
    await lina.buy(3, **AMAZON)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    assert "1 of 3 codes so far" in text_of(deliveries(lina.me)[0])
    assert "The rest will follow automatically" in text_of(deliveries(lina.me)[0])
    simulation.vouchers.release(newest(simulation).id)
    if ending is Outcome.PARTIAL:
        await lina.me.until(lambda me: len(me.codes()) == 6)
        assert len(deliveries(lina.me)) == 2
        assert "part 2 of 2" in text_of(deliveries(lina.me)[1])
    else:
        await lina.me.reads(lina.line("delivery-partial", number="#1", came=1, count=3))
        assert len(lina.me.codes()) == 2


async def test_an_answer_that_was_lost_is_asked_for_again_and_bought_once(
    simulation, open_both, shopper, operator
):
    shop = await open_both()
    lina = await shopper()
    await lina.to_confirm(1, **AMAZON)
    simulation.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
    await lina.me.press("Buy", lina.me.chat.messages[lina.walk])
    await lina.me.until(lambda me: len(me.codes()) == 2)
    assert len(simulation.vouchers.orders) == 1

    simulation.vouchers.script(Fault(FaultKind.SILENCE_AFTER, "/orders", seconds=30))
    await lina.to_confirm(1, **AMAZON)
    await lina.me.press("Buy", lina.me.chat.messages[lina.walk])
    await until_there(simulation, 2)
    await shop.kill()
    await shop.start()
    await lina.me.until(lambda me: len(me.codes()) == 4)
    assert len(simulation.vouchers.orders) == 2


async def test_a_supplier_that_is_down_does_not_stop_the_other(simulation, open_both, shopper):
    await open_both()
    lina = await shopper()
    simulation.vouchers.script(Fault(FaultKind.HTML, times=10**6, status=502))
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    simulation.vouchers.faults.clear()


async def test_operators_see_both_and_link_them(simulation, open_both, shopper, operator):
    for category in simulation.book.categories:
        for good in category.products:
            for kind in good.denominations:
                kind.price *= 2
    shop = await open_both()
    lina = await shopper()
    balance = await operator.ask_and_read("/balance", "🏦 starship: 1,227,500")
    assert words("en").plain(
        "balance-rate", one="1\u00a0USD", price="245.50", date="1 Nov 2026"
    ) in text_of(balance)
    await operator.ask_and_read("/link nothing here", "No product matches")
    found = await operator.ask_and_read("/link PlayStation", "starship")
    lines = text_of(found).splitlines()
    mine = next(x for x in lines if "PlayStation USA ·" in x).split()[0]
    theirs = next(x for x in lines if "Store USA" in x).split()[0]
    await operator.ask_and_read(f"/link {theirs} {theirs}", "Nothing was linked")
    asked = await operator.ask_and_read(f"/link {mine} {theirs}", "10 USD = 10 $")
    await operator.press_and_read("Link them", "✓ Linked", asked)
    await operator.ask_and_read("/link", "PlayStation Store USA (starship) →")
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    assert newest(simulation).product.name == "PlayStation Store USA"
    assert "PlayStation USA" in text_of(deliveries(lina.me)[0])
    await operator.ask_and_read("/stats", "🏭 starship: sales")
    await operator.ask_and_read(f"/link {theirs} off", "Sold separately again")
    await operator.ask_and_read("/audit", "(starship)")
    code, said = await run_command(shop, "doctor")
    assert code == 0
    assert "ok   starship: the key is accepted, it may buy, a production key" in said
    assert "1 USD = 245.50 dinars, set on 2026-11-01" in said
    code, said = await run_command(shop, "audit")
    assert code == 0
    assert "ok   supplier (starship): 1 orders" in said


async def test_alone_it_sells_too_and_mixed_keys_are_told(simulation, open_both, shopper, operator):
    shop = await open_both(SUPPLIERS="starship")
    lina = await shopper()
    await lina.buy(1, **AMAZON)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    assert simulation.book.calls == []
    key, secret = simulation.vouchers.add_key("test")
    code, said = await run_command(
        shop,
        "doctor",
        SUPPLIERS="oneclickdz,starship",
        STARSHIP_API_KEY=key,
        STARSHIP_API_SECRET=secret,
    )
    assert code == 1
    assert "one key is for tests and another buys for real" in said


async def test_settings_that_are_missing_are_named(simulation, open_both):
    shop = await open_both()
    code, said = await run_command(
        shop,
        "doctor",
        STARSHIP_API_SECRET="",
        STARSHIP_DINARS="0",
        STARSHIP_DINARS_SINCE="",
        PUBLIC_URL="http://x",
    )
    assert code == 1
    for line in (
        "STARSHIP_API_SECRET: is missing while SUPPLIERS has starship",
        "STARSHIP_DINARS: is missing while SUPPLIERS has starship",
        "STARSHIP_DINARS_SINCE",
        "PUBLIC_URL",
    ):
        assert line in said


def put_off(folder: Path) -> int:
    """The second question to the supplier is due in an hour; 0 where the first has not been answered."""
    hour_ms, first_ms = 3_600_000, 3_000
    with closing(sqlite3.connect(folder / "data" / "hanout.db", timeout=10)) as db, db:
        return db.execute(
            "UPDATE orders SET due_at = due_at + ? WHERE state = 'handling'"
            " AND due_at - accepted_at > ?",
            (hour_ms, first_ms),
        ).rowcount


@pytest.mark.measured
async def test_its_message_makes_the_shop_ask_at_once(simulation, open_both, shopper):
    port = free_port()
    shop = await open_both(
        PUBLIC_URL="https://shop.example",
        WEBHOOK_LISTEN=f"127.0.0.1:{port}",
        STARSHIP_WEBHOOK_SECRET=HOOK_SECRET,
    )
    simulation.vouchers.webhook_secret = HOOK_SECRET
    lina = await shopper()
    simulation.vouchers.next_outcome = Outcome.PENDING
    await lina.buy(1, **AMAZON)
    order = await until_there(simulation)
    await until(lambda: put_off(shop.folder))  # the first question has been asked
    simulation.vouchers.release(order.id)
    headers, body = simulation.vouchers.event(order, "evt_7")
    url = f"http://127.0.0.1:{port}/webhooks/starship"
    async with httpx.AsyncClient() as client:
        forged = {**headers, "X-Signature": "0" * 64}
        assert (await client.post(url, headers=forged, content=body)).status_code == 401
        for _ in range(3):
            answer = await client.post(url, headers=headers, content=body)
            assert answer.status_code == 204
    await lina.me.until(lambda me: len(me.codes()) == 2)  # and not in an hour
    assert len(deliveries(lina.me)) == 1
