"""Settings from the environment or a `.env` file. Errors name fields and rules, never a value."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.money import to_minor
from bot.domain.payments import Method, StarRate
from bot.domain.pricing import Markup, PricingPolicy
from bot.services.shop import Policy
from bot.vault import parse_keys

SUPPLIERS = ("oneclickdz", "starship")  # each with an adapter in bot/suppliers, made in bot/app.py
_STARSHIP_PRODUCTION = "https://api.starshiprewards.com"
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_VISIBLE = timedelta(hours=48)  # Telegram lets a bot delete its messages for 48 hours


class SettingsError(Exception):
    """One line for each setting that is missing or wrong."""


def _duration(value: Any) -> Any:
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", value.lower())
        if not found:
            raise ValueError("must be a duration such as 30s, 10m, 24h or 2d")
        return timedelta(seconds=float(found[1]) * _UNITS[found[2]])
    return value


def _time(value: Any) -> Any:
    if isinstance(value, str):
        found = re.fullmatch(r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*", value)
        if not found:
            raise ValueError("must be a time of day such as 03:30")
        return time(int(found[1]), int(found[2]))
    return value


def _ids(value: Any) -> Any:
    if isinstance(value, str):
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError("must be numbers separated by commas")
        return frozenset(int(part) for part in parts)
    return value


def _list(value: Any) -> Any:
    if isinstance(value, str):
        return frozenset(part.strip().casefold() for part in value.split(",") if part.strip())
    return value


def _days(value: Any) -> Any:
    days = _ids(value)
    if any(not 1 <= day <= 366 for day in days):  # noqa: PLR2004
        raise ValueError("must be numbers of days from 1 to 366, separated by commas")
    return days


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone such as Africa/Algiers") from None
    return value


def _http(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def _address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:  # noqa: PLR2004
        raise ValueError("must be an address and a port, such as 127.0.0.1:8080")
    return value


def _supplier_url(value: str) -> str:
    if not _http(value).endswith("/v3"):
        raise ValueError("must end in /v3")
    return _http(value)


def _methods(value: Any) -> Any:
    if isinstance(value, str):
        names = [part.strip().lower() for part in value.split(",") if part.strip()]
        if not set(names) <= set(Method):
            raise ValueError(f"must be some of {', '.join(Method)}, separated by commas")
        return tuple(dict.fromkeys(Method(name) for name in names))
    return value


def _text(value: str) -> str:
    r"""Several lines in one: \n stands for a new one."""
    return value.replace("\\n", "\n").strip()


def _database(value: str) -> str:
    if not value.startswith(("sqlite:///", "sqlite+aiosqlite:///", "postgresql", "postgres")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value


def _keys(value: SecretStr, info: ValidationInfo) -> SecretStr:
    if value.get_secret_value():
        parse_keys(value.get_secret_value())
    elif info.data.get("hanout_keys_file") is None:
        raise ValueError("Field required (or HANOUT_KEYS_FILE); `hanout keys new` makes one")
    return value


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value.get_secret_value()):
        raise ValueError("must look like 123456:ABC…, as BotFather gave it")
    return value


def _suppliers(value: Any) -> Any:
    if isinstance(value, str):
        names = [part.strip().lower() for part in value.split(",") if part.strip()]
        if not set(names) <= set(SUPPLIERS):
            raise ValueError(f"must be some of {', '.join(SUPPLIERS)}, separated by commas")
        return tuple(dict.fromkeys(names))
    return value


def _needed(value: Any, info: ValidationInfo) -> Any:
    """A supplier's own setting, whose name begins with the supplier's."""
    supplier = (info.field_name or "").partition("_")[0]
    given = value.get_secret_value() if isinstance(value, SecretStr) else value
    if supplier in info.data.get("suppliers", ()) and not given:
        raise ValueError(f"Field required while SUPPLIERS has {supplier}")
    return value


def _same_environment(value: str, info: ValidationInfo) -> str:
    """Starship's keys say which of its two worlds they belong to."""
    key = info.data.get("starship_api_key")
    prefix = key.get_secret_value()[:8] if isinstance(key, SecretStr) else ""
    is_playground = "api-playground." in value
    if (prefix == "sk_live_" and is_playground) or (
        prefix == "sk_test_" and value == _STARSHIP_PRODUCTION
    ):
        raise ValueError(f"belongs to the other environment than the key ({prefix}…)")
    return value


_NeededSecret = Annotated[SecretStr, AfterValidator(_needed), Field(validate_default=True)]
Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta(0))]
Text = Annotated[str, AfterValidator(_text), Field(max_length=1500)]
Money = Annotated[Decimal, Field(ge=0, le=10**9)]


class Settings(BaseSettings):
    """Every setting of the shop; `.env.example` documents each."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        hide_input_in_errors=True,
        frozen=True,
    )

    telegram_token: Annotated[SecretStr, AfterValidator(_token)]
    admin_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_ids), Field(min_length=1)]
    suppliers: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_suppliers), Field(min_length=1)
    ] = ("oneclickdz",)
    oneclickdz_api_key: _NeededSecret = SecretStr("")
    starship_api_key: _NeededSecret = SecretStr("")
    starship_api_secret: _NeededSecret = SecretStr("")
    hanout_keys_file: Path | None = None
    hanout_keys: Annotated[SecretStr, AfterValidator(_keys), Field(validate_default=True)] = (
        SecretStr("")
    )

    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///data/hanout.db"
    telegram_api_url: Annotated[str, AfterValidator(_http)] = "https://api.telegram.org"
    oneclickdz_base_url: Annotated[str, AfterValidator(_supplier_url)] = (
        "https://api.oneclickdz.com/v3"
    )
    oneclickdz_calls_per_minute: Annotated[int, Field(ge=0, le=100_000)] = 0
    oneclickdz_timeout: Duration = timedelta(seconds=30)

    starship_base_url: Annotated[
        str, AfterValidator(_http), AfterValidator(_same_environment), Field(validate_default=True)
    ] = _STARSHIP_PRODUCTION
    starship_wallet: str = ""
    starship_currency: Annotated[str, Field(pattern=r"^[A-Za-z]{3}$")] = "USD"
    starship_dinars: Annotated[
        Decimal, Field(ge=0, le=10**6, validate_default=True), AfterValidator(_needed)
    ] = Decimal(0)
    starship_dinars_since: Annotated[
        date | None, Field(validate_default=True), AfterValidator(_needed)
    ] = None
    starship_step: Annotated[Decimal, Field(gt=0, le=10**4)] = Decimal(1)
    starship_delivery_types: Annotated[frozenset[str], NoDecode, BeforeValidator(_list)] = (
        frozenset()
    )
    starship_availability: Literal["off", "get", "post"] = "off"
    starship_denomination: Literal["number", "text"] = "number"
    starship_calls_per_ten_seconds: Annotated[int, Field(ge=1, le=100_000)] = 20
    starship_timeout: Duration = timedelta(seconds=30)
    starship_signing_secret: SecretStr = SecretStr("")
    starship_webhook_secret: SecretStr = SecretStr("")
    public_url: Annotated[str, Field(pattern=r"^(https://[^/\s]+.*)?$")] = ""
    webhook_listen: Annotated[str, AfterValidator(_address)] = "127.0.0.1:8080"

    markup_percent: Annotated[Decimal, Field(ge=0, le=1000)] = Decimal(8)
    markup_fixed: Money = Decimal(0)
    price_step: Annotated[Decimal, Field(gt=0, le=10**6)] = Decimal(10)
    minimum_margin: Money = Decimal(10)
    max_quantity: Annotated[int, Field(ge=1, le=500)] = 10
    stock_reserve: Annotated[int, Field(ge=0)] = 0
    catalogue_hidden: Annotated[frozenset[str], NoDecode, BeforeValidator(_list)] = frozenset(
        {"mobile & internet"}
    )
    catalogue_lifetime: Duration = timedelta(hours=24)
    price_lifetime: Duration = timedelta(seconds=60)
    quote_lifetime: Duration = timedelta(minutes=10)

    codes_visible_for: Annotated[Duration, Field(lt=_LONGEST_VISIBLE)] = timedelta(hours=24)
    codes_shown_again_for: Annotated[Duration, Field(lt=_LONGEST_VISIBLE)] = timedelta(minutes=10)
    reveals_per_order: Annotated[int, Field(ge=0)] = 3
    reveals_per_hour: Annotated[int, Field(ge=1)] = 20
    protect_content: bool = False
    expiry_reminders: Annotated[frozenset[int], NoDecode, BeforeValidator(_days)] = frozenset(
        {30, 7, 1}
    )

    balance_alert: Money = Decimal(5000)
    balance_floor: Money = Decimal(0)
    return_unbought_after: Duration = timedelta(hours=2)

    nightly_at: Annotated[time, BeforeValidator(_time)] = time(3, 30)
    backup_folder: Path = Path("data/backups")
    backups_kept: Annotated[int, Field(ge=0, le=10_000)] = 14

    payment_methods: Annotated[tuple[Method, ...], NoDecode, BeforeValidator(_methods)] = ()
    transfer_instructions_en: Text = ""
    transfer_instructions_fr: Text = ""
    transfer_instructions_ar: Text = ""
    transfer_minimum: Money = Decimal(200)
    transfer_maximum: Money = Decimal(200_000)
    stars_dinars: Annotated[Decimal, Field(ge=0, le=10_000)] = Decimal(0)
    stars_maximum: Annotated[int, Field(ge=1, le=100_000)] = 10_000
    payment_window: Duration = timedelta(hours=24)
    confirm_above: Money = Decimal(100_000)
    operator_daily_cap: Money = Decimal(0)

    support_contact: str = ""
    time_zone: Annotated[str, AfterValidator(_zone)] = "Africa/Algiers"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    def keys(self) -> dict[str, bytes]:
        """The ring of keys. Raises SettingsError where the file cannot be read."""
        if self.hanout_keys.get_secret_value():
            return parse_keys(self.hanout_keys.get_secret_value())
        try:
            return parse_keys((self.hanout_keys_file or Path()).read_text())
        except (OSError, UnicodeDecodeError):
            raise SettingsError("HANOUT_KEYS_FILE: the file cannot be read") from None
        except ValueError as error:
            raise SettingsError(f"HANOUT_KEYS_FILE: {error}") from None

    def longest_answer(self) -> timedelta:
        """How long the slowest supplier is waited for."""
        waits: list[timedelta] = [getattr(self, f"{name}_timeout") for name in self.suppliers]
        return max(waits)

    def secrets(self) -> tuple[str, ...]:
        """What a log must never show."""
        keys = self.hanout_keys.get_secret_value().split(",")
        parts = [key.partition(":")[2].strip() for key in keys]
        return (
            self.telegram_token.get_secret_value(),
            self.oneclickdz_api_key.get_secret_value(),
            self.starship_api_key.get_secret_value(),
            self.starship_api_secret.get_secret_value(),
            self.starship_signing_secret.get_secret_value(),
            self.starship_webhook_secret.get_secret_value(),
            *parts,
        )

    def policy(self) -> Policy:
        return Policy(
            admin_ids=self.admin_ids,
            pricing=PricingPolicy(
                Markup(self.markup_percent, to_minor(self.markup_fixed)),
                to_minor(self.price_step),
                to_minor(self.minimum_margin),
            ),
            max_quantity=self.max_quantity,
            stock_reserve=self.stock_reserve,
            hidden_categories=self.catalogue_hidden,
            quote_lifetime=self.quote_lifetime,
            catalogue_lifetime=self.catalogue_lifetime,
            price_lifetime=self.price_lifetime,
            codes_visible_for=self.codes_visible_for,
            shown_again_for=self.codes_shown_again_for,
            reveals_per_order=self.reveals_per_order,
            reveals_per_hour=self.reveals_per_hour,
            balance_alert_minor=to_minor(self.balance_alert),
            balance_floor_minor=to_minor(self.balance_floor),
            return_unbought_after=self.return_unbought_after,
            time_zone=ZoneInfo(self.time_zone),
            nightly_at=self.nightly_at,
            payment_window=self.payment_window,
            expiry_reminders=self.expiry_reminders,
            confirm_above_minor=to_minor(self.confirm_above),
            daily_cap_minor=to_minor(self.operator_daily_cap),
            star_rate=StarRate(to_minor(self.stars_dinars)) if self.stars_dinars else None,
            transfer_instructions=self._instructions(),
        )

    def _instructions(self) -> dict[str, str]:
        """By locale; a language without its own reads those of the first that has some."""
        own = {
            "en": self.transfer_instructions_en,
            "fr": self.transfer_instructions_fr,
            "ar": self.transfer_instructions_ar,
        }
        some = next((text for text in (own["fr"], own["ar"], own["en"]) if text), "")
        return {locale: text or some for locale, text in own.items()}

    @model_validator(mode="after")
    def _methods_are_told_what_they_need(self) -> "Settings":
        if Method.TRANSFER in self.payment_methods and not any(self._instructions().values()):
            raise ValueError(
                "TRANSFER_INSTRUCTIONS_FR (or _AR, _EN): Field required while PAYMENT_METHODS has transfer"
            )
        if Method.TRANSFER in self.payment_methods and not (
            0 < self.transfer_minimum <= self.transfer_maximum
        ):
            raise ValueError("TRANSFER_MINIMUM: must be more than 0 and not above TRANSFER_MAXIMUM")
        rings = self.public_url and "starship" in self.suppliers
        if rings and not self.starship_webhook_secret.get_secret_value():
            raise ValueError(
                "STARSHIP_WEBHOOK_SECRET: Field required while PUBLIC_URL is set; its messages are checked"
            )
        if Method.OCPAY in self.payment_methods and "oneclickdz" not in self.suppliers:
            raise ValueError(
                "PAYMENT_METHODS: ocpay belongs to the OneClickDz key; SUPPLIERS lacks it"
            )
        if Method.STARS in self.payment_methods and not to_minor(self.stars_dinars):
            raise ValueError("STARS_DINARS: Field required while PAYMENT_METHODS has stars")
        return self


def load_settings(**overrides: Any) -> Settings:
    """Raises SettingsError, which names every setting that is missing or wrong, all at once."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_input=False, include_url=False, include_context=False):
            name = ".".join(str(part) for part in problem["loc"][:1]).upper()
            message = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {message}" if name else message)
        raise SettingsError("\n".join(lines)) from None
