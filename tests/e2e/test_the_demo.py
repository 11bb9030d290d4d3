"""The README's first command, and codes by the dozen."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from bot.sandbox.demo import (
    OWN_CODES,
    OWN_PRODUCT,
    OWN_SUPPLIERS,
    PEOPLE,
    page_of,
    prepare_chats,
    stock_up,
)
from bot.sandbox.serve import serving
from bot.sandbox.simulation import OPERATOR_ID, both_suppliers
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.sandbox.telegram.world import text_of
from locales import words
from tests.e2e.measured import measuring
from tests.patience import until


@pytest.mark.everyday
@pytest.mark.measured
async def test_the_demo_plays_a_purchase_in_each_language(tmp_path, measured):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--once",
        cwd=tmp_path,
        env={**os.environ, **measuring(wanted=measured)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 180)
    said = output.decode()

    assert process.returncode == 0, said
    for expected in (
        "Check your order",
        "Vérifiez votre commande",
        "راجع طلبك",
        "✅",
        "🔒",
        "📊 Today · 3 orders",
    ):
        assert expected in said
    assert "Traceback" not in said


async def test_the_demo_sells_codes_of_its_own_beside_both_suppliers(simulation, open_shop):
    await open_shop(**both_suppliers(simulation) | OWN_SUPPLIERS)
    await prepare_chats(simulation)

    await stock_up(simulation)

    lina = simulation.world.person(PEOPLE[0][0])
    found = await lina.ask_and_read("Netflix TR", "Netflix TR")
    _, product, value = OWN_PRODUCT
    confirm = await lina.walk(
        (product, "Which value"), (value, "How many"), ("2", "Check your order"), begin=found
    )
    await lina.press(words("en").plain("button-buy"), confirm)
    await lina.until(lambda me: len(me.codes()) >= 2)
    assert any(code in OWN_CODES[1] for code in lina.codes())


async def test_a_demo_without_own_stock_loads_none(simulation, open_shop):
    await open_shop(**both_suppliers(simulation))
    await prepare_chats(simulation)

    await stock_up(simulation)

    await simulation.world.person(OPERATOR_ID).reads("aren’t sold yet")


def child_of(pid):
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("this system does not list a process's children")
    children = listed.read_text().split()
    return int(children[0]) if children else None


@asynccontextmanager
async def demo(folder, *options, **environment):
    """`hanout demo` as a process, and the address that it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        *options,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        said = ""
        while "Ctrl-C" not in said:
            line = await asyncio.wait_for(process.stdout.readline(), 60)
            assert line, said
            said += line.decode()
        page = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert page is not None, said
        yield process, page[0]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.measured
async def test_the_demo_serves_a_page_on_the_next_free_port_and_opens_a_browser(tmp_path, measured):
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.part && mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = {"BROWSER": str(browser), **measuring(wanted=measured)}
        async with demo(tmp_path, "--port", str(port), **environment) as (process, url):
            assert port < int(url.rpartition(":")[2]) <= port + 50
            async with httpx.AsyncClient() as client:
                page = await client.get(url)
            async with connect(url.replace("http", "ws") + "/live") as live:
                first = json.loads(await live.recv())
            await until(opened.exists)
            process.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(process.wait(), 2 * PATIENCE_SECONDS) == 0

    assert opened.read_text().strip() == url
    assert "<title>Hanout</title>" in page.text
    people = [value["name"] for key, value in first["changed"] if key[0] == "person"]
    assert people == ["Operator", "Lina", "Karim", "أمينة"]


async def test_a_demo_that_is_ended_while_it_opens_takes_the_shop_with_it(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--no-browser",
        cwd=tmp_path,
        env={**os.environ, **measuring(wanted=False)},
        stdout=asyncio.subprocess.PIPE,
    )
    await until(lambda: child_of(process.pid))
    shop = child_of(process.pid)

    process.terminate()

    assert await asyncio.wait_for(process.wait(), 2 * PATIENCE_SECONDS) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(shop, 0)


async def test_the_demo_says_when_the_shop_has_ended(tmp_path):
    unmeasured = measuring(wanted=False)
    async with demo(tmp_path, "--no-browser", "--port", "8700", **unmeasured) as (process, _):
        os.kill(child_of(process.pid), signal.SIGKILL)
        said = (await asyncio.wait_for(process.stdout.read(), PATIENCE_SECONDS)).decode()

        assert await process.wait() == 1
        assert "The demo has ended: the shop ended by itself" in said


@pytest.mark.everyday
@pytest.mark.parametrize(
    "words",
    [
        "nonsense",
        "[]",
        '{"tag": "x"}',
        '{"tag": 1}',
        '{"tag": 1, "do": "say", "person": 77, "text": "x"}',
        '{"tag": 1, "do": "say", "person": 2001, "text": ""}',
        '{"tag": 1, "do": "press", "person": 2001, "message": 99999, "data": "home"}',
        '{"tag": 1, "do": "new", "language": "xx"}',
        '{"tag": 1, "do": "supplier", "name": "nobody", "act": "next", "value": "slow"}',
        '{"tag": 1, "do": "supplier", "name": "OneClickDz", "act": "next", "value": "x"}',
    ],
)
async def test_the_page_refuses_what_it_does_not_understand_and_lives_on(simulation, words):
    simulation.world.person(2001, "Lina", "en")
    async with (
        serving(page_of(simulation), websockets=True) as url,
        connect(url.replace("http", "ws") + "/live") as live,
    ):
        await live.recv()
        await live.send(words)
        refused = json.loads(await live.recv())["changed"]
        await live.send('{"tag": 2, "do": "say", "person": 2001, "text": "hello"}')
        said = json.loads(await live.recv())["changed"]

    assert [key[0] for key, _ in refused] == ["refused"]
    assert [value["text"] for key, value in said if key[0] == "message"] == ["hello"]


async def test_the_running_shop_imports_nothing_of_the_demo(open_shop):
    shop = await open_shop(from_shell=True, PYTHONPROFILEIMPORTTIME="1")

    imported = {line.rpartition("|")[2].strip() for line in shop.log.splitlines() if "|" in line}
    assert "bot.run" in imported
    unwanted = ("bot.sandbox", "starlette", "uvicorn", "websockets", "playwright")
    assert [name for name in imported if name.startswith(unwanted)] == []


@pytest.mark.measured
async def test_forty_five_codes_come_as_a_document_that_is_hidden_like_the_rest(
    simulation, open_shop, shopper
):
    await open_shop(MAX_QUANTITY="60")
    lina = await shopper(dinars=500_000)
    good = next(
        g for s in simulation.book.categories for g in s.products if g.title == "PlayStation USA"
    )
    good.denominations[0].quantity = 100

    await lina.to_confirm(1)
    await lina.me.press_and_read("Change", "How many", lina.me.chat.messages[lina.walk])
    await lina.me.press("Buy", await lina.me.ask_and_read("45", "Check your order"))
    sent = await lina.me.reads("attached file")
    content = simulation.world.files[sent["document"]["file_id"]].content.decode()
    assert [line.split("\t")[0] for line in content.splitlines()] == [
        c["value"] for o in simulation.book.orders.values() for c in o.cards
    ]

    await lina.me.press("hide", sent)
    await lina.me.reads("codes hidden")

    masked = lina.me.chat.messages[sent["message_id"]]
    hidden = simulation.world.files[masked["document"]["file_id"]].content.decode()
    assert "codes hidden" in text_of(masked)
    assert not any(code in hidden for code in simulation.book.codes())


async def test_many_codes_come_in_parts(simulation, open_shop, shopper):
    await open_shop(MAX_QUANTITY="60", CODES_VISIBLE_FOR="6s")
    lina = await shopper(dinars=500_000)
    good = next(
        g for s in simulation.book.categories for g in s.products if g.title == "PlayStation USA"
    )
    good.denominations[0].quantity = 100
    await lina.to_value()
    await lina._press("10 $", "How many")
    confirm = await lina.me.ask_and_read("25", "Check your order")

    await lina.me.press("Buy", confirm)
    # Either part is hidden six seconds after it came, whenever the other comes.
    await lina.me.until(lambda me: len(set(me.ever_saw())) == 50)

    assert "part 2 of 2" in str(lina.me.chat.log)
    await lina.me.until(lambda me: me.codes() == [])
