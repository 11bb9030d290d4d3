"""A running shop is watched: its probes, its metrics with dashboard and rules, and what it tells systemd."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.sandbox.simulation import both_suppliers
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from tests.e2e.shop import ShopProcess
from tests.patience import until
from tests.ports import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus/hanout.rules.yml"
BOARD = DEPLOY / "grafana/hanout.json"
INSTALL = "apt-get install -y --no-install-recommends prometheus"


class Watched:
    def __init__(self) -> None:
        self.address = f"127.0.0.1:{free_port()}"

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as client:
            return await client.get(f"http://{self.address}{path}")

    async def ready(self) -> dict:
        answer = await self.get("/readyz")
        report: dict = answer.json()
        assert (answer.status_code == 200) == report["ready"]
        return report


@pytest.fixture
def watched():
    return Watched()


def expressions() -> list[str]:
    """Every query of the dashboard and of the rules, as Prometheus is asked it."""
    board = json.loads(BOARD.read_text())
    asked = [t["expr"] for panel in board["panels"] for t in panel.get("targets", [])]
    asked += [it["expr"] for it in board["annotations"]["list"]]
    return [it.replace("$job", "hanout").replace("$__rate_interval", "1m") for it in asked]


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\b(?:hanout|process)_[a-z_]+\b", text))


def samples_of(scrape: str) -> set[str]:
    lines = [line for line in scrape.splitlines() if line and not line.startswith("#")]
    return {re.split(r"[ {]", line)[0] for line in lines}


async def bought_something(simulation, shopper) -> None:
    lina = await shopper()
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)


@pytest.mark.measured
async def test_a_running_shop_answers_its_probes_and_has_what_dashboard_and_rules_name(
    simulation, open_shop, shopper, watched
):
    shop = await open_shop(WATCH_LISTEN=watched.address, **both_suppliers(simulation))
    await bought_something(simulation, shopper)

    assert (await watched.get("/livez")).text == "ok\n"
    report = await watched.ready()
    assert (report["phase"], report["migrated"], report["wrong"]) == ("leading", True, [])
    assert report["last_poll_seconds"] < 30

    bought = 'hanout_orders_ended_total{outcome="fulfilled",supplier="oneclickdz"} 1.0'

    async def counted() -> bool:
        return bought in (await watched.get("/metrics")).text

    await until(counted)
    scrape = (await watched.get("/metrics")).text
    named = names_in("\n".join(expressions())) | names_in(
        "\n".join(re.findall(r"expr:.*?for:", RULES.read_text() + "for:", re.DOTALL))
    )
    assert len(named) > 20
    assert named - samples_of(scrape) == set()
    assert 'hanout_updates_total{kind="press",outcome="handled"}' in scrape
    for secret in (*simulation.book.codes(), simulation.world.token, "Lina", "PlayStation"):
        assert secret not in scrape
    if shutil.which("promtool"):
        linted = subprocess.run(
            ["promtool", "check", "metrics"],
            input=scrape,
            capture_output=True,
            text=True,
            check=False,
        )
        # Amounts are told in minor units, which are no unit of Prometheus.
        assert linted.returncode == 0, linted.stderr
    assert await shop.stop() == 0


async def test_a_standby_is_ready_and_says_so(simulation, open_shop, watched, tmp_path):
    shop = await open_shop()
    other = ShopProcess(simulation, tmp_path)
    other.settings = {**shop.settings, "WATCH_LISTEN": watched.address}
    other.log_path = tmp_path / "other.log"
    other.start_forked()
    try:
        await until(lambda: other.log_path.exists() and "stands by" in other.log)
        report = await watched.ready()
        assert (report["ready"], report["phase"]) == (True, "standing_by")
        assert 'hanout_phase{phase="standing_by"} 1.0' in (await watched.get("/metrics")).text
    finally:
        assert await other.stop() == 0


async def test_an_address_that_is_taken_is_refused_in_words(open_shop, watched, tmp_path):
    host, _, port = watched.address.partition(":")
    refused = pytest.raises(RuntimeError, match="did not start")
    with socket.create_server((host, int(port))), refused:
        await open_shop(WATCH_LISTEN=watched.address)
    assert f"WATCH_LISTEN: {watched.address} cannot be bound" in (tmp_path / "shop.log").read_text()


@pytest_asyncio.fixture(loop_scope="session")
async def prometheus(tmp_path, watched):
    """A Prometheus that scrapes the shop each second, with the rules; gives its address."""
    if shutil.which("prometheus") is None:
        pytest.skip(f"prometheus is not installed: {INSTALL}")
    config, address = tmp_path / "prometheus.yml", f"127.0.0.1:{free_port()}"
    config.write_text(
        f"global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n"
        f"rule_files: ['{RULES}']\n"
        f"scrape_configs: [{{job_name: hanout, static_configs: [{{targets: ['{watched.address}']}}]}}]\n"
    )
    process = await asyncio.create_subprocess_exec(
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={tmp_path / 'tsdb'}",
        f"--web.listen-address={address}",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    yield f"http://{address}/api/v1"
    process.send_signal(signal.SIGTERM)
    await process.wait()


async def ask(client: httpx.AsyncClient, path: str, **params: str) -> dict:
    answer = await client.get(path, params=params)
    told: dict = answer.json()
    assert told["status"] == "success", told
    return told["data"]


async def test_prometheus_evaluates_every_rule_and_every_panel_on_a_running_shop(
    simulation, open_shop, shopper, watched, prometheus
):
    shop = await open_shop(WATCH_LISTEN=watched.address, **both_suppliers(simulation))
    await bought_something(simulation, shopper)
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as client:
        deadline = time.monotonic() + PATIENCE_SECONDS
        rules: list[dict] = []
        while not rules or any(rule["health"] != "ok" for rule in rules):
            assert time.monotonic() < deadline, rules
            await asyncio.sleep(0.5)
            try:
                groups = (await ask(client, f"{prometheus}/rules"))["groups"]
                up = await ask(client, f"{prometheus}/query", query='up{job="hanout"} == 1')
            except (httpx.TransportError, ValueError):  # it is still starting
                continue
            rules = groups[0]["rules"] if groups and up["result"] else []

        assert len(rules) == RULES.read_text().count("- alert:")
        assert [rule["name"] for rule in rules if rule["state"] == "firing"] == []

        async def all_tell() -> bool:
            """Rates need two scrapes. What has not happened has nothing to show: failures, starts."""
            wanted = [q for q in expressions() if not re.search(r"!=|failed|changes\(", q)]
            return all(
                [(await ask(client, f"{prometheus}/query", query=q))["result"] for q in wanted]
            )

        for query in expressions():
            await ask(client, f"{prometheus}/query", query=query)
        await until(all_tell, every_seconds=0.5)
    assert await shop.stop() == 0


async def test_systemd_hears_that_the_shop_is_ready_runs_and_closes(open_shop, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        name = f"/tmp/hanout-{os.getpid()}-{time.monotonic_ns()}"
        manager.bind(name)
        manager.setblocking(False)
        heard: list[str] = []
        # Read as they come: what finds no room in the socket is lost.
        loop = asyncio.get_running_loop()
        loop.add_reader(manager, lambda: heard.append(manager.recv(4096).decode()))
        try:
            shop = await open_shop(NOTIFY_SOCKET=name, WATCHDOG_USEC="1000000")
            opened = {"READY=1\nSTATUS=leading: the shop is open", "WATCHDOG=1"}
            await until(lambda: opened <= {*heard})

            os.kill(shop.process.pid, signal.SIGSTOP)  # as a loop that stands still
            await until(lambda: stands_still(shop.process.pid))
            await asyncio.sleep(0.1)  # what it had said is read
            heard.clear()
            await asyncio.sleep(1.2)
            assert heard == []
            os.kill(shop.process.pid, signal.SIGCONT)
            await until(lambda: "WATCHDOG=1" in heard)

            assert await shop.stop() == 0
            await until(lambda: "STOPPING=1\nSTATUS=closing" in heard)
        finally:
            loop.remove_reader(manager)
            Path(name).unlink()


def stands_still(pid: int) -> bool:
    threads = Path(f"/proc/{pid}/task").glob("*/stat")
    return all(stat.read_text().rpartition(") ")[2].startswith("T") for stat in threads)
