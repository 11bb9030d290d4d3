"""Wallets: credits by operators, payment methods on offer, limits, and unpaid orders."""
