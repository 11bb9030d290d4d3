"""Operators' commands. Others never get here: for them these commands do not exist."""

from decimal import Decimal, InvalidOperation

from telegram import Update

from bot.domain.money import parse_amount, parse_count
from bot.domain.pricing import Markup, MarkupScope
from bot.errors import BadCommand, NotFound
from bot.services import browse
from bot.services.access import check_access
from bot.services.catalogue import set_markup
from bot.services.inbox import bring_back_updates
from bot.services.nightly import audit_now
from bot.services.pauses import resume_selling
from bot.services.refund import ask_refund, confirm_refund
from bot.services.report import (
    Span,
    report_attention,
    report_balances,
    report_order,
    report_stats,
)
from handlers.screens import operator as screens
from handlers.visit import Visit, arguments, must_be_operator, press_of

_NOTE = 300
_SCOPES = {"c": MarkupScope.CATEGORY, "p": MarkupScope.PRODUCT, "d": MarkupScope.DENOMINATION}
_MOST_PERCENT = Decimal(1000)


async def stats(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    asked = press_of(update).args[0] if update.callback_query else arguments(update).lower()
    if asked and asked not in set(Span):
        raise BadCommand("/stats today | 7d | 30d | all")
    span = Span(asked or "today")
    await visit.show(update, screens.stats(visit.words, span, await report_stats(visit.shop, span)))


async def balance(update: Update, visit: Visit) -> None:
    reports = await report_balances(visit.shop)
    await visit.show(update, screens.balance(visit.words, reports, visit.desk.zone))


async def order(update: Update, visit: Visit) -> None:
    order_id = parse_count(arguments(update).replace("#", ""))
    if order_id is None:
        raise BadCommand("/order 1042")
    report = await report_order(visit.shop, order_id)
    await visit.show(update, screens.order(visit.words, report, visit.desk.zone))


async def refund(update: Update, visit: Visit) -> None:
    """`/refund <id> <reason>`; asks first where the supplier may still deliver."""
    number, _, reason = arguments(update).partition(" ")
    order_id = parse_count(number.replace("#", ""))
    if order_id is None or not reason.strip():
        raise BadCommand("/refund 1042 out of stock at the supplier")
    it, amount, action_id = await ask_refund(
        visit.shop,
        key=f"update:{update.update_id}",
        operator_id=visit.customer.id,
        order_id=order_id,
        reason=reason.strip()[:_NOTE],
    )
    if action_id is None:
        await visit.show(update, screens.refund_done(visit.words, it, amount))
    else:
        await visit.show(update, screens.refund_ask(visit.words, it, amount, action_id))


async def decide_refund(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    press = press_of(update)
    if press.args[1] != "1":
        await visit.show(update, screens.note(visit.words, "refund-kept"))
        return
    it, amount = await confirm_refund(visit.shop, visit.customer.id, press.number())
    await visit.show(update, screens.refund_done(visit.words, it, amount))


async def try_circuit(update: Update, visit: Visit) -> None:
    """One question to the supplier, at an operator's word: is the key good again?"""
    must_be_operator(visit)
    supplier = press_of(update).args[0]
    if supplier not in visit.shop.suppliers:
        raise NotFound
    await visit.answer(update)
    account = await check_access(visit.shop, supplier)
    if account.paused_for_access:
        await visit.send(update, screens.note(visit.words, "circuit-still", code="—"))
    else:
        visit.shop.wake("place")
        await visit.show(update, screens.note(visit.words, "circuit-closed"))


async def audit(update: Update, visit: Visit) -> None:
    found, silent = await audit_now(visit.shop)
    report = await report_attention(visit.shop)
    await visit.show(update, screens.audit(visit.words, found, silent, paused=report.paused))


async def attention(update: Update, visit: Visit) -> None:
    await visit.show(update, screens.attention(visit.words, await report_attention(visit.shop)))


async def sell_again(update: Update, visit: Visit) -> None:
    must_be_operator(visit)
    key, operator_id = f"update:{update.update_id}", visit.customer.id
    done = await resume_selling(visit.shop, key=key, operator_id=operator_id)
    await visit.show(update, screens.note(visit.words, "resumed" if done else "resumed-not"))


async def try_again(update: Update, visit: Visit) -> None:
    """What was set aside is worked on once more, in the order it came."""
    must_be_operator(visit)
    key, operator_id = f"update:{update.update_id}", visit.customer.id
    rows = await bring_back_updates(visit.shop, key=key, operator_id=operator_id)
    if rows:
        await visit.show(update, screens.note(visit.words, "brought-back", count=len(rows)))
        await visit.desk.replay(rows)
    else:
        await visit.show(update, screens.note(visit.words, "brought-back-none"))


async def markup(update: Update, visit: Visit) -> None:
    """`/markup` lists; `/markup c3 5 20` sets percent and fixed amount; `/markup c3 off` removes."""
    words = arguments(update).split()
    if not words:
        policy, shelf = visit.shop.policy.pricing, browse.list_categories(visit.shop)
        await visit.show(update, screens.prices(visit.words, policy, shelf))
        return
    scope, target = _SCOPES.get(words[0][:1]), parse_count(words[0][1:])
    rule = _markup(words[1:])
    if scope is None or target is None or isinstance(rule, str):
        raise BadCommand("/markup c3 5 20")
    await set_markup(visit.shop, (scope, target), rule)
    percent, fixed = (rule.percent, rule.fixed_minor) if rule else (None, 0)
    await visit.show(update, screens.markup_set(visit.words, words[0], percent, fixed))


def _markup(words: list[str]) -> Markup | str | None:
    """The rule that was typed; None for "off"; a string where it cannot be read."""
    if words == ["off"]:
        return None
    try:
        percent = Decimal(words[0].rstrip("%").replace(",", ".")) if words else Decimal("nan")
    except InvalidOperation:
        return "percent"
    fixed = parse_amount(words[1]) if len(words) > 1 else 0
    if not percent.is_finite() or not 0 <= percent <= _MOST_PERCENT or fixed is None or fixed < 0:
        return "range"
    return Markup(percent, fixed)
