# Pictures of figures, for operators.
button-picture = 📈 Charts
chart-sales = Sales
chart-sales-profit = Sales and profit
chart-outcomes = How orders ended
chart-best = Best sellers
chart-hours = Busy hours
chart-title = { $kind } · { $span }
chart-head = 📈 <b>{ $kind } · { $span }</b>
chart-total-sales = Sales { $sales }
chart-total-profit = Sales { $sales } · profit { $profit }
chart-total-orders = { $count ->
        [one] one order
       *[other] { $count } orders
    }
chart-total-codes = { $count ->
        [one] one code
       *[other] { $count } codes
    } · { $sales }
chart-unit-1 = in dinars
chart-unit-1000 = in thousands of dinars
chart-unit-1000000 = in millions of dinars
chart-note = { $unit } · { $step }
chart-step-hours = { $count ->
        [one] one bar per hour
       *[other] one bar every { $count } hours
    }
chart-step-days = { $count ->
        [one] one bar per day
       *[other] one bar every { $count } days
    }
chart-step-months = { $count ->
        [one] one bar per month
       *[other] one bar every { $count } months
    }
chart-legend-sales = Sales
chart-legend-profit = Profit
chart-line = { $when }: { $sales }
chart-line-profit = { $when }: { $sales } · profit { $profit }
chart-change-today = Sales { $change } compared with yesterday at this hour
chart-change-7d = Sales { $change } compared with the 7 days before
chart-change-30d = Sales { $change } compared with the 30 days before
chart-change-profit = Profit { $change }
chart-change-none = No earlier sales to compare with.
chart-outcome-fulfilled = Delivered
chart-outcome-partial = Part delivered
chart-outcome-refunded = Refunded
chart-outcome-open = Still open
chart-outcome-ended = Cancelled or expired
chart-row = { $label }: { $number }
chart-row-sold = { $label }: { $count } · { $sales }
chart-sold = { $count } · { $sales }
chart-others = All others
chart-hours-note = orders by weekday and hour
chart-hours-line = { $day }: { $count ->
        [one] one order, at { $hour }
       *[other] { $count } orders, most at { $hour }
    }
chart-none = Nothing to draw: there were no orders in this time.
chart-none-sold = Nothing to draw: nothing was sold in this time.
chart-no-picture = The chart couldn’t be drawn just now; here are its figures.
chart-no-package = Charts need one more package on the shop’s machine: { $package }.
