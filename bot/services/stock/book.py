"""The own stock as its supplier adapter sees it: what is on offer, and reservations for orders."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.alerts import AlertKind
from bot.domain.stock import OwnCode, Reservation, SetAside
from bot.domain.supplier import Card, OfferedCategory, OfferedDenomination, OfferedProduct
from bot.errors import KeyMissing, VaultFailure
from bot.ports import Clock, Vault
from bot.services.codes.own_sealing import open_own, plain_prints_of, prints_of
from storage.repositories.own_codes import Place
from storage.store import Store
from storage.transaction import Transaction


class StockBook:
    """Implements the Stock port. `least_life`: a code that ends sooner is not sold."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, least_life: timedelta) -> None:
        self._store, self._vault, self._clock = store, vault, clock
        self._least_life = least_life

    def _earliest_end(self) -> datetime:
        return self._clock.now() + self._least_life

    async def catalogue(self) -> tuple[OfferedCategory, ...]:
        async with self._store.reading() as tx:
            products = await tx.stock.products(shown=True)
        categories: dict[str, list[OfferedProduct]] = {}
        for one in products:
            offered = OfferedProduct(str(one.id), one.title, one.region)
            categories.setdefault(one.category, []).append(offered)
        return tuple(OfferedCategory(title, tuple(found)) for title, found in categories.items())

    async def offers(self, product_id: int) -> tuple[OfferedDenomination, ...]:
        async with self._store.reading() as tx:
            await tx.stock.product(product_id)
            values = await tx.stock.values(product_id, shown=True)
            on_offer = await tx.stock.on_offer(self._earliest_end())
        offered = []
        for value in values:
            now = on_offer.get(value.id)
            cost, left = (now.cost_minor, now.left) if now else (0, 0)
            face = value.face_minor
            offered.append(
                OfferedDenomination(
                    str(value.id), value.label, cost, left, face, face, currency=value.currency
                )
            )
        return tuple(offered)

    async def reserve(
        self, reference: str, order_id: int, value_id: int, quantity: int
    ) -> Reservation | None:
        return await self._store.write(self._reserve, reference, order_id, value_id, quantity)

    async def _reserve(
        self, tx: Transaction, reference: str, order_id: int, value_id: int, quantity: int
    ) -> Reservation | None:
        value = await tx.stock.lock_value(value_id)
        existing = await tx.own_codes.reservation_of(order_id)
        if existing is not None:
            return existing
        taken = await self._take(tx, value_id, order_id, quantity)
        if len(taken) < quantity:
            return None
        cost = sum(cost for _, cost in taken)
        reservation = Reservation(
            reference, order_id, value_id, value.product_id, quantity, cost, self._clock.now()
        )
        await tx.own_codes.reserve(reservation, [_place(code) for code, _ in taken])
        return reservation

    async def _take(
        self, tx: Transaction, value_id: int, order_id: int, quantity: int
    ) -> Sequence[tuple[OwnCode, int]]:
        """Codes for an order, fewer where not enough are left at its highest cost.

        That is asked here once more: prices are shared for a while, and a repeated request is older
        than what is on sale now.
        Each was opened, and compared with the codes of all orders; what fails that is set aside, also
        where the order then gets none. Raises KeyMissing.
        """
        while True:
            earliest_end = self._earliest_end()
            found = await tx.own_codes.next_on_offer(value_id, order_id, earliest_end, quantity)
            faults: dict[SetAside, list[Place]] = {}
            for code, _ in found:
                fault = await self._fault_of(tx, code)
                if fault is not None:
                    faults.setdefault(fault, []).append(_place(code))
            if not faults:
                return found
            for why, places in faults.items():
                await self._set_aside(tx, places, why)

    async def _fault_of(self, tx: Transaction, code: OwnCode) -> SetAside | None:
        try:
            card = open_own(self._vault, code)
        except KeyMissing:
            raise  # sealed anew beside this process, it is as good as before
        except VaultFailure:
            return SetAside.UNREADABLE
        is_sold = await tx.codes.known_fingerprints(prints_of(self._vault, card), excluding=0)
        # A code that an older version loaded with quotation marks: the one without them is sold instead.
        plain = plain_prints_of(self._vault, card)
        is_twin = bool(plain and await tx.own_codes.known(plain))
        return SetAside.SOLD_ELSEWHERE if is_sold or is_twin else None

    async def _set_aside(self, tx: Transaction, places: list[Place], why: SetAside) -> None:
        now = self._clock.now()
        count = await tx.own_codes.set_aside(places, why, now)
        batches = sorted({batch for batch, _ in places})
        figures = {"count": str(count), "why": str(why), "batch": ", ".join(map(str, batches))}
        key = f"stock_set_aside:{why}:{batches[0]}"
        await tx.alerts.close(key, now)
        await tx.alerts.open(key, AlertKind.STOCK_SET_ASIDE, now, figures)

    async def cards(self, reference: str) -> tuple[Reservation, tuple[Card, ...]]:
        async with self._store.reading() as tx:
            reservation = await tx.own_codes.reservation(reference)
            codes = await tx.own_codes.reserved(reference)
        if reservation.erased_at is not None:
            return reservation, ()
        return reservation, tuple(open_own(self._vault, code) for code in codes)

    async def reservations(self, since: datetime, until: datetime) -> Sequence[Reservation]:
        async with self._store.reading() as tx:
            return await tx.own_codes.reservations(since, until)


def _place(code: OwnCode) -> Place:
    return code.batch_id, code.position
