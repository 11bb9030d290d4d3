"""The screen of a day's closing, for operators."""

from collections.abc import Mapping
from datetime import date

from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from locales import Words


def closing(words: Words, data: Mapping[str, str]) -> Screen:
    """A day's figures, with what was earned only where `data` has it; see `operations.closing`.

    What was nothing on that day has no line: a quiet day is no column of zeros.
    """
    screen = ScreenBuilder(words)
    screen.line("closing", date=words.whole_date(date.fromisoformat(data["date"])))
    orders, codes = int(data["orders"]), int(data["codes"])
    screen.line("closing-orders", orders=orders, codes=codes)
    _sold(screen, data)
    _waiting(screen, data)
    for entry in data.get("days", "").split():
        supplier, _, days = entry.rpartition(":")
        screen.line("closing-days", supplier=supplier, days=int(days))
    screen.button("stats-today", pack("stats", "today"))
    return screen.done()


def _sold(screen: ScreenBuilder, data: Mapping[str, str]) -> None:
    words = screen.words
    amount = {name: int(data[name]) for name in ("sales", "returned", "held")}
    earned = {name: int(data[name]) for name in ("profit", "cost", "losses") if name in data}
    if amount["sales"] or any(earned.values()):
        screen.line("closing-sales", sales=words.money(amount["sales"]))
    if any(earned.values()):
        profit, cost = words.money(earned["profit"]), words.money(earned["cost"])
        screen.line("closing-earned", profit=profit, cost=cost)
        if earned["losses"]:
            screen.line("stats-losses", losses=words.money(earned["losses"]))
    if amount["returned"]:
        screen.line("closing-returned", returned=words.money(amount["returned"]))
    if amount["held"] or int(data["waiting"]):
        held = words.money(amount["held"])
        screen.line("closing-held", held=held, count=int(data["waiting"]))


def _waiting(screen: ScreenBuilder, data: Mapping[str, str]) -> None:
    """What waits for a decision, as /attention counts it."""
    count = {name: int(data[name]) for name in ("attention", "payments", "cases", "others")}
    if not any(count.values()):
        screen.line("attention-none")
        return
    screen.line("closing-waiting")
    if count["attention"]:
        screen.line("closing-waiting-orders", count=count["attention"])
    if count["payments"]:
        screen.line("attention-payments", count=count["payments"])
    if count["cases"]:
        screen.line("attention-cases", count=count["cases"])
    if count["others"]:
        screen.line("closing-waiting-others", count=count["others"])
