# Paying in: the customer's side.
topup = 👛 <b>Top up</b>
    How would you like to pay?
topup-amount = How much?
topup-type = Type the amount in dinars, not centimes, for example { $example }.
topup-limits = From { $least } to { $most }
topup-refused = Please type an amount in dinars, not centimes, from { $least } to { $most }, for example { $example }.
topup-rounded = This method doesn’t take exactly { $typed }, so it is { $amount }. All of it goes to your wallet.
topup-large = If you meant centimes, that’s { $smaller }. Which amount do you mean?
other-refused = Type the amount received for { $reference }, in dinars, for example { $example }.
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
transfer-reference = Payment reference: <b>{ $reference }</b>
transfer-receipt = Then send a photo of the receipt here; support will check it and credit your wallet.
button-copy-number = 📋 { $text }
card = 💳 Pay <b>{ $amount }</b> by bank card
card-until = The payment page is open for { $minutes ->
        [one] one more minute
       *[other] { $minutes } more minutes
    }. Come back once you’ve paid; we also check automatically.
button-card = Pay
button-paid = I’ve paid
bill = ⭐ Invoice below: <b>{ $stars ->
        [one] { $stars } Star
       *[other] { $stars } Stars
    }</b> { $stars ->
        [one] adds
       *[other] add
    } { $amount } to your wallet.
    You have one hour to pay it.
invoice-title = Wallet top-up { $reference }
invoice-description = { $amount } for your wallet in this shop.
invoice-label = Top-up
toast-not-yet = Not received yet; we’ll keep checking and message you.
toast-paid = Payment received. Thank you.
toast-held = Support is reviewing this payment. Nothing is lost.
toast-expired = This page has expired. If you’ve paid, we’ll still see it; otherwise press Pay again.
paid-credited = ✅ Received <b>{ $amount }</b>. Your balance is now { $wallet }.
paid-lacking = Order { $number } still needs <b>{ $missing }</b>.
paid-late = Order { $number } was no longer open; the money is in your wallet.
paid-held = 🛠️ Your payment of { $amount } is being reviewed by support. Nothing is lost; we’ll message you.
paid-expired = ✖️ The payment of { $amount } wasn’t completed. Nothing was charged.
    If you did pay, it is added to your wallet automatically.
paid-rejected = ✖️ Support couldn’t find your payment of { $amount } ({ $reference }).
paid-returned = ↩️ Your payment of { $amount } ({ $reference }) was refunded. Your balance is now { $wallet }.
paid-order = It was for order { $number }.
rejected-not_received = The money hasn’t arrived.
rejected-unreadable = The receipt can’t be read.
rejected-used = This receipt was already used for another payment.
rejected-other = Support wrote: { $words }
rejected-again = You can send another receipt here, or ask support: /paysupport
rejected-ask = If that’s wrong, ask support: /paysupport
receipt-came = 🧾 Support has your receipt for <b>{ $reference }</b>. We’ll message you once it’s checked.
receipt-refused = I’m waiting for the receipt for <b>{ $reference }</b>: a photo of it, a picture sent as a file, or a PDF. What you sent is none of these.
receipt-instead = Take a photo or a screenshot of the receipt and send it here. Is it something else? /paysupport
album-part = Only the pictures and PDFs of your album were received.
button-order = 📦 Order { $number }
# What operators decide.
payment = 🧾 <b>{ $reference }</b> · { $way } · <b>{ $amount }</b>
payment-who = Customer { $id }
payment-order = For order { $number }
payment-state = State: { $state }
payment-doubt = 🛠️ { $doubt }
payment-came = Received: { $amount }
payment-stars = ⭐ { $stars }
payment-external = 🏭 { $id }
payment-begun = Started { $date }
payment-decided = Decided by { $id }
payment-state-open = waiting for payment
payment-state-review = receipt to check
payment-state-held = needs a decision
payment-state-credited = added to the wallet
payment-state-rejected = rejected
payment-state-expired = not paid
payment-state-returning = refund in progress
payment-state-returned = refunded
doubt-amount = The amount received isn’t the amount requested.
doubt-sandbox = Test money, or nobody confirms that it’s real.
doubt-reference = The provider’s answer is about another payment.
doubt-details = The provider says it’s paid, but not how much.
doubt-unclaimed = Telegram lists these Stars, but never sent a message about them.
receipt-seen = ⚠️ The same receipt was sent for { $reference } by { $id }: { $state }
button-accept = ✓ Approve { $amount }
button-other = Other amount
button-reject = Reject
button-payment = Review
payments = 🧾 <b>Waiting for your decision: { $count }</b>
payments-none = 🧾 Nothing to decide. Most recent:
payments-button = { $reference } · { $amount } · { $state }
reject-why = Why are you rejecting { $reference }? The customer will see your answer.
reject-not_received = No money received
reject-unreadable = The receipt can’t be read
reject-used = Receipt is for another payment
reject-other = In my own words
other-amount = How much was received for { $reference }? Type it in dinars, not centimes.
other-reason = Why are you rejecting { $reference }? The customer will see what you type.
decided-accepted = ✓ { $reference }: <b>{ $amount }</b> was added to customer { $id }’s wallet.
decided-rejected = ✖️ { $reference } was rejected; customer { $id } has been told.
decided-already = { $reference } was already decided by { $id }: { $state }
button-return = ↩️ Refund the Stars
return-ask = ↩️ { $reference }: deduct { $amount } from the wallet and refund ⭐ { $stars }?
button-return-yes = Refund ⭐ { $stars }
return-done = ↩️ { $reference }: { $amount } was deducted from the wallet, and the Stars were refunded.
return-later = ↩️ { $reference }: { $amount } was deducted from the wallet. Telegram isn’t answering yet; the shop keeps trying until it does.
return-refused = ✖️ { $reference }: Telegram refused the refund. The money is in the customer’s wallet again.
button-leave = No, don’t
left-alone = Nothing was changed.
amount-large = <b>{ $amount }</b>: { $dinars } ({ $centimes ->
        [one] { $centimes } centime
       *[other] { $centimes } centimes
    }).
amount-and-centimes = { $dinars } and { $centimes ->
        [one] one centime
       *[other] { $centimes } centimes
    }
credit-ask = Add this amount to customer { $id }’s wallet?
debit-ask = Deduct this amount from customer { $id }’s wallet?
credit-ask-loss = The note names order { $number }, so this is compensation: the shop bears the loss. If the customer sent this money, say no, and send it again without { $number } in the note.
refused-compensation = Order { $number } can be compensated with { $most } at most. If the customer sent this money, leave { $number } out of the note.
refused-compensation-changed = Nothing was changed: since this question, the compensation of order { $number } changed. It is { $amount } now. If that is not enough, ask again.
compensated-so-far = Compensation of order { $number } so far: { $amount }.
accept-asked = { $reference } was for { $amount }.
button-credit-yes = Yes, { $amount }
actions = 📒 <b>Operators’ actions</b>
actions-none = 📒 No operator has done anything yet.
action-credit = { $date } · { $who } · added { $amount } to the wallet of { $target }
action-debit = { $date } · { $who } · deducted { $amount } from the wallet of { $target }
action-refund = { $date } · { $who } · refund, order { $target } · { $amount }
action-compensation = { $date } · { $who } · compensation, order { $target } · { $amount }
action-payment = { $date } · { $who } · approved { $target } · { $amount }
action-reject = { $date } · { $who } · rejected { $target }
action-payback = { $date } · { $who } · refunded { $target } · { $amount }
action-note = “{ $note }”
method-on = ✓ { $way } is offered again. If the cause isn’t fixed, it is switched off at the next attempt.
method-was-on = { $way } is already on. Nothing was changed.
button-method = Offer it again
alert-method_off = 🚫 { $method }: the provider refuses payments for this shop ({ $code }). Customers no longer see this method.
    { $look } Then press “Offer it again”.
method-off-ocpay = The merchant profile at OneClickDz must be validated.
method-off-other = Ask the provider why.
alert-payment_held = 🛠️ { $payment } ({ $method }) of { $user }: { $paid } reported, { $asked } requested. { $doubt }
    Nothing was added to the wallet. Press “Review” to decide.
alert-payment_held-unknown = 🛠️ { $payment } ({ $method }) of { $user }: { $asked } requested, no amount in dinars reported. { $doubt }
    Nothing was added to the wallet. Press “Review” to decide.
alert-payments_unanswered = 🔇 { $method }: the provider has not answered for a day. It has not said whether { $count ->
        [one] { $payment } was paid.
       *[other] { $count } payments were paid, { $payment } among them.
    }
    The shop keeps asking for a week and adds what was paid to the wallet. Only after that, check the provider’s own list and use /credit.
alert-payment_taken_back = ↩️ { $payment }: Telegram refunded { $paid } to { $user } without the shop. Already spent, so lost: { $lost }
alert-payback_failed = ↩️ { $payment }: the refund of { $paid } failed ({ $code }). The money is in the wallet again.
attention-payments = 🧾 Payments to decide: { $count } · /payments
attention-cases = 🆘 Customers waiting for an answer: { $count }
audit-payments = payments
audit-stars = Telegram Stars
menu-payments = Payments and receipts
menu-actions = Operators’ actions
# Support.
case = 🆘 <b>Case { $number }</b> · customer { $id }
case-order = Latest order: { $icon } { $number } · { $state }
case-reply = To answer, reply to the message below.
case-passed = ✓ Support has your message (conversation { $number }). You’ll get an answer here.
case-kept = Your conversation { $number } with support is open. Nobody is available right now; we’ll pass your message on as soon as somebody is.
case-answer = 💬 <b>Support</b> · conversation { $number }
case-sent = ✓ Sent to { $id } (case { $number }).
case-others = 💬 { $who } answered case { $number }:
case-gone = (This message was deleted before it could be copied, or Telegram doesn’t allow copying it, such as a voice message if you don’t accept any.)
case-not-taken = Not sent as it is: Telegram doesn’t let this message into the customer’s chat; perhaps they don’t accept voice messages. Send it as text, a photo or a file.
case-unreachable = Not sent: this customer has blocked the bot.
case-closed = Case { $number } is closed.
case-was-closed = Case { $number } was already closed.
button-settled = ✓ Close the case
button-case-answer = Answer
topup-way = 👛 Top up · { $way }
