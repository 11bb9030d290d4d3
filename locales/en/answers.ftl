# Typed answers: what is asked back, and what the refusals of questions say.
button-stop = ✖️ Cancel
button-dinars = { $amount }
button-in-centimes = { $amount } ({ $centimes ->
    [one] one centime
   *[other] { $centimes } centimes
})
answer-centimes = In dinars, that’s { $amount }. Is that what you want?
answer-if-centimes = If you meant centimes, that’s { $amount }.
reason-refused = Type the reason in words, up to { $longest ->
        [one] one character
       *[other] { $longest } characters
    }. The customer will see it.
