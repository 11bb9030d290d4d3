"""Payments into wallets: top-ups, crediting, receipts, refunds, reconciliation of Stars."""
