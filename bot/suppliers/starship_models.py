"""Models of Starship replies and their translation into domain types.

Source: Starship Rewards API, "Get Order Details" and the pages about products, orders, wallets and
reference data; where field names differ between pages, all of them are accepted. Unknown fields and
values are ignored; which fields are needed is told in reading.py. Secrets never appear in a repr or an error text.
"""

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AliasChoices, Field, ValidationError

from bot.domain.supplier import (
    Card,
    OfferedProduct,
    Purchase,
    SupplierOrder,
    SupplierStatus,
)
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
)

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

    min_value: Annotated[Price, Field(gt=0, le=10**7)]
    max_value: Annotated[Price, Field(gt=0, le=10**7)]
    step: SideAmount = None


class Product(Model):
    """`available_denominations` is None where the supplier does not tell them."""

    id: Id
    name: SideTitle = Field("", validation_alias=AliasChoices("name", "title"))
    category: SideTitle = ""
    country_id: SideId = ""
    country_code: SideTitle = ""
    currency_id: SideId = ""
    currency_code: SideTitle = ""
    delivery_type: SideText = ""
    available_denominations: Any = Field(
        None, validation_alias=AliasChoices("available_denominations", "denominations")
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

    id: Id
    code: Title


class Quote(Model):
    """`total_payable` is the amount that the supplier takes from the wallet."""

    total_payable: Annotated[Price, Field(gt=0)]
    max_quantity: SideStock = None


class Availability(Model):
    is_available: SideFlag = None


class Wallet(Model):
    id: Id
    currency_id: SideId = ""
    currency_code: SideTitle = ""
    amount: SignedAmount = Field(validation_alias=AliasChoices("amount", "balance"))
    type: SideText = ""

    @property
    def is_prepaid(self) -> bool:
        """Whether orders are paid from `amount`. A wallet whose type is not told is prepaid."""
        return self.type.strip().upper() != "POSTPAID"


class Created(Model):
    id: Id = Field(validation_alias=AliasChoices("id", "order_id"))


class Voucher(Model):
    """One code. Its fields tell its type; the order and number of vouchers may change."""

    card_number: Text = Field("", repr=False)
    pin_code: PartText = Field("", repr=False)
    claim_url: SideText = Field(
        "", repr=False
    )  # beside a code; alone it is needed, see `read_card`
    voucher_reference_number: SideText = Field("", repr=False)
    expires_at: SideInstant = None

    def to_domain(self) -> Card:
        link = self.claim_url.strip()
        return Card(
            value=self.card_number,
            pin=self.pin_code,
            link=link if link.lower().startswith("https://") else "",
            reference=self.voucher_reference_number,
            expires_at=self.expires_at,
        )


def read_card(sent: Any, *, needs_pin: bool) -> Card | None:
    """None for what cannot be used: without a code or link, or without the PIN that it needs."""
    try:
        card = Voucher.model_validate(sent).to_domain()
    except ValidationError:
        return None
    has_code = bool(card.value.strip() or card.link)
    return card if has_code and (card.pin.strip() or not needs_pin) else None


class SentOrder(Model):
    """`vouchers` is read by `read_card`, each by itself. The API has no envelope, so an answer
    without `id` may be anybody's."""

    id: Id = Field(validation_alias=AliasChoices("id", "order_id"))
    reference: SideText = Field("", validation_alias=AliasChoices("reference_code", "ref"))
    product_id: SideId = ""
    denomination: SideAmount = None
    quantity: SideCount = None
    status: Title
    placed_at: SideInstant = Field(None, validation_alias=AliasChoices("placed_at", "created_at"))
    vouchers: Any = Field((), repr=False)

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

    def to_domain(self, purchase: Purchase) -> SupplierOrder:
        """The order with its codes; `purchase` tells how many, and whether each needs a PIN."""
        status = self._status()
        needs_pin = purchase.supplier_type_id.endswith(WITH_PIN)
        cards = read_cards(
            self.vouchers,
            lambda sent: read_card(sent, needs_pin=needs_pin),
            self.id,
        )
        ended = status in (SupplierStatus.REFUNDED, SupplierStatus.FULFILLED)
        if not ended and status is not SupplierStatus.UNKNOWN:
            cards = Cards(cards.found)  # what is incomplete now may come with a later answer
        final = ended and not cards.unreadable
        if status is SupplierStatus.FULFILLED and len(cards.found) < purchase.quantity:
            # Reported as complete, but codes are missing: check again; an operator is told.
            final = False
        return SupplierOrder(
            supplier_order_id=self.id,
            status=status,
            final=final,
            quantity=self.quantity or 0,
            cards=cards.found,
            purchase=self._told(needs_pin=needs_pin),
            reference=self.reference,
            ordered_at=self.placed_at,
            unreadable_cards=cards.unreadable,
        )

    def _told(self, *, needs_pin: bool) -> Purchase | None:
        """What it says was bought. It never tells whether the codes have a PIN."""
        value = type_id(self.denomination, with_pin=needs_pin) if self.denomination else ""
        if not (self.product_id or value):
            return None
        return Purchase(self.product_id, value, self.quantity or 0)

    def _status(self) -> SupplierStatus:
        name = self.status.upper().replace("-", "_").replace(" ", "_")
        return _STATUSES.get(name, SupplierStatus.UNKNOWN)
