"""/export: the owner, and nobody else, gets the file of a month that is over, into their own chat."""

import io
import stat
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.bookkeeping import exporter as making
from bot.bookkeeping.exporter import ShortExporter
from bot.domain.actions import ActionKind
from bot.domain.books import Month
from bot.domain.roles import Role
from bot.errors import ExportFailure, NotTied
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.world import buttons, text_of
from bot.short_processes import ShortProcesses, ShortProcessFailure
from locales import words
from storage.tables import accounts, operator_actions
from tests.bot_harness import BotHarness
from tests.harness import OPERATOR
from tests.integration.readings import rows

MANAGER, SUPPORT, LINA = 901, 902, 5
OCTOBER = Month(2026, 10)  # the harness begins in November


class Exporter:
    def __init__(self) -> None:
        self.made: list[Month] = []
        self.error: Exception | None = None

    async def workbook(self, month: Month) -> bytes:
        self.made.append(month)
        if self.error is not None:
            raise self.error
        return b"PK-workbook"


@pytest.fixture
async def shop(chat_shop: BotHarness) -> BotHarness:
    await chat_shop.hire(MANAGER, Role.MANAGER)
    await chat_shop.hire(SUPPORT, Role.SUPPORT)
    chat_shop.shop.exporter = Exporter()
    for user_id in (MANAGER, SUPPORT, LINA):
        await chat_shop.person(user_id).say("/start")
    await chat_shop.pump()
    return chat_shop


def maker(shop: BotHarness) -> Any:
    """The exporter of the fixture."""
    return shop.shop.exporter


async def say(shop: BotHarness, user_id: int, text: str):
    who = shop.person(user_id)
    await who.say(text)
    await shop.pump()
    return who.inbox[-1]


async def forge(shop: BotHarness, user_id: int, data: str):
    who = shop.person(user_id)
    query = await who.forge(data, who.inbox[-1])
    await shop.pump()
    return query, who.inbox[-1]


async def test_the_owner_is_told_what_the_file_holds_and_gets_it(shop: BotHarness):
    asked = await say(shop, OPERATOR, "/export 2026-10")
    assert "October 2026: no orders, 3 sheets and a summary" in text_of(asked)
    assert "no codes" in text_of(asked)
    assert [it["callback_data"] for it in buttons(asked)] == ["exp:202610:1", "exp:202610:0"]

    await shop.press_newest(shop.person(OPERATOR), "exp:202610:1")

    sent = shop.person(OPERATOR).inbox[-1]
    assert sent["document"]["file_name"] == "hanout-2026-10.xlsx"
    assert shop.world.files[sent["document"]["file_id"]].content == b"PK-workbook"
    noted = [row for row in await rows(shop, operator_actions) if row.kind == ActionKind.EXPORT]
    assert [(row.target, row.operator_id) for row in noted] == [("2026-10", OPERATOR)]
    assert "file of 2026-10" in text_of(await say(shop, OPERATOR, "/actions"))


@pytest.mark.parametrize("last", ["exp:202610:1", "exp:202610:0"])
async def test_a_question_is_answered_once_however_often_it_is_pressed(shop: BotHarness, last: str):
    asked = await say(shop, OPERATOR, "/export 2026-10")
    owner = shop.person(OPERATOR)

    presses = [await owner.forge(data, asked) for data in ("exp:202610:1", "exp:202610:1", last)]
    await shop.pump()

    assert [m["document"]["file_name"] for m in owner.inbox if "document" in m] == [
        "hanout-2026-10.xlsx"
    ]
    told = [query.answer["text"] if query.answer else None for query in presses]
    assert told == ["", *[words("en").plain("refused-decided")] * 2]
    assert "No file" not in text_of(owner.chat.messages[asked["message_id"]])
    noted = [row for row in await rows(shop, operator_actions) if row.kind == ActionKind.EXPORT]
    assert len(noted) == 1
    await say(shop, OPERATOR, "/export 2026-10")
    assert await shop.press_newest(owner, "exp:202610:1")
    assert len(maker(shop).made) == 2


@pytest.mark.virtual_time
async def test_a_file_that_did_not_go_out_is_made_again_by_the_same_press(shop: BotHarness):
    await say(shop, OPERATOR, "/export 2026-10")
    owner = shop.person(OPERATOR)
    shop.telegram.faults.append(Fault(FaultKind.STATUS, "/sendDocument", status=502))

    await shop.press_newest(owner, "exp:202610:1")
    await shop.wait_for_postponed(1.5)

    assert [m["document"]["file_name"] for m in owner.inbox if "document" in m] == [
        "hanout-2026-10.xlsx"
    ]


async def test_without_a_month_it_is_the_last_one_that_is_over(shop: BotHarness):
    assert "October 2026" in text_of(await say(shop, OPERATOR, "/export"))


async def test_a_file_that_is_left_is_not_made(shop: BotHarness):
    await say(shop, OPERATOR, "/export 2026-10")
    await shop.press_newest(shop.person(OPERATOR), "exp:202610:0")

    assert maker(shop).made == []
    assert "No file" in text_of(shop.person(OPERATOR).inbox[-1])


@pytest.mark.parametrize("data", ["exp:202611:1", "exp:202701:1", "exp:999912:1"])
async def test_a_month_that_is_not_over_has_no_file_even_by_a_forged_press(shop, data):
    assert "isn’t over" in text_of(await say(shop, OPERATOR, "/export 2026-11"))
    query, _ = await forge(shop, OPERATOR, data)

    assert "isn’t over" in query.answer["text"]
    assert maker(shop).made == []


@pytest.mark.parametrize("data", ["exp:202613:1", "exp:1:1", "exp:20261:1", "exp:000101:1"])
async def test_what_is_no_month_is_refused(shop: BotHarness, data):
    assert "/export 2026-10" in text_of(await say(shop, OPERATOR, "/export next year"))
    query, _ = await forge(shop, OPERATOR, data)

    assert "Not found" in query.answer["text"]


@pytest.mark.parametrize("user_id", [MANAGER, SUPPORT, LINA])
async def test_nobody_else_gets_a_file(shop: BotHarness, user_id):
    assert text_of(await say(shop, user_id, "/export 2026-10")) == words("en").plain(
        "unknown-command"
    )
    query, last = await forge(shop, user_id, "exp:202610:1")

    assert query.answer["text"] == words("en").plain("refused-not-found")
    assert "document" not in last
    assert maker(shop).made == []
    assert all(row.kind != ActionKind.EXPORT for row in await rows(shop, operator_actions))


async def test_why_there_is_no_file_is_told(shop: BotHarness):
    maker(shop).error = NotTied(tuple(f"wallet: {n}" for n in range(7)))
    _, differing = await forge(shop, OPERATOR, "exp:202610:1")
    maker(shop).error = ExportFailure("killed")
    _, failed = await forge(shop, OPERATOR, "exp:202610:1")
    shop.shop.exporter = None
    query, _ = await forge(shop, OPERATOR, "exp:202610:1")

    assert "don’t balance" in text_of(differing)
    assert "wallet: 4" in text_of(differing)
    assert "wallet: 5" not in text_of(differing)
    assert "hanout export --month 2026-10 --xlsx 2026-10.xlsx" in text_of(failed)
    assert "Not found" in query.answer["text"]


async def test_the_process_writes_the_file_and_leaves_nothing(
    shop: BotHarness, tmp_path, monkeypatch
):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "temporary").mkdir()
    url = shop.store.url.render_as_string(hide_password=False).replace("+aiosqlite", "")
    real = ShortExporter(ShortProcesses(), url, shop.shop.policy.time_zone)

    book = openpyxl.load_workbook(io.BytesIO(await real.workbook(OCTOBER)))
    assert book.sheetnames == ["Summary", "Orders", "Ledger", "Payments"]
    async with shop.store._writer.begin() as db:
        await db.execute(
            accounts.insert().values(name="sales", balance_minor=5, may_be_negative=True)
        )
    with pytest.raises(NotTied, match="sales"):
        await real.workbook(OCTOBER)
    assert list((tmp_path / "temporary").iterdir()) == []


class Processes(ShortProcesses):
    """Looks at where a file is to be written, and fails, or writes one."""

    mode = 0
    kept: str | None = ""
    writes = False

    async def run(self, module, given, *, seconds, mebibytes, kept=None):
        self.kept = kept
        path = Path(given["path"])
        self.mode = stat.S_IMODE(path.parent.stat().st_mode)
        if not self.writes:
            raise ShortProcessFailure("killed")
        path.write_bytes(b"PK")
        return b'{"differences": []}'


async def test_a_process_that_ends_badly_is_an_export_that_failed(shop, monkeypatch):
    processes = Processes()
    exporter = ShortExporter(processes, "sqlite:///x", shop.shop.policy.time_zone)

    with pytest.raises(ExportFailure):
        await exporter.workbook(OCTOBER)
    assert (processes.mode, processes.kept) == (0o700, "PG")

    processes.writes = True
    assert await exporter.workbook(OCTOBER) == b"PK"
    monkeypatch.setattr(making, "MOST_BYTES", 1)
    with pytest.raises(ExportFailure, match="too many"):
        await exporter.workbook(OCTOBER)
