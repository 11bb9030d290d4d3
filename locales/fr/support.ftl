# The conversation between a customer and support: what the customer reads.
support-thread = Vos prochains messages iront aussi à l’assistance. Retour à la boutique : /shop
support-problem = 🆘 <b>Problème avec la commande { $number }</b>
    Votre prochain message ira à l’assistance : dites ce qui ne va pas, avec une photo si besoin.
    Ouvert par erreur ? /cancel
support-reopened = 🆘 Votre échange { $number } avec l’assistance est rouvert.
    Votre prochain message ira à l’assistance, texte ou photo.
support-reply-now = Écrivez maintenant votre réponse : elle ira à l’assistance, texte ou photo.
support-closed = ✓ L’assistance a clos votre échange { $number }.
    Il reste un problème ? Touchez « Rouvrir ».
support-ended = ✓ Vous avez clos votre échange { $number } avec l’assistance.
support-was-ended = Votre échange { $number } avec l’assistance était déjà clos.
support-kind = L’assistance ne peut pas recevoir ce type de message. Envoyez un texte, une photo, une vidéo, un message vocal ou un fichier.
support-too-many = Vous avez envoyé beaucoup de messages en peu de temps : celui-ci n’a pas été transmis. L’assistance a les précédents ; réécrivez dans quelques minutes.
support-once-a-day = Ce message n’a pas été transmis : vous pouvez écrire à l’assistance une fois par jour. Elle a le précédent.
button-reopen = Rouvrir
button-solved = ✓ C’est réglé
button-tell-support = 🆘 Envoyer ce message à l’assistance
# What operators read.
support-case-order = Au sujet de la commande : { $icon } { $number } · { $state }
support-solved = ✓ Le client { $id } a clos le dossier { $number } : réglé.
