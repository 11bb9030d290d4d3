"""Which names are meant as settings, and the known one that an unknown one is nearest to."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

# In `.env`, what is read by others: Compose, libpq, the images and programs of deploy/, the libraries.
_FOREIGN: Final = re.compile(
    r"COMPOSE_\w+|DOCKER_\w+|BUILDKIT_\w+|PG[A-Z]+|POSTGRES_\w+|LITESTREAM_\w+|AWS_\w+|PYTHON\w+"
    r"|SSL_CERT_(FILE|DIR)|(HTTPS?|ALL|NO)_PROXY|TZ|LANG|LC_\w+|PATH|HOME|TMPDIR|P?[UG]ID"
    r"|RSYNC_RSH|HANOUT|HANOUT_COPY_TO|HANOUT_DATABASE|HANOUT_REPLICA(_\w+)?"
    r"|TELEGRAM_API_(ID|HASH)|NEW_URL"
)
# A database that only `hanout move env:NAME` reads.
_DATABASE: Final = re.compile(r"(sqlite|postgres)[\w+]*://")
# What Kubernetes and Docker's links put into the environment for each service of that name.
_SERVICE: Final = re.compile(
    r"\w+_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)\w*)?)"
)
# What the prompt of the shell that is called Starship puts into each shell; none of it belongs to the supplier.
_PROMPT: Final = re.compile(r"STARSHIP_(SHELL|SESSION_KEY|CONFIG|CACHE|LOG|PREEXEC_READY|\w+_TIME)")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SHOWN: Final = re.compile(r"[A-Z][A-Z0-9_]{0,39}|[a-z][a-z0-9_]{0,39}")
_NEAR: Final = 0.75
_HARDLY_ANOTHER: Final = 0.9


def unknown_in_file(
    values: Mapping[str, str], lines: Mapping[str, int], known: Collection[str]
) -> Iterator[str]:
    """A sentence for each name of `.env` that is no setting. The file is the shop's own."""
    for name, value in values.items():
        upper = name.upper()
        if not _NAME.fullmatch(name) or upper in known or _FOREIGN.fullmatch(upper):
            continue
        near = _nearest(upper, known, _NEAR)
        if _DATABASE.match(value) and not _nearest(upper, known, _HARDLY_ANOTHER):
            continue
        where = f"line {lines.get(upper, 0)} of .env"
        if not _SHOWN.fullmatch(name):
            yield f".env: {where.removesuffix(' of .env')} has a name that is no setting's"
        elif near:
            yield f"{name}: no setting has this name ({where}); {near} has, is that meant?"
        else:
            yield f"{name}: no setting has this name ({where}); docs/settings.md has them all"


def unknown_in_environment(
    values: Collection[str], known: Collection[str], prefixes: Collection[str], where: str
) -> Iterator[str]:
    """A sentence for each name that only a setting of the shop can be meant by.

    Those are names with one of the shop's own prefixes, and such as hardly differ from a setting that
    is not set. All others belong to other programs.
    """
    given = {name.upper() for name in values}
    for name in sorted(given):
        if name in known or any(each.fullmatch(name) for each in (_FOREIGN, _SERVICE, _PROMPT)):
            continue
        alike = _nearest(name, known, _HARDLY_ANOTHER)
        is_ours = name.startswith(tuple(f"{prefix}_" for prefix in prefixes))
        if not is_ours and (not alike or alike in given):
            continue
        near = alike or _nearest(name, known, _NEAR)
        hint = f"; {near} has, is that meant?" if near else "; docs/settings.md has them all"
        yield f"{name}: no setting has this name ({where}){hint}"


def _nearest(name: str, known: Collection[str], cutoff: float) -> str | None:
    found = difflib.get_close_matches(name, known, n=1, cutoff=cutoff)
    return found[0] if found else None
