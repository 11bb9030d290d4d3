"""The shop held against what others wrote: the Bot API's specification, and Telegram servers of other people."""
