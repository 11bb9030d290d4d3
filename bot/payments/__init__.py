"""Adapters for the payment methods, each behind the PaymentMethod port."""
