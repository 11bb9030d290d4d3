"""What a start does before the sweeps run: each step by itself, so that one odd row stops no start."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

from bot.errors import StorageFailure, StorageOutage
from bot.jobs import run_guarded
from bot.services.catalogue.refresh import load_shelf
from bot.services.codes.showing import end_interrupted_showings
from bot.services.operations.clock import resume_clock
from bot.services.operations.watch import find_unserved_suppliers
from bot.services.orders.place import recover_interrupted
from bot.services.selling.access import forget_access
from bot.services.shop import Shop

_OUTAGE_WAITS_SECONDS: Final = (0.1, 0.2, 0.4, 0.8, 1.6)
_log = logging.getLogger("hanout")


async def prepare(shop: Shop) -> None:
    """Do every step, in order; what one raises is logged, and the next one is done.

    Sweeps do later what a step left: interrupted purchases are found by their age, showings end by
    themselves, keys are asked about, and the shelf is read with the next catalogue. A database that
    is away for a moment is waited for. Raises StorageFailure: without it no shop opens.
    """
    for name, step in STEPS.items():
        for wait in (*_OUTAGE_WAITS_SECONDS, None):
            failure = await run_guarded(f"start: {name}", partial(step, shop))
            if not isinstance(failure, StorageFailure):
                break
            if wait is None or not isinstance(failure, StorageOutage):
                raise failure
            await shop.clock.sleep(wait)


async def _recover(shop: Shop) -> None:
    lost = await recover_interrupted(shop)
    if lost:
        _log.warning("%d purchases were interrupted; they are searched for at the supplier", lost)


async def _name_unserved(shop: Shop) -> None:
    for name in await find_unserved_suppliers(shop.store, shop.suppliers):
        _log.warning("orders wait at %s, which SUPPLIERS leaves out: nobody asks for them", name)


STEPS: Final[Mapping[str, Callable[[Shop], Awaitable[None]]]] = {
    "clock": resume_clock,
    "showings": end_interrupted_showings,
    "interrupted": _recover,
    "suppliers": _name_unserved,
    "access": forget_access,
    "shelf": load_shelf,
}
