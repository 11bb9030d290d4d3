"""Models of OneClickDz replies and their translation into domain types.

Source: the API reference and guides of OneClickDz v3; where field names differ between pages and
clients, all of them are accepted. Unknown fields are ignored; which fields are needed is told in reading.py. Secrets (codes, the key that the
reply repeats) never appear in a repr or an error text.
"""

import re
from decimal import Decimal
from typing import Any, Final, Self

from pydantic import AliasChoices, Field, ValidationError, model_validator

from bot.domain.money import to_hundredths, to_minor
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
from bot.errors import SupplierUnavailable
from bot.suppliers.reading import (
    Cards,
    Id,
    Model,
    PartText,
    Price,
    SideAmount,
    SideCount,
    SideFlag,
    SideId,
    SideInstant,
    SideStock,
    SideText,
    SideTitle,
    SignedAmount,
    Text,
    Title,
    read_cards,
    read_rows,
)
from bot.suppliers.values import as_count, as_decimal

# A face value in a label: 10 USD, USD 10, $10, 10 €.
_SYMBOLS: Final = {"$": "USD", "€": "EUR", "£": "GBP"}
_CURRENCY: Final = r"[A-Z]{3}|[$€£]"
_FACE: Final = re.compile(
    rf"(?:(?P<before>{_CURRENCY})\s*)?(?P<value>\d[\d.,\s]*?)\s*(?P<after>{_CURRENCY})?"
)
_LARGEST_FACE: Final = Decimal(10) ** 7


class ApiKey(Model):
    enabled: SideFlag = Field(None, validation_alias=AliasChoices("isEnabled", "enabled"))
    type: Title
    scope: SideText = ""


class Validated(Model):
    api_key: ApiKey = Field(validation_alias=AliasChoices("apiKey", "key"))

    def to_domain(self) -> KeyInfo:
        # Any type but PRODUCTION counts as a sandbox, which the shop announces to its operators.
        is_production = self.api_key.type.strip().upper() == "PRODUCTION"
        return KeyInfo(
            Environment.PRODUCTION if is_production else Environment.SANDBOX,
            self.api_key.enabled is not False,
            self.api_key.scope.strip().upper().replace("_", "-") != "READ-ONLY",
        )


class CatalogueProduct(Model):
    id: Id = Field(validation_alias=AliasChoices("id", "_id", "productId"))
    title: Title = Field(validation_alias=AliasChoices("title", "name", "productTitle"))
    region: SideTitle = ""
    enabled: SideFlag = None


class CatalogueCategory(Model):
    title: Title = Field(validation_alias=AliasChoices("title", "name"))
    products: list[Any] = Field(default_factory=list)


class Catalogue(Model):
    categories: list[Any]

    def to_domain(self) -> tuple[OfferedCategory, ...]:
        """Raises SupplierUnavailable where nothing of what was sent can be read."""
        categories = read_rows(CatalogueCategory, self.categories, "catalog")
        if categories.make_no_sense:
            raise SupplierUnavailable("catalog", "UNREADABLE")
        return tuple(
            OfferedCategory(
                category.title,
                tuple(
                    OfferedProduct(p.id, p.title, p.region, p.enabled is not False)
                    for p in read_rows(CatalogueProduct, category.products, "catalog").found
                ),
            )
            for category in categories.found
        )


class ProductType(Model):
    id: Id = Field(validation_alias=AliasChoices("id", "_id", "typeId"))
    name: SideTitle = Field("", validation_alias=AliasChoices("name", "title"))
    price: Price
    quantity: SideStock = None
    available: SideFlag = None

    @model_validator(mode="after")
    def _tells_its_stock(self) -> Self:
        if self.quantity is None and self.available is None:
            raise ValueError("neither quantity nor available")
        return self

    def to_domain(self) -> OfferedDenomination:
        stock = self.quantity
        if stock is None:  # the page shows only `available`: at least one is in stock
            stock = 1 if self.available else 0
        if self.available is False:
            stock = 0
        label = self.name or self.id
        value, currency = face_value(label)
        return OfferedDenomination(
            self.id,
            label,
            to_minor(self.price),
            stock,
            lowest_minor=value,
            highest_minor=value,
            currency=currency,
        )


def face_value(label: str) -> tuple[int | None, str]:
    """The face value in hundredths and its currency, where the whole label is one ("10 USD")."""
    found = _FACE.fullmatch(label.strip())
    currency = (found["before"] or found["after"] or "") if found else ""
    value = as_decimal(found["value"]) if found and currency else None
    if value is None or not 0 < value <= _LARGEST_FACE:
        return None, ""
    return to_hundredths(value), _SYMBOLS.get(currency, currency)


class ProductDetails(Model):
    types: list[Any]


class Placed(Model):
    order_id: Id = Field(validation_alias=AliasChoices("orderId", "_id", "id", "orderRef"))


class SentCard(Model):
    """The pages show `value` and `serial`; what else redeems a code goes with it where it comes."""

    value: Text = Field("", validation_alias=AliasChoices("value", "code"), repr=False)
    serial: PartText = Field(
        "", validation_alias=AliasChoices("serial", "serialNumber"), repr=False
    )
    pin: PartText = Field(
        "", validation_alias=AliasChoices("pin", "pinCode", "pin_code"), repr=False
    )
    link: SideText = Field("", validation_alias=AliasChoices("link", "url", "claimUrl"), repr=False)
    expires_at: SideInstant = Field(
        None, validation_alias=AliasChoices("expiresAt", "expires_at", "expiryDate", "expiry")
    )

    def to_domain(self) -> Card:
        link = self.link.strip()
        return Card(
            self.value,
            self.serial,
            pin="" if self.pin.strip() == self.value.strip() else self.pin,
            link=link if link.lower().startswith("https://") else "",
            expires_at=self.expires_at,
        )


def read_card(sent: Any) -> Card | None:
    """None for what has no code, also beside a serial, or a field of another kind."""
    try:
        card = SentCard.model_validate(sent).to_domain()
    except ValidationError:
        return None
    return card if card.value.strip() else None


class SentOrder(Model):
    """`cards` is read by `read_card`, each card by itself."""

    id: SideId = Field("", validation_alias=AliasChoices("_id", "orderId", "id"))
    status: Title = Field(validation_alias=AliasChoices("status", "orderStatus"))
    quantity: SideCount = None
    product: SideId = Field("", validation_alias=AliasChoices("product", "productId"))
    type: SideId = Field("", validation_alias=AliasChoices("type", "typeId"))
    time: SideInstant = Field(None, validation_alias=AliasChoices("time", "createdAt"))
    fulfilled_quantity: Any = None
    fulfilled_amount: SideAmount = None
    price_per_card: SideAmount = None
    cards: Any = Field((), repr=False)

    def to_domain(self, asked_id: str = "") -> SupplierOrder:
        status = self._status()
        ended = status not in (SupplierStatus.HANDLING, SupplierStatus.UNKNOWN)
        cards = read_cards(self.cards, read_card, self.id or asked_id, in_list=not asked_id)
        if status is SupplierStatus.HANDLING:  # what is incomplete now may come with a later answer
            cards = Cards(cards.found)
        # Money depends on this number: unreadable is not the same as missing.
        count = as_count(self.fulfilled_quantity)
        is_told = self.fulfilled_quantity not in (None, "")
        unreadable = ("fulfilled_quantity",) if ended and is_told and count is None else ()
        purchase = None
        if self.product or self.type:
            purchase = Purchase(self.product, self.type, self.quantity or 0)
        return SupplierOrder(
            supplier_order_id=self.id or asked_id,
            status=status,
            final=ended and not unreadable and not cards.unreadable,
            quantity=self.quantity or 0,
            cards=cards.found,
            fulfilled_quantity=count if ended else None,
            unit_cost_minor=_minor(self.price_per_card),
            charged_minor=_minor(self.fulfilled_amount),
            purchase=purchase,
            ordered_at=self.time,
            # No page shows codes before the end. Such a code may be a placeholder, and the true
            # one comes with the end: it is stored, and not delivered yet.
            withhold=status is SupplierStatus.HANDLING,
            unreadable_cards=cards.unreadable,
            unreadable=unreadable,
        )

    def _status(self) -> SupplierStatus:
        name = self.status.lower().replace("-", "_").replace(" ", "_")
        return SupplierStatus(name) if name in set(SupplierStatus) else SupplierStatus.UNKNOWN


def _minor(amount: Decimal | None) -> int | None:
    return None if amount is None else to_minor(amount)


class Pagination(Model):
    total_pages: SideCount = Field(None, validation_alias=AliasChoices("totalPages", "total_pages"))


class Balance(Model):
    balance: SignedAmount


class Transaction(Model):
    """One row of the supplier's list of transactions on our account."""

    id: SideId = Field("", validation_alias=AliasChoices("_id", "id"))
    type: SideText = ""
    amount: SignedAmount
    objid: SideId = ""

    def to_domain(self) -> Movement | None:
        """The cost of an order (negative) or its refund; None for any other transaction."""
        sign = {"ORDER": -1, "REFUND-ORDER": 1}.get(self.type.strip().upper().replace("_", "-"))
        if sign is None or not self.objid:
            return None
        return Movement(self.objid, sign * to_minor(abs(self.amount)))
