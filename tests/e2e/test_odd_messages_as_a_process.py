"""What Telegram tells of chats and payments in odd shapes, in the running shop: it stays awake, quiet and right."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.telegram.chats import inaccessible
from bot.sandbox.telegram.world import Person, text_of
from tests.e2e.shop import ShopProcess

WATCHED_SECONDS = 2.0
CPU_SECONDS = 0.5  # in those; a loop without a pause takes all of them
LOG_BYTES = 4_000  # of those and of the odd message


async def pin(person: Person) -> None:
    await person.pin(gone=True)


async def pin_by_the_bot(person: Person) -> None:
    await person.pin(gone=True, by_bot=True)


async def reply(person: Person) -> None:
    """To a message that is gone: date 0 and nothing else (server sheet 7.3)."""
    world = person.world
    gone = inaccessible(world.chat_json(person.chat), 1)
    body: dict[str, Any] = {"from": person.user, "text": "and this?", "reply_to_message": gone}
    world.push("message", world.add_message(person.chat, body))
    await world.notify()


def cpu_seconds(shop: ShopProcess) -> float:
    """What the process has used so far."""
    assert shop.process is not None
    fields = Path(f"/proc/{shop.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("act", [pin, pin_by_the_bot, reply], ids=lambda act: act.__name__)
async def test_a_message_that_is_gone_keeps_nobody_waiting_and_the_shop_quiet(
    open_shop, shopper, operator, act
):
    """One pinned message that was deleted once made the shop poll the same updates for ever."""
    shop = await open_shop()
    lina = await shopper(5, dinars=0)
    karim = await shopper(6, dinars=0)
    logged = len(shop.log)
    await act(lina.me)

    await karim.me.ask_and_read("/help", "How it works")
    await lina.me.ask_and_read("/help", "How it works")
    used = cpu_seconds(shop)
    await asyncio.sleep(WATCHED_SECONDS)

    assert cpu_seconds(shop) - used < CPU_SECONDS
    assert len(shop.log) - logged < LOG_BYTES, shop.log[logged:]
    assert "Nothing needs your attention" in text_of(
        await operator.ask_and_read("/attention", "Nothing")
    )
    assert await shop.stop() == 0
    await karim.me.say("/wallet")
    await shop.start()  # it comes back to nothing that it could not end
    await karim.me.reads("👛")


def balances(shop: ShopProcess) -> dict[str, int]:
    """The accounts of the ledger, in centimes."""
    address = f"file:{shop.folder / 'data' / 'hanout.db'}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        return dict(connection.execute("SELECT name, balance_minor FROM accounts").fetchall())


async def test_stars_that_telegram_gives_back_leave_the_wallet_and_the_rest_is_a_loss(
    simulation, pay_shop, payer, operator
):
    """The message about it is from the bot itself, in the payer's chat (server sheet 6)."""
    shop = await pay_shop()
    lina = await payer()
    await lina.choose("stars", 5000)
    await lina.me.until(lambda me: any("invoice" in m for m in me.inbox))
    charge = await lina.me.pay()
    await lina.me.reads("✅")
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    left = balances(shop)["wallet:5"]
    assert 0 < left < 5000_00

    simulation.world.stars.refund_to_payer(charge)
    await simulation.world.notify()

    spent = 5000_00 - left
    alert = await operator.reads(lina.words.money(spent))
    assert "HN1" in text_of(alert)
    await lina.me.reads("↩️")
    assert await lina.wallet() == lina.amount(0)
    told = balances(shop)
    assert (told["wallet:5"], told["losses"]) == (0, -spent)
    assert sum(told.values()) == 0

    simulation.world.stars.refund_to_payer(charge)  # told once more
    await simulation.world.notify()
    await lina.me.ask_and_read("/help", "How it works")
    assert balances(shop) == told
