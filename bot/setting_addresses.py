"""Addresses in settings: of APIs, of this shop as others reach it, and at which it listens."""

import ipaddress
import re
from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator

_PRIVATE_SUFFIXES: Final = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
_MOST_PORT: Final = 65535


def is_private_host(host: str) -> bool:
    """Whether a host is this machine or in a network of our own, judged by its name or address."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith(_PRIVATE_SUFFIXES)


def check_address(value: str, *, example: str) -> str:
    """An address without a slash at its end. Raises ValueError."""
    value = value.strip()
    if not re.match(r"https?://", value, re.IGNORECASE):
        raise ValueError(f"must start with http:// or https://, such as {example}")
    try:
        parts = urlsplit(value)
        is_complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_complete = False
    if not is_complete or re.search(r"[\s\x00-\x1f\x7f,]", value):
        raise ValueError(f"must be an address such as {example}")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must be an address without user name, ? and #")
    return value.rstrip("/")


def refuse_open_http(address: str, secret: str, what: str) -> None:
    """Raises ValueError where a secret would go over the internet in clear."""
    host = urlsplit(address).hostname or ""
    if address.lower().startswith("http://") and not is_private_host(host):
        raise ValueError(
            f"must start with https://: over http:// anybody on the way reads {secret} "
            f"(http:// is for {what} on this machine or in your own network)"
        )


def api_address(example: str, end: str = "") -> Callable[[str], str]:
    """A check of a supplier's address; `end` is what its path ends with."""

    def check(value: str) -> str:
        address = check_address(value, example=example)
        path = unquote(urlsplit(address).path)
        if end and not path.endswith(end):
            hint = (
                f": leave out what follows {end}" if f"{end}/" in path else f", such as {example}"
            )
            raise ValueError(f"must end in {end}{hint}")
        if not end and re.search(r"/api(/|$)", path):
            raise ValueError("must end before /api: the shop adds /api/v1 and the rest")
        refuse_open_http(address, "the key", "a server")
        return address

    return check


def public_address(path: str, who: str) -> Callable[[str], str]:
    """A check of the https address at which others reach this machine; may be empty."""

    def check(value: str) -> str:
        if not value.strip():
            return ""
        address = check_address(value, example="https://shop.example")
        if not address.lower().startswith("https://"):
            raise ValueError(f"must start with https://: {who} to nothing else")
        if path and f"{path}/" in f"{urlsplit(address).path}/":
            raise ValueError(f"must end before {path}: the shop adds it")
        return address

    return check


def check_listen_address(value: str) -> str:
    """`host:port`, an IPv6 address in brackets. Raises ValueError."""
    value = value.strip()
    host, _, port = value.rpartition(":")
    if "/" in value:
        raise ValueError("must be an address and a port without http:// and /, as 127.0.0.1:8080")
    if not host or not re.fullmatch(r"\d{1,9}", port) or re.search(r"\s", value):
        raise ValueError("must be an address and a port, such as 127.0.0.1:8080")
    if not 0 < int(port) <= _MOST_PORT:
        raise ValueError("must have a port from 1 to 65535, such as 127.0.0.1:8080")
    return f"{host}:{int(port)}"


def check_optional_address(value: str) -> str:
    return check_listen_address(value) if value.strip() else ""


ListenAddress = Annotated[str, AfterValidator(check_listen_address)]
OptionalListenAddress = Annotated[str, AfterValidator(check_optional_address)]
