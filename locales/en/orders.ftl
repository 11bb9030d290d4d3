# An order from the press to the receipt.
order-line = { $icon } <b>Order { $number }</b>
order-what = { $product } · { $value } × { $count }
status-waiting = Waiting for the supplier. Usually ready in about 20 seconds.
    You can leave; we will write.
status-slow = This one takes longer than usual. It is paid and safe; we keep asking and will write.
status-held = Our supplier is being topped up. Your order waits its turn; if it takes too long, the money comes back by itself.
status-operator = Support is looking at this order and will settle it. Your money is safe.
status-awaiting_payment = Waiting for your payment.
awaiting-money = Price { $total } · wallet { $wallet }
awaiting-missing = Missing: <b>{ $missing }</b>. How would you like to pay?
awaiting-soon = The money is there; the order goes on by itself as soon as the shop sells again.
awaiting-until = The price holds until { $date }. As soon as the money is in your wallet, the order goes on by itself.
ended = ✖️ <b>Order { $number }</b> was not paid in time and has ended. Nothing was charged.
button-cancel = ✖️ Cancel the order
button-order-again = Order again
toast-awaiting = Order { $number } waits for your payment.
status-fulfilled = Delivered: the codes are in the message below, and in /orders.
status-partial = { $came } of { $count } delivered; { $returned } is back in your wallet.
status-partial-held = { $came } of { $count } delivered; support is settling the rest.
status-refunded = { $returned } is back in your wallet.
status-cancelled = Cancelled. Nothing was charged.
status-expired = Expired. Nothing was charged.
delivery = ✅ <b>Order { $number }</b> · { $count ->
        [one] one code
       *[other] { $count } codes
    }
delivery-partial = ⚠️ <b>Order { $number }</b> · { $came } of { $count ->
        [one] one code
       *[other] { $count } codes
    } came
delivery-part = Part { $part } of { $parts }
delivery-partial-why = The supplier ran out. <b>{ $returned }</b> is back in your wallet.
delivery-partial-held = Support is settling the rest; { $held } stays reserved until then.
delivery-serial = serial
delivery-until = Tap to see, or copy. Hidden from this chat in { $hours ->
        [one] one hour
       *[other] { $hours } hours
    }; /orders keeps them for you.
delivery-until-minutes = Tap to see, or copy. Hidden again in { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.
delivery-file-until = Hidden from this chat in { $hours ->
        [one] one hour
       *[other] { $hours } hours
    }; /orders keeps them for you.
delivery-file-until-minutes = Hidden again in { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.
delivery-expires = Valid until { $date }
delivery-file = The codes are in the attached file.
delivery-sandbox = 🧪 Test codes: they do not work.
receipt = 🔒 <b>Order { $number }</b> · codes hidden
receipt-kept = Your codes are kept safe. See them again in /orders.
receipt-once = These codes were shown once, as this shop does.
returned = ↩️ <b>Order { $number }</b> · { $returned } returned
returned-sold_out = { $product } · { $value } sold out while you were buying.
returned-price_rose = The price of { $product } · { $value } rose just before we bought it, so we did not.
returned-not_available = The supplier could not deliver { $product } · { $value }.
returned-supplier_down = { $product } · { $value } could not be bought in time.
returned-operator = Support returned the money for { $product } · { $value }.
returned-wallet = Your wallet now holds <b>{ $wallet }</b>.
codes-lost = 🔐 <b>Order { $number }</b> · its codes are lost
orders = 📦 <b>Your orders</b>
orders-none = 📦 No orders yet. The shelves are one press away.
orders-button = { $icon } { $number } · { $product } · { $value }
order-paid = Paid { $total } on { $date }
order-asked = Price { $total } · { $date }
order-left = { $left ->
        [0] The codes cannot be shown again here. Support can help.
        [one] The codes can be shown once more.
       *[other] The codes can be shown { $left } more times.
    }
button-copy = Copy { $number }
button-hide = I have them: hide
button-hide-one = I have it: hide
button-show = 👁️ Show again
button-another = Try another value
button-all-orders = { $arrow } All orders
toast-hidden = Hidden. /orders keeps your codes.
toast-bought = Order { $number } is on its way.
toast-already = This is already order { $number }.
toast-shown = Shown again for ten minutes.
file-name = order-{ $number }.txt
status-so-far = { $came } of { $count } are here; the rest follows by itself.
delivery-so-far = 📬 <b>Order { $number }</b> · { $came } of { $count ->
        [one] one code
       *[other] { $count } codes
    } so far
delivery-operator = Support is looking at the rest; { $held } stays reserved for it.
delivery-more = The rest follows by itself; { $held } stays reserved for it.
delivery-pin = PIN
delivery-reference = reference
delivery-link = Press its button below to redeem it.
button-copy-pin = Copy PIN { $number }
button-redeem = 🔗 Redeem { $number }
order-expires = Valid until { $date }
reminder = ⏳ <b>Order { $number }</b>: { $days ->
        [one] its codes expire tomorrow
       *[other] its codes expire in { $days } days
    }, on { $date }.
reminder-used = Used already? Then there is nothing to do.
button-see-order = 📦 See the order
button-remind-off = 🔕 No more reminders
button-remind-on = 🔔 Remind me again
reminders-off = 🔕 Nothing is reminded any more. Expiry dates stay in /orders.
reminders-on = 🔔 We remind you before codes expire.
