# An order from the press to the receipt.
order-line = { $icon } <b>Commande { $number }</b>
order-what = { $product } · { $value } × { $count }
status-waiting = En attente du fournisseur. C’est prêt en une vingtaine de secondes d’habitude.
    Vous pouvez partir, nous vous écrirons.
status-slow = C’est plus long que d’habitude. Votre commande est payée et en sécurité ; nous insistons et vous écrirons.
status-held = Nous réapprovisionnons notre compte fournisseur. Votre commande garde son tour ; si c’est trop long, l’argent vous revient tout seul.
status-operator = L’assistance examine cette commande et va la régler. Votre argent est en sécurité.
status-awaiting_payment = En attente de votre paiement.
awaiting-money = Prix { $total } · portefeuille { $wallet }
awaiting-missing = Il manque <b>{ $missing }</b>. Comment souhaitez-vous payer ?
awaiting-soon = L’argent est là ; la commande suivra son cours dès que la boutique vendra de nouveau.
awaiting-until = Ce prix tient jusqu’au { $date }. Dès que l’argent est dans votre portefeuille, la commande suit son cours d’elle-même.
ended = ✖️ La <b>commande { $number }</b> n’a pas été payée à temps et a expiré. Rien n’a été débité.
button-cancel = ✖️ Annuler la commande
button-order-again = Commander de nouveau
toast-awaiting = La commande { $number } attend votre paiement.
status-fulfilled = Livrée : les codes sont dans le message ci-dessous et dans /orders.
status-partial = { $came } sur { $count } livrés ; { $returned } remboursés dans votre portefeuille.
status-partial-held = { $came } sur { $count } livrés ; l’assistance règle le reste.
status-refunded = { $returned } remboursés dans votre portefeuille.
status-cancelled = Annulée. Rien n’a été débité.
status-expired = Expirée. Rien n’a été débité.
delivery = ✅ <b>Commande { $number }</b> · { $count ->
        [one] { $count } code
       *[other] { $count } codes
    }
delivery-partial = ⚠️ <b>Commande { $number }</b> · { $came } { $came ->
        [one] code reçu
       *[other] codes reçus
    } sur { $count }
delivery-part = Partie { $part } sur { $parts }
delivery-partial-why = Le fournisseur n’en avait plus. <b>{ $returned }</b> remboursés dans votre portefeuille.
delivery-partial-held = L’assistance règle le reste ; { $held } restent réservés d’ici là.
delivery-serial = n° de série
delivery-until = Touchez pour voir, ou copiez. Masqué de cette discussion dans { $hours ->
        [one] { $hours } heure
       *[other] { $hours } heures
    } ; /orders les garde pour vous.
delivery-until-minutes = Touchez pour voir, ou copiez. Masqué à nouveau dans { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }.
delivery-file-until = Masqué de cette discussion dans { $hours ->
        [one] { $hours } heure
       *[other] { $hours } heures
    } ; /orders les garde pour vous.
delivery-file-until-minutes = Masqué à nouveau dans { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }.
delivery-expires = Valable jusqu’au { $date }
delivery-file = Les codes sont dans le fichier joint.
delivery-sandbox = 🧪 Codes de test : ils ne fonctionnent pas.
receipt = 🔒 <b>Commande { $number }</b> · codes masqués
receipt-kept = Vos codes sont en sécurité. Revoyez-les dans /orders.
receipt-once = Ces codes n’ont été montrés qu’une fois, c’est la règle de la boutique.
returned = ↩️ <b>Commande { $number }</b> · { $returned } remboursés
returned-sold_out = { $product } · { $value } s’est épuisé pendant votre achat.
returned-price_rose = Le prix de { $product } · { $value } a monté juste avant l’achat : nous ne l’avons pas acheté.
returned-not_available = Le fournisseur n’a pas pu livrer { $product } · { $value }.
returned-supplier_down = { $product } · { $value } n’a pas pu être acheté à temps.
returned-operator = L’assistance a remboursé { $product } · { $value }.
returned-wallet = Votre portefeuille contient <b>{ $wallet }</b>.
codes-lost = 🔐 <b>Commande { $number }</b> · ses codes sont perdus
orders = 📦 <b>Vos commandes</b>
orders-none = 📦 Aucune commande pour l’instant. Les rayons sont à un clic.
orders-button = { $icon } { $number } · { $product } · { $value }
order-paid = Payée { $total } le { $date }
order-asked = Prix { $total } · { $date }
order-left = { $left ->
        [0] Les codes ne peuvent plus être réaffichés ici. L’assistance peut vous aider.
        [one] Les codes peuvent être réaffichés encore une fois.
       *[other] Les codes peuvent être réaffichés encore { $left } fois.
    }
button-copy = Copier { $number }
button-hide = Je les ai : masquer
button-hide-one = Je l’ai : masquer
button-show = 👁️ Réafficher
button-another = Essayer une autre valeur
button-all-orders = { $arrow } Mes commandes
toast-hidden = Masqué. /orders garde vos codes.
toast-bought = La commande { $number } est partie.
toast-already = C’est déjà la commande { $number }.
toast-shown = Réaffiché pour dix minutes.
file-name = commande-{ $number }.txt
status-so-far = { $came } sur { $count } sont arrivés ; le reste suit de lui-même.
delivery-so-far = 📬 <b>Commande { $number }</b> · { $came } sur { $count ->
        [one] { $count } code
       *[other] { $count } codes
    } pour l’instant
delivery-operator = L’assistance s’occupe du reste ; { $held } y restent réservés.
delivery-more = Le reste suit de lui-même ; { $held } restent réservés pour lui.
delivery-pin = PIN
delivery-reference = référence
delivery-link = Appuyez sur son bouton ci-dessous pour l’utiliser.
button-copy-pin = Copier PIN { $number }
button-redeem = 🔗 Utiliser { $number }
order-expires = Valable jusqu’au { $date }
reminder = ⏳ <b>Commande { $number }</b> : { $days ->
        [one] ses codes expirent dans { $days } jour
       *[other] ses codes expirent dans { $days } jours
    }, le { $date }.
reminder-used = Déjà utilisés ? Alors il n’y a rien à faire.
button-see-order = 📦 Voir la commande
button-remind-off = 🔕 Plus de rappels
button-remind-on = 🔔 Rappelez-moi de nouveau
reminders-off = 🔕 Plus aucun rappel. Les dates d’expiration restent dans /orders.
reminders-on = 🔔 Nous vous prévenons avant que des codes n’expirent.
