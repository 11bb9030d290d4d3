# The walk: from the shelf to the confirm screen.
money = { $amount } DA
home = 🏪 <b>Hanout</b>
    Gift-card codes, here in seconds.
    What are you looking for?
home-empty = 🏪 <b>Hanout</b>
    The shelves are being filled. Please come back in a minute.
products = 🛍️ { $category }
    Which product?
products-page = Page { $page } of { $pages }
product = 🛍️ { $category } › { $product }
    Which value?
product-region = Region: <b>{ $region }</b>
product-loading = 🛍️ { $category } › { $product }
    ⏳ Asking for today’s prices…
product-no-answer = 🛍️ { $category } › { $product }
    Prices cannot be asked just now. Please try again in a minute.
product-nothing = 🛍️ { $category } › { $product }
    Sold out for now. New stock often comes within a few hours.
quantity = 🛍️ { $product } · { $value }
    <b>{ $price }</b> each. How many?
quantity-range = Press a number, or type one up to { $maximum }.
quantity-one = Only one can be bought at a time.
confirm = <b>Check your order</b>
    { $product } · { $value }
    { $count } × { $price } = <b>{ $total }</b>
confirm-region = Region: <b>{ $region }</b>
confirm-wallet = Wallet { $wallet } → { $after } after
confirm-until = This price holds for { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.
confirm-sandbox = 🧪 Test mode: no real money, and the codes do not work.
confirm-short = Wallet { $wallet }: <b>{ $missing }</b> missing.
    To get credit, write to support with your id: <b>{ $id }</b>
confirm-pay = Wallet { $wallet }: <b>{ $missing }</b> missing.
    Order now, and choose next how to pay the rest.
search-found = 🔎 “{ $query }”
search-none = 🔎 Nothing found for “{ $query }”.
    Try another word, or look through the shelves.
search-ask = 🔎 What are you looking for? Type a name, for example “PlayStation”.
button-buy = Buy
button-buy-pay = Order and pay
button-change = { $arrow } Change
button-back = { $arrow } Back
button-next = Next { $arrow }
button-home = 🏠 Home
button-orders = 📦 Orders
button-wallet = 👛 Wallet
button-language = 🌐 Language
button-product = { $product }
button-product-region = { $product } · { $region }
button-value = { $value } · { $price }
button-value-sold-out = { $value } · sold out
button-again = Check again
button-shop = 🛍️ Shop
button-range = ✏️ Any value: { $value }
range-ask = <b>{ $product }</b>
    Which value? Type one from { $least } to { $most }.
range-step = In steps of { $step }.
range-refused = Please type a value from { $least } to { $most }, for example { $example }.
quantity-refused-one = Only one can be bought at a time: type 1, or press the button.
quantity-refused = Please type a whole number from 1 to { $maximum }, for example { $example }, or press a button.
currency-dinars = dinars
currency-centimes = centimes
