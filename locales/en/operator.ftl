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
stats-time = Codes in { $median } s (median), { $p95 } s (95 %)
stats-best = Best sellers
stats-best-line = { $count } × { $product } · { $value } = { $sales }
stats-customers = Customers: { $list }
stats-waiting = Waiting now: { $count }
balance = 🏦 { $supplier }: <b>{ $balance }</b>
balance-unknown = 🏦 { $supplier }: balance unknown, the supplier does not answer.
balance-rate = { $one } = { $price } DA, as set on { $date }
balance-stale = As of { $date }; the supplier does not answer now.
balance-reserved = Waiting orders need { $reserved }
balance-pace = Spent on average { $spent } a day
balance-days = Lasts about { $days } days
balance-sandbox = 🧪 Sandbox key: nothing is spent.
balance-paused-balance = ⏸ Selling is paused for the balance; it goes on by itself after a top-up.
balance-paused-access = ⏸ Selling is paused: the supplier refuses our key.
credit-done = ✓ { $amount } credited to { $id }. Wallet: <b>{ $balance }</b>
operator-order = { $icon } <b>Order { $number }</b> · { $state }
operator-order-who = Customer { $id } · paid { $total }
operator-order-unpaid = Customer { $id } · price { $total }, not paid
operator-order-money = Delivered { $delivered } of { $count } · returned { $returned }
operator-order-held = Held until it ends: <b>{ $held }</b>
operator-order-supplier = 🏭 { $supplier } · { $id }
operator-order-paid = Paid { $date }
operator-order-settled = Settled { $date }
operator-order-attention = 🛠️ { $reason }
attention-not_found = No trace of this order at the supplier. Look there, then /refund.
attention-contradiction = The supplier’s status, counts and codes do not agree. The money is held. Ask the supplier, then /refund if nothing is to come.
attention-duplicate_code = A code came that another order already holds. It was not delivered. Ask the supplier for another, or /refund.
attention-sandbox_code = A test code came for a real order. Nothing was delivered. Look at the supplier’s key, then /refund.
attention-surplus = More codes came than were ordered. The rest is kept. Ask the supplier whose they are.
refund-done = ↩️ Order { $number }: { $amount } returned to the customer.
refund-ask = Order { $number }: the supplier may still deliver it, and the shop would then pay for it.
    Return { $amount } to the customer all the same?
refund-ask-large = Order { $number }: return { $amount } to the customer?
refund-may-follow = If its codes still come, they are stored and nobody gets them; the shop pays for them. The supplier is asked a minute after the refund, then less and less often for three days, and you are told.
refund-may-follow-lost = If the supplier has it after all, the shop pays for codes that nobody gets. Its list is searched a minute after the refund, then less and less often for three days, and you are told.
refund-look = 🔎 The supplier may still deliver it. It is asked at { $at }, then for three days; you are told if something comes.
refund-ask-loss = Order { $number } was delivered. Return the price of one code, { $amount }, as compensation? The shop bears it as a loss.
button-refund-yes = Return { $amount }
button-refund-no = Keep waiting
refund-kept = Nothing was changed; the order goes on.
markup = <b>Prices</b>: cost + { $percent } % + { $fixed }, rounded up to { $step }
    /markup c1 10 50 · 10 % and 50 DA for category c1
    /markup c1 off · the usual price again
    Products are p1, values d1.
markup-line = { $target } · { $category }
markup-set = ✓ { $target }: cost + { $percent } % + { $fixed }
markup-off = ✓ { $target }: the usual price again
alert-balance_low = 🔻 The balance at { $supplier } is low: <b>{ $balance }</b>.
alert-balance_low-paused = 🔻 The balance at { $supplier } is at the floor: <b>{ $balance }</b>. Selling from there is paused until you top up.
alert-balance_empty = ⛽ { $supplier } refused order { $order } for lack of balance; it costs { $cost }.
    It waits; smaller orders go on. Top up: it then goes on by itself, or returns the money in time.
alert-orders_stuck = 🐌 Waiting for { $supplier } for more than { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }: { $count ->
        [one] one order
       *[other] { $count } orders
    }: { $orders }
    See /order. They are asked for until they end.
alert-orders_stuck-hours = 🐌 Waiting for { $supplier } for more than { $hours ->
        [one] one hour
       *[other] { $hours } hours
    }: { $count ->
        [one] one order
       *[other] { $count } orders
    }: { $orders }
    See /order. They are asked for until they end.
alert-outcome_unknown = ❓ Order { $order }: the supplier’s answer was lost ({ $why }). It is being searched for; nothing is bought twice.
alert-order_not_found = 🛠️ Order { $order }: after 15 minutes still no trace at the supplier. Look there, then /refund { $plain } and a reason.
alert-order_attention = 🛠️ Order { $order }: { $reason }
alert-circuit_open = 🚪 { $supplier } refuses our key ({ $code }). All calls there are stopped, selling from there is paused.
    Check the key and its address list, then press.
alert-price_drift = 📈 Order { $order }: expected to cost { $expected } each, the supplier took { $paid }.
    It is off the shelf until its price changes, or until you press.
alert-bought_for_nobody = 🧾 { $supplier } has order { $id }, made for our order { $order }, which does not take it: it is over (bought, but refunded), or has another one there. Cancel it at the supplier, or keep its codes. See /order { $plain }.
alert-bought_for_nobody-codes = 🧾 Order { $order } is over (bought, but refunded), and { $supplier } delivered all the same, as { $id }: { $codes ->
        [one] one code is
       *[other] { $codes } codes are
    } stored, and nobody gets them. See /order { $plain }.
alert-cost_fell = 📉 { $product } · { $label } at { $supplier }: its cost fell from { $expected } to { $paid }. It is not sold until you say so.
    Ask the supplier whether that is its price, then press.
alert-offer_changed = 🔀 Order { $order }: at { $supplier }, what was “{ $before }” is now “{ $label }”. It was not bought; the customer got the money back.
alert-balance_short = 🪫 A customer wants to buy for { $cost } from { $supplier }, whose balance leaves { $balance }. That order was not offered; smaller ones go on. Top up to sell it.
alert-rules_lost = 🏷️ { $supplier } changed its catalogue. These price rules apply to nothing any more: { $rules }. See /markup.
button-sell-value = Sell it again
value-released = ✓ It is sold again.
value-released-not = It was not held.
stats-losses = Compensation { $losses }
alert-request_refused = 🛠️ Order { $order }: the supplier refused the request ({ $code }, request { $request }). The customer got the money back.
alert-message_dead = ✉️ A message to { $user } about order { $order } could not be sent. The codes stay in their /orders.
alert-operator_cut_off = ✉️ Messages of support cases do not reach operator { $user }: Telegram refuses them. The first is of case #{ $case }. The shop keeps trying.
alert-catalogue_stale = 📚 The catalogue of { $supplier } could not be refreshed for two days; the last one is shown.
alert-supplier_down = 🔇 { $supplier } has not answered for two minutes. Its orders wait, nothing is lost; they go on by themselves when it is back.
alert-update_quarantined = 🧯 Something a person sent could not be handled ({ $trouble }) and was set aside; { $count ->
        [one] one message waits
       *[other] { $count } messages wait
    } so.
    The others are served. When the cause is mended, press.
alert-polling_stopped = 📡 Nothing was fetched from Telegram for { $seconds } s. Fetching was started again; nothing is lost.
alert-other_poller = 👥 Another program fetches this bot’s updates with the same TELEGRAM_TOKEN: presses may go to it and be lost for this shop. Stop the other program. If you do not know it, make a new token with BotFather. This shop stays open.
alert-audit_differs = 🧾 The audit found differences ({ $checks }): { $about }
    Nothing was changed. See /audit.
alert-audit_differs-paused = 🧾 The books contradict themselves ({ $checks }): { $about }
    Selling is paused; paid orders go on. Look at /audit, and sell again when you know why.
alert-backup_failed = 💾 Last night’s backup failed: { $why }
alert-webhook_failing = 📡 Telegram cannot deliver to TELEGRAM_WEBHOOK_URL ({ $reason }). { $count ->
        [one] One message waits
       *[other] { $count } messages wait
    } there, for at most a day. Check the address, its certificate and your web server.
alert-item_failing = ⚙️ Something failed { $count } times ({ $trouble }): { $what }.
    It is still tried, less and less often; everything else continues. Fix the cause, then press.
alert-sweep_failing = ⚙️ A background job failed { $count } times in a row ({ $trouble }): { $sweep }. It is still tried; the log says where it fails.
alert-sweep_works = ✓ The background job works again: { $sweep }.
alert-night_interrupted = 💾 The nightly work of { $night } was cut short: the shop was stopped in the middle of it. It is being made up for now.
alert-clock_stepped = 🕰️ The clock of this machine was set ahead by { $by } (hours:minutes:seconds); it shows { $now }. No order ends earlier because of that. If nobody meant to do this, look at its time synchronisation.
alert-clock_stepped-behind = 🕰️ The clock of this machine was set back by { $by } (hours:minutes:seconds); it shows { $now }. Everything goes on, and no order ends earlier because of that. If nobody meant to do this, look at its time synchronisation.
alert-supplier_clock = 🕰️ The clock of { $supplier } is ahead of ours by { $by } (hours:minutes:seconds). Orders whose answer was lost are searched for with that in mind. If the clock of this machine is wrong, look at its time synchronisation.
alert-supplier_clock-behind = 🕰️ The clock of { $supplier } is behind ours by { $by } (hours:minutes:seconds). Orders whose answer was lost are searched for with that in mind. If the clock of this machine is wrong, look at its time synchronisation.
alert-key_abandoned = 🔐 The key { $name } was given up. Codes that can no longer be shown: { $sealed }, in { $orders } of the orders. Whoever asks for them is sent to support; if the key is found, put it back into HANOUT_KEYS.
alert-others = And { $count ->
        [one] one more like it
       *[other] { $count } more like it
    }: { $named }
    See /attention.
button-resume = Sell again
button-inbox = Try again
resumed = ✓ The shop sells again.
resumed-not = Nothing was paused.
brought-back = ✓ Being tried again: { $count ->
        [one] one message
       *[other] { $count } messages
    }
brought-back-none = Nothing is set aside any more.
audit-well = 🧾 <b>Audit</b> · all agrees
audit-differs = 🧾 <b>Audit</b> · differences
audit-line = { $mark } { $check } · { $count }
audit-line-off = { $mark } <b>{ $check }</b> · { $about }
codes-lost-count = 🔐 Codes whose key is lost: { $count }
audit-supplier-silent = { $supplier } does not answer; its books were not compared.
audit-paused = ⏸ Selling is paused until you press.
attention-none = 🛠️ Nothing needs you.
attention = 🛠️ <b>Needs you</b>
attention-line = { $number } · { $reason }
attention-more = and { $count } more
attention-set-aside = 🧯 Messages set aside: { $count }
button-failing = Try again
tried-again = ✓ Tried again: { $count ->
        [one] one item
       *[other] { $count } items
    }
tried-again-failed = Still failing: { $count ->
        [one] one item
       *[other] { $count } items
    }
tried-again-none = Nothing is failing any more.
attention-failing = ⚙️ Failing again and again: { $count ->
        [one] one item
       *[other] { $count } items
    }
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
item-record = recording the delivered codes of order { $id }
item-message = recording that message { $id } was sent
item-reminder = the expiry reminder of order { $id }
item-slow = telling the customer that order { $id } is slow
item-alert = an alert ({ $id })
job-place = buying paid orders
job-poll = asking { $supplier } about orders
job-reconcile = searching lost orders at { $supplier }
job-interrupted = finding interrupted purchases
job-unpaid = paying and ending orders that wait for money
job-payments = checking payments
job-payment-refunds = refunding payments
job-alerts = telling you alerts
job-outbox = sending messages
job-record = recording delivered codes
job-hide = hiding codes
job-watch = telling about slow orders at { $supplier }
job-silence = noticing that { $supplier } is silent
job-balance = reading the balance at { $supplier }
job-access = checking the key of { $supplier }
job-catalogue = reading the catalogue of { $supplier }
job-reminders = reminding of codes that expire
job-nightly = the nightly backup and audit
job-clock = noticing that the clock was set
job-purge = deleting what is no longer needed
balance-paused-audit = ⏸ Selling is paused: the books contradict themselves. See /audit.
audit-postings = postings
audit-balances = balances
audit-orders = orders
audit-holds = ended orders
audit-codes = codes
audit-deliveries = deliveries
audit-waiting = queues
audit-supplier = the supplier’s list
audit-movements = the supplier’s movements
button-circuit = Try again
circuit-closed = ✓ The supplier accepts the key again; selling goes on.
circuit-still = The supplier still refuses the key ({ $code }).
state-awaiting_payment = waiting for payment
state-paid = paid, to be bought
state-placing = being bought
state-unconfirmed = answer lost, searching
state-handling = waiting at the supplier
state-fulfilled = delivered
state-partial = part delivered
state-refunded = returned
state-cancelled = cancelled
state-expired = expired
links = 🔗 <b>One value at two suppliers</b>: the cheaper one in stock is bought.
    /link name · find products and their numbers
    /link p12 p45 · p45 follows p12, value by value
    /link p45 off · p45 stands alone again
links-none = Nothing is linked.
links-line = { $alias } → { $primary }
links-found = { $id } · { $product } · { $supplier }
links-found-none = No product is called “{ $query }”.
link-ask = Sell { $alias } as { $primary }? These values are the same:
link-pair = { $alias } = { $primary }
link-alone = These stay by themselves: { $values }
button-link-yes = Link them
link-done = ✓ Linked: { $count ->
        [one] one value
       *[other] { $count } values
    }
link-off = ✓ Standing alone again: { $count ->
        [one] one value
       *[other] { $count } values
    }
stats-supplier = 🏭 { $supplier }: sales { $sales }, cost { $cost }
