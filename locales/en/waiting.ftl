# What an order waits for, how it ended, and the money that belongs to it.
status-money = Paid: { $total }
status-soon = Waiting for the supplier.
status-usual-seconds = Waiting for the supplier. Usually ready in about { $count ->
        [one] one second
       *[other] { $count } seconds
    }.
status-usual-minutes = Waiting for the supplier. Usually ready in about { $count ->
        [one] one minute
       *[other] { $count } minutes
    }.
status-usual-hours = Waiting for the supplier. Usually ready in about { $count ->
        [one] one hour
       *[other] { $count } hours
    }.
status-you-can-leave = No need to wait here; we’ll message you.
status-searching = We haven’t received the supplier’s answer about this order, so we’re checking with them. Your money is safe, and nothing will be bought twice.
status-see-codes = Delivered: see the message below, or /orders.
status-see-refund = Refunded: see the message below.
order-waits = ⏳ <b>Order { $number }</b>
delivery-ran-out = The supplier ran out of codes.
money-came = Received: { $amount } ({ $way })
money-refunded = Refunded to your wallet: <b>{ $returned }</b>
money-balance = Your balance is now { $wallet }.
money-paid-orders = { $count ->
        [one] Order { $numbers } is paid and on its way.
       *[other] Orders { $numbers } are paid and on their way.
    }
status-see-part = Partly delivered: see the message below, or /orders.
orders-wait-too = { $count ->
    [one] ⏳ One more order is on its way.
   *[other] ⏳ { $count } more orders are on their way.
}
