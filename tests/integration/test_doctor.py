"""`hanout doctor` in broken worlds: it tells the causes apart, says what to do, and changes nothing."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.health import causes, services
from bot.health.finding import State
from bot.sandbox.simulation import both_suppliers
from tests.integration.doctor_steps import Place, answering, free_address, place
from tests.proxies import certificate_for, tls_front

__all__ = ["place"]  # a fixture


def both(port: int, scheme: str = "http", host: str = "127.0.0.1") -> dict[str, str]:
    """Telegram and the supplier at one address."""
    address = f"{scheme}://{host}:{port}"
    return {"TELEGRAM_API_URL": address, "ONECLICKDZ_BASE_URL": f"{address}/v3"}


async def both_told(place: Place, **changes: str) -> set[str]:
    """The causes that are told of Telegram and of the supplier."""
    report = await place.look(**changes)
    assert not report.is_well
    assert report.next_step.startswith("mend what FAIL names (")
    return {each.cause for each in report.findings if each.name in ("telegram", "oneclickdz")}


async def test_a_shop_that_was_never_opened_is_well(place):
    report = await place.look()

    assert report.is_well, report
    assert "there is none yet; `hanout run` makes it in" in "\n".join(report.lines())
    assert report.next_step == "`hanout run` opens the shop; write /start to the bot, then /balance"
    assert list(place.folder.iterdir()) == []


async def test_a_shop_that_stands_is_well_for_programs_too(place):
    await place.make_database()
    place.settings["ONECLICKDZ_API_KEY"] = place.simulation.book.add_key("SANDBOX")

    report = await place.look(WATCH_LISTEN=free_address())

    found = json.loads(report.as_json())
    assert (found["format"], found["well"], found["next"]) == (1, True, report.next_step)
    assert {"name", "state", "cause", "text"} == set(found["checks"][0])
    assert {each["state"] for each in found["checks"]} == {"ok", "note"}
    assert report.next_step.startswith("`hanout run`, buy with the sandbox key once")


# ---- the twelve broken worlds


async def test_a_name_that_does_not_resolve(place):
    assert await both_told(place, **both(443, "https", "shop.invalid")) == {"name"}


async def test_nothing_listens(place, closed_port):
    assert await both_told(place, **both(closed_port)) == {"refused"}


async def test_somebody_listens_and_says_nothing(place, monkeypatch):
    monkeypatch.setattr(causes, "SECONDS", 1.0)
    monkeypatch.setattr(services, "_ANSWER_SECONDS", 2.0)
    async with answering() as port:
        assert await both_told(place, **both(port)) == {"silent"}


async def test_a_certificate_that_nobody_trusts(place, tmp_path_factory):
    files = certificate_for("localhost", tmp_path_factory.mktemp("tls"))
    now = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT"
    async with (
        answering("200 OK", headers=f"Date: {now}\r\n") as port,
        tls_front(port, *files) as front,
    ):
        cause, text = await place.told("telegram", **both(front, "https", "localhost"))

    assert cause == "certificate"
    assert "its certificate is made by nobody that this machine trusts" in text


async def test_a_clock_that_makes_certificates_invalid(place, tmp_path_factory):
    files = certificate_for("localhost", tmp_path_factory.mktemp("tls"))
    async with (
        answering("200 OK", headers="Date: Thu, 01 Jan 2015 00:00:00 GMT\r\n") as port,
        tls_front(port, *files) as front,
    ):
        assert await both_told(place, **both(front, "https", "localhost")) == {"clock"}


async def test_an_address_that_speaks_no_tls(place):
    async with answering("200 OK") as port:
        assert await both_told(place, **both(port, "https")) == {"certificate"}


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "404 Not Found"])
async def test_a_captive_portal_answers_in_their_place(place, status):
    async with answering(status, b"<html>Log in to the Wi-Fi</html>") as port:
        assert await both_told(place, **both(port)) == {"page"}


async def test_a_proxy_that_is_not_there(place, closed_port):
    report = await place.look(TELEGRAM_PROXY=f"http://127.0.0.1:{closed_port}")

    (telegram,) = (each for each in report.findings if each.name == "telegram")
    assert telegram.cause == "proxy"
    assert "nothing listens at the proxy's address" in telegram.text
    assert [each.state for each in report.findings if each.name == "oneclickdz"] == [State.WELL]


async def test_token_and_key_are_refused(place):
    assert await both_told(place, TELEGRAM_TOKEN="1:wrong", ONECLICKDZ_API_KEY="wrong") == {
        "token",
        "key",
    }


async def test_they_ask_to_wait(place):
    flood = {"ok": False, "description": "Too Many Requests: retry after 9", "error_code": 429}
    async with answering("429 Too Many", json.dumps(flood).encode(), "application/json") as port:
        assert await both_told(place, **both(port)) == {"flood"}


async def test_they_are_in_trouble_themselves(place):
    trouble = {"ok": False, "description": "Internal Server Error", "error_code": 500}
    async with answering("500 Oops", json.dumps(trouble).encode(), "application/json") as port:
        assert await both_told(place, **both(port)) == {"server"}


async def test_this_machines_clock_differs_from_theirs(place):
    ahead = datetime.now(UTC) + timedelta(hours=3)
    date = f"Date: {ahead:%a, %d %b %Y %H:%M:%S} GMT\r\n"
    async with answering("404 Not Found", headers=date) as port:
        cause, text = await place.told("clock", **both(port))

    assert cause == "clock"
    assert text.startswith("this machine's clock is 3 hours behind of telegram's: timedatectl")


# ---- the rest


async def test_addresses_of_webhooks_are_tried(place):
    public = {"SUPPLIERS": "starship,oneclickdz", "STARSHIP_WEBHOOK_SECRET": "s"}
    settings = {**both_suppliers(place.simulation), **public}

    cause, _ = await place.told("webhooks", **settings, PUBLIC_URL="https://shop.invalid")
    assert cause == "name"
    cause, text = await place.told("webhooks", TELEGRAM_WEBHOOK_URL="https://127.0.0.1:443")
    assert (cause, "others may reach it" in text) == ("refused", True)


async def test_a_check_that_breaks_is_one_more_line(place, monkeypatch):
    def broken(_settings):
        raise RuntimeError("canary")

    monkeypatch.setattr("bot.doctor.check_disk", broken)

    assert await place.told("disk") == ("unknown", "could not be looked at (RuntimeError)")


async def test_a_rate_of_last_year_is_told(place):
    settings = {**both_suppliers(place.simulation), "STARSHIP_DINARS_SINCE": "2020-01-01"}

    assert (await place.told("starship", **settings))[0] == "rate"
