"""Short forms of `make fuzz`: a part of the matrix, some mixes, some nonsense, some strangers; each seeded."""

import logging
import os
import random
import re

import pytest
from sqlalchemy import true

from bot.domain.roles import Right
from bot.services.orders import new_cards
from handlers import routes
from tests.fuzz import own, vouchers
from tests.fuzz.faults import matrix, name_of, play, play_mix
from tests.fuzz.nonsense import play_nonsense
from tests.fuzz.outage import outage
from tests.fuzz.staff import MANAGER, play_staff
from tests.fuzz.strangers import play_strangers
from tests.harness import ShopHarness

# PTB warns of tasks that are made while nothing runs the application: here the test does.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Tasks created via"),
]

SOME = random.Random(3).sample(matrix(), 7)


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_the_matrix_has_every_kind_of_fault_at_every_call():
    from bot.sandbox.supplier.faults import FaultKind

    kinds = {fault.kind for _, _, fault in matrix()}

    # The others carry a body of their own: tests/unit/test_supplier_fields.py plays those.
    assert kinds == set(FaultKind) - {FaultKind.LATENCY, FaultKind.BODY, FaultKind.EDITED}
    assert len(matrix()) > 350


@pytest.mark.parametrize("case", SOME, ids=name_of)
async def test_a_fault_at_a_call_harms_nobody(migrated, case):
    tally = await play(migrated, case)

    assert tally.harm == []
    assert tally.ended


SOME_VOUCHERS = vouchers.matrix(share=200, seed=4)


@pytest.mark.parametrize("case", SOME_VOUCHERS, ids=vouchers.name_of)
async def test_a_fault_of_the_second_supplier_harms_nobody(migrated, case):
    tally = await vouchers.play(migrated, case)

    assert tally.harm == []
    assert tally.ended


SOME_OF_OWN = own.matrix(share=50, seed=1)
AT_THE_PURCHASE: list[own.Case] = [own.Failure("reserve", arrived, 5) for arrived in (False, True)]


@pytest.mark.parametrize("case", AT_THE_PURCHASE + SOME_OF_OWN, ids=own.name_of)
async def test_a_fault_at_the_own_stock_harms_nobody(migrated, case):
    tally = await own.play(migrated, case)

    assert tally.harm == []
    assert tally.ended


@pytest.mark.parametrize("seed", range(2))
async def test_a_mix_of_faults_harms_nobody(migrated, seed):
    assert (await play_mix(migrated, seed)).harm == []


@pytest.mark.parametrize("seed", range(2))
async def test_a_supplier_that_answers_nonsense_harms_nobody(migrated, seed):
    tally = await play_nonsense(migrated, seed)

    assert tally.harm == []
    assert tally.struck > 0


async def test_an_outage_of_an_hour_is_one_alert_and_every_order_ends(sqlite_store):
    """Here with 16 orders; `make fuzz` runs it with 200."""
    harness = await ShopHarness(sqlite_store).open()

    await outage(harness, orders=16)

    told = [alert["alert"] for alert in harness.sender.alerts()]
    assert told.count("supplier_down") == 1
    assert len(told) <= 3, "beside it only the purchase that met the outage: lost, and not found"
    await harness.close()


@pytest.mark.parametrize("seed", range(2))
async def test_strangers_see_and_change_nothing_and_get_an_answer(migrated, seed):
    tally = await play_strangers(migrated, 160, seed)

    assert tally.harm == []
    assert tally.ended["answers to presses"] == tally.ended["presses"] > 50


@pytest.mark.parametrize("seed", range(2))
async def test_people_with_roles_and_without_do_what_they_may_and_no_more(migrated, seed):
    tally = await play_staff(migrated, 200, seed)

    assert tally.harm == []
    assert tally.ended["answers to presses"] == tally.ended["presses"] > 50
    assert sum(count for what, count in tally.ended.items() if str(MANAGER) in what) > 3


async def test_a_code_that_two_orders_get_would_be_seen(migrated, monkeypatch):
    """The twin: without fingerprints, a lying supplier gives one code to two people."""
    monkeypatch.setattr(new_cards, "fingerprints", lambda *_: (os.urandom(32),))

    for seed in (
        14,
        12,
        13,
        15,
    ):  # in the first of them one code comes twice; a change of the shop may move it
        harm = (await play_nonsense(migrated, seed)).harm
        if any("seen by two people" in line for line in harm):
            return
    pytest.fail("a code that two people saw was not noticed")


async def test_an_operator_command_without_its_guard_would_be_seen(migrated, monkeypatch):
    """The twin: where the right is not looked up, Mallory's forged buttons show and change something."""

    async def open_to_all(update, context):
        from handlers.screens import operator as screens

        await context.show(update, screens.note(context.words, "resumed"))
        await context.shop.store.write(_count_a_change, context.customer.id, update.update_id)

    monkeypatch.setitem(routes.OPERATOR_PRESSES, "resume", (open_to_all, Right.BOOKS))
    monkeypatch.setattr("handlers.context.rights_of", _every_right)

    tally = await play_strangers(migrated, 250, 1)

    assert any("admin_actions" in line for line in tally.harm)


async def test_own_codes_that_are_sold_twice_would_be_seen(migrated, monkeypatch):
    """The twin: where a code need not be free, two orders reserve it, and the fingerprints let the second hang."""
    for repository in ("stock", "own_codes"):
        monkeypatch.setattr(f"storage.repositories.{repository}.IS_FREE", true())

    tally = await own.play(migrated, own.Failure("catalogue", arrived=False, times=1))

    assert any("is still unconfirmed" in line for line in tally.harm), tally.harm


async def test_staff_whose_rights_are_not_looked_up_would_be_seen(migrated, monkeypatch):
    """The twin: where a press needs no right, support and former managers do what they may not."""
    monkeypatch.setattr("handlers.context.rights_of", _every_right)

    tally = await play_staff(migrated, 120, 0)

    assert any(re.search(r"70[1234] did|70[1234] is named", line) for line in tally.harm)


async def _every_right(*_):
    return frozenset(Right)


async def _count_a_change(tx, operator_id, number):
    from tests.fakes import START

    await tx.operators.add_action(
        key=f"x{number}",
        operator_id=operator_id,
        kind="resume",
        target="",
        amount_minor=0,
        note="",
        done=True,
        now=START,
    )
