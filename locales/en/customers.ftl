# The page of one customer, for operators: who, money, notes, bans.
button-customer = 👤 Customer
button-choose-person = 👤 Choose a person
user-whom = 👤 Who is it? Send an order (#1042), a payment (HN12), a case (K7) or a Telegram ID, or choose the person below.
user-no-names = 👤 Bots can’t look people up by name, and the shop keeps no names. Choose the person below.
user-forward = You can also forward me one of their messages.
user-hidden = This person hides who they are when their messages are forwarded. Ask for an order number, or choose them.
user-no-person = That message is not from a person. Forward one of the customer’s own, or send an order number.
user-which = 👤 Which one do you mean?
button-user = 👤 Telegram ID { $id }
button-user-order = 🧾 Customer of order { $number }
user = 👤 <b>{ $id }</b> · { $language } · since { $date }
user-banned = ⛔ Banned since { $date }: { $why }
user-wallet = Wallet { $balance } · held { $held }
user-orders = { $count ->
        [one] { $count } order
       *[other] { $count } orders
    } · spent { $spent }
user-profit = { " " }· profit { $profit }
user-last = { " " }· last { $date }
user-paid = Topped up { $paid }{ $count ->
        [0] { "" }
        [one] { " " }· { $count } payment rejected
       *[other] { " " }· { $count } payments rejected
    }
user-cases = { $count ->
        [one] { $count } support case
       *[other] { $count } support cases
    } · latest: { $number }
user-unreachable = 🔇 Messages don’t reach them: they stopped the bot.
user-notes = 📝 { $count ->
        [one] { $count } note
       *[other] { $count } notes
    }: “{ $note }”
user-note-lost = cannot be read: its key is lost
button-user-orders = Orders
button-user-money = Money
button-user-payments = Payments
button-user-credit = Change the balance
button-user-note = Note
button-user-write = Write to them
button-ban = ⛔ Ban
button-unban = Lift the ban
user-orders-of = 🧾 <b>Orders of { $id }</b>
user-no-orders = No orders yet.
user-order = { $icon } { $number } · { $name } · { $total }
user-money-of = 💰 <b>Wallet of { $id }</b>
user-payments-of = 💳 <b>Payments of { $id }</b>
user-no-payments = No payments yet.
user-credit = Change the balance of { $id } by how much, in dinars, and why? For example: { $note }. Use a minus sign to deduct.
user-credit-again = That is not an amount.
user-notes-of = 📝 <b>Notes about { $id }</b>
user-note = { $date } · { $who }: { $note }
user-note-ask = Type a note to add, up to 500 characters. Operators can read it, and the customer gets it with their data.
user-write = What do you want to tell { $id }? Send text, a picture or a file. It opens a case with support and isn’t kept.
ban-why = ⛔ Why are you banning { $id }?
button-ban-fraud = Fraud
button-ban-chargeback = Reversed a payment
button-ban-abuse = Insults or threats
button-ban-other = In my own words
ban-fraud = fraud
ban-chargeback = reversed a payment
ban-abuse = insults or threats
ban-words = Why are you banning { $id }? Operators see what you type, the customer doesn’t.
ban-ask = ⛔ <b>Ban { $id }?</b> Reason: { $why }
ban-unpaid = { $count ->
        [one] { $count } unpaid order will be cancelled.
       *[other] { $count } unpaid orders will be cancelled.
    }
ban-held = Paid orders continue: { $held }
ban-balance = Stays in the wallet: { $balance }
button-ban-yes = Ban
unban-ask = Let { $id } buy again?
button-unban-yes = Lift the ban
refused-banned = You can’t buy from this shop any more. What you have paid for stays in /orders. You can write to support once a day: /paysupport
refused-ban = Operators can’t be banned.
refused-note = A note has 1 to { $longest } characters, and there can be { $most } notes at most. Nothing was added.
attention-banned = ⛔ { $count ->
        [one] { $count } payment came
       *[other] { $count } payments came
    } from banned customers: refund?
attention-banned-line = { $reference } · customer { $id }
menu-user = One customer: orders, wallet, notes
action-ban = { $date } · { $who } · banned { $target }
action-unban = { $date } · { $who } · lifted the ban on { $target }
action-note-added = { $date } · { $who } · note about { $target }
action-write = { $date } · { $who } · wrote to { $target }
