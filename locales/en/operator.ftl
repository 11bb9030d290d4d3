# What operators see.
stats = 📊 <b>{ $span }</b> · { $count ->
        [one] one order
       *[other] { $count } orders
    }
stats-today = Today
stats-7d = Last 7 days
stats-30d = Last 30 days
stats-all = All time
stats-outcomes = ✅ { $fulfilled }  ⚠️ { $partial }  ↩️ { $refunded }  ⏳ { $open }  ✖️ { $ended }
stats-money = Sales { $sales }
    Cost { $cost } · profit <b>{ $profit }</b>
stats-time = Delivery: half in { $median } s, 95% in { $p95 } s
stats-best = Best sellers
stats-best-line = { $count } × { $product } { $value }: { $sales }
stats-customers = Customers: { $list }
stats-waiting = Orders waiting now: { $count }
balance = 🏦 { $supplier }: <b>{ $balance }</b>
balance-unknown = 🏦 { $supplier }: balance unknown, the supplier isn’t answering.
balance-later = 🏦 { $supplier }: paid later, so no balance limits your sales.
balance-rate = { $one } = { $price } DA, set on { $date }
balance-stale = As of { $date }; the supplier isn’t answering right now.
balance-reserved = Needed for open orders: { $reserved }
balance-pace = Average spend per day: { $spent }
balance-days = { $days ->
        [0] Enough for less than a day
        [one] Enough for about one day
       *[other] Enough for about { $days } days
    }
balance-sandbox = 🧪 Test key: nothing is spent.
balance-paused-balance = ⏸ Sales are paused because of the balance. Top up; they continue automatically.
balance-paused-access = ⏸ Sales are paused: the supplier refuses our key. Check the key.
credit-done = ✓ Wallet of { $id }: { $amount }. New balance: <b>{ $balance }</b>
operator-order = { $icon } <b>Order { $number }</b> · { $state }
operator-order-who = Customer { $id } · paid { $total }
operator-order-unpaid = Customer { $id } · price { $total }, not paid
operator-order-money = Delivered { $delivered } of { $count } · refunded { $returned }
operator-order-held = Held until it ends: <b>{ $held }</b>
operator-order-supplier = 🏭 { $supplier } · { $id }
operator-order-paid = Paid { $date }
operator-order-settled = Closed { $date }
operator-order-attention = 🛠️ { $reason }
attention-not_found = The supplier has no trace of this order. Check there, then /refund.
attention-contradiction = The supplier’s status, counts and codes don’t agree. The money is held. Ask the supplier; if nothing is coming, /refund.
attention-duplicate_code = The supplier sent the same code twice, here or for another order. The second was not delivered. Ask for a new one, or /refund.
attention-sandbox_code = A test code came for a real order. Nothing was delivered. Check the supplier’s key, then /refund.
attention-surplus = More codes came than were ordered. The extra ones are kept and nobody sees them. Ask the supplier whose they are.
refund-done = ↩️ Order { $number }: { $amount } refunded to the customer.
refund-ask = Order { $number }: the supplier may still deliver it, and the shop would then pay for it.
refund-ask-large = Order { $number }: refund { $amount } to the customer?
refund-may-follow = If its codes still come, they are stored and nobody gets them. The supplier is asked after one minute, then less and less often for three days, and you’re told.
refund-may-follow-lost = If the supplier has it after all, the shop pays for codes nobody gets. Its list is searched after one minute, then less and less often for three days, and you’re told.
refund-look = 🔎 The supplier may still deliver it. It is asked on { $at }, then for three days; you’re told if something comes.
refund-ask-loss = Order { $number } was delivered. Refund the price of one code, { $amount }, as compensation? The shop bears the loss.
button-refund-yes = Refund { $amount }
button-refund-no = Keep waiting
refund-kept = Nothing was changed; the order continues.
refund-kept-ended = Nothing was refunded by this press. Order { $number }: { $state }.
markup = <b>Prices</b>: cost + { $percent }% + { $fixed }, rounded up to the next { $step }
    /markup c1 10 50 · cost + 10% + 50 DA in category c1
    /markup c1 off · back to the usual price
    Instead of a category (c1), you can give a product (p1) or a value (d1).
markup-line = { $target } · { $category }
markup-set = ✓ { $target }: cost + { $percent }% + { $fixed }
markup-off = ✓ { $target }: back to the usual price
alert-balance_low = 🔻 Balance at { $supplier } is low: <b>{ $balance }</b>. Top up soon.
alert-balance_low-paused = 🔻 Balance at { $supplier } is at its floor: <b>{ $balance }</b>. Sales from this supplier are paused until you top up.
alert-balance_empty = ⛽ { $supplier } refused order { $order } for lack of balance; it costs { $cost }.
    The order waits; smaller ones continue. Top up: it continues automatically, or is refunded in time.
alert-orders_stuck = 🐌 Waiting for { $supplier } for more than { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }: { $count ->
        [one] one order
       *[other] { $count } orders
    } ({ $orders })
    Look with /order. We keep checking until they end.
alert-orders_stuck-hours = 🐌 Waiting for { $supplier } for more than { $hours ->
        [one] one hour
       *[other] { $hours } hours
    }: { $count ->
        [one] one order
       *[other] { $count } orders
    } ({ $orders })
    Look with /order. We keep checking until they end.
alert-outcome_unknown = ❓ Order { $order }: the supplier’s answer was lost ({ $why }). We’re searching for it; nothing is bought twice.
alert-order_not_found = 🛠️ Order { $order }: no trace of it at the supplier after 15 minutes. Check there, then /refund { $plain } and a reason.
alert-order_attention = 🛠️ Order { $order }: { $reason }
alert-circuit_open = 🚪 { $supplier } refuses our key ({ $code }). Calls are stopped and sales from this supplier are paused.
    Check the key and its list of allowed addresses, then press “Try again”.
alert-price_drift = 📈 Order { $order }: expected cost { $expected } each, the supplier took { $paid }.
    This value is off the shelf until its price changes, or until you press “Sell it again”.
alert-bought_for_nobody = 🧾 { $supplier } has order { $id } for our order { $order }, which can’t take it: ours was refunded after the purchase, or already has another one there. Cancel it at the supplier, or keep its codes. Look with /order { $plain }.
alert-bought_for_nobody-codes = 🧾 Order { $order } was refunded after the purchase, but { $supplier } delivered it, as { $id }: { $codes ->
        [one] one code is
       *[other] { $codes } codes are
    } stored, and nobody gets them. Look with /order { $plain }.
alert-cost_fell = 📉 { $product } · { $label } at { $supplier }: cost fell from { $expected } to { $paid }, so it is off the shelf.
    Ask the supplier whether that’s its price, then press “Sell it again”.
alert-offer_changed = 🔀 Order { $order }: at { $supplier }, “{ $before }” has become “{ $label }”. It was not bought; the customer is refunded.
alert-balance_short = 🪫 A customer wants to buy for { $cost } from { $supplier }, where { $balance } is left. This order was not offered; smaller ones continue. Top up to sell it.
alert-rules_lost = 🏷️ { $supplier } no longer lists what these prices and price rules are for: { $rules }. They apply again once it is listed again. What is listed now: /prices.
button-sell-value = Sell it again
value-released = ✓ On sale again.
value-released-not = Already on sale. Nothing was changed.
stats-losses = Compensation { $losses }
alert-request_refused = 🛠️ Order { $order }: the supplier refused the request ({ $code }, request { $request }). The customer is refunded.
alert-message_dead = ✉️ A message to { $user } about order { $order } couldn’t be sent. The codes stay in their /orders.
alert-operator_cut_off = ✉️ Support messages don’t reach operator { $user }: Telegram refuses them. The first is from case { $case }. The shop keeps trying.
alert-catalogue_stale = 📚 The catalogue of { $supplier } hasn’t been refreshed for two days; the last one is still shown.
alert-supplier_down = 🔇 { $supplier } hasn’t answered for two minutes. Its orders wait, nothing is lost; they continue automatically when it’s back.
alert-update_quarantined = 🧯 A message to the bot couldn’t be processed ({ $trouble }) and was set aside. { $count ->
        [one] One message is
       *[other] { $count } messages are
    } set aside now.
    Other customers aren’t affected. Once the cause is fixed, press “Retry the messages”.
alert-polling_stopped = 📡 Nothing came from Telegram for { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    }. Fetching was restarted; nothing is lost.
alert-other_poller = 👥 Another program fetches this bot’s messages with the same TELEGRAM_TOKEN, so presses may be lost for this shop. Stop that program. If you don’t know it, get a new token from BotFather. This shop stays open.
alert-audit_differs = 🧾 The audit found differences ({ $checks }): { $about }
    Nothing was changed. See /audit.
alert-audit_differs-paused = 🧾 The books contradict each other ({ $checks }): { $about }
    Sales are paused; paid orders continue. Look at /audit. Once you know why, press “Sell again”.
alert-backup_failed = 💾 Last night’s backup failed: { $why }
alert-webhook_failing = 📡 Telegram can’t reach TELEGRAM_WEBHOOK_URL ({ $reason }). { $count ->
        [one] One message waits
       *[other] { $count } messages wait
    } there, for a day at most. Check the address, its certificate and your web server.
alert-item_failing = ⚙️ { $what }: failed { $count ->
        [one] once
       *[other] { $count } times
    } ({ $trouble }).
    It is retried less and less often; everything else continues. Fix the cause, then press “Retry the tasks”.
alert-sweep_failing = ⚙️ Background job “{ $sweep }”: failed { $count ->
        [one] once
       *[other] { $count } times in a row
    } ({ $trouble }). It is still retried; the log says where it fails.
alert-sweep_works = ✓ Background job “{ $sweep }” works again.
alert-night_interrupted = 💾 The nightly work of { $night } was interrupted because the shop stopped. It is being done now.
alert-clock_stepped = 🕰️ This machine’s clock was set ahead by { $by } (hours:minutes:seconds); it now shows { $now }. No order ends early because of it. If this wasn’t intended, check the time synchronisation.
alert-clock_stepped-behind = 🕰️ This machine’s clock was set back by { $by } (hours:minutes:seconds); it now shows { $now }. Everything continues, and no order ends early because of it. If this wasn’t intended, check the time synchronisation.
alert-supplier_clock = 🕰️ The clock of { $supplier } is ahead of ours by { $by } (hours:minutes:seconds). Searches for lost orders allow for it. If this machine’s clock is wrong, check its time synchronisation.
alert-supplier_clock-behind = 🕰️ The clock of { $supplier } is behind ours by { $by } (hours:minutes:seconds). Searches for lost orders allow for it. If this machine’s clock is wrong, check its time synchronisation.
alert-key_abandoned = 🔐 Key { $name } was abandoned. Codes that can no longer be shown: { $sealed }; orders affected: { $orders }. Customers who ask for them are sent to support. If you find the key, put it back into HANOUT_KEYS.
alert-others = And { $count ->
        [one] one more like it
       *[other] { $count } more like it
    }: { $named }
alert-others-where = All of them: /attention
button-resume = Sell again
button-inbox = Retry the messages
resumed = ✓ Sales continue.
resumed-in-part = This pause is over, but another one still stops sales: /resume
resumed-not = Sales weren’t paused. Nothing was changed.
brought-back = ✓ Being retried: { $count ->
        [one] one message
       *[other] { $count } messages
    }
brought-back-none = Nothing is set aside. Nothing was changed.
audit-well = 🧾 <b>Audit</b> · everything matches
audit-differs = 🧾 <b>Audit</b> · differences
audit-line = { $mark } { $check } · { $count }
audit-line-off = { $mark } <b>{ $check }</b> · { $about }
codes-lost-count = 🔐 Codes whose key is lost: { $count }
audit-supplier-silent = { $supplier } isn’t answering; its books were not compared.
audit-paused = ⏸ Sales are paused until you press “Sell again”.
attention-none = 🛠️ Nothing needs your attention.
attention = 🛠️ <b>Needs your attention</b>
attention-line = { $number } · { $reason }
attention-more = and { $count } more
attention-more-pauses = { $count ->
        [one] and one more pause: /resume
       *[other] and { $count } more pauses: /resume
    }
attention-set-aside = 🧯 Messages set aside: { $count }
button-failing = Retry the tasks
tried-again = ✓ Retried: { $count ->
        [one] one task
       *[other] { $count } tasks
    }
tried-again-failed = Still failing: { $count ->
        [one] one task
       *[other] { $count } tasks
    }
tried-again-none = Nothing is failing any more.
attention-held = 📉 Off the shelf because of their cost: { $count ->
        [one] one value
       *[other] { $count } values
    }
button-sell-held = Sell again: { $product } · { $label }
attention-failing = ⚙️ Failing repeatedly: { $count ->
        [one] one task
       *[other] { $count } tasks
    }
trouble-unreadable = unreadable
trouble-restart = the shop stopped while it was handled
attention-failing-line = · { $what } ({ $trouble })
attention-sweep = ⚙️ Background job failing: { $sweep }
item-place = buying order { $id }
item-overdue = refunding order { $id }, which waited too long
item-interrupted = finding the interrupted purchase of order { $id }
item-reconcile = finding order { $id } at the supplier
item-poll = asking the supplier about order { $id }
item-pay = paying the waiting orders of customer { $id }
item-expire = ending unpaid order { $id }
item-payment = checking payment { $id }
item-payment_refund = refunding payment { $id }
item-hide = hiding a message of codes ({ $id })
item-hide-order = hiding the codes of order { $id }, which can still be read in the chat
item-record = recording the delivered codes of order { $id }
item-message = recording that message { $id } was sent
item-reminder = the expiry reminder of order { $id }
item-slow = telling the customer that order { $id } is slow
item-alert = an alert ({ $id })
job-place = buying paid orders
job-poll = asking { $supplier } about orders
job-reconcile = searching for lost orders at { $supplier }
job-interrupted = finding interrupted purchases
job-unpaid = paying and ending orders that wait for money
job-payments = checking payments
job-payment-refunds = refunding payments
job-alerts = sending you alerts
job-outbox = sending messages
job-record = recording delivered codes
job-hide = hiding codes
job-watch = telling customers about slow orders at { $supplier }
job-silence = noticing that { $supplier } is silent
job-balance = reading the balance at { $supplier }
job-access = checking the key of { $supplier }
job-catalogue = reading the catalogue of { $supplier }
job-reminders = reminding customers of expiring codes
job-nightly = the nightly backup and audit
job-clock = noticing that the clock was changed
job-purge = deleting what is no longer needed
balance-paused-audit = ⏸ Sales are paused: the books contradict each other. See /audit
audit-postings = ledger entries
audit-balances = balances
audit-orders = orders
audit-holds = closed orders
audit-codes = codes
audit-deliveries = deliveries
audit-waiting = pending tasks
audit-supplier = supplier’s orders
audit-movements = supplier’s transactions
button-circuit = Try again
circuit-closed = ✓ The supplier accepts the key again. Sales continue.
circuit-still = The supplier still refuses the key ({ $code }). Check it, then press “Try again” once more.
state-awaiting_payment = waiting for payment
state-paid = paid, not sent to the supplier yet
state-placing = being bought
state-unconfirmed = answer lost, searching
state-handling = waiting at the supplier
state-fulfilled = delivered
state-partial = part delivered
state-refunded = refunded
state-cancelled = cancelled
state-expired = expired
links = 🔗 <b>The same card from two suppliers</b>: the shop buys the cheaper one in stock.
    /link name · find a product’s number
    /link p12 p45 · sell p45 as p12, where values match
    /link p45 off · undo it: p45 is sold separately
links-none = No products are linked.
links-line = { $alias } → { $primary }
links-found = { $id } · { $product } · { $supplier }
links-hidden = · hidden: { $ids }
links-found-none = No product matches “{ $query }”.
link-ask = Sell { $alias } as { $primary }?
link-pair = { $alias } = { $primary }
link-alone = Only at one supplier: { $values }
button-link-yes = Link them
link-done = ✓ Linked: { $count ->
        [one] one value
       *[other] { $count } values
    }
link-off = ✓ Sold separately again: { $count ->
        [one] one value
       *[other] { $count } values
    }
stats-supplier = 🏭 { $supplier }: sales { $sales }, cost { $cost }
link-same = These values match, as each supplier writes them:
