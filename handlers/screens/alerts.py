"""Screens of alerts to operators."""

from collections.abc import Mapping
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.payments import Method, reference_of
from bot.services.items import Item, ItemKind
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.attention import item_name, job_name
from handlers.screens.operator import resume_button
from handlers.screens.reasons import trouble_name
from locales import Words

_AMOUNTS: Final = ("balance", "cost", "expected", "paid", "asked", "lost", "fixed")
_HELD: Final = (AlertKind.COST_FELL, AlertKind.PRICE_DRIFT)
# What /attention lists until it is settled; of the others it says nothing.
_IN_ATTENTION: Final = (
    *_HELD,
    AlertKind.ORDER_NOT_FOUND,
    AlertKind.ORDER_ATTENTION,
    AlertKind.UPDATE_QUARANTINED,
    AlertKind.ITEM_FAILING,
)
_CLOCKS: Final = (AlertKind.CLOCK_STEPPED, AlertKind.SUPPLIER_CLOCK)
_EXPLAINED: Final = (Method.OCPAY, Method.CHARGILY)  # where it is known what a refusal means
_MAY_PAUSE: Final = (AlertKind.BALANCE_LOW, AlertKind.AUDIT_DIFFERS)


def _others(screen: ScreenBuilder, kind: AlertKind, data: Mapping[str, str]) -> None:
    """Of a message about several alerts of one kind: how many more there are."""
    if "others" in data:
        screen.line("alert-others", count=int(data["others"]), named=data["named"] or "…")
        if kind in _IN_ATTENTION:
            screen.line("alert-others-where")


def alert(words: Words, data: Mapping[str, str]) -> Screen:
    """The alert named by `data["alert"]`; the other entries are its variables."""
    kind = AlertKind(data["alert"])
    paused = data.get("paused") == "yes"
    values = _values(words, kind, data)
    screen = ScreenBuilder(words)
    screen.line(_text_key(kind, values, paused=paused), **values)
    _others(screen, kind, data)
    if "staff" in data:
        screen.line("alert-staff", count=int(data["staff"]))
    if kind is AlertKind.CIRCUIT_OPEN and "supplier" in data:
        screen.button("button-circuit", pack("circuit", data["supplier"]))
    elif kind in _HELD and "value" in data:
        screen.button("button-sell-value", pack("value", data["value"]))
    elif kind is AlertKind.METHOD_OFF:
        screen.button("button-method", pack("method", data["method"]))
    elif kind is AlertKind.PAYMENT_HELD:
        screen.button("button-payment", pack("payment", data["payment"]))
    elif kind is AlertKind.UPDATE_QUARANTINED:
        screen.button("button-inbox", pack("inbox"))
    elif kind is AlertKind.ITEM_FAILING:
        screen.button("button-failing", pack("again"))
    elif kind is AlertKind.AUDIT_DIFFERS and paused:
        resume_button(screen)
    return screen.done()


def _text_key(kind: AlertKind, values: Mapping[str, str | int], *, paused: bool) -> str:
    key = f"alert-{kind}"
    if kind in _MAY_PAUSE and paused:
        key += "-paused"
    if "hours" in values:
        key += "-hours"
    if kind is AlertKind.BOUGHT_FOR_NOBODY and values["codes"]:
        key += "-codes"
    if kind is AlertKind.PAYMENT_HELD and not values["reported"]:
        key += "-unknown"
    if kind in _CLOCKS and values["ahead"] != "yes":
        key += "-behind"
    return key


def _values(words: Words, kind: AlertKind, data: Mapping[str, str]) -> dict[str, str | int]:
    """The variables of an alert's text, formatted: amounts come in minor units."""
    values: dict[str, str | int] = {k: v for k, v in data.items() if k != "alert"}
    values.setdefault("supplier", "—")
    for name in _AMOUNTS:
        if data.get(name, "").lstrip("-").isdecimal():
            values[name] = words.money(int(data[name]))
    for name in ("count", "minutes", "seconds"):
        if name in data:
            values[name] = int(data[name])
    if "order" in data:
        values |= {"order": f"#{data['order']}", "plain": data["order"]}
    if "case" in data:
        values["case"] = f"#{data['case']}"
    if "payment" in data:
        values["payment"] = reference_of(data["payment"])
    if "method" in data:
        explained = data["method"] if data["method"] in _EXPLAINED else "other"
        values["method"] = words.plain(f"way-{data['method']}")
        values["look"] = words.plain(f"method-off-{explained}")
    if "doubt" in data:
        values |= {"doubt": words.plain(f"doubt-{data['doubt']}"), "reported": int(data["paid"])}
    return values | _values_of_kind(words, kind, data)


def _values_of_kind(words: Words, kind: AlertKind, data: Mapping[str, str]) -> dict[str, str | int]:
    """The variables that only alerts of this kind have."""
    values: dict[str, str | int] = {}
    if kind is AlertKind.BOUGHT_FOR_NOBODY:
        values["codes"] = int(data.get("codes", "0"))
    if kind is AlertKind.ORDER_ATTENTION:
        values["reason"] = words.plain(f"attention-{data['reason']}")
    if kind is AlertKind.ORDERS_STUCK:
        if data.get("more", "0") != "0":
            values["orders"] = f"{data['orders']} +{data['more']}"
        if int(data.get("minutes", "1")) % 60 == 0:
            values["hours"] = int(data["minutes"]) // 60
    if kind is AlertKind.ITEM_FAILING:
        item, order_id = Item(ItemKind(data["item"]), data["id"]), int(data.get("order", "0"))
        values["what"] = item_name(words, item, order_id)
    if "trouble" in data:
        values["trouble"] = trouble_name(words, data["trouble"])
    if "sweep" in data:
        values["sweep"] = job_name(words, data["sweep"])
    if kind is AlertKind.AUDIT_DIFFERS:
        checks = [words.plain(f"audit-{check}") for check in data["checks"].split()]
        values["checks"] = " · ".join(checks)
    return values
