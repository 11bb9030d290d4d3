# After the codes: how to redeem them, what to do when one is refused, and the summary of an order.
how = 🎁 <b>How to redeem</b> · { $product }
how-any-open = Open the brand’s own site or app and sign in to your account.
how-any-find = Look for “Redeem” or “Gift card” in the menu of your account.
how-any-paste = Copy the code from our message, paste it there and confirm.
how-any-fails = Is the code copied whole, without spaces, and is your account of the country and currency that the card names?
how-dial = Dial: <b>{ $dial }</b>
problem = ⚠️ <b>Problem with a code</b> · order { $number }
problem-check = Please check this first; it’s the usual reason:
problem-then = Still refused? Write to support: this order is attached, so there’s no need to send the code.
button-how = 🎁 How to redeem
button-problem = ⚠️ Code problem
button-ask-support = 🆘 Tell support
button-brand = 🔗 Open { $brand }
button-summary = 🧾 Order summary
summary = 🧾 <b>Order summary { $number }</b>
summary-date = Paid on { $date }
summary-total = { $count } × { $unit } = <b>{ $total }</b>
summary-wallet = Paid from: your wallet
summary-topped-up = Paid from: your wallet, topped up with { $amount } ({ $way })
summary-delivered = Delivered: { $came } of { $count }
summary-held = Held until support decides: { $held }
# Before buying: on which accounts a code works.
rule-country = ⚠️ Works only on accounts of: <b>{ $region }</b>
rule-currency = ⚠️ Works only on accounts in the currency of: <b>{ $region }</b>
rule-server = ⚠️ Works only on game accounts of: <b>{ $region }</b>
rule-marketplace = ⚠️ Works only in the online shop of: <b>{ $region }</b>
rule-zone = ⚠️ Works only in: <b>{ $region }</b>
rule-line = ⚠️ Works only on a prepaid { $brand } line
# What operators read of the order of a case.
support-order-date = Ordered on { $date }
