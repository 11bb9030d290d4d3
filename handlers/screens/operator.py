"""What operators see: figures, balance, one order, prices, and alerts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.audit import Audited
from bot.domain.catalogue import Category
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.orders import Order, OrderState
from bot.domain.payments import reference_of
from bot.domain.pricing import PricingPolicy
from bot.domain.records import AlertKind, Stats
from bot.domain.supplier import Environment
from bot.services.operations.reports import AttentionReport, BalanceReport, OrderReport, Span
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, screen
from handlers.screens.orders import icon, number
from locales import Words

S = OrderState
_SUBJECTS = 5
_LONGEST_SUBJECT = 40


def stats(words: Words, span: Span, figures: Stats) -> Screen:
    count = {state: figures.orders.get(state, 0) for state in OrderState}
    text = RichText().add(
        words.text("stats", span=words.plain(f"stats-{span}"), count=sum(count.values()))
    )
    text.line(
        words.text(
            "stats-outcomes",
            fulfilled=count[S.FULFILLED],
            partial=count[S.PARTIAL],
            refunded=count[S.REFUNDED],
            open=sum(
                count[s] for s in (S.AWAITING_PAYMENT, S.PAID, S.PLACING, S.UNCONFIRMED, S.HANDLING)
            ),
            ended=count[S.CANCELLED] + count[S.EXPIRED],
        )
    )
    text.line(
        words.text(
            "stats-money",
            sales=words.money(figures.sales_minor),
            cost=words.money(figures.cost_minor),
            profit=words.money(figures.profit_minor),
        )
    )
    if len(figures.suppliers) > 1:
        for supplier, (sales, cost) in figures.suppliers.items():
            money = {"sales": words.money(sales), "cost": words.money(cost)}
            text.line(words.text("stats-supplier", supplier=supplier, **money))
    if figures.median_seconds is not None and figures.p95_seconds is not None:
        median, p95 = words.number(figures.median_seconds), words.number(figures.p95_seconds)
        text.line(words.text("stats-time", median=median, p95=p95))
    if figures.best:
        text.line(words.text("stats-best"))
    for best in figures.best:
        text.line(
            words.text(
                "stats-best-line",
                count=str(best.codes),
                product=best.title,
                value=best.label,
                sales=words.money(best.sales_minor),
            )
        )
    text.line(
        words.text(
            "stats-customers",
            list=" · ".join(f"{k} {v}" for k, v in figures.customers.items()) or "0",
        )
    )
    text.line(words.text("stats-waiting", count=figures.waiting))
    spans = [
        Button(words.label(f"stats-{other}"), pack("stats", other))
        for other in Span
        if other is not span
    ]
    return screen(text, spans)


def balance(words: Words, reports: Sequence[BalanceReport], zone: ZoneInfo) -> Screen:
    """One paragraph for each supplier."""
    text = RichText()
    for report in reports:
        if report is not reports[0]:
            text.line("")
            text.line("")
        _balance(words, report, zone, text)
    paused = any(report.paused for report in reports)
    if paused:
        text.line(words.text("balance-paused-audit"))
    return screen(text, _sell_again(words, paused))


def _balance(words: Words, report: BalanceReport, zone: ZoneInfo, text: RichText) -> None:
    account = report.account
    if account.balance_minor is None:
        text.add(words.text("balance-unknown", supplier=account.supplier))
    else:
        money = words.money(account.balance_minor)
        text.add(words.text("balance", supplier=account.supplier, balance=money))
        if (rate := report.rate) is not None:
            one = words.value(MINOR_PER_UNIT, rate.currency)
            price, since = words.number(float(rate.price), 2), words.whole_date(rate.since)
            text.line(words.text("balance-rate", one=one, price=price, date=since))
        if not report.fresh and account.balance_at:
            text.line(words.text("balance-stale", date=words.date(account.balance_at, zone)))
    text.line(words.text("balance-reserved", reserved=words.money(report.reserved_minor)))
    text.line(words.text("balance-pace", spent=words.money(report.per_day_minor)))
    if report.days_left is not None:
        text.line(words.text("balance-days", days=words.number(report.days_left, 1)))
    if account.environment is Environment.SANDBOX:
        text.line(words.text("balance-sandbox"))
    if account.paused_for_balance:
        text.line(words.text("balance-paused-balance"))
    if account.paused_for_access:
        text.line(words.text("balance-paused-access"))


def _sell_again(words: Words, paused: bool) -> list[Button]:
    return [Button(words.label("button-resume"), pack("resume"))] if paused else []


def audit(words: Words, found: Sequence[Audited], silent: Sequence[str], *, paused: bool) -> Screen:
    well = all(it.is_well for it in found)
    text = RichText().add(words.text("audit-well" if well else "audit-differs"))
    for it in found:
        check = words.plain(f"audit-{it.check}")
        if it.supplier:
            check = f"{check} ({it.supplier})"
        if it.is_well:
            text.line(words.text("audit-line", mark="✓", check=check, count=str(it.looked_at)))
        else:
            about = _about(words, [difference.subject for difference in it.differences])
            text.line(words.text("audit-line-off", mark="✗", check=check, about=about))
    for name in silent:
        text.line(words.text("audit-supplier-silent", supplier=name))
    if paused:
        text.line(words.text("audit-paused"))
    return screen(text, _sell_again(words, paused))


def _about(words: Words, subjects: Sequence[str]) -> str:
    named = " ".join(subject[:_LONGEST_SUBJECT] for subject in subjects[:_SUBJECTS])
    more = len(subjects) - _SUBJECTS
    return f"{named} {words.plain('attention-more', count=str(more))}" if more > 0 else named


def attention(words: Words, report: AttentionReport) -> Screen:
    if not any((report.count, report.quarantine, report.paused, report.payments, report.cases)):
        return note(words, "attention-none")
    text = RichText().add(words.text("attention"))
    for it in report.orders:
        reason = words.plain(f"attention-{it.attention}")
        text.line(words.text("attention-line", number=number(it), reason=reason))
    if report.count > len(report.orders):
        more = str(report.count - len(report.orders))
        text.line(words.text("attention-more", count=more))
    if report.payments:
        text.line(words.text("attention-payments", count=str(report.payments)))
    if report.cases:
        text.line(words.text("attention-cases", count=str(report.cases)))
    if report.quarantine:
        text.line(words.text("attention-set-aside", count=str(report.quarantine)))
    if report.paused:
        text.line(words.text("balance-paused-audit"))
    again = [Button(words.label("button-inbox"), pack("inbox"))] if report.quarantine else []
    return screen(text, again, _sell_again(words, report.paused))


def credit_done(words: Words, user_id: int, amount_minor: int, balance_minor: int) -> Screen:
    amount = words.money(amount_minor) if amount_minor >= 0 else words.signed_money(amount_minor)
    return screen(
        RichText().add(
            words.text(
                "credit-done", amount=amount, id=str(user_id), balance=words.money(balance_minor)
            )
        )
    )


def order(words: Words, report: OrderReport, zone: ZoneInfo) -> Screen:
    it = report.order
    state = words.plain(f"state-{it.state}")
    text = RichText().add(
        words.text("operator-order", icon=icon(it), number=number(it), state=state)
    )
    text.line(
        words.text(
            "order-what",
            product=it.product_title,
            value=it.denomination_label,
            count=str(it.quantity),
        )
    )
    key = "operator-order-who" if it.paid_at else "operator-order-unpaid"
    text.line(words.text(key, id=str(it.user_id), total=words.money(it.total_minor)))
    text.line(
        words.text(
            "operator-order-money",
            delivered=str(it.delivered_quantity),
            count=str(it.quantity),
            returned=words.money(it.returned_minor),
        )
    )
    if report.held_minor:
        text.line(words.text("operator-order-held", held=words.money(report.held_minor)))
    supplier_id = it.supplier_order_id or "—"
    text.line(words.text("operator-order-supplier", supplier=it.supplier, id=supplier_id))
    if it.paid_at:
        text.line(words.text("operator-order-paid", date=words.date(it.paid_at, zone)))
    if it.settled_at:
        text.line(words.text("operator-order-settled", date=words.date(it.settled_at, zone)))
    if it.attention:
        reason = words.plain(f"attention-{it.attention}")
        text.line(words.text("operator-order-attention", reason=reason))
    return screen(text)


def refund_done(words: Words, it: Order, amount_minor: int) -> Screen:
    return screen(
        RichText().add(
            words.text("refund-done", number=number(it), amount=words.money(amount_minor))
        )
    )


def refund_ask(words: Words, it: Order, amount_minor: int, action_id: int) -> Screen:
    amount = words.money(amount_minor)
    text = RichText().add(words.text("refund-ask", number=number(it), amount=amount))
    yes = Button(words.label("button-refund-yes", amount=amount), pack("refund", action_id, 1))
    return screen(
        text, [yes], [Button(words.label("button-refund-no"), pack("refund", action_id, 0))]
    )


def note(words: Words, key: str, **values: str | int) -> Screen:
    """A short answer to an operator's press or command."""
    return screen(RichText().add(words.text(key, **values)))


def _percent(words: Words, percent: Decimal) -> str:
    return words.number(float(percent), 0 if percent == percent.to_integral_value() else 2)


def prices(words: Words, policy: PricingPolicy, categories: Sequence[Category]) -> Screen:
    text = RichText().add(
        words.text(
            "markup",
            percent=_percent(words, policy.markup.percent),
            fixed=words.money(policy.markup.fixed_minor),
            step=words.money(policy.step_minor),
        )
    )
    for category in categories[:40]:
        text.line(words.text("markup-line", target=f"c{category.id}", category=category.title))
    return screen(text)


def markup_set(words: Words, target: str, percent: Decimal | None, fixed_minor: int) -> Screen:
    if percent is None:
        return note(words, "markup-off", target=target)
    return note(
        words,
        "markup-set",
        target=target,
        percent=_percent(words, percent),
        fixed=words.money(fixed_minor),
    )


_MONEY = ("balance", "cost", "expected", "paid", "asked", "lost")
_MAY_PAUSE = (AlertKind.BALANCE_LOW, AlertKind.AUDIT_DIFFERS)


def alert(words: Words, data: Mapping[str, str]) -> Screen:
    kind = AlertKind(data["alert"])
    key = f"alert-{kind}"
    if kind in _MAY_PAUSE and data.get("paused") == "yes":
        key += "-paused"
    figures = _figures(words, kind, data)
    if "hours" in figures:
        key += "-hours"
    text = RichText().add(words.text(key, **figures))
    if "others" in data:
        others, named = int(data["others"]), data["named"] or "…"
        text.line(words.text("alert-others", count=others, named=named))
    return screen(text, _buttons(words, kind, data))


def _figures(words: Words, kind: AlertKind, data: Mapping[str, str]) -> dict[str, str | int]:
    """What an alert's words speak of, as people read it."""
    values: dict[str, str | int] = {k: v for k, v in data.items() if k != "alert"}
    for name in _MONEY:
        if str(values.get(name, "")).lstrip("-").isdigit():
            values[name] = words.money(int(values[name]))
    values.setdefault("supplier", "—")
    for name in ("count", "minutes"):
        if name in data:
            values[name] = int(data[name])
    if kind is AlertKind.ORDER_ATTENTION:
        values["reason"] = words.plain(f"attention-{data['reason']}")
    if kind is AlertKind.ORDERS_STUCK and data.get("more", "0") != "0":
        values["orders"] = f"{data['orders']} +{data['more']}"
    if kind is AlertKind.ORDERS_STUCK and not int(data.get("minutes", "1")) % 60:
        values["hours"] = int(data["minutes"]) // 60
    if kind is AlertKind.AUDIT_DIFFERS:
        names = (words.plain(f"audit-{check}") for check in data["checks"].split())
        values["checks"] = " · ".join(names)
    values |= _of_payments(words, data)
    if "order" in values:
        values["plain"], values["order"] = str(values["order"]), f"#{values['order']}"
    return values


def _of_payments(words: Words, data: Mapping[str, str]) -> dict[str, str]:
    values = {}
    if "payment" in data:
        values["payment"] = reference_of(data["payment"])
    for name, prefix in (("method", "way"), ("doubt", "doubt")):
        if name in data:
            values[name] = words.plain(f"{prefix}-{data[name]}")
    return values


def _buttons(words: Words, kind: AlertKind, data: Mapping[str, str]) -> list[Button]:
    if kind is AlertKind.CIRCUIT_OPEN and "supplier" in data:
        return [Button(words.label("button-circuit"), pack("circuit", data["supplier"]))]
    if kind is AlertKind.METHOD_OFF:
        return [Button(words.label("button-method"), pack("method", data["method"]))]
    if kind is AlertKind.PAYMENT_HELD:
        return [Button(words.label("button-payment"), pack("payment", data["payment"]))]
    if kind is AlertKind.UPDATE_QUARANTINED:
        return [Button(words.label("button-inbox"), pack("inbox"))]
    return _sell_again(words, kind is AlertKind.AUDIT_DIFFERS and data.get("paused") == "yes")
