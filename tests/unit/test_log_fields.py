"""Log lines name the update, the order and the supplier that they are about, as fields."""

import asyncio
import json
import logging
import sys

import pytest

from bot.log import RedactedFormatter, Redactor
from bot.log_fields import context_with_supplier, log_fields, present_fields


def line(text: str = "codes came", *, as_json: bool, secrets: tuple[str, ...] = ()) -> str:
    record = logging.LogRecord("hanout", logging.INFO, "", 0, text, (), None)
    return RedactedFormatter(Redactor(secrets), as_json=as_json).format(record)


def test_text_shows_fields_behind_the_message():
    with log_fields(order=12, supplier="starship"):
        assert line(as_json=False).endswith("hanout: codes came [order=12 supplier=starship]")
    assert line(as_json=False).endswith("hanout: codes came")


def test_fields_stand_before_a_traceback():
    try:
        raise ValueError("x")
    except ValueError:
        record = logging.LogRecord("hanout", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    with log_fields(update=7):
        shown = RedactedFormatter(Redactor(), as_json=False).format(record)

    assert "failed [update=7]\nTraceback" in shown


def test_json_has_each_field_by_itself():
    with log_fields(update=7), log_fields(order=12, supplier="starship"):
        shown = json.loads(line(as_json=True))

    assert (shown["update"], shown["order"], shown["supplier"]) == (7, 12, "starship")
    assert shown["message"] == "codes came"
    assert {"update", "order", "supplier"} & json.loads(line(as_json=True)).keys() == set()


def test_a_field_is_redacted_like_everything_else():
    with log_fields(supplier="canary-secret"):
        assert "canary" not in line(as_json=False, secrets=("canary-secret",))
        assert "canary" not in line(as_json=True, secrets=("canary-secret",))


def test_a_field_that_is_not_given_stays():
    with log_fields(supplier="starship"), log_fields(order=None, supplier=None):
        assert present_fields() == {"supplier": "starship"}


def test_a_field_ends_with_its_block_also_by_an_error():
    with pytest.raises(ValueError, match="x"), log_fields(order=12):
        raise ValueError("x")

    assert present_fields() == {}


async def test_tasks_side_by_side_have_fields_of_their_own():
    seen = {}

    async def work(order: int) -> None:
        with log_fields(order=order):
            await asyncio.sleep(0)
            seen[order] = present_fields()["order"]

    await asyncio.gather(*(work(order) for order in range(5)))

    assert seen == {order: order for order in range(5)}


def test_work_in_a_context_of_its_own_keeps_nothing_but_the_supplier():
    with log_fields(update=7, order=12, supplier="starship"):
        inside = context_with_supplier()
    assert inside.run(present_fields) == {"supplier": "starship"}

    with log_fields(update=7):
        assert context_with_supplier().run(present_fields) == {}
