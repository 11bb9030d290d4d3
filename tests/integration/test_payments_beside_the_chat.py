"""A payment that Telegram reports is booked at once, whatever else of its chat waits or is handled."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.domain.payments import Method, PaymentState
from bot.errors import StorageFailure
from bot.sandbox.telegram.rules import too_many
from bot.services.payments.stars import take_stars
from handlers.middleware import payments as middleware
from tests.bot_harness import LINA, PNG, BotHarness

STARS = 4000  # at the harness's 1.50 DA each
AT_ONCE_SECONDS = 2.0
LONG_SECONDS = 20.0


@pytest.fixture
def shop(stars_shop: BotHarness) -> BotHarness:
    return stars_shop


def tell(shop: BotHarness, charge: str, *, refund: bool = False, **fields) -> None:
    body: dict[str, Any] = {
        "currency": "XTR",
        "total_amount": STARS,
        "invoice_payload": "payment:77",
    }
    body |= {"telegram_payment_charge_id": charge, "provider_payment_charge_id": ""}
    message = {
        "message_id": 999,
        "date": int(shop.world.now()),
        "chat": shop.world.chat_json(shop.person(LINA).chat),
        "from": shop.world.me if refund else shop.person(LINA).user,
        "refunded_payment" if refund else "successful_payment": body,
        **fields,
    }
    shop.world.push("message", message)


async def a_flood(shop: BotHarness, _stack: AsyncExitStack) -> None:
    """An answer that Telegram makes the chat wait for."""
    shop.world.script("sendMessage", too_many(int(LONG_SECONDS)), times=1)
    await shop.person(LINA).say("/help")


async def an_album(shop: BotHarness, _stack: AsyncExitStack) -> None:
    shop.albums.quiet_seconds = LONG_SECONDS
    await shop.person(LINA).album([PNG + b"1", PNG + b"2"], "my receipt")


async def a_handler(shop: BotHarness, stack: AsyncExitStack) -> None:
    """Whatever holds the chat, for as long as it likes."""
    await stack.enter_async_context(shop.bot_state.chat_order.in_order(LINA))
    await shop.person(LINA).say("/help")


async def a_telegram_that_is_away(shop: BotHarness, _stack: AsyncExitStack) -> None:
    """The update is tried again for two minutes."""
    shop.telegram.rewrite = lambda path, body: b"<html>" if "getUpdates" not in path else body
    await shop.person(LINA).say("/help")


async def credited(shop: BotHarness, charge: str) -> PaymentState | None:
    async with shop.store.reading() as tx:
        found = await tx.payments.by_external_id(Method.STARS, charge)
    return found.state if found else None


@pytest.mark.virtual_time
@pytest.mark.parametrize("hold", [a_flood, an_album, a_handler, a_telegram_that_is_away])
async def test_stars_are_credited_while_something_else_holds_the_chat(shop, hold):
    async with AsyncExitStack() as stack:
        await hold(shop, stack)
        tell(shop, "c")
        tell(shop, "d", media_group_id="album", message_thread_id=7)
        await shop.polling.poll()
        began = asyncio.get_running_loop().time()
        handling = asyncio.create_task(shop._work())
        while await shop.balance(LINA) < 2 * STARS * 150:
            assert asyncio.get_running_loop().time() - began < AT_ONCE_SECONDS
            await asyncio.sleep(0.02)
        assert not handling.done(), "the other update still waits"
        handling.cancel()
        await asyncio.gather(handling, return_exceptions=True)
        shop.telegram.rewrite = None


async def test_a_payment_and_its_refund_keep_their_order(shop, monkeypatch):
    async def slowly(*args) -> None:
        await asyncio.sleep(0.2)
        await take_stars(*args)

    monkeypatch.setattr(middleware, "take_stars", slowly)
    tell(shop, "c")
    tell(shop, "c", refund=True)
    await shop.pump()

    assert await credited(shop, "c") is PaymentState.RETURNED
    assert await shop.balance(LINA) == 0


@pytest.mark.virtual_time
async def test_a_storage_that_fails_holds_up_neither_the_chat_nor_the_payment_for_ever(
    shop, monkeypatch
):
    failures = [StorageFailure("disk full")] * 2

    async def failing(*args) -> None:
        if failures:
            raise failures.pop()
        await take_stars(*args)

    monkeypatch.setattr(middleware, "take_stars", failing)
    lina = shop.person(LINA)
    tell(shop, "c")
    await lina.say("/help")
    await shop.polling.poll()
    began, before = asyncio.get_running_loop().time(), len(lina.inbox)
    handling = asyncio.create_task(shop._work())
    while len(lina.inbox) == before:
        await asyncio.sleep(0.01)
    assert asyncio.get_running_loop().time() - began < 0.25, (
        "the answer does not wait for the next try"
    )
    await handling

    assert await credited(shop, "c") is PaymentState.CREDITED


async def test_a_payment_does_not_lead_answers_out_of_their_thread(shop):
    shop.threads.note(LINA, 7)
    tell(shop, "c")
    await shop.pump()

    assert shop.threads._threads == {LINA: 7}


async def test_a_payment_that_waits_for_a_closed_process_is_replayed(shop):
    tell(shop, "c")
    await shop.polling.poll()
    shop.bot_state.chat_order.close()
    await shop._work()
    assert await credited(shop, "c") is None
    assert len(await shop.inbox.unhandled()) == 1
