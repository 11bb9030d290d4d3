# Payer : côté client.
topup = 👛 <b>Recharger</b>
    Comment souhaitez-vous payer ?
topup-amount = Quel montant ?
topup-type = Indiquez le montant en dinars, pas en centimes, par exemple { $example }.
topup-limits = De { $least } à { $most }
topup-refused = Indiquez un montant en dinars, pas en centimes, de { $least } à { $most }, par exemple { $example }.
topup-rounded = Ce moyen n’accepte pas exactement { $typed } ; ce sera { $amount }, qui iront en entier dans votre portefeuille.
topup-large = Si vous comptiez en centimes, cela fait { $smaller }. Quel montant voulez-vous ?
other-refused = Indiquez le montant reçu pour { $reference }, en dinars, par exemple { $example }.
way-transfer = virement
way-ocpay = carte bancaire
way-stars = Telegram Stars
button-topup = ➕ Recharger
button-pay-transfer = 🏦 Virement (CCP, BaridiMob)
button-pay-ocpay = 💳 Carte bancaire (CIB, Edahabia)
button-pay-stars = ⭐ Telegram Stars
button-amount = Autre montant
button-stars = { $amount } · ⭐ { $stars }
transfer = 🏦 Payez <b>{ $amount }</b> par virement
transfer-reference = Référence à écrire comme motif : <b>{ $reference }</b>
transfer-receipt = Envoyez ensuite ici une photo du reçu ; l’assistance le vérifie et recharge votre portefeuille.
button-copy-number = 📋 { $text }
card = 💳 Payez <b>{ $amount }</b> par carte bancaire
card-until = La page de paiement reste ouverte encore { $minutes ->
        [one] une minute
       *[other] { $minutes } minutes
    }. Revenez ici après le paiement ; nous vérifions aussi automatiquement.
button-card = Payer
button-paid = J’ai payé
bill = ⭐ Facture ci-dessous : <b>{ $stars ->
        [one] { $stars } Star
       *[other] { $stars } Stars
    }</b> { $stars ->
        [one] ajoute
       *[other] ajoutent
    } { $amount } à votre portefeuille.
    Vous avez une heure pour la payer.
invoice-title = Recharge { $reference }
invoice-description = { $amount } pour votre portefeuille dans cette boutique.
invoice-label = Recharge
toast-not-yet = Pas encore reçu ; nous continuons à vérifier et vous écrirons.
toast-paid = Paiement reçu. Merci.
toast-held = L’assistance examine ce paiement. Rien n’est perdu.
toast-expired = Cette page a expiré. Si vous avez payé, nous le verrons ; sinon, touchez de nouveau Payer.
paid-credited = ✅ Reçu : <b>{ $amount }</b>. Votre solde est maintenant de { $wallet }.
paid-lacking = Il manque encore <b>{ $missing }</b> à la commande { $number }.
paid-late = La commande { $number } n’était plus ouverte ; l’argent est dans votre portefeuille.
paid-held = 🛠️ Votre paiement de { $amount } est vérifié par l’assistance. Rien n’est perdu ; nous vous écrirons.
paid-expired = ✖️ Le paiement de { $amount } n’a pas abouti. Rien n’a été débité.
    Si vous avez payé, le montant est ajouté automatiquement à votre portefeuille.
paid-rejected = ✖️ L’assistance n’a pas trouvé votre paiement de { $amount } ({ $reference }).
paid-returned = ↩️ Votre paiement de { $amount } ({ $reference }) a été remboursé. Votre solde est maintenant de { $wallet }.
paid-order = C’était pour la commande { $number }.
rejected-not_received = L’argent n’est pas arrivé.
rejected-unreadable = Le reçu est illisible.
rejected-used = Ce reçu a déjà servi pour un autre paiement.
rejected-other = Message de l’assistance : { $words }
rejected-again = Vous pouvez envoyer un autre reçu ici, ou écrire à l’assistance : /paysupport
rejected-ask = Si c’est une erreur, écrivez à l’assistance : /paysupport
receipt-came = 🧾 Votre reçu pour <b>{ $reference }</b> est entre les mains de l’assistance. Nous vous écrirons dès qu’il sera vérifié.
receipt-refused = J’attends le reçu pour <b>{ $reference }</b> : une photo, une image envoyée comme fichier ou un PDF. Votre envoi n’en est pas un.
receipt-instead = Prenez une photo ou une capture d’écran du reçu et envoyez-la ici. C’est autre chose ? /paysupport
album-part = Seuls les images et les PDF de votre album ont été reçus.
button-order = 📦 Commande { $number }
# Ce que les opérateurs décident.
payment = 🧾 <b>{ $reference }</b> · { $way } · <b>{ $amount }</b>
payment-who = Client { $id }
payment-order = Pour la commande { $number }
payment-state = État : { $state }
payment-doubt = 🛠️ { $doubt }
payment-came = Reçu : { $amount }
payment-stars = ⭐ { $stars }
payment-external = 🏭 { $id }
payment-begun = Commencé le { $date }
payment-decided = Décision de { $id }
payment-state-open = en attente du client
payment-state-review = reçu à vérifier
payment-state-held = à décider
payment-state-credited = dans le portefeuille
payment-state-rejected = refusé
payment-state-expired = non payé
payment-state-returning = en cours de remboursement
payment-state-returned = remboursé
doubt-amount = Le montant reçu n’est pas celui qui était demandé.
doubt-sandbox = Argent de test, ou personne ne confirme qu’il est réel.
doubt-reference = La réponse du prestataire concerne un autre paiement.
doubt-details = Le prestataire dit que c’est payé, mais pas combien.
doubt-unclaimed = Ces Stars sont dans la liste de Telegram, mais aucun message ne les a annoncées.
receipt-seen = ⚠️ Le même reçu a été envoyé pour { $reference } par { $id } : { $state }
button-accept = ✓ Accepter { $amount }
button-other = Autre montant
button-reject = Refuser
button-payment = Examiner
payments = 🧾 <b>Paiements</b> · à décider : { $count }
payments-none = 🧾 <b>Paiements</b> · rien à décider. Les plus récents :
payments-button = { $reference } · { $amount } · { $state }
reject-why = Pourquoi refuser { $reference } ? Le client lira votre réponse.
reject-not_received = Aucun argent reçu
reject-unreadable = Le reçu est illisible
reject-used = Reçu d’un autre paiement
reject-other = Autre raison, à écrire
other-amount = Combien avez-vous reçu pour { $reference } ? Indiquez-le en dinars, pas en centimes.
other-reason = Pourquoi refuser { $reference } ? Le client lira ce que vous écrirez.
decided-accepted = ✓ Paiement { $reference } accepté. Ajouté au portefeuille du client { $id } : <b>{ $amount }</b>
decided-rejected = ✖️ Paiement { $reference } refusé ; le client { $id } a été prévenu.
decided-already = { $reference } a déjà été décidé par { $id } : { $state }
button-return = ↩️ Rembourser les Stars
return-ask = ↩️ { $reference } : retirer { $amount } du portefeuille et rembourser ⭐ { $stars } ?
button-return-yes = Rembourser ⭐ { $stars }
return-done = ↩️ { $reference } · retiré du portefeuille : { $amount }. Les Stars sont remboursées.
return-later = ↩️ { $reference } · retiré du portefeuille : { $amount }. Telegram ne répond pas encore ; le remboursement est relancé jusqu’à sa réponse.
return-refused = ✖️ { $reference } : Telegram refuse le remboursement. L’argent est de nouveau dans le portefeuille.
button-leave = Ne rien faire
left-alone = Rien n’a été modifié.
amount-large = <b>{ $amount }</b> : { $dinars } ({ $centimes ->
        [one] { $centimes } centime
       *[other] { $centimes } centimes
    }).
amount-and-centimes = { $dinars } et { $centimes ->
        [one] un centime
       *[other] { $centimes } centimes
    }
credit-ask = Ajouter ce montant au portefeuille du client { $id } ?
debit-ask = Retirer ce montant du portefeuille du client { $id } ?
credit-ask-loss = La note nomme la commande { $number } : c’est un dédommagement, et la perte est pour la boutique. Si le client a envoyé cet argent, refusez, puis recommencez sans { $number } dans la note.
refused-compensation = La commande { $number } peut être dédommagée de { $most } au plus. Si le client a envoyé cet argent, ne mettez pas { $number } dans la note.
refused-compensation-changed = Rien n’a été modifié : depuis cette question, le dédommagement de la commande { $number } a changé. Il est maintenant de { $amount }. Si cela ne suffit pas, recommencez.
compensated-so-far = Dédommagement de la commande { $number } jusqu’ici : { $amount }.
accept-asked = Montant demandé pour { $reference } : { $amount }.
button-credit-yes = Oui, { $amount }
actions = 📒 <b>Actions des opérateurs</b>
actions-none = 📒 Aucune action d’opérateur pour l’instant.
action-credit = { $date } · { $who } · ajouté au portefeuille du client { $target } · { $amount }
action-debit = { $date } · { $who } · retiré du portefeuille du client { $target } · { $amount }
action-refund = { $date } · { $who } · remboursement, commande { $target } · { $amount }
action-compensation = { $date } · { $who } · dédommagement, commande { $target } · { $amount }
action-payment = { $date } · { $who } · paiement { $target } accepté · { $amount }
action-reject = { $date } · { $who } · paiement { $target } refusé
action-payback = { $date } · { $who } · paiement { $target } remboursé · { $amount }
action-note = « { $note } »
method-on = ✓ { $way } : de nouveau proposé. Si la cause n’est pas corrigée, il sera coupé à la prochaine tentative.
method-was-on = { $way } : déjà proposé. Rien n’a été modifié.
button-method = Proposer de nouveau
alert-method_off = 🚫 { $method } : le prestataire refuse les paiements de cette boutique ({ $code }). Les clients ne voient plus ce moyen.
    { $look } Touchez ensuite « Proposer de nouveau ».
method-off-ocpay = Le profil marchand chez OneClickDz doit être validé.
method-off-other = Demandez la raison au prestataire.
alert-payment_held = 🛠️ { $payment } ({ $method }) de { $user } · annoncé : { $paid }, demandé : { $asked }. { $doubt }
    Rien n’a été ajouté au portefeuille. Touchez « Examiner » pour décider.
alert-payment_held-unknown = 🛠️ { $payment } ({ $method }) de { $user } · demandé : { $asked }, aucun montant en dinars annoncé. { $doubt }
    Rien n’a été ajouté au portefeuille. Touchez « Examiner » pour décider.
alert-payments_unanswered = 🔇 { $method } : le prestataire ne répond plus depuis un jour. On ne sait donc pas si { $count ->
        [one] { $payment } a été payé.
       *[other] { $count } paiements ont été réglés, dont { $payment }.
    }
    La boutique continue à demander pendant une semaine et crédite ce qui a été payé. Après ce délai seulement, vérifiez la liste du prestataire et utilisez /credit.
alert-payment_taken_back = ↩️ { $payment } : Telegram a remboursé { $paid } à { $user } sans passer par la boutique. Déjà dépensé, donc perdu : { $lost }
alert-payback_failed = ↩️ { $payment } : le remboursement de { $paid } a échoué ({ $code }). L’argent est de nouveau dans le portefeuille.
attention-payments = 🧾 Paiements à décider : { $count } · /payments
attention-cases = 🆘 Clients qui attendent une réponse : { $count }
audit-payments = paiements
audit-stars = Stars de Telegram
menu-payments = Paiements et reçus
menu-actions = Actions des opérateurs
# Assistance.
case = 🆘 <b>Dossier { $number }</b> · client { $id }
case-order = Dernière commande : { $icon } { $number } · { $state }
case-reply = Pour répondre au client, répondez au message ci-dessous.
case-passed = ✓ L’assistance a bien reçu votre message (échange { $number }). La réponse arrivera ici.
case-kept = Votre échange { $number } avec l’assistance est ouvert. Personne n’est joignable pour l’instant ; votre message sera transmis dès que possible.
case-answer = 💬 <b>Assistance</b> · échange { $number }
case-sent = ✓ Envoyé à { $id } (dossier { $number }).
case-others = 💬 { $who } a répondu au dossier { $number } :
case-gone = (Ce message a été supprimé avant d’être copié, ou Telegram n’en permet pas la copie, par exemple d’un message vocal si vous n’en acceptez pas.)
case-not-taken = Pas envoyé tel quel : Telegram n’admet pas ce message dans la conversation du client, qui refuse peut-être les messages vocaux. Envoyez un texte, une photo ou un fichier.
case-unreachable = Non envoyé : ce client a bloqué le bot.
case-closed = Le dossier { $number } est clos.
case-was-closed = Le dossier { $number } était déjà clos.
button-settled = ✓ Clore le dossier
button-case-answer = Répondre
topup-way = 👛 Recharger · { $way }
