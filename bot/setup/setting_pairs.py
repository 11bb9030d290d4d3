"""Settings that follow from another answer: the address that belongs to a key, keys of a new shop."""

from datetime import UTC, datetime
from typing import Final

from bot.setup.draft import Draft, default_of
from bot.vault import new_key

# By the setting of a key: that of the address, the prefix of test keys and where they are used.
_ADDRESSES: Final = {
    "STARSHIP_API_KEY": (
        "STARSHIP_BASE_URL",
        ("sk_live_", "sk_test_"),
        "https://api-playground.starshiprewards.com",
    ),
    "CHARGILY_SECRET_KEY": (
        "CHARGILY_BASE_URL",
        ("live_", "test_"),
        "https://pay.chargily.net/test/api/v2",
    ),
}


def follow_up(draft: Draft, name: str) -> None:
    """Set what follows from an answer that was given now."""
    if name == "STARSHIP_DINARS" and draft.get(name) != draft.former(name):
        draft.put("STARSHIP_DINARS_SINCE", today())  # until another day is answered
    set_address(draft, name)


def set_address(draft: Draft, name: str) -> None:
    """Set the address that belongs to a key; one that is neither of the two is left alone."""
    if name not in _ADDRESSES:
        return
    address, (live, test), for_tests = _ADDRESSES[name]
    present = draft.get(address) or default_of(address)
    if present not in (default_of(address), for_tests):
        return
    key = draft.get(name)
    if key.startswith(test):
        draft.put(address, for_tests)
    elif key.startswith(live):
        draft.put(address, default_of(address))


def today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


def make_keys(draft: Draft) -> bool:
    """Make a key where there is none; one that is there is never replaced. Tells whether it was made."""
    if draft.get("HANOUT_KEYS") or draft.is_mounted("HANOUT_KEYS"):
        return False
    draft.put("HANOUT_KEYS", new_key(f"k{datetime.now(UTC):%Y%m%d}"))
    return True
