# The customer's own pages, and refusals.
wallet = 👛 Portefeuille : <b>{ $balance }</b>
wallet-held = Réservé par des commandes : { $held }
wallet-payment = { $date } · versement · { $amount }
wallet-payback = { $date } · rendu · { $amount }
wallet-id = Pour recharger, écrivez à l’assistance avec votre identifiant : <b>{ $id }</b>
wallet-none = Aucun mouvement pour l’instant.
wallet-credit = { $date } · recharge · { $amount }
wallet-hold = { $date } · commande { $number } · { $amount }
wallet-return = { $date } · remboursé { $number } · { $amount }
credited = 👛 <b>{ $amount }</b> ajoutés à votre portefeuille. Solde : { $balance }.
debited = 👛 L’assistance a retiré <b>{ $amount }</b> de votre portefeuille. Solde : { $balance }.
credited-note = Note : { $note }
language = 🌐 Quelle langue préférez-vous ?
language-name = Français
language-set = ✓ Nous parlons français maintenant.
help = <b>Comment ça marche</b>
    1. Choisissez un produit, une valeur et une quantité.
    2. Vérifiez le prix et appuyez sur Acheter ; votre portefeuille paie.
    3. Les codes arrivent ici, cachés jusqu’à ce que vous les touchiez.
    Ce qui n’arrive pas est remboursé aussitôt dans votre portefeuille.
    /shop · /orders · /wallet · /search · /language
    Un souci ? /paysupport
privacy = <b>Confidentialité</b>
    Nous gardons votre identifiant Telegram, votre langue, vos commandes et mouvements, et une copie chiffrée de vos codes ; la clé est conservée à part.
    Ni nom ni numéro de téléphone, et rien n’est transmis à d’autres.
    Pour faire effacer vos données, écrivez à l’assistance avec votre identifiant : <b>{ $id }</b>
terms = <b>Conditions</b>
    Un code est acheté pour vous au moment où vous confirmez, au prix affiché.
    Ce qui ne peut être livré est remboursé dans votre portefeuille. Un code livré ne peut être repris, comme toute carte cadeau.
    Vérifiez la région avant d’acheter : le code ne fonctionne que là.
paysupport = 🆘 <b>Aide pour un paiement ou une commande</b>
    Écrivez maintenant ce qui ne va pas, avec des mots ou une photo, et le numéro de commande s’il y en a un (voir /orders).
    L’assistance répond ici ; celle de Telegram ne peut rien pour nos commandes. /cancel si ce n’est rien.
paysupport-contact = Assistance : { $contact }
cancelled = Plus rien n’est demandé. La boutique est ouverte : /shop
group = Je ne travaille qu’en discussion privée : { $link }
unknown-command = Je ne connais pas cette commande. /help montre ce que je sais faire.
unknown-message = Je ne lis que les mots et les boutons. /help montre ce que je sais faire.
button-language-en = English
button-language-fr = Français
button-language-ar = العربية
# What cannot be, and what to do then.
refused-not-found = Ceci n’existe plus ici. Recommencez depuis la boutique.
refused-sold-out = Épuisé pour le moment. Choisissez une autre valeur.
refused-quantity = Vous pouvez en acheter de { $minimum } à { $maximum }. Écrivez un nombre dans cet intervalle.
refused-quote-expired = Le prix avait expiré ; le voici à nouveau, fraîchement vérifié.
refused-wallet = Il manque { $missing } dans votre portefeuille. Voir /wallet pour recharger.
refused-paused = La boutique ne prend pas de nouvelles commandes pour l’instant. Rien n’a été débité ; réessayez dans quelques minutes.
refused-reveals = Ces codes ont été { $limit ->
        [0] montrés une fois et ne peuvent plus l’être
        [one] réaffichés une fois et ne peuvent plus l’être
       *[other] réaffichés { $limit } fois et ne peuvent plus l’être
    } ici. L’assistance peut aider : /paysupport
refused-many-reveals = Vous avez affiché beaucoup de codes cette heure-ci. Réessayez un peu plus tard.
refused-being-shown = Vos codes sont en route : regardez dans un instant à la fin de cette discussion.
refused-fast = Un instant, s’il vous plaît : c’était très rapide.
refused-nothing-to-show = Cette commande n’a pas encore de codes à montrer.
refused-codes-lost = La boutique ne peut plus ouvrir les codes de cette commande : la clé qui les protège est perdue. L’assistance peut aider : /paysupport
refused-currency = La réponse est attendue en { $asked }, pas en { $typed }.
refused-usage = Comme ceci : { $usage }
refused-customer = Personne avec l’identifiant { $id } n’a jamais ouvert la boutique. Vérifiez le nombre.
refused-record = { $name } n’existe pas. Vérifiez le numéro et renvoyez la commande.
refused-debit = Solde du portefeuille de { $id } : { $balance }. Impossible d’en retirer davantage. Rien n’a été changé.
refused-refund = La commande { $number } ne retient aucun argent à rembourser. Si elle est livrée, utilisez /credit.
refused-decided = C’est déjà fait.
refused-asked-long-ago = Cette question est trop ancienne. Redonnez la commande.
refused-cap = Cela dépasserait votre limite du jour ; il en reste { $left }. Un autre opérateur peut le faire.
refused-amount = Ce moyen accepte de { $least } à { $most }. Choisissez un montant entre les deux.
refused-method = Ce moyen de paiement n’est pas disponible pour le moment. Choisissez-en un autre : /wallet
refused-many-payments = Des paiements ou des commandes à vous attendent encore. Terminez-en ou annulez-en d’abord un, ou revenez dans une heure.
refused-many-receipts = Nous avons déjà plusieurs reçus pour ce paiement. L’assistance les examine : /paysupport
refused-nothing-to-pay = Cette commande n’attend plus d’argent. Voyez /orders.
refused-give-back = Impossible à rendre : { $missing } n’en sont plus dans le portefeuille, ou ce moyen ne connaît pas de remboursement.
refused-provider = Le prestataire de paiement ne répond pas pour le moment. Rien n’a été débité ; réessayez dans une minute.
refused-bill = Cette facture ne peut plus être payée. Rien n’a été débité ; demandez-en une nouvelle : /wallet
missed-answer = ⏳ Telegram n’a pris aucun message pour vous pendant un moment : une de vos demandes est restée sans réponse. Vos achats sont dans /orders ; pour le reste, demandez à nouveau.
refused-busy = Telegram n’accepte pas nos messages pour le moment. Réessayez dans { $minutes ->
    [one] une minute
   *[other] { $minutes } minutes
}.
refused-storage = Un problème est survenu chez nous et rien n’a changé. Réessayez dans une minute.
refused-unsure = Un problème est survenu chez nous, et nous ne voyons pas encore si c’est fait. Regardez vos commandes et votre portefeuille avant de réessayer.
refused-unforeseen = Un problème est survenu chez nous. C’est noté, et rien n’est perdu. Si cela se reproduit : /paysupport
refused-value = Écrivez une valeur de { $least } à { $most }, par pas de { $step }.
refused-price = Le fournisseur ne donne pas de prix pour l’instant. Réessayez dans un moment.
refused-link = Ces deux-là ne peuvent pas être liés : il leur faut une valeur commune, chez deux fournisseurs, et aucun ne doit en suivre un autre.
