"""On which accounts a code works, said before it is bought."""

from bot.domain.guides import Guide, Scope
from handlers.screen_builder import ScreenBuilder
from locales.naming import region_name


def region_line(screen: ScreenBuilder, key: str, region: str, guide: Guide | None) -> None:
    """The region of a product: as a rule where it decides whether a code works, else its name.

    `key`: the text of a region that decides nothing.
    """
    name = region_name(screen.words.locale, region)
    scope = guide.rule_in(region) if guide else None
    if guide and scope is Scope.LINE:
        screen.line("rule-line", brand=guide.name)
    elif scope is not None:
        screen.line(f"rule-{scope}", region=name)
    else:
        screen.line(key, region=name)
