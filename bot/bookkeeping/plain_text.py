"""A month as plain-text accounting for beancount (https://beancount.github.io/docs/beancount_language_syntax.html).

It opens with what every account had and ends by asserting what it has, so that beancount itself finds
what does not tie. Signs are a bookkeeper's: what customers have in wallets is a liability, below zero.
"""

import re
from collections import Counter
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.bookkeeping.csv_files import decimal
from bot.domain.books import LedgerLine, Month, Summary, group_of
from bot.services.bookkeeping.month import MonthReader

_ACCOUNTS: Final = {
    "wallet": "Liabilities:Wallets",
    "escrow": "Liabilities:Held",
    "returning": "Liabilities:Refunds",
    "sales": "Income:Sales",
    "funding": "Assets:By-hand",
    "losses": "Expenses:Losses",
}
_OPENING: Final = "Equity:Opening"
_CURRENCY: Final = "DZD"


async def write_ledger(reader: MonthReader, month: Month, zone: ZoneInfo, path: Path) -> Summary:
    """Raises NotTied; then the file lacks its balances."""
    postings = path.with_name(path.name + ".part")
    try:
        with postings.open("w", encoding="utf-8") as file:
            pending: list[LedgerLine] = []
            async for line in reader.ledger():
                if pending and pending[0].posting_id != line.posting_id:
                    file.write(_transaction(pending, zone))
                    pending = []
                pending.append(line)
            if pending:
                file.write(_transaction(pending, zone))
        async for _ in reader.orders():
            pass  # only what all sheets add up to can be compared
        async for _ in reader.payments():
            pass
        summary = await reader.finish()
        with path.open("w", encoding="utf-8") as whole:
            whole.write(_beginning(summary, month))
            with postings.open(encoding="utf-8") as file:
                for text in file:
                    whole.write(text)
            whole.write(_end(summary, month, zone))
    finally:
        postings.unlink(missing_ok=True)
    return summary


def account_of(group: str) -> str:
    """The account of a line of the summary: "Assets:Paid:Ocpay" for "paid:ocpay"."""
    kind, _, method = group.partition(":")
    if kind in ("paid", "fees"):
        name = re.sub(r"[^A-Za-z0-9-]", "-", method).capitalize()
        return f"Assets:Paid:{name}" if kind == "paid" else f"Expenses:Fees:{name}"
    return _ACCOUNTS.get(group, "Equity:Other")


def _beginning(summary: Summary, month: Month) -> str:
    day = month.first_day
    lines = [f'option "title" "Hanout {month}"', f'option "operating_currency" "{_CURRENCY}"', ""]
    accounts = sorted({_OPENING, *(account_of(group) for group in summary.balances)})
    lines += [f"{day} open {account} {_CURRENCY}" for account in accounts]
    lines += ["", f'{day} * "Opening balances"']
    total = 0
    for group, it in summary.balances.items():
        total += it.opening_minor
        lines.append(_posting(account_of(group), -it.opening_minor))
    lines.append(_posting(_OPENING, total))
    return "\n".join(lines) + "\n"


def _transaction(entries: list[LedgerLine], zone: ZoneInfo) -> str:
    first = entries[0]
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[account_of(group_of(entry.account))] -= entry.amount_minor
    day = first.at.astimezone(zone).date()
    order = f" order {first.order_id}" if first.order_id else ""
    head = f'\n{day} * "{first.kind}{order}" ^posting-{first.posting_id}\n'
    return head + "".join(f"{_posting(*sum_)}\n" for sum_ in sums.items())


def _end(summary: Summary, month: Month, zone: ZoneInfo) -> str:
    day = month.bounds(zone)[1].astimezone(zone).date()  # a balance is that of a day's beginning
    return "\n" + "".join(
        f"{day} balance {account_of(group)} {decimal(-it.closing_minor)} {_CURRENCY}\n"
        for group, it in summary.balances.items()
    )


def _posting(account: str, minor: int) -> str:
    return f"  {account}  {decimal(minor)} {_CURRENCY}"
