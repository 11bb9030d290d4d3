# After the codes: how to redeem them, what to do when one is refused, and the summary of an order.
how = 🎁 <b>Utiliser votre code</b> · { $product }
how-any-open = Ouvrez le site ou l’application de la marque et connectez-vous à votre compte.
how-any-find = Cherchez « Utiliser un code » ou « Carte cadeau » dans le menu de votre compte.
how-any-paste = Copiez le code depuis notre message, collez-le et validez.
how-any-fails = Le code est-il copié en entier, sans espaces, et votre compte est-il du pays et de la devise indiqués par la carte ?
how-dial = À composer : <b>{ $dial }</b>
problem = ⚠️ <b>Problème avec un code</b> · commande { $number }
problem-check = Vérifiez d’abord ce point, la cause la plus fréquente :
problem-then = Toujours refusé ? Écrivez à l’assistance : cette commande sera jointe, inutile d’envoyer le code.
button-how = 🎁 Mode d’emploi
button-problem = ⚠️ Un problème ?
button-ask-support = 🆘 Écrire à l’assistance
button-brand = 🔗 Ouvrir { $brand }
button-summary = 🧾 Récapitulatif
summary = 🧾 <b>Récapitulatif de la commande { $number }</b>
summary-date = Payée le { $date }
summary-total = { $count } × { $unit } = <b>{ $total }</b>
summary-wallet = Moyen de paiement : votre portefeuille
summary-topped-up = Moyen de paiement : votre portefeuille, rechargé de { $amount } ({ $way })
summary-delivered = Livré : { $came } sur { $count }
summary-held = Réservé jusqu’à la décision de l’assistance : { $held }
# Before buying: on which accounts a code works.
rule-country = ⚠️ Uniquement pour les comptes de ce pays : <b>{ $region }</b>
rule-currency = ⚠️ Uniquement pour les comptes qui utilisent la devise de cette région : <b>{ $region }</b>
rule-server = ⚠️ Uniquement pour les comptes de jeu de cette région : <b>{ $region }</b>
rule-marketplace = ⚠️ Uniquement dans la boutique en ligne de ce pays : <b>{ $region }</b>
rule-zone = ⚠️ Uniquement dans cette région : <b>{ $region }</b>
rule-line = ⚠️ Uniquement pour une ligne { $brand } prépayée
# What operators read of the order of a case.
support-order-date = Commandée le { $date }
