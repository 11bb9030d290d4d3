"""Whether this process can do its work now, and what is wrong otherwise. Names no secret and no customer."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from bot.errors import HanoutError
from bot.monitoring.single_reading import SingleReading
from bot.status import Phase, Status
from storage.store import Store

DATABASE_SECONDS: Final = 2.0
POLL_SECONDS: Final = 90.0  # three long polls, and their answers
_READY_PHASES: Final = (Phase.LEADING, Phase.STANDING_BY)


@dataclass(frozen=True, slots=True)
class Report:
    """`wrong` holds a sentence for each thing that keeps the process from being ready."""

    ready: bool
    phase: Phase
    database: bool
    migrated: bool
    last_poll_seconds: float | None
    wrong: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Readiness:
    """`poll_seconds`: how old the last good poll of a leader may be."""

    def __init__(
        self, store: Store, status: Status, monotonic: Callable[[], float], poll_seconds: float
    ) -> None:
        self._store, self._status, self._monotonic = store, status, monotonic
        self._poll_seconds = poll_seconds
        self._database = SingleReading(self._read, DATABASE_SECONDS)
        self._leading_since: float | None = None  # as far as it was asked

    async def report(self) -> Report:
        """Reads the database once; answers within DATABASE_SECONDS."""
        trouble = await self._database_trouble()
        status = self._status
        age = None if status.last_poll is None else self._monotonic() - status.last_poll
        wrong = [trouble] if trouble else []
        if status.phase not in _READY_PHASES:
            wrong.append(f"the shop is {status.phase}")
        if status.phase is not Phase.LEADING:
            self._leading_since = None
        else:
            wrong += self._trouble_of_a_leader(age)
        return Report(
            ready=not wrong,
            phase=status.phase,
            database=not trouble,
            migrated=status.migrated,
            last_poll_seconds=None if age is None else round(age, 1),
            wrong=tuple(wrong),
        )

    def _trouble_of_a_leader(self, poll_age: float | None) -> list[str]:
        """A leader has to hear from Telegram; one that has just begun need not have yet."""
        if self._leading_since is None:
            self._leading_since = self._monotonic()
        wrong = [] if self._status.migrated else ["the database is not migrated"]
        age = self._monotonic() - self._leading_since if poll_age is None else poll_age
        if age > self._poll_seconds:
            never = "no poll has succeeded yet"
            wrong.append(never if poll_age is None else f"the last good poll is {age:.0f} s old")
        return wrong

    async def _database_trouble(self) -> str:
        try:
            await self._database.read()
        except TimeoutError:
            return f"the database does not answer within {DATABASE_SECONDS:.0f} s"
        except (HanoutError, OSError) as failure:
            # The text of the error may name paths and servers.
            return f"the database fails ({type(failure).__name__})"
        return ""

    async def _read(self) -> None:
        async with self._store.reading() as tx:
            await tx.gauges.probe()

    async def close(self) -> None:
        await self._database.close()
