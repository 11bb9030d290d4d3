"""What OneClickDz sends, in every spelling its pages and clients show, into the domain's words.

Source: the API reference and guides of OneClickDz v3; where they differ, both are read. Unknown
fields are ignored. Secrets (codes, the echoed key) never enter a repr or an error text.
"""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

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

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_LONGEST_TITLE = 80
_MOST = Decimal(10) ** 10  # a price above this is nonsense, and would not fit a column


def _to_text(value: Any) -> Any:
    """Ids and codes are text, also where a number was sent; kept exactly otherwise."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return "" if value is None else value
    return str(value)


def _or_empty(value: Any) -> Any:
    return () if value is None else value


def _clean(value: Any) -> Any:
    """A title of one line: no control characters, none that turn the writing round, not endless."""
    text = _to_text(value)
    if not isinstance(text, str):
        return text
    seen = "".join(c if unicodedata.category(c) not in _UNSEEN else " " for c in text)
    return " ".join(seen.split())[:_LONGEST_TITLE]


def _readable(model: type[BaseModel]) -> BeforeValidator:
    """Rows that make no sense are left out: one of them must not hide the others."""

    def keep(rows: Any) -> Any:
        return tuple(_each(model, rows)) if isinstance(rows, list | tuple) else _or_empty(rows)

    return BeforeValidator(keep)


def _each(model: type[BaseModel], rows: Any) -> Iterator[BaseModel]:
    for row in rows:
        try:
            yield model.model_validate(row)
        except ValidationError:
            continue


Text = Annotated[str, BeforeValidator(_to_text)]
Id = Annotated[str, BeforeValidator(_to_text), Field(max_length=128)]
Title = Annotated[str, BeforeValidator(_clean)]
Amount = Annotated[Decimal, Field(ge=0, le=_MOST, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**9)]


class Model(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)


class ApiKey(Model):
    enabled: bool = Field(True, validation_alias=AliasChoices("isEnabled", "enabled"))
    type: Text = ""
    scope: Text = "READ-WRITE"


class Validated(Model):
    api_key: ApiKey = Field(validation_alias=AliasChoices("apiKey", "key"))

    def to_domain(self) -> KeyInfo:
        # Anything that does not say PRODUCTION is treated as a sandbox: announced, never silent.
        real = self.api_key.type.upper() == "PRODUCTION"
        return KeyInfo(
            Environment.PRODUCTION if real else Environment.SANDBOX,
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
    products: Annotated[tuple[CatalogueProduct, ...], _readable(CatalogueProduct)] = ()


class Catalogue(Model):
    categories: Annotated[tuple[CatalogueCategory, ...], _readable(CatalogueCategory)]

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
        if stock is None:  # pages that know only `available`: one can be had, perhaps more
            stock = 1 if self.available else 0
        if self.available is False:
            stock = 0
        return OfferedDenomination(
            self.id, self.name.strip() or self.id, to_minor(self.price), stock
        )


class ProductDetails(Model):
    types: Annotated[tuple[ProductType, ...], _readable(ProductType)] = ()


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
    cards: Annotated[tuple[SentCard, ...], BeforeValidator(_or_empty)] = ()

    def to_domain(self, asked_id: str = "") -> SupplierOrder:
        word = self.status.strip().lower().replace("-", "_").replace(" ", "_")
        known = word in set(SupplierStatus)
        status = SupplierStatus(word) if known else SupplierStatus.UNKNOWN
        final = status not in (SupplierStatus.HANDLING, SupplierStatus.UNKNOWN)
        time = self.time
        if time is not None and time.tzinfo is None:
            time = time.replace(tzinfo=UTC)
        whole = bool(self.product and self.type)
        return SupplierOrder(
            supplier_order_id=self.id or asked_id,
            status=status,
            final=final,
            quantity=self.quantity,
            # Codes shown before the end are left until the end: the same call gives them again.
            cards=tuple(Card(c.value, c.serial) for c in self.cards if c.value or c.serial)
            if final
            else (),
            fulfilled_quantity=self.fulfilled_quantity if final else None,
            unit_cost_minor=None if self.price_per_card is None else to_minor(self.price_per_card),
            charged_minor=None
            if self.fulfilled_amount is None
            else to_minor(self.fulfilled_amount),
            purchase=Purchase(self.product, self.type, self.quantity) if whole else None,
            ordered_at=time,
        )


class Pagination(Model):
    page: Count = 1
    total_pages: Count = Field(1, validation_alias=AliasChoices("totalPages", "total_pages"))


class Balance(Model):
    balance: Annotated[Decimal, Field(ge=-_MOST, le=_MOST, allow_inf_nan=False)]


class Transaction(Model):
    """One row of the supplier's book about our account."""

    id: Text = Field("", validation_alias=AliasChoices("_id", "id"))
    type: Text = ""
    amount: Annotated[Decimal, Field(ge=-_MOST, le=_MOST, allow_inf_nan=False)] = Decimal(0)
    objid: Text = ""
    time: datetime | None = None

    def to_domain(self) -> Movement | None:
        """What an order took, or a refund of it gave back; None for any other movement."""
        sign = {"ORDER": -1, "REFUND-ORDER": 1}.get(self.type.strip().upper().replace("_", "-"))
        if sign is None or not self.objid:
            return None
        return Movement(self.objid, sign * to_minor(abs(self.amount)))
