# What operators did, besides moving money, and pauses as customers and operators read them.
job-pauses = the end of pauses
action-pause = { $date } · { $who } · paused { $target }: { $after }
action-resume = { $date } · { $who } · ended a pause: { $target }
action-markup = { $date } · { $who } · price rule { $target }: { $before } → { $after }
action-method = { $date } · { $who } · payment method { $target } is on again
action-link = { $date } · { $who } · links of products: { $target }
action-value = { $date } · { $who } · value { $target } is sold again
action-shop = the shop
rule-none = none
rule = { $percent }% + { $fixed }
product-pause = ⏸ Not on sale right now: { $why }.
product-pause-until = ⏸ Not on sale until { $date }: { $why }.
product-pause-safe = Your wallet and your codes aren’t affected.
refused-paused-why = Not on sale right now: { $why }. Nothing was charged; your wallet and your codes aren’t affected.
pause-why-soon = it will be back soon
pause-why-supplier = our supplier has a problem
pause-why-prices = we are checking the prices
pause-why-holiday = closed for the holiday
button-pause-shop = Whole shop
button-pause-supplier = Supplier { $supplier }
button-pause-product = A product…
button-pause-named = { $product }
pause-shop = the whole shop
pause-what = ⏸ What do you want to pause?
pause-which-product = Which product? Type its name.
pause-products = Which one?
pause-no-product = Nothing found. Type another name.
pause-why = ⏸ <b>{ $name }</b>: what will customers read?
button-pause-why-soon = Back soon
button-pause-why-supplier = Supplier trouble
button-pause-why-prices = Checking prices
button-pause-why-holiday = Closed for the holiday
button-pause-why-words = In my own words
pause-words = What will customers read? At most { $longest ->
        [one] one character
       *[other] { $longest } characters
    }, without a full stop. For several languages, one line for each: fr: …, ar: …, en: …
pause-until = ⏸ <b>{ $name }</b> · { $why }
    Until when?
button-pause-until-open = Until I end it
button-pause-until-hour = For 1 hour
button-pause-until-tomorrow = Until tomorrow, 09:00
pause-paid = ⏸ <b>{ $name }</b>: what about orders already paid?
button-pause-paid-on = Buy them
button-pause-paid-waits = Pause them too
pause-confirm = ⏸ <b>Pause { $name }?</b> Customers read: { $why }.
pause-confirm-open = It lasts until you end it: /resume
pause-confirm-until = It ends on { $date }.
pause-confirm-unpaid = { $count ->
        [one] { $count } order is unpaid: it keeps its price, and its deadline is extended by the pause, by a day at most.
       *[other] { $count } orders are unpaid: they keep their prices, and their deadlines are extended by the pause, by a day at most.
    }
pause-confirm-on = Paid orders continue{ $count ->
        [0] { "." }
        [one] { ": " }{ $count } now.
       *[other] { ": " }{ $count } now.
    }
pause-confirm-waits = Paid orders wait too{ $count ->
        [0] { "." }
        [one] { ": " }{ $count } now.
       *[other] { ": " }{ $count } now.
    }
pause-confirm-refunded = What can’t be bought is refunded from { $date }.
button-pause-yes = ⏸ Pause
pause-done = ⏸ Paused: { $name }.
button-lift = ▶️ { $name } · { $why }
pause-by-audit = the books contradict each other
pause-line = ⏸ { $name }: { $why } · { $who }
pause-since = Since { $date }
pause-ends = { " " }· until { $date }
pauses = <b>What is paused</b>
    Press one to sell it again; the others stay.
refused-paused-already = Nothing was changed: this is already paused for that reason. End that pause first, or choose another reason: /resume
pauses-none = Nothing is paused.
product-pause-tell = Shall we tell you when it’s back?
button-watch-value = 🔔 { $value }
menu-pause = Pause the shop, a supplier or a product
menu-resume = What is paused, and selling again
