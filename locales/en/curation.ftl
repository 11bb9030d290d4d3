# The shelf as operators see it: what is hidden, comes first, and how things are named.
menu-catalogue = Catalogue: hide, sort and name products
curate-categories = 🗂 <b>Catalogue</b>
    Which category? To find one product, type /catalogue and its name.
curate-empty = 🗂 <b>Catalogue</b>
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
curate-unpriced = Its values load when a customer first opens it.
curate-cheapest = { " " }· from { $price }
curate-sold = Sold this month: { $count ->
        [0] no codes
        [one] { $count } code
       *[other] { $count } codes
    }
curate-shown = 👁 Visible to customers
curate-hidden = 🙈 Hidden: customers can’t see, find or buy it.
curate-hidden-with = 🙈 Hidden, like its whole category { $category }.
curate-follows = 🔗 Sold under the name of the product it is linked to.
curate-featured = ⭐ On the home page
curate-place = Position { $place } of { $places }
curate-most = Up to { $count ->
        [one] { $count } code
       *[other] { $count } codes
    } per order
curate-name = ✏️ <b>Names</b>
    If there’s no name in a customer’s language, they see the English one, or else the supplier’s.
curate-how = 📖 <b>How to redeem</b>
    Customers get this with their codes, instead of the shop’s standard steps.
curate-en = English
curate-fr = French
curate-ar = Arabic
curate-ask-name = Type the name in { $language }: up to { $longest } characters.
curate-ask-how = Type the steps to redeem it, in { $language }: up to { $longest } characters of plain text. A link (https://…) on its own line at the end becomes a button.
curate-ask-dash = Send a dash (–) to remove the current text.
curate-picture = 🖼️ <b>Picture</b>
    Customers can open it with a button on the product’s page and under “How to redeem”.
curate-no-picture = 🖼️ <b>Picture</b>
    This product has no picture.
curate-ask-picture = Send one photo here.
curate-ask-other-picture = Send another photo here to replace this one.
curate-no-photo = Please send one photo, not a file, video or album. Nothing was changed.
curate-ask-most = <b>{ $product }</b>: how many codes can one order have? From 1 to { $most }.
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
button-curate-feature = ⭐ Put on the home page
button-curate-unfeature = ⭐ Remove from the home page
button-curate-name = ✏️ Name
button-curate-how = 📖 How to redeem
button-curate-picture = 🖼️ Picture
button-curate-photo = 🖼️ Send a photo
button-curate-see = 👁 See it
button-curate-remove = 🗑 Remove
button-curate-most = 🔢 Limit per order
button-curate-values = 🏷️ Values
button-curate-prices = 💲 Prices
button-curate-undo = ↩ Undo
button-curate-no-most = No limit of its own ({ $most })
button-curate-cancel = Cancel { $count ->
        [one] { $count } unpaid order
       *[other] { $count } unpaid orders
    }
button-featured = ⭐ { $product }
button-how-page = Open the page
button-product-picture = 🖼️ Picture
button-product-picture-close = ✖️ Close
product-picture = <b>{ $product }</b>
toast-picture-here = The picture is already in this chat.
toast-picture-kept = The shop can’t remove this picture any more. You can delete it yourself.
toast-hidden-now = Hidden. Existing orders continue.
toast-shown-now = Visible to customers again.
toast-at-end = It’s already at the end of the list.
toast-cancelled = { $count ->
        [0] No orders are waiting for payment any more.
        [one] { $count } order cancelled.
       *[other] { $count } orders cancelled.
    }
refused-not-sold = We don’t sell this any more. You may find something similar in the shop: /shop
refused-picture = There’s no picture of this product any more.
refused-picture-now = The picture can’t be sent right now. Please try again in a few minutes.
refused-guide-empty = How to redeem is plain text, without hidden characters. Nothing was changed.
refused-guide-long = That’s too long: at most { $longest } characters. Nothing was changed.
refused-guide-address = Use one link at most, on a line of its own, beginning with https://. Names with @ can’t be used. Nothing was changed.
refused-name-taken = Another one next to it already has this name in one of the languages. Choose a different name.
alert-products_arrived = 🆕 { $supplier }: { $count ->
        [one] { $count } new product is hidden for now.
       *[other] { $count } new products are hidden for now.
    } Show them with /catalogue.
alert-picture_refused = 🖼️ { $product } ({ $target }): Telegram no longer accepts its picture, so customers can’t see it. Send the photo again: /catalogue { $target }
action-curation = { $date } · { $who } · catalogue, { $target }, { $field }: { $before } → { $after }
curated-shown = shown
curated-hidden = hidden
curated-on = on
curated-off = off
curated-none = none
curated-picture = a picture
curated-other-picture = another picture
curated-no-picture = none
curated-waiting = waiting for payment
curated-cancelled = cancelled
curation-hidden = visibility
curation-featured = home page
curation-rank = position
curation-most = limit per order
curation-name = name
curation-how = how to redeem
curation-picture = picture
curation-order = order
