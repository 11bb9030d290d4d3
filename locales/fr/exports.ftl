# Le fichier d’un mois pour le comptable.
export-ask = 📁 <b>{ $month }</b> : { $count ->
        [0] aucune commande
        [one] { $count } commande
       *[other] { $count } commandes
    }, 3 feuilles et un résumé.
export-holds = Contient des identifiants de clients et des montants, mais aucun code. Toute personne qui a le fichier peut le lire.
button-export-send = Envoyer
button-export-leave = Ne rien faire
export-making = 📁 Préparation du fichier de { $month }…
export-caption = 📁 { $month } : commandes, grand livre, paiements et résumé. Les comptes sont justes.
export-left = Aucun fichier n’a été préparé.
export-failed = Le fichier de { $month } n’a pas pu être préparé. Sur la machine de la boutique : { $command }
export-not-tied = ✗ Pas de fichier de { $month } : les comptes ne sont pas justes. /audit cherche plus loin.
export-difference = · { $difference }
action-export = { $date } · { $who } · fichier de { $target }
menu-export = Mois pour le comptable
refused-month = Le mois { $month } n’est pas fini. Ses comptes sont clos une heure après sa fin.
