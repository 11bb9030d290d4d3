"""An owner and a manager keep the shop by clicks: pauses, the shelf, prices, stock, figures, files and news."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.domain.roles import Role
from bot.sandbox.demo import PAYMENT_SETTINGS
from bot.sandbox.telegram.chats import Message
from handlers.screen_builder import ScreenBuilder
from tests.e2e.browser.desk import ANY, Desk
from tests.e2e.browser.test_behind_the_counter_in_the_browser import (
    CASES,
    LANGUAGES,
    NOT_INLINE,
    Team,
    choose_language,
    gather,
)
from tests.e2e.shop import leaks, noon_here, settle
from tests.own_stock import codes_of

CROWD = range(7_000, 7_060)  # who read French: news to them takes long enough to be stopped
NAMES = {"en": "US console card", "fr": "Carte console États-Unis", "ar": "بطاقة الجهاز الأمريكية"}
OWN = {Role.OWNER: ("Cinema TR", 0), Role.MANAGER: ("Music TR", 100)}  # a product, its first code
VALUE = "200 TRY"
LOADED = 3
PICTURE = [1080, 1350]


@pytest.fixture
def page_settings(simulation, open_shop, tmp_path: Path, request) -> dict[str, str]:
    manager = request.node.callspec.params["manager"]
    settle(tmp_path, simulation, CROWD, LANGUAGES[manager])
    return PAYMENT_SETTINGS | {"SUPPLIERS": "oneclickdz,own", "TIME_ZONE": noon_here()}


@pytest.mark.long
@pytest.mark.parametrize(("language", "manager", "support", "customer"), CASES)
async def test_an_owner_and_a_manager_keep_the_shop(
    simulation, messenger, tmp_path, language, manager, support, customer
):
    team = await gather(simulation, messenger, language, manager, support, customer)
    await choose_language(team.owner)
    await _hire(team.owner, team.manager, Role.MANAGER)
    await _hire(team.owner, team.support, Role.SUPPORT)
    await team.customer.ask_and_read("/start p_1", "PlayStation USA")  # its prices are asked for

    for desk, role in ((team.owner, Role.OWNER), (team.manager, Role.MANAGER)):
        await desk.sit_down()
        await _pauses(desk, team)
        await _keeps_the_shelf(desk, team)
        await _prices(desk)
        await _stocks(desk, *OWN[role])
    await _buys(team, *OWN[Role.OWNER])
    for desk in (team.owner, team.manager):
        await desk.sit_down()
        await _looks_at_figures(desk)
    await _stops_news(team.manager)
    await team.owner.sit_down()
    await _exports(team.owner)
    await _sends_news(team.owner, team)
    await _support_sees_counts(team)

    codes = [code for _, first in OWN.values() for code in codes_of(LOADED, first)]
    assert leaks(tmp_path, codes) == []


async def _hire(owner: Desk, other: Desk, role: Role) -> None:
    """Without the page: test_behind_the_counter_in_the_browser has it by clicks."""
    boss, hired = owner.person, other.person
    await boss.ask_and_read("/team", "👥")
    await boss.forge("tadd")
    await boss.until(lambda _: NOT_INLINE in owner.simulation.world.refused)
    owner.simulation.world.refused.remove(NOT_INLINE)
    await boss.ask_and_read(str(other.id), "👥")
    await boss.forge(f"trole:{other.id}:{role}")
    await boss.until(lambda me: "5" in me.screen["text"])
    await boss.ask_and_read("5000", "✉️")
    # Another notice may come after it.
    await hired.until(lambda me: any(_invites(message) for message in me.inbox))
    invitation = next(message for message in hired.inbox if _invites(message))
    await hired.press(other.words.plain("button-team-accept"), invitation)
    await hired.reads(other.words.plain("team-menu"))


def _invites(message: Message) -> bool:
    return "tyes:" in str(message.get("reply_markup"))


async def _pauses(desk: Desk, team: Team) -> None:
    """A product for an hour; customers read it, /attention lists it, and a button lifts it."""
    name, why = "PlayStation USA", desk.words.plain("pause-why-prices")
    what = await desk.ask("/pause", desk.text("pause-what"))
    await desk.press(what, desk.text("button-pause-product"), desk.text("pause-which-product"))
    found = await desk.ask(name, desk.text("pause-products"))
    reasons = await desk.press(found, name, desk.text("pause-why", name=name))
    until = desk.text("pause-until", name=name, why=why)
    ends = await desk.press(reasons, desk.text("button-pause-why-prices"), until)
    paid = desk.text("pause-paid", name=name)
    kept = await desk.press(ends, desk.text("button-pause-until-hour"), paid)
    ask = desk.text("pause-confirm", name=name, why=why)
    asked = await desk.press(kept, desk.text("button-pause-paid-on"), ask)
    done = desk.text("pause-done", name=name)
    await desk.press(asked, desk.text("button-pause-yes"), done)

    await team.customer.ask_and_read("/start p_1", "⏸")
    line = desk.text("pause-line", name=name, why=why, who=str(desk.id))
    await desk.ask("/attention", line)
    listed = await desk.ask("/resume", line)
    # As it stands there: a name is cut where a label would not fit into a row of a narrow phone.
    lift = ScreenBuilder(desk.words).make_button("button-lift", name=name, why=why).label
    await desk.press(listed, lift, desk.text("pauses-none"))


async def _keeps_the_shelf(desk: Desk, team: Team) -> None:
    """A product is hidden, shown again, and has a name in this language."""
    card = await desk.ask("/catalogue p2", "🎮")
    await desk.press(card, desk.text("button-curate-hide"), desk.text("curate-hidden"))
    gone = Desk(desk.simulation, desk.messenger, team.customer.id, LANGUAGES[team.customer.id])
    await team.customer.ask_and_read("/start p_2", gone.words.plain("refused-not-sold")[:20])
    await desk.press(card, desk.text("button-curate-show"), desk.text("curate-shown"))
    names = await desk.press(card, desk.text("button-curate-name"), desk.text("curate-name"))
    language = desk.words.plain(f"curate-{desk.language}")
    none = desk.text("button-curate-none", language=language)
    ask = desk.text("curate-ask-name", language=language, longest=ANY)
    await desk.press(names, none, ask)
    await desk.ask(NAMES[desk.language], NAMES[desk.language])
    named = desk.text("curate-product", product=NAMES[desk.language], id="p2", supplier=ANY)
    await desk.ask("/catalogue p2", named)


async def _prices(desk: Desk) -> None:
    table = await desk.ask("/prices p1", "💲")
    await desk.press(table, desk.text("button-price-up"), "💲")
    used = desk.text("price-used", rule=ANY)
    await desk.press(table, desk.text("button-price-use"), used)


async def _stocks(desk: Desk, product: str, first: int) -> None:
    """A new product, a file of codes that leaves the chat, and its batch on sale."""
    codes, named = codes_of(LOADED, first), {"product": product, "value": VALUE}
    listed = await desk.ask("/stock", desk.text("stock-title"))
    await desk.press(listed, desk.text("button-stock-add"), desk.text("stock-ask-names"))
    empty = desk.text("stock-value", **named, left=0)
    value = await desk.ask(f"Streaming\n{product}\n{VALUE}", empty)
    cost = desk.text("stock-ask-cost", **named)
    await desk.press(value, desk.text("button-stock-load"), cost)
    await desk.ask("1240", desk.text("stock-ask-codes-deleted"))
    lines = "\n".join(["code,pin", *(f"{code},1234" for code in codes)])
    batch = await desk.send_file("codes.csv", lines, desk.text("stock-draft"))
    assert desk.text("stock-good", count=LOADED) in await desk.read(batch)
    await expect(desk.page.locator("#log a.document")).to_have_count(0)
    number = {Role.OWNER: "1", Role.MANAGER: "2"}[Role.OWNER if not first else Role.MANAGER]
    on_sale = desk.text("stock-on-sale", id=number)
    await desk.press(batch, desk.text("button-stock-sell"), on_sale)
    shown = await desk.page.inner_text("#log")
    assert not any(code in shown for code in codes)


async def _buys(team: Team, product: str, first: int) -> None:
    """The customer buys one of the codes that the owner loaded."""
    customer = Desk(
        team.owner.simulation,
        team.owner.messenger,
        team.customer.id,
        LANGUAGES[team.customer.id],
    )
    await customer.sit_down()
    shown = await customer.ask(product, customer.text("product-ask"))
    value = next(label for label in await customer.labels(shown) if label.startswith(VALUE))
    await customer.press(shown, value, "")
    await customer.press(shown, "1", "")
    await customer.press(shown, customer.text("button-buy"), "")
    delivery = await customer.messenger.reads("✅")
    got = await customer.messenger.uncover(delivery)
    assert set(got) & set(codes_of(LOADED, first))


async def _looks_at_figures(desk: Desk) -> None:
    today = desk.words.plain("stats-today")
    shown = await desk.ask("/stats", desk.text("stats", span=today, count=1))
    head = desk.text("chart-head", kind=desk.words.plain("chart-sales-profit"), span=today)
    drawn = await desk.press(shown, desk.text("button-picture"), head)
    picture = desk.message(drawn).locator("img.photo")
    await expect(picture).to_be_visible()
    size = await picture.evaluate(
        "async (i) => (await i.decode(), [i.naturalWidth, i.naturalHeight])"
    )
    assert size == PICTURE


async def _exports(owner: Desk) -> None:
    asked = await owner.ask("/export", owner.text("export-holds"))
    await owner.press(asked, owner.text("button-export-send"), "📁")
    file = owner.page.locator("#log a.document").last
    await expect(file).to_be_visible()
    address = await file.evaluate("(link) => link.href")
    content = await (await owner.page.context.request.get(address)).body()
    assert content.startswith(b"PK"), "an XLSX is a zip"


async def _draft(desk: Desk, number: str, to: str) -> int:
    """News in all languages to those who read one of them; returns its card."""
    texts = {locale: f"{NAMES[locale]} {number}" for locale in NAMES}
    listed = await desk.ask("/news", desk.text("news-title"))
    languages = {locale: desk.words.language(locale) for locale in NAMES}
    ask = desk.text("news-ask", language=languages["en"])
    await desk.press(listed, desk.text("button-news-new"), ask)
    await desk.ask(texts["en"], desk.text("news-ask", language=languages["fr"]))
    await desk.ask(texts["fr"], desk.text("news-ask", language=languages["ar"]))
    draft = await desk.ask(texts["ar"], desk.text("news-for-all"))
    who = desk.text("news-who", id=number)
    await desk.press(draft, desk.text("button-news-who"), who)
    chosen = desk.text("news-for-locale", language=languages[to])
    await desk.press(draft, languages[to], chosen)
    await desk.press(draft, desk.text("button-news-done"), desk.text("news-draft", id=number))
    card = desk.text("news-card", id=number, people=ANY)
    shown = await desk.press(draft, desk.text("button-news-card"), card)
    assert draft < await desk.see(texts[to]) < shown, "it is shown as it will be read"
    return shown


async def _stops_news(manager: Desk) -> None:
    card = await _draft(manager, "1", manager.language)
    under_way = manager.text("news-progress", id="1", tried=ANY, people=ANY)
    await manager.press(card, manager.text("button-news-go"), under_way)
    stopped = manager.text("news-stopped", id="1")
    await manager.press(card, manager.text("button-news-stop", id="1"), stopped)
    world = manager.simulation.world
    reached = sum(bool(world.chat(number).messages) for number in CROWD)
    assert reached < len(CROWD)


async def _sends_news(owner: Desk, team: Team) -> None:
    to = LANGUAGES[team.customer.id]
    card = await _draft(owner, "2", to)
    await owner.press(card, owner.text("button-news-go"), owner.text("news-done", id="2"))
    await team.customer.reads(f"{NAMES[to]} 2")


async def _support_sees_counts(team: Team) -> None:
    """Whoever is support sees how many codes are left, and nothing to press but that."""
    desk = team.support
    await desk.sit_down()
    named = {Role.OWNER: LOADED - 1, Role.MANAGER: LOADED}
    listed = await desk.ask("/stock", desk.text("stock-title"))
    labels = {
        desk.text("button-stock-value", product=OWN[role][0], value=VALUE, left=left)
        for role, left in named.items()
    }
    assert await desk.labels(listed) == labels
    product, _ = OWN[Role.MANAGER]
    counted = desk.text("stock-value", product=product, value=VALUE, left=LOADED)
    label = desk.text("button-stock-value", product=product, value=VALUE, left=LOADED)
    shown = await desk.press(listed, label, counted)
    assert len(await desk.labels(shown)) == len(("back", "home"))
    await desk.must_not_type("stats", "pause", "resume", "catalogue", "prices", "news", "export")
    await desk.must_not(
        "pz:shop:0", "unpz:1", "chide:p:2:1", "ctext:p:2:n:en", "prup:1:0", "prgo:1:1"
    )
    await desk.must_not("sadd", "sload:1", "sgo:1:1", "sout:1", "chart:sales:today", "exp:202610:1")
    await desk.must_not("nnew", "ngo:1:1:9", "nstop:1", "nseg:1:all:0")
