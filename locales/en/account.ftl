# The customer's own pages, and refusals.
wallet = 👛 Wallet: <b>{ $balance }</b>
wallet-held = Held for open orders: { $held }
wallet-checked = 🛠️ { $reference } · { $amount }: support is checking it
wallet-payment = { $date } · top-up · { $amount }
wallet-payback = { $date } · top-up refunded · { $amount }
wallet-id = To top up, write to support and give your Telegram ID: <b>{ $id }</b>
wallet-none = No activity yet.
wallet-credit = { $date } · by support · { $amount }
wallet-hold = { $date } · order { $number } · { $amount }
wallet-return = { $date } · refund, order { $number } · { $amount }
credited = 👛 <b>{ $amount }</b> was added to your wallet. New balance: { $balance }
debited = 👛 Support deducted <b>{ $amount }</b> from your wallet. New balance: { $balance }
credited-note = Note: { $note }
language = 🌐 Which language do you prefer?
language-name = English
language-set = ✓ Language set to English.
help = <b>How it works</b>
    1. Pick a product, a value and a quantity.
    2. Check the price and tap Buy. You pay from your wallet.
    3. Your codes arrive here, hidden until you tap them.
    Any code we can’t deliver is refunded to your wallet at once.
    /shop · /orders · /wallet · /search · /language
    Need help? /paysupport
privacy = <b>Privacy</b>
    We keep your Telegram ID, your language, your orders and your wallet activity. Your codes are kept encrypted, and the key is stored separately.
    We don’t keep your name or phone number, and we share nothing.
    Your Telegram ID: <b>{ $id }</b>. You can get your data as a file, or have it deleted.
terms = <b>Terms</b>
    We buy your code the moment you confirm, at the price you confirmed.
    Any code we can’t deliver is refunded to your wallet. A delivered code can’t be refunded, as with any gift card.
    Check the region before you buy: a code works only in its region.
paysupport = 🆘 <b>Help with a payment or an order</b>
    Your next message goes to support: tell us what went wrong, text or photo, with the order number if you have it (/orders).
    Support answers here. Telegram’s own support can’t help with our orders.
    Opened by mistake? /cancel
paysupport-contact = Support: { $contact }
cancelled = Cancelled. Back to /shop
group = I only work in a private chat: { $link }
unknown-command = I don’t know this command. See what I can do: /help
unknown-message = I can only read text and buttons. See what I can do: /help
forwarded-message = This is a forwarded message, so I did nothing: somebody else may have written it. If you mean it, please type it yourself.
other-bots-message = Another bot wrote this message, so I did nothing. If you mean it, please type it yourself.
button-language-en = English
button-language-fr = Français
button-language-ar = العربية
# What cannot be, and what to do then.
refused-not-found = That’s no longer available. Please start again from the shop: /shop
refused-sold-out = Sold out for now. Please choose another value.
refused-quantity = You can buy { $minimum } to { $maximum } at a time. Please type a number in that range.
refused-quote-expired = That price has expired; here’s the current one.
refused-wallet = You need { $missing } more. Top up: /wallet
refused-paused = This can’t be ordered right now. Nothing was charged; please try again in a few minutes, or choose something else.
refused-reveals = These codes were shown { $limit ->
        [0] once and can’t be shown
        [one] again once and can’t be shown
       *[other] again { $limit } times and can’t be shown
    } here any more. Support can help: /paysupport
refused-many-reveals = You’ve opened a lot of codes this hour. Please try again a little later.
refused-being-shown = Your codes are on their way: they’ll be at the end of this chat in a moment.
refused-fast = Too fast, one moment please.
refused-nothing-to-show = This order has no codes to show yet.
refused-codes-lost = We can no longer open the codes of this order: the key that protects them is lost. Support can help: /paysupport
refused-currency = You typed an amount in { $typed }, but it must be in { $asked }.
refused-typed-amount = Nothing was changed: { $fault } Like this: { $usage }
refused-typed-percent = Nothing was changed: the percentage isn’t a number from 0 to 1000. Like this: { $usage }
amount-fault-zero = the amount is zero.
amount-fault-no-number = the amount doesn’t begin with digits.
amount-fault-decimals = the amount has more than two decimals.
amount-fault-groups = the digits of the amount aren’t in groups of three.
amount-fault-below-zero = the amount is below zero.
amount-fault-more = letters or a second number stand beside the amount; write all its digits.
refused-usage = Type it like this: { $usage }
refused-customer = Nobody with the Telegram ID { $id } has opened the shop. Check the ID and send the command again.
refused-record = Not found: { $name }. Check it and send the command again.
refused-debit = Nothing was deducted: the wallet of { $id } has { $balance }. Send the command again with at most that.
refused-refund = Order { $number } has no money to refund. If it was delivered and you want to make up for it, use /credit.
refused-decided = Already done. Nothing was changed.
refused-asked-long-ago = That question is too old, so nothing was changed. Send the command again.
question-too-old = Nothing was changed or sent: that question is more than an hour old. Start again with the same button or command.
shared-too-late = Nothing was changed: it’s too late to choose a person for that question. Send the command again.
refused-cap = Nothing was moved: this would exceed your limit for today ({ $left } left). Another operator can do it.
refused-amount = This payment method accepts { $least } to { $most }. Please choose an amount in that range.
refused-method = This payment method isn’t available right now. Please choose another: /wallet
refused-many-payments = You have unpaid orders or top-ups. Please finish or cancel one, or come back in an hour.
refused-many-receipts = We already have several receipts for this payment. Support is checking them: /paysupport
refused-nothing-to-pay = Already settled. See /orders
refused-give-back = Nothing was refunded: { $missing } of it is no longer in the wallet, or this payment method doesn’t support refunds.
refused-provider = The payment provider isn’t answering right now. Nothing was charged; please try again in a minute.
refused-bill = This invoice can no longer be paid. Nothing was charged; please request a new one: /wallet
missed-answer = ⏳ Telegram didn’t let us write to you for a while, so one of your requests went unanswered. Your purchases are in /orders; for anything else, please ask again.
refused-busy = Telegram isn’t accepting our messages right now. Please try again in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}.
refused-storage = Something went wrong on our side and nothing was changed. Please try again in a minute.
refused-unsure = Something went wrong on our side, and we can’t tell yet whether this was done. Please check your orders and your wallet before you try again.
refused-unforeseen = Something went wrong on our side. We’ve noted it, and nothing is lost. If it happens again: /paysupport
refused-value = Please type a value from { $least } to { $most }, in steps of { $step }.
refused-price = No price available right now. Please try again in a moment.
refused-link = Nothing was linked. Two products can be linked if they share a value, come from two suppliers, neither already follows another, and neither is hidden.
refused-not-found-operator = Not found, or handled in the meantime. Nothing was changed. What’s open now: /attention · /payments
refused-storage-operator = The database didn’t accept this, and nothing was changed. Try again in a minute; if it fails again, the log says why.
refused-unsure-operator = The connection to the database was lost halfway: this may or may not be done. Check with /order, /payments or /actions before you repeat it.
refused-unforeseen-operator = This failed because of a bug ({ $trouble }). Check what was done before you repeat it; the log has the details.
refused-provider-operator = The payment provider isn’t answering ({ $code }). Try again in a minute.
