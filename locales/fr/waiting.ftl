# What an order waits for, how it ended, and the money that belongs to it.
status-money = Payé : { $total }
status-soon = En attente du fournisseur.
status-usual-seconds = En attente du fournisseur. Généralement prêt en { $count ->
        [one] une seconde
       *[other] { $count } secondes
    } environ.
status-usual-minutes = En attente du fournisseur. Généralement prêt en { $count ->
        [one] une minute
       *[other] { $count } minutes
    } environ.
status-usual-hours = En attente du fournisseur. Généralement prêt en { $count ->
        [one] une heure
       *[other] { $count } heures
    } environ.
status-you-can-leave = Vous pouvez quitter la discussion, nous vous écrirons.
status-searching = Nous n’avons pas reçu la réponse du fournisseur pour cette commande et vérifions auprès de lui. Votre argent est en sécurité et rien ne sera acheté deux fois.
status-see-codes = Livrée : voyez le message ci-dessous, ou /orders.
status-see-refund = Remboursée : voyez le message ci-dessous.
order-waits = ⏳ <b>Commande { $number }</b>
delivery-ran-out = Le fournisseur est en rupture de stock.
money-came = Reçu : { $amount } ({ $way })
money-refunded = Remboursé dans votre portefeuille : <b>{ $returned }</b>
money-balance = Votre solde est maintenant de { $wallet }.
money-paid-orders = { $count ->
        [one] La commande { $numbers } est payée et en cours.
       *[other] Les commandes { $numbers } sont payées et en cours.
    }
status-see-part = Livrée en partie : voyez le message ci-dessous, ou /orders.
orders-wait-too = { $count ->
    [one] ⏳ Une autre commande est en cours.
   *[other] ⏳ { $count } autres commandes sont en cours.
}
