# An order from the press to the receipt.
order-line = { $icon } <b>Order { $number }</b>
order-what = { $product } · { $value } × { $count }
status-slow = This is taking longer than usual. Your order is paid and safe; we’re following up with the supplier and will message you.
status-held = We’re topping up our account with the supplier. Your order keeps its place; if it takes too long, you’ll be refunded automatically.
status-operator = Support is looking into this order and will sort it out. Your money is safe.
status-awaiting_payment = Waiting for your payment.
awaiting-money = Price: { $total } · your wallet: { $wallet }
awaiting-missing = You need <b>{ $missing }</b> more. How would you like to pay?
awaiting-soon = Your wallet covers it. The order continues automatically once the shop sells again.
awaiting-until = This price is held until { $date }. Once the money is in your wallet, the order continues automatically.
ended = ✖️ <b>Order { $number }</b> wasn’t paid in time and has expired. Nothing was charged.
button-cancel = ✖️ Cancel the order
button-order-again = Order again
toast-awaiting = Order { $number } is waiting for your payment.
status-fulfilled = Delivered: see the message below, or /orders.
status-partial = Delivered: { $came } of { $count }. Refunded to your wallet: { $returned }
status-partial-held = Delivered: { $came } of { $count }. Support is sorting out the rest.
status-refunded = Refunded to your wallet: { $returned }
status-cancelled = Cancelled. Nothing was charged.
status-expired = Expired. Nothing was charged.
delivery = ✅ <b>Order { $number }</b> · { $count ->
        [one] { $count } code
       *[other] { $count } codes
    }
delivery-partial = ⚠️ <b>Order { $number }</b> · { $came } of { $count ->
        [one] { $count } code
       *[other] { $count } codes
    } delivered
delivery-part = { " " }· part { $part } of { $parts }
delivery-partial-held = Support is sorting out the rest; { $held } is held until then.
delivery-serial = Serial number
delivery-until = Tap to see, or copy. Hidden here in { $hours ->
        [one] one hour
       *[other] { $hours } hours
    }; your codes stay in /orders.
delivery-until-minutes = Tap to see, or copy. Hidden again in { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.
delivery-file-until = They will be removed from this chat in { $hours ->
        [one] one hour
       *[other] { $hours } hours
    }; your codes stay in /orders.
delivery-file-until-minutes = They will be removed from this chat in { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.
delivery-link-until = This message is hidden in { $hours ->
        [one] one hour
       *[other] { $hours } hours
    }; you can find it again in /orders.
delivery-link-until-minutes = This message is hidden again in { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.
delivery-expires = Valid until { $date }
delivery-file = The codes are in the attached file.
delivery-sandbox = 🧪 Test codes: they don’t work.
receipt = 🔒 <b>Order { $number }</b> · codes hidden
receipt-kept = Your codes are kept safe. See them again in /orders.
receipt-once = This shop shows codes only once.
receipt-deleted = Hidden because you asked us to delete your data.
returned = ↩️ <b>Order { $number }</b> · refunded: { $returned }
returned-sold_out = { $product } · { $value } sold out during your purchase.
returned-price_rose = The price of { $product } · { $value } went up just before we bought it, so we didn’t.
returned-not_available = The supplier couldn’t deliver { $product } · { $value }.
returned-supplier_down = We couldn’t get { $product } · { $value } in time.
returned-operator = Support refunded { $product } · { $value }.
returned-wallet = Your balance is now <b>{ $wallet }</b>.
codes-lost = 🔐 <b>Order { $number }</b> · its codes are lost
orders = 📦 <b>Your orders</b>
orders-none = 📦 No orders yet.
orders-button = { $icon } { $number } · { $product } · { $value }
order-paid = Paid { $total } on { $date }
order-asked = Price { $total } · { $date }
order-left = { $left ->
        [0] The codes can’t be shown here any more. Support can help.
        [one] You can use “Show again” one more time.
       *[other] You can use “Show again” { $left } more times.
    }
button-copy = Copy { $number }
button-hide = I’ve saved them, hide
button-hide-one = I’ve saved it, hide
button-show = 👁️ Show again
button-another = Try another value
button-all-orders = { $arrow } All orders
toast-hidden = Hidden. Your codes stay in /orders.
toast-bought = Order { $number } is on its way.
toast-already = You’ve already placed this order: { $number }.
toast-not-hidden = Your codes are still visible: Telegram isn’t letting us hide them right now. We’ll keep trying; you can also delete the message yourself.
toast-shown = Shown again for ten minutes.
toast-on-screen = Your codes are still shown in this chat. This press spent nothing.
file-name = order-{ $number }.txt
status-so-far = Delivered so far: { $came } of { $count }. The rest will follow automatically.
delivery-so-far = 📬 <b>Order { $number }</b> · { $came } of { $count ->
        [one] { $count } code
       *[other] { $count } codes
    } so far
delivery-operator = Support is looking into the rest; { $held } is held for it.
delivery-more = The rest will follow automatically; { $held } is held for it.
delivery-pin = PIN
delivery-reference = Reference
delivery-link = Tap the button below to redeem it.
button-copy-pin = Copy PIN { $number }
button-redeem = 🔗 Redeem { $number }
order-expires = Valid until { $date }
reminder = ⏳ <b>Order { $number }</b>: { $days ->
        [one] your codes expire tomorrow
       *[other] your codes expire in { $days } days
    }, on { $date }.
reminder-one = ⏳ <b>Order { $number }</b>: { $days ->
        [one] your code expires tomorrow
       *[other] your code expires in { $days } days
    }, on { $date }.
reminder-used = Already used them? Then you can ignore this message.
reminder-used-one = Already used it? Then you can ignore this message.
button-see-order = 📦 See order
button-remind-off = 🔕 Stop reminders
button-remind-on = 🔔 Turn reminders on
reminders-off = 🔕 Reminders are off. Expiry dates stay in /orders.
reminders-on = 🔔 Reminders are on. We’ll message you before your codes expire.
