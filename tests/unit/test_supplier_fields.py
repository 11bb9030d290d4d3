"""Every field of every answer, deleted, nulled or of a wrong kind: only that field's effect changes.

Other rows never change.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import pytest

from bot.errors import SupplierUnavailable
from tests.unit.supplier_answers import ANSWER, CASES, MISSING, ODD, ROW, WRONG, Case


def rows_of(found: Any) -> list[dict[str, Any]]:
    many = found if isinstance(found, Sequence) else [found]
    return [
        {"value": row}
        if isinstance(row, int)
        else {f.name: getattr(row, f.name) for f in fields(row)}
        for row in many
    ]


def differs(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


async def asked(case: Case, field: str, value: Any) -> Any:
    """None for an outage."""
    try:
        return await case.answer(case.changed(field, value))
    except SupplierUnavailable:
        return None


@pytest.mark.parametrize(
    ("case", "field"), [(case, field) for case in CASES for field in CASES[case].effects]
)
async def test_a_field_that_cannot_be_read_changes_its_own_effect_alone(case, field):
    tested, allowed = CASES[case], CASES[case].effects[field]
    before = rows_of(await tested.answer(tested.sent))
    assert before
    for value in [*WRONG, *ODD]:
        found = await asked(tested, field, value)
        if found is None:
            assert ANSWER in allowed, value
            continue
        after = rows_of(found)
        if len(after) < len(before):
            assert ROW in allowed, value
            assert after == [row for row in before if row in after], value
            continue
        changed = [differs(*pair) for pair in zip(before, after, strict=True)]
        if tested.path == "products/7" and not tested.place:
            assert set().union(*changed) <= allowed, (value, changed)
        else:
            assert sum(map(bool, changed)) <= 1, value
            assert set().union(*changed) <= allowed, (value, changed)


@pytest.mark.parametrize("case", CASES)
async def test_every_field_of_an_answer_is_tried(case):
    row = CASES[case].sent
    for step in CASES[case].place:
        row = row[step]
    assert set(row) == set(CASES[case].effects)


NEEDED = [
    ("types", "price"),
    ("types", "id"),
    ("list", "_id"),
    ("list", "status"),
    ("catalogue", "id"),
    ("catalogue", "title"),
    ("transactions", "amount"),
    ("orders", "id"),
    ("orders", "status"),
    ("products", "id"),
    ("denominations", "min_value"),
]


@pytest.mark.parametrize(("case", "field"), NEEDED)
@pytest.mark.parametrize("value", WRONG, ids=repr)
async def test_what_is_needed_and_unreadable_hides_its_row_and_no_other(case, field, value):
    before = await CASES[case].answer(CASES[case].sent)

    after = await CASES[case].answer(CASES[case].changed(field, value))

    assert len(after) == len(before) - 1


ANSWERS = [
    ("checkOrder", "status"),
    ("checkProduct", "types"),
    ("validate", "type"),
    ("orders/1", "id"),
    ("orders/1", "status"),
    ("products/7", "available_denominations"),
    ("charges", "total_payable"),
    ("wallets", "amount"),
]


@pytest.mark.parametrize(("case", "field"), ANSWERS)
@pytest.mark.parametrize("value", [MISSING, None, {}, "\x00", True], ids=repr)
async def test_an_answer_without_what_is_needed_is_an_outage(case, field, value):
    with pytest.raises(SupplierUnavailable):
        await CASES[case].answer(CASES[case].changed(field, value))
