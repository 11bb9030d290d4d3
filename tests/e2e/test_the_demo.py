"""The README's first command, and codes by the dozen."""

import asyncio
import sys

from bot.sandbox.telegram.world import text_of


async def test_the_demo_plays_a_purchase_in_each_language(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--once",
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 90)
    said = output.decode()

    assert process.returncode == 0, said
    for words in (
        "Check your order",
        "Vérifiez votre commande",
        "راجع طلبك",
        "✅",
        "🔒",
        "📊 Today · 3 orders",
    ):
        assert words in said
    assert "Traceback" not in said


async def test_forty_five_codes_come_as_a_document_that_is_hidden_like_the_rest(
    street, open_shop, shopper
):
    await open_shop(MAX_QUANTITY="60")
    lina = await shopper(dinars=500_000)
    good = next(g for s in street.book.shelves for g in s.goods if g.title == "PlayStation USA")
    good.kinds[0].quantity = 100

    await lina.to_confirm(1)
    await lina.me.press("Change")
    await lina.me.until(lambda me: "How many" in text_of(me.screen))
    await lina.me.ask_and_read("45", "Check your order")
    await lina.me.press("Buy")
    sent = await lina.me.reads("attached file", 20)
    content = street.world.files[sent["document"]["file_id"]].decode()
    assert [line.split("\t")[0] for line in content.splitlines()] == [
        c["value"] for o in street.book.orders.values() for c in o.cards
    ]

    await lina.me.press("hide", sent)
    await lina.me.reads("codes hidden")

    masked = lina.me.chat.messages[sent["message_id"]]
    hidden = street.world.files[masked["document"]["file_id"]].decode()
    assert "codes hidden" in text_of(masked)
    assert not any(code in hidden for code in street.book.codes())


async def test_many_codes_come_in_parts(street, open_shop, shopper):
    await open_shop(MAX_QUANTITY="60", CODES_VISIBLE_FOR="6s")
    lina = await shopper(dinars=500_000)
    good = next(g for s in street.book.shelves for g in s.goods if g.title == "PlayStation USA")
    good.kinds[0].quantity = 100
    await lina.to_value()
    await lina._press("10 $", "How many")
    await lina.me.ask_and_read("25", "Check your order")

    await lina.me.press("Buy")
    await lina.me.until(lambda me: len(me.codes()) == 50, 20)

    assert "Part 2 of 2" in str(lina.me.inbox)
    await lina.me.until(lambda me: me.codes() == [], 30)
