"""A supplier and a card page that answer nonsense: wrong types, giant numbers, markup, codes that stand twice."""

import copy
import json
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.errors import HanoutError
from bot.services.selling.access import check_access
from storage.tables import orders
from tests.fuzz.faults import (
    KARIM,
    LINA,
    Tally,
    close_bot,
    everything_seen,
    live,
    look,
    open_bot,
    patiently,
)

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    -(10**30),
    1e300,
    "NaN",
    "9" * 5000,
    "",
    [],
    {},
    [[[]]],
    {"$gt": ""},
    "<b>bold</b> & <script>alert(1)</script>",
    "\u202egnirts desrever\u202c",
    "\u200b\u200d\u2066zero\u2069",
    "\u0000\u0001\u001b[31m",
    "👾" * 4096,
    "{ $missing } \u2068x\u2069",
    "x" * 100_000,
    "../../../etc/passwd",
    "%s%n{0}",
    "\ud800",
)
_LARGE = 10 * 1024 * 1024


class ResponseCorruptor:
    """Rewrites answers: now and then one value, one list, or all of it."""

    def __init__(self, chance: random.Random, rate: float) -> None:
        self._chance = chance
        self._rate = rate
        self._codes: list[dict[str, Any]] = []
        self.lies = 0

    def __call__(self, path: str, body: bytes) -> bytes:
        if self._chance.random() > self._rate:
            self._remember(body)
            return body
        self.lies += 1
        if self._chance.random() < 0.03:
            return b'{"success": true, "data": "' + b"x" * _LARGE + b'"}'
        answer = json.loads(body)
        if self._codes and self._chance.random() < 0.2:
            self._repeat(answer)
        else:
            for _ in range(self._chance.randint(1, 3)):
                self._spoil(answer)
        return json.dumps(answer).encode()

    def _remember(self, body: bytes) -> None:
        self._codes += _cards(json.loads(body))[:3]

    def _repeat(self, answer: Any) -> None:
        """A code that another order got already."""
        for card in _cards(answer):
            card.update(self._chance.choice(self._codes))

    def _spoil(self, answer: Any) -> None:
        here = answer
        while isinstance(here, dict | list) and here:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            key = self._chance.choice(keys)
            inner = here[key]
            if not isinstance(inner, dict | list) or not inner or self._chance.random() < 0.15:
                here[key] = copy.deepcopy(self._chance.choice(ODD))
                return
            here = inner


def _cards(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        found = [c for c in node.get("cards") or [] if isinstance(c, dict)]
        return found + [card for value in node.values() for card in _cards(value)]
    return [card for value in node for card in _cards(value)] if isinstance(node, list) else []


async def play_nonsense(empty: Path, seed: int) -> Tally:
    """Lies while two people buy, then the truth; nothing that was a lie may have moved money or codes."""
    chance, tally = random.Random(seed), Tally(tried=1)
    folder = Path(tempfile.mkdtemp())
    bot_harness = await open_bot(empty, folder)
    try:
        await bot_harness.denomination()
        liar = bot_harness.supply.rewrite = ResponseCorruptor(chance, chance.choice((0.2, 0.6)))
        page = bot_harness.cards.rewrite = ResponseCorruptor(random.Random(seed), 0.3)
        for _ in range(5):
            await patiently(
                bot_harness, tally, lambda: check_access(bot_harness.shop, "oneclickdz")
            )
            await patiently(bot_harness, tally, bot_harness.refresh)
            person = bot_harness.person(chance.choice((LINA, KARIM)))
            await bot_harness.press_to_buy(person, chance.randint(1, 3))
            await bot_harness.pay_at_chargily(person)
            await live(bot_harness, tally, 15, 1)
        await live(bot_harness, tally, 900, 30)
        bot_harness.supply.rewrite = bot_harness.cards.rewrite = None
        tally.struck = liar.lies + page.lies
        await check_access(bot_harness.shop, "oneclickdz")
        await patiently(bot_harness, tally, bot_harness.refresh)
        await live(bot_harness, tally, 1500, 20)
        await _look(bot_harness, tally)
    except (HanoutError, AssertionError, TimeoutError) as error:
        tally.harm.append(f"{type(error).__name__}: {str(error)[:300]}")
    finally:
        await close_bot(bot_harness)
        shutil.rmtree(folder)
    tally.harm = [f"nonsense {seed}: {harm}" for harm in tally.harm]
    return tally


async def _look(bot_harness, tally: Tally) -> None:
    """What a lie made of an order may stand in front of an operator; a code of another person never shows."""
    before = list(tally.harm)
    await look(bot_harness, tally)
    # Whose a code was meant to be, a lie can change: what nobody had before cannot be told from one's own. But one
    # code never shows to two people. Lost ids are for the audit to tell.
    # A payment of which the page told another amount, or another mode, is held for an operator.
    tolerated = ("were never seen", "bought for nobody", "saw a code of", "and held ")
    tally.harm = before + [
        harm for harm in tally.harm if not any(words in harm for words in tolerated)
    ]
    shown = {person: everything_seen(bot_harness, person) for person in bot_harness.world.people}
    tests = await _bought_as_tests(bot_harness)
    tally.harm += [
        f"a code of {order.id} was seen by two people"
        for order in bot_harness.book.orders.values()
        for card in order.cards
        if sum(card["value"] in text for text in shown.values()) > 1 and order.id not in tests
    ]
    tally.harm += [
        f"Telegram refused: {words}" for words in bot_harness.world.refused if _is_bad(words)
    ]


async def _bought_as_tests(bot_harness) -> set[str]:
    """Where the supplier called its key a test key, codes repeat by design and are not compared."""
    async with bot_harness.store._reader.connect() as db:
        mine = select(orders.c.supplier_order_id).where(orders.c.environment == "sandbox")
        return set((await db.execute(mine)).scalars())


def _is_bad(words: str) -> bool:
    return "query is too old" not in words
