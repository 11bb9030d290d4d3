# The shelf as operators see it: what is hidden, comes first, and how things are named.
menu-catalogue = the shelf: hide, order, name products
curate-categories = 🗂 <b>The shelf</b>
    Which category? For one product, type /catalogue and its name.
curate-empty = 🗂 <b>The shelf</b>
    No supplier’s catalogue has been read yet.
curate-category = 🗂 <b>{ $category }</b> · { $count ->
        [0] no products
        [one] { $count } product
       *[other] { $count } products
    }
curate-some-hidden = Hidden: { $count ->
        [one] { $count } product
       *[other] { $count } products
    }
curate-hidden-category = 🙈 The whole category is hidden.
curate-new = 🆕 <b>New products</b>
    Customers don’t see them until you show them.
curate-new-none = 🆕 No new products are hidden.
curate-found = 🔎 “{ $query }”
curate-found-none = 🔎 Nothing found for “{ $query }”.
curate-product = 🎮 <b>{ $product }</b> · { $id } · { $supplier }
curate-title = Supplier’s name: { $title }
curate-values = { $count ->
        [0] No values
        [one] { $count } value
       *[other] { $count } values
    }
curate-unpriced = Its values are asked for when somebody opens it.
curate-cheapest = · from { $price }
curate-sold = Sold this month: { $count ->
        [0] no codes
        [one] { $count } code
       *[other] { $count } codes
    }
curate-shown = 👁 Customers see it.
curate-hidden = 🙈 Hidden: not shown, found or sold.
curate-hidden-with = 🙈 Hidden with its category { $category }.
curate-follows = 🔗 Sold under the name of the product it is linked to.
curate-featured = ⭐ First page
curate-place = Place { $place } of { $places }
curate-most = At most { $count ->
        [one] { $count } code
       *[other] { $count } codes
    } in one order
curate-name = ✏️ <b>Names</b>
    Without one in their language, customers read the English one, then the supplier’s.
curate-how = 📖 <b>How to redeem</b>
    It takes the place of the shop’s own steps below delivered codes.
curate-en = English
curate-fr = French
curate-ar = Arabic
curate-ask-name = Type the name in { $language }: at most { $longest } letters.
curate-ask-how = Type how to redeem it in { $language }: at most { $longest } letters of plain text. An address (https://…) alone on the last line becomes a button.
curate-ask-dash = A dash (–) removes what is there.
curate-picture = 🖼️ <b>Picture</b>
    Customers get it with a button on the product’s page and on the page that says how to redeem it.
curate-no-picture = 🖼️ <b>Picture</b>
    This product has none.
curate-ask-picture = Send one photo here.
curate-ask-other-picture = Send another photo here: it takes the place of this one.
curate-no-photo = Please send one photo, as a photo: no file, video or album. Nothing was changed.
curate-ask-most = <b>{ $product }</b>: how many codes at most in one order? From 1 to { $most }.
curate-values-of = 🏷️ <b>{ $product }</b>
curate-value = { $id } · { $value } · { $price } · stock: { $stock }
curate-value-sold-out = { $id } · { $value } · { $price } · sold out
button-curate-has = ✓ { $language }
button-curate-none = – { $language }
button-curate-open = { $name }
button-curate-hidden = 🙈 { $name }
button-curate-product = { $product } · { $id }
button-curate-product-hidden = 🙈 { $product } · { $id }
button-curate-product-first = ⭐ { $product } · { $id }
button-curate-product-hidden-first = 🙈 ⭐ { $product } · { $id }
own-text = { $text }
button-curate-new = 🆕 New and hidden: { $count }
button-curate-hide = 🙈 Hide
button-curate-show = 👁 Show
button-curate-feature = ⭐ Put on the first page
button-curate-unfeature = ⭐ Off the first page
button-curate-name = ✏️ Name
button-curate-how = 📖 How to redeem
button-curate-picture = 🖼️ Picture
button-curate-photo = 🖼️ Send a photo
button-curate-see = 👁 See it
button-curate-remove = 🗑 Remove
button-curate-most = 🔢 Most per order
button-curate-values = 🏷️ Values
button-curate-prices = 💲 Prices
button-curate-undo = ↩ Undo
button-curate-no-most = No limit of its own ({ $most })
button-curate-cancel = Cancel { $count ->
        [one] { $count } order that waits for money
       *[other] { $count } orders that wait for money
    }
button-featured = ⭐ { $product }
button-how-page = Open the page
button-product-picture = 🖼️ Picture
button-product-picture-close = ✖️ Close
product-picture = <b>{ $product }</b>
toast-picture-here = The picture is already in this chat.
toast-picture-kept = The shop can’t remove this picture any more. You can delete it yourself.
toast-hidden-now = Hidden. Orders that are there continue.
toast-shown-now = Customers see it again.
toast-at-end = It stands at the end of its list already.
toast-cancelled = { $count ->
        [0] No order waits for money any more.
        [one] { $count } order cancelled.
       *[other] { $count } orders cancelled.
    }
refused-not-sold = We don’t sell this any more. You may find something similar in the shop: /shop
refused-picture = There’s no picture of this product any more.
refused-picture-now = The picture can’t be sent right now. Please try again in a few minutes.
refused-guide-empty = How to redeem is plain text, without hidden characters. Nothing was changed.
refused-guide-long = That’s too long: at most { $longest } letters. Nothing was changed.
refused-guide-address = Addresses stand alone on a line: one at most, beginning with https://. Names with @ can’t be used. Nothing was changed.
refused-name-taken = Another one beside it has the same name in one of the languages. Choose a different name.
alert-products_arrived = 🆕 { $supplier }: { $count ->
        [one] { $count } new product waits, hidden.
       *[other] { $count } new products wait, hidden.
    } Show them with /catalogue.
alert-picture_refused = 🖼️ { $product } ({ $target }): Telegram no longer accepts its picture, so customers no longer get it. Send the photo again: /catalogue { $target }
action-curation = { $date } · { $who } · shelf, { $target }: { $before } → { $after }
curated-shown = shown
curated-hidden = hidden
curated-on = on
curated-off = off
curated-none = none
curated-picture = a picture
curated-other-picture = another picture
curated-no-picture = none
curated-waiting = waits for money
curated-cancelled = cancelled
curation-hidden = shown or hidden
curation-featured = first page
curation-rank = place
curation-most = most per order
curation-name = name
curation-how = how to redeem
curation-picture = picture
curation-order = order
