"""What customers and operators do in tests of payments, with keys of its own for each step."""

from bot.domain.orders import OrderState
from bot.domain.payments import Method, ReceiptKind
from bot.services.operations.reports import report_payment
from bot.services.payments.decisions import Decision
from bot.services.payments.receipts import ReceiptFile, ReceiptUpload, send_receipt
from bot.services.payments.refunds import ask_payment_refund
from bot.services.payments.stars import StarCharge, check_star_order, payload_of, take_stars
from bot.services.payments.top_up import TopUpRequest, begin_payment, withdraw_earlier
from tests.harness import OPERATOR, ShopHarness

PRICE = 177_000  # of one "PlayStation USA · 10 $" on the harness, in centimes


class Payments:
    """One customer's payments, or those of the user that is named."""

    def __init__(self, harness: ShopHarness) -> None:
        self.harness = harness
        self.count = 0

    async def begin(self, method=Method.OCPAY, minor=None, *, order=None, user=1, key=None):
        self.count += 1
        customer = await self.harness.customer(user, dinars=0)
        amount = None if order else minor or 200_000
        request = TopUpRequest(method, amount, order, key or f"press:{self.count}", 7)
        payment = await begin_payment(self.harness.shop, customer, request)
        await withdraw_earlier(self.harness.shop, payment)
        return payment

    async def stars(self, payment, charge="charge-1", *, stars=None, user=None) -> None:
        payer = payment.user_id if user is None else user
        count = payment.stars if stars is None else stars
        await take_stars(self.harness.shop, StarCharge(payer, payload_of(payment), count, charge))

    async def receipt(self, *uniques, caption="", user=1):
        """A message with one picture, or an album of as many as are named."""
        files = [
            ReceiptFile(ReceiptKind.PHOTO, f"id-{unique}", unique) for unique in uniques or ["file"]
        ]
        upload = ReceiptUpload(files, caption)
        return await send_receipt(self.harness.shop, user, upload)

    def decision(self, payment, amount=None, operator=OPERATOR):
        self.count += 1
        return Decision(f"decision:{self.count}", operator, payment.id, amount)

    async def now(self, payment):
        return await report_payment(self.harness.shop, payment.id)


async def unpaid_order(harness: ShopHarness, user: int = 1, dinars: int = 0, **which):
    """An order that the wallet is too small for."""
    await harness.customer(user, dinars=dinars)
    order = await harness.buy(user, **which)
    assert order.state is OrderState.AWAITING_PAYMENT
    return order


async def check_bill(harness: ShopHarness, payment, user=1, **changes) -> None:
    """Telegram's question right before Stars move."""
    asked = {"currency": "XTR", "stars": payment.stars, **changes}
    await check_star_order(harness.shop, user, payload_of(payment), **asked)


async def star_payment(pay: Payments, harness: ShopHarness, charge="charge-1"):
    """A payment in Stars that is credited and stands in Telegram's list."""
    payment = await pay.begin(Method.STARS, 300_000)
    await pay.stars(payment, charge)
    harness.stars_gateway.list(charge, 1, payment.stars)
    return payment


async def ask_back(harness: ShopHarness, payment, key="back") -> int:
    """The action that an operator confirms to give this payment back."""
    _, action_id = await ask_payment_refund(
        harness.shop, key=key, operator_id=OPERATOR, payment_id=payment.id
    )
    return action_id


async def until_nobody_asks(harness: ShopHarness) -> None:
    """A day and longer after a payment was begun, its provider is not asked about it any more."""
    await harness.run(60)
    harness.clock.pass_time(26 * 3600)
    await harness.run(1)
