"""Models of Starship replies and their translation into domain types.

Source: Starship Rewards API, "Get Order Details" and the pages about products, orders, wallets and
reference data; where field names differ between pages, all of them are accepted. Unknown fields and
values are ignored. Secrets never appear in a repr or an error text.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AliasChoices, BeforeValidator, Field

from bot.domain.supplier import (
    Card,
    OfferedProduct,
    Purchase,
    SupplierOrder,
    SupplierStatus,
)
from bot.suppliers.reading import Id, Model, Text, Title, or_empty, readable

WITH_PIN: Final = "+pin"
_STATUSES: Final = {
    "PLACED": SupplierStatus.HANDLING,
    "PENDING": SupplierStatus.HANDLING,
    "PROCESSING": SupplierStatus.HANDLING,
    "DELIVERED": SupplierStatus.FULFILLED,
    "PARTIALLY_DELIVERED": SupplierStatus.PARTIALLY_FILLED,
    "FAILED": SupplierStatus.REFUNDED,
    "CANCELLED": SupplierStatus.REFUNDED,
    "CANCELED": SupplierStatus.REFUNDED,
}


def _instant(value: Any) -> datetime | None:
    """RFC 3339, or a date alone (then the end of that day); None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        if len(value.strip()) == len("2026-01-31"):
            moment = datetime.combine(date.fromisoformat(value.strip()), datetime.max.time())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Instant = Annotated[datetime | None, BeforeValidator(_instant)]


def type_id(value: Decimal, *, with_pin: bool) -> str:
    """Our id for a face value of a product: the amount, and whether its codes have a PIN."""
    return f"{value:.2f}{WITH_PIN if with_pin else ''}"


def value_of(supplier_type_id: str) -> Decimal:
    """The face value in an id that `type_id` made."""
    return Decimal(supplier_type_id.removesuffix(WITH_PIN))


def face(value: Decimal, currency: str) -> str:
    """The label of a face value: 25 USD, 12.50 EUR."""
    amount = f"{value:.2f}".removesuffix(".00")
    return f"{amount} {currency}".strip()


class Value(Model):
    """One face value (both limits equal), or a range of them."""

    min_value: Annotated[Decimal, Field(gt=0, le=10**7, allow_inf_nan=False)]
    max_value: Annotated[Decimal, Field(gt=0, le=10**7, allow_inf_nan=False)]
    step: Annotated[Decimal, Field(gt=0, le=10**7, allow_inf_nan=False)] | None = None


class Product(Model):
    id: Annotated[Id, Field(min_length=1)]
    name: Title = Field("", validation_alias=AliasChoices("name", "title"))
    category: Title = ""
    country_id: Id = ""
    country_code: Title = ""
    currency_id: Id = ""
    currency_code: Title = ""
    delivery_type: Text = ""
    available_denominations: Annotated[tuple[Value, ...], readable(Value)] = Field(
        (), validation_alias=AliasChoices("available_denominations", "denominations")
    )

    @property
    def delivery_mode(self) -> str:
        return self.delivery_type.strip().lower().replace("-", "_").replace(" ", "_")

    @property
    def with_pin(self) -> bool:
        return "pin" in self.delivery_mode.split("_")

    @property
    def is_known(self) -> bool:
        """Whether the API delivers the codes; any other type (by e-mail, for example) is hidden
        until the owner allows it in a setting."""
        parts = set(self.delivery_mode.split("_"))
        return self.delivery_mode == "" or bool(parts & {"code", "url", "link", "voucher"})

    def to_domain(self, countries: dict[str, str]) -> OfferedProduct:
        region = self.country_code or countries.get(self.country_id, "")
        return OfferedProduct(self.id, self.name, region.lower(), self.is_known)


class Reference(Model):
    """A country or a currency."""

    id: Annotated[Id, Field(min_length=1)]
    code: Annotated[Title, Field(min_length=1)]


class Quote(Model):
    """`total_payable` is the amount that the supplier takes from the wallet."""

    total_payable: Annotated[Decimal, Field(gt=0, le=10**10, allow_inf_nan=False)]
    max_quantity: Annotated[int, Field(ge=0, le=10**9)] | None = None


class Availability(Model):
    is_available: bool = True


class Wallet(Model):
    id: Annotated[Id, Field(min_length=1)]
    currency_id: Id = ""
    currency_code: Title = ""
    amount: Annotated[Decimal, Field(ge=-(10**10), le=10**10, allow_inf_nan=False)] = Field(
        validation_alias=AliasChoices("amount", "balance")
    )


class Created(Model):
    id: Annotated[Id, Field(min_length=1)] = Field(validation_alias=AliasChoices("id", "order_id"))


class Voucher(Model):
    """One code. Its fields tell its type; the order and number of vouchers may change."""

    card_number: Text = Field("", repr=False)
    pin_code: Text = Field("", repr=False)
    claim_url: Text = Field("", repr=False)
    voucher_reference_number: Text = Field("", repr=False)
    expires_at: Instant = None

    def to_domain(self) -> Card:
        link = self.claim_url.strip()
        return Card(
            value=self.card_number,
            pin=self.pin_code,
            link=link if link.lower().startswith("https://") else "",
            reference=self.voucher_reference_number,
            expires_at=self.expires_at,
        )


class SentOrder(Model):
    id: Id = Field("", validation_alias=AliasChoices("id", "order_id"))
    reference: Text = Field("", validation_alias=AliasChoices("reference_code", "ref"))
    quantity: Annotated[int, Field(ge=0, le=10**9)] | None = None
    status: Text = ""
    placed_at: Instant = Field(None, validation_alias=AliasChoices("placed_at", "created_at"))
    vouchers: Annotated[tuple[Voucher, ...], BeforeValidator(or_empty)] = ()

    def listed(self) -> SupplierOrder:
        """The order as the list shows it: a status, and never a code."""
        status = self._status()
        return SupplierOrder(
            self.id,
            status,
            final=False,
            quantity=self.quantity or 0,
            reference=self.reference,
            shows_codes=False,
            ordered_at=self.placed_at,
        )

    def to_domain(self, purchase: Purchase, asked_id: str) -> SupplierOrder:
        """The order with its codes; `purchase` tells how many, and whether each needs a PIN."""
        status = self._status()
        needs_pin = purchase.supplier_type_id.endswith(WITH_PIN)
        cards = tuple(
            card
            for card in (voucher.to_domain() for voucher in self.vouchers)
            if (card.value.strip() or card.link) and (card.pin.strip() or not needs_pin)
        )
        final = status in (SupplierStatus.REFUNDED, SupplierStatus.FULFILLED)
        if status is SupplierStatus.FULFILLED and len(cards) < purchase.quantity:
            # Reported as complete, but codes are missing: check again; an operator is told.
            final = False
        if status is SupplierStatus.REFUNDED and cards:
            status = (
                SupplierStatus.PARTIALLY_FILLED
            )  # the customer keeps the codes delivered before the cancellation
        return SupplierOrder(
            supplier_order_id=self.id or asked_id,
            status=status,
            final=final,
            quantity=purchase.quantity,
            cards=cards,
            purchase=purchase,
            reference=self.reference,
            ordered_at=self.placed_at,
        )

    def _status(self) -> SupplierStatus:
        name = self.status.strip().upper().replace("-", "_").replace(" ", "_")
        return _STATUSES.get(name, SupplierStatus.UNKNOWN)
