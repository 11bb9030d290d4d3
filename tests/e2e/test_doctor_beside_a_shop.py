"""`hanout doctor` as a process beside a shop that runs, and after that shop was killed."""

import json

from tests.e2e.shop import run_command


def names_in(shop) -> set[str]:
    return {str(path.relative_to(shop.folder)) for path in shop.folder.rglob("*")}


async def test_it_reads_beside_the_shop_and_after_a_kill(simulation, open_shop, shopper):
    shop = await open_shop()
    lina = await shopper()
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)
    before = names_in(shop)

    code, said = await run_command(shop, "doctor")

    assert (code, "Next: nothing; the shop is open." in said) == (0, True), said
    assert "ok   database and keys: sqlite, up to date, opened by the keys" in said
    assert names_in(shop) == before

    await shop.kill()
    files = [path for path in (shop.folder / "data").rglob("*") if path.is_file()]
    left = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}
    code, said = await run_command(shop, "doctor", "--json")
    found = json.loads(said)

    assert (code, found["well"], found["next"]) == (0, True, "`hanout run` opens the shop")
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files} == left
    assert names_in(shop) == before
