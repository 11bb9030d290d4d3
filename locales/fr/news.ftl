# News: words of operators to many people, and what people choose about them.
news-title = 📣 <b>Annonces</b> à de nombreux clients
news-none = Rien n’a encore été envoyé.
news-running = Annonce { $id } : envoyée à { $tried } sur { $people }
news-ended = Annonce { $id } · { $date } · envoyée à { $sent }, injoignables : { $blocked }, refusée : { $failed }, incertain : { $unknown }
news-bought = Achats dans les 7 jours qui ont suivi : { $people ->
        [one] { $people } personne, { $amount }
       *[other] { $people } personnes, { $amount }
    }
button-news-new = ✏️ Écrire une annonce
button-news-draft = ✏️ Reprendre l’annonce { $id }
button-news-stop = ⏹ Arrêter l’annonce { $id }
news-ask = ✏️ Envoyez le texte en <b>{ $language }</b>, tel que les clients le liront.
news-ask-how = { $longest ->
        [one] Un caractère
       *[other] { $longest } caractères
    } au plus ; le gras et les liens sont conservés. Le texte peut être la légende d’une photo.
news-ask-skip = Sans texte en { $language }, les clients qui lisent cette langue ne recevront rien.
news-fault-empty = Ce n’était ni un texte ni une photo avec légende.
news-fault-album = C’était un album. Une seule photo peut être envoyée.
news-fault-bare = Cette photo n’a pas de texte. Envoyez-la avec le texte en légende.
news-fault-long = Ce texte est trop long.
news-fault-cut = Ce texte est trop long. Sa suite peut arriver dans d’autres messages, qui ne sont pas pris en compte.
news-fault-rest = C’est peut-être la suite du texte trop long ; elle n’a pas été prise en compte.
news-fault-photo = Telegram n’accepte pas cette photo. Envoyez-en une autre, ou seulement un texte.
news-fault-refused = Telegram n’accepte pas ce texte. Envoyez-le sans mise en forme.
news-ask-whole = Touchez le bouton, puis envoyez un texte de { $longest ->
        [one] { $longest } caractère
       *[other] { $longest } caractères
    } au plus.
button-news-whole = ✏️ Réécrire : { $language }
button-news-skip = Sans texte en { $language }
news-draft = 📣 <b>Annonce { $id }</b>
news-written = ✓ { $language }
news-with-photo = { " " }· avec une photo
news-unwritten = – { $language } : ces personnes ne reçoivent rien
news-for-all = Pour tout le monde
news-for-locale = Pour ceux qui lisent : { $language }
news-for-bought = Pour ceux qui ont acheté : { $what }
news-for-idle = Pour ceux qui n’ont rien acheté depuis 30 jours
news-for-above = Pour ceux dont le portefeuille dépasse { $amount }
news-with-button = Bouton : { $product }
button-news-text = ✏️ { $language }
button-news-who = 👥 Pour qui ?
button-news-product = 🛍️ Bouton vers un produit
button-news-card = 👁 Aperçu et envoi
button-news-drop = 🗑 Supprimer
news-who = 👥 <b>Annonce { $id }</b> : pour qui ?
news-who-two = Deux critères au plus à la fois.
button-news-all = Tout le monde
button-news-locale = { $language }
button-news-bought = Ont acheté…
button-news-idle = Rien acheté depuis 30 jours
button-news-above = Portefeuille au-dessus de…
button-news-chosen = ✓ { $what }
button-news-done = Terminé
news-ask-bought = Qu’ont-ils acheté ? Écrivez le nom d’un produit, ou choisissez une catégorie.
news-ask-button = Quel produit ouvre le bouton ? Écrivez son nom.
news-ask-above = Au-dessus de quel montant dans le portefeuille ? Par exemple : 1000
news-not-found = Aucun résultat. Écrivez un autre nom.
news-found = Lequel ?
button-news-found = { $product }
button-news-no-product = Sans bouton
news-card = 📣 <b>Annonce { $id }</b> · à { $people ->
        [one] { $people } personne
       *[other] { $people } personnes
    }
news-languages = Langues : { $list }
news-left-out = Exclus · ont refusé les annonces : { $refused } · injoignables : { $blocked } · bannis : { $banned } · en ont reçu une récemment : { $lately }
news-takes = Durée : { $minutes ->
        [one] environ { $minutes } minute
       *[other] environ { $minutes } minutes
    } ; les livraisons de codes passent avant. Vous pourrez l’arrêter.
news-waits = C’est la nuit : elle part à partir du { $date }.
news-verdict-changed = ⚠️ Le nombre de personnes a changé. Vérifiez, puis envoyez.
news-verdict-unseen = ⚠️ Voici ce qui partirait maintenant. Vérifiez, puis envoyez.
news-verdict-nobody = Personne ne la recevrait.
news-verdict-owner = Au-delà de { $limit ->
        [one] { $limit } personne
       *[other] { $limit } personnes
    }, un propriétaire l’envoie : il la trouve dans /news.
button-news-try = 👁 Me l’envoyer d’abord
button-news-go = 📣 Envoyer
button-news-edit = ✏️ Modifier
news-progress = 📣 <b>Annonce { $id }</b> : envoyée à { $tried } sur { $people }
news-unreachable = { " " }· injoignables : { $blocked }
news-done = ✓ <b>Annonce { $id }</b> envoyée.
news-stopped = ⏹ <b>Annonce { $id }</b> arrêtée.
news-result = Envoyée à { $sent } · injoignables : { $blocked } · refusée : { $failed } · incertain : { $unknown }
news-result-unknown = Incertain : elle est peut-être arrivée. Elle n’est pas renvoyée.
news-dropped = 🗑 Annonce { $id } jetée.
alert-news_refused = 📣 L’annonce { $news } a été arrêtée : Telegram n’accepte plus sa photo. { $count ->
        [0] Personne ne l’a reçue, et personne ne la recevra.
        [one] { $count } personne l’a reçue ; elle ne sera plus envoyée à personne.
       *[other] { $count } personnes l’ont reçue ; elle ne sera plus envoyée à personne.
    } Réécrivez-la avec /news, en renvoyant la photo.
toast-news-old-skip = Ce bouton date d’une étape précédente : rien n’a changé.
toast-news-tried = Envoyé.
button-no-news = 🔕 Ne plus recevoir d’annonces
button-news-again = 🔔 Recevoir les annonces
news-off = 🔕 Vous ne recevrez plus d’annonces de cette boutique. Vos commandes et vos codes continueront de vous parvenir.
news-on = 🔔 Vous recevez les annonces de cette boutique : { $most ->
        [one] un message
       *[other] { $most } messages
    } par semaine au plus.
action-news = { $date } · { $who } · annonce { $target } : { $after }
news-state-running = envoyée
news-state-stopped = arrêtée
news-state-dropped = jetée
job-news = envoi des annonces
menu-news = Écrire à de nombreux clients
action-count-news = { $count ->
        [one] À { $count } personne
       *[other] À { $count } personnes
    }
