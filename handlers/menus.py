"""The command menus and the bot's description, per language; operators' commands in their chats only."""

import logging

from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

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
OPERATOR_COMMANDS = ("stats", "balance", "credit", "order", "refund", "markup")

_log = logging.getLogger(__name__)


def _commands(in_words: Words, names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(name, in_words.plain(f"menu-{name}")) for name in names]


async def set_menus(bot: ExtBot[None], operators: dict[int, str]) -> None:
    """Menus and descriptions for everybody, then the operators' own (`operators`: id to locale)."""
    for locale in LOCALES:
        in_words, code = words(locale), "" if locale == "en" else locale
        await bot.set_my_commands(
            _commands(in_words, CUSTOMER_COMMANDS),
            scope=BotCommandScopeAllPrivateChats(),
            language_code=code,
        )
        await bot.set_my_description(in_words.plain("bot-description"), language_code=code)
        await bot.set_my_short_description(
            in_words.plain("bot-short-description"), language_code=code
        )
    for operator_id, locale in operators.items():
        await set_chat_menu(bot, operator_id, words(locale), operator=True)


async def set_chat_menu(
    bot: ExtBot[None], chat_id: int, in_words: Words, *, operator: bool
) -> None:
    """The menu of one chat, in the language chosen there."""
    names = OPERATOR_COMMANDS + CUSTOMER_COMMANDS if operator else CUSTOMER_COMMANDS
    try:
        await bot.set_my_commands(_commands(in_words, names), scope=BotCommandScopeChat(chat_id))
    except TelegramError as error:  # an operator who has not written to the bot yet
        _log.warning("the menu of one chat could not be set: %s", type(error).__name__)
