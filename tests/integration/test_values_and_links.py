"""Values that customers type, products of two suppliers sold as one, reminders, and suppliers that ring."""

import json
from datetime import timedelta

import httpx
import pytest

from bot import errors as e
from bot.domain.catalogue import Denomination, face_of
from bot.domain.orders import OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.vouchers import Outcome
from bot.services.catalogue import browse
from bot.services.catalogue.links import (
    find_products,
    link_products,
    list_links,
    unlink_product,
    view_link,
)
from bot.services.catalogue.refresh import refresh_product
from bot.services.catalogue.values import choose_value
from bot.services.codes.reminders import remind_of_expiry, set_reminders
from bot.services.operations.reports import my_order, report_balances
from bot.services.orders.quote import make_quote
from bot.services.orders.supplier_events import take_event
from bot.services.selling.access import check_access, is_sandbox
from bot.suppliers.starship_signature import Signer, StarshipEvents
from bot.webhooks import Webhooks
from tests.harness import OPERATOR, books_agree
from tests.vouchers import VoucherHarness

DAY = 86_400


@pytest.fixture
async def harness(store):
    harness = await VoucherHarness(store).open()
    yield harness
    await books_agree(harness)
    await harness.close()


@pytest.fixture
async def both(store):
    harness = await VoucherHarness(store, both=True).open()
    yield harness
    await books_agree(harness)
    await harness.close()


# --- values that are typed --------------------------------------------------------------------------


async def span_of(harness: VoucherHarness) -> int:
    product = browse.search_products(harness.shop, "Amazon.de")[0]
    await refresh_product(harness.shop, product.id)
    (offer,) = browse.view_product(harness.shop, product.id).offers
    assert offer.is_range
    assert not offer.sold_out
    return offer.denomination_id


async def test_a_typed_value_is_priced_bought_and_delivered(harness: VoucherHarness):
    await harness.customer(1)
    span = await span_of(harness)
    view = browse.view_range(harness.shop, span)
    assert (view.lowest_minor, view.highest_minor, view.currency) == (500, 50_000, "EUR")
    with pytest.raises(e.SoldOut):
        browse.view_quantities(harness.shop, span)  # a range itself has no price
    value = await choose_value(harness.shop, span, 3700)
    shown = browse.view_quantities(harness.shop, value)
    # 37 EUR at 1.08, less 4 %, at 245.50 dinars; then the shop's 8 %.
    assert shown.offer.label == "37 EUR"
    from bot.services.orders.checkout import buy

    quote = (await make_quote(harness.shop, 1, value, 2)).quote
    assert quote.unit_cost_minor == 941_738
    order, _ = await buy(harness.shop, 1, quote.id, 7)
    await harness.run(6)

    order = await harness.order(order.id)
    assert (order.state, order.denomination_label) == (OrderState.FULFILLED, "37 EUR")
    assert harness.there.denomination == 37
    assert await choose_value(harness.shop, span, 3700) == value, "the same value is the same row"
    (offer,) = browse.view_product(harness.shop, shown.product.id).offers
    assert offer.is_range, "what one customer typed stands on no shelf"


@pytest.mark.parametrize("wrong", [499, 50_001, 550, 1])
async def test_a_value_outside_its_bounds_or_step_is_refused(harness: VoucherHarness, wrong):
    span = await span_of(harness)
    with pytest.raises(e.ValueOutOfRange) as refused:
        await choose_value(harness.shop, span, wrong)
    assert (refused.value.lowest_minor, refused.value.step_minor) == (500, 100)
    with pytest.raises(e.NotFound):
        await choose_value(harness.shop, await harness.denomination(), 2500)


async def test_without_an_answer_a_typed_value_has_no_price(harness: VoucherHarness):
    span = await span_of(harness)
    harness.vouchers.script(Fault(FaultKind.HTML, "charges", status=502))
    with pytest.raises(e.NoPrice):
        await choose_value(harness.shop, span, 3700)
    harness.vouchers.script(Fault(FaultKind.STATUS, "charges", status=400, code="INVALID_INPUT"))
    with pytest.raises(e.ValueOutOfRange):
        await choose_value(harness.shop, span, 3700)


async def test_a_price_that_rose_since_it_was_typed_is_not_paid(harness: VoucherHarness):
    await harness.customer(1)
    span = await span_of(harness)
    value = await choose_value(harness.shop, span, 3700)
    harness.vouchers.product(102).discount -= 20
    from bot.services.orders.checkout import buy

    order, _ = await buy(harness.shop, 1, (await make_quote(harness.shop, 1, value, 1)).quote.id, 7)
    await harness.run(6)

    assert (await harness.order(order.id)).state is OrderState.REFUNDED
    assert harness.vouchers.orders == {}


# --- one value at two suppliers -----------------------------------------------------------------------


async def linked(both: VoucherHarness):
    """PlayStation USA of OneClickDz is_primary; Starship's PlayStation Store USA follows."""
    (mine,) = [p for p in find_products(both.shop, "PlayStation") if p.title == "PlayStation USA"]
    (theirs,) = find_products(both.shop, "PlayStation Store")
    count = await link_products(both.shop, mine.id, theirs.id, key="k", operator_id=OPERATOR)
    return mine, theirs, count


async def test_linked_products_are_one_and_the_cheaper_is_bought(both: VoucherHarness):
    await both.customer(1, dinars=90_000)
    mine, theirs, count = await linked(both)
    assert count == 4
    assert [(f.id, to.id) for f, to in list_links(both.shop)] == [(theirs.id, mine.id)]
    titles = [p.title for p in browse.search_products(both.shop, "PlayStation")]
    assert "PlayStation Store USA" not in titles
    assert theirs.category_id not in both.shop.shelf.categories, "it held nothing else"

    cheap = await both.buy(1, title="PlayStation USA", label="25 $")
    await both.place()
    both.kind("PlayStation USA", "25 $").price *= 3
    both.clock.pass_time(61)
    await refresh_product(both.shop, mine.id)
    dear = await both.buy(1, title="PlayStation USA", label="25 $")
    await both.run(20)

    cheap, dear = await both.order(cheap.id), await both.order(dear.id)
    assert [cheap.supplier, dear.supplier] == ["oneclickdz", "starship"]
    assert cheap.product_title == dear.product_title == "PlayStation USA"
    assert cheap.denomination_label == dear.denomination_label == "25 $"
    assert cheap.state is dear.state is OrderState.FULFILLED
    assert len(both.book.orders) == len(both.vouchers.orders) == 1


async def test_a_supplier_that_stands_still_sells_nothing_and_the_other_goes_on(
    both: VoucherHarness,
):
    await both.customer(1, dinars=90_000)
    await linked(both)
    await both.denomination("Xbox USA", "10 $")
    both.book.keys.clear()
    await check_access(both.shop, "oneclickdz")
    order = await both.buy(1, title="PlayStation USA", label="25 $")
    await both.run(20)
    assert (await both.order(order.id)).supplier == "starship"
    with pytest.raises(e.SellingPaused):
        await both.buy(1, title="Xbox USA", label="10 $")
    reports = await report_balances(both.shop)
    assert [r.account.supplier for r in reports] == ["oneclickdz", "starship"]
    assert [r.account.selling for r in reports] == [False, True]
    assert [r.rate is None for r in reports] == [True, False]


async def test_what_the_cheaper_has_too_few_of_comes_from_the_other(both: VoucherHarness):
    await both.customer(1, dinars=90_000)
    mine, *_ = await linked(both)
    both.kind("PlayStation USA", "10 $").quantity = 1
    both.clock.pass_time(61)
    await refresh_product(both.shop, mine.id)
    order = await both.buy(1, quantity=3, title="PlayStation USA", label="10 $")
    await both.run(20)
    assert (await both.order(order.id)).supplier == "starship"


async def test_unlinked_products_stand_alone_again(both: VoucherHarness):
    _, theirs, count = await linked(both)
    assert await unlink_product(both.shop, theirs.id, key="u", operator_id=OPERATOR) == count
    assert list_links(both.shop) == []
    titles = [p.title for p in browse.search_products(both.shop, "PlayStation")]
    assert "PlayStation Store USA" in titles


async def test_what_cannot_be_one_is_not_linked(both: VoucherHarness):
    mine, theirs, _ = await linked(both)
    other = find_products(both.shop, "PlayStation France")[0]
    amazon = find_products(both.shop, "Amazon.com")[0]
    uber = find_products(both.shop, "Uber")[0]
    xbox = find_products(both.shop, "Xbox Türkiye")[0]
    steam = find_products(both.shop, "Steam USA")[0]
    for primary, alias in (
        (mine, other),  # one supplier
        (xbox, uber),  # nothing in common
        (theirs, steam),  # what follows is_primary nobody
        (amazon, mine),  # what is_primary follows nobody
    ):
        with pytest.raises(e.CannotLink):
            await view_link(both.shop, primary.id, alias.id)
    spotify = find_products(both.shop, "Spotify")[0]
    both.vouchers.script(Fault(FaultKind.HTML, "products/103", times=9, status=502))
    with pytest.raises(e.CannotLink):  # nobody says what it is worth
        await view_link(both.shop, steam.id, spotify.id)


async def test_values_that_only_the_follower_has_stay_its_own(both: VoucherHarness):
    both.vouchers.product(105).values += ("77",)
    mine, theirs, _ = await linked(both)
    view = browse.view_product(both.shop, theirs.id)
    assert [o.label for o in view.offers] == ["77 USD"]
    assert mine.id != theirs.id


async def test_a_link_shows_which_values_stay_alone(both: VoucherHarness):
    both.vouchers.product(105).values += ("77",)
    mine = next(p for p in find_products(both.shop, "PlayStation") if p.title == "PlayStation USA")
    (theirs,) = find_products(both.shop, "PlayStation Store")
    view = await view_link(both.shop, mine.id, theirs.id)

    assert [d.label for d in view.alone] == ["77 USD"]
    assert len(view.pairs) == 4


async def test_a_follower_that_does_not_answer_hides_no_leader(both: VoucherHarness):
    mine, *_ = await linked(both)
    both.clock.pass_time(600)
    both.vouchers.script(Fault(FaultKind.HTML, "products", times=99, status=502))
    await refresh_product(both.shop, mine.id)
    both.book.script(Fault(FaultKind.HTML, "checkProduct", times=9, status=502))
    with pytest.raises(e.SupplierFailure):
        await refresh_product(both.shop, mine.id)


@pytest.mark.parametrize(
    ("label", "face"),
    [
        ("10 $", (1000, "USD")),
        ("$ 25", (2500, "USD")),
        ("PSN 12,50 EUR card", (1250, "EUR")),
        ("60 UC", None),
        ("660 diamonds", None),
    ],
)
def test_what_a_label_says_that_a_code_is_worth(label, face):
    assert face_of(Denomination(1, 1, "x", label, 1, 1)) == face


async def test_a_shop_is_a_sandbox_only_where_nothing_is_real(both: VoucherHarness):
    async with both.store.reading() as tx:
        assert not await is_sandbox(tx, both.shop)


# --- reminders --------------------------------------------------------------------------------------


async def test_expiry_is_told_thirty_seven_and_one_day_before(harness: VoucherHarness):
    await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    await harness.run(6)
    assert (await my_order(harness.shop, 1, order.id)).expires_at is not None
    for days in (334, 1, 1, 21, 1, 1, 5, 1, 1):  # around each of the days that count
        harness.clock.pass_time(days * DAY)
        await harness.round()

    assert reminded(harness) == ["30", "7", "1"]


def reminded(harness: VoucherHarness) -> list[str]:
    return [s.data["days"] for s in harness.sender.sent if s.kind == "reminder"]


async def test_what_a_closed_shop_did_not_say_is_said_once_by_the_next(harness: VoucherHarness):
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(6)
    harness.clock.pass_time(361 * DAY)  # thirty and seven days before have both gone by
    await remind_of_expiry(harness.shop)
    await harness.round()
    assert reminded(harness) == ["4"]
    assert await remind_of_expiry(harness.shop) == 0
    harness.clock.pass_time(10 * DAY)
    assert await remind_of_expiry(harness.shop) == 0, "it has expired"


async def test_who_has_had_enough_is_not_reminded(harness: VoucherHarness):
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(6)
    harness.clock.pass_time(336 * DAY)
    assert await remind_of_expiry(harness.shop) == 1
    await set_reminders(harness.shop, 1, wanted=False)  # before it was sent
    await harness.round()
    harness.clock.pass_time(23 * DAY)
    await harness.round()
    assert reminded(harness) == []
    await set_reminders(harness.shop, 1, wanted=True)
    harness.clock.pass_time(5 * DAY)
    await harness.round()
    assert reminded(harness) == ["1"]


async def test_a_code_that_is_short_lived_is_not_reminded_of_at_once(harness: VoucherHarness):
    await harness.customer(1)
    harness.vouchers.product(101).expires_in = timedelta(days=20)
    await harness.buy(1)
    await harness.run(6)
    await harness.round()
    assert reminded(harness) == []
    harness.set_policy(expiry_reminders=frozenset())
    harness.clock.pass_time(15 * DAY)
    assert await remind_of_expiry(harness.shop) == 0


# --- suppliers that ring ----------------------------------------------------------------------------


@pytest.fixture
async def door(harness: VoucherHarness):
    harness.vouchers.webhook_secret = "whsec"
    app = Webhooks(harness.shop, {"starship": StarshipEvents("whsec", harness.clock)}).app
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        yield client


async def pending(harness: VoucherHarness):
    await harness.customer(1)
    harness.next(Outcome.PENDING)
    order = await harness.buy(1)
    await harness.run(3 * 3600, step=1200)
    harness.vouchers.release(harness.there.id)
    return await harness.order(order.id)


async def ring(door, headers, body, supplier="starship"):
    return (await door.post(f"/webhooks/{supplier}", headers=headers, content=body)).status_code


async def test_a_message_has_its_order_asked_for_at_once_and_counts_once(harness, door):
    order = await pending(harness)
    headers, body = harness.vouchers.event(harness.there, "evt_1")
    assert await ring(door, headers, body) == 204
    assert (await harness.order(order.id)).due_at == harness.clock.now()
    await harness.round()
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert await ring(door, headers, body) == 204
    assert len(harness.sender.codes_of(1)) == 1
    reader = StarshipEvents("whsec", harness.clock)
    assert not await take_event(harness.shop, "starship", reader(lowered(headers), body))


def lowered(headers):
    return {name.lower(): value for name, value in headers.items()}


async def test_a_forged_old_or_broken_message_does_nothing(harness, door):
    order = await pending(harness)
    due = (await harness.order(order.id)).due_at
    headers, body = harness.vouchers.event(harness.there)
    forged = {**headers, "X-Signature": "0" * 64}
    other = json.dumps({**json.loads(body), "data": {"id": 1}}).encode()
    for sent, content in ((forged, body), ({}, body), (headers, other), (headers, b"x" * 70_000)):
        assert await ring(door, sent, content) == 401
    assert await ring(door, {**headers, "X-Timestamp": "1"}, body) == 401
    harness.clock.pass_time(301)
    assert await ring(door, headers, body) == 401, "too old"
    assert await ring(door, headers, body, "nobody") == 404
    assert (await harness.order(order.id)).due_at == due
    assert (await door.get("/health")).text == "ok"


@pytest.mark.parametrize(
    "content", [b"{}", b"[]", b"no", b'{"event_id": ""}', b'{"event_id": "' + b"x" * 200 + b'"}']
)
async def test_a_genuine_message_that_says_nothing_is_refused(harness, content):
    harness.vouchers.webhook_secret = "whsec"
    reader = StarshipEvents("whsec", harness.clock)
    stamp = str(int(harness.clock.now().timestamp()))
    import hmac
    from hashlib import sha256

    mac = hmac.new(b"whsec", stamp.encode() + b"." + content, sha256).hexdigest()
    with pytest.raises(e.NotGenuine):
        reader({"x-signature": mac, "x-timestamp": stamp}, content)


async def test_a_message_is_taken_again_where_the_database_could_not(harness, door, monkeypatch):
    from bot import webhooks

    async def full(*args):
        raise e.StorageFailure("disk full")

    monkeypatch.setattr(webhooks, "take_event", full)
    await pending(harness)
    assert await ring(door, *harness.vouchers.event(harness.there)) == 503


def test_a_signed_request_says_what_it_asks(stage_clock):
    headers = Signer("secret", stage_clock)("post", "/api/v1/orders?a=1&b=2", "{}")
    stamp = int(stage_clock.now().timestamp())
    assert headers["X-Signature"].startswith(f"t={stamp},v1=")
    assert len(headers["X-Signature"].partition("v1=")[2]) == 64


@pytest.fixture
def stage_clock():
    from tests.harness import HarnessClock

    return HarnessClock()
