"""What a command prints: where it cannot be written, the work goes on, and the command ends with a sentence.

An error from `print` in the middle of a restore would end the restore, and be taken for one of its own files.
"""

import errno
import io
import select
import sys
from collections.abc import Callable
from typing import Any, NoReturn, cast


class _Descriptor(io.FileIO):
    """A file of this process that remembers its first error, and leaves out what cannot be written.

    Each write is tried: the log of a shop goes on once its disk has room again.
    """

    failure: OSError | None = None

    def write(self, data: Any) -> int:
        try:
            while (written := cast("int | None", super().write(data))) is None:
                select.select([], [self], [])  # another program made this terminal non-blocking
        except OSError as error:
            self.failure = self.failure or error
            return memoryview(data).nbytes
        return written


def _stand_in(stream: io.TextIOWrapper) -> tuple[io.TextIOWrapper, _Descriptor]:
    stream.flush()
    raw = _Descriptor(stream.fileno(), "wb", closefd=False)
    at_once = stream.write_through  # python -u
    text = io.TextIOWrapper(
        cast("io.BufferedWriter", raw) if at_once else io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=at_once,
    )
    return text, raw


class _Nowhere(io.StringIO):
    """In the place of an output that is closed: notes that something was printed."""

    was_written = False

    def write(self, text: str) -> int:
        self.was_written = self.was_written or bool(text)
        return len(text)


def run_checked(command: Callable[[], object]) -> NoReturn:
    """Run a command and end with its exit status, or with 1 where what it printed was lost.

    A reader that goes away, as `head` does, is told nothing.
    """
    before = sys.stdout, sys.stderr
    if sys.stdout is None:
        status, is_lost = _run_without_output(command)
    elif all(isinstance(stream, io.TextIOWrapper) for stream in before):
        status, is_lost = _run_watched(command, *cast("tuple[io.TextIOWrapper, ...]", before))
    else:  # only the errors have nowhere to go
        status, is_lost = _status_of(command), False
    sys.exit(status or int(is_lost))


def _status_of(command: Callable[[], object]) -> Any:
    try:
        command()
    except SystemExit as ending:
        return ending.code
    return 0


def _run_without_output(command: Callable[[], object]) -> tuple[Any, bool]:
    sys.stdout = nowhere = _Nowhere()
    try:
        status = _status_of(command)
    finally:
        sys.stdout = None
    if nowhere.was_written and sys.stderr is not None:
        sys.stderr.write("Not all of the output could be written: it is closed.\n")
    return status, nowhere.was_written


def _run_watched(
    command: Callable[[], object], stdout: io.TextIOWrapper, stderr: io.TextIOWrapper
) -> tuple[Any, bool]:
    (output, raw), (errors, _) = _stand_in(stdout), _stand_in(stderr)
    sys.stdout, sys.stderr = output, errors
    try:
        status = _status_of(command)
    finally:
        output.flush()
        if raw.failure is not None and raw.failure.errno != errno.EPIPE:
            errors.write(f"Not all of the output could be written: {raw.failure.strerror}.\n")
        errors.flush()
        sys.stdout, sys.stderr = stdout, stderr
    return status, raw.failure is not None
