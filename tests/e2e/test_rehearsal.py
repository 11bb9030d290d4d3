"""`hanout rehearse` between simulators: what it finds, what it refuses, and what it leaves alone."""

import asyncio
import json
import os
import signal
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.rehearsal import payment_steps, supplier_steps, telegram_steps
from bot.rehearsal.opening import RehearsalRefused
from bot.rehearsal.rehearse import Options, rehearse
from bot.rehearsal.steps import Answer
from bot.sandbox.simulation import OPERATOR_ID, both_suppliers, chargily_settings
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import Person
from handlers.bot import ShopBot
from tests.e2e.attending import Attending
from tests.e2e.conftest import ALL_WAYS
from tests.e2e.rehearsing import Said, settings_of, verdicts
from tests.e2e.shop import ShopProcess, leaks, run_command

__all__ = ["settings_of"]  # a fixture


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(telegram_steps, "_VISIBLE", timedelta(seconds=1))
    monkeypatch.setattr(telegram_steps, "_PRESS_SECONDS", 0.2)
    monkeypatch.setattr(telegram_steps, "_QUIET_SECONDS", 1.5)
    monkeypatch.setattr(telegram_steps, "_ACTION_SECONDS", 30.0)
    monkeypatch.setattr(payment_steps, "_PAY_SECONDS", 30.0)
    monkeypatch.setattr(payment_steps, "_LATE_SECONDS", 0.1)
    monkeypatch.setattr(payment_steps, "_ASK_SECONDS", 0.5)
    monkeypatch.setattr(supplier_steps, "_ORDER_SECONDS", 20.0)


@pytest.fixture
def play(settings_of, simulation, tmp_path, quick):
    """Rehearse with an operator who answers yes, or otherwise: the status and the report."""

    async def run(*only, settings=None, also=None, language="en", **answers):
        options = Options(tmp_path / "found", language, only)
        async with Attending(simulation) as attending:
            attending.also = also or {}
            status = await rehearse(settings or settings_of(), options, Said(attending, **answers))
        return status, options.folder.joinpath("report.md").read_text()

    return run


async def test_a_whole_rehearsal_where_all_is_as_expected(play, simulation, tmp_path):
    status, report = await play()

    found = verdicts(report)
    assert {key for key, verdict in found.items() if verdict != "as expected"} == {"old-message"}
    assert (found["old-message"], status) == ("later", 4)
    assert "Seen: in Telegram's list: back, in" in report
    assert "Seen: asked and paid: 75 DA, 75 DA" in report
    secrets = [simulation.world.token, *simulation.chargily.keys.values(), *simulation.book.keys]
    for path in (tmp_path / "found").iterdir():
        assert not [secret for secret in secrets if secret in path.read_text()], path
        assert leaks(tmp_path, simulation.book.codes()) == []
    assert str(OPERATOR_ID) not in report.replace("10000", "")
    # No book was made or changed, and nothing is left that somebody could pay.
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["hanout.db.lock"]
    assert not [
        m
        for m in simulation.world.chat(OPERATOR_ID).messages.values()
        if "10000" in str(m.get("invoice"))
    ]


async def test_what_differs_is_said_and_decides_the_exit_status(play, simulation):
    simulation.book.next_outcomes = [4]

    status, report = await play("oneclickdz-partial", "copy", copy=Answer.NO)

    assert status == 3
    assert verdicts(report)["oneclickdz-partial"] == "different"
    assert "Seen: codes: 4 of 4" in report
    assert verdicts(report)["copy"] == "different"
    assert "Asked copy: no" in report
    assert verdicts(report)["hide"] == "not played"


async def test_a_supplier_that_dies_leaves_its_steps_open_and_ends_nothing(play, simulation):
    def die():
        simulation.book.script(Fault(FaultKind.RESET_BEFORE, times=10_000))

    steps = ("oneclickdz-purchase", "oneclickdz-refund", "link", "books")
    status, report = await play(*steps, also={"Two test codes": die})

    found = verdicts(report)
    assert (found["oneclickdz-purchase"], found["link"]) == ("as expected", "as expected")
    assert (found["oneclickdz-refund"], status) == ("not known", 4)


async def test_a_supplier_without_an_answer_is_left_out(play, simulation):
    simulation.book.script(Fault(FaultKind.RESET_BEFORE, times=10_000))

    _, report = await play("link")

    assert "- Left out: oneclickdz: does not confirm that its key is for tests" in report
    assert "- Left out: ocpay" in report
    assert "copy" not in verdicts(report)


async def test_a_webhook_is_removed_and_drops_nothing(play, simulation):
    url = f"{simulation.telegram_url}/bot{simulation.world.token}/setWebhook"
    async with httpx.AsyncClient() as client:
        assert (await client.post(url, json={"url": "https://shop.example/telegram"})).is_success

    _, report = await play("link", language="ar")

    assert verdicts(report)["link"] == "as expected"
    removed = [v for _, method, v in simulation.world.calls if method == "deleteWebhook"]
    assert [str(values.get("drop_pending_updates")).lower() for values in removed] == ["false"]


async def test_a_starship_key_for_tests_is_played_with_alone(play, settings_of, simulation):
    key, secret = simulation.vouchers.add_key("test")
    both = both_suppliers(simulation) | {"STARSHIP_API_KEY": key, "STARSHIP_API_SECRET": secret}
    starship = settings_of(**both | {"SUPPLIERS": "starship", "PAYMENT_METHODS": ""})

    steps = ("starship-purchase", "starship-repeat", "starship-list", "copy")
    _, report = await play(*steps, settings=starship)

    found = verdicts(report)
    assert {found[step] for step in steps} == {"as expected"}, report
    assert "oneclickdz-purchase" not in found
    assert "- Played with: Telegram, starship; language en" in report
    assert leaks(Path.cwd(), simulation.vouchers.codes()) == []


async def test_a_star_that_nobody_pays_leaves_no_bill(play, simulation, monkeypatch):
    monkeypatch.setattr(payment_steps, "_PAY_SECONDS", 1.0)
    monkeypatch.setattr(Attending, "pays_stars", False)

    _, report = await play("stars")

    assert "Seen: why: nobody paid the Star" in report
    assert not [m for m in simulation.world.chat(OPERATOR_ID).messages.values() if "invoice" in m]


async def test_a_bill_cannot_be_paid_while_it_is_deleted(play, simulation, monkeypatch):
    refusals = []
    delete = ShopBot.delete_message

    async def pay_and_delete(bot, chat_id, message_id):
        person = simulation.world.person(OPERATOR_ID, "Operator", "en")
        bills = simulation.world.chat(OPERATOR_ID).messages
        with pytest.raises(ApiError) as refusal:
            await simulation.world.stars.pay(person, bills[message_id])
        refusals.append(refusal.value)
        return await delete(bot, chat_id, message_id)

    monkeypatch.setattr(ShopBot, "delete_message", pay_and_delete)
    monkeypatch.setattr(payment_steps, "_PAY_SECONDS", 1.0)
    monkeypatch.setattr(Attending, "pays_stars", False)

    _, report = await play("stars")

    assert "Seen: why: nobody paid the Star" in report
    assert len(refusals) == 1
    assert simulation.world.stars.list_transactions(0, 100)["transactions"] == []


async def test_a_star_is_paid_only_after_a_yes(play, simulation):
    _, report = await play("stars", stars_confirm=Answer.NO)

    assert verdicts(report)["stars"] == "skipped"
    assert "sendInvoice" not in {method for _, method, _ in simulation.world.calls}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])  # Ctrl-C; a closed terminal
async def test_a_star_goes_back_also_where_the_rehearsal_is_stopped_at_that_moment(
    play, simulation, monkeypatch, number
):
    async def pay_and_stop(self, message=None):
        charge = await simulation.world.stars.pay(self, message)
        os.kill(os.getpid(), number)
        return charge

    monkeypatch.setattr(Person, "pay", pay_and_stop)
    monkeypatch.setattr(payment_steps, "_LATE_SECONDS", 1.0)

    _, report = await play("stars", "books")

    listed = simulation.world.stars.list_transactions(0, 100)["transactions"]
    assert sorted("receiver" in row for row in listed) == [False, True]
    assert "- Ended early: stopped by the operator" in report


async def test_the_list_names_steps_and_questions(settings_of, capsys):
    settings_of()

    listed = CliRunner().invoke(cli, ["rehearse", "--list"])

    assert listed.exit_code == 0, listed.output
    assert "stars (stars): not played" in listed.output
    assert "    asks stars-confirm" in listed.output
    unknown = CliRunner().invoke(cli, ["rehearse", "--only", "nothing"])
    assert (unknown.exit_code, "There is no step nothing" in unknown.output) == (1, True)
    other = CliRunner().invoke(cli, ["rehearse", "--language", "de"])
    assert (other.exit_code, "--language is one of en, fr, ar" in other.output) == (1, True)


async def test_keys_that_move_real_money_are_refused(play, settings_of, simulation, tmp_path):
    with pytest.raises(RehearsalRefused, match="this key buys for real"):
        await play(settings=settings_of("PRODUCTION"))
    with pytest.raises(RehearsalRefused, match="chargily has a live key"):
        await play(settings=settings_of(live_cards=True))

    assert simulation.book.orders == {}
    assert simulation.chargily.checkouts == {}
    assert "getUpdates" not in {method for _, method, _ in simulation.world.calls}


async def test_an_operator_who_cannot_be_written_to_is_asked_to_start_the_bot(play, simulation):
    simulation.world.blocked.add(OPERATOR_ID)

    with pytest.raises(RehearsalRefused, match="write /start to it"):
        await play("link")


async def test_who_attends_has_to_be_clear(play, settings_of):
    with pytest.raises(RehearsalRefused, match="add --operator"):
        await play(settings=settings_of(ADMIN_IDS="1000,1001"))


async def test_a_step_that_is_not_set_up_is_refused_by_name(play):
    with pytest.raises(RehearsalRefused, match="starship-purchase cannot be played"):
        await play("starship-purchase")


async def test_it_goes_on_where_it_ended_and_edits_an_old_message_days_later(
    play, tmp_path, simulation
):
    await play("link", "old-message")
    path = tmp_path / "found" / "results.json"
    kept = json.loads(path.read_text())
    sent = {row["key"]: row["memory"].get("sent") for row in kept["results"]}
    path.write_text(path.read_text().replace(sent["old-message"], "2026-01-01T00:00:00+00:00"))

    _, report = await play("old-message")

    assert verdicts(report)["link"] == "as expected"
    assert verdicts(report)["old-message"] == "as expected"
    chat = simulation.world.chat(OPERATOR_ID)
    assert any("has been edited" in str(m.get("text")) for m in chat.messages.values())


async def test_another_program_with_the_same_token_ends_it_with_a_report(
    play, simulation, tmp_path, monkeypatch
):
    monkeypatch.setattr(telegram_steps, "_ACTION_SECONDS", 90.0)
    url = f"{simulation.telegram_url}/bot{simulation.world.token}/getUpdates"

    async def poll():
        async with httpx.AsyncClient() as client:
            while True:
                await client.post(url, json={"timeout": 5}, timeout=20)

    polling = set()
    also = {"Press the button": lambda: polling.add(asyncio.ensure_future(poll()))}
    monkeypatch.setattr(Attending, "presses", False)
    try:
        with pytest.raises(RehearsalRefused, match="another program polls"):
            await play("press", also=also)
    finally:
        for task in polling:
            task.cancel()
        await asyncio.gather(*polling, return_exceptions=True)

    report = (tmp_path / "found" / "report.md").read_text()
    assert "- Ended early: another program polls" in report


async def test_what_others_write_is_kept_for_the_shop_that_opens_later(
    play, simulation, tmp_path, migrated
):
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "hanout.db").write_bytes(migrated.read_bytes())
    shop = ShopProcess(simulation, tmp_path, key_kind="SANDBOX")
    shop.settings |= ALL_WAYS | chargily_settings(simulation, live=False)
    lina = simulation.world.person(5, "Lina", "en")
    simulation.world.person(OPERATOR_ID, "Operator", "en")
    simulation.world.chat(OPERATOR_ID)
    await lina.say("/start")

    code, said = await run_command(
        shop,
        "rehearse",
        "--only",
        "link",
        "--answers",
        _answers(tmp_path, "link"),
        "--folder",
        "found",
    )

    assert (code, lina.inbox) == (4, []), said
    assert "Updates of other people meanwhile: 1" in (tmp_path / "found" / "report.md").read_text()
    await shop.start()
    await lina.reads("Gift-card codes")
    code, said = await run_command(shop, "rehearse", "--answers", _answers(tmp_path, "link"))
    assert (code, "is in use. Close the shop" in said) == (1, True), said
    assert await shop.stop() == 0


def _answers(folder, *keys):
    path = folder / "answers.toml"
    path.write_text("".join(f'{key} = "yes"\n' for key in keys))
    return str(path)
