"""A pytest plugin: which tests reach which lines of the rules, and how long each takes."""

import json
import os
import time
from pathlib import Path

import coverage
import pytest

from tests.mutants.made import RULES

_cover = coverage.Coverage(data_file=None, config_file=False, source=list(RULES))
_cover.start()
_seconds: dict[str, float] = {}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    _cover.switch_context(item.nodeid)
    begun = time.process_time()
    yield
    _seconds[item.nodeid] = time.process_time() - begun


def pytest_sessionfinish():
    _cover.stop()
    data = _cover.get_data()
    reached = {}
    for name in data.measured_files():
        lines = data.contexts_by_lineno(name).items()
        named = {str(line): [test for test in tests if test] for line, tests in lines}
        reached[Path(name).relative_to(Path.cwd()).as_posix()] = named
    Path(os.environ["REACH"]).write_text(json.dumps({"seconds": _seconds, "reached": reached}))
