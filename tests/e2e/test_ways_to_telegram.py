"""The shop as a process behind a proxy, and what doctor says of the ways to Telegram."""

from urllib.parse import urlsplit

import pytest

from tests.e2e.shop import ShopProcess, run_command
from tests.ports import free_port
from tests.proxies import HttpProxy, SocksProxy

CREDENTIALS = ("shop", "pa/ss@word")
WRITTEN = "shop:pa%2Fss%40word"


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


@pytest.mark.parametrize("kind", [HttpProxy, SocksProxy])
async def test_a_purchase_through_a_proxy_that_alone_knows_telegram(
    simulation, open_shop, shopper, kind
):
    port = port_of(simulation.telegram_url)
    async with kind({"telegram": port}, CREDENTIALS).running() as proxy:
        shop = await open_shop(
            TELEGRAM_API_URL=f"http://telegram:{port}",
            TELEGRAM_PROXY=proxy.url(WRITTEN),
            HTTPS_PROXY="http://127.0.0.1:9",
            HTTP_PROXY="http://127.0.0.1:9",
            ALL_PROXY="socks5://127.0.0.1:9",
            LOG_LEVEL="DEBUG",
        )
        lina = await shopper()
        await lina.buy(1)
        await lina.me.until(lambda me: len(me.codes()) == 2)
        assert await shop.stop() == 0

    assert set(proxy.asked) == {f"telegram:{port}"}
    assert "pa/ss" not in shop.log
    assert "pa%2Fss" not in shop.log


@pytest.mark.measured
async def test_doctor_says_what_is_wrong_with_the_way_to_telegram(simulation, tmp_path, measured):
    shop = ShopProcess(simulation, tmp_path, measured=measured)
    port = port_of(simulation.telegram_url)
    nothing = free_port()

    async with SocksProxy({"telegram": port}, CREDENTIALS).running() as proxy:
        way = {"TELEGRAM_API_URL": f"http://telegram:{port}"}
        code, said = await run_command(shop, "doctor", **way, TELEGRAM_PROXY=proxy.url(WRITTEN))
        assert code == 0, said
        assert "reached through the proxy 127.0.0.1" in said
        assert "http://: whoever listens on that network reads the token" in said
        for changes, words in (
            ({"TELEGRAM_PROXY": proxy.url("shop:hunter22")}, "does not accept the user name"),
            ({"TELEGRAM_PROXY": proxy.url()}, "asks for a user name"),
            ({"TELEGRAM_PROXY": f"http://127.0.0.1:{nothing}"}, "nothing listens"),
            ({"TELEGRAM_PROXY": "http://proxy.invalid:3128"}, "cannot be resolved"),
            ({"TELEGRAM_PROXY": f"http://127.0.0.1:{proxy.port}"}, "is no http proxy"),
            (
                {"TELEGRAM_PROXY": proxy.url(WRITTEN), "TELEGRAM_API_URL": "http://elsewhere"},
                "does not reach Telegram (host unreachable)",
            ),
            ({"TELEGRAM_PROXY": "socks4://127.0.0.1:9"}, "TELEGRAM_PROXY: must start with"),
            ({"TELEGRAM_API_URL": "https://api.telegram.org/bot"}, "must end before /bot"),
        ):
            code, said = await run_command(shop, "doctor", **{**way, **changes})
            assert (code, words in said) == (1, True), said
            assert "hunter22" not in said
            assert "Traceback" not in said
