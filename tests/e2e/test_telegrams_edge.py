"""What stands between the shop and Telegram, in the running shop: pages, refusals, a second program."""

import asyncio

import pytest

from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.sandbox.telegram.responses import Page
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.scripts import Script
from tests.e2e.payer import reference_in
from tests.e2e.shop import ShopProcess

HTML = b"<html><title>Access denied</title></html>"
PAGES = {
    "200": Page(200, HTML),
    "403": Page(403, HTML),
    "404": Page(404, HTML),
    "429": ApiError(429, "Too Many Requests: retry after 1", retry_after=1),
    "429 as a page": Page(429, HTML),
    "a list": Page(200, b"[]"),
    "a list in the envelope": Page(200, b'{"ok": true, "result": []}'),
    "404 of its own": ApiError(404, "Not Found"),
    "500": ApiError(500, "Internal Server Error: restart"),
}
# Each call that a purchase, a top-up by each of two methods, and the start make.
STATUSES = (200, 403, 404)
CALLS = (
    "getMe",
    "getUpdates",
    "setMyCommands",
    "setMyDescription",
    "setMyShortDescription",
    "sendMessage",
    "editMessageText",
    "answerCallbackQuery",
    "sendInvoice",
    "answerPreCheckoutQuery",
    "editMessageCaption",
    "sendDocument",
)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
async def test_the_shop_opens_once_telegram_answers(simulation, open_shop, shopper, page):
    simulation.world.scripts.append(Script("getMe", page))

    shop = await open_shop()

    lina = await shopper()
    await lina.me.ask_and_read("/help", "How it works")
    assert "trying again in" in shop.log
    assert "Traceback" not in shop.log
    assert "Access denied" not in shop.log


# A message that may have arrived is repeated after 1, 8 and 50 seconds: one page at a time for it.
@pytest.mark.parametrize(
    ("method", "statuses"),
    [
        *((method, STATUSES) for method in CALLS if method != "sendMessage"),
        *(("sendMessage", (status,)) for status in STATUSES),
    ],
)
async def test_somebody_elses_page_in_any_call_costs_nobody_their_codes(
    simulation, pay_shop, payer, operator, method, statuses
):
    scripts = simulation.world.scripts
    scripts += [Script(method, Page(status, HTML)) for status in statuses]
    shop = await pay_shop()
    lina = await payer(5, "en")
    if method in ("sendInvoice", "answerPreCheckoutQuery"):
        shown = await lina.to_amounts("stars", 5000)
        for _ in range(4 if method == "sendInvoice" else 1):  # told to try again, and does
            await lina.me.press(lina.amount(5000), shown)
        await lina.me.until(lambda me: any("invoice" in m for m in me.inbox))
        await lina.me.pay()
    else:
        reference = reference_in(await lina.choose("transfer", 5000))
        await lina.me.attach(b"%PDF-1.4", "receipt.pdf", photo=False)
        await operator.press("Approve", await operator.reads(reference))
    await lina.me.reads("✅")

    await lina.buy(1)

    await lina.me.until(lambda me: len(me.codes()) == 2)
    async with asyncio.timeout(PATIENCE_SECONDS):  # each page is met: what failed is tried again
        while any(script.times for script in scripts):
            await asyncio.sleep(0.1)
    assert "Traceback" not in shop.log


async def test_a_revoked_token_ends_the_shop_and_is_named(simulation, open_shop, shopper):
    shop = await open_shop()
    lina = await shopper()
    await lina.me.ask_and_read("/help", "How it works")
    right, simulation.world.token = simulation.world.token, "7000000001:another"

    code = await asyncio.wait_for(shop.process.wait(), 60)

    simulation.world.token = right
    assert code == 1
    assert "TELEGRAM_TOKEN" in shop.log.splitlines()[-1]


async def test_a_second_program_that_polls_closes_nothing_and_is_told(
    simulation, open_shop, shopper, operator, tmp_path, migrated
):
    shop = await open_shop()
    lina = await shopper()
    folder = tmp_path / "second"
    (folder / "data").mkdir(parents=True, mode=0o700)
    second = ShopProcess(simulation, folder)
    await second.start()

    await operator.reads("Another program fetches", 60)

    assert shop.process.returncode is None
    assert await second.stop() == 0
    await lina.me.ask_and_read("/help", "How it works", 40)
