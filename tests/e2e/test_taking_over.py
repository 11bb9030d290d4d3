"""What a process that takes over, or starts while Telegram is away, goes on with."""

import sqlite3

import pytest

from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.responses import Page
from bot.sandbox.telegram.scripts import Script
from tests.e2e.test_standby import second, until

__all__ = ["second"]

pytestmark = pytest.mark.prove


async def test_an_open_question_is_still_open_after_a_standby_took_over(
    simulation, open_shop, shopper, second, operator, tmp_path
):
    first = await open_shop()
    lina = await shopper()
    asked = _asked_who(simulation)
    other = await second(first, "stands by")
    await until(lambda: _asked_who(simulation) >= asked + 2)  # it is warm, and looks after Telegram
    read = len(lina.me.inbox)
    await lina.me.say("/paysupport")
    await lina.me.until(lambda me: len(me.inbox) > read)
    await until(lambda: not _waiting(tmp_path))  # else it is asked once more by the standby
    await first.kill()
    await until(lambda: "this process leads the shop" in other.log)
    await lina.me.say("I paid with Stars and the wallet is empty")

    await operator.until(lambda me: "Stars and the wallet" in str(me.inbox))


async def test_orders_go_on_while_telegram_is_away_at_the_start(
    simulation, open_shop, shopper, tmp_path
):
    shop = await open_shop()
    lina = await shopper()
    await lina.to_confirm(1)
    busy = Fault(FaultKind.STATUS, path="placeOrder", times=10_000, status=429, retry_after=1)
    simulation.book.script(busy)
    await lina.me.press(lina.words.plain("button-buy"), lina.me.chat.messages[lina.walk])
    await until(lambda: _state(tmp_path) in ("paid", "placing"))
    await shop.kill()
    busy.times = 0
    away = Script("*", Page(502, b"<html>down</html>"), times=1_000_000)
    simulation.world.scripts.append(away)
    shop.start_forked()

    await until(lambda: _state(tmp_path) in ("handling", "fulfilled"))
    away.times = 0
    await lina.me.until(lambda me: me.codes())


def _state(folder) -> str:
    found = _read(folder, "SELECT state FROM orders")
    return str(found[0][0]) if found else ""


def _waiting(folder) -> int:
    """How many updates are not marked as handled yet."""
    return int(_read(folder, "SELECT count(*) FROM inbox WHERE handled_at IS NULL")[0][0])


def _read(folder, question: str) -> list:
    with sqlite3.connect(folder / "data" / "hanout.db") as db:
        return db.execute(question).fetchall()


def _asked_who(simulation) -> int:
    return sum(name == "getMe" for _, name, _ in simulation.world.calls)
