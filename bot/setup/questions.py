"""The questions of `hanout setup`, in their order, as data: when each is asked, its default and its check."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.domain.payments import Method
from bot.setup.checks import (
    Check,
    check_bot,
    check_chargily,
    check_ocpay,
    check_oneclickdz,
    check_starship,
)
from bot.setup.draft import Draft, default_of, is_secret
from bot.setup.places import (
    check_backups,
    check_database,
    check_keys,
    has_shop,
    have_other_keys,
    look_for_shop,
)
from bot.setup.setting_pairs import today

Applies = Callable[[Draft], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that are offered by numbers; its text is `setup-choice-<value>`."""

    value: str
    rule: bool = False  # whether it has a rule of its own, `setup-rule-<value>`


@dataclass(frozen=True, slots=True)
class Question:
    """`key` is the end of its texts' keys: setup-ask-…, setup-help-…, setup-wrong-…."""

    name: str
    key: str
    applies: Applies = lambda _draft: True
    default: Callable[[Draft], str] = lambda _draft: ""
    check: Check | None = None
    choices: tuple[Choice, ...] = ()
    many: bool = False  # several choices, or none
    optional: bool = False

    @property
    def hidden(self) -> bool:
        return is_secret(self.name)


def _has(supplier: str) -> Applies:
    return lambda draft: supplier in _listed(draft, "SUPPLIERS")


def _pays(method: Method) -> Applies:
    return lambda draft: method in _listed(draft, "PAYMENT_METHODS")


def _listed(draft: Draft, name: str) -> list[str]:
    text = draft.get(name) or default_of(name)
    return [part.strip().lower() for part in text.replace("\u060c", ",").split(",")]


def _default(name: str) -> Callable[[Draft], str]:
    return lambda _draft: default_of(name)


def _instructions(language: str) -> Applies:
    """In the shop's default language, where another one does not have them."""

    def applies(draft: Draft) -> bool:
        if not _pays(Method.TRANSFER)(draft):
            return False
        there = [each for each in ("en", "fr", "ar") if draft.get(_instructions_in(each))]
        return language == next(iter(there), draft.get("DEFAULT_LANGUAGE") or "en")

    return applies


def _lacks_its_keys(draft: Draft) -> bool:
    """Whether there surely is a shop in the database, and its keys are not here."""
    if draft.is_mounted("HANOUT_KEYS"):
        return False
    keys = draft.get("HANOUT_KEYS")
    if not keys or draft.is_wrong("HANOUT_KEYS", keys):
        return has_shop(draft)
    return have_other_keys(draft)


def _may_lack_its_keys(draft: Draft) -> bool:
    """Whether a new key could shut out what is in a database that nobody can look at now."""
    has_keys = draft.get("HANOUT_KEYS") or draft.is_mounted("HANOUT_KEYS")
    return not has_keys and look_for_shop(draft) is None


def _instructions_in(language: str) -> str:
    return f"TRANSFER_INSTRUCTIONS_{language.upper()}"


QUESTIONS: Final[tuple[Question, ...]] = (
    Question("TELEGRAM_TOKEN", "token", check=check_bot),
    Question("ADMIN_IDS", "operators"),
    Question(
        "SUPPLIERS",
        "suppliers",
        default=_default("SUPPLIERS"),
        choices=(Choice("oneclickdz"), Choice("starship")),
        many=True,
    ),
    Question(
        "ONECLICKDZ_API_KEY",
        "oneclickdz-key",
        applies=_has("oneclickdz"),
        check=check_oneclickdz,
    ),
    Question("STARSHIP_API_KEY", "starship-key", applies=_has("starship")),
    Question(
        "STARSHIP_API_SECRET", "starship-secret", applies=_has("starship"), check=check_starship
    ),
    Question("STARSHIP_DINARS", "starship-dinars", applies=_has("starship")),
    Question(
        "STARSHIP_DINARS_SINCE",
        "starship-since",
        applies=_has("starship"),
        default=lambda _draft: today(),
    ),
    Question("MARKUP_PERCENT", "markup", default=_default("MARKUP_PERCENT")),
    Question(
        "DEFAULT_LANGUAGE",
        "language",
        default=lambda draft: draft.language,
        choices=(Choice("en"), Choice("fr"), Choice("ar")),
    ),
    Question(
        "PAYMENT_METHODS",
        "payments",
        choices=tuple(Choice(method, rule=True) for method in Method),
        many=True,
        optional=True,
        check=check_ocpay,
    ),
    *(
        Question(_instructions_in(each), "transfer", applies=_instructions(each))
        for each in ("en", "fr", "ar")
    ),
    Question("STARS_DINARS", "stars", applies=_pays(Method.STARS)),
    Question(
        "CHARGILY_SECRET_KEY",
        "chargily-key",
        applies=_pays(Method.CHARGILY),
        check=check_chargily,
    ),
    Question("DATABASE_URL", "database", default=_default("DATABASE_URL"), check=check_database),
    # A new shop is not asked for keys: they are made.
    Question("HANOUT_KEYS", "keys", applies=_lacks_its_keys, check=check_keys),
    Question("HANOUT_KEYS", "keys-unseen", applies=_may_lack_its_keys),
    Question("BACKUP_FOLDER", "backups", default=_default("BACKUP_FOLDER"), check=check_backups),
)
