"""How the codes of each brand are redeemed, and on which accounts they work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

_UNTRIED: Final = ("unsure", "none")  # certainties of what is not shown
_ANYWHERE: Final = "global"
_UNKNOWN: Final = "unknown"


class Scope(StrEnum):
    """What of the customer has to agree with the region of a code."""

    COUNTRY = "country"  # of the account
    CURRENCY = "currency"  # of the account
    SERVER = "server"  # of the game account
    MARKETPLACE = "marketplace"
    ZONE = "zone"
    LINE = "line"  # a SIM card of this brand
    ACCOUNT = "account"  # any account
    ISSUER = "issuer"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class GuideText:
    """A guide in one language: the rule of the region, the steps in order, what to check."""

    region: str
    steps: tuple[str, ...]
    fails: str


@dataclass(frozen=True, slots=True)
class Guide:
    """How codes of one brand are used. `url` and `dial` are empty where none is sure."""

    brand: str
    name: str
    scope: Scope
    is_locked: bool  # a code of another region does not work
    url: str = ""
    dial: str = ""  # what a phone dials; `{code}` in it stands for the code
    urls: Mapping[str, str] = field(default_factory=dict)  # by two letters of a region
    texts: Mapping[str, GuideText] = field(default_factory=dict)  # by language

    def url_in(self, region: str) -> str:
        """The brand's own page, of this region where it has one."""
        return self.urls.get(region.upper(), self.url)

    def rule_in(self, region: str) -> Scope | None:
        """What has to agree with this region for a code to work; None where anything does.

        Also None where the region is not known, or the code works everywhere: then nothing true
        can be said. A phone line has to be the brand's own whatever the region.
        """
        if not self.is_locked or self.scope in (Scope.ACCOUNT, Scope.ISSUER, Scope.NONE):
            return None
        if region in (_ANYWHERE, _UNKNOWN, "") and self.scope is not Scope.LINE:
            return None
        return self.scope


class Guides:
    """The guides of all brands. Made once; nothing in it changes."""

    def __init__(
        self, guides: Mapping[str, Guide] | None = None, unsold: frozenset[str] = frozenset()
    ) -> None:
        self._guides: Final = dict(guides or {})
        self.unsold: Final = unsold  # brands that are kept off the shelf

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "Guides":
        """From the tables of locales/content/redeem.toml."""
        brands = content.get("brand", {})
        unsold = frozenset(key for key, entry in brands.items() if not entry.get("sell", True))
        return cls({key: _guide(key, entry) for key, entry in brands.items()}, unsold)

    def of(self, brand: str | None) -> Guide | None:
        """The guide of a brand; None for one that nobody knows."""
        return self._guides.get(brand) if brand else None


def _guide(key: str, entry: Mapping[str, Any]) -> Guide:
    return Guide(
        key,
        entry["name"],
        Scope(entry["region"]),
        entry["region_locked"],
        _sure(entry, "url"),
        _sure(entry, "dial"),
        {region.upper(): url for region, url in entry.get("url_by_region", {}).items()},
        {
            language: GuideText(text["region"], tuple(text["steps"]), text["fails"])
            for language, text in entry.items()
            if isinstance(text, Mapping) and "steps" in text
        },
    )


def _sure(entry: Mapping[str, Any], name: str) -> str:
    """An address or a sequence, unless nobody is sure of it."""
    certainty = entry.get(f"{name}_certainty", "none")
    return "" if certainty in _UNTRIED else str(entry.get(name, ""))
