"""The unit of systemd that `hanout setup` writes: that of deploy/ for this shop, and nothing of the owner's is lost."""

from pathlib import Path

from bot.setup import ending, unit
from bot.setup.owner import Owner
from tests.integration.setting_up import first_answers, machine

__all__ = ["machine"]
DEPLOY = Path(__file__).parents[2] / "deploy/systemd/hanout.service"


def test_the_unit_of_an_installed_shop_is_that_of_deploy(tmp_path, monkeypatch):
    monkeypatch.setattr(unit, "_program", lambda: ["/opt/hanout/.venv/bin/hanout"])
    monkeypatch.setattr(Owner, "user", "hanout")
    monkeypatch.setattr(Owner, "group", "hanout")

    made = unit.unit_for(Path("/opt/hanout"), Owner(1, 1), [Path("/opt/hanout/data")])

    assert made == DEPLOY.read_text()


def test_the_unit_fits_other_places(monkeypatch):
    monkeypatch.setattr(unit, "_program", lambda: ["/home/my shop/bin/hanout"])
    writes = [Path("/home/my shop/data"), Path("/var/100%")]

    made = unit.unit_for(Path("/home/my shop"), Owner(0, 0), writes)

    lines = (made or "").splitlines()
    assert "WorkingDirectory=/home/my shop" in lines
    assert 'ExecStart="/home/my shop/bin/hanout" run' in lines
    assert 'ReadWritePaths="/home/my shop/data" /var/100%%' in lines
    assert "User=root" in lines and "ProtectHome=read-only" in lines
    assert len(lines) == len(DEPLOY.read_text().splitlines())


async def test_the_unit_is_written_where_it_is_asked(machine):
    answers = first_answers(machine, machine.key())

    said = await machine.set_up(*answers, unit="my.service")
    printed = await machine.set_up(yes=True, unit="-")

    text = (machine.folder / "my.service").read_text()
    assert f"WorkingDirectory={machine.folder}\n" in text
    assert f"ReadWritePaths={machine.folder}/data\n" in text
    assert (machine.folder / "my.service").stat().st_mode & 0o777 == 0o644
    assert (
        f"cp {machine.folder}/my.service" in said.text
        and "systemctl enable --now hanout" in said.text
    )
    assert " ".join(text.split()) in printed.text


async def test_where_systemd_runs_the_unit_is_asked_and_may_be_declined(machine):
    machine.monkeypatch.setattr(ending, "SYSTEMD_RUNS", machine.folder)
    *answers, write = first_answers(machine, machine.key())

    declined = await machine.set_up(*answers, "0", write)
    assert not (machine.folder / "hanout.service").exists()
    taken = await machine.set_up(*[""] * 10)
    machine.monkeypatch.setattr(unit, "INSTALLED", machine.folder / "hanout.service")
    there = await machine.set_up(*[""] * 9)

    assert "Where is the file for systemd written" in declined.text
    assert (machine.folder / "hanout.service").exists()
    assert "hanout.service is written." in taken.text
    assert (there.status, "hanout.service is written." in there.text) == (0, False)


async def test_a_unit_that_was_changed_by_hand_is_kept_beside_the_new_one(machine):
    answers = first_answers(machine, machine.key())
    await machine.set_up(*answers, unit="my.service")
    path = machine.folder / "my.service"
    written = path.read_text()
    same = await machine.set_up(yes=True, unit="my.service")
    for change in ("# one\n", "# two\n"):
        path.write_text(change)
        changed = await machine.set_up(yes=True, unit="my.service")

    assert "Another one was there" not in same.text
    assert "it is kept as" in changed.text
    assert path.read_text() == written
    assert (machine.folder / "my.service.former").read_text() == "# one\n"
    assert (machine.folder / "my.service.former1").read_text() == "# two\n"


async def test_a_unit_that_cannot_be_written_is_told_and_the_rest_is_done(machine):
    (machine.folder / "place").mkdir()

    said = await machine.set_up(*first_answers(machine, machine.key()), unit="place")

    assert said.status == 1
    assert "place could not be written" in said.text
    assert machine.has("TELEGRAM_TOKEN") == machine.token
