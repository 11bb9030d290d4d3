"""The settings about reaching Telegram: each mistake is one plain sentence that shows no value."""

import pytest

from bot.setting_addresses import is_private_host
from bot.setting_errors import SettingsError
from bot.settings import load_settings
from tests.unit.conftest import REQUIRED_SETTINGS

TOKEN = REQUIRED_SETTINGS["TELEGRAM_TOKEN"]


def refusal(environment, name, value):
    """The lines about one setting."""
    environment.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    lines = str(refused.value).splitlines()
    assert [line for line in lines if not line.startswith(f"{name}: ")] == []
    return lines


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("api.telegram.org", "must start with http:// or https://"),
        ("ftp://api.telegram.org", "must start with http:// or https://"),
        ("127.0.0.1:8081", "must start with http:// or https://"),
        ("https://", "must be an address such as https://api.telegram.org"),
        ("https://api.telegram.org:99999", "must be an address such as"),
        ("https://api .telegram.org", "must be an address such as"),
        ("https://user@api.example", "without user name, ? and #"),
        ("https://api.example?x=1", "without user name, ? and #"),
        ("https://api.telegram.org/bot", "must end before /bot"),
        ("https://api.telegram.org/BOT/", "must end before /bot"),
        ("https://api.telegram.org/file/bot", "must end before /bot"),
        (f"https://api.telegram.org/bot{TOKEN}", "must not contain the token"),
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "must not contain the token"),
        (f"https://api.telegram.org/{TOKEN.replace(':', '%3A')}", "must not contain the token"),
        ("http://api.telegram.org", "must start with https://"),
        ("http://203.0.114.7:8081", "must start with https://"),
    ],
)
def test_a_wrong_api_address_is_explained(required_settings, value, sentence):
    (line,) = refusal(required_settings, "TELEGRAM_API_URL", value)

    assert sentence in line
    assert TOKEN not in line


@pytest.mark.parametrize(
    "value",
    [
        "https://api.telegram.org/",
        "http://127.0.0.1:8081",
        "http://localhost:8081",
        "http://telegram-bot-api:8081",
        "http://[::1]:8081",
        "http://10.1.2.3:8081",
        "http://100.64.0.9:8081",
        "http://nas.lan:8081/telegram",
        "https://relay.example/telegram",
        "https://robot.example/robots",
    ],
)
def test_a_bot_api_server_of_ones_own_is_accepted(required_settings, value):
    required_settings.setenv("TELEGRAM_API_URL", value)

    assert load_settings().telegram_api_url == value.rstrip("/")


@pytest.mark.parametrize(
    ("host", "private"),
    [("192.168.1.4", True), ("8.8.8.8", False), ("shop.internal", True), ("shop.example", False)],
)
def test_hosts_of_our_own_network_are_known_by_name_or_address(host, private):
    assert is_private_host(host) is private


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("proxy.example:1080", "must start with http://, https://, socks5:// or socks5h://"),
        ("socks4://canary:hunter22@proxy.example:1080", "must start with http://"),
        ("socks://proxy.example:1080", "must start with http://"),
        ("socks5://proxy.example", "must name the port"),
        ("http://canary:hunter22@proxy.example", "must name the port"),
        ("http://proxy.example:0", "must name the port"),
        ("http://:3128", "must be scheme://host:port"),
        ("http://canary:hunt/er22@proxy.example:3128", "of the password as %2F"),
        ("http://canary:hunter22@proxy.example:port", "must be scheme://host:port"),
        ("http://proxy.example:3128/path", "must be scheme://host:port"),
        (f"socks5://canary:{'x' * 256}@proxy.example:1080", "at most 255 bytes each"),
        ("http://canary:hunter 22@proxy.example:3128", "must not contain spaces"),
    ],
)
def test_a_wrong_proxy_is_explained_without_its_password(required_settings, value, sentence):
    (line,) = refusal(required_settings, "TELEGRAM_PROXY", value)

    assert sentence in line
    assert not {"canary", "hunter22"} & set(line.replace(":", " ").replace("@", " ").split())


def test_the_proxys_password_is_decoded_and_kept_from_every_text(required_settings):
    required_settings.setenv("TELEGRAM_PROXY", "socks5h://shop:pa%2Fss%40word@proxy.example:1080")
    settings = load_settings()

    proxy = settings.proxy()

    assert proxy is not None
    assert proxy.auth == ("shop", "pa/ss@word")
    assert {"pa/ss@word", "pa%2Fss%40word", "shop:pa%2Fss%40word"} < set(settings.secrets())
    for text in (repr(settings), str(settings), repr(proxy), settings.model_dump_json()):
        assert "word@" not in text
        assert "pa/ss" not in text


def test_without_a_proxy_there_is_none(required_settings):
    required_settings.setenv("TELEGRAM_PROXY", " ")

    assert load_settings().proxy() is None


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("shop.example", "must start with http:// or https://, such as https://shop.example"),
        ("http://shop.example", "must start with https://"),
        ("https://shop.example:8444", "ports 443, 80, 88 and 8443 only"),
        ("https://shop.example/?a=b", "without user name, ? and #"),
    ],
)
def test_a_wrong_webhook_address_is_explained(required_settings, value, sentence):
    required_settings.setenv("TELEGRAM_WEBHOOK_URL", value)
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_URL: ") as refused:
        load_settings()

    assert sentence in str(refused.value)


def test_a_local_bot_api_server_delivers_to_any_port(required_settings):
    required_settings.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081")
    required_settings.setenv("TELEGRAM_WEBHOOK_URL", "https://shop.example:9443/")

    assert load_settings().telegram_webhook_url == "https://shop.example:9443"
