"""The rooms of bot/services in their order, and that no modules import each other in a circle."""

import pytest

from tests.unit.imports import ROOT, imports, modules

# The rooms of bot/services, from the bottom up: each may import those before it and itself.
ROOMS = (
    "items",
    "lease",
    "shared_prices",
    "unrecorded",
    "night_memory",
    "news_memory",
    "watch_memory",
    "timeline",
    "turns",
    "usual_times",
    "shop",
    "standing",
    "messaging",
    "selling",
    "catalogue",
    "wallet",
    "codes",
    "stock",
    "orders",
    "payments",
    "customers",
    "news",
    "operations",
    "bookkeeping",
)


def room_of(name):
    """`bot.services.orders.place` → `orders`; None outside the services."""
    return name.split(".")[2] if name.startswith("bot.services.") else None


@pytest.mark.parametrize("path", list((ROOT / "bot/services").rglob("*.py")), ids=lambda p: p.stem)
def test_no_room_of_the_services_imports_one_above_it(path):
    inside = path.relative_to(ROOT / "bot/services").parts[0].removesuffix(".py")
    if inside == "__init__":
        return
    allowed = ROOMS[: ROOMS.index(inside) + 1]

    above = [name for name in imports(path) if (room := room_of(name)) and room not in allowed]
    assert above == []


def test_every_room_of_the_services_has_its_place_in_the_order():
    there = {p.name.removesuffix(".py") for p in (ROOT / "bot/services").iterdir()}

    assert there - {"__init__", "__pycache__"} == set(ROOMS)


def graph():
    """module → our modules that it imports, wherever the import stands"""
    found = {}
    for path in modules():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = {n for n in imports(path) if n != name}
    return {name: {n for n in names if n in found} for name, names in found.items()}


def test_no_modules_import_each_other_in_a_circle():
    edges = graph()
    done: set[str] = set()
    on_path: list[str] = []

    def visit(name):
        assert name not in on_path, " → ".join([*on_path[on_path.index(name) :], name])
        if name in done:
            return
        on_path.append(name)
        for other in sorted(edges[name]):
            visit(other)
        on_path.pop()
        done.add(name)

    for name in sorted(edges):
        visit(name)
