# What operators see.
stats = 📊 <b>{ $span }</b> · { $count ->
        [one] { $count } commande
       *[other] { $count } commandes
    }
stats-today = Aujourd’hui
stats-7d = Sur 7 jours
stats-30d = Sur 30 jours
stats-all = Au total
stats-outcomes = ✅ { $fulfilled }  ⚠️ { $partial }  ↩️ { $refunded }  ⏳ { $open }  ✖️ { $ended }
stats-money = Ventes : { $sales }
    Coût : { $cost } · bénéfice : <b>{ $profit }</b>
stats-time = Codes livrés : 50 % en { $median } s, 95 % en { $p95 } s
stats-best = Meilleures ventes :
stats-best-line = { $count } × { $product } · { $value } = { $sales }
stats-customers = Clients : { $list }
stats-waiting = Commandes qui attendent leurs codes : { $count }
balance = 🏦 { $supplier } : <b>{ $balance }</b>
balance-unknown = 🏦 { $supplier } : solde inconnu, le fournisseur ne répond pas.
balance-later = 🏦 { $supplier } : payé plus tard, aucun solde ne limite vos ventes.
balance-rate = { $one } = { $price } DA, fixé le { $date }
balance-stale = Au { $date } ; le fournisseur ne répond pas pour l’instant.
balance-reserved = Nécessaire aux commandes en attente : { $reserved }
balance-pace = Dépense moyenne par jour : { $spent }
balance-days = { $days ->
        [0] Suffit pour moins d’un jour
        [one] Suffit pour environ un jour
       *[other] Suffit pour environ { $days } jours
    }
balance-sandbox = 🧪 Clé de test : rien n’est dépensé.
balance-paused-balance = ⏸ Ventes suspendues faute de solde. Rechargez ; elles reprendront automatiquement.
balance-paused-access = ⏸ Ventes suspendues : le fournisseur refuse notre clé. Vérifiez-la.
credit-done = ✓ Portefeuille du client { $id } : { $amount }. Nouveau solde : <b>{ $balance }</b>
operator-order = { $icon } <b>Commande { $number }</b> · { $state }
operator-order-who = Client { $id } · payé : { $total }
operator-order-unpaid = Client { $id } · prix : { $total }, non payé
operator-order-money = Livré : { $delivered } sur { $count } · remboursé : { $returned }
operator-order-held = Réservé jusqu’à la fin : <b>{ $held }</b>
operator-order-supplier = 🏭 { $supplier } · { $id }
operator-order-paid = Payée le { $date }
operator-order-settled = Close le { $date }
operator-order-attention = 🛠️ { $reason }
attention-not_found = Aucune trace de cette commande chez le fournisseur. Vérifiez chez lui, puis /refund.
attention-contradiction = Le statut, les quantités et les codes du fournisseur ne concordent pas. L’argent est réservé. Interrogez le fournisseur ; si rien ne doit arriver, /refund.
attention-duplicate_code = Le fournisseur a envoyé deux fois le même code, ici ou pour une autre commande. Le second n’a pas été livré. Demandez-en un autre, ou /refund.
attention-sandbox_code = Un code de test est arrivé pour une vraie commande. Rien n’a été livré. Vérifiez la clé du fournisseur, puis /refund.
attention-surplus = Plus de codes reçus que commandés. Le surplus est conservé, personne ne le voit. Demandez au fournisseur à qui il revient.
refund-done = ↩️ Commande { $number } · remboursé au client : { $amount }
refund-ask = Commande { $number } : le fournisseur peut encore la livrer, et la boutique devrait alors la payer.
refund-ask-large = Commande { $number } : rembourser { $amount } au client ?
refund-may-follow = Si ses codes arrivent malgré tout, ils sont conservés et personne ne les reçoit. Le fournisseur est interrogé au bout d’une minute, puis de moins en moins souvent pendant trois jours ; vous êtes prévenu.
refund-may-follow-lost = Si le fournisseur l’a malgré tout, la boutique paie des codes que personne ne reçoit. Sa liste est consultée au bout d’une minute, puis de moins en moins souvent pendant trois jours ; vous êtes prévenu.
refund-look = 🔎 Le fournisseur peut encore la livrer. Il est interrogé le { $at }, puis pendant trois jours ; vous serez prévenu si quelque chose arrive.
refund-ask-loss = La commande { $number } a été livrée. Rembourser le prix d’un code, { $amount }, à titre de dédommagement ? La perte est pour la boutique.
button-refund-yes = Rembourser { $amount }
button-refund-no = Attendre encore
refund-kept = Rien n’a été modifié ; la commande continue.
refund-kept-ended = Ce bouton n’a rien remboursé. Commande { $number } : { $state }.
markup = <b>Prix</b> : coût + { $percent } % + { $fixed }, arrondi aux { $step } supérieurs
    /markup c1 10 50 · 10 % et 50 DA pour la catégorie c1
    /markup c1 off · retour au prix habituel
    À la place de c1 : p1 pour un produit, d1 pour une valeur.
markup-line = { $target } · { $category }
markup-set = ✓ { $target } : coût + { $percent } % + { $fixed }
markup-off = ✓ { $target } : retour au prix habituel
alert-balance_low = 🔻 Le solde chez { $supplier } est bas : <b>{ $balance }</b>. Rechargez bientôt.
alert-balance_low-paused = 🔻 Le solde chez { $supplier } est au plancher : <b>{ $balance }</b>. Ventes via ce fournisseur suspendues jusqu’à la recharge.
alert-balance_empty = ⛽ { $supplier } a refusé la commande { $order } faute de solde ; elle coûte { $cost }.
    Elle attend ; les plus petites continuent. Rechargez : elle se poursuit automatiquement, ou sera remboursée à temps.
alert-orders_stuck = 🐌 En attente de { $supplier } depuis plus de { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } : { $count ->
        [one] { $count } commande
       *[other] { $count } commandes
    } ({ $orders })
    Détails avec /order. Nous les suivons jusqu’au bout.
alert-orders_stuck-hours = 🐌 En attente de { $supplier } depuis plus de { $hours ->
        [one] { $hours } heure
       *[other] { $hours } heures
    } : { $count ->
        [one] { $count } commande
       *[other] { $count } commandes
    } ({ $orders })
    Détails avec /order. Nous les suivons jusqu’au bout.
alert-outcome_unknown = ❓ Commande { $order } : la réponse du fournisseur s’est perdue ({ $why }). Nous la recherchons ; rien n’est acheté deux fois.
alert-order_not_found = 🛠️ Commande { $order } : aucune trace chez le fournisseur au bout de 15 minutes. Vérifiez chez lui, puis /refund { $plain } et un motif.
alert-order_attention = 🛠️ Commande { $order } : { $reason }
alert-circuit_open = 🚪 { $supplier } refuse notre clé ({ $code }). Les appels sont arrêtés et les ventes via ce fournisseur suspendues.
    Vérifiez la clé et sa liste d’adresses autorisées, puis touchez « Réessayer ».
alert-price_drift = 📈 Commande { $order } : coût attendu { $expected } l’unité, le fournisseur a pris { $paid }.
    Cette valeur est retirée de la vente jusqu’à un nouveau prix, ou jusqu’à ce que vous touchiez « Remettre en vente ».
alert-bought_for_nobody = 🧾 { $supplier } a la commande { $id } pour notre commande { $order }, qui ne peut plus la prendre : la nôtre a été remboursée après l’achat, ou en a déjà une autre chez lui. Annulez-la chez le fournisseur, ou gardez ses codes. Détails avec /order { $plain }.
alert-bought_for_nobody-codes = 🧾 La commande { $order } a été remboursée après l’achat, mais { $supplier } l’a livrée sous { $id } : { $codes ->
        [one] { $codes } code est conservé
       *[other] { $codes } codes sont conservés
    }, que personne ne reçoit. Détails avec /order { $plain }.
alert-cost_fell = 📉 { $product } · { $label } chez { $supplier } : le coût est tombé de { $expected } à { $paid } ; la valeur est donc retirée de la vente.
    Demandez au fournisseur si c’est bien son prix, puis touchez « Remettre en vente ».
alert-offer_changed = 🔀 Commande { $order } : chez { $supplier }, « { $before } » est devenu « { $label } ». Rien n’a été acheté ; le client est remboursé.
alert-balance_short = 🪫 Un client veut acheter pour { $cost } chez { $supplier }, où il reste { $balance }. Cette commande n’a pas été proposée ; les plus petites continuent. Rechargez pour la vendre.
alert-rules_lost = 🏷️ { $supplier } ne propose plus ce que visent ces prix et règles de prix : { $rules }. Ils s’appliqueront de nouveau si cela revient. Ce qui est proposé : /prices.
button-sell-value = Remettre en vente
value-released = ✓ De nouveau en vente.
value-released-not = Déjà en vente. Rien n’a été modifié.
stats-losses = Dédommagements : { $losses }
alert-request_refused = 🛠️ Commande { $order } : le fournisseur a refusé la demande ({ $code }, requête { $request }). Le client est remboursé.
alert-message_dead = ✉️ Un message à { $user } sur la commande { $order } n’a pas pu être envoyé. Les codes restent dans ses /orders.
alert-operator_cut_off = ✉️ Les messages de l’assistance n’atteignent pas l’opérateur { $user } : Telegram les refuse. Le premier vient du dossier { $case }. La boutique continue d’essayer.
alert-catalogue_stale = 📚 Le catalogue de { $supplier } n’a pas pu être actualisé depuis deux jours ; le dernier reste affiché.
alert-supplier_down = 🔇 { $supplier } ne répond plus depuis deux minutes. Ses commandes attendent, rien n’est perdu ; elles reprendront automatiquement à son retour.
alert-update_quarantined = 🧯 Un message reçu n’a pas pu être traité ({ $trouble }). Messages mis de côté en ce moment : { $count }
    Les autres clients sont servis normalement. Corrigez la cause, puis touchez « Réessayer ».
alert-polling_stopped = 📡 Rien n’est arrivé de Telegram pendant { $seconds ->
        [one] { $seconds } seconde
       *[other] { $seconds } secondes
    }. La lecture a été relancée ; rien n’est perdu.
alert-other_poller = 👥 Un autre programme lit les messages de ce bot avec le même TELEGRAM_TOKEN : des appuis peuvent manquer à cette boutique. Arrêtez-le. Si vous ne le connaissez pas, demandez un nouveau jeton à BotFather. Cette boutique reste ouverte.
alert-audit_differs = 🧾 Le contrôle a trouvé des écarts ({ $checks }) : { $about }
    Rien n’a été modifié. Voir /audit.
alert-audit_differs-paused = 🧾 Les comptes se contredisent ({ $checks }) : { $about }
    Ventes suspendues ; les commandes payées continuent. Voyez /audit. Une fois la cause connue, touchez « Reprendre les ventes ».
alert-backup_failed = 💾 La sauvegarde de la nuit a échoué : { $why }
alert-webhook_failing = 📡 Telegram n’arrive pas à joindre TELEGRAM_WEBHOOK_URL ({ $reason }). { $count ->
        [one] { $count } message attend
       *[other] { $count } messages attendent
    } chez lui, un jour au plus. Vérifiez l’adresse, son certificat et votre serveur web.
alert-item_failing = ⚙️ { $what } : échec { $count } fois ({ $trouble }).
    Nouvelles tentatives de moins en moins souvent ; tout le reste continue. Corrigez la cause, puis touchez « Réessayer ».
alert-sweep_failing = ⚙️ Tâche de fond « { $sweep } » : échec { $count } fois de suite ({ $trouble }). Les tentatives continuent ; le journal dit où elle échoue.
alert-sweep_works = ✓ La tâche de fond « { $sweep } » fonctionne de nouveau.
alert-night_interrupted = 💾 Le travail de la nuit du { $night } a été interrompu par l’arrêt de la boutique. Il est en cours de rattrapage.
alert-clock_stepped = 🕰️ L’horloge de cette machine a été avancée de { $by } (heures:minutes:secondes) ; elle indique { $now }. Aucune commande ne se termine plus tôt pour autant. Si personne ne l’a voulu, vérifiez la synchronisation de l’heure.
alert-clock_stepped-behind = 🕰️ L’horloge de cette machine a été reculée de { $by } (heures:minutes:secondes) ; elle indique { $now }. Tout continue, et aucune commande ne se termine plus tôt pour autant. Si personne ne l’a voulu, vérifiez la synchronisation de l’heure.
alert-supplier_clock = 🕰️ L’horloge de { $supplier } avance sur la nôtre de { $by } (heures:minutes:secondes). La recherche des commandes perdues en tient compte. Si l’heure de cette machine est fausse, vérifiez sa synchronisation.
alert-supplier_clock-behind = 🕰️ L’horloge de { $supplier } retarde sur la nôtre de { $by } (heures:minutes:secondes). La recherche des commandes perdues en tient compte. Si l’heure de cette machine est fausse, vérifiez sa synchronisation.
alert-key_abandoned = 🔐 La clé { $name } a été abandonnée. Codes impossibles à afficher désormais : { $sealed } ; commandes concernées : { $orders }. Les clients qui les demandent sont dirigés vers l’assistance. Si vous retrouvez la clé, remettez-la dans HANOUT_KEYS.
alert-others = Et { $count ->
        [one] { $count } autre du même genre
       *[other] { $count } autres du même genre
    } : { $named }
alert-others-where = Tout voir : /attention
button-resume = Reprendre les ventes
button-inbox = 🧯 Réessayer
resumed = ✓ Les ventes reprennent.
resumed-in-part = Cette pause est finie, mais une autre suspend encore la vente : /resume
resumed-not = Les ventes n’étaient pas suspendues. Rien n’a été modifié.
brought-back = ✓ Nouvel essai : { $count ->
        [one] { $count } message
       *[other] { $count } messages
    }
brought-back-none = Rien n’est mis de côté. Rien n’a été modifié.
audit-well = 🧾 <b>Contrôle</b> · tout concorde
audit-differs = 🧾 <b>Contrôle</b> · des écarts
audit-line = { $mark } { $check } · { $count }
audit-line-off = { $mark } <b>{ $check }</b> · { $about }
codes-lost-count = 🔐 Codes dont la clé est perdue : { $count }
audit-supplier-silent = { $supplier } ne répond pas ; ses comptes n’ont pas été comparés.
audit-paused = ⏸ Ventes suspendues jusqu’à ce que vous touchiez « Reprendre les ventes ».
attention-none = 🛠️ Rien à traiter.
attention = 🛠️ <b>À traiter</b>
attention-line = { $number } · { $reason }
attention-more = et { $count } de plus
attention-more-pauses = { $count ->
        [one] et { $count } autre pause : /resume
       *[other] et { $count } autres pauses : /resume
    }
attention-set-aside = 🧯 Messages mis de côté : { $count }
button-failing = ⚙️ Réessayer
tried-again = ✓ Nouvel essai : { $count ->
        [one] { $count } opération
       *[other] { $count } opérations
    }
tried-again-failed = Échoue encore : { $count ->
        [one] { $count } opération
       *[other] { $count } opérations
    }
tried-again-none = Plus rien n’échoue.
attention-held = 📉 Retirées de la vente à cause de leur coût : { $count ->
        [one] { $count } valeur
       *[other] { $count } valeurs
    }
button-sell-held = Remettre en vente : { $product } · { $label }
attention-failing = ⚙️ Échecs répétés : { $count ->
        [one] { $count } opération
       *[other] { $count } opérations
    }
trouble-unreadable = illisible
trouble-restart = la boutique s’est arrêtée pendant son traitement
attention-failing-line = · { $what } ({ $trouble })
attention-sweep = ⚙️ Tâche de fond en échec : { $sweep }
item-place = achat de la commande { $id }
item-overdue = remboursement de la commande { $id }, qui a trop attendu
item-interrupted = recherche de l’achat interrompu de la commande { $id }
item-reconcile = recherche de la commande { $id } chez le fournisseur
item-poll = suivi de la commande { $id } chez le fournisseur
item-pay = paiement des commandes en attente du client { $id }
item-expire = clôture de la commande impayée { $id }
item-payment = vérification du paiement { $id }
item-payment_refund = remboursement du paiement { $id }
item-hide = masquage d’un message de codes ({ $id })
item-hide-order = masquage des codes de la commande { $id }, encore lisibles dans la conversation
item-record = enregistrement des codes livrés de la commande { $id }
item-message = enregistrement de l’envoi du message { $id }
item-reminder = rappel d’expiration de la commande { $id }
item-slow = avis de retard de la commande { $id }
item-alert = alerte ({ $id })
job-place = achat des commandes payées
job-poll = suivi des commandes chez { $supplier }
job-reconcile = recherche des commandes perdues chez { $supplier }
job-interrupted = recherche des achats interrompus
job-unpaid = paiement et clôture des commandes en attente d’argent
job-payments = vérification des paiements
job-payment-refunds = remboursement des paiements
job-alerts = envoi de vos alertes
job-outbox = envoi des messages
job-record = enregistrement des codes livrés
job-hide = masquage des codes
job-watch = avis de retard des commandes chez { $supplier }
job-silence = détection du silence de { $supplier }
job-balance = lecture du solde chez { $supplier }
job-access = vérification de la clé de { $supplier }
job-catalogue = lecture du catalogue de { $supplier }
job-reminders = rappels des codes qui expirent
job-nightly = sauvegarde et contrôle de la nuit
job-clock = détection d’un changement d’heure
job-purge = suppression de ce qui n’est plus nécessaire
balance-paused-audit = ⏸ Ventes suspendues : les comptes se contredisent. Voir /audit
audit-postings = écritures
audit-balances = soldes
audit-orders = commandes
audit-holds = commandes closes
audit-codes = codes
audit-deliveries = livraisons
audit-waiting = files d’attente
audit-supplier = commandes fournisseur
audit-movements = mouvements fournisseur
button-circuit = Réessayer
circuit-closed = ✓ Le fournisseur accepte de nouveau la clé ; les ventes reprennent.
circuit-still = Le fournisseur refuse toujours la clé ({ $code }). Vérifiez-la, puis touchez de nouveau « Réessayer ».
state-awaiting_payment = en attente de paiement
state-paid = payée, achat à venir
state-placing = achat en cours
state-unconfirmed = réponse perdue, recherche
state-handling = en attente chez le fournisseur
state-fulfilled = livrée
state-partial = livrée en partie
state-refunded = remboursée
state-cancelled = annulée
state-expired = expirée
links = 🔗 <b>La même carte chez deux fournisseurs</b> : la boutique achète la moins chère en stock.
    /link nom · trouver le numéro d’un produit
    /link p12 p45 · vendre p45 comme p12, valeur par valeur
    /link p45 off · vendre de nouveau p45 à part
links-none = Aucun produit lié.
links-line = { $alias } → { $primary }
links-found = { $id } · { $product } · { $supplier }
links-hidden = · masqué : { $ids }
links-found-none = Aucun produit ne correspond à « { $query } ».
link-ask = Vendre { $alias } comme { $primary } ?
link-pair = { $alias } = { $primary }
link-alone = Chez un seul fournisseur : { $values }
button-link-yes = Les lier
link-done = ✓ Produits liés : { $count ->
        [one] { $count } valeur
       *[other] { $count } valeurs
    }
link-off = ✓ Vendues de nouveau à part : { $count ->
        [one] { $count } valeur
       *[other] { $count } valeurs
    }
stats-supplier = 🏭 { $supplier } · ventes : { $sales } · coût : { $cost }
link-same = Ces valeurs sont identiques :
