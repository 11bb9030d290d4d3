"""Why a server cannot be used: its name, the way to it, its certificate, our clock, or who answers in its place.

A server is asked for its address alone: no key and no token is sent.
"""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import httpx

from bot.connections import chain_of, client_options

SECONDS: Final = 6.0
_WRONG_CLOCK: Final = timedelta(hours=12)
_EXPIRED, _NOT_YET, _OTHER_NAME = 10, 9, 62  # of OpenSSL's X509_V_ERR_…
_SELF_MADE: Final = (18, 19)


@dataclass(frozen=True, slots=True)
class Probe:
    """`cause` is empty where the server answers HTTP. `ahead`: our clock less the server's."""

    cause: str = ""
    words: str = ""
    status: int = 0
    ahead: timedelta | None = None


async def probe(address: str, transport: httpx.AsyncBaseTransport | None = None) -> Probe:
    """Ask a server for its address; at most some seconds."""
    try:
        response = await _get(address, transport, check=True)
    except (httpx.HTTPError, OSError, TimeoutError) as error:
        found = explain_network(error)
        if found.cause == "certificate" and transport is None:
            return await _blame_clock(address, found)
        return found
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return Probe("address", "its address cannot be read: check its spelling")
    return Probe(status=response.status_code, ahead=_ahead(response))


async def _get(
    address: str, transport: httpx.AsyncBaseTransport | None, *, check: bool
) -> httpx.Response:
    options: dict[str, Any] = client_options() if check else {"trust_env": False, "verify": False}
    if transport is not None:
        options["transport"] = transport
    async with (
        asyncio.timeout(SECONDS),
        httpx.AsyncClient(timeout=SECONDS, **options) as client,
        client.stream("GET", address) as response,  # the body may be endless
    ):
        return response


def explain_network(error: BaseException) -> Probe:
    """What an error of the network means."""
    errors = chain_of(error)
    for each in errors:
        if isinstance(each, socket.gaierror):
            return Probe(
                "name", "its name does not resolve: check DNS and the spelling of the address"
            )
        if isinstance(each, ssl.SSLCertVerificationError):
            return Probe("certificate", _of_certificate(each))
        if isinstance(each, ssl.SSLError):
            return Probe(
                "certificate", "it does not speak TLS: check https:// and the port of the address"
            )
        if isinstance(each, ConnectionRefusedError):
            return Probe(
                "refused", "the connection is refused: nothing listens at that address and port"
            )
    if any(isinstance(each, httpx.ProxyError) for each in errors):
        return Probe("proxy", "the proxy refuses or cannot reach it: check TELEGRAM_PROXY")
    if any(isinstance(each, httpx.TimeoutException | TimeoutError) for each in errors):
        return Probe("silent", f"it is silent: no answer within {SECONDS:.0f} s")
    if any(isinstance(each, httpx.ConnectError) for each in errors):
        return Probe("network", "no connection to it can be made: check the machine's network")
    return Probe("cut", "the connection broke off, or what answers does not speak HTTP")


def _of_certificate(error: ssl.SSLCertVerificationError) -> str:
    code = error.verify_code
    if code == _EXPIRED:
        return "its certificate has expired, or this machine's clock is ahead"
    if code == _NOT_YET:
        return "its certificate is not valid yet, so this machine's clock is behind"
    if code == _OTHER_NAME or "mismatch" in str(error).lower():
        return "its certificate is another name's: check the address, and who answers there"
    if code in _SELF_MADE:
        return "its certificate is made by nobody that this machine trusts: somebody between answers in its place"
    return "its certificate is not trusted: install ca-certificates, or check who answers at that address"


async def _blame_clock(address: str, found: Probe) -> Probe:
    """A certificate is also refused where our own clock is wrong; the server's clock tells, unproved."""
    try:
        response = await _get(address, None, check=False)
    except (httpx.HTTPError, OSError, TimeoutError):
        return found
    ahead = _ahead(response)
    if ahead is None or abs(ahead) < _WRONG_CLOCK:
        return found
    words = (
        f"its certificate is refused because this machine's clock is {span(ahead)}: set the clock"
    )
    return Probe("clock", words, ahead=ahead)


def _ahead(response: httpx.Response) -> timedelta | None:
    try:
        theirs = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
    return datetime.now(UTC) - theirs if theirs.tzinfo else None


def span(ahead: timedelta) -> str:
    """How far a clock is ahead or behind, in the largest unit that fits."""
    seconds = abs(ahead.total_seconds())
    units = ((86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))
    size, unit = next((each for each in units if seconds >= 2 * each[0]), units[-1])
    return f"{seconds / size:.0f} {unit} {'ahead' if ahead > timedelta(0) else 'behind'}"


def of_status(status: int, code: str, setting: str) -> Probe:
    """What a status without a verdict means; `code` is the server's own, where it has given one."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Probe("flood", "it asks us to wait (429): try again in a minute", status)
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return Probe("proxy", "a proxy between asks for a password (407)", status)
    if code and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Probe(
            "server", f"it is in trouble itself ({status} {code}): try again later", status
        )
    if code:
        return Probe("answer", f"it does not answer as it should ({code})", status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        words = f"it does not answer as it should (HTTP {status}): it, or a proxy before it, is in trouble"
        return Probe("server", words, status)
    words = (
        f"it does not answer as it should: somebody else's page (HTTP {status}), of a proxy, a firewall, a captive "
        f"portal or another server; open {setting} in a browser, and check its spelling"
    )
    return Probe("page", words, status)
