"""Service messages: what a chat tells about itself, and who is their sender.

Source: server sheet 6, 7.1 to 7.3; the fields are those of core.telegram.org/bots/api.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Shape = dict[str, Any]


@dataclass(frozen=True)
class Parts:
    """What service messages are made of: `message` is an earlier one, perhaps inaccessible."""

    user: Shape
    me: Shape
    chat: Shape
    message: Shape
    date: int


_PHOTO = [
    {"file_id": "photo-1", "file_unique_id": "p1", "file_size": 9, "width": 160, "height": 160}
]
_GIFT_STICKER = {
    "file_id": "sticker-1",
    "file_unique_id": "s1",
    "type": "regular",
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
}
_BACKGROUND = {"type": "fill", "fill": {"type": "solid", "color": 0}, "dark_theme_dimming": 0}
_UNIQUE_GIFT = {
    "gift_id": "1",
    "base_name": "Shop",
    "name": "Shop-1",
    "number": 1,
    "model": {"name": "m", "sticker": _GIFT_STICKER, "rarity_per_mille": 1},
    "symbol": {"name": "s", "sticker": _GIFT_STICKER, "rarity_per_mille": 1},
    "backdrop": {
        "name": "b",
        "colors": {"center_color": 0, "edge_color": 0, "symbol_color": 0, "text_color": 0},
        "rarity_per_mille": 1,
    },
}

# Sent with the bot as the sender, where the bot or Telegram itself did it (server sheet 6).
FROM_THE_BOT: dict[str, Callable[[Parts], Shape]] = {
    "left_chat_member": lambda p: {
        "left_chat_member": p.user,
        "left_chat_participant": p.user,  # the old name is still sent (server sheet 7.8)
    },
    "new_chat_title": lambda _: {"new_chat_title": "Hanout"},
    "new_chat_photo": lambda _: {"new_chat_photo": _PHOTO},
    "delete_chat_photo": lambda _: {"delete_chat_photo": True},
    "forum_topic_created": lambda _: {
        "forum_topic_created": {"name": "Orders", "icon_color": 7322096}
    },
    "forum_topic_edited": lambda _: {"forum_topic_edited": {}},
    "forum_topic_closed": lambda _: {"forum_topic_closed": {}},
    "forum_topic_reopened": lambda _: {"forum_topic_reopened": {}},
    "general_forum_topic_hidden": lambda _: {"general_forum_topic_hidden": {}},
    "general_forum_topic_unhidden": lambda _: {"general_forum_topic_unhidden": {}},
    "proximity_alert_triggered": lambda p: {
        "proximity_alert_triggered": {"traveler": p.user, "watcher": p.me, "distance": 5}
    },
    "video_chat_scheduled": lambda p: {
        "video_chat_scheduled": {"start_date": p.date + 60},
        "voice_chat_scheduled": {"start_date": p.date + 60},
    },
    "video_chat_started": lambda _: {"video_chat_started": {}, "voice_chat_started": {}},
    "video_chat_ended": lambda _: {
        "video_chat_ended": {"duration": 1},
        "voice_chat_ended": {"duration": 1},
    },
    "video_chat_participants_invited": lambda p: {
        "video_chat_participants_invited": {"users": [p.user]},
        "voice_chat_participants_invited": {"users": [p.user]},
    },
    "giveaway_created": lambda _: {"giveaway_created": {"prize_star_count": 500}},
    "giveaway": lambda p: {
        "giveaway": {
            "chats": [p.chat],
            "winners_selection_date": p.date + 60,
            "winner_count": 1,
            "prize_star_count": 500,
        }
    },
    "giveaway_winners": lambda p: {
        "giveaway_winners": {
            "chat": p.chat,
            "giveaway_message_id": 1,
            "winners_selection_date": p.date,
            "winner_count": 1,
            "winners": [p.user],
        }
    },
    "giveaway_completed": lambda p: {
        "giveaway_completed": {"winner_count": 1, "giveaway_message": p.message}
    },
    "suggested_post_approved": lambda p: {
        "suggested_post_approved": {"suggested_post_message": p.message, "send_date": p.date}
    },
    "suggested_post_approval_failed": lambda p: {
        "suggested_post_approval_failed": {
            "suggested_post_message": p.message,
            "price": {"currency": "XTR", "amount": 5},
        }
    },
    "suggested_post_declined": lambda p: {
        "suggested_post_declined": {"suggested_post_message": p.message}
    },
    "suggested_post_paid": lambda p: {
        "suggested_post_paid": {
            "suggested_post_message": p.message,
            "currency": "XTR",
            "star_amount": {"amount": 5},
        }
    },
    "suggested_post_refunded": lambda p: {
        "suggested_post_refunded": {
            "suggested_post_message": p.message,
            "reason": "payment_refunded",
        }
    },
    "poll_option_added": lambda p: {
        "poll_option_added": {
            "poll_message": p.message,
            "option_persistent_id": "1",
            "option_text": "Yes",
        }
    },
    "poll_option_deleted": lambda p: {
        "poll_option_deleted": {
            "poll_message": p.message,
            "option_persistent_id": "1",
            "option_text": "Yes",
        }
    },
}

# Sent with the person as the sender.
FROM_THE_USER: dict[str, Callable[[Parts], Shape]] = {
    "pinned_message": lambda p: {"pinned_message": p.message},
    "checklist_tasks_done": lambda p: {
        "checklist_tasks_done": {"checklist_message": p.message, "marked_as_done_task_ids": [1]}
    },
    "checklist_tasks_added": lambda p: {
        "checklist_tasks_added": {
            "checklist_message": p.message,
            "tasks": [{"id": 1, "text": "Buy"}],
        }
    },
    "write_access_allowed": lambda _: {"write_access_allowed": {"from_request": True}},
    "connected_website": lambda _: {"connected_website": "example.org"},
    "users_shared": lambda p: {
        "users_shared": {"request_id": 1, "users": [{"user_id": p.user["id"]}]},
        "user_shared": {"request_id": 1, "user_id": p.user["id"]},
    },
    "chat_shared": lambda _: {"chat_shared": {"request_id": 1, "chat_id": -1001}},
    "web_app_data": lambda _: {"web_app_data": {"data": "{}", "button_text": "Open"}},
    "gift": lambda _: {"gift": {"gift": {"id": "1", "sticker": _GIFT_STICKER, "star_count": 15}}},
    "unique_gift": lambda _: {"unique_gift": {"gift": _UNIQUE_GIFT, "origin": "transfer"}},
    "chat_background_set": lambda _: {"chat_background_set": {"type": _BACKGROUND}},
    "message_auto_delete_timer_changed": lambda _: {
        "message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}
    },
    "boost_added": lambda _: {"boost_added": {"boost_count": 1}},
    "new_chat_members": lambda p: {
        "new_chat_members": [p.user],
        "new_chat_participant": p.user,
        "new_chat_member": p.user,
    },
    "group_chat_created": lambda _: {"group_chat_created": True},
    "migrate_to_chat_id": lambda _: {"migrate_to_chat_id": -1001000000001},
    "migrate_from_chat_id": lambda _: {"migrate_from_chat_id": -101},
    # A screenshot, for example: a message without any content (server sheet 7.2).
    "empty": lambda _: {},
}

KINDS = (*FROM_THE_BOT, *FROM_THE_USER)


def service_message(kind: str, parts: Parts) -> Shape:
    """The sender and the content. Raises LookupError for a kind that is not listed."""
    if kind in FROM_THE_BOT:
        return {"from": parts.me, **FROM_THE_BOT[kind](parts)}
    return {"from": parts.user, **FROM_THE_USER[kind](parts)}
