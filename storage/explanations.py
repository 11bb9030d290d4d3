"""What the owner of the shop can do about an error of a database: one sentence for each known cause."""

from typing import Final

READ_ONLY: Final = (
    "This PostgreSQL server is read-only, as a replica is; name the primary server instead"
)

# PostgreSQL's codes of errors.
_BY_SQLSTATE: Final = {
    "28P01": "PostgreSQL does not accept the password of this user; look at DATABASE_URL",
    "3D000": "PostgreSQL has no such database; make it with `createdb`, or look at DATABASE_URL",
    "53100": "The disk of the PostgreSQL server is full; free some space",
    "53200": "The PostgreSQL server has no memory left; look at what else runs there",
    "53300": "PostgreSQL takes no more connections; close other programs, or raise max_connections",
    "25006": READ_ONLY,
    "42501": "PostgreSQL does not let this user do that; make it the owner of its database",
    "57P03": "The PostgreSQL server is starting or stopping; try again in a moment",
}

# Parts of messages, for what has no code of its own. The first that fits is taken.
_BY_TEXT: Final = (
    (
        ("no pg_hba.conf entry", "no encryption"),
        (
            "PostgreSQL takes connections from here with TLS alone, or not at all; add ?ssl=require to "
            "the address, or let this machine in by pg_hba.conf"
        ),
    ),
    (
        ("rejected ssl upgrade", "server does not support ssl"),
        (
            "The address demands TLS, and this PostgreSQL server has none; take ssl out of the address, "
            "or switch TLS on there"
        ),
    ),
    (
        ("certificate verify failed",),
        "The TLS certificate of the PostgreSQL server was not accepted; look at its name and issuer",
    ),
    (
        ("password authentication failed",),
        "PostgreSQL does not accept the password of this user; look at DATABASE_URL",
    ),
    (
        ('role "',),
        "PostgreSQL has no such user; make it with `createuser`, or look at DATABASE_URL",
    ),
    (("is locked", "is busy"), "Another program holds the database; close it, or wait"),
    (("disk is full", "no space left"), "The disk is full; free some space"),
    (
        ("readonly database", "unable to open database", "read-only", "permission denied"),
        "The database may not be written; look at the owner and the rights of its folder",
    ),
    (
        ("malformed", "not a database"),
        "The database is damaged; keep it, and put a backup in its place with `hanout restore`",
    ),
    (("disk i/o error",), "The disk fails"),
    (
        ("name or service not known", "name resolution", "nodename nor servname", "no address"),
        "The name of the database's machine was not found; look at the host in DATABASE_URL",
    ),
    (
        ("connect call failed", "connection refused"),
        "No database answers there; is it running, and are host and port in DATABASE_URL right?",
    ),
    (
        (
            "closed in the middle",
            "connection was closed",
            "connection reset",
            "terminating connection",
        ),
        "PostgreSQL ended the connection; look at its log, and try again",
    ),
    (
        ("network is unreachable", "no route to host"),
        "The database's machine cannot be reached; look at the network",
    ),
    (
        ("unexpected keyword argument",),
        "The address has an option after its question mark that the driver does not know; take it out",
    ),
)
_TIMED_OUT: Final = "The database did not answer in time; is its machine reachable?"
NO_DRIVER: Final = "The PostgreSQL driver is not installed: pip install 'hanout[postgres]' in the shop's environment"
LEAST_POSTGRESQL: Final = 13


def explain(error: object) -> str:
    """The driver's message, preceded by what the owner of the shop can do about it, if known."""
    message = " ".join(str(error).split())
    if isinstance(error, ModuleNotFoundError) and error.name == "asyncpg":
        return NO_DRIVER
    if isinstance(error, TimeoutError) and not message:
        return _TIMED_OUT
    advice = _advice(str(getattr(error, "sqlstate", None) or ""), message.lower())
    return f"{advice} ({message})" if advice else message or type(error).__name__


def _advice(sqlstate: str, message: str) -> str | None:
    if sqlstate in _BY_SQLSTATE:
        return _BY_SQLSTATE[sqlstate]
    return next((advice for signs, advice in _BY_TEXT if any(s in message for s in signs)), None)
