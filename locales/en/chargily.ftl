# Chargily Pay, and what is true of any card page.
way-chargily = card (Chargily Pay)
button-pay-chargily = 💳 Card (Chargily Pay)
card-ceiling = ⚠️ Above { $ceiling }, your bank may refuse the card without saying why: each bank sets its own limit.
card-ceiling-now = ⚠️ Your card may have a lower limit. If it’s refused, choose a smaller amount.
payment-fee = Fee: { $fee }
doubt-listed = The payment provider’s list shows it as paid, but its answer about this payment doesn’t.
audit-provider = payment provider’s list
stats-fees = Fees kept by payment providers: { $fee }. They are not deducted from the profit.
method-off-chargily = Check CHARGILY_SECRET_KEY and CHARGILY_BASE_URL, and that Chargily has approved your account and application.
