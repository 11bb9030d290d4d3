"""The screens of /attention: what needs an operator, and what items and jobs are called."""

from typing import Final

from bot.domain.jobs import Job
from bot.domain.payments import reference_of
from bot.services.items import Item, ItemKind
from bot.services.operations.reports import AttentionReport
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens.operator import resume_button
from handlers.screens.orders import number
from handlers.screens.pausing import pause_line
from handlers.screens.reasons import trouble_name
from locales import Words

_LONGEST_NAME: Final = 60
_MAX_FAILING: Final = 5
_MAX_PAUSES: Final = 3  # /resume has all
_MAX_SWEEPS: Final = 5


def attention(words: Words, report: AttentionReport) -> Screen:
    screen = ScreenBuilder(words)
    _attention(screen, report)
    return screen.done()


def tried_again(words: Words, tried: int, failed: int, report: AttentionReport) -> Screen:
    """What a press of *Retry the tasks* on failing items has brought, and what is left."""
    screen = ScreenBuilder(words)
    if not tried:
        screen.line("tried-again-none")
    elif failed:
        screen.line("tried-again-failed", count=failed)
    else:
        screen.line("tried-again", count=tried)
    screen.paragraph()
    _attention(screen, report)
    return screen.done()


def _attention(screen: ScreenBuilder, report: AttentionReport) -> None:
    if not report.is_needed:
        screen.line("attention-none")
        return
    screen.line("attention")
    for account in report.closed:
        why = "access" if account.paused_for_access else "balance"
        screen.line(f"attention-closed-{why}", supplier=account.supplier)
    _pauses(screen, report)
    _orders(screen, report)
    _held(screen, report)
    if report.payments:
        screen.line("attention-payments", count=report.payments)
    _banned(screen, report)
    if report.cases:
        screen.line("attention-cases", count=report.cases)
    _sweeps(screen, report)
    if report.quarantine:
        screen.line("attention-set-aside", count=report.quarantine)
        screen.button("button-inbox", pack("inbox"))
    if report.failing:
        _failing(screen, report)
        screen.button("button-failing", pack("again"))
    if report.paused:
        screen.line("balance-paused-audit")
        resume_button(screen)


def _pauses(screen: ScreenBuilder, report: AttentionReport) -> None:
    for view in report.pauses[:_MAX_PAUSES]:
        pause_line(screen, view)
    if more := len(report.pauses[_MAX_PAUSES:]):
        screen.line("attention-more-pauses", count=more)


def _sweeps(screen: ScreenBuilder, report: AttentionReport) -> None:
    for sweep in report.sweeps[:_MAX_SWEEPS]:
        screen.line("attention-sweep", sweep=job_name(screen.words, sweep))
    if more := len(report.sweeps[_MAX_SWEEPS:]):
        screen.line("attention-more", count=more)


def _orders(screen: ScreenBuilder, report: AttentionReport) -> None:
    for order in report.orders:
        reason = screen.words.plain(f"attention-{order.attention}")
        screen.line("attention-line", number=number(order), reason=reason)
    if report.count > len(report.orders):
        screen.line("attention-more", count=report.count - len(report.orders))


def _held(screen: ScreenBuilder, report: AttentionReport) -> None:
    """The only place where each value has its button: alerts of many values share a message."""
    if not report.count_held:
        return
    screen.line("attention-held", count=report.count_held)
    for value in report.held:
        screen.button(
            "button-sell-held",
            pack("value", value.denomination_id),
            product=value.product,
            label=value.label,
        )


def _banned(screen: ScreenBuilder, report: AttentionReport) -> None:
    """Money that came from banned people: whether to refund it is for an operator to say."""
    if report.count_banned:
        screen.line("attention-banned", count=report.count_banned)
    for payment_id, user_id in report.paid_though_banned:
        reference = reference_of(payment_id)
        screen.line("attention-banned-line", reference=reference, id=str(user_id))


def _failing(screen: ScreenBuilder, report: AttentionReport) -> None:
    screen.line("attention-failing", count=len(report.failing))
    for item, error in report.failing[:_MAX_FAILING]:
        screen.line(
            "attention-failing-line",
            what=item_name(screen.words, item, report.orders_of_codes.get(item, 0)),
            trouble=trouble_name(screen.words, error[:_LONGEST_NAME]),
        )
    if more := len(report.failing[_MAX_FAILING:]):
        screen.line("attention-more", count=more)


def item_name(words: Words, item: Item, order_id: int = 0) -> str:
    """What an item is, in words, with its number; of codes, that of their order, where it is known."""
    if order_id and item.kind is ItemKind.HIDE:
        return words.plain("item-hide-order", id=f"#{order_id}")
    return words.plain(f"item-{item.kind}", id=f"#{item.id}" if item.is_order else str(item.id))


def job_name(words: Words, sweep: str) -> str:
    """What a sweep does, in words, with the supplier that it serves; what has no words stays a name."""
    for job in Job:
        key = f"job-{job.replace(' ', '-')}"
        if sweep == job:
            return words.plain(key, supplier="—")
        if sweep.startswith(f"{job} "):
            return words.plain(key, supplier=sweep.removeprefix(f"{job} "))
    return sweep
