"""Sets the command menus and the bot's description in each language, and operators' own menus."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import RetryAfter, TelegramError
from telegram.ext import ExtBot

from handlers.edge import UNREADABLE, explain, wait_of
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
    "export",
    "balance",
    "credit",
    "payments",
    "actions",
    "order",
    "user",
    "refund",
    "markup",
    "prices",
    "link",
    "catalogue",
    "stock",
    "news",
    "pause",
    "resume",
    "audit",
    "attention",
    "team",
)

_log = logging.getLogger(__name__)
_LONGEST_WAIT_SECONDS: Final = 3600.0


def _commands(in_words: Words, names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(name, in_words.plain(f"menu-{name}")) for name in names]


async def set_menus(
    bot: ExtBot[Priority], operators: Mapping[int, tuple[str, Collection[str]]]
) -> None:
    """Set menus and descriptions for all private chats, then the menus of the operators' chats.

    `operators` maps their ids to their languages and the commands that exist for them. Only what differs is set: Telegram makes a bot
    that sets its menus at each start wait for long.
    """
    everybody = BotCommandScopeAllPrivateChats()
    for locale in LOCALES:
        # Not "": PTB with defaults writes an empty text as a list.
        w, code = words(locale), None if locale == "en" else locale
        await _set_commands(bot, _commands(w, CUSTOMER_COMMANDS), everybody, code, patient=True)
        await _set_description(bot, w.plain("bot-description"), code)
        await _set_short_description(bot, w.plain("bot-short-description"), code)
    for operator_id, (locale, own) in operators.items():
        await set_chat_menu(bot, operator_id, words(locale), own, patient=True)


async def _set_commands(
    bot: ExtBot[Priority],
    wanted: list[BotCommand],
    scope: BotCommandScope,
    code: str | None,
    *,
    patient: bool,
) -> None:
    async def is_set() -> bool:
        return list(await bot.get_my_commands(scope=scope, language_code=code)) == wanted

    def change() -> Awaitable[bool]:
        return bot.set_my_commands(wanted, scope=scope, language_code=code)

    await _attempt(is_set, change, patient=patient)


async def _set_description(bot: ExtBot[Priority], wanted: str, code: str | None) -> None:
    async def is_set() -> bool:
        return (await bot.get_my_description(language_code=code)).description == wanted

    await _attempt(is_set, lambda: bot.set_my_description(wanted, language_code=code))


async def _set_short_description(bot: ExtBot[Priority], wanted: str, code: str | None) -> None:
    async def is_set() -> bool:
        found = await bot.get_my_short_description(language_code=code)
        return found.short_description == wanted

    await _attempt(is_set, lambda: bot.set_my_short_description(wanted, language_code=code))


async def _attempt(
    is_set: Callable[[], Awaitable[bool]],
    change: Callable[[], Awaitable[bool]],
    *,
    patient: bool = True,
) -> None:
    """Set what is not set; if `patient`, wait once where Telegram says so.

    The shop works without menus.
    """
    for is_last in (False, True):
        try:
            if not await _is_known_to_be(is_set):
                await change()
        except RetryAfter as error:
            if is_last or not patient:
                _log.warning("a menu could not be set: %s", explain(error))
                return
            await asyncio.sleep(min(wait_of(error), _LONGEST_WAIT_SECONDS))
        except (TelegramError, *UNREADABLE) as error:
            _log.warning("a menu could not be set: %s", explain(error))
            return
        else:
            return


async def _is_known_to_be(is_set: Callable[[], Awaitable[bool]]) -> bool:
    """Whether it is set already; what cannot be found out is set once more."""
    try:
        return await is_set()
    except RetryAfter:
        raise
    except (TelegramError, *UNREADABLE):
        return False


async def set_chat_menu(
    bot: ExtBot[Priority],
    chat_id: int,
    in_words: Words,
    own: Collection[str],
    *,
    patient: bool = False,
) -> None:
    """Set the menu of one chat, in the language that is chosen there; `own`: an operator's commands.

    Not `patient`: a person waits for it.
    """
    names = tuple(name for name in OPERATOR_COMMANDS if name in own) + CUSTOMER_COMMANDS
    # For an operator who has not written to the bot yet this fails: there is no chat.
    await _set_commands(
        bot, _commands(in_words, names), BotCommandScopeChat(chat_id), None, patient=patient
    )
