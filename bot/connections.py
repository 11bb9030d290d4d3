"""What the shop's HTTP clients have in common: trusted certificates, and no proxy but their own."""

import functools
import re
import ssl
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

_SCHEMES: Final = ("http", "https", "socks5", "socks5h")
_SHAPE: Final = (
    "must be scheme://host:port or scheme://user:password@host:port; "
    "write / ? # @ : and % of the password as %2F %3F %23 %40 %3A %25"
)


def client_options() -> dict[str, Any]:
    """Options for `httpx.AsyncClient`, the same for the clients of Telegram and of suppliers.

    HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and .netrc are not read: a variable that was set for another
    program would lead the suppliers' keys through a proxy that nobody chose for them. SSL_CERT_FILE
    and SSL_CERT_DIR are read, since they only say whom to trust.
    """
    return {"trust_env": False, "verify": _tls_context()}


@functools.cache
def _tls_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def read_proxy(address: str) -> httpx.Proxy:
    """The proxy at an address such as `socks5://user:password@host:1080`.

    Raises ValueError with a sentence that says what is wrong and shows nothing of the address.
    """
    scheme, separator, _ = address.partition("://")
    if not separator or scheme.lower() not in _SCHEMES:
        raise ValueError("must start with http://, https://, socks5:// or socks5h://")
    if re.search(r"[\s\x00-\x1f\x7f]", address):
        raise ValueError("must not contain spaces")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(_SHAPE) from None
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(_SHAPE)
    if not port:
        raise ValueError("must name the port of the proxy, such as socks5://proxy.example:1080")
    try:
        return httpx.Proxy(address)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise ValueError(_SHAPE) from None
