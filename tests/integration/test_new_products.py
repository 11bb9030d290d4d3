"""NEW_PRODUCTS=hidden: what a supplier adds stays off the shelf until an operator shows it."""

from bot.domain.alerts import AlertKind
from bot.domain.curation import Subject
from bot.sandbox.supplier.catalogue import Product
from bot.services.catalogue import curation
from bot.services.catalogue.arrivals import keep_new_ones_off, list_arrivals
from bot.services.catalogue.refresh import fetch_catalogue
from tests.harness import OPERATOR, ShopHarness

DAY = 86_400
KEY = "products_arrived:oneclickdz"


async def add(harness: ShopHarness, *titles: str) -> None:
    """The supplier adds these products, and the next catalogue is read."""
    for title in titles:
        harness.book.categories[0].products.append(Product(f"new {title}", title, "us"))
    assert await fetch_catalogue(harness.shop, "oneclickdz")


def told(harness: ShopHarness) -> list[str]:
    return [alert["count"] for alert in harness.sender.alerts(AlertKind.PRODUCTS_ARRIVED)]


async def test_new_products_are_shown_at_once_by_default(harness: ShopHarness):
    await add(harness, "PlayStation Japan")

    assert harness.shop.shelf.search("PlayStation Japan", 1).hits[0].product.title.endswith("Japan")
    assert await list_arrivals(harness.shop) == []


async def test_new_products_come_hidden_with_one_alert_a_day(harness: ShopHarness):
    harness.set_policy(hides_new_products=True)
    known = set(harness.shop.shelf.products)

    await add(harness, "PlayStation Japan", "PlayStation Korea")
    await harness.run(5)
    await add(harness, "PlayStation Italy")
    await harness.run(5)

    assert set(harness.shop.shelf.products) == known
    assert told(harness) == ["2"]
    arrived = await list_arrivals(harness.shop)
    assert [one.title for one in arrived] == [
        "PlayStation Italy",
        "PlayStation Korea",
        "PlayStation Japan",
    ]
    harness.clock.pass_time(DAY + 60)
    await add(harness)
    await harness.run(5)
    assert told(harness) == ["2", "3"], "that of the day before is told a day later"
    harness.clock.pass_time(DAY + 60)
    await add(harness)
    await harness.run(5)
    assert told(harness) == ["2", "3"], "nothing new, nothing told"

    for place, product in enumerate(arrived):
        subject = Subject.product(product.id)
        key = f"k{place}"
        await curation.set_hidden(
            harness.shop, subject, hidden=False, key=key, operator_id=OPERATOR
        )
    assert set(harness.shop.shelf.products) == known | {one.id for one in arrived}
    assert await list_arrivals(harness.shop) == []
    harness.clock.pass_time(DAY + 60)
    await add(harness)
    await harness.run(5)
    assert told(harness) == ["2", "3"]
    async with harness.store.reading() as tx:
        assert not await tx.alerts.is_open(KEY)


async def test_the_first_catalogue_of_a_supplier_and_own_products_are_shown(store):
    harness = ShopHarness(store)
    harness.set_policy(hides_new_products=True)
    await harness.open()

    assert harness.shop.shelf.products
    await harness.store.write(keep_new_ones_off, harness.shop, "own", [1])
    assert await list_arrivals(harness.shop) == []
    await harness.close()


async def test_a_product_that_left_meanwhile_is_in_no_list_of_new_ones(harness: ShopHarness):
    harness.set_policy(hides_new_products=True)
    await add(harness, "PlayStation Japan")
    assert len(await list_arrivals(harness.shop)) == 1

    harness.book.categories[0].products.pop()
    assert await fetch_catalogue(harness.shop, "oneclickdz")

    assert await list_arrivals(harness.shop) == []
    async with harness.store.reading() as tx:
        assert not await tx.alerts.is_open(KEY)


async def test_what_its_supplier_withdrew_is_not_counted(harness: ShopHarness):
    harness.set_policy(hides_new_products=True)
    await add(harness, "PlayStation Japan", "PlayStation Korea")
    await harness.run(5)
    harness.clock.pass_time(DAY + 60)

    harness.book.categories[0].products.pop()
    await add(harness, "PlayStation Italy")
    await harness.run(5)

    assert told(harness) == ["2", "2"]


async def test_the_alert_ends_with_the_last_new_product_also_without_the_setting(
    harness: ShopHarness,
):
    harness.set_policy(hides_new_products=True)
    await add(harness, "PlayStation Japan")
    harness.set_policy(hides_new_products=False)
    await add(harness, "PlayStation Korea")
    (hidden,) = await list_arrivals(harness.shop)
    assert hidden.title == "PlayStation Japan"
    async with harness.store.reading() as tx:
        assert await tx.alerts.is_open(KEY)

    subject = Subject.product(hidden.id)
    await curation.set_hidden(harness.shop, subject, hidden=False, key="k", operator_id=OPERATOR)
    await add(harness)

    async with harness.store.reading() as tx:
        assert not await tx.alerts.is_open(KEY)
