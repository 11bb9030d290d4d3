"""Test money belongs into a test shop, and real money into a real one: the two are never mixed."""

from typing import Final

from bot.domain.payments import Method
from bot.domain.supplier import Environment
from bot.errors import PaymentFailure
from bot.services.selling.access import environment_of
from bot.services.shop import Shop

OTHER_ENVIRONMENT: Final = "OTHER_ENVIRONMENT"  # the code of a method that is switched off for it


async def fits_shop(shop: Shop, sandbox: bool | None) -> bool:
    """Whether a payment of test money, or of real money, belongs into this shop.

    True where the provider or the suppliers have not said of what kind they are: what is paid then
    is judged by its report.
    """
    async with shop.store.reading() as tx:
        environment = await environment_of(tx, shop)
    return None in (sandbox, environment) or sandbox is (environment is Environment.SANDBOX)


async def find_mixed_method(shop: Shop) -> tuple[Method, Environment] | None:
    """A method whose key is of another kind than the suppliers', and of which kind it is.

    A provider that does not answer is not waited for: its first payment tells.
    """
    for method, provider in shop.payment_methods.items():
        try:
            environment = (await provider.examine()).environment
        except PaymentFailure:
            continue
        is_sandbox = None if environment is None else environment is Environment.SANDBOX
        if environment is not None and not await fits_shop(shop, is_sandbox):
            return method, environment
    return None


def say_mixed(name: str, environment: Environment) -> str:
    """The sentence for the owner of a shop whose keys are of two kinds."""
    if environment is Environment.SANDBOX:
        return (
            f"PAYMENT_METHODS: {name} has a test key and the suppliers' keys buy for real: test money "
            "would buy real codes; use keys of one kind"
        )
    return (
        f"PAYMENT_METHODS: {name} has a live key and the suppliers' keys are for tests: real money "
        "would buy test codes; use keys of one kind"
    )
