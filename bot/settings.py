"""Settings from the environment or a `.env` file. Errors name fields and rules, never a value."""

import os
from collections.abc import Iterator
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.domain.money import to_minor
from bot.domain.payments import Method, StarRate
from bot.domain.pricing import Markup, PricingPolicy
from bot.domain.records import Locale
from bot.env_file import EnvFileError, read_env_file
from bot.payment_settings import PaymentSettings
from bot.secret_files import names_of_files, read_secret, read_secret_files
from bot.services.shared_prices import LONGEST_SHARED_SECONDS
from bot.services.shop import Policy
from bot.setting_addresses import OptionalListenAddress
from bot.setting_errors import SettingsError, in_words
from bot.setting_names import unknown_in_environment, unknown_in_file
from bot.setting_sources import FileSource, tidy
from bot.setting_types import (
    DatabaseUrl,
    DaysBefore,
    Dinars,
    Duration,
    EncryptionKeys,
    Folder,
    Money,
    Names,
    OptionalTimeOfDay,
    Percent,
    TelegramIds,
    TimeOfDay,
    Whole,
    ZoneName,
)
from bot.supplier_settings import SupplierSettings
from bot.telegram_settings import TelegramSettings
from bot.vault import parse_keys

# Telegram lets a bot delete its messages for 48 hours.
_LONGEST_VISIBLE: Final = timedelta(hours=48)
_LONGEST_QUOTE: Final = timedelta(hours=24)
_LONGEST_SHARED: Final = timedelta(seconds=LONGEST_SHARED_SECONDS)


class Settings(TelegramSettings, SupplierSettings, PaymentSettings):
    """Every setting of the shop.

    `docs/settings.md` is made from their descriptions (`make docs`).
    """

    model_config = SettingsConfigDict(
        extra="ignore",
        hide_input_in_errors=True,
        frozen=True,
    )

    admin_ids: TelegramIds = Field(
        min_length=1,
        description="Telegram ids of the operators, separated by commas. `/start` shows nobody's id; @userinfobot "
        "does. Each operator has to write `/start` to the bot once: before that Telegram delivers no alerts.",
    )
    hanout_keys_file: Path | None = Field(
        None,
        description="A file that holds the text of `HANOUT_KEYS`, for secrets that are mounted as files. It is read "
        "only where `HANOUT_KEYS` is empty.",
    )
    secrets_folder: Path | None = Field(
        None,
        description="A folder with a file for each setting that should not stand in the environment, named after it: "
        "`telegram_token`, `database_url`, `hanout_keys`. What is in such a file wins over the environment and over "
        "`.env`. Docker and Kubernetes mount secrets like this; the shop's user must be able to read them.",
    )
    hanout_keys: EncryptionKeys = Field(
        SecretStr(""),
        validate_default=True,
        description="The keys that codes, waiting updates and backups are encrypted with: `id:key`, the newest first, "
        "separated by commas, as `hanout keys new` prints them. Required unless `HANOUT_KEYS_FILE` is set. Keep a "
        "copy away from this machine: without the keys the codes cannot be read, with them anybody can read them.",
    )
    database_url: DatabaseUrl = Field(
        "sqlite:///data/hanout.db",
        description="The database: SQLite in a folder of its own, or `postgresql://user@host/name` with the extra "
        "`postgres` (`pip install 'hanout[postgres]'`).",
    )
    markup_percent: Percent = Field(
        Decimal(8),
        ge=0,
        le=1000,
        description="Percent added to the supplier's price. A price is cost × (1 + percent) + fixed, at least cost + "
        "margin, rounded up to the step. `/markup` overrides percent and fixed amount for a category, product or value.",
    )
    markup_fixed: Money = Field(
        Decimal(0), description="Dinars added to each code after the percentage."
    )
    price_step: Dinars = Field(
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
    max_quantity: Whole = Field(10, ge=1, le=500, description="Most codes in one order.")
    stock_reserve: Whole = Field(
        0,
        ge=0,
        le=1_000_000,
        description="This many codes of each value are left to the supplier's other customers: a value counts as sold "
        "out when no more than these remain.",
    )
    catalogue_hidden: Names = Field(
        frozenset({"mobile & internet"}),
        description="Categories that are not shown, by the supplier's names or the shop's own, separated by commas. "
        "Upper and lower case do not matter.",
    )
    new_products: Literal["shown", "hidden"] = Field(
        "shown",
        description="New products of a supplier: `shown` at once, after all others, or `hidden` until an operator "
        "shows them with /catalogue. An alert tells of them, one a day. A supplier's first catalogue is shown.",
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
    price_shared_for: Annotated[Duration, Field(le=_LONGEST_SHARED)] = Field(
        timedelta(seconds=30),
        description="An order is bought with the prices and stock of its product that were asked so short a time "
        "ago, for whomever; older ones are asked again first. Longer saves calls in a rush; a price that rises "
        "within this time is paid by the shop.",
    )
    quote_lifetime: Annotated[Duration, Field(le=_LONGEST_QUOTE)] = Field(
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
    reveals_per_order: Whole = Field(
        3,
        ge=0,
        le=1000,
        description="How often the codes of one order can be shown again. 0: they are shown strictly once.",
    )
    reveals_per_hour: Whole = Field(
        20,
        ge=1,
        le=1000,
        description="How often one customer can have codes shown again within an hour.",
    )
    protect_content: bool = Field(
        default=False,
        description="`true` forbids forwarding and saving messages with codes. Nobody has confirmed that copy buttons "
        "work then.",
    )
    expiry_reminders: DaysBefore = Field(
        frozenset({30, 7, 1}),
        description="Days before codes expire on which their customer is told, from 1 to 366, separated by commas. "
        "Empty: never. Each customer can switch them off.",
    )
    news_per_week: Whole = Field(
        2,
        ge=1,
        le=7,
        description="The most messages of `/news` that one customer gets in a week; never two in a day. Each of them "
        "has a button to get no more.",
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
    nightly_at: TimeOfDay = Field(
        time(3, 30),
        description="When the backup and then the audit run, in `TIME_ZONE`. A night that was missed is made up for.",
    )
    closing_at: OptionalTimeOfDay = Field(
        None,
        description="When the day's figures are sent, in `TIME_ZONE`, to whoever may see `/stats`, such as `22:00`; "
        "empty: never. What is left of the day after an evening time is in no closing; a time before noon, such as "
        "`00:05`, sends the figures of the whole day before. A shop that was down then sends them when it is back on the "
        "same day.",
    )
    backup_folder: Folder = Field(
        Path("data/backups"),
        description="Where backups are written, encrypted with `HANOUT_KEYS`. Copy them to another machine too.",
    )
    backups_kept: Whole = Field(
        14,
        ge=0,
        le=10_000,
        description="Of how many nights the newest backup of that folder is kept; others are removed after each "
        "new one. 0: no backup is made at night.",
    )
    support_contact: str = Field(
        "",
        max_length=200,
        description="Shown to customers by `/paysupport`, for example `@yourname`.",
    )
    default_language: Literal["en", "fr", "ar"] = Field(
        "en",
        description="`en`, `fr` or `ar`: what people read whose Telegram is in none of these languages, until they "
        "choose with `/language`.",
    )
    time_zone: ZoneName = Field(
        "Africa/Algiers",
        description='The time zone of dates, of `NIGHTLY_AT`, and of "today" in `/stats`.',
    )
    watch_listen: OptionalListenAddress = Field(
        "",
        description="Address and port at which `hanout run` answers those who watch it: `/livez`, `/readyz` and "
        "`/metrics`. They ask for no password, so let only your own machines reach it. Empty: no port is opened. "
        "The container's image sets `127.0.0.1:9464`, the manifests for Kubernetes `0.0.0.0:9464`.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="The least important messages that are logged."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="How a line of the log is written."
    )

    def keys(self) -> dict[str, bytes]:
        """The encryption keys by their ids, the newest first.

        Raises SettingsError where the file cannot be read.
        """
        if self.hanout_keys.get_secret_value():
            return parse_keys(self.hanout_keys.get_secret_value())
        try:
            return parse_keys(read_secret(self.hanout_keys_file or Path()))
        except OSError as error:
            raise SettingsError(
                f"HANOUT_KEYS_FILE: the file cannot be read: {error.strerror}"
            ) from None
        except UnicodeDecodeError:
            raise SettingsError("HANOUT_KEYS_FILE: the file is no text") from None
        except ValueError as error:
            raise SettingsError(f"HANOUT_KEYS_FILE: {error}") from None

    def secrets(self) -> tuple[str, ...]:
        """The values that a log must never show."""
        keys = self.hanout_keys.get_secret_value().split(",")
        parts = [key.partition(":")[2].strip() for key in keys]  # `id:key`
        given = [value for name, value in self if name != "hanout_keys"]
        single = [value.get_secret_value() for value in given if isinstance(value, SecretStr)]
        return (*self.telegram_secrets(), *single, *parts)

    def policy(self) -> Policy:
        """The settings that the services read; amounts in minor units."""
        return Policy(
            backups_kept=self.backups_kept,
            admin_ids=self.admin_ids,
            pricing=PricingPolicy(
                Markup(self.markup_percent, to_minor(self.markup_fixed)),
                to_minor(self.price_step),
                to_minor(self.minimum_margin),
            ),
            max_quantity=self.max_quantity,
            stock_reserve=self.stock_reserve,
            hidden_categories=self.catalogue_hidden,
            hides_new_products=self.new_products == "hidden",
            quote_lifetime=self.quote_lifetime,
            catalogue_lifetime=self.catalogue_lifetime,
            price_lifetime=self.price_lifetime,
            price_shared_for=self.price_shared_for,
            codes_visible_for=self.codes_visible_for,
            shown_again_for=self.codes_shown_again_for,
            reveals_per_order=self.reveals_per_order,
            reveals_per_hour=self.reveals_per_hour,
            balance_alert_minor=to_minor(self.balance_alert),
            balance_floor_minor=to_minor(self.balance_floor),
            return_unbought_after=self.return_unbought_after,
            time_zone=ZoneInfo(self.time_zone),
            default_locale=Locale(self.default_language),
            nightly_at=self.nightly_at,
            payment_window=self.payment_window,
            expiry_reminders=self.expiry_reminders,
            confirm_above_minor=to_minor(self.confirm_above),
            daily_cap_minor=to_minor(self.operator_daily_cap),
            star_rate=StarRate(to_minor(self.stars_dinars)) if self.stars_dinars else None,
            transfer_instructions=self.transfer_instructions(),
            closing_at=self.closing_at,
            own_least_life=self.own_least_life,
            manager_price_step=self.manager_price_step,
            news_per_week=self.news_per_week,
        )

    def ring_address(self, method: Method) -> str:
        """Where a provider of payments sends its webhook messages; empty where none can come."""
        return f"{self.public_url.rstrip('/')}/webhooks/pay/{method}" if self.public_url else ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """`.env` is read by bot/env_file.py: the library passes over what it cannot read."""
        return init_settings, env_settings, FileSource(settings_cls)

    @model_validator(mode="before")
    @classmethod
    def _read_secrets(cls, given: dict[str, Any]) -> dict[str, Any]:
        folder = given.get("secrets_folder")
        if folder:
            given = {**given, **read_secret_files(Path(folder), cls.model_fields)}
        return {name: tidy(value, cls.model_fields.get(name)) for name, value in given.items()}

    @model_validator(mode="after")
    def _check_together(self) -> "Settings":
        found = [
            *self.telegram_contradictions(),
            *self.supplier_contradictions(),
            *self.payment_contradictions(),
            *self._contradictions(),
        ]
        if found:
            raise ValueError("\n".join(found))
        return self

    def _contradictions(self) -> Iterator[str]:
        if Method.OCPAY in self.payment_methods and "oneclickdz" not in self.suppliers:
            yield "PAYMENT_METHODS: ocpay belongs to the OneClickDz key; SUPPLIERS lacks it"
        bot_id = self.telegram_token.get_secret_value().partition(":")[0]
        if bot_id in map(str, self.admin_ids):
            yield "ADMIN_IDS: has the bot's own id; put a person's there; @userinfobot tells it"
        if self.balance_floor > self.balance_alert > 0:
            yield (
                "BALANCE_FLOOR: must not be above BALANCE_ALERT: operators are to be told before selling stops"
            )
        is_served = self.public_url or self.telegram_webhook_url
        ports = {each.rpartition(":")[2] for each in (self.watch_listen, self.webhook_listen)}
        if self.watch_listen and is_served and len(ports) == 1:
            yield "WATCH_LISTEN: must have another port than WEBHOOK_LISTEN"


def load_settings(**overrides: Any) -> Settings:
    """Raises SettingsError, which names every setting that is missing or wrong, all at once."""
    try:
        lines = [*_strange_names()]
        settings = Settings(**overrides)
    except EnvFileError as error:
        raise SettingsError(str(error)) from None
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            name = str(problem["loc"][0]).upper() if problem["loc"] else ""
            lines.append(in_words(name, problem, Settings.model_fields.get(name.lower())))
        raise SettingsError("\n".join(lines)) from None
    if lines:
        raise SettingsError("\n".join(lines))
    return settings


def _strange_names() -> Iterator[str]:
    """What is wrong with `.env` as a file, and names that are no setting's."""
    file = read_env_file()
    yield from file.problems
    known = {name.upper() for name in Settings.model_fields}
    yield from unknown_in_file(file.values, file.lines, known)
    # Whoever has a secret has a prefix that no other program uses: TELEGRAM, HANOUT, the suppliers.
    secrets = [n for n, f in Settings.model_fields.items() if f.annotation is SecretStr]
    prefixes = {name.partition("_")[0].upper() for name in secrets}
    yield from unknown_in_environment(os.environ, known, prefixes, "in the environment")
    folder = os.environ.get("SECRETS_FOLDER") or file.values.get("SECRETS_FOLDER")
    if folder:
        names = names_of_files(Path(folder))
        yield from unknown_in_environment(names, known, prefixes, "in SECRETS_FOLDER")
