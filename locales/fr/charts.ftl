# Images des chiffres, pour les opérateurs.
button-picture = 📈 Graphiques
chart-sales = Ventes
chart-sales-profit = Ventes et bénéfice
chart-outcomes = Fin des commandes
chart-best = Meilleures ventes
chart-hours = Heures d’affluence
chart-title = { $kind } · { $span }
chart-head = 📈 <b>{ $kind } · { $span }</b>
chart-total-sales = Ventes : { $sales }
chart-total-profit = Ventes : { $sales } · bénéfice : { $profit }
chart-total-orders = { $count ->
        [one] { $count } commande
       *[other] { $count } commandes
    }
chart-total-codes = { $count ->
        [one] { $count } code
       *[other] { $count } codes
    } · { $sales }
chart-unit-1 = en dinars
chart-unit-1000 = en milliers de dinars
chart-unit-1000000 = en millions de dinars
chart-note = { $unit } · { $step }
chart-step-hours = { $count ->
        [one] une barre par heure
       *[other] une barre toutes les { $count } heures
    }
chart-step-days = { $count ->
        [one] une barre par jour
       *[other] une barre tous les { $count } jours
    }
chart-step-months = { $count ->
        [one] une barre par mois
       *[other] une barre tous les { $count } mois
    }
chart-legend-sales = Ventes
chart-legend-profit = Bénéfice
chart-line = { $when } : { $sales }
chart-line-profit = { $when } : { $sales } · bénéfice : { $profit }
chart-change-today = Ventes { $change } par rapport à hier à la même heure
chart-change-7d = Ventes { $change } par rapport aux 7 jours précédents
chart-change-30d = Ventes { $change } par rapport aux 30 jours précédents
chart-change-profit = Bénéfice { $change }
chart-change-none = Aucune vente avant cette période : rien à comparer.
chart-outcome-fulfilled = Livrées
chart-outcome-partial = Livrées en partie
chart-outcome-refunded = Remboursées
chart-outcome-open = En cours
chart-outcome-ended = Annulées ou expirées
chart-row = { $label } : { $number }
chart-row-sold = { $label } : { $count } · { $sales }
chart-sold = { $count } · { $sales }
chart-others = Toutes les autres
chart-hours-note = commandes par jour et par heure
chart-hours-line = { $day } : { $count ->
        [one] { $count } commande, à { $hour }
       *[other] { $count } commandes, surtout à { $hour }
    }
chart-none = Rien à dessiner : il n’y a eu aucune commande pendant cette période.
chart-none-sold = Rien à dessiner : rien n’a été vendu pendant cette période.
chart-no-picture = Le graphique n’a pas pu être dessiné pour l’instant ; en voici les chiffres.
chart-no-package = Les graphiques demandent un paquet de plus sur la machine de la boutique : { $package }.
