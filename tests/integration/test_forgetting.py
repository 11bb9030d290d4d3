"""Forgetting a customer who asks for it: nothing leads to them, and the books agree all the same."""

import re
from datetime import time, timedelta

import pytest
from sqlalchemy import text

from bot.domain.actions import ActionKind
from bot.domain.alerts import AlertKind
from bot.domain.orders import OrderState
from bot.domain.pauses import PauseScope
from bot.domain.payments import Method
from bot.domain.people import Obstacles, is_pseudonym
from bot.domain.records import CodeMessageKind, SentCodes
from bot.domain.roles import Member, MemberState, Role
from bot.domain.stock_files import read_text
from bot.errors import SendFailure, SendLater, StorageFailure, Undeliverable, Unreachable
from bot.refusals import AskedTooLongAgo
from bot.services.codes.custody import check_keys, used_keys
from bot.services.codes.rotate import rotate_keys
from bot.services.customers.bans import ask_ban, confirm_ban
from bot.services.customers.notes import add_note
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.customers import ensure_customer
from bot.services.messaging.support import take_question, tell_answered
from bot.services.operations.audit import audit_books
from bot.services.operations.closing import tell_closing
from bot.services.operations.forgetting import forget_customer
from bot.services.operations.reports import report_actions
from bot.services.operations.staffing import Appointment, accept_role, appoint
from bot.services.operations.watches import my_watches
from bot.services.payments.decisions import accept_payment
from bot.services.selling.hand_pauses import draft_pause
from bot.services.stock.goods import add_value
from bot.services.stock.load import LoadRequest, load_batch
from bot.services.wallet.credit import Credit, credit_wallet
from bot.vault import AesVault, new_key, parse_keys
from storage.copying import COPIED
from storage.tables import payments, users
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.forgetting_steps import (
    NADIA,
    PSEUDONYM,
    empty_wallet,
    everything,
    forget,
    history,
)
from tests.integration.readings import rows
from tests.own_stock import codes_of
from tests.sweeps import AT_INTERVALS


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
