"""PostgreSQL's own programs, which read and write the database that the shop uses."""

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import Mapping
from typing import Any, Final

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
_UNREAD: Final = ("PGHOSTADDR",)  # the driver does not read it: it would lead to another server


async def call_tool(url: URL, tool: str, *arguments: str, hours: float) -> None:
    """Run a program on the database of the URL, for so many hours at most: a server may stop answering.

    Raises StorageFailure if it is missing, fails or does not end. It is killed too where the caller is cancelled.
    """
    program = shutil.which(tool)
    if program is None:
        raise StorageFailure(f"{tool} is missing: install PostgreSQL's client tools")
    options = driver_options(url)
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
    try:
        async with asyncio.timeout(hours * 3600):
            _, errors = await process.communicate()
    except TimeoutError:
        raise StorageFailure(
            f"{tool} was ended after {hours:g} hours: the PostgreSQL server did not answer it in time"
        ) from None
    finally:
        await _kill(process)
    if process.returncode:
        lines = errors.decode(errors="replace").strip().splitlines()
        said = f"{tool}: {lines[0][:200] if lines else process.returncode}"
        raise StorageFailure(explain(said))


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
