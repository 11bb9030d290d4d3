"""TELEGRAM_PROXY: Telegram goes through it, and nobody else; what is wrong with it is told in words."""

import asyncio
import contextlib
import logging
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from telegram.error import TelegramError

from bot import connections, proxy_check
from bot.connections import ProxyTransport, read_proxy
from bot.factories import build_bot, build_suppliers
from bot.proxy_check import check_proxy
from bot.sandbox.serve import serving
from bot.sandbox.simulation import open_simulation, shop_settings
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.settings import load_settings
from handlers.edge import Kind, explain, read
from tests.patience import until
from tests.proxies import HttpProxy, SocksProxy, certificate_for, tls_front

USER, PASSWORD = "shop", "pa/ss@word"
CREDENTIALS = "shop:pa%2Fss%40word"
KINDS = [HttpProxy, SocksProxy]


@pytest.fixture
async def simulation():
    async with open_simulation() as made:
        yield made


@pytest.fixture
def settings(simulation, tmp_path, monkeypatch):
    """Of a shop on the simulation whose Telegram has a name that only a proxy knows."""

    def make(**changes: str):
        monkeypatch.chdir(tmp_path)
        known = shop_settings(simulation, simulation.book.add_key(), tmp_path)
        port = urlsplit(simulation.telegram_url).port
        known["TELEGRAM_API_URL"] = f"http://telegram:{port}"
        for name, value in {**known, **changes}.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return make


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


async def name_of_the_bot(settings) -> str | None:
    bot = build_bot(settings)
    try:
        await bot.initialize()
        return bot.username
    finally:
        await bot.shutdown()


@pytest.mark.parametrize("kind", KINDS)
async def test_telegram_goes_through_the_proxy_by_its_name_with_the_credentials(
    simulation, settings, kind
):
    port = port_of(simulation.telegram_url)
    async with kind({"telegram": port}, (USER, PASSWORD)).running() as proxy:
        used = settings(TELEGRAM_PROXY=proxy.url(CREDENTIALS))

        assert await name_of_the_bot(used) == simulation.world.me["username"]
        assert await check_proxy(read_proxy(proxy.url(CREDENTIALS)), used.telegram_api_url) is None

    assert set(proxy.asked) == {f"telegram:{port}"}
    assert proxy.refused_credentials == 0


async def test_both_names_of_socks_have_the_proxy_resolve_names(simulation, settings):
    port = port_of(simulation.telegram_url)
    async with SocksProxy({"telegram": port}).running() as proxy:
        for scheme in ("socks5", "socks5h"):
            used = settings(TELEGRAM_PROXY=f"{scheme}://127.0.0.1:{proxy.port}")
            assert await name_of_the_bot(used)

    assert set(proxy.asked) == {f"telegram:{port}"}


async def test_a_socks_proxy_that_asks_for_no_password_is_not_told_one(simulation, settings):
    port = port_of(simulation.telegram_url)
    async with SocksProxy({"telegram": port}).running() as proxy:
        used = settings(TELEGRAM_PROXY=proxy.url("shop:hunter22"))

        assert await name_of_the_bot(used) == simulation.world.me["username"]
        assert proxy.refused_credentials == 0


@pytest.mark.parametrize("kind", KINDS)
async def test_https_goes_through_the_proxy_as_a_tunnel(
    simulation, settings, tmp_path, monkeypatch, kind
):
    chain, key = certificate_for("telegram", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    connections.tls_context.cache_clear()
    try:
        async with (
            tls_front(port_of(simulation.telegram_url), chain, key) as port,
            kind({"telegram": port}, (USER, PASSWORD)).running() as proxy,
        ):
            used = settings(
                TELEGRAM_API_URL="https://telegram", TELEGRAM_PROXY=proxy.url(CREDENTIALS)
            )
            assert await name_of_the_bot(used)
            assert await check_proxy(read_proxy(proxy.url(CREDENTIALS)), "https://telegram") is None
            connections.tls_context.cache_clear()
            monkeypatch.delenv("SSL_CERT_FILE")
            told = await check_proxy(read_proxy(proxy.url(CREDENTIALS)), "https://telegram")
            assert "TLS through the proxy" in (told or "")
    finally:
        connections.tls_context.cache_clear()

    assert set(proxy.asked) == {"telegram:443"}


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy"])
async def test_no_client_takes_a_proxy_from_the_environment(
    simulation, settings, monkeypatch, name
):
    async with HttpProxy({}).running() as proxy:
        monkeypatch.setenv(name, proxy.url())
        used = settings(TELEGRAM_API_URL=simulation.telegram_url)
        (supplier,) = build_suppliers(used).values()
        try:
            assert (await supplier.validate()).enabled
            assert await name_of_the_bot(used)
        finally:
            await supplier.close()

    assert proxy.asked == []


@pytest.mark.parametrize("kind", KINDS)
async def test_the_supplier_does_not_go_through_telegrams_proxy(simulation, settings, kind):
    async with kind({"telegram": port_of(simulation.telegram_url)}).running() as proxy:
        used = settings(TELEGRAM_PROXY=proxy.url())
        (supplier,) = build_suppliers(used).values()
        try:
            assert (await supplier.validate()).enabled
        finally:
            await supplier.close()
        assert proxy.asked == []
        assert await name_of_the_bot(used)

    assert proxy.asked != []


async def test_a_proxy_that_is_not_there_is_told_from_one_whose_name_is_unknown(closed_port):
    nothing = await check_proxy(read_proxy(f"http://127.0.0.1:{closed_port}"), "http://telegram")
    unknown = await check_proxy(read_proxy("socks5://proxy.invalid:1080"), "http://telegram")

    assert "nothing listens" in (nothing or "")
    assert "proxy.invalid, cannot be resolved" in (unknown or "")


@pytest.mark.parametrize("host", ["127.0.0.1", "proxy.invalid"])
@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_is_not_reached_is_not_taken_for_telegram(
    settings, scheme, host, closed_port
):
    used = settings(TELEGRAM_PROXY=f"{scheme}://{host}:{closed_port}")

    with pytest.raises(TelegramError) as failed:
        await name_of_the_bot(used)

    assert read(failed.value).kind is Kind.PROXY
    assert "TELEGRAM_PROXY" in explain(failed.value)


@pytest.mark.parametrize("api_url", ["http://telegram", "https://telegram"])
@pytest.mark.parametrize("kind", KINDS)
async def test_refused_credentials_are_told_from_missing_ones(kind, api_url):
    async with kind({"telegram": 9}, (USER, PASSWORD)).running() as proxy:
        wrong = await check_proxy(read_proxy(proxy.url("shop:hunter22")), api_url)
        missing = await check_proxy(read_proxy(proxy.url()), api_url)

    assert "does not accept the user name and password" in (wrong or "")
    assert "asks for a user name and a password" in (missing or "")
    assert "hunter22" not in (wrong or "")
    assert proxy.refused_credentials == 2


@pytest.mark.parametrize(
    ("kind", "api_url", "reason"),
    [
        (HttpProxy, "http://telegram", "(502 Bad Gateway)"),
        (HttpProxy, "https://telegram", "(502 Bad Gateway)"),
        (SocksProxy, "https://telegram", "(host unreachable)"),
    ],
)
async def test_a_proxy_that_does_not_reach_telegram_is_not_blamed_for_itself(kind, api_url, reason):
    async with kind({}).running() as proxy:
        told = await check_proxy(read_proxy(proxy.url()), api_url)

    assert f"works, but does not reach Telegram {reason}" in (told or "")


class Silent(HttpProxy):
    async def serve(self, reader, writer):
        await asyncio.sleep(30)


class Closing(HttpProxy):
    async def serve(self, reader, writer):
        await reader.read(1)


class Talking(HttpProxy):
    async def serve(self, reader, writer):
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        await reader.read(1)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_what_is_no_proxy_at_all_is_told_so(scheme, monkeypatch):
    told = {}
    for kind, seconds in (
        (Silent, 0.5),
        (Closing, PATIENCE_SECONDS),
        (Talking, PATIENCE_SECONDS),
    ):
        monkeypatch.setattr(proxy_check, "SECONDS", seconds)
        async with kind({}).running() as proxy:
            address = f"{scheme}://127.0.0.1:{proxy.port}"
            told[kind] = await check_proxy(read_proxy(address), "https://telegram") or ""

    assert "nothing comes back" in told[Silent]
    assert f"is no {scheme} proxy" in told[Closing]
    assert f"is no {scheme} proxy" in told[Talking]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["limit", "cancelled"])
async def test_a_proxy_that_says_nothing_holds_no_call_and_no_place_for_ever(
    simulation, settings, kind, how
):
    """httpcore's own SOCKS proxy waits without an end, and loses its places one by one."""
    port = port_of(simulation.telegram_url)
    proxy = kind({"telegram": port})
    says_nothing, serve = True, proxy.serve

    async def serve_later(reader, writer):
        await (asyncio.sleep(30) if says_nothing else serve(reader, writer))

    proxy.serve = serve_later
    async with proxy.running():
        transport = ProxyTransport(read_proxy(proxy.url()), 2)
        waiting = httpx.Timeout(0.1 if how == "limit" else 20, pool=1)
        async with httpx.AsyncClient(transport=transport, timeout=waiting) as client:
            for _ in range(3):
                with pytest.raises((httpx.ConnectTimeout, httpx.ReadTimeout, TimeoutError)):
                    async with asyncio.timeout(0.2 if how == "cancelled" else PATIENCE_SECONDS):
                        await client.get(f"http://telegram:{port}/")
            says_nothing = False

            answer = await client.get(f"http://telegram:{port}/", timeout=PATIENCE_SECONDS)
            assert answer.status_code == 404


def open_sockets() -> int:
    """How many sockets this process has open."""
    links = []
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the listing's own
            links.append(str(entry.readlink()))
    return sum(link.startswith("socket:") for link in links)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_refuses_for_a_night_costs_no_open_files(scheme):
    kind = HttpProxy if scheme == "http" else SocksProxy
    async with kind({}, (USER, PASSWORD)).running() as proxy:
        transport = ProxyTransport(read_proxy(proxy.url()), 2)
        async with httpx.AsyncClient(transport=transport) as client:
            before = open_sockets()
            for _ in range(30):
                with pytest.raises(httpx.ProxyError):
                    await client.get("https://telegram")

            await until(lambda: open_sockets() < before + 10)


async def test_no_log_and_no_error_shows_the_credentials(simulation, settings, caplog):
    caplog.set_level(logging.DEBUG)
    texts = []
    for kind in KINDS:
        async with kind({}, (USER, PASSWORD)).running() as proxy:
            for credentials in (CREDENTIALS, "shop:hunter22"):
                used = settings(TELEGRAM_PROXY=proxy.url(credentials))
                with pytest.raises(Exception) as failed:
                    await name_of_the_bot(used)
                texts += [repr(each) for each in connections.chain_of(failed.value)]

    for text in (*texts, *(r.getMessage() for r in caplog.records if r.name[:4] != "http")):
        assert "hunter22" not in text
        assert "word" not in text.replace("password", "")
    assert len(texts) >= 4


async def test_a_bot_api_server_of_ones_own_is_asked_below_its_path(simulation, settings):
    from starlette.applications import Starlette
    from starlette.routing import Mount

    from bot.sandbox.telegram.api import TelegramApi

    app = Starlette(routes=[Mount("/telegram", TelegramApi(simulation.world).app)])
    async with serving(app) as url:
        used = settings(TELEGRAM_API_URL=f"{url}/telegram/")

        assert await name_of_the_bot(used) == simulation.world.me["username"]
        async with httpx.AsyncClient() as client:
            assert (await client.get(url)).status_code == 404
