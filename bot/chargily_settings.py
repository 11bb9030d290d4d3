"""The settings of Chargily Pay."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bot.domain.money import to_minor
from bot.domain.payments import Limits
from bot.setting_addresses import check_address, refuse_open_http
from bot.setting_types import Money


def _check_base_url(value: str) -> str:
    """Raises ValueError."""
    address = check_address(value, example="https://pay.chargily.net/api/v2")
    refuse_open_http(address, "the key", "a server")
    return address


class ChargilySettings(BaseSettings):
    chargily_secret_key: SecretStr = Field(
        SecretStr(""),
        description="`chargily`: the secret key of your application, from the developer corner of Chargily's dashboard. "
        "It also checks Chargily's webhook messages. Required while `PAYMENT_METHODS` has `chargily`.",
    )
    chargily_base_url: Annotated[str, AfterValidator(_check_base_url)] = Field(
        "https://pay.chargily.net/api/v2",
        description="`chargily`: the address of the API; `https://pay.chargily.net/test/api/v2` with a test key. A shop "
        "whose suppliers' keys are of the other kind does not start.",
    )
    chargily_minimum: Money = Field(
        Decimal(75),
        description="`chargily`: the least that can be paid in at once, in dinars. Chargily does not publish its own "
        "limit; 75 was that of its earlier service.",
    )
    chargily_maximum: Money = Field(
        Decimal(200_000),
        description="`chargily`: the most that can be paid in at once, in dinars. Chargily does not publish its own "
        "limit.",
    )
    chargily_card_ceiling: Money = Field(
        Decimal(50_000),
        description="`chargily`: above this many dinars customers are warned, before they type an amount, that their card "
        "may have a lower ceiling, set by its bank, and be refused without a reason. Banks differ: the default is a "
        "guess. 0: no warning.",
    )

    def chargily_limits(self) -> Limits:
        return Limits(
            to_minor(self.chargily_minimum),
            to_minor(self.chargily_maximum),
            to_minor(self.chargily_card_ceiling),
        )

    def chargily_contradictions(self) -> Iterator[str]:
        """A sentence for each reason why it cannot be offered."""
        if not self.chargily_secret_key.get_secret_value():
            yield (
                "CHARGILY_SECRET_KEY: is missing while PAYMENT_METHODS has chargily: take it from the "
                "developer corner of Chargily's dashboard"
            )
        if not 0 < self.chargily_minimum <= self.chargily_maximum:
            yield "CHARGILY_MINIMUM: must be more than 0 and not above CHARGILY_MAXIMUM"
