"""What operators see: figures, balance, one order, prices, and alerts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Category
from bot.domain.orders import Order, OrderState
from bot.domain.pricing import PricingPolicy
from bot.domain.records import AlertKind, Stats
from bot.domain.supplier import Environment
from bot.services.report import BalanceReport, OrderReport, Span
from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, screen
from handlers.screens.orders import icon, number
from locales import Words

S = OrderState


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


def balance(words: Words, report: BalanceReport, zone: ZoneInfo) -> Screen:
    account = report.account
    text = RichText()
    if account.balance_minor is None:
        text.add(words.text("balance-unknown"))
    else:
        text.add(words.text("balance", balance=words.money(account.balance_minor)))
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
    return screen(text)


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
    text.line(
        words.text("operator-order-who", id=str(it.user_id), total=words.money(it.total_minor))
    )
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
    text.line(words.text("operator-order-paid", date=words.date(it.paid_at or it.created_at, zone)))
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


_MONEY = ("balance", "cost", "expected", "paid")


def alert(words: Words, data: Mapping[str, str]) -> Screen:
    kind = AlertKind(data["alert"])
    values: dict[str, str | int] = {k: v for k, v in data.items() if k != "alert"}
    for name in _MONEY:
        if str(values.get(name, "")).lstrip("-").isdigit():
            values[name] = words.money(int(values[name]))
    key = f"alert-{kind}"
    if kind is AlertKind.BALANCE_LOW and data.get("paused") == "yes":
        key += "-paused"
    if kind is AlertKind.ORDER_ATTENTION:
        values["reason"] = words.plain(f"attention-{data['reason']}")
    if kind is AlertKind.ORDERS_STUCK:
        values["count"] = int(data["count"])
        if data.get("more", "0") != "0":
            values["orders"] = f"{data['orders']} +{data['more']}"
    if "order" in values:
        values["plain"], values["order"] = str(values["order"]), f"#{values['order']}"
    text = RichText().add(words.text(key, **values))
    if kind is AlertKind.CIRCUIT_OPEN:
        return screen(text, [Button(words.label("button-circuit"), pack("circuit", "oneclickdz"))])
    return screen(text)
