"""Refusals of typed answers, and a conversation with support, as pictures; time is the harness's."""

import pytest
import pytest_asyncio

from bot.domain.records import Locale
from bot.sandbox.page.app import PageApp
from bot.sandbox.page.simulation_view import SimulationView
from bot.sandbox.serve import serving
from bot.sandbox.supplier.panel import Panel
from bot.sandbox.supplier.voucher_panel import VoucherPanel
from bot.sandbox.telegram.world import Person
from bot.services.messaging.customers import choose_language
from bot.services.messaging.support import open_case
from handlers.screens import support as screens
from locales import LOCALES
from tests.bot_harness import LINA, PNG, SupportHarness
from tests.database import store_at
from tests.e2e.browser.album import Album, lights, phone
from tests.e2e.browser.messenger import Messenger
from tests.harness import OPERATOR
from tests.integration.albums import send_album


@pytest_asyncio.fixture(loop_scope="session")
async def empty(migrated, tmp_path):
    path = tmp_path / "hanout.db"
    path.write_bytes(migrated.read_bytes())
    return path


@pytest.mark.parametrize(("language", "theme"), list(lights()))
async def test_every_screen_of_answers_and_support_is_whole(
    browser, empty, tmp_path, language, theme
):
    shop = await SupportHarness(store_at(empty), language).open()
    shop.offer()
    shop.set_policy(transfer_instructions=dict.fromkeys(LOCALES, "CCP 00 1234567890"))
    panels: list[Panel | VoucherPanel] = [Panel(shop.book, "OneClickDz")]
    page = PageApp(SimulationView(shop.world, panels, frozenset({OPERATOR})))
    async with serving(page, websockets=True) as url:
        context = await browser.new_context(**phone(language, theme))
        messenger = Messenger(await context.new_page(), url)
        await choose_language(shop.shop, OPERATOR, Locale(language))
        await shop.say("/start")
        await messenger.open(LINA)
        await messenger.page.locator("#hint button").click()
        album = Album(messenger, tmp_path / "pictures", f"{language}-{theme}-support")
        await _answers(shop, album)
        await _customer(shop, album)
        await messenger.page.locator("#to-people").click()
        await messenger.hold(OPERATOR)
        await messenger.page.locator("#hint button").click()
        await _operator(shop, album)
        await context.close()
    await shop.close()
    await shop.store.close()

    assert album.flaws == []
    assert messenger.troubles == []


async def _seen(shop: SupportHarness, album: Album, scene: str, who: Person | None = None) -> None:
    """The newest message, once the page has drawn it."""
    newest = max(m["message_id"] for m in (who or shop.lina).inbox)
    shown = album.messenger.page.locator(f".message[data-id='{newest}']")
    await shown.wait_for()
    await album.messenger.page.wait_for_timeout(150)
    await album.take(scene, shown)


async def _answers(shop: SupportHarness, album: Album) -> None:
    label = shop.words.plain
    await shop.say("/search Amazon.de")
    await shop.press_label("Amazon.de")
    await shop.live(2)
    await shop.say("50 $")
    await _seen(shop, album, "value-refused")
    await shop.say("37")
    await shop.say("12 34")
    await _seen(shop, album, "quantity-refused")
    await shop.press_label(label("button-stop"))
    await _seen(shop, album, "cancelled")
    await shop.say("/wallet")
    for key in ("button-topup", "button-pay-transfer", "button-amount"):
        await shop.press_label(label(key))
    for typed, scene in (
        ("50 euros", "amount-refused"),
        ("200000", "amount-large"),
        ("2 000 000 centimes", "amount-centimes"),
    ):
        await shop.say(typed)
        await _seen(shop, album, scene)
    await shop.say("my code is refused")
    await _seen(shop, album, "nothing-found")


async def _customer(shop: SupportHarness, album: Album) -> None:
    operator = shop.person(OPERATOR)
    await shop.press_newest(shop.lina, "tell")
    await _seen(shop, album, "words-sent")
    asked = {"en": "Which order is it?", "fr": "Quelle commande ?", "ar": "أي طلب هو؟"}
    await operator.say(asked[shop.words.locale], reply_to=operator.inbox[-1])
    await shop.pump()
    await _seen(shop, album, "answer")
    await shop.customer(LINA)
    order = await shop.buy(LINA)
    await open_case(shop.shop, LINA, order.id)
    await shop.bot.send_message(
        LINA, **_as_sent(screens.ask_about_order(shop.words, order.id)), rate_limit_args=None
    )
    await _seen(shop, album, "problem")
    await send_album(shop.lina, "photo", "photo", caption="it says: already used")
    await shop.pump()
    await _seen(shop, album, "album-sent")
    await shop.press(operator, "settled:1")
    await _seen(shop, album, "closed")
    await shop.press_newest(shop.lina, "reopen")
    await _seen(shop, album, "reopened")
    await shop.say("still refused")
    await shop.press_newest(shop.lina, "solved")
    await _seen(shop, album, "ended")


def _as_sent(screen) -> dict:
    return {
        "text": screen.text,
        "entities": screen.entities,
        "reply_markup": screen.keyboard(),
    }


async def _operator(shop: SupportHarness, album: Album) -> None:
    operator = shop.person(OPERATOR)
    await _seen(shop, album, "solved", operator)
    await shop.press(shop.lina, "top:transfer:5000")
    await shop.lina.attach(PNG, "receipt.png", photo=True)
    await shop.pump()
    await shop.press_newest(operator, "other")
    await shop.say("50 EUR", operator)
    await _seen(shop, album, "other-refused", operator)
    await shop.say("450 000 centimes", operator)
    await _seen(shop, album, "other-centimes", operator)
    await shop.press_newest(operator, "reject")
    await shop.press_newest(operator, "why:.*:other")
    await _seen(shop, album, "reason", operator)
    await shop.say("x" * 301, operator)
    await _seen(shop, album, "reason-refused", operator)
