"""/stock in the chat: a list is loaded, its message deleted, and nothing is sold before a press."""

import logging

import pytest
from sqlalchemy import select

from bot.domain.orders import OrderState
from bot.domain.stock import BatchState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.rules import bad
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.messaging.inbox import release_updates
from storage.tables import inbox, own_batches, own_codes, own_products, receipts
from tests.bot_harness import LINA
from tests.harness import OPERATOR
from tests.integration.readings import rows_of
from tests.own_stock import OwnBotHarness, codes_of, failing_on_codes

CSV = (
    "code,pin,expires\n" + "".join(f"{c},{n:04},2031-12-31\n" for n, c in enumerate(codes_of(5)))
).encode()


@pytest.fixture
async def shop(sqlite_store):
    harness = OwnBotHarness(sqlite_store)
    yield await harness.open()
    await harness.close()


@pytest.fixture
def boss(shop):
    return shop.person(OPERATOR)


async def say(shop, who, text):
    await who.say(text)
    await shop.pump()


async def send_file(shop, who, content=CSV, name="codes.csv", **options):
    await who.attach(content, name, photo=False, **options)
    await shop.pump()


def last(who):
    return text_of(who.inbox[-1])


async def ask_for_codes(shop, boss, cost="1240"):
    """As far as the question for the codes of a new value."""
    await say(shop, boss, "/stock")
    await shop.press_newest(boss, "sadd")
    await say(shop, boss, "Streaming\nNetflix TR\n200 TRY")
    await shop.press_newest(boss, "sload:")
    await say(shop, boss, cost)


async def batches(shop):
    return [(r.state, r.cost_minor) for r in await rows_of(shop, select(own_batches))]


async def test_from_an_empty_stock_to_a_customers_codes(shop, boss):
    await say(shop, boss, "/stock")
    assert "Nothing here yet" in last(boss)
    await ask_for_codes(shop, boss)
    await send_file(shop, boss)
    text = last(boss)
    assert "Batch 1 · Netflix TR · 200 TRY" in text.replace("\u2068", "").replace("\u2069", "")
    assert "5 good codes" in text
    assert "Nothing is sold yet" in text
    assert "delete your message yourself" not in text
    assert await batches(shop) == [(BatchState.DRAFT, 124_000)]
    assert not await rows_of(shop, select(receipts))

    await shop.press_newest(boss, "sgo:1:1")
    assert "on sale" in last(boss)
    lina = shop.person(LINA)
    await shop.customer(LINA)
    await say(shop, lina, "/start")
    for step in ("prod:", "den:", "qty:.*:2$", "buy:"):
        await shop.press_newest(lina, step)
    await shop.live(30)
    assert (await shop.order(1)).state is OrderState.FULFILLED


async def test_the_day_on_which_codes_end_is_shown_as_it_was_written(shop, boss):
    """Not the next one: in Algiers, 23:59 UTC is tomorrow, and the code is refused by then."""
    await ask_for_codes(shop, boss)
    await send_file(shop, boss)
    assert "31 Dec 2031" in last(boss)
    assert "2032" not in last(boss)


async def test_the_message_is_deleted_before_it_is_answered(shop, boss):
    await ask_for_codes(shop, boss)
    before = len(shop.world.calls)
    await send_file(shop, boss)
    names = [name for _, name, _ in shop.world.calls[before:]]
    assert names.index("getFile") < names.index("deleteMessage") < names.index("sendMessage")


async def test_pasted_lines_are_loaded_and_deleted(shop, boss):
    await ask_for_codes(shop, boss)
    await say(shop, boss, "\n".join(codes_of(3)))
    assert "3 good codes" in last(boss)
    assert "deleteMessage" in [name for _, name, _ in shop.world.calls]


async def test_a_message_that_cannot_be_deleted_is_said_so(shop, boss):
    await ask_for_codes(shop, boss)
    shop.world.refusals.append(("deleteMessage", bad("message can't be deleted")))
    await send_file(shop, boss)
    assert "delete your message yourself" in last(boss)
    assert "5 good codes" in last(boss)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"A1,B\nA2,C", "codes.csv", "name the columns"),
        (b"code\n1.5E+15\n", "codes.csv", "Line"),
        (b"PK\x03\x04....", "codes.xlsx", "a spreadsheet"),
        (b"\xff\xfa", "codes.txt", "isn’t text"),
        (b"code,expires\nA1,soon", "codes.csv", "the date in line"),
        (b"x" * 1_000_001, "codes.txt", "larger than 1 MB"),
    ],
)
async def test_what_cannot_be_read_is_deleted_and_asked_for_again(shop, boss, content, name, words):
    await ask_for_codes(shop, boss)
    await send_file(shop, boss, content, name)
    assert words in last(boss)
    assert "Nothing was stored" in last(boss)
    assert await batches(shop) == []
    await send_file(shop, boss)
    assert "5 good codes" in last(boss)


async def test_a_picture_is_no_list(shop, boss):
    await ask_for_codes(shop, boss)
    await boss.attach(
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01", "x", photo=True
    )
    await shop.pump()
    assert "Send one .txt or .csv file" in last(boss)


async def test_a_list_outside_of_the_question_is_deleted_and_no_receipt(shop, boss):
    await send_file(shop, boss, name="codes.TXT")
    assert "Open /stock first" in last(boss)
    assert "deleteMessage" in [name for _, name, _ in shop.world.calls]
    assert not await rows_of(shop, select(receipts))
    assert await batches(shop) == []


async def test_a_customers_file_is_treated_as_before(shop):
    lina = shop.person(LINA)
    await say(shop, lina, "/start")
    await send_file(shop, lina)
    assert "/stock" not in last(lina)
    assert "deleteMessage" not in [name for _, name, _ in shop.world.calls]


async def test_other_answers_are_asked_for_again(shop, boss):
    await say(shop, boss, "/stock")
    await shop.press_newest(boss, "sadd")
    await say(shop, boss, "Netflix")
    assert "exactly three lines" in last(boss)
    await say(shop, boss, "Streaming\n" + "x" * 61 + "\n200 TRY")
    assert "exactly three lines" in last(boss)
    await say(shop, boss, "Streaming\nNetflix TR\n200 TRY")
    await shop.press_newest(boss, "sload:")
    await say(shop, boss, "0")
    assert "an amount in dinars" in last(boss)
    await say(shop, boss, "netflix")
    assert "an amount in dinars" not in last(boss)


async def test_a_draft_is_thrown_away_and_a_batch_withdrawn_by_buttons(shop, boss):
    await ask_for_codes(shop, boss)
    await send_file(shop, boss)
    await shop.press_newest(boss, "sgo:1:0")
    assert "discarded" in last(boss)
    await shop.press_newest(boss, "sval:")
    await shop.press_newest(boss, "sload:")
    await say(shop, boss, "1240")
    await send_file(shop, boss)
    await shop.press_newest(boss, "sgo:2:1")
    await shop.press_newest(boss, "sval:")
    assert "1,240" in last(boss)
    await shop.press_newest(boss, "sask:2")
    assert "Withdraw batch" in last(boss)
    await shop.press_newest(boss, "sout:2")
    assert "is withdrawn" in last(boss)
    assert [s for s, _ in await batches(shop)] == [BatchState.DISCARDED, BatchState.WITHDRAWN]
    assert {r.value for r in await rows_of(shop, select(own_codes.c.value))} == {b""}


@pytest.mark.parametrize(
    "lines",
    [
        ["ABCD-EFGH-1234-5678", "ABCD-EFGH-1234-9999", "ABCD-EFGH-1234-0000"],
        ["1234567890123456", "Netflix TR", "200 TRY"],
        ["1234 5678 9012 3456", "Netflix TR", "200 TRY"],
        ["QWERTYUIOP", "ASDFGHJKLZ", "XCVBNMLKJH"],
        ["Streaming", "X7Q2M9P4", "200 TRY"],
        ["https://x.test/redeem", "Netflix", "200 TRY"],
        ["X7Q2M9P4"],
    ],
)
async def test_codes_never_become_a_product(shop, boss, lines):
    await say(shop, boss, "/stock")
    await shop.press_newest(boss, "sadd")

    await say(shop, boss, "\n".join(lines))

    assert "look like codes" in last(boss)
    assert "deleteMessage" in [name for _, name, _ in shop.world.calls]
    assert await rows_of(shop, select(own_products)) == []


async def test_names_that_look_like_codes_are_told_how_to_be_written(shop, boss):
    await say(shop, boss, "/stock")
    await shop.press_newest(boss, "sadd")
    await say(shop, boss, "Software\nWindows10Pro\n1 PC")
    assert "put spaces" in last(boss)
    assert "exactly three lines" not in last(boss)

    await say(shop, boss, "Software\nWindows 10 Pro\n1 PC")

    assert [r.title for r in await rows_of(shop, select(own_products))] == ["Windows 10 Pro"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Games", "PlayStation Plus 12 months", "12 months"],
        ["Software", "Office2021", "1 PC"],
        ["Games", "FIFA-2025", "1 PC"],
        ["Games", "NBA 2024-2025", "1 PC"],
        ["Wallets", "Razer Gold Indonesia", "1,000,000 IDR"],
        ["Gaming-Cards", "PUBG Mobile - UC", "60 UC"],
        ["بطاقات", "نتفليكس تركيا", "200 ليرة"],
    ],
)
async def test_names_become_a_product_and_an_unused_one_is_removed(shop, boss, lines):
    await say(shop, boss, "/stock")
    await shop.press_newest(boss, "sadd")
    await say(shop, boss, "\n".join(lines))
    assert [r.title for r in await rows_of(shop, select(own_products))] == [lines[1]]

    await shop.press_newest(boss, "sdrop:1")

    assert "Nothing here yet" in last(boss)
    assert await rows_of(shop, select(own_products)) == []


async def test_a_value_that_was_used_is_not_removed(shop, boss):
    await ask_for_codes(shop, boss)
    await send_file(shop, boss)
    await shop.press_newest(boss, "sgo:1:0")

    await shop.press_newest(boss, "sval:1")
    assert not [b for b in buttons(boss.inbox[-1]) if b["callback_data"].startswith("sdrop")]
    await boss.forge("sdrop:1", boss.inbox[-1])
    await shop.pump()

    assert len(await rows_of(shop, select(own_products))) == 1


@pytest.mark.parametrize(
    "data",
    ["stock", "sval:1", "sdrop:1", "sadd", "sload:1", "sgo:1:1", "sgo:1:0", "sask:1", "sout:1"],
)
async def test_a_forged_press_of_a_customer_changes_nothing(shop, boss, data):
    await ask_for_codes(shop, boss)
    await send_file(shop, boss)
    lina = shop.person(LINA)
    await say(shop, lina, "/start")
    await lina.forge(data, lina.inbox[-1])
    await shop.pump()
    assert "Netflix" not in last(lina)
    assert await batches(shop) == [(BatchState.DRAFT, 124_000)]


async def test_a_customer_who_types_the_command_reads_what_any_unknown_command_says(shop):
    lina = shop.person(LINA)
    await say(shop, lina, "/nonsense")
    unknown = last(lina)
    await say(shop, lina, "/stock")
    assert last(lina) == unknown


async def test_the_command_leaves_the_question_for_codes(shop, boss):
    await ask_for_codes(shop, boss)
    await say(shop, boss, "/stock")
    await say(shop, boss, "netflix")
    assert await batches(shop) == []


@pytest.mark.virtual_time
async def test_an_update_that_is_handled_again_finds_the_same_batch(shop, boss):
    await ask_for_codes(shop, boss)
    shop.telegram.faults.append(Fault(FaultKind.RESET_AFTER, "/sendMessage"))
    await send_file(shop, boss)
    await shop.wait_for_postponed(1.5)
    assert [s for s, _ in await batches(shop)] == [BatchState.DRAFT]
    assert len(await rows_of(shop, select(own_codes))) == 5


@pytest.mark.virtual_time
async def test_no_code_lies_anywhere_in_clear(shop, boss, tmp_path, caplog):
    """Not in the database, its log, the program's log, or an update that was set aside and brought back."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("telegram").setLevel(logging.WARNING)  # as bot/log.py does
    await ask_for_codes(shop, boss)
    real = shop.vault.fingerprints
    shop.vault.fingerprints = failing_on_codes(shop.vault)
    await say(shop, boss, "\n".join(codes_of(3)))
    for _ in range(6):
        await shop.wait_for_postponed(0.6)
    set_aside = await rows_of(shop, select(inbox.c.payload).where(inbox.c.payload.is_not(None)))
    assert set_aside
    shop.vault.fingerprints = real
    await shop.bot_state.inbox.open(await release_updates(shop.shop, key="k", operator_id=OPERATOR))
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert [p for p in files if p.name.endswith("-wal")]
    assert not [p for p in files if b"CANARY" in p.read_bytes()]
    assert "CANARY" not in caplog.text


async def test_several_files_at_once_are_deleted_and_asked_for_one_by_one(shop, boss):
    await ask_for_codes(shop, boss)
    await boss.album([CSV, CSV], photo=False)
    await shop.pump()
    assert "Send one .txt or .csv file" in last(boss)
    assert [name for _, name, _ in shop.world.calls].count("deleteMessage") == 2
    assert await batches(shop) == []


async def test_a_page_in_the_place_of_a_file_is_no_list_of_codes(shop, boss):
    await ask_for_codes(shop, boss)
    shop.telegram.rewrite = lambda path, body: b"<html>Sign in</html>" if "/file/" in path else body
    await send_file(shop, boss)
    assert await batches(shop) == []
    shop.telegram.rewrite = None
    for update in await shop.inbox.open(
        await release_updates(shop.shop, key="k", operator_id=OPERATOR)
    ):
        await shop.application.update_queue.put(update)
    await shop.wait_for_postponed(0)
    assert await batches(shop) == [(BatchState.DRAFT, 124_000)]


async def test_codes_outside_of_the_conversation_find_no_value(shop, boss):
    """A question that outlived what it was about: the state of a conversation is kept, and may be odd."""
    await ask_for_codes(shop, boss)
    shop.application.user_data[OPERATOR].clear()
    await send_file(shop, boss)
    assert await batches(shop) == []


async def test_a_text_that_the_app_has_formatted_is_refused(shop, boss):
    await ask_for_codes(shop, boss)
    with_bold = {"type": "bold", "offset": 0, "length": 4}
    body = {"from": boss.user, "text": "AB12\nCD34", "entities": [with_bold]}
    await boss._send(boss.chat, body)
    await shop.pump()
    assert "Send the codes as a file" in last(boss)
    assert await batches(shop) == []
