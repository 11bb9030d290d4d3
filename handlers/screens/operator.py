"""Screens for operators: figures, balances, audits, orders, refunds and markups."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.audit import Audited
from bot.domain.catalogue import Category
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.orders import Order, OrderState
from bot.domain.periods import Span
from bot.domain.pricing import PricingPolicy
from bot.domain.statistics import Stats
from bot.domain.supplier import Environment
from bot.services.operations.reports import BalanceReport, OrderReport
from bot.services.orders.refund import MAY_ARRIVE
from handlers.callback_data import pack
from handlers.screen import Screen, Style
from handlers.screen_builder import ScreenBuilder
from handlers.screens.amounts import compensated_line
from handlers.screens.charts import picture_button
from handlers.screens.customers import customer_row
from handlers.screens.orders import icon, item_line, number
from handlers.screens.values import value_label
from locales import Words

_MAX_SUBJECTS: Final = 5
_LONGEST_SUBJECT: Final = 40
_MAX_CATEGORIES: Final = 40
_LONGEST_NAME: Final = 60


def note(words: Words, key: str, **values: str | int) -> Screen:
    """A short answer to an operator's press or command."""
    screen = ScreenBuilder(words)
    screen.line(key, **values)
    return screen.done()


def resume_button(screen: ScreenBuilder) -> None:
    """Add the button that ends a pause of selling."""
    screen.button("button-resume", pack("resume"))


def stats(words: Words, span: Span, figures: Stats, *, profit: bool) -> Screen:
    """`profit`: whether whoever sees it may see what the shop earns."""
    screen = ScreenBuilder(words)
    _order_counts(screen, span, figures)
    if profit:
        _earned(screen, figures)
    else:
        screen.line("closing-sales", sales=words.money(figures.sales_minor))
    if figures.fees_minor:
        screen.line("stats-fees", fee=words.money(figures.fees_minor))
    if profit and len(figures.suppliers) > 1:
        for supplier, (sales, cost) in figures.suppliers.items():
            money = {"sales": words.money(sales), "cost": words.money(cost)}
            screen.line("stats-supplier", supplier=supplier, **money)
    if figures.median_seconds is not None and figures.p95_seconds is not None:
        median, p95 = words.number(figures.median_seconds), words.number(figures.p95_seconds)
        screen.line("stats-time", median=median, p95=p95)
    if figures.best:
        screen.line("stats-best")
    for best in figures.best:
        screen.line(
            "stats-best-line",
            count=best.codes,
            product=best.title[:_LONGEST_NAME],
            value=value_label(words, best.label)[:_LONGEST_NAME],
            sales=words.money(best.sales_minor),
        )
    customers = [
        words.isolated(f"{words.language(locale)} {count}")
        for locale, count in figures.customers.items()
    ]
    screen.line("stats-customers", list=" · ".join(customers) or "0")
    screen.line("stats-waiting", count=figures.waiting)
    picture_button(screen, span)
    spans = [other for other in Span if other is not span]
    screen.row(*(screen.make_button(f"stats-{s}", pack("stats", s)) for s in spans))
    return screen.done()


def _earned(screen: ScreenBuilder, figures: Stats) -> None:
    words = screen.words
    screen.line(
        "stats-money",
        sales=words.money(figures.sales_minor),
        cost=words.money(figures.cost_minor),
        profit=words.money(figures.profit_minor),
    )
    if figures.losses_minor:
        screen.line("stats-losses", losses=words.money(figures.losses_minor))


def _order_counts(screen: ScreenBuilder, span: Span, figures: Stats) -> None:
    count = {state: figures.orders.get(state, 0) for state in OrderState}
    total = sum(count.values())
    fulfilled, partial = count[OrderState.FULFILLED], count[OrderState.PARTIAL]
    refunded = count[OrderState.REFUNDED]
    ended = count[OrderState.CANCELLED] + count[OrderState.EXPIRED]
    screen.line("stats", span=screen.words.plain(f"stats-{span}"), count=total)
    screen.line(
        "stats-outcomes",
        fulfilled=fulfilled,
        partial=partial,
        refunded=refunded,
        open=total - fulfilled - partial - refunded - ended,
        ended=ended,
    )


def balance(words: Words, reports: Sequence[BalanceReport], zone: ZoneInfo) -> Screen:
    """One paragraph for each supplier."""
    screen = ScreenBuilder(words)
    for report in reports:
        screen.paragraph()
        _balance(screen, report, zone)
    if any(report.paused for report in reports):
        screen.line("balance-paused-audit")
        resume_button(screen)
    return screen.done()


def _balance(screen: ScreenBuilder, report: BalanceReport, zone: ZoneInfo) -> None:
    words, account = screen.words, report.account
    if account.balance_minor is None:
        pays_later = account.balance_at is not None  # it was read, and limits nothing
        screen.line("balance-later" if pays_later else "balance-unknown", supplier=account.supplier)
    else:
        money = words.money(account.balance_minor)
        screen.line("balance", supplier=account.supplier, balance=money)
        if (rate := report.rate) is not None:
            screen.line(
                "balance-rate",
                one=words.value(MINOR_PER_UNIT, rate.currency),
                price=words.number(float(rate.price), 2),
                date=words.whole_date(rate.since),
            )
        if not report.fresh and account.balance_at:
            screen.line("balance-stale", date=words.date(account.balance_at, zone))
    screen.line("balance-reserved", reserved=words.money(report.reserved_minor))
    screen.line("balance-pace", spent=words.money(report.per_day_minor))
    if report.days_left is not None:
        screen.line("balance-days", days=int(report.days_left))
    if account.environment is Environment.SANDBOX:
        screen.line("balance-sandbox")
    if account.paused_for_balance:
        screen.line("balance-paused-balance")
    if account.paused_for_access:
        screen.line("balance-paused-access")


def audit(words: Words, found: Sequence[Audited], silent: Sequence[str], *, paused: bool) -> Screen:
    """What each check found. `silent`: suppliers that did not answer."""
    screen = ScreenBuilder(words)
    screen.line("audit-well" if all(result.is_well for result in found) else "audit-differs")
    for result in found:
        check = words.plain(f"audit-{result.check}")
        if result.supplier:
            check = f"{check} ({result.supplier})"
        if result.is_well:
            screen.line("audit-line", mark="✓", check=check, count=result.looked_at)
        else:
            screen.line("audit-line-off", mark="✗", check=check, about=_subjects(words, result))
    if lost := sum(result.lost for result in found):
        screen.line("codes-lost-count", count=lost)
    for supplier in silent:
        screen.line("audit-supplier-silent", supplier=supplier)
    if paused:
        screen.line("audit-paused")
        resume_button(screen)
    return screen.done()


def _subjects(words: Words, result: Audited) -> str:
    subjects = [difference.subject[:_LONGEST_SUBJECT] for difference in result.differences]
    if more := len(subjects[_MAX_SUBJECTS:]):
        subjects[_MAX_SUBJECTS:] = [words.plain("attention-more", count=more)]
    return " ".join(subjects)


def order(words: Words, report: OrderReport, zone: ZoneInfo) -> Screen:
    screen = ScreenBuilder(words)
    order = report.order
    state = words.plain(f"state-{order.state}")
    screen.line("operator-order", icon=icon(order), number=number(order), state=state)
    item_line(screen, order)
    screen.line(
        "operator-order-who" if order.paid_at else "operator-order-unpaid",
        id=str(order.user_id),
        total=words.money(order.total_minor),
    )
    screen.line(
        "operator-order-money",
        delivered=order.delivered_quantity,
        count=order.quantity,
        returned=words.money(order.returned_minor),
    )
    if report.held_minor:
        screen.line("operator-order-held", held=words.money(report.held_minor))
    supplier_id = order.supplier_order_id or "—"
    screen.line("operator-order-supplier", supplier=order.supplier, id=supplier_id)
    if order.paid_at:
        screen.line("operator-order-paid", date=words.date(order.paid_at, zone))
    if order.settled_at:
        screen.line("operator-order-settled", date=words.date(order.settled_at, zone))
    if report.lost:
        screen.line("codes-lost-count", count=report.lost)
    if order.attention:
        reason = words.plain(f"attention-{order.attention}")
        screen.line("operator-order-attention", reason=reason)
    customer_row(screen, order.user_id)
    return screen.done()


def ask_refund(
    words: Words, order: Order, amount_minor: int, action_id: int, compensated_minor: int = 0
) -> Screen:
    """`compensated_minor`: what was made good of the order before, by whomever."""
    screen = ScreenBuilder(words)
    amount = words.money(amount_minor)
    known = order.supplier_order_id is not None
    if order.state in MAY_ARRIVE:
        screen.line("refund-ask", number=number(order))
        screen.line("refund-may-follow" if known else "refund-may-follow-lost")
    text = "refund-ask-loss" if order.is_delivered else "refund-ask-large"
    screen.line(text, number=number(order), amount=amount)
    compensated_line(screen, number(order), compensated_minor)
    screen.button(
        "button-refund-yes", pack("refund", action_id, 1), style=Style.DESTROY, amount=amount
    )
    screen.button("button-refund-no", pack("refund", action_id, 0))
    return screen.done()


def refund_dropped(words: Words, order: Order) -> Screen:
    """The answer to "Keep waiting": the order goes on, or what became of it meanwhile."""
    if order.is_open:
        return note(words, "refund-kept")
    state = words.plain(f"state-{order.state}")
    return note(words, "refund-kept-ended", number=number(order), state=state)


def refund_done(
    words: Words, order: Order, amount_minor: int, zone: ZoneInfo | None = None
) -> Screen:
    """`zone`: of the time at which the supplier is asked again, where it may still deliver."""
    screen = ScreenBuilder(words)
    screen.line("refund-done", number=number(order), amount=words.money(amount_minor))
    if not order.is_open and order.due_at is not None and zone is not None:
        screen.line("refund-look", at=words.date(order.due_at, zone))
    return screen.done()


def credit_done(words: Words, user_id: int, amount_minor: int, balance_minor: int) -> Screen:
    amount, balance = words.signed_money(amount_minor), words.money(balance_minor)
    return note(words, "credit-done", amount=amount, id=str(user_id), balance=balance)


def prices(words: Words, policy: PricingPolicy, categories: Sequence[Category]) -> Screen:
    screen = ScreenBuilder(words)
    screen.line(
        "markup",
        percent=_percent(words, policy.markup.percent),
        fixed=words.money(policy.markup.fixed_minor),
        step=words.money(policy.step_minor),
    )
    for category in categories[:_MAX_CATEGORIES]:
        screen.line(
            "markup-line", target=f"c{category.id}", category=category.title[:_LONGEST_NAME]
        )
    return screen.done()


def markup_set(words: Words, target: str, percent: Decimal | None, fixed_minor: int) -> Screen:
    if percent is None:
        return note(words, "markup-off", target=target)
    shown, fixed = _percent(words, percent), words.money(fixed_minor)
    return note(words, "markup-set", target=target, percent=shown, fixed=fixed)


def _percent(words: Words, percent: Decimal) -> str:
    return words.number(float(percent), 0 if percent == percent.to_integral_value() else 2)
