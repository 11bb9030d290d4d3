"""The page behaves as a messenger does: menus, edits, alerts, files, typing, small screens."""

import struct
import zlib

import httpx
import pytest
from playwright.async_api import expect

from bot.sandbox.demo import page_of, prepare_chats
from bot.sandbox.serve import serving
from bot.sandbox.simulation import OPERATOR_ID
from tests.e2e.browser.messenger import Messenger


def png(width=40, height=30):
    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x20\x90\x80" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


NEWCOMERS = [
    ("en", "Start", "What can this bot do?"),
    ("fr", "Démarrer", "Que fait ce bot"),
    ("ar", "ابدأ", "ماذا يفعل هذا البوت؟"),
]


async def test_new_customers_start_from_the_bots_description(simulation, messenger):
    page = messenger.page
    for newcomer, (language, start, asked) in enumerate(NEWCOMERS, start=2004):
        await page.click("#newcomer")
        await page.locator(f"#alert button[value={language}]").click()

        await expect(page.locator("#start")).to_be_visible()
        await expect(page.locator("#start")).to_have_text(start)
        described = await page.evaluate(
            "getComputedStyle(document.querySelector('#log'), '::before').content"
        )
        assert asked in described
        await expect(page.locator("#hint")).to_contain_text(f"/credit {newcomer} 20000")
        await page.click("#start")
        await messenger.reads("🏪")
        await expect(page.locator("#composer")).to_be_visible()
        assert simulation.world.people[newcomer].language_code == language


async def test_the_menu_is_the_bots_own_and_the_operators_is_longer(messenger):
    page = messenger.page
    await page.click("#menu")
    entries = page.locator("#commands button")
    await expect(entries.first).to_be_focused()
    customers = await entries.count()
    await page.keyboard.press("Escape")
    await expect(page.locator("#menu")).to_be_focused()

    await messenger.hold(OPERATOR_ID)
    await page.click("#menu")
    await expect(page.locator("#commands")).to_contain_text("Supplier balance")
    assert await entries.count() > customers
    await page.keyboard.press("Escape")
    await page.fill("#write", "/bal")
    await expect(entries).to_have_count(1)
    await entries.first.click()
    await messenger.reads("500,000 DA")


async def test_a_command_in_a_text_can_be_pressed(messenger):
    await messenger.say("/help")
    await messenger.reads("How it works")

    await messenger.page.locator(".text a", has_text="/wallet").last.click()

    await messenger.reads("👛 Wallet")


async def test_messages_change_in_place_and_the_focus_stays_there(messenger):
    page = messenger.page
    home = await messenger.reads("What are you looking for?")
    await messenger.reads("👛")  # the last of what they were told
    before = await page.locator("#log .message").count()
    number = await home.get_attribute("data-id")

    await home.get_by_role("button", name="Steam").focus()
    await page.keyboard.press("Enter")
    changed = page.locator(f".message[data-id='{number}']")
    await expect(changed).to_contain_text("Which product?")

    assert await page.locator("#log .message").count() == before
    assert await changed.evaluate("(m) => m.contains(document.activeElement)")


async def test_the_newest_message_stays_in_sight_unless_somebody_reads_above(simulation, messenger):
    page = messenger.page
    gap = "(() => { const l = document.querySelector('#log'); return l.scrollHeight - l.scrollTop - l.clientHeight; })()"
    for command in ("help", "terms", "wallet"):
        await messenger.ask(f"/{command}", "")
    await page.set_viewport_size({"width": 1280, "height": 500})
    await page.wait_for_function(f"() => {gap} < 2")

    await page.evaluate("document.querySelector('#log').scrollTop = 0")
    await expect(page.locator("#newest")).not_to_be_visible()
    await simulation.world.person(OPERATOR_ID).say("/credit 2001 5 late")
    await expect(page.locator("#newest")).to_be_visible()
    assert await page.evaluate("document.querySelector('#log').scrollTop") == 0
    await page.click("#newest")

    await page.wait_for_function(f"() => {gap} < 2")
    await expect(page.locator("#newest")).not_to_be_visible()


async def test_alerts_wait_for_an_ok_and_toasts_pass(simulation, open_page):
    messenger = await open_page(2001)
    lina = simulation.world.person(2001)

    await messenger.press("Steam")
    await messenger.reads("Which product?")
    simulation.world.push = lambda kind, body: simulation.world.answer(  # the bot's answer, at once
        body["id"], "An alert\nof two lines", alert=True
    )
    await messenger.press("Steam USA", exact=False)

    await expect(messenger.page.locator("#alert")).to_be_visible()
    await expect(messenger.page.locator("#alert p")).to_have_text("An alert\nof two lines")
    await messenger.page.keyboard.press("Escape")
    await expect(messenger.page.locator("#alert")).not_to_be_visible()
    assert lina.chat.messages


async def test_a_press_shows_that_it_waits_for_its_answer(simulation, messenger):
    simulation.world.push = lambda kind, body: 0  # the bot never hears of it
    await messenger.press("Steam")

    await expect(messenger.page.locator(".key.waiting")).to_have_attribute("aria-busy", "true")


async def test_typing_photos_documents_links_and_protection(simulation, messenger):
    page, world = messenger.page, simulation.world
    async with httpx.AsyncClient(base_url=simulation.telegram_url) as bot:

        async def call(method, files=None, **values):
            answer = await bot.post(f"/bot{world.token}/{method}", data=values, files=files)
            assert answer.status_code == 200, answer.text

        await call("sendChatAction", chat_id=2001, action="typing")
        await expect(page.locator("#chat-state")).to_have_text("is typing…")
        await call(
            "sendPhoto",
            files={"photo": ("chart.png", png(400, 300))},
            chat_id=2001,
            caption="Sales",
            protect_content="true",
        )
        await call(
            "sendDocument",
            files={"document": ("طلب-1.txt", b"secret\r\n")},
            chat_id=2001,
            caption="See https://example.org/a?b=1.",
            reply_markup='{"inline_keyboard": [[{"text": "Shop", "url": "https://t.me/HanoutShopBot?start=c_3"}]]}',
        )

    await expect(page.locator("#chat-state")).not_to_have_text("is typing…")
    photo = page.locator("img.photo")
    await expect(photo).to_have_attribute("alt", "Sales")
    await expect(photo).to_have_js_property("naturalWidth", 400)
    await expect(page.get_by_role("img", name="Protected")).to_be_visible()
    async with page.expect_download() as downloading:
        await page.locator("a.document").click()
    download = await downloading.value
    assert download.suggested_filename == "طلب-1.txt"
    link = page.locator(".text a", has_text="example.org")
    assert await link.get_attribute("href") == "https://example.org/a?b=1"
    assert await link.get_attribute("rel") == "noopener noreferrer"
    await page.locator("a.key").click()  # a link to the bot itself stays in the chat
    await messenger.reads("/start c_3")
    await messenger.reads("Which product?")


async def test_a_person_sends_a_photo_and_a_file(simulation, messenger):
    page = messenger.page
    await page.fill("#write", "my receipt")
    await page.set_input_files(
        "#file", {"name": "receipt.png", "mimeType": "image/png", "buffer": png()}
    )
    await page.get_by_role("button", name="Send as a photo").click()
    await expect(page.locator(".mine img.photo")).to_be_visible()
    await messenger.reads("I can only read text and buttons")
    await page.set_input_files(
        "#file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    )
    await page.get_by_role("button", name="Send as a file").click()
    await expect(page.locator(".mine a.document")).to_contain_text("a.pdf")
    await page.set_input_files(
        "#file", {"name": "b.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    await page.get_by_role("button", name="Send as a photo").click()
    await messenger.toast("IMAGE_PROCESS_FAILED")
    messenger.troubles.clear()  # the browser notes the refusal

    sent = [
        m
        for m in simulation.world.person(2001).chat.messages.values()
        if "photo" in m or "document" in m
    ]
    assert [m.get("caption") for m in sent] == ["my receipt", None]


async def test_news_on_other_phones_are_counted_until_they_are_read(simulation, messenger):
    await messenger.hold(OPERATOR_ID)

    await messenger.say("/credit 2001 500 gift")
    badge = messenger.page.locator("[data-person='2001'] .badge")
    await expect(badge).to_have_text("1")
    await messenger.hold(2001)

    await expect(badge).to_have_count(0)


async def test_a_small_screen_shows_one_part_at_a_time(open_page):
    messenger = await open_page(2001, viewport={"width": 360, "height": 700}, has_touch=True)
    page = messenger.page
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await expect(page.locator("#people")).not_to_be_visible()

    await page.get_by_role("button", name="The supplier").click()
    await expect(page.locator("#supplier")).to_be_visible()
    await expect(page.locator("#phone")).not_to_be_visible()
    await messenger.next_order("refund")
    await page.locator("#from-supplier").click()
    await page.locator("#to-people").click()
    await expect(page.locator("#phone")).not_to_be_visible()
    await messenger.hold(2002)

    await expect(page.locator("#phone")).to_be_visible()
    await expect(page.locator("#chat-title")).to_be_focused()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_page_speaks_three_languages_and_remembers(open_page):
    messenger = await open_page(2001, locale="ar-DZ")
    page = messenger.page
    await expect(page.locator("#supplier h2")).to_have_text("المورّد")
    assert await page.evaluate("document.documentElement.dir") == "rtl"
    assert await page.locator("#phone").get_attribute("dir") == "ltr"  # Lina's phone is in English

    await page.select_option("#language", "fr")
    await page.click("#theme")
    theme = await page.evaluate("document.documentElement.dataset.theme")
    await page.reload()

    await expect(page.locator("#supplier h2")).to_have_text("Le fournisseur")
    assert await page.evaluate("document.documentElement.dataset.theme") == theme == "dark"


async def test_a_lost_connection_is_told_and_found_again(simulation, browser, open_shop):
    await open_shop()
    await prepare_chats(simulation)
    async with serving(page_of(simulation), websockets=True) as url:
        messenger = Messenger(await browser.new_page(), url)
        await messenger.open(2001)
        await messenger.reads("👛")
        count = await messenger.page.locator(".message").count()
    await expect(messenger.page.locator("#lost")).to_contain_text("make demo")
    await simulation.world.person(2001).say("while nobody looked")

    async with serving(page_of(simulation), port=int(url.rpartition(":")[2]), websockets=True):
        await messenger.reads("while nobody looked")
        await expect(messenger.page.locator("#lost")).not_to_be_visible()
        await messenger.reads("Nothing found")
        assert await messenger.page.locator(".message").count() == count + 2
        await messenger.page.close()


async def test_markup_and_marks_of_strangers_stay_text(simulation, messenger: Messenger):
    evil = '<img src=x onerror=alert(1)> \u202e/start https://x.y/"><script>'
    await messenger.say(evil)

    mine = messenger.page.locator(".mine", has_text="<img").last
    await expect(mine).to_be_visible()
    assert await mine.locator("img, script").count() == 0


# The contrast of WCAG 2.2, 1.4.3, for every text in sight, over all that lies behind it.
FAINT = r"""() => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] + below[i] * (1 - top[3]));
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    return over(parse(getComputedStyle(element).backgroundColor), behind(element.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    const back = behind(element);
    const front = over(parse(getComputedStyle(element).color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.add(`${ratio.toFixed(1)}: ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return [...faint];
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_text_stands_out_from_what_lies_behind_it(simulation, open_page, theme):
    messenger = await open_page(2001, color_scheme=theme)
    await messenger.buy("en", 1)
    await messenger.uncover(await messenger.reads("✅"))
    await messenger.lever("Outage")
    await messenger.panel.locator("summary", has_text="Calls").click()
    await messenger.panel.locator("summary", has_text="Stock").click()

    assert await messenger.page.evaluate(FAINT) == []


async def test_another_sites_page_may_not_connect(page_url):
    async with httpx.AsyncClient() as client:
        upgrade = {
            "Origin": "https://evil.example",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
        }
        refused = await client.get(f"{page_url}/live", headers=upgrade)
        posted = await client.post(
            f"{page_url}/send?person=2001&as=photo",
            headers={"Origin": "https://evil.example"},
            content=png(),
        )

    assert (refused.status_code, posted.status_code) == (403, 403)
