# The shop's tree, and search.
brands = { $category }
brands-ask = Quelle marque ?
button-search = 🔎 Rechercher
button-help = 🆘 Écrire à l’assistance
button-entry-plain = { $product }
button-entry-region = { $product } · { $region }
button-entry-plain-from = { $product } · dès { $price }
button-entry-region-from = { $product } · { $region } · dès { $price }
button-entry-plain-sold-out = { $product } · épuisé
button-entry-region-sold-out = { $product } · { $region } · épuisé
button-entry-plain-paused = { $product } · bientôt de retour
button-entry-region-paused = { $product } · { $region } · bientôt de retour
button-value-paused = { $value } · bientôt de retour
button-hit = { $product } · { $value }
button-hit-price = { $product } · { $value } · { $price }
product-paused = 🛍️ { $category } › { $product }
    Ce produit n’est pas en vente pour l’instant. Il devrait bientôt revenir.
product-instead = Vous pouvez choisir à la place :
search-none-near = 🔎 Aucun résultat pour « { $query } ».
    Vous cherchiez peut-être :
search-which-brand = 🔎 « { $query } »
    Pour quelle marque ?
search-trouble = 🆘 Un problème avec un code ou un paiement ?
    Écrivez à l’assistance, ou consultez vos commandes.
