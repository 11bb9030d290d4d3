# The walk: from the shelf to the confirm screen.
money = { $amount } DA
home = 🏪 <b>Hanout</b>
    Vos codes cadeaux en quelques secondes.
    Que cherchez-vous ?
home-empty = 🏪 <b>Hanout</b>
    Nous remplissons les rayons. Revenez dans une minute.
products = 🛍️ { $category }
products-page = Page { $page } sur { $pages }
product = 🛍️ { $category } › { $product }
product-region = Région : <b>{ $region }</b>
product-loading = 🛍️ { $category } › { $product }
    ⏳ Recherche des prix du jour…
product-no-answer = 🛍️ { $category } › { $product }
    Les prix sont indisponibles pour l’instant. Réessayez dans une minute.
product-nothing = 🛍️ { $category } › { $product }
    Épuisé pour le moment. Le stock revient souvent en quelques heures.
quantity = 🛍️ { $product } · { $value }
    <b>{ $price }</b> l’unité
quantity-range = Combien en voulez-vous ? Touchez un nombre, ou écrivez-le ({ $maximum } au plus).
quantity-one = Un seul à la fois. Touchez 1 pour continuer.
confirm = <b>Vérifiez votre commande</b>
    { $product } · { $value }
    { $count } × { $price } = <b>{ $total }</b>
confirm-region = Région : <b>{ $region }</b>
confirm-wallet = Portefeuille : { $wallet } → { $after }
confirm-until = Ce prix est garanti pendant { $minutes ->
        [one] une minute
       *[other] { $minutes } minutes
    }.
confirm-sandbox = 🧪 Mode test : aucun argent réel, et les codes ne fonctionnent pas.
confirm-short = Portefeuille : { $wallet }. Il vous manque <b>{ $missing }</b>.
    Pour recharger, écrivez à l’assistance en indiquant votre identifiant Telegram : <b>{ $id }</b>
confirm-pay = Portefeuille : { $wallet }. Il vous manque <b>{ $missing }</b>.
    Commandez, puis choisissez comment payer le reste.
search-found = 🔎 « { $query } »
search-none = 🔎 Aucun résultat pour « { $query } ».
    Essayez un autre mot, ou parcourez les catégories.
search-ask = 🔎 Que cherchez-vous ? Écrivez un nom, par exemple « PlayStation ».
button-buy = Acheter
button-buy-pay = Commander et payer
button-change = { $arrow } Modifier
button-back = { $arrow } Retour
button-next = Suivant { $arrow }
button-home = 🏠 Accueil
button-orders = 📦 Commandes
button-wallet = 👛 Portefeuille
button-language = 🌐 Langue · اللغة · Language
button-value = { $value } · { $price }
button-value-sold-out = { $value } · épuisé
button-again = Vérifier de nouveau
button-shop = 🛍️ Boutique
button-range = ✏️ Valeur libre : { $value }
range-ask = Quelle valeur ? Indiquez-la, de { $least } à { $most }.
range-step = Les valeurs vont par tranches de { $step }.
range-whole = Montants entiers uniquement, sans décimales.
range-refused = Indiquez une valeur de { $least } à { $most }, par exemple { $example }.
quantity-refused-one = Un seul à la fois : écrivez 1, ou touchez le bouton.
quantity-refused = Écrivez un nombre entier de 1 à { $maximum }, par exemple { $example }, ou touchez un bouton.
currency-dinars = dinars
currency-centimes = centimes
products-ask = Quel produit ?
product-ask = Quelle valeur ?
range-product = <b>{ $product }</b>
