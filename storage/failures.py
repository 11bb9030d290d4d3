"""What the database's drivers raise, as failures of the shop: the one place where they are translated."""

import contextlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import StorageConflict, StorageFailure, StorageOutage
from storage.explanations import explain

# SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
_CONFLICTS: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock detected
_OUTAGE_CLASSES: Final = ("08", "57P")  # connection exceptions; the server stops or starts
_OUTAGES: Final = frozenset(
    {
        "25006",  # read-only: a replica that is not promoted yet
        "25P03",  # the session stood still within a transaction, so the server ended it
        "53300",  # too many connections
        "57014",  # statement_timeout
    }
)
# What drivers raise for an address that has the form of one, and parts that they cannot use.
ODD_ADDRESS: Final = (ValueError, ArgumentError)
_LOST: Final = ("ConnectionDoesNotExistError", "InternalClientError", "ConnectionFailureError")


def as_failure(error: BaseException) -> StorageFailure | None:
    """The failure of the shop that an error in a transaction means; None: it is not the database's.

    StorageOutage for a database that cannot be reached now, StorageConflict where others worked on
    the same rows. Only the driver's message is passed on: a statement's parameters may hold secrets.
    """
    if isinstance(error, StorageFailure):
        return error
    if isinstance(error, PoolTimeout):
        return StorageOutage("no connection to the database became free")
    if isinstance(error, TimeoutError):
        return StorageOutage(explain(error))
    if isinstance(error, OSError):
        return StorageOutage(explain(error))
    if isinstance(error, ModuleNotFoundError) and error.name == "asyncpg":
        return StorageFailure(explain(error))
    if isinstance(error, TypeError) and "unexpected keyword" in str(
        error
    ):  # an option of the address
        return StorageFailure(explain(error))
    if isinstance(error, DBAPIError):
        return _of_driver(error.orig, is_cut=error.connection_invalidated)
    # What asyncpg raises while it connects, SQLAlchemy passes on as it is.
    return _of_driver(error, is_cut=False) if _is_asyncpgs(error) else None


@contextlib.contextmanager
def as_storage_failure() -> Iterator[None]:
    """Raise as StorageFailure what `as_failure` knows."""
    try:
        yield
    except Exception as error:
        failure = as_failure(error)
        if failure is None or failure is error:
            raise
        raise failure from None


def _is_asyncpgs(error: BaseException) -> bool:
    """Without an import: asyncpg is an extra."""
    return type(error).__module__.partition(".")[0] == "asyncpg"


def _of_driver(error: BaseException | None, *, is_cut: bool) -> StorageFailure:
    state = str(getattr(error, "sqlstate", None) or "")
    words = explain(error)
    if state in _CONFLICTS:
        return StorageConflict(words)
    if is_cut or state in _OUTAGES or state.startswith(_OUTAGE_CLASSES):
        return StorageOutage(words)
    if _is_cut_off(error):
        return StorageOutage(words)
    return StorageFailure(words)


def _is_cut_off(error: BaseException | None) -> bool:
    """Whether asyncpg lost the connection, or found that it was lost; it gives some of these no SQLSTATE."""
    cause = error and (error.__cause__ or error)
    if cause is None:
        return False
    names = {kind.__name__ for kind in type(cause).__mro__}
    return (
        isinstance(cause, OSError | TimeoutError)
        or not names.isdisjoint(_LOST)
        or (_is_asyncpgs(cause) and "InterfaceError" in names and "clos" in str(cause))
    )
