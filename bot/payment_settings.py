"""The settings of payments: the methods on offer, what they need, and the limits of operators."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from bot.chargily_settings import ChargilySettings
from bot.domain.money import to_minor
from bot.domain.payments import Method
from bot.setting_types import Dinars, Duration, Money, Text, Whole, split_list


def _read_methods(value: Any) -> Any:
    if isinstance(value, str):
        names = [name.lower() for name in split_list(value)]
        if not set(names) <= set(Method):
            raise ValueError(f"must be some of {', '.join(Method)}, separated by commas")
        return tuple(dict.fromkeys(Method(name) for name in names))
    return value


PaymentMethods = Annotated[tuple[Method, ...], NoDecode, BeforeValidator(_read_methods)]


class PaymentSettings(ChargilySettings):
    payment_methods: PaymentMethods = Field(
        (),
        description="Payment methods that customers are offered, separated by commas, in the order of their buttons: "
        "`transfer`, `ocpay`, `stars`, `chargily`. Empty: only `/credit` fills wallets. `ocpay` needs no setting of its own, but "
        "needs `oneclickdz` in `SUPPLIERS` and a validated merchant profile there. Read about Telegram's rules for each "
        "of them in [payments](payments.md) first.",
    )
    transfer_instructions_en: Text = Field(
        "",
        description="`transfer`: where to pay, as the English-speaking customer reads it; `\\n` begins a new line. One "
        "language is enough, the others then read the same text. Required in one language while `PAYMENT_METHODS` "
        "has `transfer`.",
    )
    transfer_instructions_fr: Text = Field("", description="The same in French.")
    transfer_instructions_ar: Text = Field("", description="The same in Arabic.")
    transfer_minimum: Money = Field(
        Decimal(200), description="`transfer`: the least that can be paid in at once, in dinars."
    )
    transfer_maximum: Money = Field(
        Decimal(200_000), description="`transfer`: the most that can be paid in at once, in dinars."
    )
    stars_dinars: Dinars = Field(
        Decimal(0),
        ge=0,
        le=10_000,
        description="`stars`: the dinars that one Star puts into a wallet. Telegram pays about 0.013 USD for one, weeks "
        "later. Required while `PAYMENT_METHODS` has `stars`.",
    )
    stars_maximum: Whole = Field(
        10_000,
        ge=1,
        le=100_000,
        description="`stars`: most Stars on one bill. Telegram does not publish its own limit.",
    )
    payment_window: Annotated[Duration, Field(ge=timedelta(seconds=1), le=timedelta(days=30))] = (
        Field(
            timedelta(hours=24),
            description="How long an order without enough money in the wallet waits for the rest, its price frozen.",
        )
    )
    confirm_above: Money = Field(
        Decimal(100_000),
        description="`/credit`, `/refund`, and a payment accepted with another amount ask for a confirmation above this "
        "many dinars. 0: always.",
    )
    operator_daily_cap: Money = Field(
        Decimal(0),
        description="Most dinars that one operator may move in a day of `TIME_ZONE`: credits, refunds, accepted "
        "payments and Stars given back, together. 0: no limit.",
    )
    manager_price_step: Annotated[int, Field(ge=0, le=1000)] = Field(
        20,
        description="By how many percent managers, all together, may move the price of a value in a day of "
        "`TIME_ZONE`, up or down. Owners may set any price. 0: managers change no price.",
    )

    def transfer_instructions(self) -> dict[str, str]:
        """By locale; a language without a text of its own reads the first one that is set."""
        own = {
            "en": self.transfer_instructions_en,
            "fr": self.transfer_instructions_fr,
            "ar": self.transfer_instructions_ar,
        }
        fallback = next((text for text in (own["fr"], own["ar"], own["en"]) if text), "")
        return {locale: text or fallback for locale, text in own.items()}

    def payment_contradictions(self) -> Iterator[str]:
        """A sentence for each pair of settings that does not go together."""
        takes_transfers = Method.TRANSFER in self.payment_methods
        if takes_transfers and not any(self.transfer_instructions().values()):
            yield (
                "TRANSFER_INSTRUCTIONS_FR (or _AR, _EN): is missing while PAYMENT_METHODS has transfer: "
                "write where customers pay"
            )
        if takes_transfers and not 0 < self.transfer_minimum <= self.transfer_maximum:
            yield "TRANSFER_MINIMUM: must be more than 0 and not above TRANSFER_MAXIMUM"
        if Method.STARS in self.payment_methods and not to_minor(self.stars_dinars):
            yield "STARS_DINARS: is missing while PAYMENT_METHODS has stars: write what one Star puts into a wallet"
        if Method.CHARGILY in self.payment_methods:
            yield from self.chargily_contradictions()
