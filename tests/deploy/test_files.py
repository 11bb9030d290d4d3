"""The files of deploy/ are what their tools accept, and agree with each other and with the settings."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.settings import Settings
from tests.deploy.dockerfile import read_steps
from tests.deploy.machine import tool

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy/kubernetes"
COMPOSE = [ROOT / "compose.yaml", ROOT / "deploy/compose.postgresql.yaml"]
OLDEST_KUBERNETES = "1.31"  # matchLabelKeys is there by default since 1.27
SETTING_FILES = [KUBERNETES / "settings.env", ROOT / "deploy/settings.env"]


def run(name: str, *arguments: str | Path) -> str:
    program = tool(name)
    if not program:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def documents(path: Path) -> list[dict]:
    return [it for it in yaml.safe_load_all(path.read_text()) if it]


def manifests() -> list[dict]:
    files = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    return [it for name in files for it in documents(KUBERNETES / name)]


def of_kind(kind: str) -> dict:
    (found,) = (it for it in manifests() if it["kind"] == kind)
    return found


def pods() -> dict[str, dict]:
    job = of_kind("CronJob")["spec"]["jobTemplate"]
    return {"shop": of_kind("Deployment")["spec"]["template"], "backup": job["spec"]["template"]}


def dockerfile() -> list[tuple[str, str]]:
    steps = read_steps((ROOT / "Dockerfile").read_text())
    return [(step.word, step.text) for step in steps]


def test_the_dockerfile_is_well_made():
    run("hadolint", ROOT / "Dockerfile")


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_compose_files_follow_their_schema(path):
    run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", path)


@pytest.mark.parametrize("version", ["", OLDEST_KUBERNETES])
def test_manifests_follow_the_schemas_of_kubernetes(version):
    files = sorted(KUBERNETES.glob("*.yaml"))
    files.remove(KUBERNETES / "kustomization.yaml")  # kubectl alone reads it
    chosen = ["--kubernetes-version", version] if version else []

    said = run("kubernetes-validate", "--strict", *chosen, *files)

    assert said.count(" passed ") == sum(len(documents(path)) for path in files)


def test_the_secret_that_is_a_pattern_is_not_applied():
    """Applied again, it would put empty values in place of those that are there."""
    assert not any(it["kind"] == "Secret" for it in manifests())


def test_one_number_is_postgresqls():
    """pg_dump refuses a server that is newer than it is."""
    (ours,) = (
        text.partition("=")[2]
        for word, text in dockerfile()
        if (word, text.startswith("POSTGRESQL")) == ("ARG", True)
    )
    server = yaml.safe_load(COMPOSE[1].read_text())["services"]["postgres"]["image"]
    assert re.fullmatch(rf"postgres:{ours}-\w+", server)


@pytest.mark.parametrize("path", SETTING_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_of_settings_name_settings(path):
    names = re.findall(r"^([A-Z_]+)=", path.read_text(), re.MULTILINE)

    assert names
    known = {*Settings.model_fields, "watch_listen"}  # the image's health check reads that too
    assert [name for name in names if name.lower() not in known] == []


def test_secrets_are_called_like_settings():
    compose = yaml.safe_load(COMPOSE[1].read_text())
    ours = set(compose["secrets"]) - {"postgres_password"}
    pattern = set(documents(KUBERNETES / "secret.example.yaml")[0]["stringData"])

    assert ours == pattern == set(compose["services"]["shop"]["secrets"])
    assert ours <= set(Settings.model_fields)


def test_nothing_of_the_shop_is_root_or_may_become_root():
    for pod in pods().values():
        spec = pod["spec"]
        (container,) = spec["containers"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] == 10001
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"]
    for path in COMPOSE:
        for name, service in yaml.safe_load(path.read_text())["services"].items():
            assert "no-new-privileges:true" in service["security_opt"], name
            assert service["mem_limit"], name
            if name != "postgres":
                assert (service["cap_drop"], service["read_only"]) == (["ALL"], True)
    assert ("USER", "10001:10001") in dockerfile()


def test_selectors_find_the_pods_of_the_shop_and_no_others():
    shop, backup = (pods()[name]["metadata"]["labels"].items() for name in ("shop", "backup"))
    selectors = [it["spec"]["selector"] for it in manifests() if it["kind"] == "Service"]
    deployment = of_kind("Deployment")["spec"]
    selectors += [deployment["selector"]["matchLabels"]]
    selectors += [of_kind("PodDisruptionBudget")["spec"]["selector"]["matchLabels"]]
    spreads = deployment["template"]["spec"]["topologySpreadConstraints"]
    selectors += [it["labelSelector"]["matchLabels"] for it in spreads]

    for selector in selectors:
        assert selector.items() <= shop
        assert not selector.items() <= backup


def test_probes_and_services_ask_where_the_shop_listens():
    settings = dict(
        line.split("=", 1) for line in SETTING_FILES[0].read_text().splitlines() if "=" in line
    )
    (container,) = pods()["shop"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}

    assert settings["WATCH_LISTEN"] == f"0.0.0.0:{ports['watch']}"
    assert settings["WEBHOOK_LISTEN"] == f"0.0.0.0:{ports['webhooks']}"
    for probe, path in (
        ("startupProbe", "/livez"),
        ("livenessProbe", "/livez"),
        ("readinessProbe", "/readyz"),
    ):
        assert container[probe]["httpGet"] == {"path": path, "port": "watch"}
    for service in (it for it in manifests() if it["kind"] == "Service"):
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= set(ports)


def test_an_update_keeps_a_shop_open_and_gives_it_the_time_to_close():
    deployment = of_kind("Deployment")["spec"]
    assert deployment["replicas"] == 2
    assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert of_kind("PodDisruptionBudget")["spec"]["minAvailable"] == 1
    closing = re.search(r"SIGTERM closes it within (\d+) seconds", operating())
    assert closing is not None
    seconds = int(closing[1])
    assert deployment["template"]["spec"]["terminationGracePeriodSeconds"] > seconds
    for path in COMPOSE:
        shop = list(yaml.safe_load(path.read_text())["services"].values())[-1]
        assert int(shop["stop_grace_period"].removesuffix("s")) > seconds


def operating() -> str:
    return (ROOT / "docs/operating.md").read_text()
