# Buying once more what was bought, and sending somebody a product.
again-price = Last time: { $price } each.
again-fewer = { $count ->
    [one] Only one is available now
   *[other] Only { $count } are available now
}; last time you bought { $wanted }.
again-gone = <b>{ $product } · { $value }</b> is no longer sold here.
    You may find something similar in the shop.
again-paused = <b>{ $product } · { $value }</b> isn’t available right now. Nothing was charged.
again-paused-why = <b>{ $product } · { $value }</b> isn’t available right now: { $why }. Nothing was charged.
    Please try again later.
button-rebuy = ↻ Buy again
button-rebuy-last = ↻ { $product } · { $value }
button-category = 🛍️ { $category }
button-share = ↗ Share
