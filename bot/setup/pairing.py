"""Reads an operator's Telegram id from a message to the bot, while no shop runs: a number proves whose it is.

The updates are looked at and not confirmed, so none is lost to the shop that opens later.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError
from telegram.error import TelegramError

from bot.domain.money import western_digits
from bot.factories import build_bot
from bot.health.machine import is_running
from bot.settings import Settings
from bot.setup.console import Console
from bot.setup.draft import Draft
from bot.setup.verdicts import Facts
from handlers.edge import UNREADABLE
from storage.snapshot import SQLITE, kind_of

SECONDS: Final = 120.0
_POLL_SECONDS: Final = 5.0
_MOST: Final = 100
_LONGEST_NAME: Final = 60
_FEWEST, _CODES = 100_000, 900_000


def can_pair(draft: Draft, facts: Facts) -> bool:
    """Whether no shop of this bot can be running, as far as this machine can tell.

    Two programs that ask for the updates of one bot disturb each other.
    """
    try:
        settings = draft.settings("TELEGRAM_", "DATABASE_URL")
    except ValidationError:
        return False
    is_local = kind_of(settings.database_url) == SQLITE
    return (
        bool(facts.bot_name)
        and is_local
        and not is_running(settings)
        and not settings.telegram_webhook_url
    )


def pair(console: Console, draft: Draft, facts: Facts) -> str:
    """The ids of the operators with the sender's; empty where nobody was found, or it is somebody else."""
    code = str(_FEWEST + secrets.randbelow(_CODES))
    console.say("setup-pair-write", name=f"@{facts.bot_name}", number=code)
    found = asyncio.run(_wait_for(draft.settings("TELEGRAM_"), code))
    if found is None:
        console.say("setup-pair-none")
        return ""
    user_id, name = found
    console.say("setup-pair-found", id=str(user_id), name=name)
    if console.choose([console.text("setup-yes"), console.text("setup-no")]):
        return ""
    present = [each for each in draft.get("ADMIN_IDS").split(",") if each.strip().isdecimal()]
    return ",".join(dict.fromkeys([*(each.strip() for each in present), str(user_id)]))


async def _wait_for(settings: Settings, code: str) -> tuple[int, str] | None:
    """Who wrote this number to the bot, in a private chat; None where nobody did in time, or Telegram refuses."""
    bot = build_bot(settings)
    until = time.monotonic() + SECONDS
    try:
        await bot.initialize()
        if (await bot.get_webhook_info()).url:
            return None
        while (left := until - time.monotonic()) > 0:
            updates = await bot.fetch_updates(
                None, limit=_MOST, seconds=min(_POLL_SECONDS, max(1.0, left))
            )
            if found := _sender_of(updates, code):
                return found
            await asyncio.sleep(1.0)  # unconfirmed updates are answered at once, each time
    except (TelegramError, *UNREADABLE):
        pass
    finally:
        await bot.shutdown()
    return None


def _sender_of(updates: Sequence[object], code: str) -> tuple[int, str] | None:
    for update in updates:
        message: Any = update.get("message") if isinstance(update, dict) else None
        if not isinstance(message, dict):
            continue
        sender, chat = message.get("from"), message.get("chat")
        if not isinstance(sender, dict) or not isinstance(chat, dict):
            continue
        text = western_digits(str(message.get("text", ""))).strip()
        user_id = sender.get("id")
        if text == code and chat.get("type") == "private" and isinstance(user_id, int):
            name = str(sender.get("first_name", ""))
            return user_id, "".join(c for c in name if c.isprintable())[:_LONGEST_NAME]
    return None
