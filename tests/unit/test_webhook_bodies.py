"""What Telegram sends to the webhook is kept as it came; what is torn is to come again."""

import json

import pytest

from bot.errors import StorageFailure
from tests.unit.test_webhook import Shop


@pytest.fixture
async def shop():
    return Shop()


async def test_an_update_is_kept_as_it_came(shop):
    update = {"update_id": 5, "callback_query": {"data": "é"}, "unknown": [1]}

    await shop.webhook.take(json.dumps(update).encode())

    assert shop.inbox.kept == [update]


async def test_bytes_that_are_no_utf8_do_not_lose_the_update(shop):
    await shop.webhook.take(b'{"update_id": 5, "callback_query": {"data": "\xff\xfe"}}')

    (update,) = shop.inbox.kept
    assert update["update_id"] == 5


async def test_an_update_that_is_no_json_is_set_aside_alone(shop):
    deep = b'{"update_id": 6, "message": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    await shop.webhook.take(b'{"update_id": 5, "message": {"text": "\\x"}}')
    await shop.webhook.take(deep)

    assert [number for number, _ in shop.inbox.aside] == [5, 6]
    assert shop.inbox.kept == []


async def test_a_torn_update_is_to_come_again_and_set_aside_only_after_many_times(shop):
    torn = b'{"update_id": 5, "message": {"text": "cut o'
    for _ in range(9):
        with pytest.raises(ValueError, match="torn"):
            await shop.webhook.take(torn)
    assert shop.inbox.aside == []

    await shop.webhook.take(torn)

    assert shop.inbox.aside == [(5, torn.decode())]


async def test_a_torn_update_that_comes_whole_is_kept_and_the_memory_of_torn_ones_is_bounded(shop):
    whole = b'{"update_id": 5, "message": {"text": "whole"}}'
    for number in range(1_100):
        with pytest.raises(ValueError, match="torn"):
            await shop.webhook.take(whole.replace(b"5", b"%d" % number)[:-1])
    await shop.webhook.take(whole)

    assert shop.inbox.kept == [json.loads(whole)]
    assert len(shop.webhook._torn) == 1_000


async def test_an_update_with_a_raw_line_break_in_its_text_is_read(shop):
    await shop.webhook.take(b'{"update_id": 5, "message": {"text": "a\nb"}}')

    assert shop.inbox.kept == [{"update_id": 5, "message": {"text": "a\nb"}}]


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"update_id": 99999999999999999999', b"{"])
async def test_what_is_no_update_at_all_is_refused(shop, body):
    with pytest.raises(ValueError, match="no update"):
        await shop.webhook.take(body)


async def test_what_cannot_be_kept_is_to_come_again(shop):
    shop.inbox.trouble = StorageFailure("disk full")

    with pytest.raises(StorageFailure):
        await shop.webhook.take(b'{"update_id": 5}')
