# Privacy: a customer's data as a file, and being forgotten.
button-privacy = 🔒 Mes données
button-my-data = 📄 Recevoir mes données
button-forget = 🗑 Effacer mes données
button-erase = 🗑 Effacer maintenant
button-support = 🆘 Assistance
toast-my-data = Votre fichier arrive.
my-data = 📄 <b>Vos données</b> : tout ce que cette boutique conserve à votre sujet. Vos codes ne sont pas dans ce fichier ; retrouvez-les dans /orders.
my-data-later = 📄 Vous venez de recevoir votre fichier. Vous pourrez en demander un autre dans { $minutes ->
    [one] une minute
   *[other] { $minutes } minutes
}.
forget = 🗑 <b>Effacer vos données</b>
forget-goes = Seront effacés : <b>vos codes et leurs liens</b>, votre identifiant Telegram, votre langue et nos messages.
forget-stays = Resteront, sans votre identifiant : vos commandes et vos paiements, pour la comptabilité.
forget-backups = Nos sauvegardes en gardent une copie pendant { $nights ->
    [one] un jour
   *[other] { $nights } jours
}.
forget-ask = Notez d’abord les codes encore utiles : c’est irréversible. Effacer vos données ?
forget-not-yet = 🗑 <b>Vos données ne peuvent pas encore être effacées</b>
forget-operator = Vous êtes opérateur de cette boutique : son propriétaire doit d’abord vous retirer de la liste.
forget-balance = Votre solde est de <b>{ $balance }</b>. Dépensez-le d’abord, ou demandez à l’assistance de vous le rembourser.
forget-orders = { $count ->
    [one] Une commande est encore en cours
   *[other] { $count } commandes sont encore en cours
}.
forget-payments = { $count ->
    [one] Un paiement est encore en cours
   *[other] { $count } paiements sont encore en cours
}. S’ils ne sont pas réglés, ils expirent sous trois jours.
forget-codes = Des codes sont en cours d’envoi.
forget-shown = Telegram ne nous laisse pas masquer tous vos codes pour l’instant. Réessayez dans un moment.
forget-again-later = 🗑 Vos données viennent d’être effacées. Vous pourrez les effacer à nouveau dans { $minutes ->
    [one] une minute
   *[other] { $minutes } minutes
}.
forgotten = ✓ Vos données sont effacées. Vous pouvez aussi supprimer cette discussion.
    Si vous revenez, vous serez un nouveau client.
refused-forgotten = Le client de { $reference } a fait effacer ses données : aucun portefeuille ne peut recevoir cet argent. S’il écrit de nouveau, utilisez /credit avec son identifiant, puis refusez ce paiement.
refused-forgotten-order = Le client de la commande { $number } a fait effacer ses données : aucun portefeuille ne peut recevoir cet argent. S’il écrit de nouveau, utilisez /credit avec son identifiant.
doubt-forgotten = Son client a fait effacer ses données entre-temps. S’il écrit de nouveau, utilisez /credit avec son identifiant, puis refusez-le.
case-forgotten = Non envoyé : ce client a fait effacer ses données.
action-forget = { $date } · données d’un client effacées à sa demande · comptes sous { $target }
