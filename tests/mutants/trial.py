"""A pytest plugin: instead of the tests once, the tests that reach it for each mutant, in a child process."""

import gc
import json
import os
import signal
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test

from tests.mutants.made import Mutant, mutants_of

_WARM = ("test_purchase.py", "test_journals.py", "test_vouchers.py", "test_payments.py")


def _run(item, following) -> bool:
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def _warm(items) -> None:
    """Import, migrate and compile once, before the children; and see that tests pass as they are."""
    chosen = [next(it for it in items if module in it.nodeid) for module in _WARM]
    for item, following in zip(chosen, [*chosen[1:], chosen[0]], strict=True):
        if not _run(item, following):
            pytest.exit(f"{item.nodeid} fails without a mutant", 1)
    gc.collect()
    gc.freeze()


def _child(name: str, tests, seconds, out: int) -> None:
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    set_mutant_under_test(name)
    for item, following in zip(tests, [*tests[1:], tests[0]], strict=True):
        signal.alarm(int(seconds[item.nodeid] * 8 + 25))
        try:
            passed = _run(item, following)
        except BaseException:
            passed = False
        if not passed:
            os.write(out, item.nodeid.encode())
            os._exit(1)
    os._exit(0)


def _try(name: str, tests, seconds) -> tuple[str, str]:
    """What became of it, and which test noticed."""
    heard, said = os.pipe()
    child = os.fork()
    if not child:
        try:
            _child(name, tests, seconds, said)
        finally:
            os._exit(9)
    os.close(said)
    with os.fdopen(heard) as stream:
        killer = stream.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return "out of time", ""
    ended = {0: "survived", 1: "killed"}
    return ended.get(os.WEXITSTATUS(status), "broken"), killer


def _reaching(mutant: Mutant, reached: dict[str, list[str]]) -> set[str]:
    """The tests of its line, or of the nearest before it that runs; of a signature, all of the function."""
    first, last = mutant.body
    if mutant.line < first:
        return {t for line in range(first, last + 1) for t in reached.get(str(line), ())}
    for line in range(mutant.line, first - 1, -1):
        if tests := reached.get(str(line)):
            return set(tests)
    return set()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    here = Path.cwd()
    os.chdir(here.parent)  # where the sources are, and the folder of mutants
    reach = json.loads((here / "reach.json").read_text())
    todo = json.loads((here / "todo.json").read_text())
    named = {it.name: it for source in reach["reached"] for it in mutants_of(source)}
    os.chdir(here)
    set_mutant_under_test("")
    items = {item.nodeid: item for item in session.items}
    _warm(session.items)
    share, of = map(int, os.environ["SHARE"].split("/"))
    most, seconds = float(os.environ["SECONDS"]), reach["seconds"]
    killers: dict[str, Counter] = defaultdict(Counter)
    with Path(os.environ["OUT"]).open("w", buffering=1) as out:
        for count, name in enumerate(todo[share::of]):
            mutant = named[name]
            tests = _reaching(mutant, reach["reached"][mutant.source]) & items.keys()
            near = mutant.source, name.rpartition("__mutmut_")[0]
            rank = {t: -killers[near[1]][t] * 9 - killers[near[0]][t] for t in tests}
            spent = 0.0
            chosen: list[pytest.Item] = []
            for test in sorted(tests, key=lambda t: (rank[t], seconds[t])):
                if not chosen or spent + seconds[test] <= most:
                    spent += seconds[test]
                    chosen.append(items[test])
            result, killer = _try(name, chosen, seconds) if chosen else ("not reached", "")
            for place in near if killer else ():
                killers[place][killer] += 1
            row = {"mutant": name, "result": result, "by": killer, "tests": len(chosen)}
            out.write(json.dumps(row) + "\n")
            if count % 50 == 49:
                print(f"{count + 1} of {len(todo[share::of])}", file=sys.stderr, flush=True)
    return True
