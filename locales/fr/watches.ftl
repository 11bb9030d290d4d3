# Values that are sold out, and the news that they are back.
sold-out = <b>{ $product } · { $value }</b> : épuisé.
sold-out-offer = Voulez-vous être prévenu dès son retour en stock ? Un seul message, rien d’autre.
watch-on = 🔔 Nous vous écrirons ici dès le retour en stock de <b>{ $product } · { $value }</b>.
watch-how = Un seul message ; l’alerte reste active 60 jours. Aucun code n’est mis de côté.
watch-full = 🔕 Votre liste est complète : { $most ->
    [one] une valeur
   *[other] { $most } valeurs
}. Retirez-en d’abord une.
watches = 🔔 <b>Mes alertes de stock</b>
    Touchez une valeur pour retirer son alerte.
watches-none = 🔔 Aucune alerte. Touchez une valeur épuisée : nous vous préviendrons dès son retour en stock ({ $most ->
    [one] une valeur
   *[other] { $most } valeurs
} au plus).
watch-back = 🔔 <b>{ $product } · { $value }</b> est de retour.
watch-back-price = Prix actuel : { $price }. Aucun code n’est mis de côté : premier arrivé, premier servi.
button-watch = 🔔 Me prévenir
button-unwatch = 🔕 Annuler l’alerte
button-unwatch-value = ✖️ { $product } · { $value }
button-watches = 🔔 Mes alertes de stock
button-choose-quantity = 🛍️ Choisir la quantité
toast-unwatched = Alerte retirée.
item-watched = produit en alerte de stock
job-watches = alertes de stock
