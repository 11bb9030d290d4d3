"""Every alert as a screen, with sample values."""

from collections.abc import Iterator
from itertools import product as every

from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention
from bot.domain.payments import Method
from handlers.screen import Screen
from handlers.screens import alerts
from locales import Words

DATA = {
    "supplier": "oneclickdz",
    "minutes": "10",
    "order": "7",
    "user": "5",
    "balance": "500",
    "cost": "5",
    "expected": "5",
    "paid": "6",
    "why": "x",
    "code": "C",
    "request": "r",
    "count": "2",
    "orders": "#1, #2",
    "seconds": "75",
    "trouble": "KeyError",
    "item": "poll",
    "id": "1042",
    "sweep": "poll oneclickdz",
    "checks": "postings orders",
    "about": "#1, wallet:5",
    "payment": "12",
    "method": "ocpay",
    "asked": "500",
    "lost": "100",
    "doubt": "amount",
    "value": "7",
    "product": "PlayStation USA",
    "label": "10 $",
    "before": "10 €",
    "rules": "p1, d2",
    "night": "2026-11-26",
    "by": "25:00:00",
    "now": "2026-11-26 03:31:07",
    "ahead": "yes",
    "case": "3",
    "name": "k1",
    "sealed": "3",
    "batch": "14",
    "fixed": "169000",
    "target": "p12",
    "news": "7",
}


def alert_screens(w: Words) -> Iterator[Screen]:
    together = {**DATA, "others": "3", "named": "#8 #9", "alert": "order_not_found"}
    yield alerts.alert(w, together)
    yield alerts.alert(w, {**together, "alert": "update_quarantined", "named": ""})
    yield alerts.alert(w, {**together, "alert": "outcome_unknown"})
    for staff in ("1", "2", "3", "11"):
        yield alerts.alert(w, {**DATA, "alert": "stock_held", "staff": staff})
    for count in ("0", "1", "2", "3", "11", "100"):
        yield alerts.alert(w, {**DATA, "alert": "news_refused", "count": count})
    yield alerts.alert(w, {**DATA, "alert": "bought_for_nobody", "codes": "2"})
    yield alerts.alert(w, {**DATA, "alert": "payment_held", "paid": "0", "doubt": "details"})
    for method in Method:
        yield alerts.alert(w, {**DATA, "alert": "method_off", "method": str(method)})
    for kind in (AlertKind.CLOCK_STEPPED, AlertKind.SUPPLIER_CLOCK):
        yield alerts.alert(w, {**DATA, "alert": str(kind), "ahead": "no"})
    for kind, more, paused in every(AlertKind, ("0", "3"), ("yes", "no")):
        told = {**DATA, "alert": str(kind), "more": more, "paused": paused, "reason": "surplus"}
        yield alerts.alert(w, told)
    for why in Attention:
        yield alerts.alert(w, {**DATA, "alert": "order_attention", "reason": str(why)})
