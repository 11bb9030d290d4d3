"""The disk is full, read-only, locked or damaged: a clear word, nothing lost; and a backup taken from a running shop."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.world import buttons, text_of
from tests.e2e.shop import leaks, run_command
from tests.patience import until


@pytest.mark.measured
async def test_a_backup_of_a_running_shop_is_restored_and_goes_on(
    simulation, open_shop, shopper, tmp_path
):
    shop = await open_shop()
    lina = await shopper()
    await lina.buy(2)
    await lina.me.until(lambda me: len(me.codes()) == 4)

    code, said = await run_command(shop, "backup", "--to", "night.backup")
    assert (code, "night.backup" in said) == (0, True), said
    simulation.book.handling_seconds = 1.0
    await lina.buy(1)  # after the backup: the restored shop will not know of it
    await lina.me.until(lambda me: len(me.codes()) == 6)
    bought = len(simulation.book.orders)
    code, said = await run_command(shop, "restore", "night.backup", "--replace")
    assert (code, "is in use. Close the shop" in said) == (1, True), said
    assert await shop.stop() == 0
    code, said = await run_command(shop, "restore", "night.backup", "--replace")
    assert "Restored" in said, said

    await shop.start()
    orders = await lina.me.ask_and_read("/orders", "Your orders")

    assert [b["callback_data"] for b in buttons(orders) if "order:" in b["callback_data"]] == [
        "order:1"
    ]
    await asyncio.sleep(2)
    assert len(simulation.book.orders) == bought
    assert leaks(tmp_path, simulation.book.codes()) == []


def small_disk(folder: Path) -> bool:
    """A file system of six megabytes on this folder, where we may mount one."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def fill(path: Path) -> None:
    full = os.open(path, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(full, b"x" * 512)
    os.close(full)


async def test_a_full_disk_is_told_and_loses_nothing(simulation, open_shop, shopper, tmp_path):
    if not small_disk(tmp_path / "data"):
        pytest.skip("no right to mount a small disk")
    try:
        shop = await open_shop()
        lina = await shopper()
        filler = tmp_path / "data" / "filler"
        fill(filler)

        moment = lina.me.moment()
        await lina.me.say("/shop")  # cannot be stored, so Telegram keeps it
        await until(lambda: "updates could not be kept" in shop.log)
        code, said = await run_command(shop, "backup")
        assert (code, "No backup was made" in said) == (1, True), said
        filler.unlink()
        await lina.me.reads_since(moment, "Gift-card codes", 40)
        await lina.buy(1)
        await lina.me.until(lambda me: len(me.codes()) == 2, 40)

        assert await shop.stop() == 0
    finally:
        subprocess.run(["umount", "-l", str(tmp_path / "data")], check=False)


async def test_what_is_wrong_with_a_database_is_said_in_words(simulation, open_shop, tmp_path):
    shop = await open_shop()
    assert await shop.stop() == 0
    database = tmp_path / "data" / "hanout.db"

    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    code, said = await run_command(shop, "run")
    holder.close()
    assert (code, "Another program holds the database" in said) == (75, True), said

    good = database.read_bytes()
    database.write_bytes(b"x" * len(good))
    code, said = await run_command(shop, "run")
    assert (code, "hanout restore" in said) == (75, True), said
    assert database.read_bytes() == b"x" * len(good)
    database.write_bytes(good)

    if os.geteuid() == 0 and shutil.which("mount"):
        mounted = subprocess.run(
            ["mount", "--bind", "-o", "ro", str(tmp_path / "data"), str(tmp_path / "data")],
            capture_output=True,
            check=False,
        )
        subprocess.run(
            ["mount", "-o", "remount,ro,bind", str(tmp_path / "data")],
            capture_output=True,
            check=False,
        )
        try:
            if mounted.returncode == 0:
                code, said = await run_command(shop, "run")
                assert (code, "may not be written" in said) == (75, True), said
        finally:
            subprocess.run(["umount", "-l", str(tmp_path / "data")], check=False)
    code, said = await run_command(shop, "audit", "--no-supplier")
    assert (code, "FAIL" in said) == (0, False), said


async def test_no_secret_appears_anywhere(simulation, open_shop, shopper, operator, tmp_path):
    """Canaries through success, failure, traceback, alert, doctor, audit and backup."""
    shop = await open_shop(LOG_LEVEL="DEBUG")
    lina = await shopper()
    simulation.book.next_outcomes += [1]
    await lina.buy(2)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    simulation.world.push("message", {"message_id": "bad", "text": simulation.book.codes()[0]})
    for path in ("checkProduct", "placeOrder", "checkOrder", "list"):
        simulation.book.script(Fault(FaultKind.TORN, path))
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 4, 40)
    await operator.ask_and_read("/order 1", "#1")
    said = [
        text
        for words in (("doctor",), ("audit",), ("backup",), ("keys", "check"))
        for _, text in [await run_command(shop, *words)]
    ]
    broken = {**shop.settings, "ADMIN_IDS": "x", "HANOUT_KEYS": "k1:" + "A" * 43}
    shop.settings, kept = broken, shop.settings
    said.append((await run_command(shop, "run"))[1])
    shop.settings = kept
    assert await shop.stop() == 0

    secrets = [
        kept["ONECLICKDZ_API_KEY"],
        kept["TELEGRAM_TOKEN"],
        kept["HANOUT_KEYS"].partition(":")[2],
        "A" * 43,
        *simulation.book.codes(),
    ]
    written = shop.log + "\n".join(said)
    assert [s[:4] for s in secrets if s in written] == []
    assert leaks(tmp_path, secrets) == []
    others = "\n".join(text_of(m) for m in operator.chat.log)
    assert [code for code in simulation.book.codes() if code in others] == []
