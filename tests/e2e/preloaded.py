"""What a process of the shop imports and reads before it does anything; forked.py forks from a process that has done it."""

import aiosqlite
import anyio._backends._asyncio
import apscheduler.triggers.interval
import httpcore

import bot.auditor
import bot.cli
import bot.doctor
import bot.log
import bot.run
from locales import LOCALES, words

__all__ = ["aiosqlite", "anyio", "apscheduler", "bot", "httpcore"]

for _locale in LOCALES:
    words(_locale).plain("home")
    words(_locale).money(100)
