"""A customer with all that a shop may know of somebody, and how they are forgotten."""

from itertools import count

from sqlalchemy import select

from bot.domain.payments import Method, Rejection
from bot.domain.people import Obstacles, pseudonym
from bot.services.messaging.support import take_question
from bot.services.operations.forgetting import forget_customer
from bot.services.operations.watches import watch_value
from bot.services.payments.decisions import accept_payment, reject_payment
from bot.services.wallet.credit import Credit, credit_wallet
from storage.tables import metadata
from tests.harness import OPERATOR, ShopHarness
from tests.integration.payment_steps import Payments
from tests.integration.watch_steps import sold_out

PSEUDONYM = (pseudonym(number) for number in count())
NADIA = 7_013_579_246  # an id that stands in no other number


async def history(harness: ShopHarness, pay: Payments, user: int = NADIA) -> None:
    """A customer with orders that ended in all ways, payments of all kinds, and much else."""
    await harness.customer(user, dinars=20_000)
    harness.kind().quantity = 50
    await harness.buy(user, 2)
    harness.book.next_outcomes.append(1)
    await harness.run(20)
    await harness.buy(user, 2)
    await harness.run(30)
    harness.book.next_outcomes.append(0)
    await harness.buy(user, 1)
    await harness.run(30)
    stars = await pay.begin(Method.STARS, user=user)
    await pay.stars(stars, "charge-of-nadia")
    transfer = await pay.begin(Method.TRANSFER, user=user)
    await pay.receipt("picture", user=user)
    await accept_payment(harness.shop, pay.decision(transfer))
    rejected = await pay.begin(Method.TRANSFER, user=user)
    await pay.receipt("another", user=user)
    await reject_payment(harness.shop, pay.decision(rejected), Rejection.NOT_RECEIVED)
    await take_question(harness.shop, user, [71, 72])
    await watch_value(harness.shop, user, await sold_out(harness, label="100 $"))
    await harness.run(30)
    await empty_wallet(harness, user)
    await harness.run(30)


async def empty_wallet(harness: ShopHarness, user: int = NADIA) -> None:
    left = await harness.balance(user)
    if left:
        harness.clock.pass_time(1)
        key = f"empty:{harness.clock.now().timestamp()}"
        await credit_wallet(harness.shop, Credit(key, OPERATOR, user, -left, "paid out"))


async def everything(harness: ShopHarness) -> dict[str, str]:
    """All rows of all tables, as text."""
    async with harness.store._reader.connect() as db:
        return {
            table.name: "\n".join(repr(tuple(row)) for row in await db.execute(select(table)))
            for table in metadata.sorted_tables
        }


async def forget(harness: ShopHarness, user: int = NADIA) -> Obstacles:
    return await forget_customer(harness.shop, user, next(PSEUDONYM), harness.clock.now())
