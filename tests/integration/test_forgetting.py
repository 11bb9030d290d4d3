"""Forgetting a customer who asks for it: nothing leads to them, and the books agree all the same."""

import re
from datetime import time, timedelta
from itertools import count

import pytest
from sqlalchemy import select, text

from bot.domain.actions import ActionKind
from bot.domain.alerts import AlertKind
from bot.domain.orders import OrderState
from bot.domain.outbox import OutboxKind
from bot.domain.pauses import PauseScope
from bot.domain.payments import Doubt, Method, PaymentReport, PaymentState, Rejection, ReportStatus
from bot.domain.people import Obstacles, is_pseudonym, pseudonym
from bot.domain.records import CodeMessageKind, SentCodes
from bot.domain.roles import Member, MemberState, Role
from bot.domain.stock_files import read_text
from bot.errors import SendFailure, SendLater, StorageFailure, Undeliverable, Unreachable
from bot.refusals import AskedTooLongAgo, CustomerForgotten, NotReturnable, required
from bot.sandbox.telegram.world import buttons, spoilers, text_of
from bot.services.codes.custody import check_keys, used_keys
from bot.services.codes.rotate import rotate_keys
from bot.services.customers.bans import ask_ban, confirm_ban
from bot.services.customers.notes import add_note
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.customers import ensure_customer, mark_unreachable
from bot.services.messaging.support import take_question, tell_answered
from bot.services.operations.audit import audit_books
from bot.services.operations.closing import tell_closing
from bot.services.operations.forgetting import find_obstacles, forget_customer
from bot.services.operations.reports import report_actions
from bot.services.operations.staffing import Appointment, accept_role, appoint
from bot.services.operations.watches import my_watches, watch_value
from bot.services.payments.decisions import accept_payment, reject_payment
from bot.services.payments.provider_checks import take_report
from bot.services.payments.refunds import ask_payment_refund, record_chargeback
from bot.services.payments.stars import take_stars
from bot.services.payments.stars_reconciliation import reconcile_stars
from bot.services.selling.hand_pauses import draft_pause
from bot.services.stock.goods import add_value
from bot.services.stock.load import LoadRequest, load_batch
from bot.services.wallet.credit import Credit, credit_wallet
from bot.vault import AesVault, new_key, parse_keys
from storage.copying import COPIED
from storage.tables import codes, metadata, payments, users
from tests.bot_harness import BotHarness
from tests.harness import AT_INTERVALS, OPERATOR, ShopHarness, books_agree
from tests.integration.payment_steps import Payments
from tests.integration.readings import rows
from tests.integration.test_watches import sold_out
from tests.own_stock import codes_of

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


@pytest.fixture
def pay(paying_harness: ShopHarness) -> Payments:
    return Payments(paying_harness)


async def test_nothing_in_the_database_leads_to_a_forgotten_customer(paying_harness, pay):
    harness = paying_harness
    await history(harness, pay)
    before = await everything(harness)
    named = {name for name, rows in before.items() if str(NADIA) in rows}
    assert {"users", "orders", "quotes", "payments", "postings", "entries", "accounts"} <= named
    assert {"outbox", "cases", "watches", "admin_actions", "code_messages"} <= named

    assert await forget(harness) == Obstacles()

    after = await everything(harness)
    assert [name for name, rows in after.items() if str(NADIA) in rows] == []
    assert "picture" in after["receipts"], "that it was used stays known"
    assert "id-picture" not in after["receipts"]
    assert NADIA not in harness.shop.customers


async def test_nothing_leads_to_somebody_who_worked_here_and_what_they_did_stays_one_persons(
    paying_harness, pay
):
    """They decided about money, wrote notes, paused, banned, loaded codes, and were told of alerts and cases."""
    harness, shop = paying_harness, paying_harness.shop
    await harness.customer(1, dinars=0)
    wanted = Appointment("i", OPERATOR, NADIA, Role.MANAGER, 5_000_000)
    await harness.customer(NADIA, dinars=0)
    await accept_role(shop, NADIA, (await appoint(shop, wanted)).invitation, key="a")
    await credit_wallet(shop, Credit("c", NADIA, 1, 100_000, ""))
    transfer = await pay.begin(Method.TRANSFER)
    await pay.receipt("picture")
    await accept_payment(shop, pay.decision(transfer, operator=NADIA))
    await add_note(shop, 1, "asked for an invoice", key="n", operator_id=NADIA)
    await confirm_ban(
        shop, NADIA, (await ask_ban(shop, 1, "", key="b", operator_id=NADIA)).action_id
    )
    draft = await draft_pause(shop, PauseScope.SHOP, "", NADIA)
    await take_question(shop, 1, [71])
    case, _ = await take_question(shop, 1, [72])
    await tell_answered(shop, case, NADIA, [73])
    value = await add_value(harness.store, "Streaming", "Netflix TR", "200 TRY")
    read = read_text("\n".join(codes_of(3)), harness.clock.now())
    request = LoadRequest("load", value.id, 1_240, NADIA, read)
    await load_batch(harness.store, shop.vault, harness.clock, request)
    await harness.store.write(raise_alert, shop, "k", AlertKind.COST_FELL)
    await harness.run(30)
    before = await everything(harness)
    named = {name for name, found in before.items() if str(NADIA) in found}
    assert {"operators", "notes", "pauses", "postings", "payments", "users", "outbox"} <= named
    assert "own_batches" in named
    assert draft

    assert await forget(harness) == Obstacles()

    after = await everything(harness)
    assert [name for name, found in after.items() if str(NADIA) in found] == []
    assert after["operators"] == ""
    decided = {row.decided_by for row in await rows(harness, payments)} - {None}
    banned = {row.banned_by for row in await rows(harness, users)} - {None}
    assert decided == banned
    assert is_pseudonym(decided.pop())
    await books_agree(harness)


async def test_nothing_leads_to_a_former_owner_of_whom_no_action_is_kept(harness: ShopHarness):
    """They asked somebody to work here, and got the day's closing."""
    await harness.customer(NADIA, dinars=0)
    await harness.hire(55, Role.SUPPORT)
    asked = Member(55, Role.SUPPORT, 0, MemberState.ACTIVE, NADIA, harness.clock.now(), 0)
    await harness.store.write(lambda tx: tx.team.put(asked))
    harness.set_policy(admin_ids=frozenset({OPERATOR, NADIA}), closing_at=time(0))
    assert await tell_closing(harness.shop) == 2
    harness.set_policy(admin_ids=frozenset({OPERATOR}))
    await harness.run(30)
    before = await everything(harness)
    named = {name for name, found in before.items() if str(NADIA) in found}
    assert {"operators", "outbox"} <= named
    assert str(NADIA) not in before["admin_actions"]

    assert await forget(harness) == Obstacles()

    after = await everything(harness)
    assert [name for name, found in after.items() if str(NADIA) in found] == []


async def test_a_pseudonym_has_neither_the_language_nor_the_instant_of_its_customer(
    harness: ShopHarness,
):
    harness.clock.pass_time(3_723)
    came = harness.clock.now()
    await ensure_customer(harness.shop, NADIA, "ar")

    await forget(harness)

    (row,) = [row for row in await rows(harness, users) if row.id < 0]
    assert row.locale == harness.shop.policy.default_locale != "ar"
    assert row.created_at == came.replace(hour=0, minute=0, second=0, microsecond=0) < came


async def test_the_books_agree_and_count_the_same(paying_harness, pay):
    harness = paying_harness
    await history(harness, pay)
    await harness.customer(2)
    await harness.buy(2)
    await harness.run(30)
    async with harness.store.reading() as tx:
        counts, sales = await tx.audit.counts(), await tx.ledger.balance("sales")

    await forget(harness)
    harness.clock.pass_time(3600)

    await books_agree(harness)
    assert all(audited.is_well for audited in await audit_books(harness.store, harness.clock))
    async with harness.store.reading() as tx:
        assert (await tx.audit.counts(), await tx.ledger.balance("sales")) == (counts, sales)
        stats = await tx.statistics.stats(harness.clock.now() - timedelta(days=9))
    assert sum(stats.customers.values()) == 2, "the operator, and the customer who stayed"
    harness.leave_out(*AT_INTERVALS)
    await harness.run(3600)
    assert not harness.shop.items.troubles


async def test_codes_are_gone_and_keys_rotate_without_them(paying_harness, pay):
    harness, key = paying_harness, new_key("k1")
    harness.vault = harness.shop.vault = AesVault(parse_keys(key))
    await check_keys(harness.store, harness.vault)
    await history(harness, pay)
    await harness.customer(2)
    await harness.buy(2)
    await harness.run(30)
    await forget(harness)

    async with harness.store._reader.connect() as db:
        rows = await db.execute(text("SELECT key_id, length(value), serial, pin, link FROM codes"))
        erased = [row for row in rows if row[0] == ""]
    assert len(erased) == 3
    assert all(tuple(row[1:]) == (0, None, None, None) for row in erased)
    vault = AesVault(parse_keys(f"{new_key('k2')},{key}"))
    await check_keys(harness.store, vault)
    done = await rotate_keys(harness.store, vault, lambda _count: None)
    assert done.failed == []
    assert done.still_used == set()
    async with harness.store.reading() as tx:
        assert await used_keys(tx) == {"k2"}
    await check_keys(harness.store, vault)


async def code_messages_of(harness: ShopHarness, count: int) -> None:
    """NADIA, whose chat shows codes in so many messages, and nothing hinders forgetting."""
    await harness.customer(NADIA, dinars=20_000)
    order = await harness.buy(NADIA)
    await harness.run(30)
    await empty_wallet(harness)
    await harness.run(5)

    async def show(tx):
        now = harness.clock.now() + timedelta(days=1)
        for number in range(count - 1):
            message = SentCodes(
                order.id, NADIA, 9_000 + number, 0, 1, CodeMessageKind.TEXT, now, again=True
            )
            await tx.codes.add_message(message)

    await harness.store.write(show)
    harness.sender.masked.clear()


async def test_all_messages_that_show_codes_are_hidden_first(harness: ShopHarness):
    await code_messages_of(harness, 203)

    assert await forget(harness) == Obstacles()

    assert len(set(harness.sender.masked)) == 203
    async with harness.store.reading() as tx:
        assert await tx.codes.earliest_to_hide() is None


@pytest.mark.parametrize("failure", [SendFailure("away"), SendLater(30.0)])
async def test_nothing_is_forgotten_while_codes_cannot_be_hidden(harness: ShopHarness, failure):
    await code_messages_of(harness, 3)
    before = await everything(harness)
    harness.sender.failures = [failure]

    assert await forget(harness) == Obstacles(codes_shown=True)

    assert await everything(harness) == before
    assert await forget(harness) == Obstacles()
    assert len(set(harness.sender.masked)) == 3


async def test_messages_that_are_gone_for_good_hinder_nobody(harness: ShopHarness):
    await code_messages_of(harness, 3)
    harness.sender.failures = [Undeliverable("gone")]

    assert await forget(harness) == Obstacles()

    assert len(set(harness.sender.masked)) == 2


async def test_a_chat_that_nobody_reads_is_tried_once(harness: ShopHarness):
    await code_messages_of(harness, 3)
    harness.sender.failures = [Unreachable(), AssertionError()]

    assert await forget(harness) == Obstacles()

    assert harness.sender.masked == []


async def test_codes_that_do_not_open_hinder_nobody(paying_harness, pay):
    harness = paying_harness
    await history(harness, pay)
    harness.vault = harness.shop.vault = AesVault(parse_keys(new_key("other")))

    assert await forget(harness) == Obstacles()


async def test_who_comes_back_is_a_new_customer(paying_harness, pay):
    harness = paying_harness
    await history(harness, pay)
    await forget(harness)

    back = await ensure_customer(harness.shop, NADIA, "fr")

    assert back.locale == "fr"
    assert await harness.balance(NADIA) == 0
    assert await my_watches(harness.shop, NADIA, "en") == ()
    async with harness.store.reading() as tx:
        assert await tx.orders.page(NADIA, 0, 9) == ([], 0)
        assert await tx.orders.for_owner(1, NADIA) is None
    await harness.credit(NADIA, 9_000)
    order = await harness.buy(NADIA)
    await harness.run(30)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    await books_agree(harness)


async def test_a_row_of_actions_tells_operators_that_somebody_was_forgotten(paying_harness, pay):
    await history(paying_harness, pay)
    await forget(paying_harness)

    (newest, *_), _, _ = await report_actions(paying_harness.shop, 0)

    assert newest.kind is ActionKind.FORGET
    assert newest.operator_id == 0
    assert is_pseudonym(int(newest.target))


async def test_a_second_press_leaves_nothing_and_notes_nothing(paying_harness, pay):
    harness = paying_harness
    await history(harness, pay)
    asked_at = harness.clock.now()
    harness.clock.pass_time(5)
    await forget_customer(harness.shop, NADIA, next(PSEUDONYM), asked_at)
    assert await forget_customer(harness.shop, NADIA, next(PSEUDONYM), asked_at) == Obstacles()
    await ensure_customer(harness.shop, NADIA, "en")  # by the press itself

    assert await forget_customer(harness.shop, NADIA, next(PSEUDONYM), asked_at) == Obstacles()

    assert [n for n, rows in (await everything(harness)).items() if str(NADIA) in rows] == []
    found, _, _ = await report_actions(harness.shop, 0)
    assert sum(action.kind is ActionKind.FORGET for action in found) == 1


@pytest.mark.parametrize("seconds", [3601, -60])
async def test_an_old_or_a_forged_question_forgets_nobody(harness: ShopHarness, seconds):
    await harness.customer(NADIA, dinars=0)
    asked_at = harness.clock.now() - timedelta(seconds=seconds)

    with pytest.raises(AskedTooLongAgo):
        await forget_customer(harness.shop, NADIA, next(PSEUDONYM), asked_at)

    async with harness.store.reading() as tx:
        assert await tx.customers.get(NADIA) is not None


async def test_a_customer_who_only_looked_is_forgotten(harness: ShopHarness):
    await harness.customer(NADIA, dinars=0)

    assert await forget(harness) == Obstacles()

    assert [n for n, rows in (await everything(harness)).items() if str(NADIA) in rows] == []


# --- what has to end first ----------------------------------------------------------------------------


async def test_money_in_the_wallet_is_not_lost(harness: ShopHarness):
    await harness.customer(NADIA, dinars=30)

    assert await forget(harness) == Obstacles(balance_minor=3_000)

    assert await harness.balance(NADIA) == 3_000


async def test_open_orders_and_payments_and_codes_on_their_way_hinder(paying_harness, pay):
    harness = paying_harness
    await harness.customer(NADIA, dinars=1_770)
    await harness.buy(NADIA)
    found = await forget(harness)
    assert (found.orders, found.balance_minor) == (1, await harness.balance(NADIA))

    async def block(tx):
        await mark_unreachable(tx, harness.shop, NADIA)

    await harness.place()
    harness.leave_out(*[s.job for s in harness.sweeps if s.name == "outbox"])
    await harness.run(30)
    await empty_wallet(harness)
    assert await forget(harness) == Obstacles(codes_on_their_way=True)
    await harness.store.write(block)
    await harness.send()
    assert await forget(harness) == Obstacles(codes_on_their_way=True), "they wait for them"
    await ensure_customer(harness.shop, NADIA, "en")
    await harness.send()
    payment = await pay.begin(Method.TRANSFER, user=NADIA)
    assert await forget(harness) == Obstacles(payments=1)
    await pay.receipt("r", user=NADIA)
    assert await forget(harness) == Obstacles(payments=1)
    await reject_payment(harness.shop, pay.decision(payment), Rejection.NOT_RECEIVED)
    await empty_wallet(harness)

    assert await forget(harness) == Obstacles()


async def test_what_is_sent_and_not_recorded_and_an_operator_hinder(harness: ShopHarness):
    await harness.customer(NADIA, dinars=0)
    now = harness.clock.now()
    sent = SentCodes(1, NADIA, 5, 0, 1, CodeMessageKind.TEXT, now, again=False)
    harness.shop.unrecorded.codes.add(sent)
    assert (await find_obstacles(harness.shop, NADIA)).codes_on_their_way
    harness.shop.unrecorded.codes.discard(sent)

    assert await find_obstacles(harness.shop, OPERATOR) == Obstacles(is_owner=True)
    assert Obstacles(is_owner=True).any
    assert not Obstacles().any


async def test_a_used_confirmation_forgets_nothing_of_who_came_back_and_bought(
    harness: ShopHarness,
):
    await harness.customer(NADIA, dinars=0)
    asked_at = harness.clock.now()
    assert not (await forget_customer(harness.shop, NADIA, next(PSEUDONYM), asked_at)).any
    harness.clock.pass_time(60)
    await harness.customer(NADIA, dinars=20_000)
    order = await harness.buy(NADIA)
    await harness.run(20)

    with pytest.raises(AskedTooLongAgo):
        await forget_customer(harness.shop, NADIA, next(PSEUDONYM), asked_at)
    assert (await harness.order(order.id)).user_id == NADIA
    assert [row.key_id for row in await rows(harness, codes)] != [""]


async def test_what_comes_up_between_the_look_and_the_press_hinders(
    harness: ShopHarness, before_next_write
):
    await harness.customer(NADIA, dinars=0)

    async def pays():
        await harness.credit(NADIA, 5)

    before_next_write(pays)

    assert await forget(harness) == Obstacles(balance_minor=500)


# --- what comes too late ------------------------------------------------------------------------------


async def test_money_that_a_provider_reports_later_waits_for_an_operator(paying_harness, pay):
    harness = paying_harness
    payment = await pay.begin(Method.OCPAY, user=NADIA)
    harness.clock.pass_time(4 * 86400)
    await harness.run(60)
    assert (await pay.now(payment)).state is PaymentState.EXPIRED
    assert await forget(harness) == Obstacles()
    report = PaymentReport(ReportStatus.CONFIRMED, payment.external_id, 200_000, sandbox=False)

    for _ in range(2):
        await harness.store.write(take_report, harness.shop, payment.id, report)
    await harness.run(30)

    held = await pay.now(payment)
    assert (held.state, held.reason) == (PaymentState.HELD, Doubt.FORGOTTEN)
    assert await harness.balance(held.user_id) == 0
    assert harness.sender.alerts("payment_held")
    with pytest.raises(CustomerForgotten):
        await accept_payment(harness.shop, pay.decision(held))
    await ensure_customer(harness.shop, NADIA, "en")
    await harness.credit(NADIA, 2_000)
    await reject_payment(harness.shop, pay.decision(held), Rejection.OTHER, "credited elsewhere")
    assert (await pay.now(payment)).state is PaymentState.REJECTED
    await books_agree(harness)


async def test_stars_that_come_later_are_the_new_customers(paying_harness, pay):
    harness = paying_harness
    bill = await pay.begin(Method.STARS, user=NADIA)
    harness.clock.pass_time(4 * 86400)
    await harness.run(60)
    await forget(harness)
    charge = harness.stars_gateway.pay(bill, "late")

    for _ in range(2):  # Telegram says it again
        await ensure_customer(harness.shop, NADIA, "en")
        await take_stars(harness.shop, charge)

    assert await harness.balance(NADIA) == bill.asked_minor
    harness.clock.pass_time(3600)
    (found,) = await reconcile_stars(harness.shop, timedelta(days=2))
    assert found.is_well
    await books_agree(harness)


async def test_a_payment_of_before_is_booked_once_and_may_be_taken_back(paying_harness, pay):
    harness = paying_harness
    await history(harness, pay)
    await forget(harness)
    async with harness.store.reading() as tx:
        paid = required(await tx.payments.by_external_id(Method.STARS, "charge-of-nadia"))
    assert is_pseudonym(paid.user_id)
    await ensure_customer(harness.shop, NADIA, "en")
    charge = harness.stars_gateway.pay(paid, "charge-of-nadia")
    await take_stars(harness.shop, charge)
    assert await harness.balance(NADIA) == 0
    with pytest.raises(NotReturnable):
        await ask_payment_refund(harness.shop, key="k", operator_id=OPERATOR, payment_id=paid.id)

    await record_chargeback(harness.shop, Method.STARS, "charge-of-nadia")
    await harness.run(60)

    async with harness.store.reading() as tx:
        assert await tx.ledger.balance("losses") == -paid.paid_minor
    assert [s.user_id for s in harness.sender.sent if is_pseudonym(s.user_id)] == []
    assert not harness.shop.items.troubles
    await books_agree(harness)


async def test_a_question_that_no_operator_has_read_yet_is_not_copied(harness: ShopHarness):
    await harness.customer(NADIA, dinars=0)
    await take_question(harness.shop, NADIA, [71])
    await forget(harness)

    await harness.send()

    assert [s for s in harness.sender.sent if s.kind in ("case", "copies")] == []


# --- what the database itself admits ------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET account = 'sales' WHERE account = 'wallet:7013579246'",
        "UPDATE entries SET amount_minor = amount_minor + 1",
        "UPDATE entries SET account = 'wallet:-5', amount_minor = 1 WHERE account LIKE 'wallet:7%'",
        "UPDATE postings SET actor = 'operator:-5'",
        "UPDATE postings SET actor = 'customer:5' WHERE actor LIKE 'customer:%'",
        "UPDATE postings SET note = 'x'",
        "UPDATE postings SET actor = 'customer:-5', at = 0 WHERE actor LIKE 'customer:%'",
        "UPDATE postings SET actor = 'operator:5' WHERE actor LIKE 'operator:%'",
        "UPDATE postings SET actor = 'operator:-5', at = 0 WHERE actor LIKE 'operator:%'",
        "UPDATE reveals SET user_id = 5",
        "UPDATE reveals SET user_id = -5, at = 0",
        "DELETE FROM reveals",
    ],
)
async def test_the_ledger_admits_a_pseudonym_and_nothing_else(harness: ShopHarness, statement):
    await harness.customer(NADIA, dinars=9_000)
    order = await harness.buy(NADIA)
    await harness.run(30)

    async def reveal(tx):
        await tx.codes.add_reveal(order.id, NADIA, "again", harness.clock.now())

    await harness.store.write(reveal)
    with pytest.raises(StorageFailure):
        await harness.store.run_sync(lambda db: db.execute(text(statement)))
    await books_agree(harness)


def test_every_table_was_looked_at():
    """A new table with something of a person in it belongs into ForgettingRepository, and into this list."""
    about_people = {
        table.name
        for table in COPIED
        if any(
            re.search("user|chat|customer|operator|actor|target|_by$", c.name)
            for c in table.columns
        )
    }
    known = (
        "users orders quotes payments postings reveals watches cases case_messages code_messages"
    )
    known += " showings outbox conversations inbox admin_actions notes news news_sent operators price_drafts"
    known += " own_batches"
    assert about_people - {"markups", "pauses", "curation", "curation_texts"} | {"users"} == set(
        known.split()
    )


# --- in the chat --------------------------------------------------------------------------------------


async def chatting(shop: BotHarness):
    nadia = shop.person(NADIA)
    await nadia.say("/start")
    await shop.pump()
    await shop.credit(NADIA, 9_000)
    await shop.press_to_buy(nadia, 1)
    await shop.live(30)
    assert any(spoilers(m) for m in nadia.inbox)
    return nadia


async def test_a_customer_is_asked_and_forgotten_by_buttons(chat_shop: BotHarness):
    nadia = await chatting(chat_shop)
    await nadia.say("/privacy")
    await chat_shop.pump()
    assert await chat_shop.press_newest(nadia, "forget")
    assert "Your balance is" in text_of(nadia.inbox[-1])
    await empty_wallet(chat_shop)
    await chat_shop.live(5)
    await nadia.say("/privacy")
    await chat_shop.pump()
    await chat_shop.press_newest(nadia, "forget")
    question = nadia.inbox[-1]
    assert "can’t be undone" in text_of(question)
    (data,) = [
        b["callback_data"] for b in buttons(question) if "erase" in b.get("callback_data", "")
    ]

    await chat_shop.press(nadia, data, question)
    assert "Your data has been deleted" in text_of(nadia.inbox[-1])
    await chat_shop.press(nadia, data, question)
    assert "Your data has been deleted" in text_of(nadia.inbox[-1])

    assert not any(spoilers(m) for m in nadia.inbox), "the chat shows no codes any more"
    (hidden,) = [m for m in nadia.inbox if "codes hidden" in text_of(m)]
    assert "you asked us to delete your data" in text_of(hidden)
    assert "/orders" not in text_of(hidden)
    assert not any("rebuy:" in b.get("callback_data", "") for b in buttons(hidden))
    left = {n for n, rows in (await everything(chat_shop)).items() if str(NADIA) in rows}
    assert left == set()
    await nadia.say("/orders")
    await chat_shop.pump()
    assert "No orders yet" in text_of(nadia.inbox[-1])
    operator = chat_shop.person(OPERATOR)
    await operator.say("/actions")
    await chat_shop.pump()
    assert "deleted at their request" in text_of(operator.inbox[-1])


async def test_one_person_is_forgotten_three_times_an_hour_at_most(chat_shop: BotHarness):
    nadia = chat_shop.person(NADIA)

    async def ask_and_press() -> str:
        await nadia.say("/privacy")
        await chat_shop.pump()
        await chat_shop.press_newest(nadia, "forget")
        await chat_shop.press_newest(nadia, "erase")
        return text_of(nadia.inbox[-1])

    async def has_row() -> bool:
        async with chat_shop.store.reading() as tx:
            return await tx.customers.get(NADIA) is not None

    for _ in range(3):
        assert "Your data has been deleted" in await ask_and_press()
        assert not await has_row()
    assert "again in 60 minutes" in await ask_and_press()
    assert await has_row()
    chat_shop.clock.pass_time(3600)

    assert "Your data has been deleted" in await ask_and_press()


async def test_an_operators_reply_to_somebody_forgotten_reaches_nobody(chat_shop: BotHarness):
    nadia = chat_shop.person(NADIA)
    await nadia.say("/start")
    await chat_shop.pump()
    await nadia.say("/paysupport where is it?")
    await chat_shop.pump()
    await chat_shop.send()
    operator = chat_shop.person(OPERATOR)
    heading = next(m for m in operator.inbox if "settled:" in str(buttons(m)))
    await forget(chat_shop)

    await operator.say("here", reply_to=heading)
    await chat_shop.pump()

    assert "Not sent" in text_of(operator.inbox[-1])


async def test_a_stale_confirmation_is_refused_in_words(chat_shop: BotHarness):
    nadia = chat_shop.person(NADIA)
    await nadia.say("/start")
    await chat_shop.pump()

    for forged in ("erase:1", "erase:999999999999999"):
        await chat_shop.press(nadia, forged)

    async with chat_shop.store.reading() as tx:
        assert await tx.customers.get(NADIA) is not None


async def test_the_news_of_a_value_is_not_sent_to_somebody_forgotten(chat_shop: BotHarness):
    nadia = chat_shop.person(NADIA)
    await nadia.say("/start")
    await chat_shop.pump()
    value = await sold_out(chat_shop)
    await watch_value(chat_shop.shop, NADIA, value)

    async def queue(tx):
        now = chat_shop.clock.now()
        data = {"value": str(value), "since": now.isoformat()}
        await tx.outbox.add(f"back:{value}:{NADIA}:1", NADIA, OutboxKind.BACK, now, data=data)

    await chat_shop.store.write(queue)
    await forget(chat_shop)

    assert [n for n, rows in (await everything(chat_shop)).items() if str(NADIA) in rows] == []
