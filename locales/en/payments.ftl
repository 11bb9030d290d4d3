# Paying in: the customer's side.
topup = 👛 <b>Top up</b>
    How would you like to pay?
topup-amount = 👛 Top up · { $way }
    How much?
topup-type = 👛 Top up · { $way }
    Type the amount in dinars, not in centimes, for example { $example }.
topup-limits = From { $least } to { $most }
topup-refused = Please type an amount in dinars from { $least } to { $most }, for example { $example }.
topup-large = Is this the amount you mean? If you counted in centimes, it is { $smaller }.
button-amount-smaller = No, { $amount }
other-refused = Please type the amount that came for { $reference }, in dinars, for example { $example }.
way-transfer = transfer
way-ocpay = bank card
way-stars = Telegram Stars
button-topup = ➕ Top up
button-pay-transfer = 🏦 Transfer (CCP, BaridiMob)
button-pay-ocpay = 💳 Bank card (CIB, Edahabia)
button-pay-stars = ⭐ Telegram Stars
button-amount = Another amount
button-stars = { $amount } · ⭐ { $stars }
transfer = 🏦 Pay <b>{ $amount }</b> by transfer
transfer-reference = Write this with it: <b>{ $reference }</b>
transfer-receipt = Then send a picture of the receipt here; support looks at it and fills your wallet.
button-copy-number = 📋 { $text }
card = 💳 Pay <b>{ $amount }</b> by bank card
card-until = The page is open for { $minutes ->
        [one] one more minute
       *[other] { $minutes } more minutes
    }. Come back when you have paid; we look by ourselves, too.
button-card = Pay
button-paid = I have paid
bill = ⭐ The bill is below: <b>{ $stars }</b> Stars bring { $amount } into your wallet.
    It can be paid within an hour.
invoice-title = Wallet top-up { $reference }
invoice-description = { $amount } for your wallet in this shop.
invoice-label = Top-up
toast-not-yet = Nothing has come yet. A payment can take a minute; we keep looking and will write.
toast-paid = It has come. Thank you!
toast-held = Support is looking at this payment. Nothing is lost.
toast-expired = This page has closed. If you have paid, we will see it; else press Pay again.
paid-credited = ✅ <b>{ $amount }</b> has come. Your wallet now holds { $wallet }.
paid-went-on = Order { $number } is paid and on its way.
paid-lacking = Order { $number } still lacks <b>{ $missing }</b>.
paid-late = Order { $number } had ended before; the money is in your wallet.
paid-held = 🛠️ Your payment of { $amount } needs a look by support. Nothing is lost; we will write.
paid-expired = ✖️ The payment of { $amount } was not made in time. Nothing was charged.
    If you have paid all the same, it comes into your wallet by itself.
paid-rejected = ✖️ Support could not find your payment of { $amount } ({ $reference }).
paid-returned = ↩️ Your payment of { $amount } ({ $reference }) was given back. Your wallet holds { $wallet }.
paid-order = It was meant for order { $number }.
rejected-not_received = The money has not arrived.
rejected-unreadable = The receipt cannot be read.
rejected-used = This receipt counted for another payment.
rejected-other = Support writes: { $words }
rejected-again = You can send another receipt here, or write to /paysupport.
receipt-came = 🧾 Your receipt for <b>{ $reference }</b> is with support. We will write as soon as it was looked at.
album-part = Only the pictures and files of your album were taken, nothing else.
button-order = 📦 Order { $number }
# What operators decide.
payment = 🧾 <b>{ $reference }</b> · { $way } · <b>{ $amount }</b>
payment-who = Customer { $id }
payment-order = For order { $number }
payment-state = State: { $state }
payment-doubt = 🛠️ { $doubt }
payment-came = Came: { $amount }
payment-stars = ⭐ { $stars }
payment-external = 🏭 { $id }
payment-begun = Begun { $date }
payment-decided = Decided by { $id }
payment-state-open = waiting for the customer
payment-state-review = receipt to look at
payment-state-held = to be decided
payment-state-credited = in the wallet
payment-state-rejected = rejected
payment-state-expired = not paid
payment-state-returning = being given back
payment-state-returned = given back
doubt-amount = Another amount came than was asked.
doubt-sandbox = Test money, or nobody says that it is real.
doubt-reference = The provider’s answer speaks of another payment.
doubt-details = The provider says paid, but not how much.
doubt-unclaimed = Telegram lists these Stars, and no message told of them.
receipt-seen = ⚠️ This very receipt was sent for { $reference } of { $id }: { $state }
button-accept = ✓ Approve { $amount }
button-other = Other amount
button-reject = Reject
button-payment = Look at it
payments = 🧾 <b>To be decided: { $count }</b>
payments-none = 🧾 Nothing to be decided. The newest:
payments-button = { $reference } · { $amount } · { $state }
reject-why = Why is { $reference } rejected? The customer reads it.
reject-not_received = Nothing has arrived
reject-unreadable = The receipt cannot be read
reject-used = Receipt of another payment
reject-other = In my own words
other-amount = How much came for { $reference }? Type it in dinars, not in centimes.
other-reason = Why is { $reference } rejected? The customer reads what you type.
decided-accepted = ✓ { $reference }: <b>{ $amount }</b> is in the wallet of { $id }.
decided-rejected = ✖️ { $reference } was rejected; { $id } was told.
decided-already = { $reference } was decided before, by { $id }: { $state }
button-return = ↩️ Give the Stars back
return-ask = ↩️ { $reference }: take { $amount } out of the wallet and give ⭐ { $stars } back?
button-return-yes = Give ⭐ { $stars } back
return-done = ↩️ { $reference }: { $amount } left the wallet, and the Stars are back with their payer.
return-later = ↩️ { $reference }: { $amount } left the wallet. Telegram does not answer; it is asked again until it does.
return-refused = ✖️ { $reference }: Telegram does not give it back. The money is in the wallet again.
button-leave = Leave it
left-alone = Nothing was changed.
amount-large = <b>{ $amount }</b>: { $dinars } ({ $centimes } centimes).
amount-and-centimes = { $dinars } and { $centimes ->
        [one] one centime
       *[other] { $centimes } centimes
    }
credit-ask = Add this amount to the wallet of { $id }?
debit-ask = Deduct this amount from the wallet of { $id }?
accept-asked = { $reference } was for { $amount }.
button-credit-yes = Yes, { $amount }
actions = 📒 <b>Money moved by operators</b>
actions-none = 📒 No operator has moved money yet.
action-credit = { $date } · { $who } · credit to { $target } · { $amount }
action-refund = { $date } · { $who } · returned, order { $target } · { $amount }
action-compensation = { $date } · { $who } · compensation, order { $target } · { $amount }
action-payment = { $date } · { $who } · accepted { $target } · { $amount }
action-reject = { $date } · { $who } · rejected { $target }
action-payback = { $date } · { $who } · gave back { $target } · { $amount }
action-note = “{ $note }”
method-on = ✓ { $way }: offered again. If the cause is not mended, it goes off at the next try.
method-was-on = { $way } was on.
button-method = Offer it again
alert-method_off = 🚫 { $method }: the provider takes no payments for this shop ({ $code }). It is offered to nobody.
    For cards: the merchant profile has to be validated. Then press.
alert-payment_held = 🛠️ { $payment } ({ $method }) of { $user }: { $paid } is said to have come, { $asked } was asked. { $doubt }
    No wallet was filled. Look, and decide.
alert-payment_taken_back = ↩️ { $payment }: Telegram gave { $paid } back to { $user } without the shop. Lost, because it was spent: { $lost }
alert-payback_failed = ↩️ { $payment }: { $paid } could not be given back ({ $code }). It is in the wallet again.
attention-payments = 🧾 Payments to decide: { $count } · /payments
attention-cases = 🆘 Customers waiting for an answer: { $count }
audit-payments = payments
audit-stars = Telegram’s Stars
menu-payments = Payments and receipts
menu-actions = What operators moved
# Support.
case = 🆘 <b>Case { $number }</b> · customer { $id }
case-order = Newest order: { $icon } { $number } · { $state }
case-reply = Reply to what follows to answer.
case-passed = ✓ Support has your message (case { $number }). The answer comes here.
case-kept = Your case { $number } is open. Nobody at support can be reached right now: your message is passed on as soon as somebody can.
case-kind = Support takes words, pictures and files. Please send one of these.
case-answer = 💬 <b>Support</b> · case { $number }
case-sent = ✓ Sent to { $id } (case { $number }).
case-others = 💬 { $who } answered case { $number }:
case-gone = (What was written was deleted before it could be copied, or Telegram does not let it be copied.)
case-unreachable = This customer has blocked the bot: the answer could not be sent.
case-closed = Case { $number } is settled.
case-was-closed = Case { $number } was settled before.
button-settled = ✓ Settled
button-case-more = Add something
button-case-answer = Answer
