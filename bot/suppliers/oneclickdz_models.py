"""Models of OneClickDz replies and their translation into domain types.

Source: the API reference and guides of OneClickDz v3; where field names differ between pages and
clients, all of them are accepted. Unknown fields are ignored. Secrets (codes, the key that the
reply repeats) never appear in a repr or an error text.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from bot.domain.money import to_minor
from bot.domain.supplier import (
    Card,
    Environment,
    KeyInfo,
    Movement,
    OfferedCategory,
    OfferedDenomination,
    OfferedProduct,
    Purchase,
    SupplierOrder,
    SupplierStatus,
)
from bot.suppliers.reading import (
    MAX_AMOUNT,
    Amount,
    Count,
    Id,
    Model,
    Text,
    Title,
    or_empty,
    readable,
)


class ApiKey(Model):
    enabled: bool = Field(True, validation_alias=AliasChoices("isEnabled", "enabled"))
    type: Text = ""
    scope: Text = "READ-WRITE"


class Validated(Model):
    api_key: ApiKey = Field(validation_alias=AliasChoices("apiKey", "key"))

    def to_domain(self) -> KeyInfo:
        # Any type but PRODUCTION counts as a sandbox, which the shop announces to its operators.
        is_production = self.api_key.type.upper() == "PRODUCTION"
        return KeyInfo(
            Environment.PRODUCTION if is_production else Environment.SANDBOX,
            self.api_key.enabled,
            self.api_key.scope.upper().replace("_", "-") != "READ-ONLY",
        )


class CatalogueProduct(Model):
    id: Id = Field(validation_alias=AliasChoices("id", "_id", "productId"), min_length=1)
    title: Title = Field(
        validation_alias=AliasChoices("title", "name", "productTitle"), min_length=1
    )
    region: Title = ""
    enabled: bool | None = True


class CatalogueCategory(Model):
    title: Title = Field(validation_alias=AliasChoices("title", "name"), min_length=1)
    products: Annotated[tuple[CatalogueProduct, ...], readable(CatalogueProduct)] = ()


class Catalogue(Model):
    categories: Annotated[tuple[CatalogueCategory, ...], readable(CatalogueCategory)]

    def to_domain(self) -> tuple[OfferedCategory, ...]:
        return tuple(
            OfferedCategory(
                category.title.strip(),
                tuple(
                    OfferedProduct(p.id, p.title.strip(), p.region.strip(), p.enabled is not False)
                    for p in category.products
                ),
            )
            for category in self.categories
        )


class ProductType(Model):
    id: Id = Field(validation_alias=AliasChoices("id", "_id", "typeId"), min_length=1)
    name: Title = Field("", validation_alias=AliasChoices("name", "title"))
    price: Amount = Decimal(0)
    quantity: Count | None = None
    available: bool | None = None

    def to_domain(self) -> OfferedDenomination:
        stock = self.quantity
        if stock is None:  # the page shows only `available`: at least one is in stock
            stock = 1 if self.available else 0
        if self.available is False:
            stock = 0
        return OfferedDenomination(
            self.id, self.name.strip() or self.id, to_minor(self.price), stock
        )


class ProductDetails(Model):
    types: Annotated[tuple[ProductType, ...], readable(ProductType)] = ()


class Placed(Model):
    order_id: Id = Field(
        validation_alias=AliasChoices("orderId", "_id", "id", "orderRef"), min_length=1
    )


class SentCard(Model):
    value: Text = Field("", validation_alias=AliasChoices("value", "code"), repr=False)
    serial: Text = Field("", repr=False)


class SentOrder(Model):
    id: Id = Field("", validation_alias=AliasChoices("_id", "orderId", "id"))
    status: Text = Field("", validation_alias=AliasChoices("status", "orderStatus"))
    quantity: Count = 0
    product: Text = Field("", validation_alias=AliasChoices("product", "productId"))
    type: Text = Field("", validation_alias=AliasChoices("type", "typeId"))
    time: datetime | None = Field(None, validation_alias=AliasChoices("time", "createdAt"))
    fulfilled_quantity: Count | None = None
    fulfilled_amount: Amount | None = None
    price_per_card: Amount | None = None
    cards: Annotated[tuple[SentCard, ...], BeforeValidator(or_empty)] = ()

    def to_domain(self, asked_id: str = "") -> SupplierOrder:
        name = self.status.strip().lower().replace("-", "_").replace(" ", "_")
        known = name in set(SupplierStatus)
        status = SupplierStatus(name) if known else SupplierStatus.UNKNOWN
        final = status not in (SupplierStatus.HANDLING, SupplierStatus.UNKNOWN)
        time = self.time
        if time is not None and time.tzinfo is None:
            time = time.replace(tzinfo=UTC)
        is_identified = bool(self.product and self.type)
        return SupplierOrder(
            supplier_order_id=self.id or asked_id,
            status=status,
            final=final,
            quantity=self.quantity,
            # Codes shown before the final state are ignored: the same call returns them again
            # later.
            cards=tuple(Card(c.value, c.serial) for c in self.cards if c.value or c.serial)
            if final
            else (),
            fulfilled_quantity=self.fulfilled_quantity if final else None,
            unit_cost_minor=None if self.price_per_card is None else to_minor(self.price_per_card),
            charged_minor=None
            if self.fulfilled_amount is None
            else to_minor(self.fulfilled_amount),
            purchase=Purchase(self.product, self.type, self.quantity) if is_identified else None,
            ordered_at=time,
        )


class Pagination(Model):
    page: Count = 1
    total_pages: Count = Field(1, validation_alias=AliasChoices("totalPages", "total_pages"))


class Balance(Model):
    balance: Annotated[Decimal, Field(ge=-MAX_AMOUNT, le=MAX_AMOUNT, allow_inf_nan=False)]


class Transaction(Model):
    """One row of the supplier's list of transactions on our account."""

    id: Text = Field("", validation_alias=AliasChoices("_id", "id"))
    type: Text = ""
    amount: Annotated[Decimal, Field(ge=-MAX_AMOUNT, le=MAX_AMOUNT, allow_inf_nan=False)] = Decimal(
        0
    )
    objid: Text = ""
    time: datetime | None = None

    def to_domain(self) -> Movement | None:
        """The cost of an order (negative) or its refund; None for any other transaction."""
        sign = {"ORDER": -1, "REFUND-ORDER": 1}.get(self.type.strip().upper().replace("_", "-"))
        if sign is None or not self.objid:
            return None
        return Movement(self.objid, sign * to_minor(abs(self.amount)))
