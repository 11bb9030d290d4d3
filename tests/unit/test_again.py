"""The second try of tests that failed (tests/again.py)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.again import may_be_tried_again

ROOT = Path(__file__).parents[2]

IMPATIENT = """
from pathlib import Path

def test_impatient():
    seen = Path(__file__).with_name("seen")
    before = seen.exists()
    seen.touch()
    assert before
"""
BROKEN = "\n\ndef test_broken():\n    assert False\n"


@pytest.mark.parametrize(
    ("failed", "again"),
    [
        ([], False),
        (["tests/e2e/test_a.py::test_b"], True),
        ([f"tests/unit/test_a.py::test_{n}" for n in range(3)], True),
        ([f"tests/unit/test_a.py::test_{n}" for n in range(4)], False),
        (["tests/e2e/test_a.py::test_b", "tests/crash/test_a.py::test_b"], False),
        (["tests/failover/test_a.py::test_b"], False),
    ],
)
def test_few_that_are_of_no_campaign_are_tried_again(failed, again):
    assert may_be_tried_again(failed) is again


@pytest.mark.later
@pytest.mark.parametrize(
    ("broken", "status", "said"),
    [
        ("", 0, ["passed only when it was run again, alone: test_it.py::test_impatient"]),
        (
            BROKEN,
            1,
            [
                "failed twice: test_it.py::test_broken",
                "passed only when it was run again, alone: test_it.py::test_impatient",
            ],
        ),
    ],
)
def test_what_passes_the_second_time_is_named_and_what_does_not_fails(
    tmp_path, broken, status, said
):
    (tmp_path / "test_it.py").write_text(IMPATIENT + broken)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    outside = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.again", "-q", "-p", "no:asyncio", str(tmp_path)],
        env=outside,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == status
    assert [line for line in ended.stdout.splitlines() if "test_it.py::" in line][-len(said) :] == (
        said
    )
