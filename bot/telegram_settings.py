"""The settings of Telegram: the token, where the Bot API is, and the ways to it."""

import re
from collections.abc import Iterator
from typing import Annotated, Final
from urllib.parse import unquote, urlsplit

import httpx
from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bot.connections import read_proxy
from bot.setting_addresses import check_address, public_address, refuse_open_http

OFFICIAL_API: Final = "https://api.telegram.org"
# https://core.telegram.org/bots/api#setwebhook
_WEBHOOK_PORTS: Final = (443, 80, 88, 8443)
_BOTFATHER_FORM: Final = r"[0-9]+:[A-Za-z0-9_-]+"


def _check_token(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().strip()
    if not text:
        raise ValueError("is empty: put the bot's token there; @BotFather gives it")
    if re.search(r"https?://|/", text):
        raise ValueError("must be the token alone, without https://… and /bot")
    if len(re.findall(_BOTFATHER_FORM, text)) > 1:
        raise ValueError("must be one token: a shop has one bot")
    if re.fullmatch(f"bot{_BOTFATHER_FORM}", text):
        raise ValueError("must stand without bot before its number")
    if not re.fullmatch(_BOTFATHER_FORM, text):
        raise ValueError("must look like 123456:ABC…, as BotFather gave it")
    return SecretStr(text)


def _check_api_url(value: str) -> str:
    address = check_address(value, example=OFFICIAL_API)
    if re.search(_BOTFATHER_FORM, urlsplit(unquote(address)).path):
        raise ValueError("must not contain the token: that is TELEGRAM_TOKEN, the shop adds it")
    if re.search(r"/(file/)?bot", urlsplit(address).path, re.IGNORECASE):
        raise ValueError("must end before /bot: the shop adds /bot, the token and the method")
    refuse_open_http(address, "the token", "a Bot API server")
    return address


def _check_proxy(value: SecretStr) -> SecretStr:
    address = value.get_secret_value().strip()
    if address:
        read_proxy(address)
    return SecretStr(address)


BotToken = Annotated[SecretStr, AfterValidator(_check_token)]
ApiUrl = Annotated[str, AfterValidator(_check_api_url)]
ProxyAddress = Annotated[SecretStr, AfterValidator(_check_proxy)]
WebhookUrl = Annotated[str, AfterValidator(public_address("", "Telegram delivers"))]


class TelegramSettings(BaseSettings):
    telegram_token: BotToken = Field(description="The bot's token, as @BotFather gave it.")
    telegram_api_url: ApiUrl = Field(
        OFFICIAL_API,
        description="Where the Bot API is, for example a Bot API server of your own (`http://127.0.0.1:8081`). Scheme, "
        "host and port; `/bot`, the token and the method are added. `http://` is accepted for this machine and for "
        "private addresses and names only, since the token is part of each request.",
    )
    telegram_proxy: ProxyAddress = Field(
        SecretStr(""),
        description="The proxy through which Telegram is reached, and nothing else: `http://host:port`, "
        "`https://host:port`, `socks5://host:port` or `socks5h://host:port`, with `user:password@` before the host "
        "where the proxy asks for it. With both kinds of SOCKS the proxy resolves the name of Telegram's server, this "
        "machine only that of the proxy. Empty: no proxy. `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` are not read.",
    )
    telegram_webhook_url: WebhookUrl = Field(
        "",
        description="The https address at which Telegram reaches this machine. Where it is set, `hanout run` has "
        "Telegram send updates to `/telegram/…` below it, and serves them at `WEBHOOK_LISTEN`. Empty: the shop asks "
        "Telegram for updates (long polling), which needs no address and no open port.",
    )

    def proxy(self) -> httpx.Proxy | None:
        """The proxy for Telegram; None where there is none."""
        address = self.telegram_proxy.get_secret_value()
        return read_proxy(address) if address else None

    def telegram_secrets(self) -> tuple[str, ...]:
        """The values of these settings that a log must never show."""
        address = self.telegram_proxy.get_secret_value()
        credentials = urlsplit(address).netloc.rpartition("@")[0]
        password = credentials.partition(":")[2]
        known = (self.telegram_token.get_secret_value(), credentials, password, unquote(password))
        return tuple(filter(None, known))

    def telegram_contradictions(self) -> Iterator[str]:
        """A sentence for each pair of settings that does not go together."""
        port = urlsplit(self.telegram_webhook_url).port if self.telegram_webhook_url else None
        if port and self.telegram_api_url == OFFICIAL_API and port not in _WEBHOOK_PORTS:
            yield "TELEGRAM_WEBHOOK_URL: Telegram delivers to the ports 443, 80, 88 and 8443 only"
