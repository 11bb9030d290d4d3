# An order from the press to the receipt.
order-line = { $icon } <b>Commande { $number }</b>
order-what = { $product } · { $value } × { $count }
status-slow = C’est plus long que d’habitude. Votre commande est payée et en sécurité ; nous relançons le fournisseur et vous écrirons.
status-held = Nous rechargeons notre compte chez le fournisseur. Votre commande garde sa place ; si l’attente est trop longue, vous serez remboursé automatiquement.
status-operator = L’assistance examine cette commande et va régler le problème. Votre argent est en sécurité.
status-awaiting_payment = En attente de votre paiement.
awaiting-money = Prix : { $total } · portefeuille : { $wallet }
awaiting-missing = Il vous manque <b>{ $missing }</b>. Comment souhaitez-vous payer ?
awaiting-soon = Votre portefeuille suffit. La commande se poursuit automatiquement dès que la boutique vend de nouveau.
awaiting-until = Ce prix est garanti jusqu’au { $date }. Dès que l’argent sera dans votre portefeuille, la commande se poursuivra automatiquement.
ended = ✖️ La <b>commande { $number }</b> n’a pas été payée à temps et a expiré. Rien n’a été débité.
button-cancel = ✖️ Annuler la commande
button-order-again = Commander de nouveau
toast-awaiting = La commande { $number } attend votre paiement.
status-fulfilled = Livrée : vos codes sont dans le message ci-dessous et dans /orders.
status-partial = Livré : { $came } sur { $count }. Remboursé dans votre portefeuille : { $returned }
status-partial-held = Livré : { $came } sur { $count }. L’assistance règle le reste.
status-refunded = Remboursé dans votre portefeuille : { $returned }
status-cancelled = Annulée. Rien n’a été débité.
status-expired = Expirée. Rien n’a été débité.
delivery = ✅ <b>Commande { $number }</b> · { $count ->
        [one] { $count } code
       *[other] { $count } codes
    }
delivery-partial = ⚠️ <b>Commande { $number }</b> · { $came } { $came ->
        [one] code livré
       *[other] codes livrés
    } sur { $count }
delivery-part = { " " }· partie { $part } sur { $parts }
delivery-partial-held = L’assistance règle le reste. Montant réservé d’ici là : { $held }
delivery-serial = Numéro de série
delivery-until = Touchez un code pour le voir, ou copiez-le. Dans { $hours ->
        [one] { $hours } heure
       *[other] { $hours } heures
    }, les codes seront masqués ici ; retrouvez-les dans /orders.
delivery-until-minutes = Touchez un code pour le voir, ou copiez-le. Dans { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }, les codes seront de nouveau masqués.
delivery-file-until = Ce fichier sera retiré dans { $hours ->
        [one] { $hours } heure
       *[other] { $hours } heures
    } ; retrouvez vos codes dans /orders.
delivery-file-until-minutes = Ce fichier sera de nouveau retiré dans { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }.
delivery-link-until = Ce message sera masqué dans { $hours ->
        [one] { $hours } heure
       *[other] { $hours } heures
    } ; retrouvez son contenu dans /orders.
delivery-link-until-minutes = Ce message sera de nouveau masqué dans { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }.
delivery-expires = Valable jusqu’au { $date }
delivery-file = Les codes sont dans le fichier joint.
delivery-sandbox = 🧪 Codes de test : ils ne fonctionnent pas.
receipt = 🔒 <b>Commande { $number }</b> · codes masqués
receipt-kept = Vos codes sont en sécurité. Pour les revoir : /orders
receipt-once = Cette boutique n’affiche les codes qu’une seule fois.
receipt-deleted = Codes masqués : vous avez demandé la suppression de vos données.
returned = ↩️ <b>Commande { $number }</b> · remboursé : { $returned }
returned-sold_out = Épuisé pendant votre achat : { $product } · { $value }.
returned-price_rose = Le prix de { $product } · { $value } a augmenté juste avant l’achat ; nous y avons donc renoncé.
returned-not_available = Le fournisseur n’a pas pu livrer { $product } · { $value }.
returned-supplier_down = Nous n’avons pas pu obtenir { $product } · { $value } à temps.
returned-operator = L’assistance a remboursé { $product } · { $value }.
returned-wallet = Votre solde est maintenant de <b>{ $wallet }</b>.
codes-lost = 🔐 <b>Commande { $number }</b> · ses codes sont perdus
orders = 📦 <b>Vos commandes</b>
orders-none = 📦 Aucune commande pour l’instant.
orders-button = { $icon } { $number } · { $product } · { $value }
order-paid = Payé { $total } le { $date }
order-asked = Prix : { $total } · { $date }
order-left = { $left ->
        [0] Ces codes ne peuvent plus être affichés ici. L’assistance peut vous aider.
        [one] Codes : encore un affichage possible.
       *[other] Codes : encore { $left } affichages possibles.
    }
button-copy = Copier { $number }
button-hide = Codes notés, masquer
button-hide-one = Code noté, masquer
button-show = 👁️ Revoir les codes
button-another = Essayer une autre valeur
button-all-orders = { $arrow } Commandes
toast-hidden = Codes masqués. Retrouvez-les dans /orders.
toast-bought = Commande { $number } enregistrée.
toast-already = Cette commande est déjà passée : { $number }.
toast-not-hidden = Vos codes sont encore visibles : Telegram ne nous laisse pas les masquer pour l’instant. Nous réessayons ; vous pouvez aussi supprimer le message.
toast-shown = Réaffichés pour dix minutes.
toast-on-screen = Vos codes sont encore affichés dans cette discussion. Ce clic n’a rien décompté.
file-name = commande-{ $number }.txt
status-so-far = Déjà livré : { $came } sur { $count }. La livraison du reste se poursuit automatiquement.
delivery-so-far = 📬 <b>Commande { $number }</b> · { $came } { $came ->
        [one] code
       *[other] codes
    } sur { $count } pour l’instant
delivery-operator = L’assistance s’occupe du reste. Montant réservé : { $held }
delivery-more = La livraison du reste se poursuit automatiquement. Montant réservé : { $held }
delivery-pin = Code PIN
delivery-reference = Référence
delivery-link = Touchez le bouton ci-dessous pour utiliser ce code.
button-copy-pin = Code PIN { $number }
button-redeem = 🔗 Utiliser le code { $number }
order-expires = Valable jusqu’au { $date }
reminder = ⏳ <b>Commande { $number }</b> : { $days ->
        [one] vos codes expirent dans { $days } jour
       *[other] vos codes expirent dans { $days } jours
    }, le { $date }.
reminder-one = ⏳ <b>Commande { $number }</b> : { $days ->
        [one] votre code expire dans { $days } jour
       *[other] votre code expire dans { $days } jours
    }, le { $date }.
reminder-used = Déjà utilisés ? Alors ne tenez pas compte de ce message.
reminder-used-one = Déjà utilisé ? Alors ne tenez pas compte de ce message.
button-see-order = 📦 Voir la commande
button-remind-off = 🔕 Désactiver les rappels
button-remind-on = 🔔 Activer les rappels
reminders-off = 🔕 Rappels désactivés. Les dates d’expiration restent visibles dans /orders.
reminders-on = 🔔 Rappels activés. Nous vous préviendrons avant l’expiration de vos codes.
