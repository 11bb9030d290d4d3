"""Which parts of a database's address its driver could not use: said before it tries, and never with a password."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

_MOST_PORT: Final = 65535
_MOST_DIGITS: Final = 9
# Options of asyncpg that are whole numbers; an address has them as text.
_NUMBERS: Final = (
    "statement_cache_size",
    "max_cached_statement_lifetime",
    "max_cacheable_statement_size",
)
_OBJECTS: Final = ("connection_class", "loop", "record_class")  # what no text can be
_NO_DATABASE: Final = "the address names no database; put its name after the last slash, as in postgresql://user@host/hanout"
_ODD_OPTIONS: Final = (
    "host, port or an option after its question mark cannot be used; there are as many ports as hosts, "
    "and numbers are whole"
)


def check_parts(url: URL) -> None:
    """Raises ValueError for what the driver would raise an error of its own kind for.

    And for a PostgreSQL address without a database: the driver would take one of the user's name.
    """
    try:
        options = url.get_dialect()().create_connect_args(url)[1]
    except (ArgumentError, TypeError, ValueError):  # their texts may hold a password
        raise ValueError(f"the address cannot be used: {_ODD_OPTIONS}") from None
    if url.get_backend_name() == "sqlite":
        return
    if objects := [name for name in _OBJECTS if name in url.query]:
        raise ValueError(f"take {', '.join(objects)} out of the address: no text can be that")
    if not all(_is_number(url.query[name]) for name in _NUMBERS if name in url.query):
        raise ValueError(f"the address cannot be used: {_ODD_OPTIONS}")
    if not options.get("database") and not options.get("service"):  # the service has a name for it
        raise ValueError(_NO_DATABASE)
    ports = [*_each(url.port), *_each(options.get("port"))]  # the driver takes 0 for none
    if not all(0 < int(port) <= _MOST_PORT for port in ports):
        raise ValueError("the port of the address must be from 1 to 65535")
    if not all(_is_host(host) for host in _each(options.get("host"))):
        raise ValueError("the host of the address is no name of a machine; look for a slip in it")


def numbers_of(url: URL) -> Mapping[str, int]:
    """The driver's options that are numbers, as it wants them."""
    return {name: int(str(url.query[name])) for name in _NUMBERS if name in url.query}


def _is_number(value: object) -> bool:
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


def _each(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def _is_host(host: str) -> bool:
    """Whether a resolver takes it: a part of a name may be neither empty nor longer than 63 letters."""
    if host.startswith("/"):  # the folder of a socket
        return True
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True
