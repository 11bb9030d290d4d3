"""The table of docs/architecture.md: who may import what. Read from the syntax tree, so nothing is run."""

import ast

import pytest

from tests.unit.imports import ROOT, imports, modules

# Services and handlers name the store and its repositories; SQL stays inside storage/.
REPOSITORIES = ("storage.store", "storage.transaction", "storage.repositories")

# folder or file → prefixes that it may import besides the standard library
ALLOWED = {
    "bot/domain": ("bot.domain", "bot.errors", "bot.refusals", "pydantic", "rapidfuzz"),
    "bot/services": (
        "bot.services",
        "bot.domain",
        "bot.errors",
        "bot.refusals",
        "bot.log_fields",
        "bot.payment_ports",
        "bot.ports",
        "bot.supplier_ports",
        *REPOSITORIES,
    ),
    "bot/ports.py": ("bot.domain",),
    "bot/supplier_ports.py": ("bot.domain",),
    "bot/errors.py": (),
    "bot/refusals.py": ("bot.errors",),
    "bot/status.py": (),
    "bot/meter.py": (),
    "bot/log_fields.py": (),
    "bot/clock.py": (),
    "bot/secret_files.py": (),
    "bot/env_file.py": ("dotenv",),
    "bot/setting_names.py": (),
    "bot/setting_sources.py": ("bot.env_file", "pydantic", "pydantic_settings"),
    "bot/setting_errors.py": ("pydantic",),
    "bot/setting_addresses.py": ("pydantic",),
    "bot/aiohttp_transport.py": ("aiohttp", "httpx", "yarl"),
    "bot/connections.py": ("bot.socks", "httpcore", "httpx"),
    "bot/proxy_check.py": ("bot.connections", "bot.socks", "httpx"),
    "bot/socks.py": ("httpcore",),
    "bot/suppliers": (
        "bot.suppliers",
        "bot.connections",
        "bot.domain",
        "bot.errors",
        "bot.refusals",
        "bot.log_fields",
        "bot.meter",
        "bot.ports",
        "bot.supplier_ports",
        "httpx",
        "pydantic",
    ),
    "bot/payment_ports.py": ("bot.domain",),
    "bot/payments": (
        "bot.payments",
        "bot.domain",
        "bot.errors",
        "bot.refusals",
        "bot.meter",
        "bot.payment_ports",
        "bot.ports",
        "bot.supplier_ports",
        "bot.suppliers.api_client",
        "bot.suppliers.throttle",
        "httpx",
    ),
    "bot/output.py": (),
    "bot/vault.py": ("bot.domain", "bot.errors", "bot.refusals", "cryptography"),
    "bot/sealed_file.py": ("bot.errors", "bot.refusals", "cryptography"),
    "bot/backups.py": ("bot.errors", "bot.refusals", "bot.ports", "bot.sealed_file", "storage"),
    "bot/http_server.py": ("uvicorn",),
    "bot/monitoring": (
        "bot.monitoring",
        "bot.domain",
        "bot.errors",
        "bot.refusals",
        "bot.ports",
        "bot.supplier_ports",
        "bot.status",
        "bot.suppliers.api_client",
        *REPOSITORIES,
        "prometheus_client",
    ),
    "bot/short_process.py": (),
    "bot/short_processes.py": (),
    "bot/charts": (
        "bot.charts",
        "bot.domain.charts",
        "bot.errors",
        "bot.refusals",
        "bot.short_processes",
        "resvg_py",
    ),
    "bot/bookkeeping": (
        "bot.bookkeeping",
        "bot.domain",
        "bot.errors",
        "bot.refusals",
        "bot.services.bookkeeping",
        "bot.short_processes",
        "storage.store",
        "xlsxwriter",
    ),
    "bot/stopping.py": (),
    "bot/health": (
        "bot.health",
        "bot.backups",
        "bot.charts.draughtsman",
        "bot.connections",
        "bot.domain",
        "bot.env_file",
        "bot.errors",
        "bot.refusals",
        "bot.factories",
        "bot.http_server",
        "bot.payment_ports",
        "bot.ports",
        "bot.supplier_ports",
        "bot.proxy_check",
        "bot.sealed_file",
        "bot.services",
        "bot.settings",
        "bot.suppliers",
        "bot.vault",
        "handlers.edge",
        "httpx",
        "storage",
        "telegram",
    ),
    "bot/setup": (
        "bot.setup",
        "bot.doctor",
        "bot.domain",
        "bot.env_file",
        "bot.errors",
        "bot.refusals",
        "bot.factories",
        "bot.health",
        "bot.payment_ports",
        "bot.ports",
        "bot.supplier_ports",
        "bot.secret_files",
        "bot.services",
        "bot.setting_errors",
        "bot.settings",
        "bot.settings_reference",
        "bot.vault",
        "dotenv",
        "handlers",
        "locales",
        "pydantic",
        "pydantic_settings",
        "storage",
        "telegram",
        "typer",
    ),
    "bot/leading.py": (
        "bot.domain",
        "bot.services",
        "bot.errors",
        "bot.refusals",
        "bot.status",
        "bot.stopping",
        "storage.leader_lock",
        *REPOSITORIES,
    ),
    "bot/webhooks.py": (
        "bot.http_server",
        "bot.services",
        "bot.domain",
        "bot.errors",
        "bot.refusals",
        "bot.payment_ports",
        "bot.ports",
        "bot.supplier_ports",
        "starlette",
    ),
    "bot/sweeps.py": ("bot.services", "bot.domain", *REPOSITORIES),
    "bot/agenda.py": ("bot.sweeps", "bot.services", "bot.domain", "bot.errors", "bot.refusals"),
    "bot/jobs.py": (
        "bot.agenda",
        "bot.sweeps",
        "bot.services",
        "bot.domain",
        "bot.errors",
        "bot.refusals",
        "bot.log_fields",
        "bot.meter",
        "bot.ports",
        "bot.supplier_ports",
        *REPOSITORIES,
        "apscheduler",
    ),
    "bot/rehearsal/steps.py": (),
    "bot/rehearsal/witness.py": (
        "bot.errors",
        "bot.refusals",
    ),
    "bot/rehearsal": (
        "bot.app",
        "bot.commands",
        "bot.connections",
        "bot.domain",
        "bot.errors",
        "bot.refusals",
        "bot.factories",
        "bot.log",
        "bot.payment_ports",
        "bot.ports",
        "bot.supplier_ports",
        "bot.rehearsal",
        "bot.services",
        "bot.settings",
        "bot.start",
        "bot.stopping",
        "bot.suppliers",
        "bot.vault",
        "handlers",
        "locales",
        "pydantic",
        "storage",
        "telegram",
        "typer",
    ),
    "bot/sandbox": (
        "bot.sandbox",
        "bot.http_server",
        "bot.vault",
        "locales",
        "httpx",
        "starlette",
        "uvicorn",
    ),
    "handlers": (
        "handlers",
        "bot.services",
        "bot.domain",
        "bot.errors",
        "bot.refusals",
        "bot.log_fields",
        "bot.meter",
        "bot.ports",
        "bot.supplier_ports",
        *REPOSITORIES,
        "locales",
        "telegram",
    ),
    "storage": ("storage", "bot.domain", "bot.errors", "bot.refusals", "sqlalchemy", "alembic"),
    "locales": ("locales", "fluent.runtime", "fluent.syntax", "babel"),
}
ANYTHING = {
    "bot/app.py",
    "bot/run.py",
    "bot/watching.py",
    "bot/monitoring/server.py",
    "bot/start.py",
    "bot/factories.py",
    "bot/auditor.py",
    "bot/restorer.py",
    "bot/locked_commands.py",
    "bot/move.py",
    "bot/move_command.py",
    "bot/setup_command.py",
    "bot/commands.py",
    "bot/key_commands.py",
    "bot/stock_commands.py",
    "bot/catalogue_commands.py",
    "bot/export_command.py",
    "bot/cli.py",
    "bot/settings.py",
    "bot/setting_types.py",
    "bot/supplier_settings.py",
    "bot/payment_settings.py",
    "bot/chargily_settings.py",
    "bot/telegram_settings.py",
    "bot/settings_reference.py",
    "bot/log.py",
    "bot/doctor.py",
    "bot/__main__.py",
    "bot/__init__.py",
}


def is_foreign(name):
    import sys

    return name.split(".")[0] not in sys.stdlib_module_names


def rule(path):
    relative = path.relative_to(ROOT).as_posix()
    if relative in ANYTHING:
        return None
    return next(
        allowed
        for place, allowed in ALLOWED.items()
        if relative == place or relative.startswith(place + "/")
    )


def breaches(path, allowed):
    return [
        name
        for name in imports(path)
        if is_foreign(name) and not any(name == a or name.startswith(a + ".") for a in allowed)
    ]


@pytest.mark.parametrize("path", list(modules()), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_module_imports_only_what_its_room_may(path):
    allowed = rule(path)
    if allowed is not None:
        assert breaches(path, allowed) == []


@pytest.mark.parametrize(
    "path",
    [*(ROOT / "bot/domain").glob("*.py"), *(ROOT / "bot/services").rglob("*.py")],
    ids=lambda p: p.name,
)
def test_domain_and_services_know_no_clock_and_no_randomness(path):
    forbidden = {"time", "random", "secrets", "os", "uuid", "socket", "logging"}
    calls = [
        ast.unparse(n.func)
        for n in ast.walk(ast.parse(path.read_text()))
        if isinstance(n, ast.Call)
    ]

    assert not forbidden & {name.split(".")[0] for name in imports(path)}
    assert not {"datetime.now", "datetime.utcnow", "date.today"} & set(calls)


# What `hanout run` does without, as long as nothing of it is used: it costs memory, and time at each start.
_NOT_LOADED = (
    *("bot.sandbox", "uvicorn", "starlette", "websockets"),
    *("rich", "pygments", "click"),  # of httpx's command line
    "rapidfuzz",  # of words that no table has
    *("sqlalchemy.dialects.postgresql", "asyncpg"),
    *("alembic", "mako", "bot.setup", "bot.health"),
)


def test_the_shop_runs_without_what_it_does_not_use():
    import subprocess
    import sys

    code = f"import bot.run, bot.cli, sys; print([n for n in {_NOT_LOADED} if sys.modules.get(n)])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.strip() == "[]"


def test_a_breach_would_be_seen(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("import sqlalchemy\nfrom telegram import Update\n")

    assert breaches(bad, ("bot.domain",)) == ["sqlalchemy", "telegram"]


HTTP = (
    "bot/sandbox/payments/chargily_api.py",
    "bot/suppliers/",
    "bot/payments/",
    "bot/log.py",
    "bot/aiohttp_transport.py",
    "bot/connections.py",
    "bot/proxy_check.py",
    "bot/health/causes.py",
    "bot/telegram_settings.py",
    "bot/sandbox/telegram/webhook.py",  # the simulator of Telegram delivers as Telegram does
)


def test_no_sql_and_no_http_outside_their_rooms():
    for path in modules():
        place = path.relative_to(ROOT).as_posix()
        text = path.read_text()
        if not place.startswith("storage/"):
            assert "sqlalchemy" not in text, place
        if not place.startswith(HTTP):
            assert "import httpx" not in text, place
