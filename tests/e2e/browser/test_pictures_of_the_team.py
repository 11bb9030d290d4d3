"""Who works here, and the day as it is told to them at CLOSING_AT: by clicks, with a picture of each screen."""

from datetime import datetime, time, timedelta

import pytest
from playwright.async_api import expect

from bot.domain.records import Locale
from bot.domain.roles import Role
from bot.sandbox.page.app import PageApp
from bot.sandbox.page.simulation_view import SimulationView
from bot.sandbox.serve import serving
from bot.sandbox.supplier.panel import Panel
from bot.services.messaging.customers import choose_language
from bot.services.messaging.support import open_case
from bot.services.operations.closing import tell_closing
from tests.bot_harness import LINA, VoucherBotHarness
from tests.e2e.browser.album import Album, lights, phone
from tests.e2e.browser.messenger import Messenger
from tests.harness import OPERATOR

EVENING = datetime.fromisoformat("2026-11-28T21:00:00Z")  # 22:00 in Algiers


@pytest.mark.long
@pytest.mark.parametrize(("language", "theme"), list(lights()))
async def test_the_team_and_the_closing_of_a_day_are_whole(
    browser, shop_of, tmp_path, language, theme
):
    shop = await shop_of(language)
    page = PageApp(
        SimulationView(shop.world, [Panel(shop.book, "OneClickDz")], frozenset({OPERATOR}))
    )
    async with serving(page, websockets=True) as url:
        context = await browser.new_context(**phone(language, theme))
        messenger = Messenger(await context.new_page(), url)
        await shop.customer(LINA, dinars=60_000, locale=language)
        await shop.lina.say("/start")
        await choose_language(shop.shop, OPERATOR, Locale(language))
        await shop.run(2)
        await messenger.open(OPERATOR)
        await messenger.page.locator("#hint button").click()
        album = Album(messenger, tmp_path / "pictures", f"{language}-{theme}")
        await _asks(shop, messenger, Role.MANAGER, 5_000)
        await _accepts(shop, messenger, album)
        await _looks_at_the_member(shop, messenger, album)
        await _closes_two_days(shop, messenger, album)
        await context.close()

    assert album.flaws == []
    assert messenger.troubles == []


async def _asks(shop: VoucherBotHarness, messenger: Messenger, role: Role, cap: int) -> None:
    """The owner asks Lina to work here; her message goes out."""
    w = shop.words
    team = await messenger.ask("/team", "👥")
    await messenger.press(w.plain("button-team-add"), team)
    await messenger.reads(w.plain("team-whom")[:20])
    choice = await messenger.ask(str(LINA), w.plain("role-may-support")[:20])
    name = w.plain(f"role-{role}")
    await messenger.press(w.plain("button-team-role", role=name), choice)
    await expect(choice).to_contain_text(w.money(500_000))
    await messenger.ask(str(cap), "✉️")
    await shop.run(5)


async def _accepts(shop: VoucherBotHarness, messenger: Messenger, album: Album) -> None:
    w = shop.words
    await _hold(messenger, LINA)
    await messenger.page.locator("#hint button").click()
    invitation = messenger.page.locator("#log .message").last
    accept = invitation.get_by_role("button", name=w.plain("button-team-accept"))
    await expect(accept).to_be_visible()
    await album.take("team-invitation", invitation)
    await accept.click()
    await expect(invitation).to_contain_text(w.plain("team-menu")[:10])
    await album.take("team-accepted", invitation)
    await shop.run(5)
    await _hold(messenger, OPERATOR)
    await album.take("team-has-accepted", messenger.page.locator("#log .message").last)


async def _looks_at_the_member(shop: VoucherBotHarness, messenger: Messenger, album: Album) -> None:
    """Their card; lowered to support without a limit, and asked whether to be removed."""
    w, number = shop.words, str(LINA)
    team = await messenger.ask("/team", "👑")
    await album.take("team-with-a-member", team)
    await team.locator(".key", has_text=number).click()
    role = w.plain("button-team-role", role=w.plain("role-support"))
    await expect(team.get_by_role("button", name=role)).to_be_visible()
    await album.take("team-member", team)
    await messenger.press(role, team)
    await expect(team).to_contain_text(w.money(500_000))
    changed = await messenger.ask("0", "✅")
    await album.take("team-changed", changed)
    await shop.run(5)
    await _hold(messenger, LINA)
    await album.take("team-you-are", messenger.page.locator("#log .message").last)
    await _hold(messenger, OPERATOR)
    team = await messenger.ask("/team", "👑")
    await team.locator(".key", has_text=number).click()
    remove = team.get_by_role("button", name=w.plain("button-team-remove"), exact=True)
    await expect(remove).to_be_visible()
    await album.take("team-member-support", team)
    await remove.click()
    await expect(team.get_by_role("button", name=w.plain("button-leave"))).to_be_visible()
    await album.take("team-remove", team)


async def _closes_two_days(shop: VoucherBotHarness, messenger: Messenger, album: Album) -> None:
    """A day with sales, with things that wait for somebody; and one on which nobody came."""
    shop.offer()
    shop.clock.moment = EVENING.replace(hour=9)
    shop.set_policy(closing_at=time(22))
    shop.kind().quantity = 50
    order = await shop.buy(LINA, 3)
    await shop.run(30)
    shop.book.next_outcomes.append(0)
    await shop.buy(LINA)
    await shop.run(30)
    await open_case(shop.shop, LINA, order.id)
    await _evening(shop, EVENING)
    await album.take("closing", await messenger.reads("🌙"))
    await _evening(shop, EVENING + timedelta(days=1))
    await expect(messenger.messages("🌙")).to_have_count(2)
    await album.take("closing-quiet", await messenger.reads("🌙"))


async def _evening(shop: VoucherBotHarness, at: datetime) -> None:
    shop.clock.moment = at
    assert await tell_closing(shop.shop) == 1
    await shop.run(5)


async def _hold(messenger: Messenger, person: int) -> None:
    await messenger.page.locator("#to-people").click()
    await messenger.hold(person)
