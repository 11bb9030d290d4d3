"""`python -I -m bot.bookkeeping`: writes the workbook of a month, as JSON on standard input says.

A process of its own: a year's orders would take the bot's memory and the time of everybody who presses
a button. It reads the database and writes one file, and answers with what does not tie, if anything.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.bookkeeping.writing import write_month
from bot.domain.books import Month
from bot.errors import NotTied
from storage.store import Store


async def main() -> None:
    given = json.load(sys.stdin.buffer)
    os.umask(0o077)
    store = Store(given["database_url"], name="hanout export")
    year, month = divmod(given["month"], 100)
    try:
        await write_month(
            store, Month(year, month), ZoneInfo(given["zone"]), workbook=Path(given["path"])
        )
    except NotTied as error:
        answer = list(error.differences)
    else:
        answer = []
    finally:
        await store.close()
    json.dump({"differences": answer}, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
