# Le stock propre de la boutique, pour les opérateurs.
menu-stock = vos codes : charger, vendre, retirer
stock-title = 📦 <b>Votre stock</b>
stock-off = Vos codes ne sont pas encore en vente : ajoutez « own » à SUPPLIERS et redémarrez la boutique.
stock-empty = Rien pour l’instant. Ajoutez un produit, puis chargez ses codes.
stock-value = <b>{ $product } · { $value }</b> : { $left ->
        [0] plus aucun code
        [one] { $left } code restant
       *[other] { $left } codes restants
    }
stock-value-cost = Coût unitaire : { $cost }
stock-value-end = Le premier expire le { $date }
stock-batch = Lot { $id } · reste { $left } sur { $count } · { $cost } l’unité
stock-batch-draft = Lot { $id } · pas encore en vente · codes : { $count } · { $cost } l’unité
stock-batch-held = Lot { $id } · issu d’une sauvegarde, hors vente · codes : { $count } · { $cost } l’unité
stock-ask-names = Envoyez trois lignes : catégorie, produit, valeur. Par exemple :
stock-names-codes = On dirait des codes, je ne les ai donc pas enregistrés : toute l’équipe lit les noms des produits. Si ce sont bien des noms, mettez des espaces à la place des tirets, ou entre les mots et les chiffres, ou utilisez « hanout stock add » sur la machine de la boutique.
stock-names-wrong = Envoyez exactement trois lignes de 60 caractères au plus : catégorie, produit, valeur. Par exemple :
stock-example = { $text }
stock-ask-cost = { $product } · { $value } : combien un code vous a-t-il coûté, en dinars ?
stock-cost-wrong = Il me faut un montant en dinars, par exemple 1240.
stock-ask-codes = Envoyez un fichier .txt ou .csv, ou collez les codes, un par ligne. S’il y a des colonnes, la première ligne les nomme :
stock-ask-codes-deleted = Je supprime votre message aussitôt. Il sera tout de même passé par les serveurs de Telegram ; pour de grosses valeurs, utilisez « hanout stock load » sur la machine de la boutique.
stock-loaded = 📥 <b>Lot { $id }</b> · { $product } · { $value }
stock-draft = Rien n’est encore en vente.
stock-held = ⚠️ Ce lot vient d’une sauvegarde : les codes vendus après la sauvegarde y paraissent invendus. Ne le mettez en vente que s’il est sûr qu’aucun n’a été vendu depuis. Si vous l’abandonnez, ses codes ne pourront plus être chargés.
stock-good = { $count ->
        [one] { $count } code valable
       *[other] { $count } codes valables
    }
stock-refusals = { $known } déjà présents · { $twice } en double dans ce lot · { $unreadable } illisibles · { $expired } trop près de leur fin
stock-line = Première ligne illisible : { $line }
stock-cost = { $cost } l’unité = { $total }
stock-ends = Expiration : du { $first } au { $last }
stock-hints = Premier et dernier : { $hints }
stock-nothing = Aucun code n’a été chargé.
stock-delete-yourself = ⚠️ Supprimez votre message vous-même, je n’ai pas pu le faire.
stock-on-sale = ✓ Le lot { $id } est en vente.
stock-discarded = ✓ Le lot { $id } est abandonné ; ses codes sont effacés ici.
stock-discarded-held = Il venait d’une sauvegarde : ses codes ne peuvent plus être chargés.
stock-withdraw-ask = Retirer le lot { $id } ({ $product } · { $value }) ? { $left ->
        [0] Aucun de ses { $count } codes n’est invendu.
        [one] { $left } code invendu sur { $count } sera effacé ici.
       *[other] { $left } codes invendus sur { $count } seront effacés ici.
    } Ce qui est vendu reste.
stock-withdrawn = ✓ Le lot { $id } est retiré. Invendus, effacés ici : { $left }. Vendus, qui restent : { $sold }.
stock-looked-like-codes = Votre message ressemble à une liste de codes. Si c’était autre chose, écrivez-le autrement.
stock-open-first = Ouvrez d’abord /stock, puis envoyez-y les codes. Je n’en ai enregistré aucun et j’ai supprimé votre message.
stock-open-first-kept = Ouvrez d’abord /stock, puis envoyez-y les codes. Je n’en ai enregistré aucun.
stock-fault-spreadsheet = C’est un classeur, et les tableurs raccourcissent les longs nombres. Envoyez la liste en .txt ou .csv, prise à la source des codes.
stock-fault-not_text = Ce n’est pas du texte. Envoyez un fichier .txt ou .csv en UTF-8.
stock-fault-too_large = Le fichier dépasse 1 Mo. Envoyez-le en plusieurs parties.
stock-fault-too_many = Plus de 5 000 codes à la fois. Envoyez-les en plusieurs parties.
stock-fault-no_header = La première ligne doit nommer les colonnes :
stock-fault-shortened = La ligne { $line } semble avoir été raccourcie par un tableur. Prenez le fichier à la source des codes. Des codes d’une autre longueur forment un lot à part.
stock-fault-quoted = La ligne { $line } a des guillemets ou des apostrophes qui ne semblent pas faire partie du code. Retirez-les ; si ce sont ceux d’un fichier CSV, nommez ses colonnes sur la première ligne.
stock-fault-extra = La ligne { $line } semble contenir autre chose qu’un code : un numéro, un mot, des parenthèses ou des signes d’une page web. Envoyez les codes seuls, un par ligne.
stock-fault-foreign = La ligne { $line } a des lettres, des chiffres ou des signes que personne ne tape pour un code, comme Ａ au lieu de A. Prenez le fichier à la source des codes.
stock-fault-date = La date de la ligne { $line } est illisible. Écrivez-la comme 2026-12-31.
stock-fault-either_date = La date de la ligne { $line } peut se lire avec le jour ou le mois en premier, et aucune autre ne montre lequel. Écrivez-les toutes comme 2026-12-31.
stock-fault-empty = Il n’y a aucun code dedans.
stock-fault-formatted = L’application Telegram a pris des signes comme ** ou __ pour une mise en forme et les a retirés. Envoyez les codes en fichier.
stock-fault-long = Telegram découpe un texte aussi long en plusieurs messages. Envoyez les codes en fichier.
stock-fault-no_codes = Envoyez un seul fichier .txt ou .csv, ou collez les codes en texte.
stock-fault-key_missing = La boutique tourne sans la clé avec laquelle des codes ont été rechiffrés. Redémarrez-la avec les nouvelles HANOUT_KEYS, puis renvoyez-les.
stock-nothing-stored = Rien n’a été enregistré. Renvoyez les codes, ou touchez « Retour ».
button-stock-value = { $product } · { $value } ({ $left })
button-stock-add = ➕ Ajouter un produit
button-stock-remove = Supprimer cette valeur
button-stock-load = 📥 Charger des codes
button-stock-sell = Mettre en vente
button-stock-discard = Abandonner
button-stock-withdraw = Retirer le lot { $id }
button-stock-withdraw-yes = Retirer et effacer
alert-stock_low = 📦 { $product } · { $label } : { $count ->
        [0] plus aucun de vos codes en stock
        [one] il reste { $count } de vos codes en stock
       *[other] il reste { $count } de vos codes en stock
    }. Chargez-en d’autres avec /stock.
alert-stock_ending = ⌛ Lot { $batch } de votre stock : { $count ->
        [one] { $count } code est trop près de sa fin et n’est plus vendu
       *[other] { $count } codes sont trop près de leur fin et ne sont plus vendus
    }. Voyez /stock.
alert-stock_set_aside = 🧯 Lot { $batch } de votre stock : { $count ->
        [one] { $count } code mis
       *[other] { $count } codes mis
    } de côté, parce qu’un autre fournisseur a vendu le même code ou qu’il ne se déchiffre pas. Personne ne le reçoit.
alert-stock_held = 📦 La boutique vient d’une sauvegarde ; { $count ->
        [one] { $count } lot de vos codes est hors vente
       *[other] { $count } lots de vos codes sont hors vente
    } : les codes vendus après la sauvegarde y paraissent invendus. Voyez /stock, et ne remettez en vente que ce qui n’a sûrement pas été vendu depuis.
alert-staff = 👥 { $count ->
        [one] { $count } personne de l’équipe n’a plus aucun droit
       *[other] { $count } personnes de l’équipe n’ont plus aucun droit
    } : la sauvegarde ramène aussi qui a été retiré depuis. Nommez de nouveau, avec /team, qui travaille encore ici.
job-stock = surveillance de votre stock
audit-stock = stock de la boutique
refused-name = Un nom compte de 1 à { $longest } caractères visibles.
refused-codes = Ces codes ne peuvent pas être chargés.
action-stock = { $date } · { $who } · lot { $target } : { $after } · { $amount }
action-stock-loaded = { $count ->
        [0] aucun code chargé
        [one] { $count } code chargé
       *[other] { $count } codes chargés
    }
action-stock-on_sale = { $count ->
        [one] { $count } code mis en vente
       *[other] { $count } codes mis en vente
    }
action-stock-discarded = { $count ->
        [one] abandonné, { $count } code effacé
       *[other] abandonné, { $count } codes effacés
    }
action-stock-withdrawn = { $count ->
        [one] retiré, { $count } code effacé
       *[other] retiré, { $count } codes effacés
    }
