"""What people do arrives in the shapes of the server (server sheet 6, 7 and 12)."""

import time

import pytest

from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.menus import commands_for
from bot.sandbox.telegram.service_messages import FROM_THE_BOT, FROM_THE_USER, KINDS
from tests.unit.telegram_simulator.test_messages import JPEG, PNG


async def newest(call, kind="message"):
    return (await call.updates())[-1][kind]


async def test_a_text_has_the_entities_that_the_server_finds(call, lina):
    """Server sheet 9.5."""
    await lina.say("/start@HanoutShopBot see example.com")
    assert [e["type"] for e in (await newest(call))["entities"]] == ["bot_command", "url"]
    await lina.say("plain")
    assert "entities" not in await newest(call)


async def test_a_text_that_is_too_long_goes_as_several_messages(call, lina):
    """As Telegram's apps cut it: behind a space of the second half, else where a message is full."""
    await lina.paste("a" * 3000 + " " + "b" * 2000)
    assert [len(u["message"]["text"]) for u in await call.updates()] == [3000, 2000]
    await lina.paste("c" * 1000 + " " + "d" * 5000)
    assert [len(u["message"]["text"]) for u in (await call.updates())[2:]] == [4096, 1905]
    await lina.paste("short")
    assert (await newest(call))["text"] == "short"


async def test_a_bank_card_leaves_an_empty_list(call, lina):
    """Server sheet 7.10: it is found, and then hidden."""
    await lina.say("4242 4242 4242 4242")
    assert (await newest(call))["entities"] == []
    await lina.say("4242 4242 4242 4243")
    assert "entities" not in await newest(call)
    assert (await call.sent("card 4242-4242-4242-4242"))["entities"] == []


async def test_names_and_languages_may_be_missing(call, world):
    """Server sheet 7.5, 7.6: a deleted account, an id above 2^32."""
    nobody = world.person(2**52, "", "")
    await nobody.say("hello")

    message = await newest(call)
    assert message["from"] == {"id": 2**52, "is_bot": False, "first_name": ""}
    assert message["chat"] == {"id": 2**52, "type": "private", "first_name": ""}


async def test_names_that_are_set_are_told(call, world):
    """Server sheet 7.5."""
    names = {"last_name": "B", "username": "lina_b"}
    await world.person(8, "Lina", "fr", is_premium=True, **names).say("x")

    message = await newest(call)
    assert message["chat"] == {"id": 8, "type": "private", "first_name": "Lina", **names}
    assert message["from"]["is_premium"]


async def test_an_album_is_an_update_for_each_item(call, lina):
    """Server sheet 7.12: the caption stands on the first alone."""
    await lina.album([PNG, JPEG, PNG], "PAY-1")
    await lina.album([b"%PDF"], photo=False)

    first, second, third, other = [u["message"] for u in await call.updates()]
    assert len({m["media_group_id"] for m in (first, second, third)}) == 1
    assert other["media_group_id"] != first["media_group_id"]
    assert first["caption"] == "PAY-1"
    assert "caption" not in second
    assert "document" in other


async def test_a_reply_whose_original_is_gone_does_not_tell_it(call, lina):
    """Server sheet 7.7; the depth is one."""
    asked = await call.sent("question")
    await lina.reply("answer", asked)
    answer = await newest(call)
    assert answer["reply_to_message"]["text"] == "question"
    await lina.reply("more", answer)
    assert "reply_to_message" not in (await newest(call))["reply_to_message"]

    await lina.delete(asked)
    await lina.reply("late", asked)
    assert "reply_to_message" not in await newest(call)


async def test_an_edited_text(call, lina):
    await lina.say("tpyo")
    await lina.edit(lina.chat.messages[1], "typo #1a")

    edited = await newest(call, "edited_message")
    assert (edited["message_id"], edited["text"]) == (1, "typo #1a")
    assert edited["edit_date"] >= edited["date"]
    assert edited["entities"][0]["type"] == "hashtag"


async def test_a_text_in_a_thread(call, lina):
    """Server sheet 7.9."""
    await lina.say("x", thread=3)
    await lina.album([PNG], thread=3)

    for update in await call.updates():
        assert update["message"]["message_thread_id"] == 3
        assert update["message"]["is_topic_message"]


async def test_blocking_and_coming_back_are_told(call, lina):
    """Server sheet 7.14."""
    await lina.block()
    assert (await call("sendMessage", chat_id=5, text="x"))["error_code"] == 403
    await lina.unblock()
    assert (await call("sendMessage", chat_id=5, text="x"))["ok"]

    left, back = [u["my_chat_member"] for u in await call.updates()]
    me = (await call("getMe"))["result"]["id"]
    assert left["from"] == lina.user
    assert left["chat"]["id"] == 5
    assert left["old_chat_member"]["status"] == "member"
    assert left["new_chat_member"]["user"]["id"] == me
    assert (left["new_chat_member"]["status"], left["new_chat_member"]["until_date"]) == (
        "kicked",
        0,
    )
    assert (back["old_chat_member"]["status"], back["new_chat_member"]["status"]) == (
        "kicked",
        "member",
    )


async def test_a_pinned_message_has_no_reply_or_is_inaccessible(call, lina):
    """Server sheet 7.3."""
    asked = await call.sent("question")
    await lina.reply("answer", asked)
    await lina.pin(lina.chat.messages[2])
    pinned = (await newest(call))["pinned_message"]
    assert pinned["text"] == "answer"
    assert "reply_to_message" not in pinned

    await lina.pin(asked, by_bot=True)
    assert (await newest(call))["from"]["is_bot"]
    await lina.pin(asked, gone=True)
    message = await newest(call)
    assert message["pinned_message"] == {
        "chat": message["chat"],
        "message_id": asked["message_id"],
        "date": 0,
    }


@pytest.mark.parametrize("kind", KINDS)
async def test_service_messages_name_their_sender(call, world, lina, kind):
    """Server sheet 6, 7.1, 7.2: some come from the bot, and one has no content at all."""
    await lina.service(kind)

    message = await newest(call)
    sender = world.me if kind in FROM_THE_BOT else lina.user
    assert message["from"] == sender
    content = set(message) - {"message_id", "date", "chat", "from"}
    assert (kind in content) is (kind != "empty")
    assert (kind in FROM_THE_BOT) is not (kind in FROM_THE_USER)
    with pytest.raises(LookupError):
        assert lina.screen, "a service message is no screen"


async def test_a_service_message_in_a_thread_and_in_a_group(call, world, lina):
    await lina.service("checklist_tasks_done", thread=4)
    message = await newest(call)
    assert message["message_thread_id"] == 4
    assert message["checklist_tasks_done"]["checklist_message"]["date"] == 0
    world.chats[-4] = Chat(-4, "group", "Buyers")
    await lina.service("migrate_to_chat_id", chat=world.chats[-4])
    assert (await newest(call))["chat"]["id"] == -4


async def test_a_press_is_under_the_message_as_it_is_now(call, lina):
    """Server sheet 12.1; its ids are strings of digits."""
    sent = await call.sent("old")
    await call("editMessageText", chat_id=5, message_id=sent["message_id"], text="new")
    query = await lina.forge("home", sent)
    await lina.forge("home", sent)

    first, second = [u["callback_query"] for u in await call.updates()]
    assert first["message"]["text"] == "new"
    assert first["data"] == "home"
    assert first["id"] == query.id != second["id"]
    assert query.id.isdigit()
    assert len(query.id) in (18, 19)
    assert first["chat_instance"] == second["chat_instance"]


async def test_a_press_under_a_message_that_is_gone(call, lina):
    """Server sheet 7.3: exactly three fields."""
    sent = await call.sent("x")
    await call("deleteMessage", chat_id=5, message_id=sent["message_id"])
    await lina.forge("home", sent)
    await lina.forge("home", await call.sent("y"), gone=True)

    for update in await call.updates():
        about = update["callback_query"]["message"]
        assert set(about) == {"chat", "message_id", "date"}
        assert about["date"] == 0


async def test_a_press_of_a_game_and_of_the_inline_mode(call, lina):
    """Server sheet 12.1."""
    await call.sent("x")
    await lina.forge("", game="chess")
    await lina.forge("home", inline_message_id="abc")

    game, inline = [u["callback_query"] for u in await call.updates()]
    assert game["game_short_name"] == "chess"
    assert "data" not in game
    assert inline["inline_message_id"] == "abc"
    assert "message" not in inline


async def test_a_press_may_hold_any_bytes(call, lina):
    """Server sheet 1.7, 12.1: the body of getUpdates is then no UTF-8."""
    await call.sent("x")
    await lina.forge(b"buy:\xff\xfe\xc3\xa9")

    body = (await call.raw("getUpdates")).content

    assert b'"data": "buy:\xff\xfe\\u00e9"' in body
    with pytest.raises(UnicodeDecodeError):
        body.decode()


async def test_a_press_is_answered_once_and_in_time(call, world, lina):
    """Server sheet 12.2; the time and the refusal of a second answer are unproven."""
    await call.sent("x")
    query, late = await lina.forge("home"), await lina.forge("home")
    assert (await call("answerCallbackQuery", callback_query_id=query.id, show_alert="YES"))["ok"]
    assert query.answer == {"text": "", "alert": True}
    assert "too old" in await call.says("answerCallbackQuery", callback_query_id=query.id)
    world.now = lambda: late.asked_at + 16
    assert "too old" in await call.says("answerCallbackQuery", callback_query_id=late.id)


async def test_people_wait_for_what_they_see(call, world, lina):
    with pytest.raises(LookupError):
        assert lina.screen
    await call.sent("x")
    with pytest.raises(LookupError):
        await lina.press("nothing")
    with pytest.raises(TimeoutError):
        await lina.until(lambda _me: False, 0.1)
    assert lina.patience_seconds == 30
    lina.patience_seconds = 0.1
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await lina.reads("what never comes")
    assert time.monotonic() - began < 30


def menu(*names):
    return [{"command": name, "description": name} for name in names]


async def test_the_menu_of_a_chat_goes_before_that_of_all_chats_and_its_language_before_any(world):
    person = world.person(7, "Karim", "fr")
    assert commands_for(world, person) == []

    for where, language in [
        ("default", ""),
        ("default", "fr"),
        ("all_private_chats", ""),
        ("all_private_chats", "fr"),
        ("chat:7", ""),
    ]:
        world.commands[where, language] = menu(f"{where}-{language}")
        assert commands_for(world, person)[0]["command"] == f"{where}-{language}"
    assert commands_for(world, world.person(6, "Lina", "en"))[0]["command"] == "all_private_chats-"


async def test_a_message_that_is_read_since_a_moment_came_or_was_changed_after_it(call, lina):
    old = await call.sent("Orders: none")
    moment = lina.moment()
    with pytest.raises(TimeoutError):
        await lina.reads_since(moment, "Orders", 0.01)

    await call("editMessageText", chat_id=5, message_id=old["message_id"], text="Orders: one")
    await call.sent("a notice")

    assert (await lina.reads("Orders"))["message_id"] == old["message_id"]
    assert (await lina.reads_since(moment, "Orders"))["text"] == "Orders: one"
    with pytest.raises(TimeoutError):
        await lina.reads_since(moment, "Orders", 0.01, label="Buy")
