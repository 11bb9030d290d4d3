"""What each story writes, asks, says and wakes, to the letter, as it was read and found right.

A change that means to change it writes the journals anew: REWRITE_JOURNALS=1 pytest tests/integration/test_journals.py, and the
difference is read like any other.
"""

import difflib
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crash.scenes import SCENES, Scene
from tests.database import store_at
from tests.journal import Journal
from tests.stories import STORIES
from tests.vouchers import VoucherHarness
from tests.world.locks import recorded

JOURNALS = Path(__file__).parent / "journals"


@pytest.mark.parametrize("scene", SCENES + STORIES, ids=lambda s: s.__name__)
async def test_a_story_is_told_to_the_letter(migrated: Path, tmp_path: Path, scene: Scene):
    shutil.copy(migrated, tmp_path / "hanout.db")
    harness = await VoucherHarness(store_at(tmp_path / "hanout.db"), both=True).open()
    harness.offer()
    harness.one_by_one = True
    harness.set_policy(price_shared_for=timedelta(0))  # every question is told
    journal = Journal(harness)
    await journal.begin()

    with recorded() as locks:
        await scene(harness)
    assert locks.inversions() == {}, "locks are taken wallet, order, payment, outbox"
    await harness.close()
    await harness.store.close()

    path = JOURNALS / f"{scene.__name__}.txt"
    if "REWRITE_JOURNALS" in os.environ:
        path.write_text(journal.text)
    was = path.read_text()
    changes = difflib.unified_diff(was.splitlines(), journal.text.splitlines(), lineterm="")
    assert was == journal.text, "\n".join(changes)
