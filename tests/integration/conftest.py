"""A shop that can be paid in every way, and who pays in it."""

import pytest

from tests.integration.test_payments import Payments
from tests.stage import Stage


@pytest.fixture
def till(stage: Stage) -> Stage:
    """The stage with every way to pay switched on."""
    stage.offer()
    return stage


@pytest.fixture
def pay(till: Stage) -> Payments:
    return Payments(till)
