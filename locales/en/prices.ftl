# Price tables, for operators: what values cost, what they are sold for, and what they earn.
menu-prices = Price tables
rule-percent = { $percent }%
rule-and-values = { $rule }, { $count ->
        [one] one value with a price of its own
       *[other] { $count } values with prices of their own
    }
prices = 💲 <b>Prices</b>: usually cost + { $rule }
prices-usage =
    /prices p12 · the table of a product
    /prices netflix · find a product
    /prices below 5 · what earns less than 5% of its cost
prices-which = Which one?
prices-nothing = Nothing found. Try another name, or a number such as /prices p12.
price-title = 💲 <b>{ $name }</b> · { $target }
price-hidden = 🙈 Hidden: nobody can buy it. These prices count once you show it.
price-rule = Now: cost + { $rule }
price-rule-draft = Now: cost + { $rule } · <b>draft: { $proposed }</b>
price-used = ✓ In use: cost + { $rule }
price-inherited = This rule comes from its category or from the whole shop.
price-of-shop = This is the rule of the whole shop.
price-no-values = No cost is known yet: open the product in the shop once, and its prices are fetched.
price-no-values-hidden = No cost is known yet: its prices are fetched once you show it and somebody opens it in the shop.
price-value = value
price-cost = cost
price-now = now
price-draft = draft
price-margin = margin
price-price = price
price-percent = %
price-mark-fixed = { $mark } fixed price
price-mark-beaten = { $mark } the fixed price doesn’t cover the cost: cost and least margin decide
price-mark-floor = { $mark } has a lowest price
price-mark-own = { $mark } has a rule of its own (/markup)
price-mark-hidden = { $mark } hidden: nobody can buy it
button-price-down = −1%
button-price-up = +1%
button-price-type = Type…
button-price-fixed = Fixed price
button-price-floor = Lowest price
button-price-use = Use it
button-price-undo = ↶ Previous rule
button-price-table = 💲 Back to the table
button-price-open = { $name }
button-price-hidden = { $name } · hidden
button-price-category = { $name } · { $rule }
button-price-value = { $name } · { $amount }
price-which-fixed = <b>{ $name }</b>: which value gets a fixed price?
price-which-floor = <b>{ $name }</b>: which value gets a lowest price?
price-ask-rule = <b>{ $name }</b>: type the percentage, for example 7.5. 5 20 means 5% plus 20 DA. Type off to follow its category or the shop.
price-ask-fixed = <b>{ $name }</b> · { $value }: type its fixed price in dinars. It stays the same whatever the rule says.
price-ask-floor = <b>{ $name }</b> · { $value }: type its lowest price in dinars. It is never sold for less.
price-ask-figures = It costs us { $cost }; in the draft its price is { $price }.
price-ask-off = Type off to remove it.
price-unreadable = I can’t read that as a number.
prices-below = 🔻 { $count ->
        [one] <b>One value</b> earns
       *[other] <b>{ $count } values</b> earn
    } less than { $percent }% of the cost
prices-below-hidden = Not counted, and last in the list: { $count ->
        [one] one value of a hidden product.
       *[other] { $count } values of hidden products.
    }
prices-below-none = ✓ Nothing earns less than { $percent }% of its cost.
refused-prices-changed = Somebody else has just changed these prices, so nothing was saved. Here is the current table.
refused-price-move = Not saved: managers may move a price by { $percent }% a day, all together. Ask an owner for more.
alert-fixed_below_cost = 💸 { $product } ({ $target }) · { $label }: its fixed price of { $fixed } no longer covers the cost of { $cost }. Until you change it, it is sold at cost plus the least margin: /prices { $target }
job-prices = keeping an eye on price rules
action-prices = { $date } · { $who } · prices of { $target }: { $before } → { $after }
action-import = { $date } · { $who } · a file changed the catalogue
action-count-import = { $count ->
        [one] One cell changed
       *[other] { $count } cells changed
    }
