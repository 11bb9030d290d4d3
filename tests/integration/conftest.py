"""A shop that can be paid in every way, and who pays in it."""

import pytest

from tests.harness import ShopHarness
from tests.integration.test_payments import Payments


@pytest.fixture
def paying_harness(harness: ShopHarness) -> ShopHarness:
    """The harness with every way to pay switched on."""
    harness.offer()
    return harness


@pytest.fixture
def pay(paying_harness: ShopHarness) -> Payments:
    return Payments(paying_harness)
