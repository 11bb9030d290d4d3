"""What is sent while the receipt of a transfer is awaited, and is none: in the chat, in three languages."""

from typing import Any

import pytest

from bot.domain.payments import PaymentState
from bot.services.operations.reports import report_payment
from bot.services.payments.decisions import Decision, accept_payment
from locales import LOCALES
from tests.bot_harness import LINA, PNG, VoucherBotHarness
from tests.harness import OPERATOR
from tests.integration.albums import send_album
from tests.integration.test_albums import begin_transfer, bot_harness, operator, read_after
from tests.integration.test_bans import ban

__all__ = ["bot_harness"]  # a fixture

FILE = {"file_id": "f", "file_unique_id": "u"}
OTHERS: dict[str, Any] = {
    "voice": {**FILE, "duration": 1},
    "video": {**FILE, "width": 1, "height": 1, "duration": 1},
    "video_note": {**FILE, "length": 1, "duration": 1},
    "audio": {**FILE, "duration": 1},
    "sticker": {
        **FILE,
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
    },
    "contact": {"phone_number": "213", "first_name": "A"},
    "location": {"latitude": 1.5, "longitude": 1.5},
    "dice": {"emoji": "🎲", "value": 1},
}
in_every_language = pytest.mark.parametrize("bot_harness", LOCALES, indirect=True)


def refused(harness: VoucherBotHarness, payment: int) -> str:
    lines = ("receipt-refused", "receipt-instead")
    return "\n".join(harness.line(line, reference=f"HN{payment}") for line in lines)


async def send(harness: VoucherBotHarness, **content: Any) -> list[str]:
    lina = harness.lina
    return await read_after(harness, lina._send(lina.chat, {"from": lina.user, **content}))


async def state_of(harness: VoucherBotHarness, payment: int) -> PaymentState:
    return (await report_payment(harness.shop, payment)).state


def file(name: str | None = None, mime_type: str | None = None) -> dict[str, str]:
    named = {"file_name": name, "mime_type": mime_type}
    return FILE | {key: value for key, value in named.items() if value is not None}


@in_every_language
@pytest.mark.parametrize(
    "document",
    [
        file("receipt.exe", "application/x-msdownload"),
        file("receipt.pdf.exe", "application/pdf"),
        file("receipt.zip", "application/octet-stream"),
        file(),
    ],
    ids=lambda document: document.get("file_name", "nameless"),
)
async def test_any_other_file_is_refused_with_what_is_taken(
    bot_harness: VoucherBotHarness, document
):
    payment = await begin_transfer(bot_harness)
    before = len(operator(bot_harness).inbox)

    read = await send(bot_harness, document=document, caption=f"HN{payment}")
    await bot_harness.live(2)

    assert read == [refused(bot_harness, payment)]
    assert await state_of(bot_harness, payment) is PaymentState.OPEN
    assert len(operator(bot_harness).inbox) == before


@pytest.mark.parametrize(
    "document",
    [
        file("receipt.pdf"),
        file("a.PDF", "application/octet-stream"),
        file(None, "image/jpeg"),
        file("IMG_0001.HEIC"),
        file("Virement 1500.00DA", "application/pdf"),
    ],
    ids=str,
)
async def test_pictures_and_pdfs_are_receipts_also_where_half_is_said_of_them(
    bot_harness: VoucherBotHarness, document
):
    payment = await begin_transfer(bot_harness)

    (read,) = await send(bot_harness, document=document)

    assert read == bot_harness.line("receipt-came", reference=f"HN{payment}")
    assert await state_of(bot_harness, payment) is PaymentState.REVIEW


async def test_no_receipt_is_awaited_for_a_payment_that_expired(bot_harness: VoucherBotHarness):
    payment = await begin_transfer(bot_harness)
    await bot_harness.live(8 * 24 * 3600, 3600)
    assert await state_of(bot_harness, payment) is PaymentState.EXPIRED

    read = await send(bot_harness, document=file("statement.docx", "application/msword"))

    assert read == [bot_harness.line("unknown-message")]


@in_every_language
@pytest.mark.parametrize("kind", OTHERS)
async def test_any_other_message_is_told_that_a_receipt_is_awaited(
    bot_harness: VoucherBotHarness, kind
):
    payment = await begin_transfer(bot_harness)

    assert await send(bot_harness, **{kind: OTHERS[kind]}) == [refused(bot_harness, payment)]
    assert await state_of(bot_harness, payment) is PaymentState.OPEN


async def test_where_no_receipt_is_awaited_other_messages_are_not_read(
    bot_harness: VoucherBotHarness,
):
    unread = [bot_harness.line("unknown-message")]
    assert await send(bot_harness, voice=OTHERS["voice"]) == unread
    assert await send(bot_harness, document=file("receipt.exe")) == unread
    payment = await begin_transfer(bot_harness)
    await bot_harness.lina.attach(PNG, "receipt.png", photo=True)
    await bot_harness.pump()

    assert await send(bot_harness, voice=OTHERS["voice"]) == unread, "support has one"
    assert await send(bot_harness, document=file("receipt.exe")) == unread, "support has one"
    other = await send(bot_harness, document=file("receipt.exe"), caption=f"HN{payment}")
    assert other == [refused(bot_harness, payment)], "they send another one"
    await accept_payment(bot_harness.shop, Decision("key", OPERATOR, payment))
    assert await send(bot_harness, document=file("receipt.exe")) == unread


async def test_of_an_album_only_pictures_and_pdfs_are_the_receipt(bot_harness: VoucherBotHarness):
    payment = await begin_transfer(bot_harness)
    lina = bot_harness.lina
    items = [
        {"document": file(f"{number}.{ending}") | {"file_unique_id": ending}}
        for number, ending in enumerate(("exe", "pdf"))
    ]

    async def album() -> None:
        for item in items:
            body = {"from": lina.user, "media_group_id": "g", **item}
            lina.world.push("message", lina.world.add_message(lina.chat, body))
        await lina.world.notify()

    (read,) = await read_after(bot_harness, album())
    async with bot_harness.shop.store.reading() as tx:
        receipts = await tx.payments.newest_receipts(payment)

    assert bot_harness.line("album-part") in read
    assert [receipt.unique_id for receipt in receipts] == ["pdf"]


async def test_an_album_without_any_is_refused_once(bot_harness: VoucherBotHarness):
    payment = await begin_transfer(bot_harness)

    read = await read_after(bot_harness, send_album(bot_harness.lina, "video", "video"))

    assert read == [refused(bot_harness, payment)]


@pytest.mark.parametrize("begun", [True, False])
async def test_the_banned_are_told_about_a_transfer_from_before_and_nothing_else(
    bot_harness: VoucherBotHarness, begun
):
    payment = await begin_transfer(bot_harness) if begun else 0
    bot_harness.clock.pass_time(60)
    await ban(bot_harness, LINA)

    (read,) = await send(bot_harness, voice=OTHERS["voice"])

    wanted = refused(bot_harness, payment) if begun else bot_harness.line("refused-banned")
    assert read == wanted
