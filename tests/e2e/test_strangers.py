"""Forged buttons, other people's ids, groups, floods, odd text: an answer, no effect, no leak."""

import asyncio
import sqlite3
import time
from contextlib import closing

import pytest

from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.world import Chat, labels, text_of
from locales import words as in_words
from tests.patience import until

FORGED = [
    "buy:999",
    "show:1",
    "hide:1",
    "order:1",
    "refund:1:1",
    "circuit:oneclickdz",
    "stats:all",
    "den:99999",
    "prod:99999",
    "cat:99999:9",
    "qty:1:999999",
    "lang:xx",
    "x" * 64,
    "buy:-1",
    "show:1:2",
]
SLOW_SECONDS = 15.0
ODD = [
    "\u202eevil",
    "👾" * 2000,
    "\u200b",
    "a" * 4096,
    "<b>bold</b> & co",
    "'; DROP TABLE;--",
    "../../etc/passwd",
    "½",
    "NULL",
]


@pytest.mark.measured
async def test_what_a_stranger_sends_is_answered_and_does_nothing(simulation, open_shop, shopper):
    await open_shop()
    lina = await shopper()
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    thief = await shopper(6, "fr", dinars=0)

    for data in FORGED:
        query = await thief.me.forge(data)
        await thief.me.until(lambda _me, query=query: query.answer is not None)
        assert query.answer is not None, data
    for text in ODD:
        await thief.me.ask_and_read(text, "🔎")
    await thief.me.ask_and_read("'; DROP TABLE orders;--", "📦")  # a word for the page of orders
    for command in (
        "/stats",
        "/credit 6 99999",
        "/refund 1 please",
        "/order 1",
        "/balance",
        "/markup",
    ):
        await thief.me.ask_and_read(command, "Je ne connais pas cette commande")

    assert thief.me.ever_saw() == []
    sign = in_words("fr").plain("wallet", balance=in_words("fr").money(0)).splitlines()[0]
    wallet = await thief.me.ask_and_read("/wallet", "👛")
    assert text_of(wallet).splitlines()[0] == sign
    assert len(simulation.book.orders) == 1


async def test_somebody_elses_confirm_screen_buys_nothing(simulation, open_shop, shopper):
    await open_shop()
    lina, thief = await shopper(5), await shopper(6)
    await lina.to_confirm(1)
    data = next(
        b["callback_data"]
        for row in lina.me.chat.messages[lina.walk]["reply_markup"]["inline_keyboard"]
        for b in row
        if b["text"] == "Buy"
    )

    query = await thief.me.forge(data)
    await thief.me.until(lambda _me: query.answer is not None)

    assert "no longer available" in query.answer["text"]
    await asyncio.sleep(1.5)
    assert simulation.book.orders == {}


@pytest.mark.measured
async def test_groups_get_silence_or_one_line(simulation, open_shop, shopper):
    await open_shop()
    lina = await shopper()
    group = Chat(-100500, "supergroup", "Friends")
    simulation.world.chats[group.id] = group

    await lina.me.say("PlayStation", group)
    await lina.me.say("/orders", group)
    await lina.me.say("/start", group)
    await lina.me.until(lambda _me: len(group.messages) == 4)
    await asyncio.sleep(0.3)

    said = [m for m in group.messages.values() if m["from"]["id"] == simulation.world.me["id"]]
    assert [text_of(m) for m in said] == [
        "I only work in a private chat: https://t.me/HanoutShopBot"
    ]


@pytest.mark.measured
async def test_a_flood_from_one_chat_holds_up_nobody(simulation, open_shop, shopper):
    await open_shop()
    lina, flooder = await shopper(5), await shopper(6)
    home = flooder.me.screen
    queries = [simulation.world.ask(flooder.me.user, home, "home") for _ in range(150)]
    await simulation.world.notify()

    began = time.monotonic()
    await lina.me.ask_and_read("/wallet", "👛 Wallet")
    # A busy machine takes longer for one answer; for all that came before it, it has not had the time.
    beside = [q for q in queries if q.answer is None]
    assert beside or time.monotonic() - began < 3
    await flooder.me.until(lambda _me: all(q.answer is not None for q in queries), 120)
    assert 0 < sum("Too fast" in q.answer["text"] for q in queries) < 150


def sent_to(simulation, chat_id: int) -> int:
    """How often the shop has tried to send something there."""
    return sum(
        method.startswith("send") and str(values.get("chat_id")) == str(chat_id)
        for _, method, values in simulation.world.calls
    )


def is_reachable(shop, user_id: int) -> bool:
    """What the shop has noted, once Telegram has answered that somebody blocks it."""
    with closing(sqlite3.connect(shop.folder / "data" / "hanout.db")) as db:
        (found,) = db.execute("SELECT reachable FROM users WHERE id = ?", (user_id,)).fetchone()
        return bool(found)


async def test_a_blocked_chat_gets_its_codes_when_it_comes_back(simulation, open_shop, shopper):
    shop = await open_shop()
    lina = await shopper()
    await lina.buy(1)
    simulation.world.blocked.add(5)
    tried = sent_to(simulation, 5)
    await until(lambda: simulation.book.codes() and sent_to(simulation, 5) > tried)
    await until(lambda: not is_reachable(shop, 5))
    assert lina.me.codes() == []

    simulation.world.blocked.clear()
    await lina.me.say("/start")
    await lina.me.until(lambda me: len(me.codes()) == 2)


@pytest.mark.measured
async def test_the_walk_in_every_direction(simulation, open_shop, shopper):
    await open_shop()
    lina = await shopper(locale="fr")
    me = lina.me

    await me.ask_and_read("/start p_1", "Quelle valeur")
    await me.ask_and_read("/start c_2", "Quel produit")
    await me.ask_and_read("/start p_999999", "Que cherchez-vous")
    await me.ask_and_read("/search", "Écrivez un nom")
    found = await me.ask_and_read("/search steam türkiye", "steam türkiye")
    assert labels(found)[0] == "Steam Türkiye"
    await me.ask_and_read("introuvable", "Aucun résultat")
    await lina.to_value("Steam", "Steam Europe")
    await lina._press("épuisé", lina.line("sold-out-offer"))
    await lina._press("Retour", lina.line("product-ask"))
    await lina._press("10 €", "Combien")
    await me.ask_and_read("0", "Écrivez un nombre entier")
    await me.ask_and_read("999", "de 1 à 10")
    confirm = await me.ask_and_read("4", "Vérifiez votre commande")
    quantity = await me.press_and_read("Modifier", "Combien", confirm)
    await me.press_and_read("Retour", "Quelle valeur", quantity)
    for command, words in (
        ("/help", "Comment ça marche"),
        ("/privacy", "chiffrés"),
        ("/terms", "Conditions"),
        ("/paysupport", "Votre prochain message"),
        ("/cancel", "C’est annulé"),
        ("/orders", "Aucune commande"),
        ("/nonsense", "Je ne connais pas"),
        ("/language", "Quelle langue"),
    ):
        await me.ask_and_read(command, words)
    await me.press_and_read("العربية", "عمّ تبحث؟", await me.reads("Quelle langue"))
    await me.until(lambda _me: ("chat:5", "") in simulation.world.commands)
    menu = in_words("ar").plain("menu-start")
    assert simulation.world.commands["chat:5", ""][0]["description"] == menu


async def test_many_orders_have_pages(simulation, open_shop, shopper):
    simulation.book.handling_seconds = 0.0
    await open_shop()
    lina = await shopper(dinars=900_000)
    for _ in range(7):
        await lina.buy(1)
    await lina.me.until(lambda me: len(set(me.ever_saw())) == 14)

    await lina.me.walk(
        ("Next", "Page 2 of 2"),
        ("Back", "Page 1 of 2"),
        ("#7", "You can use “Show again” 3 more times"),
        ("Show again", "You can use “Show again” 2 more times"),
        begin=await lina.me.ask_and_read("/orders", "Page 1 of 2"),
    )


async def test_a_slow_supplier_does_not_keep_a_customer_waiting(simulation, open_shop, shopper):
    await open_shop()
    lina = await shopper()
    simulation.book.script(Fault(FaultKind.LATENCY, "checkProduct", times=50, seconds=SLOW_SECONDS))
    await lina.follow("shopping › Amazon")

    began = time.monotonic()
    await lina.me.press_and_read("Amazon KSA", "Getting today", lina.me.chat.messages[lina.walk])
    await lina.me.ask_and_read("/wallet", "👛 Wallet")
    assert time.monotonic() - began < SLOW_SECONDS
