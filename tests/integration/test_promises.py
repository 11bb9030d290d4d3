"""What was promised is compared before buying; doubtful costs are held; sold out is sold out."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import insert

from bot.domain.alerts import AlertKind
from bot.domain.orders import OrderState, ReturnReason
from bot.domain.periods import Span
from bot.domain.pricing import Markup, MarkupScope, ValuePrice
from bot.domain.supplier import OfferedCategory, OfferedDenomination, OfferedProduct, ProductOffer
from bot.errors import OutOfStock
from bot.refusals import SoldOut, required
from bot.services.catalogue import browse
from bot.services.catalogue.refresh import (
    fetch_catalogue,
    refresh_product,
    release_value,
)
from bot.services.operations.reports import report_attention, report_stats
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from bot.services.orders.refund import confirm_refund
from bot.services.wallet.credit import Credit, confirm_credit, credit_wallet
from storage.tables import denominations, value_prices
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.markup_steps import set_markup
from tests.integration.order_steps import ask_order_refund
from tests.vouchers import VoucherHarness

S = OrderState


async def renew_prices(harness: ShopHarness) -> None:
    product = browse.search_products(harness.shop, "PlayStation USA")[0]
    harness.clock.pass_time(61)
    await refresh_product(harness.shop, product.id)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"label": "10  $"}, None),
        ({"label": "5 $"}, ReturnReason.NOT_AVAILABLE),
        ({"label": "10 €"}, ReturnReason.NOT_AVAILABLE),
        ({"label": "10 $ UK"}, ReturnReason.NOT_AVAILABLE),
        (
            {"lowest_minor": 500, "highest_minor": 500, "currency": "USD"},
            ReturnReason.NOT_AVAILABLE,
        ),
        (
            {"lowest_minor": 1000, "highest_minor": 1000, "currency": "EUR"},
            ReturnReason.NOT_AVAILABLE,
        ),
        ({"lowest_minor": 1000, "highest_minor": 1000, "currency": "USD"}, None),
        ({"cost": 0.5}, None),
        ({"cost": 0.49}, ReturnReason.NOT_AVAILABLE),
    ],
)
async def test_what_is_bought_is_what_was_promised(harness: ShopHarness, change, reason):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.let_prices_age()
    share = change.pop("cost", 1) if "cost" in change else 1
    values = {"label": "10 $", **change}
    found = OfferedDenomination(
        order.supplier_type_id, values.pop("label"), int(order.unit_cost_minor * share), 9, **values
    )

    async def product(supplier_product_id, **_named):
        return ProductOffer(supplier_product_id, (found,), harness.clock.now())

    harness.supplier.product = product
    await harness.place()

    after = await harness.order(order.id)
    assert after.return_reason is reason
    assert harness.book.count("placeOrder") == (0 if reason else 1)


async def test_a_cost_that_fell_by_more_than_half_is_held_until_an_operator_says_so(
    harness: ShopHarness,
):
    await harness.customer(1)
    value = await harness.denomination()
    kind = harness.kind()
    before = kind.price
    kind.price = Decimal(10)
    await renew_prices(harness)

    with pytest.raises(SoldOut):
        await harness.buy(1)
    harness.restart()
    await harness.reload()
    kind.price = before / 10 * 3
    await renew_prices(harness)
    with pytest.raises(SoldOut):
        await harness.buy(1)
    await harness.round()
    assert len(harness.sender.alerts(AlertKind.COST_FELL)) == 1

    assert await release_value(harness.shop, value, key="k", operator_id=OPERATOR)
    assert not await release_value(harness.shop, value, key="l", operator_id=OPERATOR)
    order = await harness.buy(1)
    assert order.unit_cost_minor * 10 == pytest.approx(float(before) * 100 * 3, rel=0.2)
    await renew_prices(harness)
    await harness.buy(1)


async def test_every_value_that_its_cost_keeps_off_the_shelf_stands_in_attention(
    harness: ShopHarness,
):
    """Alerts of like kind share a message, which has the button of the first value alone."""
    await harness.customer(1)
    value = await harness.denomination()
    assert not (await report_attention(harness.shop)).is_needed
    harness.kind().price = Decimal(10)
    await renew_prices(harness)

    report = await report_attention(harness.shop)
    (held,) = report.held
    assert (held.denomination_id, report.count_held) == (value, 1)
    assert report.is_needed

    assert await release_value(harness.shop, value, key="k", operator_id=OPERATOR)
    assert not (await report_attention(harness.shop)).is_needed


async def test_a_price_that_vanishes_before_it_falls_is_held_all_the_same(harness: ShopHarness):
    await harness.customer(1)
    await harness.denomination()
    for price in (0, 10):
        harness.kind().price = Decimal(price)
        await renew_prices(harness)

    with pytest.raises(SoldOut):
        await harness.buy(1)


async def test_the_first_drift_takes_a_value_off_the_shelf(harness: ShopHarness):
    await harness.customer(1)
    value = await harness.denomination()
    order = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(5)
    harness.book.finish_due()
    there = next(iter(harness.book.orders.values()))
    there.price = Decimal(order.unit_cost_minor + 500) / 100
    await harness.run(20)

    assert (await harness.order(order.id)).state is S.FULFILLED
    with pytest.raises(SoldOut):
        await harness.buy(1)
    await renew_prices(harness)
    with pytest.raises(SoldOut):  # the price that was wrong, once more
        await harness.buy(1)
    harness.kind().price += 6
    await renew_prices(harness)
    await harness.buy(1)
    assert not await release_value(harness.shop, value, key="k", operator_id=OPERATOR)


async def test_a_value_refused_as_sold_out_is_so_on_the_shelf_until_a_newer_answer(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)
    asked_before = await harness.supplier.product(order.supplier_product_id)

    async def refuse(_request, commit_intent):
        await commit_intent()
        raise OutOfStock("placeOrder")

    harness.supplier.buy, purchase = refuse, harness.supplier.buy
    await harness.place()
    harness.supplier.buy = purchase
    assert (await harness.order(order.id)).return_reason is ReturnReason.SOLD_OUT
    with pytest.raises(SoldOut):
        await harness.buy(1)

    product_id = harness.shop.shelf.denomination(order.denomination_id).product_id
    late, product = asked_before, harness.supplier.product

    async def earlier_answer(*_args, **_named):
        return late

    harness.supplier.product = earlier_answer
    await refresh_product(harness.shop, product_id)
    with pytest.raises(SoldOut):
        await harness.buy(1)
    harness.supplier.product = product
    harness.clock.pass_time(1)
    await refresh_product(harness.shop, product_id)
    await harness.buy(1)


async def test_a_quote_of_what_sold_out_meanwhile_takes_no_money(harness: ShopHarness):

    await harness.customer(1)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)
    harness.kind().quantity = 0
    await renew_prices(harness)

    with pytest.raises(SoldOut):
        await buy(harness.shop, 1, view.quote.id, 77)
    assert await harness.balance(1) == 50_000_00


async def test_rules_follow_the_titles_of_a_supplier_that_renumbers(harness: ShopHarness):
    value = await harness.denomination()
    product_id = harness.shop.shelf.denomination(value).product_id
    await set_markup(harness, (MarkupScope.PRODUCT, product_id), Markup(Decimal(50)))
    await set_markup(harness, (MarkupScope.DENOMINATION, value), Markup(Decimal(70)))
    price = browse.price_of(harness.shop, harness.shop.shelf.denomination(value))
    goods = [g for c in harness.book.categories for g in c.products]
    ids = [g.id for g in goods]
    for good, new_id in zip(goods, [*ids[1:], ids[0]], strict=True):  # all change places
        good.id = new_id
        types = [k.id for k in good.denominations]
        for kind, type_id in zip(good.denominations, [*types[1:], types[0]], strict=True):
            kind.id = type_id
    await fetch_catalogue(harness.shop, "oneclickdz")
    await renew_prices(harness)

    assert browse.search_products(harness.shop, "PlayStation USA")[0].id == product_id
    assert await harness.denomination() == value
    assert browse.price_of(harness.shop, harness.shop.shelf.denomination(value)) == price
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(20)
    assert len(harness.sender.codes_of(1)) == 1
    assert harness.sender.alerts(AlertKind.RULES_LOST) == []


async def test_operators_are_told_which_rules_apply_to_nothing(harness: ShopHarness):
    value = await harness.denomination()
    product_id = harness.shop.shelf.denomination(value).product_id
    other = await harness.denomination(label="50 $")
    await set_markup(harness, (MarkupScope.PRODUCT, product_id), Markup(Decimal(50)))
    await set_markup(harness, (MarkupScope.DENOMINATION, value), Markup(Decimal(40)))

    async def say(tx):
        for each in (value, other):
            await tx.prices.set_value(each, ValuePrice(floor_minor=999_000))

    await harness.store.write(say)

    async def another_catalogue():
        return (OfferedCategory("Games", (OfferedProduct("new", "Another card"),)),)

    harness.supplier.catalogue = another_catalogue
    for _ in range(2):
        await fetch_catalogue(harness.shop, "oneclickdz")
        await harness.round()

    (alert,) = harness.sender.alerts(AlertKind.RULES_LOST)
    assert alert["rules"] == f"p{product_id}, d{value}, d{other}"


async def test_an_alert_of_lost_rules_fits_into_a_message(harness: ShopHarness):
    values = [
        {"id": 1000 + n, "product_id": 1, "supplier_type_id": f"t{n}", "label": "5 $"}
        | {"cost_minor": 1, "stock": 1, "listed": True, "position": n}
        for n in range(101)
    ]
    prices = [{"denomination_id": one["id"], "floor_minor": 100} for one in values]

    def add(db):
        db.execute(insert(denominations), values)
        db.execute(insert(value_prices), prices)

    await harness.store.run_sync(add)

    async def another_catalogue():
        return (OfferedCategory("Games", (OfferedProduct("new", "Another card"),)),)

    harness.supplier.catalogue = another_catalogue
    await fetch_catalogue(harness.shop, "oneclickdz")
    await harness.round()

    (alert,) = harness.sender.alerts(AlertKind.RULES_LOST)
    assert alert["rules"].split(", ")[99:] == ["d1099", "…"]


async def test_a_bad_code_made_good_is_a_loss_of_its_order(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    await harness.run(20)
    before = await report_stats(harness.shop, Span.TODAY)
    balance, price = await harness.balance(1), order.unit_price_minor

    await confirm_refund(harness.shop, OPERATOR, await ask_order_refund(harness, order))
    note = f"#{order.id} second code used"
    asked = await credit_wallet(harness.shop, Credit("c", OPERATOR, 1, price, note))
    await confirm_credit(harness.shop, OPERATOR, required(asked.action_id))

    assert await harness.balance(1) == balance + 2 * price
    after = await report_stats(harness.shop, Span.TODAY)
    assert after.losses_minor == 2 * price
    assert after.profit_minor == before.profit_minor - 2 * price
    async with harness.store.reading() as tx:
        assert await tx.ledger.compensated(order.id) == 2 * price
        assert await tx.ledger.balance("funding") == -50_000_00
    await books_agree(harness)


async def test_a_linked_value_that_means_another_now_is_not_sold_as_the_first(
    two_suppliers: VoucherHarness,
):
    shelf = two_suppliers.shop.shelf
    value = await two_suppliers.denomination()
    shown = shelf.denomination(value)
    other = replace(
        shown,
        id=10**6,
        label="5 $",
        lowest_minor=500,
        highest_minor=500,
        cost_minor=shown.cost_minor // 2 + 1,
    )
    shelf._denominations[other.id] = other
    shelf.primary_ids, shelf._linked = {other.id: value}, {value: (other.id,)}
    await two_suppliers.customer(1)

    order = await two_suppliers.buy(1)

    assert order.denomination_id == value
