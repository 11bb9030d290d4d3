# The page of one customer, for operators: who, money, notes, bans.
button-customer = 👤 Client
button-choose-person = 👤 Choisir une personne
user-whom = 👤 De qui s’agit-il ? Envoyez une commande (#1042), un paiement (HN12), un dossier (K7) ou un identifiant Telegram, ou choisissez la personne ci-dessous.
user-no-names = 👤 Telegram ne donne aux bots aucun identifiant pour un nom, et la boutique ne garde aucun nom. Choisissez la personne ci-dessous.
user-forward = Vous pouvez aussi me transférer un de ses messages.
user-hidden = Cette personne masque son identité quand ses messages sont transférés. Demandez un numéro de commande, ou choisissez-la.
user-no-person = Ce message ne vient pas d’une personne. Transférez un message du client, ou envoyez un numéro de commande.
user-which = 👤 De qui s’agit-il ?
button-user = 👤 Identifiant Telegram { $id }
button-user-order = 🧾 Client de la commande { $number }
user = 👤 <b>{ $id }</b> · { $language } · depuis le { $date }
user-banned = ⛔ Banni depuis le { $date } : { $why }
user-wallet = Portefeuille : { $balance } · réservé : { $held }
user-orders = { $count ->
        [one] { $count } commande
       *[other] { $count } commandes
    } · dépensé : { $spent }
user-profit = { " " }· bénéfice : { $profit }
user-last = { " " }· dernière : { $date }
user-paid = Rechargé : { $paid }{ $count ->
        [0] { "" }
        [one] { " " }· { $count } paiement refusé
       *[other] { " " }· { $count } paiements refusés
    }
user-cases = { $count ->
        [one] { $count } dossier
       *[other] { $count } dossiers
    } à l’assistance · dernier : { $number }
user-unreachable = 🔇 Les messages n’arrivent plus : le client a arrêté le bot.
user-notes = 📝 { $count ->
        [one] { $count } note
       *[other] { $count } notes
    } : « { $note } »
user-note-lost = illisible : sa clé est perdue
button-user-orders = Commandes
button-user-money = Portefeuille
button-user-payments = Paiements
button-user-credit = Modifier le solde
button-user-note = Note
button-user-write = Lui écrire
button-ban = ⛔ Bannir
button-unban = Servir à nouveau
user-orders-of = 🧾 <b>Commandes du client { $id }</b>
user-no-orders = Aucune commande.
user-order = { $icon } { $number } · { $name } · { $total }
user-money-of = 💰 <b>Portefeuille du client { $id }</b>
user-payments-of = 💳 <b>Paiements du client { $id }</b>
user-no-payments = Aucun paiement.
user-credit = De combien modifier le solde du client { $id }, en dinars, et pourquoi ? Par exemple : { $note }. Un moins retire de l’argent.
user-credit-again = Ce n’est pas un montant.
user-notes-of = 📝 <b>Notes sur le client { $id }</b>
user-note = { $date } · { $who } : { $note }
user-note-ask = Écrivez une note pour l’ajouter, 500 caractères au plus. Les opérateurs la lisent, et le client la reçoit avec ses données.
user-write = Que voulez-vous dire au client { $id } ? Envoyez un texte, une image ou un fichier. Cela ouvre un dossier à l’assistance et n’est pas gardé.
ban-why = ⛔ Pourquoi bannir le client { $id } ?
button-ban-fraud = Fraude
button-ban-chargeback = A repris un paiement
button-ban-abuse = Insultes ou menaces
button-ban-other = Autre raison…
ban-fraud = fraude
ban-chargeback = a repris un paiement
ban-abuse = insultes ou menaces
ban-words = Pourquoi bannir le client { $id } ? Les opérateurs liront votre texte, le client non.
ban-ask = ⛔ <b>Bannir le client { $id } ?</b> Raison : { $why }
ban-unpaid = { $count ->
        [one] { $count } commande attend de l’argent et sera annulée.
       *[other] { $count } commandes attendent de l’argent et seront annulées.
    }
ban-held = Les commandes payées continuent : { $held }
ban-balance = Il reste dans le portefeuille : { $balance }
button-ban-yes = Bannir
unban-ask = Servir à nouveau le client { $id } ?
button-unban-yes = Servir à nouveau
refused-banned = Cette boutique ne vous sert plus. Ce que vous avez payé reste dans /orders. Vous pouvez écrire à l’assistance une fois par jour : /paysupport
refused-ban = Un opérateur ne peut pas être banni.
refused-note = Une note a de 1 à { $longest } lettres, et il y en a { $most } au plus. Rien n’a été ajouté.
attention-banned = ⛔ { $count ->
        [one] { $count } paiement est arrivé
       *[other] { $count } paiements sont arrivés
    } de clients bannis : à rembourser ?
attention-banned-line = { $reference } · client { $id }
menu-user = Un client : commandes, solde, notes
action-ban = { $date } · { $who } · client { $target } banni
action-unban = { $date } · { $who } · client { $target } servi à nouveau
action-note-added = { $date } · { $who } · note sur le client { $target }
action-write = { $date } · { $who } · message au client { $target }
