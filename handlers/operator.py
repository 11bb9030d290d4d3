"""Handlers for operators' commands and buttons, except those about payments and links.

Commands are registered for operators only; each handler of a button checks who pressed.
"""

from telegram import Update

from bot.domain.amounts import read_count
from bot.domain.pauses import PauseScope
from bot.domain.periods import Span
from bot.domain.price_rules import SCOPES
from bot.domain.roles import Right
from bot.domain.typed_rules import fault_of_amount, read_typed_rule
from bot.refusals import BadAmount, BadCommand, BadPercent, NotFound
from bot.services.catalogue import browse
from bot.services.catalogue.markups import set_markup
from bot.services.catalogue.refresh import release_value
from bot.services.messaging.inbox import release_updates
from bot.services.operations.failing import retry_failing
from bot.services.operations.nightly import audit_now
from bot.services.operations.reports import (
    report_attention,
    report_balances,
    report_order,
    report_stats,
)
from bot.services.orders.refund import ask_refund, confirm_refund, view_asked, view_compensated
from bot.services.selling.access import check_access
from bot.services.selling.hand_pauses import list_pauses
from bot.services.selling.pauses import resume_selling
from handlers.context import (
    ShopContext,
    arguments,
    operators_words,
    press_of,
)
from handlers.screens import attention as attention_screens
from handlers.screens import operator as screens

_MAX_NOTE = 300


async def stats(update: Update, context: ShopContext) -> None:
    asked = press_of(update).args[0] if update.callback_query else arguments(update).lower()
    if asked and asked not in set(Span):
        raise BadCommand("/stats today | 7d | 30d | all")
    span = Span(asked or "today")
    figures, profit = await report_stats(context.shop, span), await context.may(Right.PROFIT)
    await context.show(update, screens.stats(context.words, span, figures, profit=profit))


async def balance(update: Update, context: ShopContext) -> None:
    reports = await report_balances(context.shop)
    await context.show(update, screens.balance(context.words, reports, context.bot_state.zone))


async def order(update: Update, context: ShopContext) -> None:
    order_id = read_count(arguments(update).replace("#", ""))
    if order_id is None:
        raise BadCommand("/order 1042")
    with operators_words(f"#{order_id}"):
        report = await report_order(context.shop, order_id)
    await context.show(update, screens.order(context.words, report, context.bot_state.zone))


async def refund(update: Update, context: ShopContext) -> None:
    """`/refund <id> <reason>`: refunds, or asks first if the supplier may still deliver."""
    number, *reason = arguments(update).split(maxsplit=1) or [""]
    order_id = read_count(number.replace("#", ""))
    if order_id is None or not reason:
        raise BadCommand("/refund 1042 out of stock at the supplier")
    with operators_words(f"#{order_id}"):
        refunded, amount, action_id = await ask_refund(
            context.shop,
            key=context.key_of(update),
            operator_id=context.customer.id,
            order_id=order_id,
            reason=reason[0].strip()[:_MAX_NOTE],
        )
    if action_id is None:
        await context.show(update, screens.refund_done(context.words, refunded, amount))
    else:
        before = await view_compensated(context.shop, refunded)
        screen = screens.ask_refund(context.words, refunded, amount, action_id, before)
        await context.show(update, screen)


async def decide_refund(update: Update, context: ShopContext) -> None:
    """The answer to the question of `refund`."""
    press = press_of(update)
    if press.args[1] != "1":
        order = await view_asked(context.shop, context.customer.id, press.number())
        await context.show(update, screens.refund_dropped(context.words, order))
        return
    refunded, amount = await confirm_refund(context.shop, context.customer.id, press.number())
    zone = context.bot_state.zone
    await context.show(update, screens.refund_done(context.words, refunded, amount, zone))


async def try_circuit(update: Update, context: ShopContext) -> None:
    """Ask the supplier whether it accepts the key again, and sell again if so."""
    supplier = press_of(update).args[0]
    if supplier not in context.shop.suppliers:
        raise NotFound
    await context.answer(update)
    account = await check_access(context.shop, supplier)
    if account.paused_for_access:
        await context.send(update, screens.note(context.words, "circuit-still", code="—"))
    else:
        await context.show(update, screens.note(context.words, "circuit-closed"))


async def audit(update: Update, context: ShopContext) -> None:
    found, silent = await audit_now(context.shop)
    report = await report_attention(context.shop)
    await context.show(update, screens.audit(context.words, found, silent, paused=report.paused))


async def attention(update: Update, context: ShopContext) -> None:
    await context.show(
        update, attention_screens.attention(context.words, await report_attention(context.shop))
    )


async def sell_again(update: Update, context: ShopContext) -> None:
    key, operator_id = context.key_of(update), context.customer.id
    done = await resume_selling(context.shop, key=key, operator_id=operator_id)
    said = "resumed" if done else "resumed-not"
    pauses = await list_pauses(context.shop)
    if done and any(view.pause.scope is PauseScope.SHOP for view in pauses):
        said = "resumed-in-part"
    await context.show(update, screens.note(context.words, said))


async def sell_value(update: Update, context: ShopContext) -> None:
    """Put a value back on the shelf that is held because its cost was in doubt."""
    key, value = context.key_of(update), press_of(update).number()
    done = await release_value(context.shop, value, key=key, operator_id=context.customer.id)
    text = "value-released" if done else "value-released-not"
    await context.show(update, screens.note(context.words, text))


async def retry_quarantined(update: Update, context: ShopContext) -> None:
    """Handle all quarantined updates once more, in the order they came."""
    key, operator_id = context.key_of(update), context.customer.id
    rows = await release_updates(context.shop, key=key, operator_id=operator_id)
    if rows:
        await context.show(update, screens.note(context.words, "brought-back", count=len(rows)))
        await context.replay(rows)
    else:
        await context.show(update, screens.note(context.words, "brought-back-none"))


async def try_failing_again(update: Update, context: ShopContext) -> None:
    """Try everything again that fails by itself, and show what is left."""
    await context.answer(update)
    tried, failed = await retry_failing(context.shop)
    report = await report_attention(context.shop)
    await context.show(update, attention_screens.tried_again(context.words, tried, failed, report))


async def markup(update: Update, context: ShopContext) -> None:
    """`/markup` lists, `/markup c3 5 20` sets percent and amount, `/markup c3 off` removes both."""
    typed_target, *rest = arguments(update).split(maxsplit=1) or [""]
    if not typed_target:
        policy, categories = context.shop.policy.pricing, browse.list_categories(context.shop)
        await context.show(update, screens.prices(context.words, policy, categories))
        return
    scope, target = SCOPES.get(typed_target[:1]), read_count(typed_target[1:])
    typed_rule = read_typed_rule(rest[0] if rest else "")
    usage = "/markup c3 5 20"
    if scope is None or target is None or not rest:
        raise BadCommand(usage)
    if typed_rule is None:
        fault = fault_of_amount(rest[0])
        raise BadAmount(fault, usage) if fault else BadPercent(usage)
    rule = typed_rule.markup
    with operators_words(typed_target):
        await set_markup(context.shop, (scope, target), rule, context.editor(update))
    percent, fixed = (rule.percent, rule.fixed_minor) if rule else (None, 0)
    await context.show(update, screens.markup_set(context.words, typed_target, percent, fixed))
