"""Purchase requests as sent to suppliers, one for each order, to be sent again unchanged."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.orders import Order
from bot.domain.supplier import PurchaseRequest
from storage.repositories.base import Repository
from storage.tables import purchase_requests


class PurchaseRequestRepository(Repository):
    async def save(self, order_id: int, request: PurchaseRequest, now: datetime) -> None:
        """Keep the request about to be sent for an order.

        A second call replaces the first request: only an order whose earlier request was certainly
        refused gets a new one.
        """
        values = {"reference": request.reference, "body": request.body, "at": now}
        await self._db.execute(
            self.insert(purchase_requests)
            .values(order_id=order_id, **values)
            .on_conflict_do_update(index_elements=["order_id"], set_=values)
        )

    async def last(self, order: Order) -> PurchaseRequest | None:
        """The request that was last sent for an order. None if its supplier takes no reference."""
        kept = purchase_requests.c
        found = await self._db.execute(
            select(kept.reference, kept.body).where(kept.order_id == order.id)
        )
        row = found.one_or_none()
        return PurchaseRequest(order.purchase, *row) if row else None

    async def known(self, references: Sequence[str]) -> set[str]:
        """Those of the references that a request of ours has."""
        found = await self._db.execute(
            select(purchase_requests.c.reference).where(
                purchase_requests.c.reference.in_(references)
            )
        )
        return set(found.scalars())
