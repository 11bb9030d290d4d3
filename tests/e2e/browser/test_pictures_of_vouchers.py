"""What the second supplier brought to the screens, as pictures; the shop lives by the harness's clock."""

import re

import pytest
import pytest_asyncio

from bot.domain.records import Locale
from bot.sandbox.page.app import PageApp
from bot.sandbox.page.simulation_view import SimulationView
from bot.sandbox.serve import serving
from bot.sandbox.supplier.panel import Panel
from bot.sandbox.supplier.voucher_panel import VoucherPanel
from bot.sandbox.supplier.vouchers import Outcome
from bot.services.messaging.customers import choose_language
from tests.bot_harness import LINA, VoucherBotHarness
from tests.database import store_at
from tests.e2e.browser.album import Album, lights, phone
from tests.e2e.browser.messenger import Messenger
from tests.harness import OPERATOR

DAY = 86_400
_PLACE = re.compile(r"\bp\d+\b")


@pytest_asyncio.fixture(loop_scope="session")
async def empty(migrated, tmp_path):
    path = tmp_path / "hanout.db"
    path.write_bytes(migrated.read_bytes())
    return path


@pytest.mark.parametrize(("language", "theme"), list(lights()))
async def test_every_screen_of_vouchers_is_whole(browser, empty, tmp_path, language, theme):
    bot_harness = await VoucherBotHarness(store_at(empty), language).open()
    panels: list[Panel | VoucherPanel] = [
        Panel(bot_harness.book, "OneClickDz"),
        VoucherPanel(bot_harness.vouchers, "Starship"),
    ]
    page = PageApp(SimulationView(bot_harness.world, panels, frozenset({OPERATOR})))
    async with serving(page, websockets=True) as url:
        context = await browser.new_context(**phone(language, theme))
        messenger = Messenger(await context.new_page(), url)
        await bot_harness.say("/start")
        await bot_harness.credit(LINA, 100_000)
        await bot_harness.live(2)
        await messenger.open(LINA)
        await messenger.page.locator("#hint button").click()
        album = Album(messenger, tmp_path / "pictures", f"{language}-{theme}-vouchers")
        await _customer(bot_harness, album)
        await choose_language(bot_harness.shop, OPERATOR, Locale(language))
        await messenger.page.locator("#to-people").click()
        await messenger.hold(OPERATOR)
        await messenger.page.locator("#hint button").click()
        await _operator(bot_harness, album)
        await messenger.page.locator("#to-supplier").click()
        await messenger.page.locator("#panels .panel").nth(1).scroll_into_view_if_needed()
        await album.take("panel")
        await context.close()
    await bot_harness.close()
    await bot_harness.store.close()

    assert album.flaws == []
    assert messenger.troubles == []


async def _seen(bot_harness: VoucherBotHarness, album: Album, scene: str, who=None) -> None:
    """The newest message, once the page has drawn it."""
    newest = max(m["message_id"] for m in (who or bot_harness.lina).inbox)
    shown = album.messenger.page.locator(f".message[data-id='{newest}']")
    await shown.wait_for()
    await album.messenger.page.wait_for_timeout(150)
    await album.take(scene, shown)


async def _customer(bot_harness: VoucherBotHarness, album: Album) -> None:
    w = bot_harness.words
    await bot_harness.open_product("Amazon.de")
    await _seen(bot_harness, album, "values")
    await bot_harness.press_label(
        bot_harness.line("button-range", value="").split(":")[0].strip("\u00a0 ")
    )
    await _seen(bot_harness, album, "ask-value")
    await bot_harness.say("3")
    await _seen(bot_harness, album, "value-out")
    await bot_harness.say("37")
    await bot_harness.press_label("1")
    await _seen(bot_harness, album, "confirm")
    await bot_harness.press_label(w.plain("button-buy"))
    await bot_harness.live(8)
    await _seen(bot_harness, album, "delivery")
    for what in (("Spotify Premium", "10 $"), ("Airbnb", "50 $")):
        await bot_harness.order_voucher(1, *what)
        await bot_harness.live(8)
        await _seen(bot_harness, album, "pin" if what[0] == "Spotify Premium" else "redeem")
    bot_harness.next(Outcome.PARTIAL)
    await bot_harness.order_voucher(5)
    await bot_harness.live(20)
    await _seen(bot_harness, album, "so-far")
    await bot_harness.say("/orders")
    await _seen(bot_harness, album, "orders")
    await bot_harness.press_label("#4")
    await _seen(bot_harness, album, "order-so-far")
    bot_harness.vouchers.release(bot_harness.there.id)
    await bot_harness.live(1200, step=120)
    await _seen(bot_harness, album, "rest")
    bot_harness.clock.pass_time(335 * DAY)
    await bot_harness.live(4)
    await _seen(bot_harness, album, "reminder")
    await bot_harness.press_label(w.plain("button-remind-off"))
    await _seen(bot_harness, album, "reminders-off")
    await bot_harness.say("/orders")
    await bot_harness.press_label("#2")
    await _seen(bot_harness, album, "order")


async def _operator(bot_harness: VoucherBotHarness, album: Album) -> None:
    operator = bot_harness.person(OPERATOR)
    for command in ("balance", "stats", "link", "link PlayStation", "order 4", "audit"):
        await bot_harness.say(f"/{command}", operator)
        await bot_harness.live(1)
        if command == "stats":
            await bot_harness.press_newest(operator, "stats:all")
        await _seen(bot_harness, album, command.replace(" ", "-").lower(), operator)
        if command == "link PlayStation":
            lines = operator.inbox[-1]["text"].splitlines()
            mine, theirs = (
                next(word for line in lines if name in line for word in _PLACE.findall(line))
                for name in ("PlayStation USA", "Store USA")
            )
            await bot_harness.say(f"/link {mine} {theirs}", operator)
            await _seen(bot_harness, album, "link-ask", operator)
            await bot_harness.press_newest(operator, "link")
            await _seen(bot_harness, album, "linked", operator)
