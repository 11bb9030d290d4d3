"""What every update passes before and after its handler: one ordered list, put together in `handlers.application`."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from telegram import Update
from telegram.ext import Application

CallNext = Callable[[Update], Awaitable[None]]
ShopApplication = Application[Any, Any, Any, Any, Any, Any]


class Middleware(Protocol):
    async def __call__(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        """Work on an update by `call_next`, once, again, or not at all."""
        ...
