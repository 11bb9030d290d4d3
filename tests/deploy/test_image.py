"""The image, made by playing the Dockerfile on this machine's root file system, and run as compose.yaml says.

Its files are read-only, it has the user 10001 and no capabilities. What this cannot show is the base image itself:
Python and Debian are this machine's. `make image` does the same on a Debian that debootstrap made.
"""

import asyncio
import fcntl
import os
import pickle
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from bot.sandbox.simulation import close_shop, open_simulation, until_open
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.sandbox.telegram.world import Person
from bot.settings import Settings
from tests.deploy.dockerfile import Player, Stage, read_steps, starting, why_not_here
from tests.deploy.machine import customer, machine, operator_of, states, until
from tests.e2e.shop import leaks
from tests.ports import free_port
from tests.unit.conftest import REQUIRED_SETTINGS

ROOT = Path(__file__).parents[2]
DATA = "/opt/hanout/data"
SHOP, OTHER = 10001, 12345

pytestmark = pytest.mark.skipif(bool(why_not_here()), reason=why_not_here() or "-")


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Made once for all processes of pytest-xdist, which takes half a minute."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    shared = tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()
    made = shared / "image.made"
    with (shared / "image.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_bytes(pickle.dumps(build(shared / "image")))
    return pickle.loads(made.read_bytes())


def build(folder: Path) -> Stage:
    base = Path(os.environ.get("IMAGE_BASE", "/"))
    # This machine is not the image's Debian: what that release's servers have is not installed on it.
    leave_out = ["apt-get"] if base == Path("/") else []
    player = Player(ROOT, base, folder, leave_out=leave_out)
    arguments = {"POSTGRESQL": os.environ.get("IMAGE_POSTGRESQL", "17")}
    return player.play(read_steps((ROOT / "Dockerfile").read_text()), arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A place for data folders that the user 10001 may reach, unlike the temporary folders of root."""
    made = Path("/var/tmp") / f"hanout-{tmp_path.name}-{os.getpid()}"
    made.mkdir(mode=0o755)
    yield made
    shutil.rmtree(made)


def service() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["hanout"]


def as_composed(data: Path) -> dict:
    """The user and the capabilities of compose.yaml."""
    its = service()
    assert its["cap_drop"] == ["ALL"]
    capabilities = ",".join(["-all", *(f"+{name.lower()}" for name in its["cap_add"])])
    return {"user": its["user"], "capabilities": capabilities, "binds": {DATA: str(data)}}


def run(stage: Stage, *command: str, **how) -> subprocess.CompletedProcess[str]:
    words = starting(stage, command, **how)
    return subprocess.run(words, capture_output=True, text=True, timeout=180, check=False)


def data_folder(folder: Path, owner: int, *names: str) -> Path:
    data = folder / "data"
    data.mkdir()
    for name in names:
        (data / name).write_text("there before")
    os.chown(data, owner, owner)
    return data


@pytest.mark.long
def test_it_has_what_runs_the_shop_and_nothing_that_builds_it(image):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    said = run(image, "hanout", "--version")

    assert (said.returncode, said.stdout) == (0, f"hanout {project['version']}\n"), said.stderr
    files = image.folder / "files"
    (packages,) = files.glob("opt/hanout/venv/lib/python*/site-packages")
    names = {path.name for path in (*packages.iterdir(), *(files / "opt/hanout").iterdir())}
    assert {"pip", "setuptools", "tests", "pytest", ".env", ".git"} & names == set()
    assert list(files.rglob(".cache")) == []
    assert {"bot", "handlers", "storage", "locales", "asyncpg"} <= names
    # It reads all of these, and writes none.
    writable = [
        p for p in (files / "opt").rglob("*") if not p.is_symlink() and p.stat().st_mode & 0o022
    ]
    assert writable == []
    owned = {str(p) for p in files.rglob("*") if p.lstat().st_uid != 0}
    assert owned == {str(image.outside(DATA))}


def test_it_runs_as_its_own_user_without_rights(image):
    tries = f"id -u; touch /opt/hanout/x /etc/x /usr/x; touch /tmp/x && echo tmp; grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status; ls -ld {DATA}"

    said = run(image, "sh", "-c", tries)

    lines = said.stdout.split("\n")
    assert lines[:2] == [str(SHOP), "tmp"], said.stderr
    assert [line.split()[1] for line in lines[2:5]] == ["0" * 16, "0" * 16, "1"]
    assert lines[5].split()[0] == "drwx------"
    assert said.stderr.count("Read-only file system") + said.stderr.count("Permission denied") == 3


def test_a_folder_that_docker_made_as_root_is_given_to_the_shop(image, folder):
    data = data_folder(folder, 0)

    said = run(image, "hanout", "keys", "new", **as_composed(data))

    assert (said.returncode, said.stdout[:3]) == (0, "k1:"), said.stderr
    assert data.stat().st_uid == data.stat().st_gid == SHOP


@pytest.mark.parametrize("owner", [0, OTHER])
def test_a_folder_with_something_in_it_is_never_given_away(image, folder, owner):
    data = data_folder(folder, owner, "precious")

    said = run(image, "hanout", "run", **as_composed(data))

    assert said.returncode == 1
    assert f"belongs to the user {owner}: on the host, chown -R {SHOP}" in said.stderr
    assert len(said.stderr.splitlines()) == 1
    assert (data.stat().st_uid, (data / "precious").stat().st_uid) == (owner, 0)


def test_a_fresh_disk_counts_as_empty(image, folder):
    data = data_folder(folder, 0)
    (data / "lost+found").mkdir(mode=0o700)

    assert run(image, "hanout", "--version", **as_composed(data)).returncode == 0
    assert (data.stat().st_uid, (data / "lost+found").stat().st_uid) == (SHOP, 0)


@pytest.mark.parametrize(
    ("user", "owner", "says"),
    [
        (
            f"{SHOP}:{SHOP}",
            0,
            f"the user {SHOP} cannot write to {DATA}, which belongs to the user 0",
        ),
        ("0:0", 0, "add the capabilities SETUID and SETGID, or start as 10001:10001"),
        (f"{OTHER}:{OTHER}", SHOP, f"the user {OTHER} cannot write"),
    ],
)
def test_whoever_cannot_write_is_told_what_to_do(image, folder, user, owner, says):
    data = data_folder(folder, owner)
    data.chmod(0o700 if owner else 0o755)

    said = run(image, "hanout", "run", user=user, binds={DATA: str(data)})

    assert (said.returncode, says in said.stderr, len(said.stderr.splitlines())) == (1, True, 1), (
        said.stderr
    )


def test_without_a_volume_a_shop_on_postgresql_needs_no_folder(image):
    """As Kubernetes runs it: nothing can be written but /tmp; the settings are what is looked at next."""
    said = run(image, *image.command, env={"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"})

    assert (said.returncode, "TELEGRAM_TOKEN: is missing" in said.stderr) == (1, True), said.stderr


def test_the_clients_of_postgresql_do_not_look_into_the_folder_of_root(image, folder):
    """Where it may not look for a key in there, the driver ends in an error instead of connecting."""
    data = data_folder(folder, 0)
    env = {**REQUIRED_SETTINGS, "HOME": "/root", "DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}

    said = run(image, "hanout", "migrate", env=env, **as_composed(data))

    assert (said.returncode, "/root" in said.stderr) == (1, False), said.stderr
    assert "127.0.0.1" in said.stderr or "database" in said.stderr


def settings_of(simulation, folder: Path) -> dict[str, str]:
    """Those of a simulated shop, with the paths that the image has."""
    its = machine(simulation, folder / "outside").settings
    paths = ("DATABASE_URL", "BACKUP_FOLDER", "COVERAGE_PROCESS_CONFIG")
    return {name: value for name, value in its.items() if name not in paths}


async def start(image: Stage, simulation, data: Path, settings: Mapping[str, str], log: Path):
    command = starting(image, image.command, env=settings, **as_composed(data))
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(*command, stdout=file, stderr=file)
    await asyncio.wait_for(until_open(simulation, process), 2 * PATIENCE_SECONDS)
    return process


async def buys(simulation, operator: Person) -> None:
    lina = await customer(simulation, operator)
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)


async def test_the_shop_opens_in_it_on_the_first_start(image, folder, tmp_path):
    data, log = data_folder(folder, 0), tmp_path / "log"
    async with open_simulation() as simulation:
        operator = await operator_of(simulation)
        settings = settings_of(simulation, tmp_path)
        settings["WATCH_LISTEN"] = f"127.0.0.1:{free_port()}"

        well = await asyncio.to_thread(
            run, image, "hanout", "doctor", env=settings, **as_composed(data)
        )
        before = await asyncio.to_thread(run, image, *image.health, env=settings)
        process = await start(image, simulation, data, settings, log)
        try:
            await buys(simulation, operator)
            during = await asyncio.to_thread(run, image, *image.health, env=settings)
            saved = await asyncio.to_thread(
                run, image, "hanout", "backup", env=settings, **as_composed(data)
            )
        finally:
            status = await asyncio.wait_for(close_shop(process), service_grace())

        assert (well.returncode, "FAIL" in well.stdout) == (0, False), well.stdout
        assert (before.returncode, "does not answer" in before.stderr) == (1, True)
        if "watch_listen" in Settings.model_fields:
            assert (during.returncode, during.stderr) == (0, "")
        assert (saved.returncode, status) == (0, 0), saved.stderr + log.read_text()
        assert leaks(folder, simulation.book.codes()) == []
    assert states(data / "hanout.db") == ["fulfilled"]
    assert {p.stat().st_uid for p in data.rglob("*")} == {SHOP}
    assert [p for p in data.rglob("*") if p.is_file() and p.stat().st_mode & 0o077] == []


def service_grace() -> float:
    return float(service()["stop_grace_period"].removesuffix("s"))


async def test_secrets_may_be_files_that_the_shop_alone_can_read(image, folder, tmp_path):
    data, secrets = data_folder(folder, SHOP), folder / "secrets"
    secrets.mkdir()
    async with open_simulation() as simulation:
        settings = settings_of(simulation, tmp_path)
        for name in ("TELEGRAM_TOKEN", "HANOUT_KEYS", "ONECLICKDZ_API_KEY"):
            (secrets / name.lower()).write_text(settings.pop(name) + "\n")
            (secrets / name.lower()).chmod(0o400)
        settings["SECRETS_FOLDER"] = "/run/secrets"
        binds = {DATA: str(data), "/run": str(folder)}

        refused = await asyncio.to_thread(run, image, "hanout", "doctor", env=settings, binds=binds)
        for path in secrets.iterdir():
            os.chown(path, SHOP, SHOP)
        well = await asyncio.to_thread(run, image, "hanout", "doctor", env=settings, binds=binds)

    assert refused.returncode == 1
    assert (
        "SECRETS_FOLDER: /run/secrets/hanout_keys cannot be read: Permission denied"
        in refused.stdout
    )
    assert (well.returncode, "FAIL" in well.stdout) == (0, False), well.stdout


async def test_the_health_check_repeats_what_is_wrong(image):
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    from bot.http_server import open_listener
    from bot.webhooks import serving

    answers = [(200, "ready"), (503, "the shop is starting")]

    async def ready(_request):
        status, text = answers.pop(0)
        return PlainTextResponse(text, status)

    app = Starlette(routes=[Route("/readyz", ready)])
    port = free_port()
    env = {"WATCH_LISTEN": f"0.0.0.0:{port}"}
    async with serving(app, open_listener("127.0.0.1", port)):
        said = [await asyncio.to_thread(run, image, *image.health, env=env) for _ in range(2)]
    off = await asyncio.to_thread(run, image, *image.health, env={"WATCH_LISTEN": ""})

    assert [it.returncode for it in said] == [0, 1]
    assert said[1].stderr == "503 the shop is starting\n"
    assert (off.returncode, "WATCH_LISTEN is empty" in off.stderr) == (1, True)
    await until(lambda: not answers)
