"""`hanout stock` after a restore: batches of the backup are told from those that were loaded since."""

import asyncio

from typer.testing import CliRunner

from bot.cli import cli
from bot.clock import SystemClock
from bot.services.operations.restored import quarantine_restored
from storage.store import Store
from tests.own_stock import codes_of


def test_the_list_of_the_shell_says_which_batches_come_from_a_backup(required_settings, tmp_path):
    url = f"sqlite:///{tmp_path / 'h.db'}"
    required_settings.setenv("DATABASE_URL", url)
    hanout("add", "Streaming", "Netflix TR", "200 TRY")
    hanout("load", "1", "--cost", "1240", stdin="\n".join(codes_of(3)))
    assert "batch 1: not on sale yet, 3 of 3 left" in hanout("list")

    asyncio.run(hold(url))

    assert "batch 1: from a backup, where what was sold since looks unsold" in hanout("list")
    assert "look unsold in it" in hanout("sell", "1", status=1)
    assert "batch 1: from a backup" in hanout("list")
    assert "batch 1: on sale, 3 of 3 left" in hanout("sell", "1", "--yes")
    assert "batch 1: on sale, 3 of 3 left" in hanout("sell", "1")


def hanout(*words: str, stdin: str | None = None, status: int = 0) -> str:
    done = CliRunner().invoke(cli, ["stock", *words], input=stdin)
    assert done.exit_code == status, done.output
    return done.output


async def hold(url: str) -> None:
    store = Store(url)
    await quarantine_restored(store, SystemClock())
    await store.close()
