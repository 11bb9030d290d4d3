# Buying once more what was bought, and sending somebody a product.
again-price = La dernière fois : { $price } l’unité.
again-fewer = { $count ->
    [one] Un seul est disponible
   *[other] Seulement { $count } sont disponibles
} ; la dernière fois, vous en aviez acheté { $wanted }.
again-gone = <b>{ $product } · { $value }</b> n’est plus vendu ici.
    Vous trouverez peut-être un produit semblable dans la boutique.
again-paused = <b>{ $product } · { $value }</b> n’est pas en vente pour l’instant. Rien n’a été débité.
again-paused-why = <b>{ $product } · { $value }</b> n’est pas en vente pour l’instant : { $why }. Rien n’a été débité.
    Réessayez plus tard.
button-rebuy = ↻ Acheter de nouveau
button-rebuy-last = ↻ { $product } · { $value }
button-category = 🛍️ { $category }
button-share = ↗ Partager
