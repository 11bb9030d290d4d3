"""`hanout setup` typed in a terminal, then `hanout run` with what it wrote, and a first sale in each language."""

import asyncio
import os
from pathlib import Path
from typing import cast

import pytest

from bot.sandbox.simulation import OPERATOR_ID, close_shop, until_open
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.settings import Settings
from locales import Words, words
from tests.e2e.forked import start_hanout
from tests.e2e.shop import Shopper, credit, leaks
from tests.e2e.terminal import Terminal


@pytest.fixture
def nothing_set(monkeypatch):
    """Only the file counts."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def addresses(simulation) -> dict[str, str]:
    """What nobody types in a real shop: where the simulators are."""
    return {
        "TELEGRAM_API_URL": simulation.telegram_url,
        "ONECLICKDZ_BASE_URL": f"{simulation.supplier_url}/v3",
    }


def start_of(texts: Words, key: str) -> str:
    """The first words of a text, as a terminal shows them."""
    text = texts.plain(key, botfather="", name="")
    return " ".join(text.split()[:4])


async def open_and_buy(simulation, folder: Path, language: str) -> list[str]:
    """Start the shop on the file alone; the first customer buys two codes."""
    forked = start_hanout("run", settings={}, folder=folder, said=folder / "shop.log")
    process = cast(asyncio.subprocess.Process, forked)  # as much of one as is used here
    operator = simulation.world.person(OPERATOR_ID, "Operator", language)
    try:
        await asyncio.wait_for(until_open(simulation, process), PATIENCE_SECONDS)
        await operator.ask_and_read("/start", words(language).plain("home").splitlines()[0])
        shopper = Shopper(simulation.world.person(5, "Lina", language))
        await shopper.enter()
        await credit(operator, 5, 50_000)
        await shopper.me.reads("👛")
        await shopper.buy(2)
        await shopper.me.until(lambda me: len(me.codes()) >= 2)
        return shopper.me.codes()
    finally:
        assert await asyncio.wait_for(close_shop(process), PATIENCE_SECONDS) == 0


@pytest.mark.usefixtures("nothing_set")
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
async def test_from_the_first_question_to_the_first_sale(simulation, tmp_path, language):
    texts, key = words(language), simulation.book.add_key("SANDBOX")
    folder = tmp_path / "shop"
    folder.mkdir()
    before = os.umask(0o022)
    try:
        terminal = Terminal.run(
            "setup", "--language", language, settings=addresses(simulation), folder=folder
        )
        await terminal.answer(start_of(texts, "setup-ask-token"), "nonsense", hidden=True)
        await terminal.answer(
            start_of(texts, "setup-wrong-token"), simulation.world.token, hidden=True
        )
        await terminal.answer(start_of(texts, "setup-ask-operators"), str(OPERATOR_ID))
        await terminal.answer(start_of(texts, "setup-ask-suppliers"), "")
        await terminal.answer(start_of(texts, "setup-ask-oneclickdz-key"), key, hidden=True)
        for question in ("markup", "language", "payments", "database", "backups"):
            await terminal.answer(start_of(texts, f"setup-ask-{question}"), "")
        await terminal.answer(texts.plain("setup-leave"), "1")

        assert await terminal.end() == 0, terminal.text
    finally:
        os.umask(before)

    assert "Traceback" not in terminal.text
    assert "@HanoutShopBot" in terminal.text
    assert simulation.world.token not in terminal.text
    assert key not in terminal.text
    env = folder / ".env"
    assert env.stat().st_mode & 0o777 == 0o600
    sealed = next(line for line in env.read_text().splitlines() if line.startswith("HANOUT_KEYS="))
    assert sealed.partition(":")[2] not in terminal.text
    codes = await open_and_buy(simulation, folder, language)
    assert len(codes) >= 2
    assert leaks(folder, simulation.book.codes()) == []


@pytest.mark.usefixtures("nothing_set")
async def test_ctrl_c_in_the_terminal_leaves_the_file_and_the_terminal_as_they_were(
    simulation, tmp_path
):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / ".env").write_text("# mine\nMAX_QUANTITY=3\n")
    questions = ("token", "operators", "suppliers", "oneclickdz-key", "markup")
    answers = (simulation.world.token, "1000", "", simulation.book.add_key("SANDBOX"), "")
    texts = words("fr")
    for stopped_at, question in enumerate(questions):
        terminal = Terminal.run(
            "setup", "--language", "fr", settings=addresses(simulation), folder=folder
        )
        for earlier, answer in zip(questions[:stopped_at], answers, strict=False):
            hidden = earlier in ("token", "oneclickdz-key")
            await terminal.answer(start_of(texts, f"setup-ask-{earlier}"), answer, hidden=hidden)
        await terminal.reads(start_of(texts, f"setup-ask-{question}"))
        terminal.press_ctrl_c()

        assert await terminal.end() == 130
        assert terminal.text.endswith("Arrêté. .env est inchangé.")
        assert "Traceback" not in terminal.text
        assert (folder / ".env").read_text() == "# mine\nMAX_QUANTITY=3\n"
        assert [p.name for p in folder.iterdir()] == [".env"]
