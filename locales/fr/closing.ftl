# The day's closing, for operators.
job-closing = le bilan du jour
closing = 🌙 <b>{ $date }</b>, la journée en chiffres
closing-orders = { $orders ->
        [0] Aucune commande
        [one] { $orders } commande
       *[other] { $orders } commandes
    } · { $codes ->
        [0] aucun code livré
        [one] { $codes } code livré
       *[other] { $codes } codes livrés
    }
closing-sales = Ventes : <b>{ $sales }</b>
closing-earned = Bénéfice : <b>{ $profit }</b> · coût : { $cost }
closing-returned = Remboursé : { $returned }
closing-held = Réservé : { $held } · { $count ->
        [0] aucune commande n’attend ses codes
        [one] { $count } commande attend ses codes
       *[other] { $count } commandes attendent leurs codes
    }
closing-waiting = 🛠️ <b>À décider</b> · /attention
closing-waiting-orders = { $count ->
        [one] { $count } commande
       *[other] { $count } commandes
    }
closing-waiting-others = { $count ->
        [one] { $count } autre point
       *[other] { $count } autres points
    }
closing-days = 🏦 { $supplier } : { $days ->
        [0] le solde suffit pour moins d’un jour
        [one] le solde suffit pour environ un jour
       *[other] le solde suffit pour environ { $days } jours
    }
