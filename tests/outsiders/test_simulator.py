"""What our simulator can send beside what a tour of the shop meets: each is a valid Update."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.person import Person
from bot.sandbox.telegram.service_messages import KINDS
from bot.sandbox.telegram.world import World
from tests.bot_harness import PNG, TOKEN
from tests.outsiders.specification import check_update

GROUP = -100_123
SUPERGROUP = -1_001_234_567_890


@pytest.fixture
def world() -> World:
    made = World(TOKEN)
    made.now = lambda: 1_795_600_000.0
    return made


@pytest.fixture
def lina(world) -> Person:
    return world.person(5, "Lina", "ar")


def problems(world: World) -> list[str]:
    assert world.updates
    return [p for update in world.updates for p in check_update(update)]


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_service_message_is_valid(world, lina, kind, gone):
    await lina.say("about this one")
    for chat in (None, Chat(GROUP, "group", "A group"), Chat(SUPERGROUP, "supergroup", "More")):
        if chat is not None:
            world.chats[chat.id] = chat
        await lina.service(kind, chat=chat, gone=gone)
        await lina.service(kind, chat=chat, gone=gone, by_bot=True, thread=7)

    assert problems(world) == []


async def texts(lina: Person) -> None:
    await lina.say("/start@HanoutShopBot https://example.org a@example.org #tag $USD +213 555 12")
    await lina.say("in a thread", thread=3)
    first = next(iter(lina.chat.messages.values()))
    await lina.reply("an answer", first)
    await lina.edit(first, "changed")


async def files(lina: Person) -> None:
    await lina.attach(PNG, "x.png", "/caption", photo=True)
    await lina.attach(b"%PDF", "x.pdf", photo=False)
    await lina.album([PNG, PNG + b"2"], "two of them", thread=4)


async def presses(lina: Person) -> None:
    under = lina.world.add_message(lina.chat, {"from": lina.world.me, "text": "press"})
    await lina.forge("home", under)
    await lina.forge("home", under, gone=True)
    await lina.forge("", under, game="chess")
    await lina.forge("home", inline_message_id="inline-7")
    await lina.forge(b"\xff\xfe", under)


async def comings_and_goings(lina: Person) -> None:
    await lina.say("hi")
    await lina.block()
    await lina.unblock()


async def stars(lina: Person) -> None:
    payments: Any = lina.world.stars  # a person knows only a part of them
    charge = await payments.charge(lina, 100, "payment:1")
    payments.refund_to_payer(charge)


@pytest.mark.parametrize("act", [texts, files, presses, comings_and_goings, stars])
async def test_what_a_person_does_is_valid(world, lina, act: Callable[[Person], Awaitable[None]]):
    await act(lina)

    assert problems(world) == []


@pytest.mark.parametrize("names", [{}, {"last_name": "B", "username": "lina"}])
async def test_people_of_every_kind_are_valid(world, names):
    for number, (user_id, name) in enumerate(((2**52 - 1, "Lina"), (7, ""))):
        person = world.person(user_id, name, "fr")
        person.fields.update(names)
        await person.say(f"message {number}")

    assert problems(world) == []
