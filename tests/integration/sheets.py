"""Files of the catalogue as somebody changes them in a spreadsheet."""

import csv
import io
from collections.abc import Sequence

from bot.services.catalogue.columns import FilePolicy
from bot.services.catalogue.exchange import Difference, apply_file, export_catalogue
from tests.harness import BRANDS, ShopHarness


class Sheet:
    """A file of the catalogue in a spreadsheet."""

    def __init__(self, data: bytes) -> None:
        self.names, *self.rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))

    def row(self, name: str) -> dict[str, str]:
        found = next(row for row in self.rows if row[0] == name)
        return dict(zip(self.names, found, strict=True))

    def set(self, name: str, column: str, cell: str) -> None:
        found = next(row for row in self.rows if row[0] == name)
        found[self.names.index(column)] = cell

    def data(self, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows([self.names, *self.rows])
        return text.getvalue().encode(encoding)


def policy_of(harness: ShopHarness) -> FilePolicy:
    policy = harness.shop.policy
    return FilePolicy(policy.pricing, policy.max_quantity, BRANDS)


async def exported(harness: ShopHarness) -> Sheet:
    return Sheet(await export_catalogue(harness.store, harness.shop.policy.pricing))


async def apply(harness: ShopHarness, data: bytes, key: str = "shell:1") -> Sequence[Difference]:
    return await apply_file(harness.store, harness.clock, policy_of(harness), data, key)
