# The walk: from the shelf to the confirm screen.
money = { $amount } DA
home = 🏪 <b>Hanout</b>
    Gift-card codes, here in seconds.
    What are you looking for?
home-empty = 🏪 <b>Hanout</b>
    We’re stocking the shop. Please come back in a minute.
products = 🛍️ { $category }
products-page = Page { $page } of { $pages }
product = 🛍️ { $category } › { $product }
product-region = Region: <b>{ $region }</b>
product-loading = 🛍️ { $category } › { $product }
    ⏳ Getting today’s prices…
product-no-answer = 🛍️ { $category } › { $product }
    Prices aren’t available right now. Please try again in a minute.
product-nothing = 🛍️ { $category } › { $product }
    Sold out for now. New stock often comes within a few hours.
quantity = 🛍️ { $product } · { $value }
    <b>{ $price }</b> each
quantity-range = How many? Tap or type a number, up to { $maximum }.
quantity-one = Only one at a time. Tap 1 to continue.
confirm = <b>Check your order</b>
    { $product } · { $value }
    { $count } × { $price } = <b>{ $total }</b>
confirm-region = Region: <b>{ $region }</b>
confirm-wallet = Wallet { $wallet } → { $after } after
confirm-until = This price is held for { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.
confirm-sandbox = 🧪 Test mode: no real money, and the codes don’t work.
confirm-short = Your wallet has { $wallet }. You need <b>{ $missing }</b> more.
    To top up, write to support and give your Telegram ID: <b>{ $id }</b>
confirm-pay = Your wallet has { $wallet }. You need <b>{ $missing }</b> more.
    Order now, then choose how to pay the rest.
search-found = 🔎 Results for “{ $query }”:
search-none = 🔎 Nothing found for “{ $query }”.
    Try another word, or choose a category.
search-ask = 🔎 What are you looking for? Type a name, for example “PlayStation”.
button-buy = Buy
button-buy-pay = Order and pay
button-change = { $arrow } Change
button-back = { $arrow } Back
button-next = Next { $arrow }
button-home = 🏠 Home
button-orders = 📦 Orders
button-wallet = 👛 Wallet
button-language = 🌐 Langue · اللغة · Language
button-value = { $value } · { $price }
button-value-sold-out = { $value } · sold out
button-again = Check again
button-shop = 🛍️ Shop
button-range = ✏️ Any value: { $value }
range-ask = Which value? Type one from { $least } to { $most }.
range-step = Values go up in steps of { $step }.
range-whole = Whole amounts only, without decimals.
range-refused = Please type a value from { $least } to { $most }, for example { $example }.
quantity-refused-one = Only one at a time: type 1, or tap the button.
quantity-refused = Please type a whole number from 1 to { $maximum }, for example { $example }, or tap a button.
currency-dinars = dinars
currency-centimes = centimes
products-ask = Which product?
product-ask = Which value?
range-product = <b>{ $product }</b>
