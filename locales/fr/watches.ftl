# Values that are sold out, and the news that they are back.
sold-out = <b>{ $product } · { $value }</b> : épuisé.
sold-out-offer = Voulez-vous être prévenu de son retour ? Un seul message, rien d’autre.
watch-on = 🔔 Nous vous écrirons ici dès le retour de <b>{ $product } · { $value }</b>.
watch-how = Un seul message, dans les 60 jours. Aucun code n’est mis de côté pour vous.
watch-full = 🔕 Votre liste est complète : { $most ->
    [one] une valeur
   *[other] { $most } valeurs
}. Retirez-en d’abord une.
watches = 🔔 <b>Alertes de retour en stock</b>
    Touchez une valeur pour la retirer.
watches-none = 🔔 Aucune alerte. Touchez une valeur épuisée et nous vous préviendrons de son retour : { $most ->
    [one] une valeur
   *[other] { $most } valeurs
} au plus.
watch-back = 🔔 <b>{ $product } · { $value }</b> est de retour.
watch-back-price = Prix actuel : { $price }. Aucun code n’est mis de côté : premier arrivé, premier servi.
button-watch = 🔔 Me prévenir du retour
button-unwatch = 🔕 Annuler l’alerte
button-unwatch-value = ✖️ { $product } · { $value }
button-watches = 🔔 Mes alertes de retour
button-choose-quantity = 🛍️ Choisir la quantité
toast-unwatched = Retiré.
item-watched = produit en alerte de retour
job-watches = alertes de retour
