"""The interface of middleware; `handlers.application` holds the ordered list."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from telegram import Update
from telegram.ext import Application

CallNext = Callable[[Update], Awaitable[None]]
ShopApplication = Application[Any, Any, Any, Any, Any, Any]


class Middleware(Protocol):
    """A layer around the rest of the handling, which is `call_next`."""

    async def __call__(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        """Handle an update by calling `call_next` once, several times, or not at all."""
        ...
