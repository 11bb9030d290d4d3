# Values that are sold out, and the news that they are back.
sold-out = <b>{ $product } · { $value }</b> is sold out.
sold-out-offer = Shall we tell you when it’s back? One message, nothing else.
watch-on = 🔔 We’ll message you here when <b>{ $product } · { $value }</b> is back.
watch-how = We’ll watch for 60 days and send one message. No codes are set aside for you.
watch-full = 🔕 Your list is full: { $most ->
    [one] one value
   *[other] { $most } values
}. Remove one first.
watches = 🔔 <b>Your stock alerts</b>
    Tap one to remove it.
watches-none = 🔔 No alerts yet. Tap a sold-out value and we’ll tell you when it’s back. You can follow up to { $most ->
    [one] one value
   *[other] { $most } values
}.
watch-back = 🔔 <b>{ $product } · { $value }</b> is back in stock.
watch-back-price = Price now: { $price }. No codes are set aside: first come, first served.
button-watch = 🔔 Tell me when it’s back
button-unwatch = 🔕 Cancel the alert
button-unwatch-value = ✖️ { $product } · { $value }
button-watches = 🔔 My stock alerts
button-choose-quantity = 🛍️ Choose a quantity
toast-unwatched = Removed.
item-watched = product waited for
job-watches = back-in-stock watch
