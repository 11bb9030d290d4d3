"""What Starship sends, in every spelling its pages show, into the domain's words.

Source: Starship Rewards API, "Get Order Details" and the pages about products, orders, wallets and
reference data; where they differ, both are read. Unknown fields and words are ignored. Secrets never
enter a repr or an error text.
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
_WORDS: Final = {
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
    """RFC 3339, or a bare date (then the end of that day); anything else is no date."""
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
    """How a value of a product is known here: what it is worth, and whether its codes have a PIN."""
    return f"{value:.2f}{WITH_PIN if with_pin else ''}"


def value_of(supplier_type_id: str) -> Decimal:
    return Decimal(supplier_type_id.removesuffix(WITH_PIN))


def face(value: Decimal, currency: str) -> str:
    """As a button shows it: 25 USD, 12.50 EUR."""
    amount = f"{value:.2f}".removesuffix(".00")
    return f"{amount} {currency}".strip()


class Value(Model):
    """One value, or all between two."""

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
    def mode(self) -> str:
        return self.delivery_type.strip().lower().replace("-", "_").replace(" ", "_")

    @property
    def with_pin(self) -> bool:
        return "pin" in self.mode.split("_")

    @property
    def is_known(self) -> bool:
        """Codes that come by the API; another way (by mail, say) is hidden until somebody has looked."""
        words = set(self.mode.split("_"))
        return self.mode == "" or bool(words & {"code", "url", "link", "voucher"})

    def to_domain(self, countries: dict[str, str]) -> OfferedProduct:
        region = self.country_code or countries.get(self.country_id, "")
        return OfferedProduct(self.id, self.name, region.lower(), self.is_known)


class Reference(Model):
    """A country or a currency."""

    id: Annotated[Id, Field(min_length=1)]
    code: Annotated[Title, Field(min_length=1)]


class Quote(Model):
    """`total_payable` is what leaves the wallet."""

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
    """Which fields are there tells what it is; position and count promise nothing."""

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
        """As its list tells it: a word for its state, and never a code."""
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
        """Whole: `purchase` tells how many codes have to come, and whether each needs a PIN."""
        status = self._status()
        needs_pin = purchase.supplier_type_id.endswith(WITH_PIN)
        cards = tuple(
            card
            for card in (voucher.to_domain() for voucher in self.vouchers)
            if (card.value.strip() or card.link) and (card.pin.strip() or not needs_pin)
        )
        final = status in (SupplierStatus.REFUNDED, SupplierStatus.FULFILLED)
        if status is SupplierStatus.FULFILLED and len(cards) < purchase.quantity:
            final = False  # it says that all came, and not all is there: asked again, and told
        if status is SupplierStatus.REFUNDED and cards:
            status = SupplierStatus.PARTIALLY_FILLED  # what came before the end stays its buyer's
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
        word = self.status.strip().upper().replace("-", "_").replace(" ", "_")
        return _WORDS.get(word, SupplierStatus.UNKNOWN)
