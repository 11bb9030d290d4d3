"""Buy again: a fresh quote of what an order bought, and never a purchase."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.orders import Order
from bot.errors import StorageOutage, SupplierUnavailable, UnknownAtSupplier
from bot.refusals import NoPrice, NotFound, required
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue.links import find_products, link_products, unlink_product
from bot.services.catalogue.values import choose_value
from bot.services.orders import again
from bot.services.orders.again import Again, Hindrance, NotAgain, find_last_bought, quote_again
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from tests.harness import OPERATOR, ShopHarness
from tests.integration.buying_again_steps import delivered, hidden, orders_of, paused
from tests.integration.test_values import span_of
from tests.vouchers import VoucherHarness

# --- the states of a product --------------------------------------------------------------------------


async def unchanged(_: ShopHarness, __: Order) -> None:
    pass


async def dearer(shop: ShopHarness, _: Order) -> None:
    shop.kind().price = shop.kind().price * 6 / 5


async def cheaper(shop: ShopHarness, _: Order) -> None:
    shop.kind().price = shop.kind().price * 4 / 5


async def scarce(shop: ShopHarness, _: Order) -> None:
    shop.kind().quantity = 2


async def sold_out(shop: ShopHarness, _: Order) -> None:
    shop.kind().quantity = 0


async def not_listed(shop: ShopHarness, _: Order) -> None:
    for category in shop.book.categories:
        for goods in category.products:
            goods.denominations = [k for k in goods.denominations if k is not shop.kind()]
            if goods.title == "PlayStation USA":
                return


async def another_value(shop: ShopHarness, _: Order) -> None:
    shop.kind().name = "20 $"


async def switched_off(shop: ShopHarness, order: Order) -> None:
    shelf = shop.shop.shelf
    shelf.products = {k: p for k, p in shelf.products.items() if k != order.product_id}


async def supplier_silent(shop: ShopHarness, _: Order) -> None:
    shop.book.faults.append(Fault(FaultKind.STATUS, "checkProduct", times=9, status=503))


async def held(shop: ShopHarness, _: Order) -> None:
    shop.kind().price = shop.kind().price * 3 / 10


STATES: dict[Callable[[ShopHarness, Order], Awaitable[None]], object] = {
    unchanged: 3,
    dearer: 3,
    cheaper: 3,
    scarce: 2,
    supplier_silent: 3,
    sold_out: Hindrance.SOLD_OUT,
    held: Hindrance.SOLD_OUT,
    not_listed: Hindrance.GONE,
    another_value: Hindrance.GONE,
    hidden: Hindrance.GONE,
    switched_off: Hindrance.GONE,
    paused: Hindrance.PAUSED,
}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_a_press_gives_a_quote_or_says_why_not_and_buys_nothing(harness, state):
    order = await delivered(harness)
    await state(harness, order)

    found = await quote_again(harness.shop, 1, order.id)

    expected = STATES[state]
    if isinstance(expected, int):
        assert isinstance(found, Again)
        assert found.view.quote.quantity == expected
        assert found.is_fewer == (expected < 3)
        assert (found.other_price_minor is not None) == (state in (dearer, cheaper))
        assert found.other_price_minor in (None, order.unit_price_minor)
    else:
        assert isinstance(found, NotAgain)
        assert found.why == expected
        assert (found.place is None) == (state in (hidden, switched_off))
        assert (found.denomination_id is not None) == (expected is Hindrance.SOLD_OUT)
    assert await orders_of(harness) == 1


async def test_a_value_without_a_face_is_known_by_its_label(harness: ShopHarness):
    harness.kind().name = "VIP"
    order = await delivered(harness, quantity=1, label="VIP")

    assert isinstance(await quote_again(harness.shop, 1, order.id), Again)
    shop_kind = harness.kind("PlayStation USA", "VIP")
    shop_kind.name = "VIP plus"
    harness.clock.pass_time(3600)
    for _ in range(2):  # the second finds it on the shelf already
        found = await quote_again(harness.shop, 1, order.id)
        assert isinstance(found, NotAgain)
        assert found.why is Hindrance.GONE


async def test_two_presses_are_two_quotes_and_no_order(harness: ShopHarness):
    order = await delivered(harness)

    found = await asyncio.gather(*(quote_again(harness.shop, 1, order.id) for _ in range(2)))

    quotes = {one.view.quote.id for one in found if isinstance(one, Again)}
    assert len(quotes) == 2
    assert await orders_of(harness) == 1


async def test_nobody_buys_what_somebody_else_bought(harness: ShopHarness):
    order = await delivered(harness)
    await harness.customer(2)

    with pytest.raises(NotFound):
        await quote_again(harness.shop, 2, order.id)
    with pytest.raises(NotFound):
        await quote_again(harness.shop, 1, order.id + 1)


async def test_no_more_is_quoted_than_the_balance_at_the_supplier_pays_for(harness: ShopHarness):
    order = await delivered(harness, quantity=5)

    async def set_balance(tx):
        enough_for_two = 2 * order.unit_cost_minor + 1
        await tx.suppliers.update_account(
            "oneclickdz", balance_minor=enough_for_two, balance_at=harness.clock.now()
        )

    await harness.store.write(set_balance)
    found = await quote_again(harness.shop, 1, order.id)

    assert isinstance(found, Again)
    assert found.view.quote.quantity == 2


async def test_a_value_that_is_linked_and_unlinked_is_still_quoted(two_suppliers: VoucherHarness):
    shop = two_suppliers.shop
    (mine,) = [p for p in find_products(shop, "PlayStation") if p.title == "PlayStation USA"]
    (theirs,) = find_products(shop, "PlayStation Store")
    await link_products(shop, mine.id, theirs.id, key="k", operator_id=OPERATOR)
    order = await delivered(two_suppliers, label="25 $")
    two_suppliers.kind("PlayStation USA", "25 $").price *= 3

    linked = await quote_again(shop, 1, order.id)
    await unlink_product(shop, theirs.id, key="k2", operator_id=OPERATOR)
    alone = await quote_again(shop, 1, order.id)

    assert isinstance(linked, Again)
    assert linked.view.product.title == "PlayStation USA"
    assert isinstance(alone, Again)
    assert alone.view.quote.denomination_id == order.denomination_id


async def test_a_typed_value_is_priced_anew(voucher_harness: VoucherHarness, monkeypatch):
    shop = voucher_harness.shop
    span = await span_of(voucher_harness)
    await voucher_harness.customer(1, dinars=900_000)
    chosen = await choose_value(shop, span, 3700)
    view = await make_quote(shop, 1, chosen, 2)
    order, _ = await buy(shop, 1, view.quote.id, None)
    voucher_harness.clock.pass_time(7200)

    found = await quote_again(shop, 1, order.id)

    assert isinstance(found, Again)
    assert (found.view.quote.denomination_id, found.view.quote.quantity) == (chosen, 2)
    for why, expected in (
        (SupplierUnavailable("quote", "X"), None),
        (UnknownAtSupplier("q", "X"), 1),
    ):

        async def refuses(*_args, why=why):
            raise why

        monkeypatch.setattr(shop.suppliers["starship"], "price_value", refuses)
        if expected is None:
            with pytest.raises(NoPrice):
                await quote_again(shop, 1, order.id)
        else:
            gone = await quote_again(shop, 1, order.id)
            assert isinstance(gone, NotAgain)
            assert gone.why is Hindrance.GONE
    shop.shelf._denominations.pop(span)
    shop.shelf._ids = {p: tuple(d for d in ids if d != span) for p, ids in shop.shelf._ids.items()}
    gone = await quote_again(shop, 1, order.id)
    assert isinstance(gone, NotAgain)
    assert gone.why is Hindrance.GONE


# --- what was bought last -----------------------------------------------------------------------------


async def test_the_last_order_with_codes_is_the_one_that_home_offers(harness: ShopHarness):
    assert await find_last_bought(harness.shop, 1) is None
    first = await delivered(harness, quantity=1)
    harness.kind().quantity = 0
    harness.book.next_outcomes.append(0)
    await harness.buy(1, label="25 $")
    await harness.run(30)

    last = required(await find_last_bought(harness.shop, 1))

    assert last.id == first.id
    assert await find_last_bought(harness.shop, 2) is None
    await hidden(harness, first)
    assert await find_last_bought(harness.shop, 1) is None


async def test_home_waits_for_no_storage(harness: ShopHarness, monkeypatch):
    await delivered(harness, quantity=1)

    async def fails(_self, _user_id):
        raise StorageOutage

    async def hangs(_self, _user_id):
        await asyncio.sleep(3600)

    monkeypatch.setattr(again, "_LAST_SECONDS", 0.01)
    for reading in (fails, hangs):
        monkeypatch.setattr("storage.repositories.orders.OrderRepository.last_delivered", reading)
        assert await find_last_bought(harness.shop, 1) is None
    await harness.shop.items.stop(0.01)
