"""What answers each command and each press, and the right that those of operators need."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update

from bot.domain.roles import Right
from handlers import (
    account,
    again,
    charts,
    curating,
    customers,
    exports,
    finding,
    linking,
    my_orders,
    news,
    operator,
    operator_payments,
    pausing,
    payments,
    pictures,
    prices,
    privacy,
    stock,
    support,
    team,
    walk,
    watches,
)
from handlers.context import ShopContext
from handlers.rights import RightsNeeded

Handler = Callable[[Update, ShopContext], Coroutine[Any, Any, Any]]
Restricted = tuple[Handler, Right]  # a handler, and the right that whoever sends it needs

PRESSES: dict[str, Handler] = {
    "home": finding.home,
    "cat": walk.category,
    "shelf": walk.shelf,
    "brand": walk.brand,
    "find": finding.ask_words,
    "worth": finding.brand_with_value,
    "face": walk.face,
    "prod": walk.product,
    "vals": walk.values,
    "pic": pictures.show,
    "picx": pictures.close,
    "den": walk.denomination,
    "sold": watches.sold_out,
    "watch": watches.watch,
    "unwatch": watches.unwatch,
    "watches": watches.watches,
    "qty": walk.quantity,
    "buy": walk.press_buy,
    "orders": my_orders.list_orders,
    "order": my_orders.one_order,
    "rebuy": again.rebuy,
    "show": my_orders.show_codes,
    "hide": my_orders.hide,
    "how": my_orders.how_to_redeem,
    "problem": my_orders.problem,
    "ask": my_orders.ask_support,
    "receipt": my_orders.summary,
    "remind": my_orders.remind,
    "wallet": account.wallet,
    "topup": payments.list_methods,
    "ways": payments.choose_method,
    "top": payments.choose_amount,
    "type": payments.ask_amount,
    "pay": payments.pay,
    "paid": payments.press_paid,
    "cancel": payments.cancel,
    "case": support.paysupport,
    "tell": support.tell,
    "solved": support.end,
    "reopen": support.reopen,
    "stop": account.page("cancelled"),
    "langs": account.languages,
    "lang": account.set_language,
    "news": account.news,
    "privacy": privacy.privacy,
    "mydata": privacy.my_data,
    "forget": privacy.forget,
    "erase": privacy.erase,
    "tyes": team.accept,
}
COMMANDS: dict[str, Handler] = {
    "start": walk.start,
    "shop": finding.home,
    "search": finding.search_command,
    "orders": my_orders.list_orders,
    "wallet": account.wallet,
    "language": account.languages,
    "help": account.page("help"),
    "privacy": privacy.privacy,
    "terms": account.page("terms"),
    "paysupport": support.paysupport,
    "cancel": account.page("cancelled"),
}
OPERATOR_COMMANDS: dict[str, Restricted] = {
    "stats": (operator.stats, Right.STATS),
    "export": (exports.export, Right.EXPORT),
    "balance": (operator.balance, Right.PROFIT),
    "credit": (operator_payments.credit, Right.CREDIT),
    "payments": (operator_payments.payments, Right.CUSTOMERS),
    "actions": (operator_payments.actions, Right.ACTIONS),
    "order": (operator.order, Right.CUSTOMERS),
    "user": (customers.user, Right.CUSTOMERS),
    "refund": (operator.refund, Right.REFUND),
    "markup": (operator.markup, Right.PRICES),
    "prices": (prices.prices, Right.PRICES),
    "link": (linking.link, Right.CATALOGUE),
    "catalogue": (curating.catalogue, Right.CATALOGUE),
    "stock": (stock.stock, Right.STOCK_COUNTS),
    "news": (news.news, Right.NEWS),
    "pause": (pausing.pause, Right.PAUSE),
    "resume": (pausing.resume, Right.PAUSE),
    "audit": (operator.audit, Right.BOOKS),
    "attention": (operator.attention, Right.ATTENTION),
    "team": (team.team, Right.TEAM),
}
OPERATOR_PRESSES: dict[str, Restricted] = {
    "stats": (operator.stats, Right.STATS),
    "chart": (charts.chart, Right.STATS),
    "exp": (exports.decide, Right.EXPORT),
    "refund": (operator.decide_refund, Right.REFUND),
    "circuit": (operator.try_circuit, Right.KEYS),
    "resume": (operator.sell_again, Right.BOOKS),
    "value": (operator.sell_value, Right.PRICES),
    "link": (linking.confirm, Right.CATALOGUE),
    "inbox": (operator.retry_quarantined, Right.ATTENTION),
    "again": (operator.try_failing_again, Right.ATTENTION),
    "credit": (operator_payments.decide_credit, Right.CREDIT),
    "accept": (operator_payments.accept, Right.RECEIPTS),
    "amount": (operator_payments.decide_amount, Right.RECEIPTS),
    "reject": (operator_payments.reject, Right.RECEIPTS),
    "return": (operator_payments.press_refund, Right.STARS),
    "back": (operator_payments.decide_refund, Right.STARS),
    "actions": (operator_payments.actions, Right.ACTIONS),
    "method": (operator_payments.switch_method_on, Right.METHODS),
    "settled": (support.press_close_case, Right.CASES),
    "uban2": (customers.decide_ban, Right.BAN),
    "pzu": (pausing.press_until, Right.PAUSE),
    "pzp": (pausing.press_paid, Right.PAUSE),
    "pzgo": (pausing.decide, Right.PAUSE),
    "unpz": (pausing.press_lift, Right.PAUSE),
    "nstop": (news.stop, Right.NEWS),
    "sask": (stock.ask_withdraw, Right.STOCK),
    "sout": (stock.confirm_withdraw, Right.STOCK),
}
# These lead back to the shop from a conversation with support: what is typed then is searched for.
_SHOP_PRESSES = frozenset(
    {
        *("home", "cat", "shelf", "brand", "find", "worth", "face", "prod", "vals"),
        *("den", "sold"),
        *("watch", "unwatch", "watches", "qty", "buy", "rebuy"),
        *("topup", "ways", "top", "type", "pay", "stop"),
    }
)
_SHOP_COMMANDS = frozenset({"start", "shop", "search", "cancel"})
# These ask an operator to type something, or lead away from such a question, so they are entry points
# of the conversation.
OPERATOR_QUESTIONS: dict[str, Restricted] = {
    "payment": (operator_payments.one_payment, Right.CUSTOMERS),
    "other": (operator_payments.ask_other_amount, Right.RECEIPTS),
    "why": (operator_payments.choose_reason, Right.RECEIPTS),
    "user": (customers.page, Right.CUSTOMERS),
    "uord": (customers.orders, Right.CUSTOMERS),
    "umon": (customers.money, Right.CUSTOMERS),
    "upay": (customers.payments, Right.CUSTOMERS),
    "ucred": (customers.ask_credit, Right.CREDIT),
    "unote": (customers.ask_note, Right.NOTES),
    "umsg": (customers.ask_words, Right.CASES),
    "uban": (customers.press_ban, Right.BAN),
    "ubanw": (customers.choose_reason, Right.BAN),
    "pz": (pausing.press_scope, Right.PAUSE),
    "pzfind": (pausing.ask_product, Right.PAUSE),
    "pzr": (pausing.press_reason, Right.PAUSE),
    **{verb: (handler, Right.NEWS) for verb, handler in news.DRAFT_PRESSES.items()},
    "stock": (stock.stock, Right.STOCK_COUNTS),
    "sval": (stock.one_value, Right.STOCK_COUNTS),
    "sadd": (stock.ask_names, Right.STOCK),
    "sload": (stock.ask_cost, Right.STOCK),
    "sgo": (stock.decide, Right.STOCK),
    "prices": (prices.press_categories, Right.PRICES),
    "prbelow": (prices.press_below, Right.PRICES),
    "cprice": (prices.press_product, Right.PRICES),
    "prcat": (prices.press_category, Right.PRICES),
    "prpage": (prices.press_page, Right.PRICES),
    "prup": (prices.press_up, Right.PRICES),
    "prdown": (prices.press_down, Right.PRICES),
    "prtype": (prices.ask_rule, Right.PRICES),
    "prwhich": (prices.press_which, Right.PRICES),
    "prvalue": (prices.ask_value, Right.PRICES),
    "prundo": (prices.press_undo, Right.PRICES),
    "prgo": (prices.decide, Right.PRICES),
    "team": (team.team, Right.TEAM),
    "tmem": (team.one_member, Right.TEAM),
    "tadd": (team.ask_whom, Right.TEAM),
    "trole": (team.choose_role, Right.TEAM),
    "tcap": (team.ask_cap, Right.TEAM),
    "tout": (team.ask_removal, Right.TEAM),
    "tgo": (team.decide_removal, Right.TEAM),
    **{verb: (press, Right.CATALOGUE) for verb, press in curating.PRESSES.items()},
}
# These commands ask for something as well.
OPERATOR_ASKING = frozenset({"catalogue", "prices", "stock", "team", "user"})
NEEDED = RightsNeeded(
    {name: right for name, (_, right) in OPERATOR_COMMANDS.items()},
    {verb: right for verb, (_, right) in (OPERATOR_PRESSES | OPERATOR_QUESTIONS).items()},
)
# All that is left to somebody whom the shop serves no more: what they paid for, their data, support.
FOR_BANNED_PRESSES = frozenset(
    {
        *("orders", "order", "show", "hide", "how", "receipt", "problem", "ask"),
        *("case", "solved", "reopen", "stop", "news", "privacy", "mydata", "forget", "erase"),
        "picx",
    }
)
FOR_BANNED_COMMANDS = frozenset({"orders", "privacy", "paysupport", "cancel"})
