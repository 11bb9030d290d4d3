"""PostgreSQL's own programs, which read and write the database that the shop uses."""

import asyncio
import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from sqlalchemy.engine import URL

from bot.errors import StorageFailure
from storage.explanations import explain

# What the programs call an option of the driver. Each that says where the database is, or how it is reached, is here.
_PARAMETERS: Final = {
    "host": "host",
    "port": "port",
    "user": "user",
    "database": "dbname",
    "ssl": "sslmode",
    "passfile": "passfile",
    "service": "service",
    "target_session_attrs": "target_session_attrs",
    "krbsrvname": "krbsrvname",
    "gsslib": "gsslib",
}
# In the environment, because other users can read a command line, or because there is no such parameter.
_VARIABLES: Final = {"password": "PGPASSWORD", "servicefile": "PGSERVICEFILE"}
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)
_UNREAD: Final = ("PGHOSTADDR",)  # the driver does not read it: it would lead to another server


async def call_tool(url: URL, tool: str, *arguments: str, hours: float) -> None:
    """Run a program on the database of the URL, for so many hours at most: a server may stop answering.

    Raises StorageFailure if it is missing, fails or does not end. It is killed too where the caller is cancelled.
    """
    program = shutil.which(tool)
    if program is None:
        raise StorageFailure(f"{tool} is missing: install PostgreSQL's client tools")
    options = driver_options(url)
    with _Ending() as ending:
        returncode, errors = await _run(ending, tool, hours, program, options, arguments)
    if returncode:
        lines = errors.decode(errors="replace").strip().splitlines()
        said = f"{tool}: {lines[0][:200] if lines else returncode}"
        raise StorageFailure(explain(said))


async def _run(
    ending: "_Ending",
    tool: str,
    hours: float,
    program: str,
    options: Mapping[str, Any],
    arguments: Sequence[str],
) -> tuple[int | None, bytes]:
    process = await asyncio.create_subprocess_exec(
        program,
        f"--dbname={connection_string(options)}",
        *arguments,
        env=environment(options),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # so that what it has started is killed with it
    )
    ending.watch(process.pid)
    try:
        async with asyncio.timeout(hours * 3600):
            _, errors = await process.communicate()
    except TimeoutError:
        raise StorageFailure(
            f"{tool} was ended after {hours:g} hours: the PostgreSQL server did not answer it in time"
        ) from None
    finally:
        await _kill(process)
    return process.returncode, errors


class _Ending:
    """Kills a group where a signal ends this process: a session of its own hears of no closed terminal.

    A signal that something else handles, as `hanout run` does, is left to that.
    """

    def __init__(self) -> None:
        self._group: int | None = None
        self._came: int | None = None
        self._numbers = [n for n in _ENDING if signal.getsignal(n) is signal.SIG_DFL]
        if threading.current_thread() is not threading.main_thread():
            self._numbers.clear()  # elsewhere Python sets no handler

    def __enter__(self) -> Self:
        for number in self._numbers:
            signal.signal(number, self._end)
        return self

    def __exit__(self, *_: object) -> None:
        for number in self._numbers:
            signal.signal(number, signal.SIG_DFL)
        if self._came is not None:
            os.kill(os.getpid(), self._came)

    def watch(self, group: int) -> None:
        self._group = group
        if self._came is not None:  # while the program was started
            self._end(self._came)

    def _end(self, number: int, _frame: object = None) -> None:
        self._came = number
        if self._group is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._group, signal.SIGKILL)
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)


async def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def driver_options(url: URL) -> dict[str, Any]:
    """What the driver connects with: an address may name host, port and user after its question mark too."""
    return dict(url.get_dialect()().create_connect_args(url)[1])


def connection_string(options: Mapping[str, Any]) -> str:
    """What the driver would connect to; a parameter here comes before a variable of the environment."""
    found = ((_PARAMETERS[name], value) for name, value in options.items() if name in _PARAMETERS)
    return " ".join(f"{name}='{_quoted(value)}'" for name, value in found if value)


def _quoted(value: Any) -> str:
    words = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return words.replace("\\", "\\\\").replace("'", "\\'")


def environment(options: Mapping[str, Any]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _UNREAD}
    given = {
        variable: str(options[name]) for name, variable in _VARIABLES.items() if options.get(name)
    }
    return {**kept, **given}
