# The customer's own pages, and refusals.
wallet = 👛 Portefeuille : <b>{ $balance }</b>
wallet-held = Réservé pour vos commandes en cours : { $held }
wallet-checked = 🛠️ { $reference } · { $amount } : l’assistance vérifie ce paiement
wallet-payment = { $date } · recharge · { $amount }
wallet-payback = { $date } · recharge remboursée · { $amount }
wallet-id = Pour recharger, écrivez à l’assistance en indiquant votre identifiant Telegram : <b>{ $id }</b>
wallet-none = Aucune opération pour l’instant.
wallet-credit = { $date } · via l’assistance · { $amount }
wallet-hold = { $date } · commande { $number } · { $amount }
wallet-return = { $date } · remboursement { $number } · { $amount }
credited = 👛 Ajouté à votre portefeuille : <b>{ $amount }</b>. Nouveau solde : { $balance }
debited = 👛 Retiré de votre portefeuille par l’assistance : <b>{ $amount }</b>. Nouveau solde : { $balance }
credited-note = Note : { $note }
language = 🌐 Quelle langue préférez-vous ?
language-name = Français
language-set = ✓ Langue : français
help = <b>Comment ça marche</b>
    1. Choisissez un produit, une valeur et une quantité.
    2. Vérifiez le prix et touchez « Acheter » : le montant est débité de votre portefeuille.
    3. Vos codes arrivent ici, masqués : touchez-les pour les voir.
    Ce qui ne peut pas être livré est remboursé aussitôt dans votre portefeuille.
    /shop · /orders · /wallet · /search · /language
    Besoin d’aide ? /paysupport
privacy = <b>Confidentialité</b>
    Nous conservons votre identifiant Telegram, votre langue, vos commandes et les opérations de votre portefeuille. Vos codes sont chiffrés, et la clé est conservée ailleurs.
    Nous ne conservons ni nom ni numéro de téléphone, et ne transmettons rien à personne.
    Votre identifiant Telegram : <b>{ $id }</b>. Vous pouvez recevoir vos données dans un fichier ou les faire effacer.
terms = <b>Conditions de vente</b>
    Votre code est acheté au moment où vous confirmez, au prix affiché.
    Ce qui ne peut pas être livré est remboursé dans votre portefeuille. Comme toute carte cadeau, un code livré n’est pas remboursable.
    Vérifiez la région avant d’acheter : un code ne fonctionne que dans la sienne.
paysupport = 🆘 <b>Aide pour un paiement ou une commande</b>
    Votre prochain message ira à l’assistance : expliquez le problème par écrit ou en photo, avec le numéro de commande si vous l’avez (/orders).
    L’assistance vous répond ici. Celle de Telegram ne peut rien pour nos commandes.
    Ouvert par erreur ? /cancel
paysupport-contact = Assistance : { $contact }
cancelled = C’est annulé. Retour à la boutique : /shop
group = Je ne réponds qu’en discussion privée : { $link }
unknown-command = Je ne connais pas cette commande. Ce que je sais faire : /help
unknown-message = Je ne lis que les textes et les boutons. Ce que je sais faire : /help
forwarded-message = Ce message est transféré : je n’ai rien fait, car quelqu’un d’autre l’a peut-être écrit. Si c’est bien ce que vous voulez, tapez-le vous-même.
other-bots-message = Ce message a été écrit par un autre bot : je n’ai rien fait. Si c’est bien ce que vous voulez, tapez-le vous-même.
button-language-en = English
button-language-fr = Français
button-language-ar = العربية
# What cannot be, and what to do then.
refused-not-found = Ce n’est plus disponible. Reprenez depuis la boutique : /shop
refused-sold-out = Épuisé pour le moment. Choisissez une autre valeur.
refused-quantity = Vous pouvez en acheter de { $minimum } à { $maximum } à la fois. Indiquez un nombre compris entre les deux.
refused-quote-expired = Ce prix a expiré ; voici le prix actuel.
refused-wallet = Il vous manque { $missing }. Pour recharger : /wallet
refused-paused = Ce produit ne peut pas être commandé pour l’instant. Rien n’a été débité ; réessayez dans quelques minutes ou choisissez-en un autre.
refused-reveals = Ces codes ont été { $limit ->
        [0] affichés une fois et ne peuvent plus l’être
        [one] réaffichés une fois et ne peuvent plus l’être
       *[other] réaffichés { $limit } fois et ne peuvent plus l’être
    } ici. L’assistance peut vous aider : /paysupport
refused-many-reveals = Vous avez affiché beaucoup de codes cette heure-ci. Réessayez un peu plus tard.
refused-being-shown = Vos codes arrivent : vous les trouverez dans un instant à la fin de cette discussion.
refused-fast = C’est un peu rapide ; un instant, s’il vous plaît.
refused-nothing-to-show = Cette commande n’a pas encore de codes à afficher.
refused-codes-lost = Nous ne pouvons plus ouvrir les codes de cette commande : la clé qui les protège est perdue. L’assistance peut vous aider : /paysupport
refused-currency = Votre réponse est en { $typed } ; il la faut en { $asked }.
refused-typed-amount = Rien n’a changé : { $fault } Comme ceci : { $usage }
refused-typed-percent = Rien n’a changé : le pourcentage n’est pas un nombre de 0 à 1000. Comme ceci : { $usage }
amount-fault-zero = le montant est nul.
amount-fault-no-number = le montant ne commence pas par des chiffres.
amount-fault-decimals = le montant a plus de deux décimales.
amount-fault-groups = les chiffres du montant ne sont pas groupés par trois.
amount-fault-below-zero = le montant est négatif.
amount-fault-more = des lettres ou un autre nombre touchent le montant ; écrivez tous ses chiffres.
refused-usage = Écrivez plutôt : { $usage }
refused-customer = L’identifiant Telegram { $id } n’a jamais ouvert la boutique. Vérifiez-le et renvoyez votre message.
refused-record = Introuvable : { $name }. Vérifiez et renvoyez votre message.
refused-debit = Rien n’a été retiré : le solde de { $id } est de { $balance }. Renvoyez votre message avec ce montant au plus.
refused-refund = La commande { $number } n’a rien à rembourser. Si elle est livrée et que vous voulez dédommager le client : /credit
refused-decided = C’est déjà fait. Rien n’a été modifié.
refused-asked-long-ago = Cette question est trop ancienne : rien n’a été modifié. Refaites la demande.
question-too-old = Rien n’a été modifié ni envoyé : cette question date de plus d’une heure. Recommencez par son bouton ou sa commande.
shared-too-late = Rien n’a été fait pour cette personne : la question n’est plus ouverte. Renvoyez sa commande.
refused-cap = Rien n’a été fait : cela dépasserait votre limite du jour (il vous reste { $left }). Un autre opérateur peut s’en charger.
refused-amount = Ce moyen de paiement accepte de { $least } à { $most }. Choisissez un montant compris entre les deux.
refused-method = Ce moyen de paiement n’est pas disponible pour l’instant. Choisissez-en un autre : /wallet
refused-many-payments = Vous avez des paiements ou des commandes en attente. Terminez-en un, annulez-le, ou revenez dans une heure.
refused-many-receipts = Nous avons déjà plusieurs reçus pour ce paiement. L’assistance les vérifie : /paysupport
refused-nothing-to-pay = C’est déjà réglé. Voir /orders
refused-give-back = Rien n’a été remboursé : il manque { $missing } dans le portefeuille, ou ce moyen de paiement ne permet pas le remboursement.
refused-provider = Le prestataire de paiement ne répond pas pour l’instant. Rien n’a été débité ; réessayez dans une minute.
refused-bill = Cette facture ne peut plus être payée. Rien n’a été débité ; demandez-en une nouvelle : /wallet
missed-answer = ⏳ Telegram ne nous a pas laissés vous écrire pendant un moment, et une de vos demandes est restée sans réponse. Vos achats sont dans /orders ; pour le reste, refaites votre demande.
refused-busy = Telegram n’accepte pas nos messages pour l’instant. Réessayez dans { $minutes ->
    [one] une minute
   *[other] { $minutes } minutes
}.
refused-storage = Un problème est survenu de notre côté et rien n’a été modifié. Réessayez dans une minute.
refused-unsure = Un problème est survenu de notre côté, et nous ne savons pas encore si c’est fait. Vérifiez vos commandes et votre portefeuille avant de réessayer.
refused-unforeseen = Un problème est survenu de notre côté. Il est noté, et rien n’est perdu. S’il se reproduit : /paysupport
refused-value = Indiquez une valeur de { $least } à { $most }, par tranches de { $step }.
refused-price = Aucun prix disponible pour l’instant. Réessayez dans un moment.
refused-link = Rien n’a été lié. Deux produits peuvent l’être s’ils ont une valeur en commun, viennent de deux fournisseurs, qu’aucun n’en suit déjà un autre et qu’aucun n’est masqué.
refused-not-found-operator = Introuvable, ou déjà traité entre-temps. Rien n’a été modifié. Ce qui reste à faire : /attention · /payments
refused-storage-operator = La base de données a refusé l’opération ; rien n’a été modifié. Réessayez dans une minute ; si cela se répète, le journal dit pourquoi.
refused-unsure-operator = La liaison avec la base de données a été coupée en plein milieu : c’est peut-être fait, peut-être pas. Vérifiez avec /order, /payments ou /actions avant de recommencer.
refused-unforeseen-operator = L’opération a échoué sur une erreur du programme ({ $trouble }). Vérifiez ce qui a été fait avant de recommencer ; le journal a les détails.
refused-provider-operator = Le prestataire de paiement ne répond pas ({ $code }). Réessayez dans une minute.
