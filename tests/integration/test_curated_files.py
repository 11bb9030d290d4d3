"""What operators say of products, as a file and back: hidden, first, limited and named, many at once."""

import pytest

from bot.domain.curation import CuratedText, Marks, OwnText, Subject
from bot.domain.records import Locale
from bot.errors import FileRefused
from bot.refusals import NameTaken
from bot.services.catalogue.arrivals import keep_new_ones_off, list_arrivals
from bot.services.catalogue.curated import list_texts
from bot.services.catalogue.exchange import compare_file
from bot.services.catalogue.price_watch import PriceWatch
from storage.tables import operator_actions
from tests.harness import ShopHarness
from tests.integration.curation_steps import hide, named
from tests.integration.readings import rows
from tests.integration.sheets import apply, exported, policy_of

CURATED = ("hidden", "featured", "rank", "max_quantity", "name_en", "name_fr", "name_ar")
# Written by the version before these columns came, for rows of which nothing is said.
FORMER_HEAD = "id,category,product,value,supplier,cost,price,markup,fixed,floor,version"
FORMER = "vb8c9e440ead3"
NASTY = ("=1+1", "+213 5", "-10 %", "@all", "'=quoted", "''+", "'tis", 'a, "b"; c', "＝２", "بطاقة")


async def names_of(harness: ShopHarness) -> tuple[str, str, str]:
    """A product, another of its category, and a third of another, as a file names them."""
    shelf = harness.shop.shelf
    one = next(each for each in shelf.products.values() if each.title == "PlayStation USA")
    by_category: dict[bool, int] = {}
    for each in shelf.products.values():
        if each.id != one.id:
            is_beside = shelf.placing(each).category == shelf.placing(one).category
            by_category.setdefault(is_beside, each.id)
    return f"p{one.id}", f"p{by_category[True]}", f"p{by_category[False]}"


def subject_of(name: str) -> Subject:
    return Subject.product(int(name[1:]))


async def text_of(harness: ShopHarness, name: str, locale: Locale) -> OwnText:
    return (await list_texts(harness.shop, subject_of(name), CuratedText.NAME))[locale]


async def test_what_a_file_says_of_a_product_is_applied_with_one_action(harness: ShopHarness):
    product, other, _ = await names_of(harness)
    await named(harness, subject_of(product), "Old name", Locale.FR, "n")
    sheet = await exported(harness)
    assert sheet.row(product)["name_fr"] == "Old name"
    cells = ("yes", "Oui", "2", "5", "Console card", "Carte  console", "بطاقة بلايستيشن")
    for column, cell in zip(CURATED, cells, strict=True):
        sheet.set(product, column, cell)
    sheet.set(other, "rank", "1")

    found = await compare_file(harness.store, policy_of(harness), sheet.data())
    assert harness.shop.shelf.curation.of_product(int(product[1:])) == Marks()
    assert [
        (one.column.name, one.before) for one in found if one.row.key[1] == int(product[1:])
    ] == [(column, "Old name" if column == "name_fr" else "") for column in CURATED]
    assert len(await apply(harness, sheet.data())) == len(found) == 8
    await PriceWatch(harness.shop).check()

    shelf, number = harness.shop.shelf, int(product[1:])
    assert shelf.curation.of_product(number) == Marks(True, True, 1, 5)
    assert shelf.curation.of_product(int(other[1:])).rank == 0
    assert shelf.goods[number].names == (
        ("ar", "بطاقة بلايستيشن"),
        ("en", "Console card"),
        ("fr", "Carte console"),
    )
    assert await text_of(harness, product, Locale.FR) == OwnText("Carte console", "Old name")
    action = (await rows(harness, operator_actions))[-1]
    assert (action.kind, action.operator_id, action.note) == ("import", 0, "8")
    assert f"{product} hidden -; {product} featured -" in action.before
    assert f"{product} name_fr Old name" in action.before
    assert f"{product} hidden yes" in action.after
    assert f"{product} name_fr Carte  console" in action.after
    assert await apply(harness, sheet.data(), "shell:2") == []
    assert await apply(harness, (await exported(harness)).data(), "shell:3") == []
    assert len(await rows(harness, operator_actions)) == 2


async def test_emptied_cells_take_all_of_it_back(harness: ShopHarness):
    product, _, _ = await names_of(harness)
    sheet = await exported(harness)
    cells = ("yes", "yes", "2", "5", "Console card", "Carte", "بطاقة")
    for column, cell in zip(CURATED, cells, strict=True):
        sheet.set(product, column, cell)
    await apply(harness, sheet.data())
    sheet = await exported(harness)
    for column in CURATED:
        sheet.set(product, column, "" if column != "hidden" else "no")

    assert len(await apply(harness, sheet.data(), "shell:2")) == len(CURATED)
    await PriceWatch(harness.shop).check()

    assert harness.shop.shelf.curation.of_product(int(product[1:])) == Marks()
    assert harness.shop.shelf.goods[int(product[1:])].names == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_names_that_look_like_formulas_are_text_to_a_spreadsheet(
    harness: ShopHarness, delimiter
):
    chosen = [f"p{each}" for each in sorted(harness.shop.shelf.products)][: len(NASTY)]
    assert len(chosen) == len(NASTY)
    for number, (product, name) in enumerate(zip(chosen, NASTY, strict=True)):
        await named(harness, subject_of(product), name, Locale.EN, str(number))

    sheet = await exported(harness)
    cells = [sheet.row(product)["name_en"] for product in chosen]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@＝"))] == []
    assert await compare_file(harness.store, policy_of(harness), sheet.data(delimiter)) == []

    for product in chosen:
        sheet.set(product, "name_en", "")
    await apply(harness, sheet.data(delimiter))
    for product, cell in zip(chosen, cells, strict=True):
        sheet.set(product, "name_en", cell)
        sheet.set(product, "version", (await exported(harness)).row(product)["version"])
    await apply(harness, sheet.data(delimiter), "shell:2")

    found = [(await text_of(harness, product, Locale.EN)).text for product in chosen]
    assert found == list(NASTY)


@pytest.mark.parametrize(
    ("column", "cell", "takes"),
    [
        ("hidden", "maybe", "yes, or nothing"),
        ("featured", "2", "yes, or nothing"),
        ("rank", "0", "a whole number from 1, or nothing"),
        ("rank", "first", "a whole number from 1, or nothing"),
        ("max_quantity", "11", "a whole number from 1 to MAX_QUANTITY, or nothing"),
        ("max_quantity", "1.5", "a whole number from 1 to MAX_QUANTITY, or nothing"),
        ("name_fr", "x" * 61, "a name of at most 60 letters that can all be seen, or nothing"),
        ("name_ar", "????? USA", "a name of at most 60 letters that can all be seen, or nothing"),
    ],
)
async def test_a_cell_that_is_wrong_is_named_by_line_and_column(
    harness: ShopHarness, column, cell, takes
):
    product, other, _ = await names_of(harness)
    harness.set_policy(max_quantity=10)
    sheet = await exported(harness)
    sheet.rows = [row for row in sheet.rows if row[0] in (product, other)]
    sheet.rows.sort(key=lambda row: row[0] == product)
    sheet.set(other, "hidden", "yes")
    sheet.set(product, column, cell)

    with pytest.raises(FileRefused) as refused:
        await apply(harness, sheet.data())

    assert str(refused.value) == (
        f"line 3: {cell} cannot be read in the column {column}, which takes {takes}"
    )
    await PriceWatch(harness.shop).check()
    assert harness.shop.shelf.curation.marks == {}
    assert await rows(harness, operator_actions) == []


async def test_only_products_are_curated_by_a_file(harness: ShopHarness):
    value = f"d{await harness.denomination()}"
    sheet = await exported(harness)
    sheet.set(value, "hidden", "yes")

    with pytest.raises(FileRefused, match=f"{value} can have nothing in the column hidden"):
        await apply(harness, sheet.data())


async def test_a_file_of_the_former_version_is_still_applied(harness: ShopHarness):
    number = await harness.denomination()
    product, _, _ = await names_of(harness)
    await hide(harness, subject_of(product))
    lines = [
        FORMER_HEAD,
        f"{product},Games,PlayStation USA,,oneclickdz,,,,,,{FORMER}",
        f"d{number},Games,PlayStation USA,10 $,oneclickdz,1,1,,9000,,{FORMER}",
    ]

    (found,) = await apply(harness, "\n".join(lines).encode())

    assert (found.column.name, found.before, found.after) == ("fixed", "", "9000")
    await PriceWatch(harness.shop).check()
    assert harness.shop.shelf.curation.of_product(int(product[1:])).hidden
    lines[1] = f"{product},Games,PlayStation USA,,oneclickdz,,,5,,,{FORMER}"
    lines[2] = lines[2].replace("9000", "9500")
    with pytest.raises(FileRefused, match=f"line 3: d{number} was changed in the shop"):
        await apply(harness, "\n".join(lines).encode(), "shell:2")


async def test_a_version_of_prices_vouches_for_nothing_else(harness: ShopHarness):
    product, _, _ = await names_of(harness)

    with pytest.raises(FileRefused, match=f"{product} was changed in the shop"):
        await apply(harness, f"id,version,hidden\n{product},{FORMER},yes\n".encode())


async def test_what_the_chat_changed_since_is_refused(harness: ShopHarness):
    product, _, _ = await names_of(harness)
    sheet = await exported(harness)
    await hide(harness, subject_of(product))
    sheet.set(product, "name_en", "Console card")

    with pytest.raises(FileRefused, match=f"{product} was changed in the shop"):
        await apply(harness, sheet.data())


async def test_two_of_a_category_are_not_named_alike(harness: ShopHarness):
    product, other, _ = await names_of(harness)
    sheet = await exported(harness)
    sheet.set(product, "name_fr", "La carte")
    sheet.set(other, "name_ar", "بطاقة")
    sheet.set(other, "name_en", "la  CARTE")
    number = 2 + next(i for i, row in enumerate(sheet.rows) if row[0] == product)
    other_line = 2 + next(i for i, row in enumerate(sheet.rows) if row[0] == other)

    with pytest.raises(FileRefused) as refused:
        await compare_file(harness.store, policy_of(harness), sheet.data())
    with pytest.raises(FileRefused):
        await apply(harness, sheet.data())

    by_line = {
        number: ("name_fr", product, other),
        other_line: ("name_en and name_ar", other, product),
    }
    columns, one, beside = by_line[int(str(refused.value).split(":")[0].removeprefix("line "))]
    assert str(refused.value).endswith(
        f"with what stands in {columns}, {one} would read the same as {beside} of its category"
    )
    assert await rows(harness, operator_actions) == []


async def test_a_title_that_a_supplier_gave_is_taken(harness: ShopHarness):
    product, other, _ = await names_of(harness)
    sheet = await exported(harness)
    sheet.set(product, "name_ar", harness.shop.shelf.goods[int(other[1:])].title)

    with pytest.raises(FileRefused, match=rf"in name_ar, {product} .* as {other} of its category"):
        await apply(harness, sheet.data())


async def test_two_may_change_names_and_a_name_may_be_in_two_categories(harness: ShopHarness):
    product, other, elsewhere = await names_of(harness)
    for name, text in ((product, "One card"), (other, "Two cards")):
        await named(harness, subject_of(name), text, Locale.EN, text)
    sheet = await exported(harness)
    sheet.set(product, "name_en", "Two cards")
    sheet.set(other, "name_en", "One card")
    sheet.set(elsewhere, "name_en", "One card")

    await apply(harness, sheet.data())

    texts = [(await text_of(harness, name, Locale.EN)).text for name in (product, other, elsewhere)]
    assert texts == ["Two cards", "One card", "One card"]


async def test_the_chat_refuses_a_name_that_a_file_has_just_taken(harness: ShopHarness):
    product, other, _ = await names_of(harness)
    sheet = await exported(harness)
    sheet.set(product, "name_en", "One card")
    await apply(harness, sheet.data())  # the shelf of the running shop shows it within a minute

    with pytest.raises(NameTaken):
        await named(harness, subject_of(other), "one card", Locale.EN, "n")


async def test_what_a_setting_would_refuse_by_now_stays_until_it_is_changed(harness: ShopHarness):
    product, _, _ = await names_of(harness)
    await harness.store.write(lambda tx: tx.curation.mark(subject_of(product), max_quantity=9))
    harness.set_policy(max_quantity=5)
    sheet = await exported(harness)
    assert await apply(harness, sheet.data()) == []

    sheet.set(product, "max_quantity", "4")

    assert len(await apply(harness, sheet.data())) == 1


async def test_a_file_that_shows_a_new_product_takes_it_off_the_list_of_new_ones(
    harness: ShopHarness,
):
    product, _, _ = await names_of(harness)
    harness.set_policy(hides_new_products=True)
    await harness.store.write(keep_new_ones_off, harness.shop, "oneclickdz", [int(product[1:])])
    assert len(await list_arrivals(harness.shop)) == 1
    sheet = await exported(harness)
    assert sheet.row(product)["hidden"] == "yes"
    sheet.set(product, "hidden", "false")

    await apply(harness, sheet.data())

    assert await list_arrivals(harness.shop) == []
    await hide(harness, subject_of(product))  # by an operator, so it is no new one
    assert await list_arrivals(harness.shop) == []


async def test_every_column_may_be_left_out(harness: ShopHarness):
    product, _, _ = await names_of(harness)
    version = (await exported(harness)).row(product)["version"]

    await apply(harness, f"id,version,rank\n{product},{version},3\n".encode())

    await PriceWatch(harness.shop).check()
    assert harness.shop.shelf.curation.of_product(int(product[1:])).rank == 2
