"""The files under deploy/: the unit of systemd, the alert rules and the dashboard say what the shop does."""

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.stopping import BAD_START, DRAIN_SECONDS

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus/hanout.rules.yml"
DASHBOARD = DEPLOY / "grafana/hanout.json"
NO_PROMTOOL = (
    "promtool is not installed: apt-get install -y --no-install-recommends prometheus "
    "(or put the binary of a release of Prometheus on the path)"
)


@pytest.fixture
def promtool():
    found = shutil.which("promtool")
    if found is None:
        pytest.skip(NO_PROMTOOL)

    def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [found, *words], capture_output=True, text=True, input=given, check=False
        )

    return run


def service() -> configparser.SectionProxy:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read(DEPLOY / "systemd/hanout.service")
    return unit["Service"]


def test_the_unit_fits_what_the_shop_tells_systemd():
    unit = service()

    assert (unit["Type"], unit["NotifyAccess"], unit["Restart"]) == ("notify", "main", "always")
    assert int(unit["WatchdogSec"]) >= 10
    assert int(unit["TimeoutStopSec"]) > 2 * DRAIN_SECONDS
    assert unit["RestartPreventExitStatus"] == str(BAD_START)  # 75 and bugs are started again
    assert unit["ExecStart"].endswith("/hanout run")
    assert unit["ReadWritePaths"] == unit["WorkingDirectory"] + "/data"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_reads_the_unit(tmp_path):
    text = (DEPLOY / "systemd/hanout.service").read_text()
    here = re.sub(r"(?m)^ExecStart=.*$", "ExecStart=/bin/true", text)
    here = re.sub(r"(?m)^(User|Group)=.*$", r"\1=root", here)
    (tmp_path / "hanout.service").write_text(here)

    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "hanout.service")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_prometheus_reads_the_alert_rules(promtool):
    done = promtool("check", "rules", str(RULES))

    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_fires_where_it_should_and_not_in_a_quiet_shop(promtool):
    done = promtool("test", "rules", str(RULES.with_name("hanout.rules.test.yml")))

    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_is_tried_by_the_tests_of_the_rules():
    alerts = re.findall(r"- alert: (\w+)", RULES.read_text())
    tried = RULES.with_name("hanout.rules.test.yml").read_text()

    expected = re.findall(r"alertname: (\w+)\n\s+exp_alerts", tried)
    assert sorted(set(expected)) == sorted(alerts)


def test_the_dashboard_is_whole():
    board = json.loads(DASHBOARD.read_text())
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]

    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert all(target["expr"] for panel in panels for target in panel["targets"])
    assert all('job="$job"' in target["expr"] for panel in panels for target in panel["targets"])
    corners = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(corners)) == len(corners)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)
