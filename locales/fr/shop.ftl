# The walk: from the shelf to the confirm screen.
money = { $amount } DA
home = 🏪 <b>Hanout</b>
    Des codes cadeaux, ici, en quelques secondes.
    Que cherchez-vous ?
home-empty = 🏪 <b>Hanout</b>
    Nous remplissons les rayons. Revenez dans une minute.
products = 🛍️ { $category }
    Quel produit ?
products-page = Page { $page } sur { $pages }
product = 🛍️ { $category } › { $product }
    Quelle valeur ?
product-region = Région : <b>{ $region }</b>
product-loading = 🛍️ { $category } › { $product }
    ⏳ Nous demandons les prix du jour…
product-no-answer = 🛍️ { $category } › { $product }
    Les prix ne répondent pas pour l’instant. Réessayez dans une minute.
product-nothing = 🛍️ { $category } › { $product }
    Épuisé pour le moment. Le stock revient souvent en quelques heures.
quantity = 🛍️ { $product } · { $value }
    <b>{ $price }</b> l’unité. Combien en voulez-vous ?
quantity-range = Appuyez sur un nombre, ou écrivez-le ({ $maximum } au plus).
quantity-one = Un seul à la fois pour cette valeur.
confirm = <b>Vérifiez votre commande</b>
    { $product } · { $value }
    { $count } × { $price } = <b>{ $total }</b>
confirm-region = Région : <b>{ $region }</b>
confirm-wallet = Portefeuille { $wallet } → { $after } après
confirm-until = Ce prix est garanti pendant { $minutes ->
        [one] une minute
       *[other] { $minutes } minutes
    }.
confirm-sandbox = 🧪 Mode test : rien n’est débité pour de vrai et les codes ne fonctionnent pas.
confirm-short = Portefeuille { $wallet } : il manque <b>{ $missing }</b>.
    Pour recharger, écrivez à l’assistance avec votre identifiant : <b>{ $id }</b>
confirm-pay = Portefeuille { $wallet } : il manque <b>{ $missing }</b>.
    Commandez, puis choisissez comment payer le reste.
search-found = 🔎 « { $query } »
search-none = 🔎 Rien trouvé pour « { $query } ».
    Essayez un autre mot, ou parcourez les rayons.
search-ask = 🔎 Que cherchez-vous ? Écrivez un nom, par exemple « PlayStation ».
button-buy = Acheter
button-buy-pay = Commander et payer
button-change = { $arrow } Modifier
button-back = { $arrow } Retour
button-next = Suite { $arrow }
button-home = 🏠 Accueil
button-orders = 📦 Commandes
button-wallet = 👛 Portefeuille
button-language = 🌐 Langue
button-product = { $product }
button-product-region = { $product } · { $region }
button-value = { $value } · { $price }
button-value-sold-out = { $value } · épuisé
button-again = Vérifier à nouveau
button-shop = 🛍️ Boutique
button-range = ✏️ Valeur libre : { $value }
range-ask = <b>{ $product }</b>
    Quelle valeur ? Écrivez-en une de { $least } à { $most }.
range-step = Par pas de { $step }.
range-refused = Écrivez une valeur de { $least } à { $most }, par exemple { $example }.
quantity-refused-one = Un seul à la fois pour cette valeur : écrivez 1, ou appuyez sur le bouton.
quantity-refused = Écrivez un nombre entier de 1 à { $maximum }, par exemple { $example }, ou appuyez sur un bouton.
currency-dinars = dinars
currency-centimes = centimes
