"""Simulator of Telegram's Bot API: users, chats, updates, and the errors of the real server.

    world ─ person · chats · stars · queries · files      what people and the bot did
      ├── update_queue ─ polling · webhook                how updates reach the bot
      └── scripts                                         what a test wants to go wrong
    api ─ messages · profile · values · responses         the methods over HTTP
            └── textclean · entities · keyboards · rules  what a text and a keyboard become

"Server sheet N.M" names a section of our notes on the source of the official server
(github.com/tdlib/telegram-bot-api 10.0, with its tdlib): what was read there is proven. What only
the closed core decides is marked "seen by others" or "unproven", and nothing may depend on it.
"""
