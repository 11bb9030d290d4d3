"""Guards that are removed from the processes of a shop, to see that a trial finds what they prevent.

Each function here is called in a process of the shop before it starts: the product itself has no switch for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.failover.outcomes import FULL, SHORT, Scale


@dataclass(frozen=True)
class Twin:
    """`remove` is called in the process of the shop before anything else; the trial must then miss its bounds."""

    guard: str
    trial: str
    remove: Callable[[], None] | None
    scale: Scale


def _put(owner: object, **members: object) -> None:
    """Put these in place of an owner's own."""
    for name, member in members.items():
        setattr(owner, name, member)


def forget_updates() -> None:
    """What was stored and not handled is not handled by the next process."""
    from handlers.inbox import Inbox

    async def nothing(_self: Inbox) -> list[Any]:
        return []

    _put(Inbox, unhandled=nothing)


def lead_always() -> None:
    """Every process takes the lock, and holds it whatever happens."""
    from storage.leader_lock import AdvisoryLock, FileLock

    async def taken(_self: object) -> bool:
        return True

    async def held(_self: object) -> None:
        """Nothing."""

    for kind in (AdvisoryLock, FileLock):
        _put(kind, take=taken, hold=held)


def lead_in_spite_of_the_epoch() -> None:
    """A process that led once writes on, and counts on its lease for ever."""
    from bot.leading import Leadership
    from bot.services.lease import Lease
    from storage.store import Store

    async def not_looking(_self: Leadership) -> None:
        """Nothing."""

    def lead(_self: Store, _instance: str) -> None:
        """Nothing."""

    _put(Leadership, _keep=not_looking)
    _put(Store, lead=lead)
    _put(Lease, holds=True)


def lead_all_at_once() -> None:
    """Every process leads, and none is refused anything."""
    lead_always()
    lead_in_spite_of_the_epoch()


def leave_the_silent_alone() -> None:
    """A standby waits until the server itself notices that a leader's session has ended."""
    from storage import leader_lock

    _put(leader_lock, SILENT_SECONDS=10**6)


def never_hand_over() -> None:
    """A leader without Telegram goes on leading."""
    from bot.leading import Leadership

    async def never(_self: Leadership, _probe: object) -> None:
        """Nothing."""

    _put(Leadership, _hand_over=never)


def pass_system_errors_on() -> None:
    """What the network raises is no failure of the storage, as it was once (asyncpg's OSErrors)."""
    from storage import commits, failures, leader_lock, store

    translate = failures.as_failure

    def without_system_errors(error: BaseException) -> Any:
        return None if isinstance(error, OSError) else translate(error)

    for module in (failures, commits, store, leader_lock):
        _put(module, as_failure=without_system_errors)


def wait_without_limit() -> None:
    """Nothing that PostgreSQL is asked has a time limit, nor has connecting to it."""
    from storage import postgres

    def without_limits(name: str, _seconds: float) -> dict[str, Any]:
        return {"server_settings": {"application_name": name}}

    _put(postgres, _arguments=without_limits)


def serve_any_bot() -> None:
    """A database serves whatever bot the token belongs to."""
    from bot.leading import Leadership

    async def any_bot(_self: Leadership, _tx: object) -> None:
        """Nothing."""

    _put(Leadership, _refuse_foreign=any_bot)


def serve_any_bot_at_once() -> None:
    serve_any_bot()
    lead_always()


# As many kills as the bound of the median asks for.
_ALONE = replace(SHORT, kills=20, size=replace(SHORT.size, machines=1))
_BUSY = replace(FULL, kills=8, restarts=6)
TWINS = (
    Twin("the standbys", "killed", None, _ALONE),
    Twin("the lock and the epoch", "cut off from PostgreSQL", lead_all_at_once, SHORT),
    Twin("the replay of stored updates", "killed", forget_updates, replace(_BUSY, kills=3)),
    Twin(
        "the epoch, the lease, the look at the lock",
        "stopped",
        lead_in_spite_of_the_epoch,
        replace(SHORT, stopped_seconds=12.0),
    ),
    Twin("cutting off a silent leader", "cut off from PostgreSQL", leave_the_silent_alone, SHORT),
    Twin(
        "the epoch, the lease, the look at the lock",
        "cut off from PostgreSQL",
        lead_in_spite_of_the_epoch,
        SHORT,
    ),
    Twin("handing over without Telegram", "cut off from Telegram", never_hand_over, SHORT),
    Twin("the translation of OSErrors", "restarted", pass_system_errors_on, _BUSY),
    Twin("the translation of OSErrors", "resets", pass_system_errors_on, _BUSY),
    Twin("limits of time (and Stars in time)", "hole", wait_without_limit, SHORT),
    Twin("the bot that a database remembers", "two tokens", serve_any_bot_at_once, SHORT),
    Twin("the lock file", "one file twice", lead_always, SHORT),
)
