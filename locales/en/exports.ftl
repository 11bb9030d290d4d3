# The file of a month for the bookkeeper.
export-ask = 📁 <b>{ $month }</b>: { $count ->
        [0] no orders
        [one] one order
       *[other] { $count } orders
    }, 3 sheets and a summary.
export-holds = Contains customers’ Telegram IDs and amounts, no codes. Anyone who has the file can read it.
button-export-send = Send it
button-export-leave = Don’t send
export-making = 📁 Making the file of { $month }…
export-caption = 📁 { $month }: orders, ledger, payments and a summary. The books balance.
export-left = No file was made.
export-failed = The file of { $month } couldn’t be made now. On the shop’s machine: { $command }
export-not-tied = ✗ No file of { $month }: its books don’t balance. See /audit.
export-difference = · { $difference }
action-export = { $date } · { $who } · file of { $target }
menu-export = Month for the bookkeeper
refused-month = { $month } isn’t over yet. Its books are closed an hour after its end.
