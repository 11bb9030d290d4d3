# Chargily Pay, et ce qui vaut pour toute page de carte.
way-chargily = carte (Chargily Pay)
button-pay-chargily = 💳 Carte (Chargily Pay)
card-ceiling = ⚠️ Au-delà de { $ceiling }, une carte peut être refusée sans explication : chaque banque fixe son plafond.
card-ceiling-now = ⚠️ Votre carte a peut-être un plafond plus bas. Si elle est refusée, choisissez un montant moins élevé.
payment-fee = Frais : { $fee }
doubt-listed = La liste du prestataire de paiement l’indique comme payé, mais sa réponse sur ce paiement ne le confirme pas.
audit-provider = paiements du prestataire
stats-fees = Frais prélevés par les prestataires de paiement : { $fee }. Ils ne sont pas déduits du bénéfice.
method-off-chargily = Vérifiez CHARGILY_SECRET_KEY et CHARGILY_BASE_URL, et que Chargily a approuvé votre dossier et votre application.
