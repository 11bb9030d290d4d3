"""`make mutants`: each rule of the shop changed, one at a time; do the type checker or a test notice?

mutmut makes the mutants. Each then meets, in a child of a pytest session that is warm already, those tests
that reach its line, until one of them fails: the tests that killed its neighbours first, then the quickest.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.mutants.made import FOLDER, checked, make

RESULTS = FOLDER / "results"
REACH = FOLDER / "reach.json"
# Slow, or about other parts than the rules of the shop, or reading the source as text.
LEFT_OUT = [
    "unit/test_layers",
    "unit/telegram_simulator",
    "unit/test_supplier_simulator",
    "unit/test_oneclickdz",
    "unit/test_rate_limiter",
    "unit/test_demo_page",
    "unit/test_throttle",
    "integration/test_any_interleaving",
    "integration/test_polling",
    "integration/test_supplier_contract",
]
TESTS = ["tests/unit", "tests/integration", *(f"--ignore-glob=tests/{name}*" for name in LEFT_OUT)]


def pytest(plugin: str, *, folder: str | Path, **environment: str) -> subprocess.Popen:
    """A pytest session over the chosen tests with one of our plugins."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", f"tests.mutants.{plugin}"]
    options = ["-p", "no:cacheprovider", "-p", "no:xdist", "-o", "tmp_path_retention_policy=none"]
    paths = {"PYTHONPATH": str(folder)}
    own = (
        FOLDER / "temporary" / f"{plugin}-{environment.get('SHARE', '').partition('/')[0]}"
    ).absolute()
    own.parent.mkdir(exist_ok=True)
    return subprocess.Popen(
        [*command, *options, f"--basetemp={own}", *TESTS],
        cwd=folder,
        env={**os.environ, **paths, **environment},
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--only", default="", help="those whose name holds this: settle.x__close")
    parser.add_argument("--seconds", type=float, default=60, help="of tests for one mutant at most")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    asked = parser.parse_args()
    found = checked(make())
    allowed = [it for it in found if it.refused is None]
    tried = [it for it in allowed if asked.only in it.name]
    (FOLDER / "todo.json").write_text(json.dumps([it.name for it in tried]))
    print(f"mutants: {len(found)}, refused by the type checker: {len(found) - len(allowed)}")
    if pytest("reach", folder=".", REACH=str(REACH.absolute())).wait():
        raise SystemExit("the tests fail without a mutant")
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()
    shares = {
        f"{n}/{asked.workers}": (RESULTS / f"{n}.jsonl").absolute() for n in range(asked.workers)
    }
    trials = [
        pytest("trial", folder=FOLDER, SHARE=s, OUT=str(out), SECONDS=str(asked.seconds))
        for s, out in shares.items()
    ]
    ended = [trial.wait() for trial in trials]
    lines = [line for out in shares.values() for line in out.read_text().splitlines()]
    results = {row["mutant"]: row["result"] for row in map(json.loads, lines)}
    print("of", len(tried), "tried:", dict(Counter(results.values())))
    for it in tried:
        if results.get(it.name) != "killed":
            print(f"{it.name} ({results.get(it.name, 'not reached')})\n  - {it.was}\n  + {it.is_}")
    raise SystemExit(max(ended))


if __name__ == "__main__":
    main()
