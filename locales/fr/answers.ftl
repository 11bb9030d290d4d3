# Typed answers: what is asked back, and what the refusals of questions say.
button-stop = ✖️ Annuler
button-dinars = { $amount }
button-in-centimes = { $amount } ({ $centimes ->
    [one] { $centimes } centime
   *[other] { $centimes } centimes
})
answer-centimes = Votre montant en centimes fait { $amount }. Est-ce bien cela ?
answer-if-centimes = Si vous comptiez en centimes, cela fait { $amount }.
reason-refused = Écrivez la raison sous forme de texte ({ $longest ->
        [one] un caractère
       *[other] { $longest } caractères
    } au plus). Le client la lira.
