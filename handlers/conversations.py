"""Keeps the state of conversations in the database, through PTB's persistence interface."""

from typing import Any

from telegram.ext import BasePersistence, PersistenceInput

from bot.domain.records import Conversation
from storage.store import Store
from storage.transaction import Transaction

NAME = "walk"


class ConversationPersistence(BasePersistence[dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """PTB's persistence in the table of conversations.

    The inbox writes changes, in one transaction with the updates that caused them.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(
            PersistenceInput(bot_data=False, chat_data=False, user_data=True, callback_data=False)
        )
        self._store = store
        self._states: dict[int, object] = {}
        self._data: dict[int, dict[str, int]] = {}
        self._changed: set[int] = set()

    async def load(self) -> None:
        """Read all conversations. To be called once, before the first update."""
        async with self._store.reading() as tx:
            for row in await tx.conversations.all():
                self._states[row.user_id] = row.state
                self._data[row.user_id] = row.data

    def has_question(self, user_id: int) -> bool:
        """Whether a question waited for this customer's text before the update that is handled now."""
        return user_id in self._states

    def state_of(self, user_id: int) -> object | None:
        """The question that waited for their text before the update that is handled now."""
        return self._states.get(user_id)

    def take_changes(self) -> set[int]:
        """The customers whose conversations changed since the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def put_back(self, changed: set[int]) -> None:
        """Return what `take_changes` gave, because it could not be written."""
        self._changed |= changed

    async def write(self, tx: Transaction, changed: set[int]) -> None:
        """Store these customers' conversations and delete those that ended, in two statements."""
        ended = [user_id for user_id in changed if user_id not in self._states]
        for user_id in ended:
            self._data.pop(user_id, None)
        waiting = [
            Conversation(user_id, NAME, str(self._states[user_id]), self._data.get(user_id, {}))
            for user_id in changed
            if user_id in self._states
        ]
        await tx.conversations.drop(ended, NAME)
        await tx.conversations.save(waiting)

    async def get_conversations(self, name: str) -> dict[Any, Any]:
        return {(user_id, user_id): state for user_id, state in self._states.items()}

    async def update_conversation(self, name: str, key: Any, new_state: object | None) -> None:
        user_id = int(key[-1])
        if new_state is None:
            if self._states.pop(user_id, None) is None:
                return
        else:
            self._states[user_id] = new_state
        self._changed.add(user_id)

    async def get_user_data(self) -> dict[int, dict[Any, Any]]:
        return {user_id: dict(data) for user_id, data in self._data.items()}

    async def update_user_data(self, user_id: int, data: dict[Any, Any]) -> None:
        if self._data.get(user_id, {}) != data:
            self._data[user_id] = dict(data)
            if user_id in self._states:
                self._changed.add(user_id)

    async def drop_user_data(self, user_id: int) -> None:
        self._data.pop(user_id, None)

    async def flush(self) -> None:
        """Nothing to do: the inbox writes changes."""

    async def refresh_user_data(self, user_id: int, user_data: dict[Any, Any]) -> None:
        """Nothing to do: no other process changes the conversations."""

    async def get_bot_data(self) -> dict[Any, Any]:
        return {}

    async def get_chat_data(self) -> dict[int, dict[Any, Any]]:
        return {}

    async def get_callback_data(self) -> None:
        return None

    async def update_bot_data(self, data: dict[Any, Any]) -> None:
        """Not stored."""

    async def update_chat_data(self, chat_id: int, data: dict[Any, Any]) -> None:
        """Not stored."""

    async def update_callback_data(self, data: Any) -> None:
        """Not stored."""

    async def drop_chat_data(self, chat_id: int) -> None:
        """Not stored."""

    async def refresh_bot_data(self, bot_data: dict[Any, Any]) -> None:
        """Not stored."""

    async def refresh_chat_data(self, chat_id: int, chat_data: dict[Any, Any]) -> None:
        """Not stored."""
