"""Strangers: forged buttons, other people's numbers, groups, edits, links, and text of every kind."""

import random
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, true

from bot.domain.ledger import wallet
from bot.errors import HanoutError
from bot.sandbox.telegram.world import Chat
from handlers.callback_data import VERBS
from handlers.routes import COMMANDS, OPERATOR_COMMANDS
from storage.tables import inbox, operator_actions, orders, payments, postings
from tests.bot_harness import PNG
from tests.fuzz.faults import LINA, Tally, close_bot, everything_seen, live, open_bot

MALLORY = 666
_GROUP = -100123
ODD_TEXTS = (
    "\u202e/start\u202c",
    "\u200b\u200d\u2060",
    "/start\u0000",
    "👾" * 2048,
    "/" + "a" * 4000,
    "/start p_99999999999999999999",
    "/start c_-1",
    "/start p_1; DROP TABLE orders",
    "/start " + "A" * 4000,
    "/credit 666 100000",
    "/credit@HanoutShopBot 666 100000",
    "/refund 1 because",
    "/order 1",
    "/audit",
    "/attention",
    "/stats all",
    "/balance",
    "/markup c1 off",
    "/search " + "<b>" * 500,
    "/search %",
    "/search \ud83d",
    "٣",
    "٩" * 400,
    "-1",
    "1e9",
    "0x10",
    "²",
    "' OR 1=1 --",
    "{ $amount }",
    "\n" * 100,
    "ﷺ" * 400,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
)


def forged(chance: random.Random) -> str:
    """Data that a button of ours could carry, or nearly."""
    verb = chance.choice([*VERBS, "", "pay", "admin", "HOME", "x" * 60])
    numbers = ["0", "1", "2", "3", "5", "-1", "99999999", "9" * 15, "9" * 40, "1e3", "٣", "", "all"]
    args = [chance.choice(numbers) for _ in range(chance.randint(0, 3))]
    data = ":".join([verb, *args])
    if chance.random() < 0.1:
        data = "".join(chance.choice("abc:0123\u202e\u0000🎁é") for _ in range(20))
    while len(data.encode()) > 64:
        data = data[:-1]
    return data or "home"


async def play_strangers(empty: Path, count: int, seed: int) -> Tally:
    """`count` acts of Mallory in a shop where Lina has bought; Lina's codes, money and orders stay hers."""
    chance, tally = random.Random(seed), Tally()
    folder = Path(tempfile.mkdtemp())
    bot_harness = await open_bot(empty, folder)
    try:
        await bot_harness.denomination()
        await bot_harness.press_to_buy(bot_harness.person(LINA), 2)
        await live(bot_harness, tally, 10, 1)
        lina = bot_harness.person(LINA)
        await bot_harness.press(lina, "top:stars:1500")
        bill = [m for m in lina.inbox if "invoice" in m][-1]
        before = await _state(bot_harness)
        mallory = bot_harness.person(MALLORY, chance.choice(("en", "fr", "ar")))
        await mallory.say("/start")
        await bot_harness.pump()
        group = Chat(_GROUP, "supergroup", "A group")
        bot_harness.world.chats[_GROUP] = group
        for _ in range(count):
            await _act(bot_harness, mallory, group, bill, chance)
            await bot_harness.pump_through()
            bot_harness.clock.pass_time(chance.choice((0.1, 1, 20)))
            tally.tried += 1
        await live(bot_harness, tally, 5, 1)
        tally.harm += await _harm(bot_harness, before)
        tally.ended["answers to presses"] = sum(
            q.answer is not None for q in bot_harness.world.queries.values()
        )
        tally.ended["presses"] = len(bot_harness.world.queries)
    except (HanoutError, AssertionError, TimeoutError) as error:
        tally.harm.append(f"{type(error).__name__}: {str(error)[:300]}")
    finally:
        await close_bot(bot_harness)
        shutil.rmtree(folder)
    tally.harm = [f"strangers {seed}: {harm}" for harm in tally.harm]
    return tally


async def _act(
    bot_harness, mallory, group: Chat, bill: dict[str, Any], chance: random.Random
) -> None:
    act = chance.random()
    if act < 0.04:  # a bill that somebody forwarded: the question must be answered with no
        query = await bot_harness.world.stars.send_pre_checkout_query(mallory, bill)
        await bot_harness.pump_through()
        if query.ok is not False:
            raise AssertionError("a stranger may pay Lina's bill")
        return
    if act < 0.08:
        picture = PNG + bytes([chance.randrange(256)])
        await mallory.attach(picture, "x.png", chance.choice(("", "HN1")), photo=True)
        return
    if act < 0.55:
        lina = bot_harness.person(LINA)
        under = chance.choice((None, None, chance.choice(lina.inbox)))
        await mallory.forge(forged(chance), under)
    elif act < 0.8:
        text = chance.choice(ODD_TEXTS) if chance.random() < 0.6 else _typed(chance)
        await mallory.say(text.strip() or "x")
    elif act < 0.9:
        await mallory.say(chance.choice(("/start", "/orders", "/wallet", "/shop 1", "hi")), group)
    else:
        bot_harness.world.queue.add(*_raw(bot_harness, mallory, chance))


def _typed(chance: random.Random) -> str:
    command = chance.choice([*COMMANDS, *OPERATOR_COMMANDS])
    return f"/{command} {chance.choice(('', '1', '666 5', 'x' * 300, '-', '#7', '٥'))}"


def _raw(bot_harness, mallory, chance: random.Random) -> tuple[str, dict[str, Any]]:
    """What no client sends, and what no shop asked for: it may come all the same."""
    chat = {"id": MALLORY, "type": "private", "first_name": "M"}
    message = {"message_id": 10**6, "date": 1, "chat": chat, "from": mallory.user, "text": "/start"}
    return chance.choice(
        (
            ("edited_message", {**message, "edit_date": 2}),
            ("channel_post", {**message, "chat": {"id": -1001, "type": "channel", "title": "c"}}),
            ("message", {**message, "from": {**mallory.user, "is_bot": True}}),
            ("message", {k: v for k, v in message.items() if k != "from"}),
            ("message", {k: v for k, v in message.items() if k != "text"}),
            ("message", {**message, "location": {"latitude": 1.0, "longitude": 2.0}}),
            ("inline_query", {"id": "1", "from": mallory.user, "query": "x", "offset": ""}),
            ("poll", {"id": "1"}),
            ("a_kind_of_next_year", {"x": 1}),
            ("message_reaction", {"chat": chat, "message_id": 1, "date": 1}),
        )
    )


async def _state(bot_harness) -> dict[str, Any]:
    async with bot_harness.store._reader.connect() as db:
        # An unpaid order of Mallory's own is nobody's harm; one of anybody else's would be.
        counts = {
            table.name: (
                await db.execute(select(func.count()).select_from(table).where(whose))
            ).scalar_one()
            for table, whose in (
                (orders, orders.c.user_id != MALLORY),
                (payments, payments.c.user_id != MALLORY),
                (postings, true()),
                (operator_actions, true()),
            )
        }
        counts["lina's bill"] = (
            await db.execute(select(payments.c.state).where(payments.c.user_id == LINA))
        ).scalar_one()
    async with bot_harness.store.reading() as tx:
        counts["lina"] = await tx.ledger.balance(wallet(LINA))
        counts["mallory"] = await tx.ledger.balance(wallet(MALLORY))
    return counts


async def _harm(bot_harness, before: dict[str, Any]) -> list[str]:
    after = await _state(bot_harness)
    harm = [f"{what}: {before[what]} became {n}" for what, n in after.items() if before[what] != n]
    seen = everything_seen(bot_harness, MALLORY) + everything_seen(bot_harness, _GROUP)
    harm += ["a code was seen" for code in bot_harness.book.codes() if code in seen]
    leaked = re.search(r"(?:order|commande|الطلب)\W*#1\b.{60}", seen, re.DOTALL | re.IGNORECASE)
    harm += [f"Lina's order was seen: {leaked[0]!r}"] if leaked else []
    async with bot_harness.store._reader.connect() as db:
        aside = await db.execute(select(inbox.c.trouble).where(inbox.c.quarantined_at.is_not(None)))
        harm += [
            f"an update failed: {trouble}"
            for (trouble,) in aside
            if trouble.partition(" ")[0] != "unreadable"
        ]
    unanswered = [q for q in bot_harness.world.queries.values() if q.answer is None]
    harm += [f"{len(unanswered)} presses without an answer"] if unanswered else []
    harm += [
        f"Telegram refused: {w}" for w in bot_harness.world.refused if "query is too old" not in w
    ]
    return harm
