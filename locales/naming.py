"""Names of categories and regions in the three languages, from locales/content/names.toml and Babel."""

from functools import cache

from babel import Locale

from locales.tables import table

_BABEL = {"en": "en", "fr": "fr", "ar": "ar_DZ"}


def category_name(locale: str, key: str) -> str:
    """A category with its emoji. Raises KeyError for an unknown one."""
    entry = table("names")["category"][key]
    return f"{entry['emoji']} {entry[locale]}"


def region_name(locale: str, key: str, *, short: bool = False) -> str:
    """A region, short for buttons; what neither the table nor Babel knows is named by itself."""
    names = table("names")
    own = names["region"].get(key)
    if own is not None:
        return str(own[locale]["short" if short else "long"])
    if short and key in names["short"]:
        return str(names["short"][key][locale])
    return _territories(locale).get(key, key)


@cache
def _territories(locale: str) -> dict[str, str]:
    return dict(Locale.parse(_BABEL[locale]).territories)
