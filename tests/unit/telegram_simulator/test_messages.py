"""Messages are sent, edited and deleted as the server does it (server sheet 8 and 11)."""

import pytest

from bot.sandbox.telegram import scripts
from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.files import FileStore, picture_size
from bot.sandbox.telegram.rules import NOT_MODIFIED, ApiError

JPEG = bytes.fromhex("ffd8ffe000040000ffc0000b080010002001011100ffd9")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (30).to_bytes(4) + (20).to_bytes(4)

REFUSED = [
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 77, "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": 77, "text": ""}, "message text is empty"),  # the text comes first
    ("sendMessage", {"chat_id": 5, "text": "x", "message_thread_id": 9}, "thread not found"),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "reply_parameters": {"message_id": 99}},
        "message to be replied not found",
    ),
    ("editMessageText", {"chat_id": 5, "message_id": 99, "text": "x"}, "message to edit not found"),
    ("editMessageText", {"chat_id": 5, "message_id": "x", "text": "x"}, "to edit not found"),
    ("deleteMessage", {"chat_id": 5, "message_id": 99}, "message to delete not found"),
    ("answerCallbackQuery", {"callback_query_id": "9"}, "query is too old"),
    ("answerCallbackQuery", {"callback_query_id": "9", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("sendDocument", {"chat_id": 5}, "there is no document in the request"),
    ("sendPhoto", {"chat_id": 5, "caption": "x"}, "there is no photo in the request"),
    ("sendPhoto", {"chat_id": 5, "photo": "none"}, "wrong remote file identifier specified"),
    ("sendPhoto", {"chat_id": 5, "photo": "file-1-2"}, "wrong file identifier/HTTP URL specified"),
    ("sendChatAction", {"chat_id": 5, "action": "dancing"}, "wrong parameter action in request"),
]


@pytest.mark.parametrize(("method", "values", "words"), REFUSED)
async def test_telegram_refuses(call, method, values, words):
    """Server sheet 8, 11.1, 12.2, 14.4, 14.6."""
    assert words in await call.says(method, **values)


def test_a_file_id_is_good_for_one_bot():
    one, other = FileStore(1), FileStore(2)
    given = one.photo(PNG)[0]["file_id"]
    other.photo(PNG)

    assert one.sent_by_id(given).content == PNG
    with pytest.raises(ApiError, match="wrong file identifier"):
        other.sent_by_id(given)


CLOSED = [
    (scripts.BLOCKED, 403, "bot was blocked by the user"),
    (scripts.DEACTIVATED, 403, "user is deactivated"),
    (scripts.NEVER_STARTED, 403, "bot can't initiate conversation with a user"),
    (scripts.KICKED_FROM_GROUP, 403, "bot was kicked from the group chat"),
    (scripts.NOT_A_MEMBER, 403, "bot is not a member of the group chat"),
    (scripts.USER_UNKNOWN, 400, "private chat not found"),
]


@pytest.mark.parametrize(("error", "code", "words"), CLOSED)
async def test_a_chat_may_be_closed_in_many_ways(call, world, error, code, words):
    """Server sheet 8."""
    world.close_chat(5, error)

    answer = await call("sendMessage", chat_id=5, text="x")

    assert (answer["error_code"], answer["description"].partition(": ")[2]) == (code, words)


async def test_an_upgraded_group_tells_its_new_id(call, world):
    """Server sheet 7.15."""
    world.close_chat(-4, scripts.upgraded(-1000000000009))

    answer = await call("sendMessage", chat_id=-4, text="x")

    assert answer["description"].endswith("group chat was upgraded to a supergroup chat")
    assert answer["parameters"] == {"migrate_to_chat_id": -1000000000009}


async def test_an_edit_that_changes_nothing_is_refused(call, world):
    """Server sheet 1.4, 11.5: spaces at the end are no change. It is no mistake of the bot."""
    sent = await call.sent("hello")

    words = await call.says(
        "editMessageText", chat_id=5, message_id=sent["message_id"], text="hello \n"
    )

    assert words == NOT_MODIFIED
    target = {"chat_id": 5, "message_id": sent["message_id"], "text": "new"}
    assert (await call("editMessageText", **target))["ok"]
    assert await call.says("editMessageText", **target) == NOT_MODIFIED
    assert words.endswith("as a current content and reply markup of the message")
    assert world.refused == []


async def test_an_edit_tells_no_reply(call, lina):
    """Server sheet 11.4; the result of sending tells it, at a depth of one (7.7)."""
    await lina.say("question")
    question = lina.chat.messages[1]
    answer = await call.sent("answer", reply_parameters={"message_id": 1})
    assert answer["reply_to_message"] == question
    number = answer["message_id"]

    edited = await call("editMessageText", chat_id=5, message_id=number, text="new")
    again = await call.sent("more", reply_parameters={"message_id": number})

    assert edited["result"]["text"] == "new"
    assert "reply_to_message" not in edited["result"]
    assert "reply_to_message" not in again["reply_to_message"]


async def test_what_cannot_be_edited(call, world, lina):
    """Server sheet 11.2: the user's, service messages, and messages with a reply keyboard."""
    await lina.say("mine")
    await lina.service("new_chat_title")
    await call.sent("menu", reply_markup={"keyboard": [[{"text": "x"}]]})

    for number in (1, 2, 3):
        words = await call.says("editMessageText", chat_id=5, message_id=number, text="x")
        assert words == "message can't be edited"


async def test_an_invoice_can_change_its_keyboard_alone(call):
    """Server sheet 11.3."""
    invoice = {"title": "t", "description": "d", "payload": "p", "currency": "XTR"}
    prices = [{"label": "l", "amount": 5}]
    await call("sendInvoice", chat_id=5, prices=prices, **invoice)

    target = {"chat_id": 5, "message_id": 1}
    assert "no text" in await call.says("editMessageText", text="x", **target)
    assert "no caption" in await call.says("editMessageCaption", caption="x", **target)
    media = {"type": "document", "media": "file-1-1"}
    words = await call.says("editMessageMedia", media=media, **target)
    assert words == "message media can't be edited"
    assert (await call("editMessageReplyMarkup", **target))["ok"]


async def test_a_text_can_become_a_document_and_a_picture(call, world):
    """Server sheet 11.3."""
    world.files.document(b"codes", "codes.txt")
    world.files.photo(PNG)
    target = {"chat_id": 5, "message_id": (await call.sent("x"))["message_id"]}

    media = {"type": "document", "media": "file-1-1", "caption": "c"}
    document = (await call("editMessageMedia", media=media, **target))["result"]
    assert document["document"]["file_name"] == "codes.txt"
    assert "text" not in document
    photo = await call("editMessageMedia", media={"type": "photo", "media": "file-2-1"}, **target)
    assert "document" not in photo["result"]
    assert "caption" not in photo["result"]
    assert "no text" in await call.says("editMessageText", text="x", **target)


async def test_own_messages_are_edited_at_any_age_and_deleted_within_two_days(call, world):
    """Server sheet 11.2, 11.6."""
    sent = await call.sent("x")
    target = {"chat_id": 5, "message_id": sent["message_id"]}
    world.now = lambda: sent["date"] + 49 * 3600.0

    assert (await call("editMessageText", text="y", **target))["ok"]
    words = await call.says("deleteMessage", **target)
    assert words == "message can't be deleted for everyone"
    assert (await call("deleteMessage", chat_id=5, message_id=(await call.sent())["message_id"]))[
        "ok"
    ]


async def test_a_service_message_of_the_bot_is_not_deleted(call, lina):
    """Server sheet 11.6; a service message of the user is."""
    await lina.service("new_chat_title")
    await lina.service("write_access_allowed")

    words = await call.says("deleteMessage", chat_id=5, message_id=1)
    assert words == "message can't be deleted for everyone"
    assert (await call("deleteMessage", chat_id=5, message_id=2))["ok"]


async def test_an_empty_caption_is_absent(call, world):
    """Server sheet 7.13."""
    world.files.document(b"x", "x.txt")

    sent = await call("sendDocument", chat_id=5, document="file-1-1", caption=" ")

    assert "caption" not in sent["result"]


async def test_a_message_of_a_thread_stays_there(call, lina):
    """Server sheet 7.9: in private chats too."""
    await lina.say("in a topic", thread=7)

    sent = await call.sent("here", message_thread_id=7)

    assert (sent["message_thread_id"], sent["is_topic_message"]) == (7, True)
    assert (await call("getMe"))["result"]["has_topics_enabled"]


async def test_protected_content(call):
    """Server sheet 1.9, 7.11: "yes" is true, and any other word is not."""
    assert (await call.sent(protect_content=" Yes "))["has_protected_content"]
    assert "has_protected_content" not in await call.sent(protect_content="on")


async def test_an_action_ends_with_the_message(call, world):
    assert (await call("sendChatAction", chat_id=5, action="typing"))["ok"]
    assert world.chat(5).action == "typing"
    await call.sent("here")
    assert world.chat(5).action == ""


async def test_a_group_has_its_own_fields(call, world):
    """Server sheet 7.8."""
    world.chats[-4] = Chat(-4, "group", "Buyers")

    chat = (await call("sendMessage", chat_id=-4, text="x"))["result"]["chat"]

    assert chat["all_members_are_administrators"] is False
    assert "accepted_gift_types" in chat


@pytest.mark.parametrize(
    ("content", "size"), [(PNG, ("image/png", 30, 20)), (JPEG, ("image/jpeg", 32, 16))]
)
def test_pictures_have_a_size(content, size):
    assert picture_size(content) == size


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"\xff\xd8", b"\xff\xd8\x00\x00\x00\x00", PNG[:16], PNG[:16] + bytes(8)],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ApiError):
        picture_size(content)


async def test_a_photo_is_sent_again_by_its_id_and_a_document_is_none(call, world):
    """Server sheet 7.13 and 14.4; the refusal as others have seen it."""
    (photo,) = world.files.photo(PNG)
    document = world.files.document(PNG, "x.png")

    sent = await call("sendPhoto", chat_id=5, photo=photo["file_id"])

    assert sent["result"]["photo"][0]["file_unique_id"] == photo["file_unique_id"]
    assert "caption" not in sent["result"]
    refused = await call.says("sendPhoto", chat_id=5, photo=document["file_id"])
    assert "can't use file of type Document as Photo" in refused
