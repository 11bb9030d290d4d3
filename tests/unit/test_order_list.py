"""The list of orders explains the first that wait, and counts the rest."""

from dataclasses import replace

import pytest

from bot.domain.orders import Stage
from bot.domain.waiting import Waiting
from bot.services.operations.customer_reports import MyOrders
from handlers.screens import orders
from locales import words
from tests.unit.samples import ORDER


@pytest.mark.parametrize(("waiting", "explained"), [(1, 1), (2, 2), (3, 2), (8, 2)])
def test_the_first_orders_that_wait_are_explained(waiting: int, explained: int):
    mine = [replace(ORDER, id=n) for n in range(1, 9)]
    waits = {n: Waiting(Stage.SLOW) for n in range(1, waiting + 1)}

    text = orders.order_list(words("en"), MyOrders(mine, 0, 1, waits)).text

    slow = words("en").plain(f"status-{Stage.SLOW}")
    assert text.count(slow) == explained
    rest = words("en").plain("orders-wait-too", count=waiting - explained)
    assert (rest in text) == (waiting > explained)
