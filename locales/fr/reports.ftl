# Quel fournisseur ne vend rien pour l’instant, et pourquoi.
attention-closed-balance = ⏸ { $supplier } : ventes suspendues faute de solde. Rechargez ; elles reprendront automatiquement.
attention-closed-access = ⏸ { $supplier } : ventes suspendues, le fournisseur refuse notre clé. Vérifiez-la.
