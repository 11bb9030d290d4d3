# The day's closing, for operators.
job-closing = the day’s closing
closing = 🌙 <b>{ $date }</b>, the day in figures
closing-orders = { $orders ->
        [0] No orders
        [one] { $orders } order
       *[other] { $orders } orders
    } · { $codes ->
        [0] no codes delivered
        [one] { $codes } code delivered
       *[other] { $codes } codes delivered
    }
closing-sales = Sales <b>{ $sales }</b>
closing-earned = Profit <b>{ $profit }</b> · cost { $cost }
closing-returned = Refunded { $returned }
closing-held = Held { $held } · { $count ->
        [0] no orders waiting for codes
        [one] { $count } order waiting for its codes
       *[other] { $count } orders waiting for their codes
    }
closing-waiting = 🛠️ <b>Needs a decision</b> · /attention
closing-waiting-orders = { $count ->
        [one] { $count } order
       *[other] { $count } orders
    }
closing-waiting-others = { $count ->
        [one] { $count } more thing
       *[other] { $count } more things
    }
closing-days = 🏦 { $supplier }: { $days ->
        [0] balance for less than a day
        [one] balance for about one day
       *[other] balance for about { $days } days
    }
