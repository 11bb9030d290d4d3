"""Tells in words why Telegram cannot be reached through a proxy, for `hanout doctor`."""

import asyncio
import contextlib
import socket
import ssl
from http import HTTPStatus
from typing import Final

import httpx

from bot.connections import ProxyTransport, chain_of, is_socks
from bot.socks import CredentialsRefused, NotSocks, Unreached

SECONDS: Final = 10.0
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_SETTING: Final = "check TELEGRAM_PROXY"


async def check_proxy(proxy: httpx.Proxy, api_url: str) -> str | None:
    """Reach the proxy, then the Bot API through it; None where both answer.

    What the Bot API says is of no interest: no token is sent. The result names the proxy's host
    and port, never its credentials.
    """
    host = proxy.url.host
    port = proxy.url.port or _DEFAULT_PORTS[proxy.url.scheme]
    return await _reach(host, port) or await _pass_through(proxy, f"{host}:{port}", api_url)


async def _reach(host: str, port: int) -> str | None:
    try:
        async with asyncio.timeout(SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except socket.gaierror:
        return f"the name of the proxy, {host}, cannot be resolved; {_SETTING}"
    except ConnectionRefusedError:
        return f"nothing listens at the proxy's address {host}:{port}; {_SETTING}"
    except (OSError, TimeoutError):
        return f"the proxy {host}:{port} does not answer; {_SETTING} and the network"
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return None


async def _pass_through(proxy: httpx.Proxy, name: str, api_url: str) -> str | None:
    transport = ProxyTransport(proxy, 1)
    try:
        async with httpx.AsyncClient(transport=transport, timeout=SECONDS) as client:
            response = await client.get(api_url)
    except httpx.TimeoutException:
        return f"the proxy {name} accepts connections, but nothing comes back through it"
    except httpx.HTTPError as error:
        return _explain(proxy, name, error)
    status = response.status_code
    # An address with http:// is asked for at the proxy, so the proxy's own answers are responses.
    if api_url.startswith("http://") and not is_socks(proxy):
        if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            return _refused(proxy, name)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _unreached(name, f"{status} {response.reason_phrase}")
    return None


def _explain(proxy: httpx.Proxy, name: str, error: httpx.HTTPError) -> str:
    kinds = {type(each): each for each in chain_of(error)}
    if CredentialsRefused in kinds:
        return _refused(proxy, name)
    if Unreached in kinds:
        return _unreached(name, str(error))
    if any(issubclass(kind, ssl.SSLError) for kind in kinds):
        return f"TLS through the proxy {name} fails: something between answers for Telegram"
    if isinstance(error, httpx.ProxyError) and NotSocks not in kinds:
        # An HTTP proxy's answer to CONNECT, as httpcore hands it on: its status and its reason.
        is_about_credentials = str(error).startswith("407")
        return _refused(proxy, name) if is_about_credentials else _unreached(name, str(error))
    return f"what listens at {name} is no {proxy.url.scheme} proxy; check its kind and port"


def _refused(proxy: httpx.Proxy, name: str) -> str:
    if proxy.auth is None:
        return f"the proxy {name} asks for a user name and a password; add them to TELEGRAM_PROXY"
    return f"the proxy {name} does not accept the user name and password of TELEGRAM_PROXY"


def _unreached(name: str, reason: str) -> str:
    return f"the proxy {name} works, but does not reach Telegram ({reason})"
