"""Notes about customers: sealed, only added to, in a person's data, and gone with them."""

import json

import pytest

from bot import refusals
from bot.domain.people import MOST_NOTES, pseudonym
from bot.services.codes.rotate import rotate_keys
from bot.services.customers.notes import add_note, read_notes
from bot.services.operations.forgetting import forget_customer
from bot.services.operations.personal_data import collect_personal_data
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import notes, operator_actions
from tests.harness import OPERATOR, ShopHarness
from tests.integration.readings import rows

LINA = 1
CANARY = "asked for an invoice"
OLD, NEW = new_key("k1"), new_key("k2")


async def note(harness: ShopHarness, text: str = CANARY, key: str = "n") -> None:
    await add_note(harness.shop, LINA, text, key=key, operator_id=OPERATOR)


async def test_a_note_is_sealed_and_read_by_operators_and_by_whom_it_is_about(harness: ShopHarness):
    await harness.customer(LINA, dinars=0)
    await note(harness)
    with pytest.raises(refusals.AlreadyDecided):
        await note(harness)

    (row,) = await rows(harness, notes)
    assert CANARY.encode() not in row.blob
    (action,) = await rows(harness, operator_actions)
    assert (action.kind, action.target, action.note) == ("note-added", str(LINA), "")
    assert [n.text for n in await read_notes(harness.shop, LINA)] == [CANARY]
    told = json.loads(await collect_personal_data(harness.shop, LINA))
    assert [n["text"] for n in told["notes of operators about you"]] == [CANARY]


async def test_a_note_opens_in_no_other_row(harness: ShopHarness):
    await harness.customer(LINA, dinars=0)
    for number in range(2):
        await note(harness, f"note {number}", key=str(number))
    first, second = await rows(harness, notes)

    async def swap(tx):
        for one, other in ((first, second), (second, first)):
            from bot.domain.records import Sealed

            await tx.notes.seal(one.id, Sealed(other.key_id, other.blob))

    await harness.store.write(swap)

    assert [n.text for n in await read_notes(harness.shop, LINA)] == [None, None]


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
async def test_an_empty_or_long_note_is_refused(harness: ShopHarness, text):
    await harness.customer(LINA, dinars=0)
    with pytest.raises(refusals.NoteRefused):
        await note(harness, text)


async def test_there_are_fifty_notes_at_most_and_none_about_nobody(harness: ShopHarness):
    with pytest.raises(refusals.UnknownCustomer):
        await note(harness)
    await harness.customer(LINA, dinars=0)
    for number in range(MOST_NOTES):
        await note(harness, f"note {number}", key=str(number))

    with pytest.raises(refusals.NoteRefused):
        await note(harness, key="more")

    assert len(await rows(harness, notes)) == MOST_NOTES


async def test_whoever_is_forgotten_takes_their_notes_with_them(harness: ShopHarness):
    await harness.customer(LINA, dinars=0)
    await note(harness)

    assert not (await forget_customer(harness.shop, LINA, pseudonym(3), harness.clock.now())).any

    assert await rows(harness, notes) == []


def use(harness: ShopHarness, *keys: str) -> None:
    harness.vault = harness.shop.vault = AesVault(parse_keys(",".join(keys)))


async def test_a_rotation_seals_notes_anew(harness: ShopHarness):
    use(harness, OLD)
    await harness.customer(LINA, dinars=0)
    await note(harness)
    use(harness, NEW, OLD)

    done = await rotate_keys(harness.store, harness.shop.vault, lambda _: None)

    assert (done.sealed, done.failed, done.still_used) == (1, [], set())
    use(harness, NEW)
    assert [n.text for n in await read_notes(harness.shop, LINA)] == [CANARY]


async def test_a_note_whose_key_is_missing_is_named_and_left(harness: ShopHarness):
    use(harness, OLD)
    await harness.customer(LINA, dinars=0)
    await note(harness)
    use(harness, NEW)

    done = await rotate_keys(harness.store, harness.shop.vault, lambda _: None)

    assert (done.sealed, len(done.failed), done.still_used) == (0, 1, {"k1"})
    assert [n.text for n in await read_notes(harness.shop, LINA)] == [None]
