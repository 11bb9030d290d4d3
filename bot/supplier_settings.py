"""The settings of suppliers: which ones, their keys and addresses, and their webhooks."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
)
from pydantic_settings import BaseSettings, NoDecode

from bot.domain.supplier import OWN
from bot.setting_addresses import ListenAddress, api_address, public_address
from bot.setting_errors import HINTS
from bot.setting_types import Duration, Key, Names, Number, Whole, split_list

# Each has an adapter in bot/suppliers, which bot/factories.py builds from these settings.
SUPPLIERS: Final = ("oneclickdz", "starship", OWN)
_OWN_ANSWER: Final = timedelta(seconds=30)  # the own stock answers within a transaction
_STARSHIP_PRODUCTION: Final = "https://api.starshiprewards.com"


def _read_suppliers(value: Any) -> Any:
    if isinstance(value, str):
        names = [name.lower() for name in split_list(value)]
        if not set(names) <= set(SUPPLIERS):
            raise ValueError(f"must be some of {', '.join(SUPPLIERS)}, separated by commas")
        return tuple(dict.fromkeys(names))
    return value


def _require_for_supplier(value: Any, info: ValidationInfo) -> Any:
    """Required while the supplier is switched on whose name the setting's name begins with."""
    supplier = (info.field_name or "").partition("_")[0]
    given = value.get_secret_value() if isinstance(value, SecretStr) else value
    if supplier in info.data.get("suppliers", ()) and not given:
        hint = HINTS.get((info.field_name or "").upper(), "it needs this setting too")
        raise ValueError(f"is missing while SUPPLIERS has {supplier}: {hint}")
    return value


def _check_environment(value: str, info: ValidationInfo) -> str:
    """The prefix of a Starship key names its environment: it has to be the address's."""
    key = info.data.get("starship_api_key")
    prefix = key.get_secret_value()[:8] if isinstance(key, SecretStr) else ""
    is_playground = "api-playground." in value
    if (prefix == "sk_live_" and is_playground) or (
        prefix == "sk_test_" and value == _STARSHIP_PRODUCTION
    ):
        raise ValueError(f"belongs to the other environment than the key ({prefix}…)")
    return value


Timeout = Annotated[Duration, Field(le=timedelta(minutes=10))]
SupplierNames = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_read_suppliers)]
SupplierSecret = Annotated[Key, AfterValidator(_require_for_supplier), Field(validate_default=True)]
OneClickDzUrl = Annotated[str, AfterValidator(api_address("https://api.oneclickdz.com/v3", "/v3"))]
StarshipUrl = Annotated[
    str, AfterValidator(api_address(_STARSHIP_PRODUCTION)), AfterValidator(_check_environment)
]
PublicUrl = Annotated[
    str, AfterValidator(public_address("/webhooks", "suppliers deliver")), Field(max_length=500)
]


class SupplierSettings(BaseSettings):
    """`suppliers` and the keys come first: the checks of the other settings read them."""

    suppliers: SupplierNames = Field(
        ("oneclickdz",),
        min_length=1,
        description="Which suppliers the shop buys from, separated by commas: `oneclickdz`, `starship`, and `own` "
        "for codes that you load yourself, which needs no key. A supplier that is removed while paid orders wait there leaves them waiting; `hanout doctor` says so.",
    )
    own_least_life: Duration = Field(
        timedelta(days=7),
        le=timedelta(days=365),
        description="Codes of your own stock that expire sooner than this are not sold.",
    )
    oneclickdz_api_key: SupplierSecret = Field(
        SecretStr(""),
        description="The OneClickDz API key, from its dashboard: scope READ-WRITE, with your server's address on "
        "its allow-list. Required while `SUPPLIERS` has `oneclickdz`.",
    )
    starship_api_key: SupplierSecret = Field(
        SecretStr(""),
        description="The Starship API key (`sk_live_…`, or `sk_test_…` for the playground). Required while "
        "`SUPPLIERS` has `starship`.",
    )
    starship_api_secret: SupplierSecret = Field(
        SecretStr(""),
        description="The secret that belongs to `STARSHIP_API_KEY`. Required while `SUPPLIERS` has `starship`.",
    )
    oneclickdz_base_url: OneClickDzUrl = Field(
        "https://api.oneclickdz.com/v3",
        description="The address of the OneClickDz API. It ends in `/v3`.",
    )
    oneclickdz_calls_per_minute: Whole = Field(
        0,
        ge=0,
        le=100_000,
        description="How many calls a minute OneClickDz allows; the shop uses at most 80 % of it. 0 takes the "
        "published limit: 60 for sandbox keys, 120 for production keys.",
    )
    oneclickdz_timeout: Timeout = Field(
        timedelta(seconds=30),
        description="How long an answer of OneClickDz is waited for. A purchase whose answer does not come is searched "
        "for in the supplier's list of orders, never sent again.",
    )
    starship_base_url: StarshipUrl = Field(
        _STARSHIP_PRODUCTION,
        validate_default=True,
        description="The address of the Starship API: `https://api-playground.starshiprewards.com` with a key for "
        "tests. A key of the other environment is refused at start.",
    )
    starship_wallet: str = Field(
        "",
        description="The id of the Starship wallet that pays. Empty: the only one there is, or the only one in "
        "`STARSHIP_CURRENCY`.",
    )
    starship_currency: str = Field(
        "USD",
        pattern=r"^[A-Za-z]{3}$",
        description="The currency of that wallet, as three letters.",
    )
    starship_dinars: Annotated[Number, AfterValidator(_require_for_supplier)] = Field(
        Decimal(0),
        ge=0,
        le=10**6,
        validate_default=True,
        description="What one unit of the wallet's currency costs in dinars. Prices are computed with it, so renew it "
        "when the rate moves. Required while `SUPPLIERS` has `starship`.",
    )
    starship_dinars_since: Annotated[date | None, AfterValidator(_require_for_supplier)] = Field(
        None,
        validate_default=True,
        description="The date of that rate, such as `2026-11-01`; `/balance` shows both. Required while `SUPPLIERS` "
        "has `starship`.",
    )
    starship_step: Number = Field(
        Decimal(1),
        gt=0,
        le=10**4,
        description="The step between the values that a customer may type, in the value's own currency, where "
        "Starship names none.",
    )
    starship_delivery_types: Names = Field(
        frozenset(),
        description="Further kinds of delivery that you have looked at, separated by commas. Products whose kind the "
        "shop does not know are hidden unless it stands here.",
    )
    starship_availability: Literal["off", "get", "post"] = Field(
        "off",
        description="Whether, and with which HTTP method, the shop asks if a value is in stock right before it buys it.",
    )
    starship_denomination: Literal["number", "text"] = Field(
        "number", description="How a value is written in the JSON of an order."
    )
    starship_calls_per_ten_seconds: Whole = Field(
        20,
        ge=1,
        le=100_000,
        description="How many calls in ten seconds Starship allows; the shop uses at most 80 % of it.",
    )
    starship_timeout: Timeout = Field(
        timedelta(seconds=30),
        description="How long an answer of Starship is waited for. A purchase whose answer does not come is sent again "
        "with the same key, for a day.",
    )
    starship_signing_secret: SecretStr = Field(
        SecretStr(""),
        description="Signs requests, where Starship has switched on signing for your credential. Empty: requests are "
        "not signed.",
    )
    starship_webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="The secret that Starship signs its messages with. Required while `PUBLIC_URL` is set and "
        "`SUPPLIERS` has `starship`.",
    )
    public_url: PublicUrl = Field(
        "",
        description="The https address at which suppliers and providers of payments reach this machine. Where it is set, "
        "`hanout run` serves `/webhooks/starship` and `/webhooks/pay/chargily`.",
    )
    webhook_listen: ListenAddress = Field(
        "127.0.0.1:8080",
        description="Address and port at which webhooks are served while `PUBLIC_URL` or `TELEGRAM_WEBHOOK_URL` is set; "
        "else no port is opened. Your web server passes `/webhooks/` and `/telegram/` on to it.",
    )

    def longest_answer(self) -> timedelta:
        """How long the shop waits for an answer of its slowest supplier; a rehearsal may have none."""
        timeouts: list[timedelta] = [
            getattr(self, f"{name}_timeout") for name in self.suppliers if name != OWN
        ]
        return max(timeouts, default=_OWN_ANSWER)

    def supplier_contradictions(self) -> Iterator[str]:
        """A sentence for each pair of settings that does not go together."""
        has_webhooks = self.public_url and "starship" in self.suppliers
        if has_webhooks and not self.starship_webhook_secret.get_secret_value():
            yield (
                "STARSHIP_WEBHOOK_SECRET: is missing while PUBLIC_URL is set: put the secret there that Starship "
                "signs its messages with"
            )
