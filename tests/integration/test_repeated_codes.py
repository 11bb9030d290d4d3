"""Whatever came is stored: codes that come twice, that others have, and that differ in one text."""

from dataclasses import replace

import pytest
from sqlalchemy import event, update

from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention, OrderState
from bot.domain.supplier import Card, SupplierStatus
from bot.services.codes.custody import check_keys, open_card
from bot.services.codes.reveal import open_code_messages
from bot.services.codes.rotate import rotate_keys
from bot.services.orders.refund import confirm_refund
from bot.services.orders.refunded import look_for_refunded
from bot.services.orders.settle import settle_order
from bot.vault import AesVault, new_key, parse_keys
from storage.tables import codes
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.order_steps import accepted_order, ask_order_refund, report

S = SupplierStatus
FIRST, SECOND = Card("SAME", reference="r1"), Card("SAME", reference="r2")


def said(order, *cards: Card, status=S.FULFILLED, final=True):
    return replace(report(order, status, final=final), cards=cards)


async def stored(harness: ShopHarness, order) -> list[tuple[str, str, bool]]:
    """Value, reference and whether it is the customer's, of each code that opens."""
    async with harness.store.reading() as tx:
        found = await tx.codes.of_order(order.id, order.user_id)
    cards = [open_card(harness.vault, order.id, c.position, c.secrets) for c in found]
    return [(c.value, c.reference, kept.deliver) for c, kept in zip(cards, found, strict=True)]


async def second_order(harness: ShopHarness, quantity: int):
    await harness.customer(2)
    order = await harness.buy(2, quantity=quantity)
    await harness.place()
    return await harness.order(order.id)


def use(harness: ShopHarness, *keys: str) -> None:
    harness.vault = harness.shop.vault = AesVault(parse_keys(",".join(keys)))


async def spoil(harness: ShopHarness, **values: object) -> None:
    async with harness.store._writer.begin() as db:
        await db.execute(update(codes).values(**values))


async def test_two_vouchers_of_one_number_are_told_apart_by_their_references(
    harness: ShopHarness,
):
    order = await accepted_order(harness, 2)
    for _ in range(2):
        await settle_order(harness.shop, order, said(order, FIRST, SECOND))

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (OrderState.FULFILLED, None)
    assert await stored(harness, order) == [("SAME", "r1", True), ("SAME", "r2", True)]
    await books_agree(harness)


async def test_a_second_reference_that_comes_later_is_a_second_voucher(harness: ShopHarness):
    order = await accepted_order(harness, 2)
    await settle_order(harness.shop, order, said(order, FIRST, status=S.HANDLING, final=False))
    assert await settle_order(harness.shop, order, said(order, SECOND, FIRST))

    assert await stored(harness, order) == [("SAME", "r1", True), ("SAME", "r2", True)]


async def test_a_reference_that_comes_later_is_added_to_its_code(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, said(order, Card("SAME")))
    for _ in range(2):
        await settle_order(harness.shop, order, said(order, FIRST))

    assert await stored(harness, order) == [("SAME", "r1", True)]
    assert harness.sender.alerts(AlertKind.BOUGHT_FOR_NOBODY) == []
    other = await second_order(harness, 1)
    await settle_order(harness.shop, other, said(other, Card("SAME")))
    assert (await harness.order(other.id)).attention is Attention.DUPLICATE_CODE


async def test_a_code_that_another_order_has_is_stored_once_and_withheld(harness: ShopHarness):
    """Also with another reference: who has the number can redeem it."""
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, said(order, FIRST))
    other = await second_order(harness, 2)
    for _ in range(2):
        await settle_order(harness.shop, other, said(other, SECOND, Card("MINE")))

    after = await harness.order(other.id)
    assert (after.delivered_quantity, after.attention) == (1, Attention.DUPLICATE_CODE)
    assert await stored(harness, other) == [("SAME", "r2", False), ("MINE", "", True)]
    await books_agree(harness)


async def test_repeated_codes_are_sealed_again_with_a_new_key(harness: ShopHarness):
    old, new = new_key("k1"), new_key("k2")
    use(harness, old)
    await check_keys(harness.store, harness.vault)
    order = await accepted_order(harness, 3)
    await settle_order(harness.shop, order, said(order, FIRST, SECOND, FIRST))
    before = await stored(harness, order)
    assert [deliver for *_, deliver in before] == [True, True, False]
    use(harness, new, old)
    await check_keys(harness.store, harness.vault)

    for _ in range(2):
        done = await rotate_keys(harness.store, harness.vault, lambda _: None)

    assert (done.failed, done.still_used) == ([], set())
    assert await stored(harness, order) == before
    other = await second_order(harness, 1)
    await settle_order(harness.shop, other, said(other, FIRST))
    assert (await harness.order(other.id)).attention is Attention.DUPLICATE_CODE


async def test_a_new_code_is_delivered_though_an_old_row_does_not_open(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, said(order, Card("SAME", "S1")))
    (former, *_) = harness.vault.fingerprints("SAME")
    await spoil(harness, fingerprint=former, serial=b"\x01 spoilt")
    other = await second_order(harness, 1)
    await settle_order(harness.shop, other, said(other, Card("SAME", "S2")))

    after = await harness.order(other.id)
    assert (after.state, after.attention) == (OrderState.FULFILLED, None)
    (part,) = await open_code_messages(harness.shop, after)
    assert [card.serial for card in part.cards] == ["S2"]


async def test_a_code_of_the_order_that_does_not_open_is_known_by_its_fingerprint(
    harness: ShopHarness,
):
    order = await accepted_order(harness, 2)
    first = said(order, Card("A", "S1"), status=S.HANDLING, final=False)
    await settle_order(harness.shop, order, first)
    await spoil(harness, serial=b"\x01 spoilt")
    whole = replace(said(order, Card("A", "S1"), Card("B", "S2")), unreadable_cards=(Card("{}"),))
    assert await settle_order(harness.shop, order, replace(whole, final=False))

    async with harness.store.reading() as tx:
        found = await tx.codes.of_order(order.id, order.user_id)
    assert [code.deliver for code in found] == [True, True, False]
    assert (await harness.order(order.id)).state is OrderState.FULFILLED


@pytest.mark.parametrize("reference", ["", "r1"])
async def test_a_card_without_a_code_is_kept_and_given_to_nobody(
    harness: ShopHarness, reference: str
):
    order = await accepted_order(harness, 1)
    other = await second_order(harness, 1)
    for each in (order, order, other):
        await settle_order(harness.shop, each, said(each, Card(" ", reference=reference)))

    for each in (order, other):
        after = await harness.order(each.id)
        assert (after.state, after.attention) == (OrderState.HANDLING, Attention.CONTRADICTION)
        assert await stored(harness, each) == [(" ", reference, False)]


@pytest.mark.parametrize("late", [{"pin": "1234"}, {"link": "https://x.test/a"}, {"serial": "77"}])
async def test_a_text_that_comes_later_completes_its_code_and_takes_nobodys_place(
    harness: ShopHarness, late
):
    order = await accepted_order(harness, 2)
    first, whole = Card("AAAA-1111"), Card("AAAA-1111", **late)
    second = Card("BBBB-2222", **{name: text + "9" for name, text in late.items()})
    await settle_order(harness.shop, order, said(order, first, status=S.HANDLING, final=False))
    for _ in range(2):
        await settle_order(harness.shop, order, said(order, whole, second))

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (OrderState.FULFILLED, None)
    kept = [card for m in await open_code_messages(harness.shop, after) for card in m.cards]
    assert kept == [whole, second]
    await books_agree(harness)


async def test_a_report_that_tells_less_than_an_earlier_one_brings_no_new_code(
    harness: ShopHarness,
):
    order = await accepted_order(harness, 1)
    await settle_order(harness.shop, order, said(order, Card("AAAA", serial="1", pin="2")))
    await settle_order(harness.shop, order, said(order, Card("AAAA")))

    assert await stored(harness, order) == [("AAAA", "", True)]
    assert harness.sender.alerts(AlertKind.BOUGHT_FOR_NOBODY) == []


async def test_a_code_that_is_completed_to_one_that_another_order_has_harms_no_settlement(
    harness: ShopHarness,
):
    order = await accepted_order(harness, 1)
    whole = Card("AAAA", serial="1")
    await settle_order(harness.shop, order, said(order, whole))
    other = await second_order(harness, 2)
    part = Card("AAAA")
    await settle_order(harness.shop, other, said(other, part, status=S.HANDLING, final=False))
    await settle_order(harness.shop, other, said(other, whole, Card("DDDD")))

    assert [value for value, _, _ in await stored(harness, other)] == ["AAAA", "DDDD"]
    assert (await harness.order(other.id)).state is not OrderState.HANDLING


async def test_an_answer_with_thousands_of_codes_is_kept_and_holds_up_nobody(harness: ShopHarness):
    """Each statement of a transaction keeps all others waiting: there are as many as for a few codes."""
    order = await accepted_order(harness, 1)
    sent = report(order, S.FULFILLED, [f"CODE-{n}" for n in range(5000)], final=True)
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(harness.store._writer.sync_engine, "before_cursor_execute", note)
    await settle_order(harness.shop, order, sent)

    assert len(statements) < 40
    done = await harness.order(order.id)
    assert (done.state, done.attention) == (OrderState.FULFILLED, Attention.SURPLUS)
    kept = await stored(harness, order)
    assert len(kept) == 10 + 100 + 1
    assert kept[0] == ("CODE-0", "", True)
    assert [value for value, _, deliver in kept if deliver] == ["CODE-0"]
    assert "CODE-4999" in kept[-1][0]
    await settle_order(harness.shop, order, sent)
    assert await stored(harness, order) == kept


@pytest.mark.parametrize("quantity", [1, 60])
async def test_many_codes_take_no_more_statements_than_one(harness: ShopHarness, quantity: int):
    harness.set_policy(max_quantity=100)
    harness.kind().quantity = 100
    await harness.customer(1, dinars=900_000)
    order = await harness.buy(1, quantity=quantity)
    await harness.place()
    order = await harness.order(order.id)
    cards = tuple(Card(f"CODE-{n}", f"serial {n}") for n in range(quantity))
    statements: list[str] = []
    engine = harness.store._writer.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, sql, *_: statements.append(sql))

    assert await settle_order(harness.shop, order, said(order, *cards))

    assert sum("fingerprint IN" in sql for sql in statements) == 2
    assert len(statements) < 40


@pytest.mark.parametrize("count", [1, 300])
async def test_two_orders_answered_with_the_same_odd_cards_both_end(
    harness: ShopHarness, count: int
):
    """What cannot be read, and what is more than an answer can hold, is kept for each of them."""
    order = await accepted_order(harness, 1)
    other = await second_order(harness, 1)
    same = tuple(Card(f"SAME {number}") for number in range(1, count))
    for each in (order, other):
        odd = replace(said(each, Card(f"OWN {each.id}"), *same), unreadable_cards=(Card("{}"),))
        for _ in range(2):
            await settle_order(harness.shop, each, odd)

    kept = [await stored(harness, each) for each in (order, other)]
    assert kept[0][1:] == kept[1][1:]
    for each, its in zip((order, other), kept, strict=True):
        assert (await harness.order(each.id)).state is OrderState.FULFILLED
        assert its[0] == (f"OWN {each.id}", "", True)
        assert [value for value, _, _ in its].count("{}") == 1


@pytest.mark.parametrize(("second", "codes"), [("SAME", []), ("OTHER", ["1"])])
async def test_a_refund_beside_a_doubled_code_is_no_purchase_for_nobody(
    harness: ShopHarness, second: str, codes: list[str]
):
    """The customer has that code; another one that came after the refund is nobody's."""
    order = await accepted_order(harness, 2)
    twice = said(order, Card("SAME"), Card("SAME"))
    await settle_order(harness.shop, order, twice)
    action = await ask_order_refund(harness, await harness.order(order.id))
    await confirm_refund(harness.shop, OPERATOR, action)
    assert (await harness.order(order.id)).state is OrderState.PARTIAL

    async def ask(_there, _purchase):
        return said(order, Card("SAME"), Card(second))

    harness.supplier.order = ask
    for _ in range(4):
        harness.clock.pass_time(120)
        await look_for_refunded(harness.shop, "oneclickdz")
        await harness.run(1)

    told = harness.sender.alerts(AlertKind.BOUGHT_FOR_NOBODY)
    assert [each["codes"] for each in told] == codes
