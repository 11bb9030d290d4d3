"""The catalogue as a file and back: what was changed there, all of it or nothing."""

import hashlib
from decimal import Decimal

import pytest

from bot.domain.pricing import Markup, MarkupScope, ValuePrice
from bot.errors import FileRefused
from bot.services.catalogue.columns import PRICES
from bot.services.catalogue.curated_columns import CURATED
from bot.services.catalogue.exchange import compare_file
from bot.services.catalogue.price_watch import PriceWatch
from storage.tables import alerts, operator_actions
from tests.harness import ShopHarness
from tests.integration.markup_steps import set_markup
from tests.integration.readings import rows
from tests.integration.sheets import apply, exported, policy_of


async def ids(harness: ShopHarness) -> tuple[str, str, str, int]:
    """A value, its product and its category as a file names them, and the value's number."""
    number = await harness.denomination()
    product = harness.shop.shelf.product(harness.shop.shelf.denomination(number).product_id)
    return f"d{number}", f"p{product.id}", f"c{product.category_id}", number


async def test_a_file_shows_costs_prices_and_rules(harness: ShopHarness):
    value, product, category, number = await ids(harness)
    await set_markup(harness, (MarkupScope.PRODUCT, int(product[1:])), Markup(Decimal("7.5"), 2050))

    sheet = await exported(harness)

    shown = sheet.row(value)
    known = harness.shop.shelf.denomination(number)
    assert Decimal(shown["cost"]) * 100 == known.cost_minor
    assert Decimal(shown["price"]) * 100 == harness.shop.shelf.price(
        harness.shop.policy.pricing, known
    )
    assert (shown["product"], shown["supplier"]) == ("PlayStation USA", "oneclickdz")
    assert (shown["markup"], shown["fixed"], shown["floor"]) == ("", "", "")
    assert sheet.row(product)["markup"] == "7.5 20.50"
    assert sheet.row(category)["markup"] == ""
    assert await compare_file(harness.store, policy_of(harness), sheet.data()) == []
    assert await apply(harness, sheet.data()) == []
    assert len(await rows(harness, operator_actions)) == 1  # that of the markup


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16")]
)
async def test_what_differs_is_applied_with_one_action(harness: ShopHarness, delimiter, encoding):
    value, product, category, number = await ids(harness)
    sheet = await exported(harness)
    sheet.set(value, "fixed", "4 180,50")
    sheet.set(value, "floor", "3900")
    sheet.set(product, "markup", "7,5 20")
    sheet.set(category, "markup", "6")
    data = sheet.data(delimiter, encoding)

    found = await compare_file(harness.store, policy_of(harness), data)
    assert harness.shop.shelf.rules.markups == {}
    assert [one.row.name for one in found][-1].startswith("PlayStation USA · ")
    assert len(await apply(harness, data)) == len(found) == 4
    await PriceWatch(harness.shop).check()

    rules = harness.shop.shelf.rules
    assert rules.values == {number: ValuePrice(418_050, 390_000)}
    assert rules.markups == {
        (MarkupScope.PRODUCT, int(product[1:])): Markup(Decimal("7.5"), 2000),
        (MarkupScope.CATEGORY, int(category[1:])): Markup(Decimal(6)),
    }
    (action,) = await rows(harness, operator_actions)
    assert (action.kind, action.operator_id, action.target) == ("import", 0, "catalogue")
    assert f"{value} fixed -" in action.before
    assert f"{value} fixed 4 180,50" in action.after
    assert await apply(harness, (await exported(harness)).data()) == []


async def test_a_cell_that_is_emptied_takes_the_rule_away(harness: ShopHarness):
    value, product, _, number = await ids(harness)
    await set_markup(harness, (MarkupScope.PRODUCT, int(product[1:])), Markup(Decimal(5)))
    await harness.store.write(lambda tx: tx.prices.set_value(number, ValuePrice(100, 200)))
    watch = PriceWatch(harness.shop)
    await watch.check()
    sheet = await exported(harness)
    for name, column in ((value, "fixed"), (value, "floor"), (product, "markup")):
        sheet.set(name, column, "")

    await apply(harness, sheet.data())
    await watch.check()

    assert (harness.shop.shelf.rules.values, harness.shop.shelf.rules.markups) == ({}, {})
    assert [a.closed_at is None for a in await rows(harness, alerts)] == [False]


async def test_what_the_shop_changed_since_is_refused_by_its_line(harness: ShopHarness):
    value, product, _, _ = await ids(harness)
    sheet = await exported(harness)
    await set_markup(harness, (MarkupScope.PRODUCT, int(product[1:])), Markup(Decimal(5)))

    with pytest.raises(FileRefused, match=rf"line \d+: {product} was changed in the shop"):
        await apply(harness, sheet.data())

    sheet.set(product, "markup", "5")  # as it is there by now
    sheet.set(value, "floor", "9000")
    assert len(await apply(harness, sheet.data())) == 1


@pytest.mark.parametrize(
    ("name", "column", "cell", "words"),
    [
        ("d", "fixed", "much", "much cannot be read in the column fixed"),
        ("d", "fixed", "0", "0 cannot be read"),
        ("d", "floor", "5 €", "5 € cannot be read"),
        ("d", "markup", "1001", "1001 cannot be read"),
        ("d", "markup", "5 1 €", "cannot be read"),
        ("p", "fixed", "5", "can have nothing in the column fixed"),
        ("d", "id", "d999999", "line 3: nothing has the id d999999"),
        ("d", "id", "", "nothing has the id that is missing"),
        ("d", "id", "p", "stands in the file twice"),
    ],
)
async def test_a_cell_that_is_wrong_stops_the_whole_file(
    harness: ShopHarness, name, column, cell, words
):
    value, product, _, _ = await ids(harness)
    sheet = await exported(harness)
    sheet.rows = [row for row in sheet.rows if row[0] in (value, product)]
    sheet.set(product, "markup", "50")
    sheet.set(value if name == "d" else product, column, product if cell == "p" else cell)

    with pytest.raises(FileRefused, match=words):
        await apply(harness, sheet.data())

    await PriceWatch(harness.shop).check()
    assert harness.shop.shelf.rules.markups == {}
    assert await rows(harness, operator_actions) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "name the columns"),
        (b"id,cost\n", "name the columns"),
        (b"id,version,id\n", "each once"),
        (b"id,version,colour\n", "names a column that there is not: colour"),
        (b"id,version\nd1\n", "line 2 has 1 cells"),
        (b'id,version\n"d1,5\n', "no line of a CSV file"),
        (b"PK\x03\x04\xff\xfe\x00", "no text file"),
        (b"x" * 20_000_001, "no text file"),
    ],
)
async def test_a_file_that_is_none_of_the_catalogue_is_refused(harness: ShopHarness, data, words):
    with pytest.raises(FileRefused, match=words):
        await apply(harness, data)


async def test_columns_may_be_left_out_and_a_title_is_no_formula(harness: ShopHarness):
    value, product, _, number = await ids(harness)
    await harness.store.run_sync(
        lambda db: db.exec_driver_sql(
            f"UPDATE catalogue_products SET title = '=1+1' WHERE id = {product[1:]}"
        )
    )
    sheet = await exported(harness)
    assert sheet.row(product)["product"] == "'=1+1"
    version = sheet.row(value)["version"]

    await apply(harness, f"id,version,floor\n{value},{version},9000\n\n".encode())

    await PriceWatch(harness.shop).check()
    assert harness.shop.shelf.rules.values == {number: ValuePrice(None, 900_000)}


@pytest.mark.parametrize("column", ["title", "supplier"])
@pytest.mark.parametrize("shown", [True, False])
async def test_a_file_of_another_shop_is_refused(harness: ShopHarness, column, shown):
    _, product, _, _ = await ids(harness)
    sheet = await exported(harness)
    sheet.set(product, "name_fr", "PlayStation États-Unis")
    version = sheet.row(product)["version"]
    # stands for the other shop, where this number is something else
    await harness.store.run_sync(
        lambda db: db.exec_driver_sql(
            f"UPDATE catalogue_products SET {column} = 'another' WHERE id = {product[1:]}"
        )
    )
    data = f"id,version,name_fr\n{product},{version},PlayStation États-Unis\n".encode()

    with pytest.raises(FileRefused, match="another shop's; export it anew"):
        await apply(harness, sheet.data() if shown else data)


@pytest.mark.parametrize("names", [["category", "product", "value", "supplier"], ["product"]])
@pytest.mark.parametrize("columns", [PRICES, (*PRICES, *CURATED)])
async def test_a_file_of_an_earlier_version_is_read_where_it_shows_what_it_means(
    harness: ShopHarness, names, columns
):
    """Its versions said nothing of names; so the names have to stand beside them."""
    _, product, _, _ = await ids(harness)
    row = (await exported(harness)).row(product)
    cells = "\x1f".join(row[column.name] for column in columns)
    former = f"v{hashlib.sha256(cells.encode()).hexdigest()[:12]}"
    head = ["id", "version", *names, *(column.name for column in columns)]
    line = {**row, "version": former, "markup": "7.5"}
    data = "\n".join([",".join(head), ",".join(line[name] for name in head)]).encode()

    if len(names) == 1:
        with pytest.raises(FileRefused, match="another shop's"):
            await apply(harness, data)
    else:
        assert len(await apply(harness, data)) == 1
