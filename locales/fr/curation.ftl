# Le catalogue vu par les opérateurs : ce qui est masqué, ce qui vient en premier, et les noms.
menu-catalogue = le catalogue : masquer, ranger, nommer
curate-categories = 🗂 <b>Catalogue</b>
    Quelle catégorie ? Pour un seul produit, tapez /catalogue et son nom.
curate-empty = 🗂 <b>Catalogue</b>
    Aucun catalogue de fournisseur n’a encore été lu.
curate-category = 🗂 <b>{ $category }</b> · { $count ->
        [0] aucun produit
        [one] { $count } produit
       *[other] { $count } produits
    }
curate-some-hidden = Masqués : { $count ->
        [one] { $count } produit
       *[other] { $count } produits
    }
curate-hidden-category = 🙈 Toute la catégorie est masquée.
curate-new = 🆕 <b>Nouveaux produits</b>
    Les clients ne les voient pas tant que vous ne les affichez pas.
curate-new-none = 🆕 Aucun nouveau produit n’est masqué.
curate-found = 🔎 « { $query } »
curate-found-none = 🔎 Aucun résultat pour « { $query } ».
curate-product = 🎮 <b>{ $product }</b> · { $id } · { $supplier }
curate-title = Nom chez le fournisseur : { $title }
curate-values = { $count ->
        [0] Aucune valeur
        [one] { $count } valeur
       *[other] { $count } valeurs
    }
curate-unpriced = Valeurs pas encore chargées : elles le seront dès qu’un client ouvrira ce produit.
curate-cheapest = { " " }· dès { $price }
curate-sold = Vendus ce mois-ci : { $count ->
        [0] aucun code
        [one] { $count } code
       *[other] { $count } codes
    }
curate-shown = 👁 Visible pour les clients.
curate-hidden = 🙈 Masqué : les clients ne peuvent ni le voir, ni le trouver, ni l’acheter.
curate-hidden-with = 🙈 Masqué avec sa catégorie { $category }.
curate-follows = 🔗 Vendu sous le nom du produit auquel il est lié.
curate-featured = ⭐ Sur la page d’accueil
curate-place = Place { $place } sur { $places }
curate-most = Au plus { $count ->
        [one] { $count } code
       *[other] { $count } codes
    } par commande
curate-name = ✏️ <b>Noms</b>
    Sans nom dans leur langue, les clients voient le nom anglais ou, à défaut, celui du fournisseur.
curate-how = 📖 <b>Mode d’emploi</b>
    Affiché sous les codes livrés, à la place du mode d’emploi de la boutique.
curate-en = anglais
curate-fr = français
curate-ar = arabe
curate-ask-name = Tapez le nom en { $language } : { $longest } caractères au plus.
curate-ask-how = Expliquez en { $language } comment utiliser le code : { $longest } caractères au plus, sans mise en forme. Une adresse (https://…) seule sur la dernière ligne devient un bouton.
curate-ask-dash = Pour supprimer le texte actuel, envoyez un tiret (-).
curate-picture = 🖼️ <b>Image</b>
    Les clients l’ouvrent par un bouton, sur la page du produit et dans son mode d’emploi.
curate-no-picture = 🖼️ <b>Image</b>
    Ce produit n’a pas d’image.
curate-ask-picture = Envoyez ici une photo.
curate-ask-other-picture = Envoyez ici une autre photo : elle remplacera celle-ci.
curate-no-photo = Envoyez une seule photo, en tant que photo : ni fichier, ni vidéo, ni album. Rien n’a été modifié.
curate-ask-most = <b>{ $product }</b> : combien de codes au plus par commande ? De 1 à { $most }.
curate-values-of = 🏷️ <b>{ $product }</b>
curate-value = { $id } · { $value } · { $price } · stock : { $stock }
curate-value-sold-out = { $id } · { $value } · { $price } · épuisé
button-curate-has = ✓ { $language }
button-curate-none = – { $language }
button-curate-open = { $name }
button-curate-hidden = 🙈 { $name }
button-curate-product = { $product } · { $id }
button-curate-product-hidden = 🙈 { $product } · { $id }
button-curate-product-first = ⭐ { $product } · { $id }
button-curate-product-hidden-first = 🙈 ⭐ { $product } · { $id }
own-text = { $text }
button-curate-new = 🆕 Nouveaux et masqués : { $count }
button-curate-hide = 🙈 Masquer
button-curate-show = 👁 Afficher
button-curate-feature = ⭐ Mettre sur la page d’accueil
button-curate-unfeature = ⭐ Retirer de la page d’accueil
button-curate-name = ✏️ Nom
button-curate-how = 📖 Mode d’emploi
button-curate-picture = 🖼️ Image
button-curate-photo = 🖼️ Envoyer une photo
button-curate-see = 👁 Voir
button-curate-remove = 🗑 Retirer
button-curate-most = 🔢 Maximum
button-curate-values = 🏷️ Valeurs
button-curate-prices = 💲 Prix
button-curate-undo = ↩ Annuler
button-curate-no-most = Pas de limite à part ({ $most })
button-curate-cancel = Annuler { $count ->
        [one] { $count } commande à payer
       *[other] { $count } commandes à payer
    }
button-featured = ⭐ { $product }
button-how-page = Ouvrir la page
button-product-picture = 🖼️ Image
button-product-picture-close = ✖️ Fermer
product-picture = <b>{ $product }</b>
toast-picture-here = L’image est déjà dans cette discussion.
toast-picture-kept = La boutique ne peut plus retirer cette image. Vous pouvez la supprimer vous-même.
toast-hidden-now = Masqué. Les commandes en cours continuent.
toast-shown-now = De nouveau visible pour les clients.
toast-at-end = Il est déjà au bout de sa liste.
toast-cancelled = { $count ->
        [0] Plus aucune commande n’attend d’argent.
        [one] { $count } commande annulée.
       *[other] { $count } commandes annulées.
    }
refused-not-sold = Nous ne vendons plus ce produit. Vous trouverez peut-être l’équivalent dans la boutique : /shop
refused-picture = Il n’y a plus d’image de ce produit.
refused-picture-now = L’image ne peut pas être envoyée pour le moment. Réessayez dans quelques minutes.
refused-guide-empty = Le mode d’emploi est un texte simple, sans caractères invisibles. Rien n’a été modifié.
refused-guide-long = C’est trop long : { $longest } caractères au plus. Rien n’a été modifié.
refused-guide-address = Mettez l’adresse sur une ligne à part : une au plus, qui commence par https://. Les noms avec @ ne sont pas acceptés. Rien n’a été modifié.
refused-name-taken = Un autre à côté porte le même nom dans l’une des langues. Choisissez un nom différent.
alert-products_arrived = 🆕 { $supplier } : { $count ->
        [one] { $count } nouveau produit attend, masqué.
       *[other] { $count } nouveaux produits attendent, masqués.
    } Affichez-les avec /catalogue.
alert-picture_refused = 🖼️ { $product } ({ $target }) : Telegram n’accepte plus son image, les clients ne la reçoivent donc plus. Renvoyez la photo : /catalogue { $target }
action-curation = { $date } · { $who } · catalogue, { $target }, { $field } : { $before } → { $after }
curated-shown = visible
curated-hidden = masqué
curated-on = oui
curated-off = non
curated-none = rien
curated-picture = une image
curated-other-picture = une autre image
curated-no-picture = aucune
curated-waiting = à payer
curated-cancelled = annulée
curation-hidden = affichage
curation-featured = page d’accueil
curation-rank = place
curation-most = maximum par commande
curation-name = nom
curation-how = mode d’emploi
curation-picture = image
curation-order = commande
