"""A shop that sells nothing but codes of its own, without any API key, as a process."""

from pathlib import Path
from typing import Any

from bot.vault import new_key
from tests.e2e.shop import ShopProcess, leaks, run_command
from tests.own_stock import codes_of

LISTED, PASTED = codes_of(4), codes_of(3, first=100)


async def test_a_shop_with_nothing_but_codes_of_its_own(
    simulation, open_shop, operator, shopper, tmp_path: Path, tmp_path_factory
):
    settings: Any = {"SUPPLIERS": "own", "ONECLICKDZ_API_KEY": "", "HANOUT_KEYS": new_key("k1")}
    shop = ShopProcess(simulation, tmp_path, **settings)
    file = tmp_path_factory.mktemp("elsewhere") / "codes.csv"
    file.write_text("code,expires\n" + "".join(f"{code},2036-12-31\n" for code in LISTED))
    added = await run_command(shop, "stock", "add", "Streaming", "Netflix TR", "200 TRY")
    assert added == (0, "Its number is 1.\n")
    status, said = await run_command(shop, "stock", "load", "1", "--cost", "1240", str(file))
    assert (status, "4 of 4 left" in said) == (0, True)

    assert "on sale, 4 of 4" in (await run_command(shop, "stock", "sell", "1"))[1]

    shop = await open_shop(**settings, LOG_LEVEL="DEBUG")
    stock = await operator.ask_and_read("/stock", "Own stock")
    await operator.forge("sload:1", stock)
    await operator.reads("what did one code cost you")
    await operator.ask_and_read("1100", "Send a .txt or .csv file")
    batch = await operator.ask_and_read("\n".join(PASTED), "3 good codes")
    await operator.forge("sgo:2:1", batch)
    await operator.reads("Batch 2 is on sale")
    await operator.until(lambda me: PASTED[0] not in str(me.chat.messages))

    lina = await shopper()
    home = await lina.me.ask_and_read("/start", "Gift-card codes")
    for step, then in (("prod:1", "den:1"), ("den:1", "qty:1:3"), ("qty:1:3", "buy:1")):
        await lina.me.forge(step, home)
        await lina.me.until(lambda me, then=then: then in str(me.chat.messages[home["message_id"]]))
    await lina.me.forge("buy:1", home)
    await lina.me.until(lambda me: len(me.codes()) == 3)
    assert set(lina.me.codes()) <= set(LISTED), "what ends first goes first"

    status, said = await run_command(shop, "doctor")
    assert "own: codes of your own" in said
    assert "FAIL own" not in said
    status, said = await run_command(shop, "audit")
    assert (status, "FAIL" in said) == (0, False), said
    assert "ok   stock: 1" in said
    await shop.kill()
    assert leaks(tmp_path, LISTED + PASTED) == []
