"""Which updates tell of money: every layer lets them pass first, and none may drop them."""

from telegram import Update


def is_payment(update: Update) -> bool:
    """Whether an update says that money was paid or refunded.

    Such an update must never be dropped. A message under a press, or one that was edited, says
    nothing new: the payment that it tells of came before.
    """
    message = update.message
    return message is not None and bool(message.successful_payment or message.refunded_payment)
