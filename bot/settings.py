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
    """Every setting of the shop. `docs/settings.md` is made from their descriptions (`make docs`)."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        hide_input_in_errors=True,
        frozen=True,
    )

    telegram_token: Annotated[SecretStr, AfterValidator(_token)] = Field(
        description="The bot's token, as @BotFather gave it."
    )
    admin_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_ids)] = Field(
        min_length=1,
        description="Telegram ids of the operators, separated by commas. `/start` shows nobody's id; @userinfobot "
        "does. Each operator has to write `/start` to the bot once: before that Telegram delivers no alerts.",
    )
    suppliers: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_suppliers)] = Field(
        ("oneclickdz",),
        min_length=1,
        description="Which suppliers the shop buys from, separated by commas: `oneclickdz`, `starship`. "
        "A supplier that is removed while paid orders wait there leaves them waiting; `hanout doctor` says so.",
    )
    oneclickdz_api_key: _NeededSecret = Field(
        SecretStr(""),
        description="The OneClickDz API key, from its dashboard: scope READ-WRITE, with your server's address on "
        "its allow-list. Required while `SUPPLIERS` has `oneclickdz`.",
    )
    starship_api_key: _NeededSecret = Field(
        SecretStr(""),
        description="The Starship API key (`sk_live_…`, or `sk_test_…` for the playground). Required while "
        "`SUPPLIERS` has `starship`.",
    )
    starship_api_secret: _NeededSecret = Field(
        SecretStr(""),
        description="The secret that belongs to `STARSHIP_API_KEY`. Required while `SUPPLIERS` has `starship`.",
    )
    hanout_keys_file: Path | None = Field(
        None,
        description="A file that holds the text of `HANOUT_KEYS`, for secrets that are mounted as files. It is read "
        "only where `HANOUT_KEYS` is empty.",
    )
    hanout_keys: Annotated[SecretStr, AfterValidator(_keys)] = Field(
        SecretStr(""),
        validate_default=True,
        description="The keys that codes, waiting updates and backups are encrypted with: `id:key`, the newest first, "
        "separated by commas, as `hanout keys new` prints them. Required unless `HANOUT_KEYS_FILE` is set. Keep a "
        "copy away from this machine: without the keys the codes cannot be read, with them anybody can read them.",
    )

    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite:///data/hanout.db",
        description="The database: SQLite in a folder of its own, or `postgresql://user@host/name` with the extra "
        "`postgres` (`pip install 'hanout[postgres]'`).",
    )
    telegram_api_url: Annotated[str, AfterValidator(_http)] = Field(
        "https://api.telegram.org",
        description="Where the Bot API is: scheme and host only, `/bot<token>/…` is added.",
    )
    oneclickdz_base_url: Annotated[str, AfterValidator(_supplier_url)] = Field(
        "https://api.oneclickdz.com/v3",
        description="The address of the OneClickDz API. It ends in `/v3`.",
    )
    oneclickdz_calls_per_minute: int = Field(
        0,
        ge=0,
        le=100_000,
        description="How many calls a minute OneClickDz allows; the shop uses at most 80 % of it. 0 takes the "
        "published limit: 60 for sandbox keys, 120 for production keys.",
    )
    oneclickdz_timeout: Duration = Field(
        timedelta(seconds=30),
        description="How long an answer of OneClickDz is waited for. A purchase whose answer does not come is searched "
        "for in the supplier's list of orders, never sent again.",
    )

    starship_base_url: Annotated[str, AfterValidator(_http), AfterValidator(_same_environment)] = (
        Field(
            _STARSHIP_PRODUCTION,
            validate_default=True,
            description="The address of the Starship API: `https://api-playground.starshiprewards.com` with a key for "
            "tests. A key of the other environment is refused at start.",
        )
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
    starship_dinars: Annotated[Decimal, AfterValidator(_needed)] = Field(
        Decimal(0),
        ge=0,
        le=10**6,
        validate_default=True,
        description="What one unit of the wallet's currency costs in dinars. Prices are computed with it, so renew it "
        "when the rate moves. Required while `SUPPLIERS` has `starship`.",
    )
    starship_dinars_since: Annotated[date | None, AfterValidator(_needed)] = Field(
        None,
        validate_default=True,
        description="The date of that rate, such as `2026-11-01`; `/balance` shows both. Required while `SUPPLIERS` "
        "has `starship`.",
    )
    starship_step: Decimal = Field(
        Decimal(1),
        gt=0,
        le=10**4,
        description="The step between the values that a customer may type, in the value's own currency, where "
        "Starship names none.",
    )
    starship_delivery_types: Annotated[frozenset[str], NoDecode, BeforeValidator(_list)] = Field(
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
    starship_calls_per_ten_seconds: int = Field(
        20,
        ge=1,
        le=100_000,
        description="How many calls in ten seconds Starship allows; the shop uses at most 80 % of it.",
    )
    starship_timeout: Duration = Field(
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
    public_url: str = Field(
        "",
        pattern=r"^(https://[^/\s]+.*)?$",
        description="The https address at which suppliers reach this machine. Where it is set, `hanout run` serves "
        "`/webhooks/starship`; empty, no port is opened.",
    )
    webhook_listen: Annotated[str, AfterValidator(_address)] = Field(
        "127.0.0.1:8080",
        description="Address and port at which webhooks are served while `PUBLIC_URL` is set. Your proxy passes "
        "`/webhooks/` on to it.",
    )

    markup_percent: Decimal = Field(
        Decimal(8),
        ge=0,
        le=1000,
        description="Percent added to the supplier's price. A price is cost × (1 + percent) + fixed, at least cost + "
        "margin, rounded up to the step. `/markup` overrides percent and fixed amount for a category, product or value.",
    )
    markup_fixed: Money = Field(
        Decimal(0), description="Dinars added to each code after the percentage."
    )
    price_step: Decimal = Field(
        Decimal(10),
        gt=0,
        le=10**6,
        description="Prices are rounded up to a multiple of this many dinars.",
    )
    minimum_margin: Money = Field(
        Decimal(10),
        description="The least that a code earns, in dinars: no price is below its cost plus this, and an order whose "
        "cost has risen beyond it is not bought but returned.",
    )
    max_quantity: int = Field(10, ge=1, le=500, description="Most codes in one order.")
    stock_reserve: int = Field(
        0,
        ge=0,
        description="This many codes of each value are left to the supplier's other customers: a value counts as sold "
        "out when no more than these remain.",
    )
    catalogue_hidden: Annotated[frozenset[str], NoDecode, BeforeValidator(_list)] = Field(
        frozenset({"mobile & internet"}),
        description="Categories that are not shown, by the supplier's names, separated by commas. Upper and lower case "
        "do not matter.",
    )
    catalogue_lifetime: Duration = Field(
        timedelta(hours=24),
        description="After this time the supplier's catalogue is fetched again. While that fails the last copy is "
        "sold from; operators are alerted where it gets twice as old.",
    )
    price_lifetime: Duration = Field(
        timedelta(seconds=60),
        description="After this time prices and stock of a product are asked again when somebody opens it.",
    )
    quote_lifetime: Duration = Field(
        timedelta(minutes=10), description="How long the price on a confirm screen holds."
    )

    codes_visible_for: Annotated[Duration, Field(lt=_LONGEST_VISIBLE)] = Field(
        timedelta(hours=24),
        description="How long delivered codes stay in the chat; then their message is turned into a receipt.",
    )
    codes_shown_again_for: Annotated[Duration, Field(lt=_LONGEST_VISIBLE)] = Field(
        timedelta(minutes=10),
        description="The same for codes that a customer has shown again from `/orders`.",
    )
    reveals_per_order: int = Field(
        3,
        ge=0,
        description="How often the codes of one order can be shown again. 0: they are shown strictly once.",
    )
    reveals_per_hour: int = Field(
        20, ge=1, description="How often one customer can have codes shown again within an hour."
    )
    protect_content: bool = Field(
        default=False,
        description="`true` forbids forwarding and saving messages with codes. Nobody has confirmed that copy buttons "
        "work then.",
    )
    expiry_reminders: Annotated[frozenset[int], NoDecode, BeforeValidator(_days)] = Field(
        frozenset({30, 7, 1}),
        description="Days before codes expire on which their customer is told, from 1 to 366, separated by commas. "
        "Empty: never. Each customer can switch them off.",
    )

    balance_alert: Money = Field(
        Decimal(5000),
        description="Operators are alerted when a supplier's balance is below this many dinars.",
    )
    balance_floor: Money = Field(
        Decimal(0),
        description="Below this many dinars nothing new of that supplier is sold, until its balance is topped up.",
    )
    return_unbought_after: Duration = Field(
        timedelta(hours=2),
        description="A paid order that could not be bought for this long is ended, and its money goes back to the "
        "customer's wallet.",
    )

    nightly_at: Annotated[time, BeforeValidator(_time)] = Field(
        time(3, 30),
        description="When the backup and then the audit run, in `TIME_ZONE`. A night that was missed is made up for.",
    )
    backup_folder: Path = Field(
        Path("data/backups"),
        description="Where backups are written, encrypted with `HANOUT_KEYS`. Copy them to another machine too.",
    )
    backups_kept: int = Field(
        14,
        ge=0,
        le=10_000,
        description="How many backups of that folder are kept; older ones are removed after each new one. "
        "0: no backup is made at night.",
    )

    payment_methods: Annotated[tuple[Method, ...], NoDecode, BeforeValidator(_methods)] = Field(
        (),
        description="Payment methods that customers are offered, separated by commas, in the order of their buttons: "
        "`transfer`, `ocpay`, `stars`. Empty: only `/credit` fills wallets. `ocpay` needs no setting of its own, but "
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
    stars_dinars: Decimal = Field(
        Decimal(0),
        ge=0,
        le=10_000,
        description="`stars`: the dinars that one Star puts into a wallet. Telegram pays about 0.013 USD for one, weeks "
        "later. Required while `PAYMENT_METHODS` has `stars`.",
    )
    stars_maximum: int = Field(
        10_000,
        ge=1,
        le=100_000,
        description="`stars`: most Stars on one bill. Telegram does not publish its own limit.",
    )
    payment_window: Duration = Field(
        timedelta(hours=24),
        description="How long an order without enough money in the wallet waits for the rest, its price frozen.",
    )
    confirm_above: Money = Field(
        Decimal(100_000),
        description="`/credit` and `/refund` of more than this many dinars ask for a confirmation. 0: always.",
    )
    operator_daily_cap: Money = Field(
        Decimal(0),
        description="Most dinars that one operator may move in a day of `TIME_ZONE`: credits, refunds, accepted "
        "payments and Stars given back, together. 0: no limit.",
    )

    support_contact: str = Field(
        "", description="Shown to customers by `/paysupport`, for example `@yourname`."
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        "Africa/Algiers",
        description='The time zone of dates, of `NIGHTLY_AT`, and of "today" in `/stats`.',
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="The least important messages that are logged."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="How a line of the log is written."
    )

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
