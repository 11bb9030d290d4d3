# The customer's own pages, and refusals.
wallet = 👛 Wallet: <b>{ $balance }</b>
wallet-held = Held by orders: { $held }
wallet-payment = { $date } · paid in · { $amount }
wallet-payback = { $date } · given back · { $amount }
wallet-id = To top up, write to support with your id: <b>{ $id }</b>
wallet-none = Nothing has moved yet.
wallet-credit = { $date } · top up · { $amount }
wallet-hold = { $date } · order { $number } · { $amount }
wallet-return = { $date } · returned, order { $number } · { $amount }
credited = 👛 <b>{ $amount }</b> is in your wallet, which now holds { $balance }.
debited = 👛 Support took <b>{ $amount }</b> out of your wallet, which now holds { $balance }.
credited-note = Note: { $note }
language = 🌐 Which language do you prefer?
language-name = English
language-set = ✓ We speak English now.
help = <b>How it works</b>
    1. Pick a product, a value and a quantity.
    2. Check the price and press Buy; your wallet pays.
    3. The codes arrive here, covered until you tap them.
    What does not come is returned to your wallet at once.
    /shop · /orders · /wallet · /search · /language
    Something wrong? /paysupport
privacy = <b>Privacy</b>
    We keep your Telegram id, your language, your orders and wallet movements, and an encrypted copy of your codes; the key lies apart from them.
    We keep no name and no phone number, and pass nothing on to others.
    To have your data deleted, write to support with your id: <b>{ $id }</b>
terms = <b>Terms</b>
    A code is bought for you the moment you confirm, for the price on the confirm screen.
    What cannot be delivered is returned to your wallet. A delivered code cannot be taken back, as with any gift card.
    Check the region before you buy: codes work only there.
paysupport = 🆘 <b>Help with a payment or an order</b>
    Write now what is wrong, in words or with a picture, and the order number if there is one (see /orders).
    Support answers here; Telegram’s own support cannot help with our orders. /cancel if it is nothing.
paysupport-contact = Support: { $contact }
cancelled = Nothing is being asked any more. The shop is open: /shop
group = I only work in a private chat: { $link }
unknown-command = I do not know this command. /help lists what I can do.
unknown-message = I read words and buttons only. /help lists what I can do.
button-language-en = English
button-language-fr = Français
button-language-ar = العربية
# What cannot be, and what to do then.
refused-not-found = This is not here any more. Please start again from the shop.
refused-sold-out = Sold out for now. Please choose another value.
refused-quantity = You can buy from { $minimum } to { $maximum }. Please type a number in between.
refused-quote-expired = The price was held too long; here it is again, freshly checked.
refused-wallet = Your wallet lacks { $missing }. See /wallet for how to top up.
refused-paused = The shop takes no new orders for the moment. Nothing was charged; please try again in a few minutes.
refused-reveals = These codes were shown { $limit ->
        [0] once and cannot be shown
        [one] again once and cannot be shown
       *[other] again { $limit } times and cannot be shown
    } here any more. Support can help: /paysupport
refused-many-reveals = You have looked at many codes this hour. Please try again a little later.
refused-being-shown = Your codes are on their way: look a moment later at the end of this chat.
refused-fast = One moment, please: that was very fast.
refused-nothing-to-show = This order has no codes to show yet.
refused-codes-lost = The shop can no longer open the codes of this order: the key that locks them is lost. Support can help: /paysupport
refused-currency = This is asked in { $asked }, not in { $typed }.
refused-usage = Like this: { $usage }
refused-customer = Nobody with the id { $id } has ever opened the shop. Check the number.
refused-record = { $name } does not exist. Check the number and send the command again.
refused-debit = The wallet of { $id } has { $balance }: you cannot deduct more than that. Nothing was changed.
refused-refund = Order { $number } holds no money that could be returned. If it was delivered, use /credit.
refused-decided = This was already done.
refused-asked-long-ago = This was asked too long ago. Please give the command again.
refused-cap = This would pass your limit for today; { $left } is left of it. Another operator can do it.
refused-amount = This way takes from { $least } to { $most }. Please choose an amount in between.
refused-method = This way to pay is not available just now. Please choose another one: /wallet
refused-many-payments = Some payments or orders of yours still wait. Please finish or cancel one of them first, or come back in an hour.
refused-many-receipts = We have several receipts for this payment already. Support looks at them: /paysupport
refused-nothing-to-pay = This order does not wait for money any more. See /orders.
refused-give-back = This cannot be given back: { $missing } of it is not in the wallet any more, or its way knows no refunds.
refused-provider = The payment provider does not answer just now. Nothing was charged; please try again in a minute.
refused-bill = This bill cannot be paid any more. Nothing was charged; please ask for a new one: /wallet
missed-answer = ⏳ Telegram took no messages for you for a while, so something you asked was not answered. What you bought stands in /orders; anything else, please ask again.
refused-busy = Telegram takes no messages from us just now. Please try again in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}.
refused-storage = Something is wrong on our side and nothing was changed. Please try again in a minute.
refused-unsure = Something is wrong on our side, and we cannot see yet whether this was done. Please look at your orders and your wallet before you try again.
refused-unforeseen = Something went wrong on our side. It is noted, and nothing is lost. If it happens again: /paysupport
refused-value = Please type a value from { $least } to { $most }, in steps of { $step }.
refused-price = The supplier names no price just now. Please try again in a moment.
refused-link = These two cannot be linked: they need a value in common, at two suppliers, and neither may follow another.
