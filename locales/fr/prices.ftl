# Les tableaux de prix, pour les opérateurs.
menu-prices = Tableaux de prix
rule-percent = { $percent }%
rule-and-values = { $rule }, { $count ->
        [one] { $count } valeur au prix fixé à part
       *[other] { $count } valeurs au prix fixé à part
    }
prices = 💲 <b>Prix</b> : en général, coût + { $rule }
prices-usage =
    /prices p12 · le tableau d’un produit
    /prices netflix · chercher un produit
    /prices sous 5 · ce qui rapporte moins de 5% du coût
prices-which = Lequel ?
prices-nothing = Rien trouvé. Essayez un autre nom, ou un numéro comme /prices p12.
price-title = 💲 <b>{ $name }</b> · { $target }
price-hidden = 🙈 Masqué : personne ne peut l’acheter. Ces prix compteront dès que vous l’afficherez.
price-rule = Actuellement : coût + { $rule }
price-rule-draft = Actuellement : coût + { $rule } · <b>nouveau : { $proposed }</b>
price-used = ✓ En vigueur : coût + { $rule }
price-inherited = Règle héritée de la catégorie ou de la boutique.
price-of-shop = C’est la règle de la boutique.
price-no-values = Aucun coût connu pour le moment : ouvrez une fois le produit dans la boutique, ses prix seront demandés.
price-no-values-hidden = Aucun coût connu pour le moment : ses prix seront demandés quand vous l’aurez affiché et que quelqu’un l’ouvrira dans la boutique.
price-value = valeur
price-cost = coût
price-now = actuel
price-draft = nouveau
price-margin = marge
price-price = prix
price-percent = %
price-mark-fixed = { $mark } prix fixe
price-mark-beaten = { $mark } le prix fixe ne couvre pas le coût : le coût et la marge minimale décident
price-mark-floor = { $mark } a un prix minimum
price-mark-own = { $mark } a sa propre règle (/markup)
price-mark-hidden = { $mark } masqué : personne ne peut l’acheter
button-price-down = −1%
button-price-up = +1%
button-price-type = Autre…
button-price-fixed = Prix fixe
button-price-floor = Prix minimum
button-price-use = Appliquer
button-price-undo = ↶ La règle d’avant
button-price-table = 💲 Retour au tableau
button-price-open = { $name }
button-price-hidden = { $name } · masqué
button-price-category = { $name } · { $rule }
button-price-value = { $name } · { $amount }
price-which-fixed = <b>{ $name }</b> : quelle valeur aura un prix fixe ?
price-which-floor = <b>{ $name }</b> : quelle valeur aura un prix minimum ?
price-ask-rule = <b>{ $name }</b> : saisissez le pourcentage, par exemple 7,5. 5 20 signifie 5% et 20 DA de plus. off signifie : comme sa catégorie ou la boutique.
price-ask-fixed = <b>{ $name }</b> · { $value } : saisissez son prix fixe en dinars. Il reste le même quelle que soit la règle.
price-ask-floor = <b>{ $name }</b> · { $value } : saisissez son prix minimum en dinars. Cette valeur n’est jamais vendue moins cher.
price-ask-figures = Coût pour nous : { $cost } ; nouveau prix : { $price }.
price-ask-off = off supprime ce qui est fixé.
price-unreadable = Je n’arrive pas à lire ce nombre.
prices-below = 🔻 { $count ->
        [one] <b>{ $count } valeur</b> rapporte
       *[other] <b>{ $count } valeurs</b> rapportent
    } moins de { $percent }% du coût
prices-below-hidden = Sans les compter, à la fin de la liste : { $count ->
        [one] { $count } valeur d’un produit masqué.
       *[other] { $count } valeurs de produits masqués.
    }
prices-below-none = ✓ Rien ne rapporte moins de { $percent }% du coût.
refused-prices-changed = Quelqu’un d’autre a changé ces prix entre-temps : rien n’a été enregistré. Voici le tableau tel qu’il est maintenant.
refused-price-move = Non enregistré : les gérants, tous ensemble, peuvent changer un prix de { $percent }% par jour. Pour plus, demandez à un propriétaire.
alert-fixed_below_cost = 💸 { $product } ({ $target }) · { $label } : son prix fixe de { $fixed } ne couvre plus le coût de { $cost }. Tant que vous ne le changez pas, la vente se fait au coût plus la marge minimale : /prices { $target }
job-prices = la surveillance des règles de prix
action-prices = { $date } · { $who } · prix de { $target } : { $before } → { $after }
action-import = { $date } · { $who } · un fichier a modifié le catalogue
action-count-import = { $count ->
        [one] { $count } cellule modifiée
       *[other] { $count } cellules modifiées
    }
