"""A plugin of pytest, `-p tests.measure`: which lines and branches of the shop the tests of this process run.

Before Python 3.12 coverage.py slows every call of every module, and doubles the tests' CPU time. SlipCover marks the
shop's own code alone, and takes a mark out once it was met. Its result is written as data of coverage.py, to a file
beside the one that MEASURE names: so one report, one set of exclusions and one combination hold for all that is measured.
Where SlipCover cannot be installed, coverage.py measures (decision 67).
"""

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import coverage

try:
    import slipcover
except ImportError:  # it has no wheel for every machine: pyproject.toml
    slipcover = None

_ROOT: Final = Path(__file__).parents[1]
_SOURCES: Final = ("bot", "handlers", "storage", "locales")
_MIGRATIONS: Final = "storage/migrations/*"


def _begin() -> Any:
    """What measures this process, or None: of pytest-xdist's processes, the first runs no test."""
    if "MEASURE" not in os.environ or "PYTEST_XDIST_WORKER" not in os.environ:
        return None
    if slipcover is None:
        slowly = coverage.Coverage(os.environ["MEASURE"], data_suffix=True, concurrency=["thread"])
        slowly.start()
        return slowly
    sources = [str(_ROOT / name) for name in _SOURCES]
    begun = slipcover.Slipcover(branch=True, source=sources, omit=[_MIGRATIONS])
    files = slipcover.FileMatcher(sources=sources, omit=[_MIGRATIONS])
    slipcover.ImportManager(begun, files).__enter__()
    return begun


def pytest_sessionfinish() -> None:
    """At once: pytest-xdist kills a worker that takes ten seconds to end."""
    if isinstance(_measured, coverage.Coverage):
        _measured.stop()
        _measured.save()
    elif _measured is not None:
        _write(_measured.get_coverage()["files"], f"{os.environ['MEASURE']}.{os.getpid()}")


def _write(files: dict[str, Any], data_file: str) -> None:
    data = coverage.CoverageData(data_file)
    arcs = {str(_ROOT / name): set(_arcs(_ROOT / name, found)) for name, found in files.items()}
    data.add_arcs(arcs)
    data.touch_files(list(arcs))  # what no test has imported counts too
    data.write()


def _arcs(path: Path, found: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """The lines and branches of a file as coverage.py notes them: steps from line to line.

    A step out of a function goes to its first line, less than 0.
    """
    for line in found["executed_lines"]:
        yield -1, line
    functions = None
    for begins, ends in found["executed_branches"]:
        if ends:
            yield begins, ends
            continue
        functions = functions or _functions(path)
        yield begins, -_innermost(functions, begins)


def _functions(path: Path) -> list[tuple[int, int]]:
    """Of each function and class, the first line and the last."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)]
    return [(node.lineno, node.end_lineno or node.lineno) for node in nodes]


def _innermost(functions: list[tuple[int, int]], line: int) -> int:
    return max((first for first, last in functions if first <= line <= last), default=1)


_measured = _begin()  # now: tests/conftest.py, which is loaded next, imports the shop
