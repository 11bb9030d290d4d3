# The shop's tree, and search.
brands = { $category }
brands-ask = Which brand?
button-search = 🔎 Search
button-help = 🆘 Contact support
button-entry-plain = { $product }
button-entry-region = { $product } · { $region }
button-entry-plain-from = { $product } · from { $price }
button-entry-region-from = { $product } · { $region } · from { $price }
button-entry-plain-sold-out = { $product } · sold out
button-entry-region-sold-out = { $product } · { $region } · sold out
button-entry-plain-paused = { $product } · back soon
button-entry-region-paused = { $product } · { $region } · back soon
button-value-paused = { $value } · back soon
button-hit = { $product } · { $value }
button-hit-price = { $product } · { $value } · { $price }
product-paused = 🛍️ { $category } › { $product }
    This can’t be ordered right now. It should be back soon.
product-instead = You can buy instead:
search-none-near = 🔎 Nothing found for “{ $query }”.
    Did you mean:
search-which-brand = 🔎 { $query }
    Which brand is it for?
search-trouble = 🆘 Is something wrong with a code or a payment?
    Contact support, or look at your orders.
