"""The settings of Telegram: the token, where the Bot API is, and the ways to it."""

import ipaddress
import re
from typing import Annotated, Final
from urllib.parse import unquote, urlsplit

import httpx
from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from bot.connections import read_proxy

OFFICIAL_API: Final = "https://api.telegram.org"
# https://core.telegram.org/bots/api#setwebhook
_WEBHOOK_PORTS: Final = (443, 80, 88, 8443)
_BOTFATHER_FORM: Final = r"[0-9]+:[A-Za-z0-9_-]+"
_PRIVATE_SUFFIXES: Final = (".local", ".localhost", ".internal", ".lan", ".home.arpa")


def _check_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(_BOTFATHER_FORM, value.get_secret_value()):
        raise ValueError("must look like 123456:ABC…, as BotFather gave it")
    return value


def is_private_host(host: str) -> bool:
    """Whether a host is this machine or in a network of our own, judged by its name or address."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith(_PRIVATE_SUFFIXES)


def _check_address(value: str, *, example: str) -> str:
    """An address without a slash at its end. Raises ValueError."""
    if not re.match(r"https?://", value, re.IGNORECASE):
        raise ValueError(f"must start with http:// or https://, such as {example}")
    try:
        parts = urlsplit(value)
        is_complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_complete = False
    if not is_complete or re.search(r"[\s\x00-\x1f\x7f]", value):
        raise ValueError(f"must be an address such as {example}")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must be an address without user name, ? and #")
    return value.rstrip("/")


def _check_api_url(value: str) -> str:
    address = _check_address(value.strip(), example=OFFICIAL_API)
    if re.search(_BOTFATHER_FORM, urlsplit(unquote(address)).path):
        raise ValueError("must not contain the token: that is TELEGRAM_TOKEN, the shop adds it")
    if re.search(r"/(file/)?bot", urlsplit(address).path, re.IGNORECASE):
        raise ValueError("must end before /bot: the shop adds /bot, the token and the method")
    host = urlsplit(address).hostname or ""
    if address.lower().startswith("http://") and not is_private_host(host):
        raise ValueError(
            "must start with https://: over http:// anybody on the way reads the token "
            "(http:// is for a Bot API server on this machine or in your own network)"
        )
    return address


def _check_proxy(value: SecretStr) -> SecretStr:
    address = value.get_secret_value().strip()
    if address:
        read_proxy(address)
    return SecretStr(address)


def _check_webhook_url(value: str) -> str:
    if not value.strip():
        return ""
    address = _check_address(value.strip(), example="https://shop.example")
    if not address.lower().startswith("https://"):
        raise ValueError("must start with https://: Telegram delivers to nothing else")
    return address


BotToken = Annotated[SecretStr, AfterValidator(_check_token)]
ApiUrl = Annotated[str, AfterValidator(_check_api_url)]
ProxyAddress = Annotated[SecretStr, AfterValidator(_check_proxy)]
WebhookUrl = Annotated[str, AfterValidator(_check_webhook_url)]


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

    @model_validator(mode="after")
    def _check_webhook_port(self) -> "TelegramSettings":
        port = urlsplit(self.telegram_webhook_url).port if self.telegram_webhook_url else None
        if port and self.telegram_api_url == OFFICIAL_API and port not in _WEBHOOK_PORTS:
            raise ValueError(
                "TELEGRAM_WEBHOOK_URL: Telegram delivers to the ports 443, 80, 88 and 8443 only"
            )
        return self
