"""Wallets: credits by operators, payment methods on offer, limits, and orders that wait for money."""
