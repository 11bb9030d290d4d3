# After the codes: how to redeem them, what to do when one is refused, and the summary of an order.
how = 🎁 <b>How to redeem</b> · { $product }
how-any-open = Open the brand’s own site or app and sign in to your account.
how-any-find = Look for “Redeem” or “Gift card” in the menu of your account.
how-any-paste = Copy the code from our message, paste it there and confirm.
how-any-fails = Did you copy the whole code, without spaces? Do your account’s country and currency match the card?
how-dial = Dial: <b>{ $dial }</b>
problem = ⚠️ <b>Problem with a code</b> · order { $number }
problem-check = Please check this first; it’s the most common cause:
problem-then = Still refused? Contact support: this order is attached, so there’s no need to send the code.
button-how = 🎁 How to redeem
button-problem = ⚠️ Code problem
button-ask-support = 🆘 Contact support
button-brand = 🔗 Open { $brand }
button-summary = 🧾 Order summary
summary = 🧾 <b>Summary of order { $number }</b>
summary-date = Paid on { $date }
summary-total = { $count } × { $unit } = <b>{ $total }</b>
summary-wallet = Paid from: your wallet
summary-topped-up = Paid from: your wallet, topped up with { $amount } ({ $way })
summary-delivered = Delivered: { $came } of { $count }
summary-held = Held until support decides: { $held }
# Before buying: on which accounts a code works.
rule-country = ⚠️ Works only on accounts in this country: <b>{ $region }</b>
rule-currency = ⚠️ Works only on accounts in the currency of: <b>{ $region }</b>
rule-server = ⚠️ Works only on game accounts in: <b>{ $region }</b>
rule-marketplace = ⚠️ Works only in this country’s online store: <b>{ $region }</b>
rule-zone = ⚠️ Works only in: <b>{ $region }</b>
rule-line = ⚠️ Works only on a prepaid { $brand } line
# What operators read of the order of a case.
support-order-date = Ordered on { $date }
