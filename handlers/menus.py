"""Sets the command menus and the bot's description in each language, and operators' own menus."""

import logging
from collections.abc import Coroutine
from typing import Any

from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.priorities import Priority
from locales import LOCALES, Words, words

CUSTOMER_COMMANDS = (
    "start",
    "shop",
    "search",
    "orders",
    "wallet",
    "language",
    "help",
    "privacy",
    "terms",
    "paysupport",
    "cancel",
)
OPERATOR_COMMANDS = (
    "stats",
    "balance",
    "credit",
    "payments",
    "actions",
    "order",
    "refund",
    "markup",
    "link",
    "audit",
    "attention",
)

_log = logging.getLogger(__name__)


def _commands(in_words: Words, names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(name, in_words.plain(f"menu-{name}")) for name in names]


async def set_menus(bot: ExtBot[Priority], operators: dict[int, str]) -> None:
    """Set menus and descriptions for all private chats, then the menus of the operators' chats.

    `operators` maps their ids to their languages.
    """
    everybody = BotCommandScopeAllPrivateChats()
    for locale in LOCALES:
        # Not "": PTB with defaults writes an empty text as a list.
        w, code = words(locale), None if locale == "en" else locale
        commands = _commands(w, CUSTOMER_COMMANDS)
        await _attempt(bot.set_my_commands(commands, scope=everybody, language_code=code))
        await _attempt(bot.set_my_description(w.plain("bot-description"), language_code=code))
        short = w.plain("bot-short-description")
        await _attempt(bot.set_my_short_description(short, language_code=code))
    for operator_id, locale in operators.items():
        await set_chat_menu(bot, operator_id, words(locale), operator=True)


async def _attempt(call: Coroutine[Any, Any, bool]) -> None:
    """Log a failure and go on: the shop works without menus."""
    try:
        await call
    except TelegramError as error:
        _log.warning("a menu could not be set: %s", type(error).__name__)


async def set_chat_menu(
    bot: ExtBot[Priority], chat_id: int, in_words: Words, *, operator: bool
) -> None:
    """Set the menu of one chat, in the language that is chosen there."""
    names = OPERATOR_COMMANDS + CUSTOMER_COMMANDS if operator else CUSTOMER_COMMANDS
    # For an operator who has not written to the bot yet this fails: there is no chat.
    commands = _commands(in_words, names)
    await _attempt(bot.set_my_commands(commands, scope=BotCommandScopeChat(chat_id)))
