# What operators did, besides moving money, and pauses as customers and operators read them.
job-pauses = la fin des pauses
action-pause = { $date } · { $who } · vente suspendue, { $target } : { $after }
action-resume = { $date } · { $who } · fin d’une pause : { $target }
action-markup = { $date } · { $who } · règle de prix { $target } : { $before } → { $after }
action-method = { $date } · { $who } · moyen de paiement { $target } de nouveau proposé
action-link = { $date } · { $who } · produits liés : { $target }
action-value = { $date } · { $who } · valeur { $target } de nouveau en vente
action-shop = la boutique
rule-none = aucune
rule = { $percent } % + { $fixed }
product-pause = ⏸ Pas en vente pour l’instant : { $why }.
product-pause-until = ⏸ Pas en vente jusqu’au { $date } : { $why }.
product-pause-safe = Votre portefeuille et vos codes ne sont pas concernés.
refused-paused-why = Pas en vente pour l’instant : { $why }. Rien n’a été débité ; votre portefeuille et vos codes ne sont pas concernés.
pause-why-soon = ce sera bientôt de retour
pause-why-supplier = notre fournisseur a un problème
pause-why-prices = nous vérifions les prix
pause-why-holiday = la boutique est en congé
button-pause-shop = Toute la boutique
button-pause-supplier = Fournisseur { $supplier }
button-pause-product = Un produit…
button-pause-named = { $product }
pause-shop = toute la boutique
pause-what = ⏸ Que voulez-vous suspendre ?
pause-which-product = Quel produit ? Écrivez son nom.
pause-products = Lequel ?
pause-no-product = Rien trouvé. Écrivez un autre nom.
pause-why = ⏸ <b>{ $name }</b> : que lisent les clients ?
button-pause-why-soon = Bientôt de retour
button-pause-why-supplier = Problème du fournisseur
button-pause-why-prices = Vérification des prix
button-pause-why-holiday = En congé
button-pause-why-words = Mes propres mots
pause-words = Que lisent les clients ? { $longest ->
        [one] Une lettre
       *[other] { $longest } lettres
    } au plus, sans point final. Pour plusieurs langues, une ligne pour chacune : fr: …, ar: …, en: …
pause-until = ⏸ <b>{ $name }</b> · { $why }
    Jusqu’à quand ?
button-pause-until-open = Jusqu’à ce que j’y mette fin
button-pause-until-hour = Pendant 1 heure
button-pause-until-tomorrow = Jusqu’à demain, 09:00
pause-paid = ⏸ <b>{ $name }</b> : et ce qui est déjà payé ?
button-pause-paid-on = Est acheté
button-pause-paid-waits = Attend aussi
pause-confirm = ⏸ <b>Suspendre { $name } ?</b> Les clients lisent : { $why }.
pause-confirm-open = Cela dure jusqu’à ce que vous y mettiez fin : /resume
pause-confirm-until = Fin le { $date }.
pause-confirm-unpaid = { $count ->
        [one] { $count } commande attend de l’argent : elle garde son prix, et son délai s’allonge de la pause, d’un jour au plus.
       *[other] { $count } commandes attendent de l’argent : elles gardent leur prix, et leur délai s’allonge de la pause, d’un jour au plus.
    }
pause-confirm-on = Les commandes payées continuent{ $count ->
        [0] { "." }
        [one] { " : " }{ $count } en ce moment.
       *[other] { " : " }{ $count } en ce moment.
    }
pause-confirm-waits = Les commandes payées attendent aussi{ $count ->
        [0] { "." }
        [one] { " : " }{ $count } en ce moment.
       *[other] { " : " }{ $count } en ce moment.
    }
pause-confirm-refunded = Ce qui ne peut pas être acheté est remboursé à partir du { $date }.
button-pause-yes = ⏸ Suspendre
pause-done = ⏸ Vente suspendue : { $name }.
button-lift = ▶️ { $name } · { $why }
pause-by-audit = les comptes se contredisent
pause-line = ⏸ { $name } : { $why } · { $who }
pause-since = Depuis le { $date }
pause-ends = { " " }· jusqu’au { $date }
pauses = <b>Ventes suspendues</b>
    Touchez-en une pour la reprendre ; les autres restent suspendues.
refused-paused-already = Rien n’a été modifié : une pause est déjà en cours pour cette raison. Mettez-y fin d’abord, ou choisissez une autre raison : /resume
pauses-none = Aucune vente n’est suspendue.
product-pause-tell = Voulez-vous être prévenu de son retour ?
button-watch-value = 🔔 { $value }
menu-pause = Suspendre la boutique, un fournisseur ou un produit
menu-resume = Ventes suspendues, et reprise
