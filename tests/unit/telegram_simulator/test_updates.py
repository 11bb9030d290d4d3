"""Updates begin, end and are lost as the server does it (server sheet 4.11 to 4.15)."""

import pytest

from bot.sandbox.telegram.update_queue import MAX_UPDATES
from bot.sandbox.telegram.world import World


def message(world, **more):
    return {"message_id": 1, "date": int(world.now()), **more}


async def test_ids_begin_at_random_and_count_on(world):
    """Server sheet 4.11."""
    first = world.push("message", message(world))

    assert 2_000_001 <= first <= 1_000_000_000
    assert world.push("message", message(world)) == first + 1
    assert World("2:other").push("message", message(world)) != first


async def test_ids_jump_also_downwards(world, call):
    """Server sheet 4.11: a stored offset is then far in the future, and ignored (4.10)."""
    high = world.push("message", message(world))
    world.jump(2_000_500)
    low = world.push("message", message(world))

    assert low == 2_000_500 < high
    assert [u["update_id"] for u in await call.updates(offset=high + 1)] == [low]
    assert 2_000_001 <= world.jump() <= 1_000_000_000


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        ("message", 24 * 3600),
        ("edited_message", 24 * 3600),
        ("my_chat_member", 24 * 3600),
        ("callback_query", 150),
        ("pre_checkout_query", 150),
        ("inline_query", 30),
        ("chosen_inline_result", 600),
        ("poll", 24 * 3600),
    ],
)
async def test_an_update_is_kept_for_its_time(world, kind, seconds):
    """Server sheet 4.14."""
    start = float(int(world.now()))
    world.now = lambda: start
    number = world.push(kind, message(world) if "message" in kind else {"id": "1"})

    world.now = lambda: start + seconds - 1
    assert [u["update_id"] for u in world.updates] == [number]
    world.now = lambda: start + seconds
    assert world.updates == []
    assert world.queue.lost == [(kind, "expired")]


async def test_an_old_message_never_becomes_an_update_unless_edited_since(world):
    """Server sheet 4.14."""
    old = int(world.now()) - 24 * 3600
    world.push("message", message(world, date=old))
    assert world.updates == []
    assert world.queue.lost == [("message", "older than a day")]

    world.push("edited_message", message(world, date=old, edit_date=int(world.now())))
    assert len(world.updates) == 1


async def test_only_allowed_kinds_become_updates(call, world, lina):
    """Server sheet 4.15: the last valid list counts, from then on."""
    await lina.say("before")
    await call("getUpdates", allowed_updates=["callback_query", "no_such_kind"])
    await lina.say("after")
    assert len(world.updates) == 1

    await call("getUpdates", allowed_updates="[not json")
    await lina.say("still")
    assert len(world.updates) == 1
    await call("getUpdates", allowed_updates=["no_such_kind"])
    await lina.say("all again")
    assert len(world.updates) == 2


async def test_by_default_members_and_reactions_are_left_out(world):
    """Server sheet 4.15."""
    for kind in ("chat_member", "message_reaction", "message_reaction_count", "my_chat_member"):
        world.push(kind, {})

    assert [list(u)[1] for u in world.updates] == ["my_chat_member"]


async def test_what_is_too_much_is_lost(world):
    """Server sheet 4.13."""
    world.push("message", message(world, text="x" * 520_000))
    world.push("message", message(world, text="x" * 530_000))
    assert len(world.updates) == 1

    world.updates = [{"update_id": n, "message": {}} for n in range(MAX_UPDATES)]
    world.push("message", message(world))
    assert [reason for _, reason in world.queue.lost] == ["too large", "the queue is full"]


async def test_a_test_may_add_what_the_server_of_today_never_sends(call, world):
    number = world.queue.add("a_kind_of_next_year", {"date": 1})

    assert await call.updates() == [{"update_id": number, "a_kind_of_next_year": {"date": 1}}]
