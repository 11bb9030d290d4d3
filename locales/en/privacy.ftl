# Privacy: a customer's data as a file, and being forgotten.
button-privacy = 🔒 My data
button-my-data = 📄 Get my data
button-forget = 🗑 Delete my data
button-erase = 🗑 Delete my data now
button-support = 🆘 Support
toast-my-data = Your file is on its way.
my-data = 📄 <b>Your data</b>: everything this shop keeps about you. Your codes aren’t in this file; find them in /orders.
my-data-later = 📄 You received your file a moment ago. You can get another in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}.
forget = 🗑 <b>Deleting your data</b>
forget-goes = We’ll delete <b>your codes and links</b>, your Telegram ID, your language and our messages.
forget-stays = We’ll keep your orders and payments, without your ID, for bookkeeping.
forget-backups = Backups keep a copy for { $nights ->
    [one] one day
   *[other] { $nights } days
}.
forget-ask = Save the codes you still need: this can’t be undone. Delete your data?
forget-not-yet = 🗑 <b>Your data can’t be deleted yet</b>
forget-operator = You’re an operator of this shop: its owner has to take you off the list first.
forget-balance = Your balance is <b>{ $balance }</b>. Spend it or ask support for a refund first.
forget-orders = { $count ->
    [one] One order is
   *[other] { $count } orders are
} still open.
forget-payments = { $count ->
    [one] One payment is
   *[other] { $count } payments are
} still open. Unpaid ones expire within three days.
forget-codes = Codes are on their way to you.
forget-shown = Telegram didn’t let us hide all your codes in this chat. Please try again in a moment.
forget-again-later = 🗑 Your data was deleted a moment ago. You can delete it again in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}.
forgotten = ✓ Your data has been deleted. You can delete this chat as well.
    If you write here again, you’ll start as a new customer.
refused-forgotten = The customer of { $reference } had their data deleted, so there is no wallet for this money. If they write again, use /credit with their ID, then reject this payment.
refused-forgotten-order = The customer of order { $number } had their data deleted, so there is no wallet for this money. If they write again, use /credit with their ID.
doubt-forgotten = Its customer has had their data deleted. If they write again, use /credit with their ID, then reject it.
case-forgotten = Not sent: this customer had their data deleted.
action-forget = { $date } · a customer’s data deleted at their request · books under { $target }
