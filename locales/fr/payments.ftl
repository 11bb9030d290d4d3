# Payer : côté client.
topup = 👛 <b>Recharger</b>
    Comment souhaitez-vous payer ?
topup-amount = 👛 Recharger · { $way }
    Combien ?
topup-type = 👛 Recharger · { $way }
    Écrivez le montant en dinars, pas en centimes, par exemple { $example }.
topup-limits = De { $least } à { $most }
topup-refused = Écrivez un montant en dinars, de { $least } à { $most }, par exemple { $example }.
topup-large = Est-ce bien le montant voulu ? Si vous avez compté en centimes, c’est { $smaller }.
button-amount-smaller = Non, { $amount }
other-refused = Écrivez le montant reçu pour { $reference }, en dinars, par exemple { $example }.
way-transfer = virement
way-ocpay = carte bancaire
way-stars = Telegram Stars
button-topup = ➕ Recharger
button-pay-transfer = 🏦 Virement (CCP, BaridiMob)
button-pay-ocpay = 💳 Carte (CIB, Edahabia)
button-pay-stars = ⭐ Telegram Stars
button-amount = Autre montant
button-stars = { $amount } · ⭐ { $stars }
transfer = 🏦 Payez <b>{ $amount }</b> par virement
transfer-reference = Indiquez ce motif : <b>{ $reference }</b>
transfer-receipt = Envoyez ensuite ici une photo du reçu ; l’assistance la vérifie et recharge votre portefeuille.
button-copy-number = 📋 { $text }
card = 💳 Payez <b>{ $amount }</b> par carte bancaire
card-until = La page reste ouverte { $minutes ->
        [one] encore une minute
       *[other] encore { $minutes } minutes
    }. Revenez quand vous avez payé ; nous vérifions aussi de nous-mêmes.
button-card = Payer
button-paid = J’ai payé
bill = ⭐ La facture est ci-dessous : <b>{ $stars }</b> Stars apportent { $amount } à votre portefeuille.
    Elle peut être payée pendant une heure.
invoice-title = Recharge { $reference }
invoice-description = { $amount } pour votre portefeuille dans cette boutique.
invoice-label = Recharge
toast-not-yet = Rien n’est encore arrivé. Un paiement peut prendre une minute ; nous surveillons et vous écrirons.
toast-paid = C’est arrivé. Merci !
toast-held = L’assistance examine ce paiement. Rien n’est perdu.
toast-expired = Cette page est fermée. Si vous avez payé, nous le verrons ; sinon, appuyez à nouveau sur Payer.
paid-credited = ✅ <b>{ $amount }</b> sont arrivés. Votre portefeuille contient { $wallet }.
paid-went-on = La commande { $number } est payée et suit son cours.
paid-lacking = Il manque encore <b>{ $missing }</b> à la commande { $number }.
paid-late = La commande { $number } était déjà close ; l’argent est dans votre portefeuille.
paid-held = 🛠️ Votre paiement de { $amount } doit être vérifié par l’assistance. Rien n’est perdu ; nous vous écrirons.
paid-expired = ✖️ Le paiement de { $amount } n’a pas été fait à temps. Rien n’a été débité.
    Si vous avez tout de même payé, l’argent arrivera de lui-même dans votre portefeuille.
paid-rejected = ✖️ L’assistance n’a pas trouvé votre paiement de { $amount } ({ $reference }).
paid-returned = ↩️ Votre paiement de { $amount } ({ $reference }) a été remboursé. Votre portefeuille contient { $wallet }.
paid-order = C’était pour la commande { $number }.
rejected-not_received = L’argent n’est pas arrivé.
rejected-unreadable = Le reçu est illisible.
rejected-used = Ce reçu a déjà servi pour un autre paiement.
rejected-other = L’assistance écrit : { $words }
rejected-again = Vous pouvez envoyer un autre reçu ici, ou écrire à /paysupport.
receipt-came = 🧾 L’assistance a votre reçu pour <b>{ $reference }</b>. Nous vous écrirons dès qu’il aura été vérifié.
album-part = De votre album, seules les images et les fichiers ont été pris.
button-order = 📦 Commande { $number }
# Ce que les opérateurs décident.
payment = 🧾 <b>{ $reference }</b> · { $way } · <b>{ $amount }</b>
payment-who = Client { $id }
payment-order = Pour la commande { $number }
payment-state = État : { $state }
payment-doubt = 🛠️ { $doubt }
payment-came = Arrivé : { $amount }
payment-stars = ⭐ { $stars }
payment-external = 🏭 { $id }
payment-begun = Commencé le { $date }
payment-decided = Décidé par { $id }
payment-state-open = attend le client
payment-state-review = reçu à vérifier
payment-state-held = à décider
payment-state-credited = dans le portefeuille
payment-state-rejected = refusé
payment-state-expired = non payé
payment-state-returning = en cours de remboursement
payment-state-returned = remboursé
doubt-amount = Le montant arrivé n’est pas celui demandé.
doubt-sandbox = Argent de test, ou personne ne dit qu’il est réel.
doubt-reference = La réponse du prestataire parle d’un autre paiement.
doubt-details = Le prestataire dit payé, mais pas combien.
doubt-unclaimed = Telegram liste ces Stars, et aucun message ne les a annoncées.
receipt-seen = ⚠️ Ce même reçu a été envoyé pour { $reference } de { $id } : { $state }
button-accept = ✓ Accepter { $amount }
button-other = Autre montant
button-reject = Refuser
button-payment = Examiner
payments = 🧾 <b>À décider : { $count }</b>
payments-none = 🧾 Rien à décider. Les plus récents :
payments-button = { $reference } · { $amount } · { $state }
reject-why = Pourquoi refuser { $reference } ? Le client le lira.
reject-not_received = Rien n’est arrivé
reject-unreadable = Le reçu est illisible
reject-used = Reçu d’un autre paiement
reject-other = Avec mes propres mots
other-amount = Combien est arrivé pour { $reference } ? Écrivez-le en dinars, pas en centimes.
other-reason = Pourquoi refuser { $reference } ? Le client lira ce que vous écrivez.
decided-accepted = ✓ { $reference } : <b>{ $amount }</b> sont dans le portefeuille de { $id }.
decided-rejected = ✖️ { $reference } a été refusé ; { $id } est prévenu.
decided-already = { $reference } a déjà été décidé, par { $id } : { $state }
button-return = ↩️ Rendre les Stars
return-ask = ↩️ { $reference } : retirer { $amount } du portefeuille et rendre ⭐ { $stars } ?
button-return-yes = Rendre ⭐ { $stars }
return-done = ↩️ { $reference } : { $amount } ont quitté le portefeuille, et les Stars sont rendues.
return-later = ↩️ { $reference } : { $amount } ont quitté le portefeuille. Telegram ne répond pas ; nous redemandons jusqu’à sa réponse.
return-refused = ✖️ { $reference } : Telegram ne rend pas ce paiement. L’argent est de nouveau dans le portefeuille.
button-leave = Laisser
left-alone = Rien n’a été changé.
amount-large = <b>{ $amount }</b> : { $dinars } ({ $centimes } centimes).
amount-and-centimes = { $dinars } et { $centimes ->
        [one] un centime
       *[other] { $centimes } centimes
    }
credit-ask = Ajouter ce montant au portefeuille de { $id } ?
debit-ask = Retirer ce montant du portefeuille de { $id } ?
accept-asked = Le montant demandé pour { $reference } était : { $amount }.
button-credit-yes = Oui, { $amount }
actions = 📒 <b>Argent déplacé par les opérateurs</b>
actions-none = 📒 Aucun opérateur n’a encore déplacé d’argent.
action-credit = { $date } · { $who } · crédit à { $target } · { $amount }
action-refund = { $date } · { $who } · remboursé, commande { $target } · { $amount }
action-compensation = { $date } · { $who } · dédommagement, commande { $target } · { $amount }
action-payment = { $date } · { $who } · accepté { $target } · { $amount }
action-reject = { $date } · { $who } · refusé { $target }
action-payback = { $date } · { $who } · rendu { $target } · { $amount }
action-note = « { $note } »
method-on = ✓ { $way } : proposé de nouveau. Si la cause demeure, ce sera coupé au prochain essai.
method-was-on = { $way } était déjà proposé.
button-method = Proposer de nouveau
alert-method_off = 🚫 { $method } : le prestataire n’accepte pas de paiements pour cette boutique ({ $code }). Ce n’est plus proposé à personne.
    Pour les cartes : le profil marchand doit être validé. Appuyez ensuite.
alert-payment_held = 🛠️ { $payment } ({ $method }) de { $user } : { $paid } seraient arrivés, { $asked } étaient demandés. { $doubt }
    Aucun portefeuille n’a été rechargé. Examinez et décidez.
alert-payment_taken_back = ↩️ { $payment } : Telegram a rendu { $paid } à { $user } sans la boutique. Perdu, car dépensé : { $lost }
alert-payback_failed = ↩️ { $payment } : { $paid } n’ont pas pu être rendus ({ $code }). L’argent est de nouveau dans le portefeuille.
attention-payments = 🧾 Paiements à décider : { $count } · /payments
attention-cases = 🆘 Clients qui attendent une réponse : { $count }
audit-payments = paiements
audit-stars = Stars de Telegram
menu-payments = Paiements et reçus
menu-actions = Ce que les opérateurs ont déplacé
# Assistance.
case = 🆘 <b>Dossier { $number }</b> · client { $id }
case-order = Dernière commande : { $icon } { $number } · { $state }
case-reply = Répondez à ce qui suit pour lui écrire.
case-passed = ✓ L’assistance a votre message (dossier { $number }). La réponse arrivera ici.
case-kept = Votre dossier { $number } est ouvert. L’assistance est injoignable pour le moment : votre message lui sera transmis dès que possible.
case-kind = L’assistance prend les textes, les images et les fichiers. Envoyez l’un d’eux.
case-answer = 💬 <b>Assistance</b> · dossier { $number }
case-sent = ✓ Envoyé à { $id } (dossier { $number }).
case-others = 💬 { $who } a répondu au dossier { $number } :
case-gone = (Ce message a été supprimé avant d’être copié, ou Telegram n’en permet pas la copie.)
case-unreachable = Ce client a bloqué le bot : la réponse n’a pas pu être envoyée.
case-closed = Le dossier { $number } est réglé.
case-was-closed = Le dossier { $number } était déjà réglé.
button-settled = ✓ Réglé
button-case-more = Ajouter
button-case-answer = Répondre
